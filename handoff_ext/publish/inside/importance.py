"""How much the model's quality drops when one input's values are shuffled among the rows."""

from __future__ import annotations

import math
import time
from typing import Any

from . import rows

ROWS, COLUMNS, SECONDS = 1_000, 60, 5.0
FEWER, LEAST = 250, 20


def permuted(model: Any, asked: Any, truth: Any, described: dict[str, Any], classes: Any) -> dict[str, float]:
    """Input to the drop of its score (ROC AUC or share of right answers; R² for numbers), greatest first.

    Empty where the rows are no table or array, or the model's answers cannot be scored (all rows are of one class).
    What five seconds do not reach is left out.
    """
    import numpy

    if described["container"] not in ("frame", "array") or described.get("ndim") == 1:
        return {}
    total = rows.count(asked)
    if rows.count(truth) != total or total < 20:
        return {}
    draw = numpy.random.RandomState(0)
    chosen = sorted(draw.choice(total, min(total, ROWS), replace=False).tolist())
    table, right = rows.take(asked, chosen), numpy.asarray(truth).reshape(total, -1)[chosen, 0]
    begun = time.monotonic()
    try:
        base = score(model, table, right, classes)
        if not math.isfinite(base):
            return {}
        found: dict[str, float] = {}
        for index, column in enumerate(described["columns"][:COLUMNS]):
            if time.monotonic() - begun > SECONDS:
                break
            drop = _drop(model, table, right, classes, base, index, draw)
            if drop is not None:
                found[column["name"]] = drop
    except Exception:
        return {}
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _drop(model: Any, table: Any, right: Any, classes: Any, base: float, index: int, draw: Any) -> Any:
    """The drop by one column; None where it cannot be told.

    Shuffled values may make rows that cannot be, as the 30th of February, at which the notebook's own code stops: then
    the column is shuffled among fewer rows, and those that cannot be are left out on both sides.
    """
    count = rows.count(table)
    other = _shuffled(table, index, draw.permutation(count))
    try:
        now = score(model, other, right, classes)
        return base - now if math.isfinite(now) else None
    except Exception:
        if not hasattr(model, "tolerant"):
            return None
    few = list(range(0, count, -(-count // FEWER)))
    there = sorted(position for places, _ in model.tolerant(rows.take(other, few)) for position in places)
    if len(there) < LEAST:
        return None
    kept = [few[position] for position in there]
    before, now = (score(model, rows.take(each, kept), right[kept], classes) for each in (table, other))
    return before - now if math.isfinite(before) and math.isfinite(now) else None


def _shuffled(table: Any, index: int, order: Any) -> Any:
    other = table.copy()
    if hasattr(table, "iloc"):
        values = table.iloc[:, index].iloc[order]
        values.index = table.index
        other.isetitem(index, values) if hasattr(other, "isetitem") else other.__setitem__(table.columns[index], values)
    else:
        other[:, index] = table[order, index]
    return other


def score(model: Any, table: Any, right: Any, classes: Any) -> float:
    """ROC AUC for two classes, the share of right answers for more, R² for numbers."""
    import numpy

    if classes and len(classes) == 2 and not isinstance(classes[0], list) and hasattr(model, "predict_proba"):
        return area(model.predict_proba(table)[:, 1], right == numpy.asarray(classes)[1])
    answers = numpy.asarray(model.predict(table)).reshape(len(right), -1)[:, 0]
    if classes or answers.dtype.kind not in "f":
        return float(numpy.mean(answers == right))
    spread = float(((right - right.mean()) ** 2).sum())
    return 1.0 - float(((right - answers) ** 2).sum()) / spread if spread else 0.0


def area(scores: Any, positive: Any) -> float:
    """Area under the ROC curve from ranks, ties shared (Mann-Whitney)."""
    import numpy

    _, inverse, counts = numpy.unique(scores, return_inverse=True, return_counts=True)
    ranks = (numpy.cumsum(counts) - (counts - 1) / 2.0)[inverse]
    many = int(positive.sum())
    if not many or many == len(positive):
        return float("nan")
    return float((ranks[positive].sum() - many * (many + 1) / 2.0) / (many * (len(positive) - many)))
