"""What a teacher says about the numbers of the colour demo."""

from __future__ import annotations

from typing import Any

from ragqa.demos.colour.learning import NAMES
from ragqa.demos.demo import Step
from ragqa.demos.tables import table


def steps(numbers: dict[str, Any]) -> tuple[Step, ...]:
    """The steps in the order in which they are told."""
    told = [
        _data(numbers),
        _network(numbers),
        _losses(numbers["ways"]),
        _gradients(numbers["confidently_wrong"]),
        _result(numbers),
        _mistakes(numbers),
    ]
    if numbers["people"]:
        told.append(_people(numbers))
    if numbers["gained"]:
        told.append(_gained(numbers))
    if numbers["other"]:
        told.append(_other(numbers["other"]))
    return (*told, _prediction(numbers["prediction"]))


def _data(numbers: dict[str, Any]) -> Step:
    data = numbers["data"]
    rows = [(label, f"{count:,}") for label, count in data["labels"].items()]
    text = (
        f"{data['source']}\n\n{table(('label', 'colours'), rows)}\n\n"
        f"{data['held_out']:,} of them, a fifth of each label drawn at random, are held out: what "
        "the network never saw tells how it will do on new colours. "
        f"{data['training']:,} are learnt from."
    )
    return Step("The data: colours that people named", text)


def _network(numbers: dict[str, Any]) -> Step:
    inputs, hidden, outputs = numbers["network"]["sizes"]
    text = (
        f"{inputs} inputs (red, green, blue, each from −1 to 1) → {hidden} neurons with ReLU → "
        f"{outputs} logits, one for each label → softmax.\nSoftmax turns the {outputs} logits into "
        "probabilities: all positive, together one. A label is taught as a one-hot vector: 1 at "
        "its own position, 0 at the others.\n"
        f"Batches of {numbers['network']['batch']}, {numbers['network']['epochs']} epochs, the "
        "last quarter of them at a tenth of the learning rate."
    )
    return Step("The network: one hidden layer, softmax at the end", text)


def _losses(ways: list[dict[str, Any]]) -> Step:
    last = len(ways[0]["held_out_accuracy"])
    moments = sorted({1, min(5, last), last})
    head = ("held-out accuracy", *(f"epoch {moment}" for moment in moments))
    rows = [
        (
            f"{NAMES[way['optimizer']]}, {NAMES[way['loss']]}",
            *(f"{way['held_out_accuracy'][moment - 1]:.1%}" for moment in moments),
        )
        for way in ways
    ]
    slow, fast = (ways[number]["held_out_accuracy"][moments[0] - 1] for number in (0, 1))
    text = (
        f"{table(head, rows)}\n\nWith the lecture's SGD the first epoch brings squared error to "
        f"{slow:.1%} and cross-entropy to {fast:.1%}. Adam gives each weight its own pace and so "
        "hides much of the difference; the reason for it stays."
    )
    return Step("Squared error against cross-entropy, SGD against Adam", text)


def _gradients(wrong: dict[str, Any]) -> Step:
    text = (
        "A network that is sure of a wrong label gives the true one the probability "
        f"{wrong['probability_of_the_true_label']:.5f}.\nHow hard does each loss push the true "
        "label's logit up?\n\n"
        + table(
            ("loss", "gradient at that logit"),
            [
                ("cross-entropy: p − y", f"{wrong['cross_entropy_gradient']:.5f}"),
                (
                    "squared error through softmax",
                    f"{wrong['mean_squared_error_gradient']:.8f}",
                ),
            ],
        )
        + "\n\nSquared error after softmax carries a factor p: where the network is confidently "
        "wrong it hardly learns. Cross-entropy's logarithm cancels that factor."
    )
    return Step("Why: the push on a confident mistake", text)


