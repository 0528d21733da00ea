"""What each column is worth alone, in time, and what the model is without it: a leak shows up as a number."""

from __future__ import annotations

import importlib
import math
import time
from typing import Any

from . import importance, rows

ROWS, COLUMNS, SECONDS = 5_000, 60, 6.0
BINS, CHOICES, LEAST = 20, 50, 20


def judged(
    model: Any,
    held: Any,
    truth: Any,
    fitted: Any,
    fitted_truth: Any,
    described: dict[str, Any],
    drops: dict[str, float],
    moments: Any,
) -> dict[str, Any]:
    """Scores of the hold-out, all by the same measure: ROC AUC for two classes, share of right answers for more, R² for
    numbers.

    Args:
        model: takes rows like ``held``.
        held: rows of the hold-out.
        truth: what really came.
        fitted: training rows.
        fitted_truth: what came of those.
        described: ``model.json``.
        drops: the drop of the model's score where a column's values are shuffled.
        moments: when the training rows and then those of the hold-out happened, None where nothing says so.

    Returns:
        ``measure``, ``model`` (its score), ``chance`` (that of somebody who knows no column) and ``columns``: for each
        ``name``, ``alone`` (the score of that column by itself), ``without`` (its drop) and, where there are moments,
        ``later`` and ``random``: alone on the last quarter after learning on the rows before, and on a quarter drawn
        at random. Empty where nothing can be measured.
    """
    numpy = importlib.import_module("numpy")
    if described["container"] not in ("frame", "array") or described.get("ndim") == 1:
        return {}
    if rows.count(held) != rows.count(truth) or rows.count(fitted) != rows.count(fitted_truth):
        return {}
    if min(rows.count(held), rows.count(fitted)) < LEAST:
        return {}
    classes = described["classes"]
    if classes is not None and classes and isinstance(classes[0], list):
        return {}
    draw = numpy.random.RandomState(0)
    there, before = _some(draw, rows.count(held)), _some(draw, rows.count(fitted))
    tables, answers = (rows.take(held, there), rows.take(fitted, before)), (_values(truth), _values(fitted_truth))
    right, known = answers[0][there], answers[1][before]
    measure = Measure(classes, right, known)
    whole = importance.score(model, tables[0], right, classes)
    if not math.isfinite(whole):
        return {}
    together = numpy.concatenate([known, right])
    when = None
    if moments is not None:
        when = moments[numpy.concatenate([before, numpy.asarray(there) + rows.count(fitted)]).astype(int)]
    found, begun = [], time.monotonic()
    for index, column in enumerate(described["columns"][:COLUMNS]):
        if time.monotonic() - begun > SECONDS:
            break
        here, past = _column(tables[0], index), _column(tables[1], index)
        one = {"name": column["name"], "alone": measure.alone(past, known, here, right)}
        one["without"] = drops.get(column["name"])
        if when is not None:
            one.update(_in_time(measure, numpy.concatenate([past, here]), together, when))
        found.append(one)
    return {"measure": measure.name, "model": whole, "chance": measure.chance, "columns": found}


class Measure:
    """How answers are scored: as ``importance.score`` scores the model's."""

    def __init__(self, classes: Any, right: Any, known: Any) -> None:
        numpy = importlib.import_module("numpy")
        self.positive = classes[1] if classes and len(classes) == 2 else None
        self.choices = bool(classes) or known.dtype.kind not in "f"
        if self.positive is not None:
            self.name, self.chance = "ROC AUC", 0.5
        elif self.choices:
            kinds, counts = numpy.unique(known.astype(str), return_counts=True)
            usual = kinds[counts.argmax()]
            self.name, self.chance = "right answers", float((right.astype(str) == usual).mean())
        else:
            self.name, self.chance = "R²", 0.0

    def alone(self, past: Any, known: Any, here: Any, right: Any) -> Any:
        """The score of guesses by one column: what rows with like values had among the known ones."""
        numpy = importlib.import_module("numpy")
        try:
            first, second = _alike(past, here)
            if self.positive is not None:
                target = (known == numpy.asarray([self.positive])[0]).astype(float)
                score = importance.area(_means(first, target, second), right == numpy.asarray([self.positive])[0])
            elif self.choices:
                score = float((_modes(first, known.astype(str), second) == right.astype(str)).mean())
            else:
                guess, spread = _means(first, known, second), float(((right - right.mean()) ** 2).sum())
                score = 1.0 - float(((right - guess) ** 2).sum()) / spread if spread else 0.0
        except Exception:
            return None
        return score if math.isfinite(score) else None


