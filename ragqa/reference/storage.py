"""A trained classifier as one safetensors file: numbers and sizes, nothing that runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from ragqa.errors import RagqaError
from ragqa.files import replacing

if TYPE_CHECKING:
    from ragqa.reference.classifier import Classifier

FORMAT = "ragqa-classifier-1"


def save(classifier: Classifier, path: Path) -> None:
    """Write weights as `layer.NUMBER.weights|bias`, sizes and seed as metadata."""
    from safetensors.torch import save_file

    tensors = {}
    for number, layer in enumerate(classifier.network.layers):
        # Copies, because the layers are views of one tensor and safetensors wants them apart.
        tensors[f"layer.{number}.weights"] = layer.weights.cpu().clone()
        tensors[f"layer.{number}.bias"] = layer.bias.cpu().clone()
    about = {"sizes": list(classifier.network.sizes), "seed": classifier.seed}
    with replacing(path) as temporary:
        save_file(tensors, temporary, {"format": FORMAT, "classifier": json.dumps(about)})


def load(path: Path, device: str) -> Classifier:
    """Read what `save` wrote. Raises RagqaError for anything else."""
    from safetensors import SafetensorError, safe_open

    from ragqa.reference.classifier import Classifier

    refusal = RagqaError(f"{path} is not a classifier saved by ragqa; train and save it again.")
    if not path.is_file():
        raise RagqaError(f"There is no file {path}.")
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            if metadata.get("format") != FORMAT:
                raise refusal
            about = json.loads(metadata["classifier"])
            first, *hidden, last = (int(size) for size in about["sizes"])
            weights = file.get_tensor("layer.0.weights")
            loaded = Classifier(first, last, hidden, int(about["seed"]), device, weights.dtype)
            for number, layer in enumerate(loaded.network.layers):
                for name, place in (("weights", layer.weights), ("bias", layer.bias)):
                    kept = file.get_tensor(f"layer.{number}.{name}")
                    # `copy_` would spread a smaller tensor over the whole layer.
                    if kept.shape != place.shape:
                        raise refusal
                    place.copy_(kept)
    except (SafetensorError, KeyError, ValueError, TypeError, RuntimeError) as error:
        raise refusal from error
    return loaded
