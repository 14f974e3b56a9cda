"""How well the demos' classifiers do on what they never saw: mean and spread over seeds.

    python eval/benchmarks/classifier_quality.py [--seeds 5] [--mnist-dir FOLDER] [WHAT ...]

WHAT: digits, mnist-t10k, mnist, xkcd, crowd, cross (default: all whose data is there). Each seed
divides the data anew and starts another network; sizes, rates and epochs are those of the demos,
which were chosen by cross-validation within the training part of seed 0. `crowd` also prints how
far people agree, what other learners reach on the same parts, and what is gained by knowing who
is asked: people have habits, and a classifier of colours alone cannot follow them.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from shared_data import shared

from ragqa.demos import Settings
from ragqa.demos.colour.committee import NETWORKS, committee, gained, opinion, share_right
from ragqa.demos.colour.learning import divided, inputs, trained
from ragqa.demos.colour.people import agreement
from ragqa.demos.data import ColourSet, ImageSet, crowd_colours, image_set, xkcd_colours
from ragqa.demos.mnist.learning import learnt, recipe_for

Scores = Iterator[tuple[str, float]]


def settings(seed: int) -> Settings:
    return Settings(seed=seed, device="cpu")


def images(found: ImageSet, seed: int) -> Scores:
    classifier = learnt(found, recipe_for(len(found.train)), settings(seed))
    yield "test", classifier.evaluate(found.rows(found.test), found.test.labels).accuracy


def digits(seed: int) -> Scores:
    yield from images(image_set("mnist", seed=seed), seed)


def mnist_t10k(seed: int) -> Scores:
    yield from images(image_set("mnist", shared("mnist-t10k"), seed=seed), seed)


def survey_names(seed: int) -> Scores:
    colours = xkcd_colours()
    train, held_out = divided(colours.labels, seed)
    asked = colours.at(held_out)
    single = trained(colours, train, settings(seed))
    yield "one network", single.evaluate(inputs(asked.rgb), asked.labels).accuracy
    together = committee(colours.at(train), settings(seed))
    yield f"{NETWORKS} networks", share_right(opinion(together, asked.rgb), asked.labels)


def crowd_names(seed: int) -> Scores:
    colours = crowd_colours(crowd_file())
    train, held_out = divided(colours.labels, seed)
    asked = colours.at(held_out)
    single = trained(colours, train, settings(seed))
    yield "one network", single.evaluate(inputs(asked.rgb), asked.labels).accuracy
    found = gained(colours.at(train), asked, settings(seed))
    yield f"{NETWORKS} networks", found["together"]
    yield f"{NETWORKS} networks, taught the survey too", found["with_the_survey"]
    yield "… and told who is asked", found["knowing_who_is_asked"]
    yield "right answers the networks expect", found["expected_by_themselves"]
    yield from others(colours, train, held_out)
    yield f"{NETWORKS} networks, survey, unknown people", new_people(colours, seed)


def others(colours: ColourSet, train: np.ndarray, held_out: np.ndarray) -> Scores:
    """What usual learners reach on the same parts."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.neighbors import KNeighborsClassifier

    for name, learner in (
        ("random forest", RandomForestClassifier(300, min_samples_leaf=3, random_state=0)),
        ("25 nearest neighbours", KNeighborsClassifier(25)),
    ):
        learner.fit(colours.rgb[train], colours.labels[train])
        yield name, float(learner.score(colours.rgb[held_out], colours.labels[held_out]))


def new_people(colours: ColourSet, seed: int) -> float:
    """The same when a fifth of the people, with all they said, is held out."""
    from sklearn.model_selection import GroupShuffleSplit

    split = GroupShuffleSplit(1, test_size=0.2, random_state=seed)
    train, held_out = next(split.split(colours.rgb, colours.labels, colours.people))
    networks = committee(colours.at(train).and_also(xkcd_colours()), settings(seed))
    return share_right(opinion(networks, colours.rgb[held_out]), colours.labels[held_out])


def crowd_file() -> Path:
    return shared("colour", "colorData.json")


def cross(seed: int) -> Scores:
    """Learn all of one set and be asked about the other."""
    both = {"xkcd": xkcd_colours(), "crowd": crowd_colours(crowd_file())}
    for source, target in (("crowd", "xkcd"), ("xkcd", "crowd")):
        learnt_from, asked = both[source], both[target]
        classifier = trained(learnt_from, np.arange(len(learnt_from)), settings(seed))
        found = classifier.evaluate(inputs(asked.rgb), asked.labels)
        yield f"learnt {source}, asked {target}", found.accuracy


def report(name: str, measure: Callable[[int], Scores], seeds: int) -> None:
    rows: dict[str, list[float]] = {}
    for seed in range(seeds):
        for what, score in measure(seed):
            rows.setdefault(what, []).append(score)
    for what, scores in rows.items():
        spread = statistics.stdev(scores) if len(scores) > 1 else 0.0
        mean, low, high = statistics.mean(scores), min(scores), max(scores)
        print(
            f"{name:<11} {what:<37} {mean:7.2%} ± {spread:.2%}   {low:.2%} to {high:.2%}",
            flush=True,
        )


def how_people_agree() -> None:
    found = agreement(crowd_colours(crowd_file()))
    for row in found["nearly_the_same"]:
        one = row["one_person_agrees"]
        print(
            f"people      within {row['radius']:2} of 255: two people agree on "
            f"{row['different_people_agree']:.1%} of {row['pairs']:,} pairs, a person with "
            f"themselves on {'too few' if one is None else f'{one:.1%}'} of "
            f"{row['one_person_pairs']}"
        )
    if found["best_possible"] is not None:
        most = f"{found['best_possible']:.0%}"
        print(f"people      a rule of the colour alone is right about {most} at most (an estimate)")


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("what", nargs="*")
    options.add_argument("--seeds", type=int, default=5)
    options.add_argument("--mnist-dir", type=Path, help="folder with the four IDX files")
    chosen = options.parse_args()
    measures: dict[str, Callable[[int], Scores]] = {"digits": digits, "xkcd": survey_names}
    if shared("mnist-t10k").is_dir():
        measures["mnist-t10k"] = mnist_t10k
    if chosen.mnist_dir:
        full = image_set("mnist", chosen.mnist_dir)
        measures["mnist"] = lambda seed: images(full, seed)
    if crowd_file().is_file():
        measures |= {"crowd": crowd_names, "cross": cross}
    wanted = chosen.what or list(measures)
    for name in wanted:
        if name not in measures:
            options.error(f"no data for {name}; there is data for {', '.join(measures)}")
    print(
        f"data        what                                     mean ± sd over {chosen.seeds} seeds"
    )
    for name in wanted:
        report(name, measures[name], chosen.seeds)
    if "crowd" in wanted:
        how_people_agree()


if __name__ == "__main__":
    main()