def _in_time(measure: Measure, values: Any, truth: Any, when: Any) -> dict[str, Any]:
    numpy = importlib.import_module("numpy")
    places = numpy.flatnonzero(~numpy.isnat(when))
    if len(places) < 4 * LEAST:
        return {}
    by_time = places[numpy.argsort(when[places], kind="stable")]
    drawn = numpy.random.RandomState(1).permutation(by_time)
    cut = len(places) * 3 // 4
    return {
        name: measure.alone(values[order[:cut]], truth[order[:cut]], values[order[cut:]], truth[order[cut:]])
        for name, order in (("later", by_time), ("random", drawn))
    }


def _alike(past: Any, here: Any) -> Any:
    """Both columns as numbers of groups: equal texts and few equal numbers, else ranges with equally many rows."""
    numpy, pandas = importlib.import_module("numpy"), importlib.import_module("pandas")
    if past.dtype.kind in "iufb" and here.dtype.kind in "iufb" and len(numpy.unique(past)) > BINS:
        known = past[~numpy.isnan(past.astype(float))].astype(float)
        edges = numpy.unique(numpy.quantile(known, numpy.linspace(0, 1, BINS + 1)[1:-1]))
        sides = [numpy.where(numpy.isnan(each.astype(float)), -1, numpy.digitize(each, edges)) for each in (past, here)]
        return sides[0], sides[1]
    kinds = pandas.Series(past.astype(str)).value_counts().index[:CHOICES]
    return tuple(pandas.Index(kinds).get_indexer(each.astype(str)) for each in (past, here))


def _means(groups: Any, target: Any, asked: Any) -> Any:
    """The mean of the target in each asked group, drawn a little to the mean of all."""
    pandas, usual = importlib.import_module("pandas"), float(target.mean())
    by = pandas.Series(target).groupby(groups).agg(["sum", "count"])
    means = (by["sum"] + usual) / (by["count"] + 1)
    return pandas.Series(asked).map(means).fillna(usual).to_numpy()


def _modes(groups: Any, target: Any, asked: Any) -> Any:
    pandas = importlib.import_module("pandas")
    usual = pandas.Series(target).mode().iloc[0]
    modes = pandas.Series(target).groupby(groups).agg(lambda part: part.mode().iloc[0])
    return pandas.Series(asked).map(modes).fillna(usual).to_numpy()


def moments(table: Any) -> Any:
    """When each row happened: by a column of dates, of texts that are dates, or by year, month and day; else None."""
    pandas = importlib.import_module("pandas")
    for index in range(min(table.shape[1], 200)):
        column = table.iloc[:, index]
        kind = getattr(column.dtype, "kind", "O")
        if kind == "M":
            found = column
        elif kind not in "iufbm" and _dated(column):
            found = pandas.to_datetime(column, errors="coerce", utc=True)
        else:
            continue
        if found.notna().mean() > 0.9 and found.nunique() > LEAST:
            naive = found.dt.tz_localize(None) if getattr(found.dt, "tz", None) is not None else found
            return naive.to_numpy(dtype="datetime64[ns]")
    named = {str(label).lower(): label for label in table.columns}
    if "year" in named and "month" in named:
        parts = {part: table[named[part]] for part in ("year", "month", "day") if part in named}
        parts.setdefault("day", 1)
        found = pandas.to_datetime(pandas.DataFrame(parts), errors="coerce")
        if found.notna().mean() > 0.9 and found.nunique() > 1:
            return found.to_numpy(dtype="datetime64[ns]")
    return None


def _dated(column: Any) -> bool:
    """Whether a column of texts looks like dates: a sample says so."""
    pandas = importlib.import_module("pandas")
    some = [value for value in column.dropna().iloc[:50].tolist() if isinstance(value, str)]
    if len(some) < LEAST or not all(any(sign.isdigit() for sign in value) and len(value) > 5 for value in some):
        return False
    return bool(pandas.to_datetime(pandas.Series(some), errors="coerce", utc=True).notna().mean() > 0.9)


def _some(draw: Any, total: int) -> list[int]:
    return sorted(draw.choice(total, min(total, ROWS), replace=False).tolist())


def _values(truth: Any) -> Any:
    numpy = importlib.import_module("numpy")
    return numpy.asarray(truth).reshape(rows.count(truth), -1)[:, 0]


def _column(table: Any, index: int) -> Any:
    numpy = importlib.import_module("numpy")
    if not hasattr(table, "iloc"):
        return table[:, index]
    column = table.iloc[:, index]
    if getattr(column.dtype, "kind", "O") in "iufb" and hasattr(column.dtype, "itemsize"):
        return column.to_numpy()
    return numpy.array([str(value) for value in column.tolist()], dtype=object)
