"""Fitting the weights: logistic regression on pairs of evidence of the fitted half of the blocks."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bzpeer.bench.identity.labelled import Labelled
from services.works.domain.resolution.evidence import Evidence
from services.works.domain.resolution.scoring import FEATURES, Pair, crowd_of, features, vetoed
from services.works.domain.resolution.weights import SET

RIVALS = 6
"""Other people of the block that each signature is held against."""
ROUNDS = 30
RIDGE = 1.0
MAX_PAIRS = 40_000
"""Of each set, so that none outweighs the others."""
Matrix = NDArray[np.float64]


def fit(sets: Sequence[Sequence[Labelled]]) -> list[float]:
    """The weights that make the labels most likely, by Newton's method, with a ridge that keeps the unknown at 0,
    beside the weights that were set by hand."""
    rows: list[tuple[float, ...]] = []
    labels: list[bool] = []
    weights: list[float] = []
    for one in sets:
        pairs = list(_pairs(one))
        random.Random(1).shuffle(pairs)  # noqa: S311 - the same sample each time
        for pair, same in pairs[:MAX_PAIRS]:
            rows.append(features(pair))
            labels.append(same)
            weights.append(MAX_PAIRS / min(len(pairs), MAX_PAIRS))
    return list(map(float, _newton(np.array(rows), np.array(labels, float), np.array(weights))))


def _newton(rows: Matrix, labels: Matrix, weights: Matrix) -> Matrix:
    found = np.zeros(len(FEATURES))
    ridge = RIDGE * np.eye(len(FEATURES))
    given = rows @ np.array([SET.get(name, 0.0) for name in FEATURES])
    rows = rows * np.array([name not in SET for name in FEATURES])
    for _ in range(ROUNDS):
        chances = 1 / (1 + np.exp(-np.clip(rows @ found + given, -30, 30)))
        slope = rows.T @ (weights * (labels - chances)) - ridge @ found
        curve = (rows * (weights * chances * (1 - chances))[:, None]).T @ rows + ridge
        found = found + np.linalg.solve(curve, slope)
    return found


def _pairs(labelled: Sequence[Labelled]) -> Iterator[tuple[Pair, bool]]:
    """Each signature as it arrives, against its own person so far or a part of it, and against others of the block."""
    chosen = random.Random(0)  # noqa: S311 - the same sample each time
    people: dict[str, dict[str, list[Labelled]]] = defaultdict(lambda: defaultdict(list))
    for each in sorted(labelled, key=lambda one: one.order):
        block = people[each.block]
        alone = Evidence.of([each.signature])
        others = [person for person in block if person != each.person]
        picked = chosen.sample(others, min(RIVALS, len(others)))
        own = [each.person] if each.person in block else []
        crowd = crowd_of(alone, (Evidence.of(e.signature for e in some[:3]) for some in block.values()))
        for person in own + picked:
            known = block[person]
            some = known if chosen.random() < 0.5 else chosen.sample(known, chosen.randint(1, len(known)))
            evidence = Evidence.of(one.signature for one in some[-40:])
            if not vetoed(alone, evidence):
                yield Pair(alone, evidence, crowd), person == each.person
        block[each.person].append(each)