def _result(numbers: dict[str, Any]) -> Step:
    accuracy = numbers["accuracy"]
    rows = [
        ("learnt from", f"{accuracy['training']:.1%}"),
        ("held out", f"{accuracy['held_out']:.1%}"),
        ("held out, always the most frequent label", f"{accuracy['most_frequent_label']:.1%}"),
    ]
    text = (
        "Adam with cross-entropy is kept, as was decided beforehand for the reason above: choosing "
        "the best row of the held-out colours would flatter it, and rows a point or so apart may "
        f"change places with another seed.\n\n{table(('colours', 'accuracy'), rows)}"
    )
    return Step("How often it is right", text)


def _mistakes(numbers: dict[str, Any]) -> Step:
    labels = list(numbers["prediction"]["probabilities"])
    matrix = numbers["confusion"]
    rows = []
    for number, label in enumerate(labels):
        total = sum(matrix[number])
        wrong = [(count, labels[at]) for at, count in enumerate(matrix[number]) if at != number]
        most, taken_for = max(wrong)
        recall = f"{matrix[number][number] / total:.0%}" if total else "none held out"
        rows.append((label, recall, f"{taken_for} ({most})" if most else "nothing"))
    text = table(("people said", "found", "most often taken for"), rows)
    return Step("What is confused with what", text)


def _people(numbers: dict[str, Any]) -> Step:
    people = numbers["people"]
    rows = [
        (
            f"within {row['radius']} of 255",
            f"{row['pairs']:,}",
            _percent(row["different_people_agree"]),
            _percent(row["one_person_agrees"]),
        )
        for row in people["nearly_the_same"]
    ]
    head = ("two colours", "pairs", "two people agree", "one person agrees")
    text = (
        f"{table(head, rows)}\n\n"
        "People do not agree on names. Whoever answers by the colour alone errs with them."
    )
    if people["best_possible"] is not None:
        text += (
            f"\nFrom the agreement of two people, such an answer can be right about "
            f"{people['best_possible']:.0%} of the time at most (Cover & Hart 1967; an estimate: "
            "the bound holds for the same colour and endless data, these colours are only nearly "
            f"the same); ours is {numbers['accuracy']['held_out']:.1%}."
        )
    return Step("How right can anyone be?", text)


def _gained(numbers: dict[str, Any]) -> Step:
    gained = numbers["gained"]
    networks = gained["networks"]
    rows = [
        ("one network", f"{numbers['accuracy']['held_out']:.1%}"),
        (f"{networks} networks, their probabilities averaged", f"{gained['together']:.1%}"),
        ("… that learnt the xkcd survey's names too", f"{gained['with_the_survey']:.1%}"),
    ]
    text = "Averaging evens out what each network got wrong by its start; the survey is more data."
    if gained["knowing_who_is_asked"] is not None:
        rows.append(
            ("… and are told who is asked", f"{gained['knowing_who_is_asked']:.1%}"),
        )
        text += (
            "\nThe last also looks at what the same person called similar colours before: people "
            "have habits, which no answer by the colour alone can follow."
        )
    return Step("What more can be had", f"{table(('held out', 'accuracy'), rows)}\n\n{text}")


def _percent(share: float | None) -> str:
    return "too few" if share is None else f"{share:.1%}"


def _other(other: dict[str, Any]) -> Step:
    text = (
        f"The same network on the {other['colours']} names of the xkcd survey, of which it saw "
        f"none: {other['accuracy']:.1%}. Another crowd, asked in another way, names differently."
    )
    return Step("Learnt from one crowd, asked about another", text)


def _prediction(prediction: dict[str, Any]) -> Step:
    rows = [
        (label, f"{probability:.4f}", _bar(probability))
        for label, probability in prediction["probabilities"].items()
    ]
    red, green, blue = prediction["rgb"]
    text = "\n".join(
        f"{label:<11} {probability}  {bar}".rstrip() for label, probability, bar in rows
    )
    return Step(
        f"The name of {prediction['hex']} ({red}, {green}, {blue}): {prediction['label']}", text
    )


def _bar(share: float, width: int = 30) -> str:
    return "█" * round(share * width)
