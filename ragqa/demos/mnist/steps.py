"""What a teacher says about the numbers of the image demos."""

from __future__ import annotations

from typing import Any

from ragqa.demos.demo import Step
from ragqa.demos.mnist.three_layers import WAYS
from ragqa.demos.tables import table

INKS = " .:-=+*#%@"
"""From black to white, for a picture made of letters."""


def steps(numbers: dict[str, Any]) -> tuple[Step, ...]:
    """The steps in the order in which they are told."""
    return (
        _images(numbers),
        _split(numbers),
        _network(numbers),
        _history(numbers["history"]),
        _accuracy(numbers),
        _example(numbers),
        _confusions(numbers),
        _mistakes(numbers["mistakes"]),
        _stable(numbers["three_layers"]),
        _training(numbers["three_layers"]),
    )


def _images(numbers: dict[str, Any]) -> Step:
    data = numbers["data"]
    missing = numbers["demo"] == "fashion" and data["name"] == "digits"
    instead = (
        "Fashion-MNIST does not come with ragqa: add --full to download it once (30 MB), or "
        "--data-dir FOLDER with its four IDX files. Meanwhile the same is shown on digits.\n"
    )
    text = (
        f"{instead if missing else ''}{data['source']}\nEach is {data['height']} × "
        f"{data['width']} pixels, grey; their values are divided by the brightest and so lie "
        f"from 0 to 1.\nThe classes: {', '.join(data['classes'])}."
    )
    return Step(f"The images: {data['title']}", text)


def _split(numbers: dict[str, Any]) -> Step:
    data, learnt_by_heart = numbers["data"], numbers["memorised"]
    text = (
        f"{data['division']}\n\nWhy? Because what a network has seen it may simply remember. "
        f"Shown {learnt_by_heart['images']} training images again and again, a network knows "
        f"{learnt_by_heart['training']:.1%} of those, but {learnt_by_heart['test']:.1%} of the "
        "test images. Only the second number tells how it will do on new ones."
    )
    return Step("To learn from, and to judge by", text)


def _network(numbers: dict[str, Any]) -> Step:
    network = numbers["network"]
    inputs, hidden, outputs = network["sizes"]
    gentle = (
        f", then {network['gentle_epochs']} at a tenth of it" if network["gentle_epochs"] else ""
    )
    text = (
        f"{inputs} pixels → {hidden} neurons with ReLU → {outputs} logits, one for each class.\n"
        "Loss: cross-entropy from the logits, with the class as a number (sparse): −log of the "
        "true class's probability.\n"
        f"Adam, learning rate {network['learning_rate']:g} for {network['epochs']} epochs{gentle}; "
        f"batches of {network['batch']}."
    )
    return Step("The network", text)


def _history(history: list[dict[str, Any]]) -> Step:
    rows = [
        (
            str(epoch["epoch"]),
            f"{epoch['loss']:.4f}",
            f"{epoch['training_accuracy']:.2%}",
            f"{epoch['test_accuracy']:.2%}",
        )
        for epoch in _some(history)
    ]
    return Step("Learning", table(("epoch", "loss", "training", "test"), rows))


