"""Scores from their definitions, on arrays."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy import ndarray


def area(scores: ndarray, positive: ndarray) -> float:
    """Area under the ROC curve from ranks, ties shared (Mann-Whitney); NaN where only one label occurs."""
    import numpy

    _, inverse, counts = numpy.unique(scores, return_inverse=True, return_counts=True)
    ranks = (numpy.cumsum(counts) - (counts - 1) / 2.0)[inverse]
    many = int(positive.sum())
    if not many or many == len(positive):
        return math.nan
    return float((ranks[positive].sum() - many * (many + 1) / 2.0) / (many * (len(positive) - many)))


def share(part: ndarray, of: ndarray) -> float:
    """Of the rows in ``of`` the share that is in ``part``; NaN where there are none."""
    return float((part & of).sum() / of.sum()) if of.any() else math.nan


def macro_f1(right: ndarray, answers: ndarray) -> float:
    """Mean over the classes that occur of 2 TP / (2 TP + FP + FN)."""
    import numpy

    found = []
    for kind in numpy.unique(numpy.concatenate([right, answers])):
        hits = int(((right == kind) & (answers == kind)).sum())
        misses = int((right == kind).sum()) + int((answers == kind).sum()) - 2 * hits
        found.append(2 * hits / (2 * hits + misses))
    return float(numpy.mean(found))


def explained(truth: ndarray, answers: ndarray) -> float:
    """R²: 1 - residual / total sum of squares; NaN where the truth does not vary."""
    spread = float(((truth - truth.mean()) ** 2).sum())
    return 1.0 - float(((truth - answers) ** 2).sum()) / spread if spread else math.nan


def spelled(value: Any) -> str:
    """One spelling for 1, 1.0, True-as-label and their texts."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