def _some(history: list[dict[str, Any]], most: int = 10) -> list[dict[str, Any]]:
    """At most about that many epochs, evenly, with the first and the last."""
    every = max(1, -(-len(history) // most))
    return [
        epoch
        for epoch in history
        if epoch["epoch"] in (1, len(history)) or epoch["epoch"] % every == 0
    ]


def _accuracy(numbers: dict[str, Any]) -> Step:
    accuracy, data = numbers["accuracy"], numbers["data"]
    rows = [
        (f"training ({data['training']:,})", f"{accuracy['training']:.2%}"),
        (f"test ({data['test']:,})", f"{accuracy['test']:.2%}"),
    ]
    text = (
        f"{table(('images', 'accuracy'), rows)}\n\nThe gap of "
        f"{100 * (accuracy['training'] - accuracy['test']):.1f} points is what it remembers "
        "rather than understands."
    )
    return Step("Accuracy on both parts", text)


def _example(numbers: dict[str, Any]) -> Step:
    example, classes = numbers["example"], numbers["data"]["classes"]
    wide = max(len(name) for name in classes)
    bars = "\n".join(
        f"{name:<{wide}} {probability:.4f} {'█' * round(30 * probability)}".rstrip()
        for name, probability in zip(classes, example["probabilities"], strict=True)
    )
    text = (
        f"{_in_letters(example['pixels'])}\n\n{bars}\n\n"
        f"The argmax, the position of the largest, is {example['argmax']}: the network says "
        f"{example['label']}; the label is {example['truth']}."
    )
    return Step(f"Test image number {example['number']} and its probabilities", text)


def _in_letters(pixels: list[list[int]]) -> str:
    """Two letters a pixel, because letters are twice as high as wide."""
    brightest = max(1, max(max(row) for row in pixels))
    top = len(INKS) - 1
    return "\n".join(
        "".join(2 * INKS[round(top * value / brightest)] for value in row).rstrip()
        for row in pixels
    )


def _confusions(numbers: dict[str, Any]) -> Step:
    classes = numbers["data"]["classes"]
    pairs = [
        (count, classes[true], classes[said])
        for true, row in enumerate(numbers["confusion"])
        for said, count in enumerate(row)
        if said != true and count
    ]
    pairs.sort(key=lambda pair: -pair[0])
    rows = [(true, said, str(count)) for count, true, said in pairs[:6]]
    text = table(("truth", "taken for", "times"), rows) if rows else "Nothing was confused."
    if len(pairs) > len(rows):
        others = sum(count for count, _, _ in pairs[len(rows) :])
        text += (
            f"\n\nThese are the {len(rows)} most frequent; {len(pairs) - len(rows)} other "
            f"confusions make {others} more mistakes."
        )
    return Step("What is confused with what", text)


def _mistakes(mistakes: list[dict[str, Any]]) -> Step:
    rows = [
        (
            str(mistake["number"]),
            mistake["truth"],
            mistake["said"],
            f"{mistake['probability']:.4f}",
            f"{mistake['probability_of_the_truth']:.4f}",
        )
        for mistake in mistakes
    ]
    head = ("test image", "truth", "said", "probability", "of the truth")
    text = (
        f"{table(head, rows)}\n\nA high probability is no promise: the network is sure of these "
        "and wrong."
        if rows
        else "There are none: every test image was named rightly."
    )
    return Step("The most confident mistakes", text)


def _stable(three: dict[str, Any]) -> Step:
    rows = [
        (f"× {row['scale']}", *(_loss(row[way]) for way in WAYS)) for row in three["scaled_logits"]
    ]
    text = (
        "Logits [5, 2, 1], the last class is true. Multiplied, they are those of a network that "
        f"is surer of its mistake (32-bit floats):\n\n{table(('logits', *WAYS), rows)}\n\n"
        "On paper the three are one formula. The power of a large logit overflows, and a "
        "probability that underflows to 0 has no logarithm; from the logits neither ever happens."
    )
    return Step("A linear output and the loss from logits, or softmax and then its logarithm", text)


def _loss(value: float | None) -> str:
    return "breaks" if value is None else f"{value:.3f}"


def _training(three: dict[str, Any]) -> Step:
    rows = [
        (
            run["loss"],
            f"0 to {run['pixels_up_to']}",
            "—" if run["test_accuracy"] is None else f"{run['test_accuracy']:.1%}",
            "never" if run["broke_at_step"] is None else f"step {run['broke_at_step']}",
        )
        for run in three["training"]
    ]
    text = (
        f"{table(('loss', 'pixels', 'test accuracy', 'breaks'), rows)}\n\n"
        f"Three layers learnt from {three['images']:,} images. With tame inputs every way works; "
        "with pixels left as bytes the logits grow, and a loss through softmax ends the training."
    )
    return Step("The same in training: 25–15–10, linear output", text)
