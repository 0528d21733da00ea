"""Compares answers with those recorded: labels exactly, floats within a tolerance."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

TOLERANCE = {"float64": 1e-9, "float32": 1e-4}
"""Relative to max(\\|value\\|, the column's spread)."""

WORDS = {"table": "the table at once", "rows": "row by row", "batches": "shuffled in batches of 7"}
"""The ways in which a packed model is asked."""

_SHOWN = 5


@dataclass
class Comparison:
    """How answers compare. ``difference`` is the largest, relative as the tolerance is; ``worst`` the worst rows."""

    values: int = 0
    difference: float = 0.0
    different: int = 0
    worst: list[dict[str, Any]] = field(default_factory=list)
    columns: dict[str, tuple[int, int, float]] = field(default_factory=dict)
    """Output to the number of values compared, of those different, and the largest difference."""

    @property
    def equal(self) -> bool:
        """Something was compared and nothing was different."""
        return self.values > 0 and not self.different

    def add(self, other: Comparison) -> None:
        """Take in another comparison."""
        self.values += other.values
        self.different += other.different
        self.difference = max(self.difference, other.difference)
        for name, (values, different, largest) in other.columns.items():
            before = self.columns.get(name, (0, 0, 0.0))
            self.columns[name] = (before[0] + values, before[1] + different, max(before[2], largest))
        self.worst = sorted(self.worst + other.worst, key=lambda row: -float(row["difference"]))[:_SHOWN]


def differences(
    given: Mapping[str, Any], described: Mapping[str, Any], answers: Mapping[str, Mapping[str, Any]]
) -> Comparison:
    """All that a packed model answered, in every way of asking, against what the run recorded.

    Args:
        given: rows with recorded answers, as packing left them.
        described: ``model.json``.
        answers: by way, the positions asked and the outputs.
    """
    whole = Comparison()
    for way, words in WORDS.items():
        part = answers[way]
        whole.add(compare(given["predictions"], part["outputs"], part["positions"], tolerance_of(described), words))
    return whole


def said(whole: Comparison) -> str:
    """What is different, in one sentence."""
    first = whole.worst[0]
    what = str(first["output"])
    what = f"the input {what.removeprefix('input ')}" if what.startswith("input ") else what
    return (
        f"{whole.different:,} of {whole.values:,} values differ from training, most {what} of row {first['row']}, "
        f"asked {first['way']}."
    )


def finite(number: float) -> float | None:
    """A number as JSON can hold it."""
    return number if math.isfinite(number) else None


def compare(
    recorded: Mapping[str, Sequence[Any]],
    answers: Mapping[str, Sequence[Any]],
    positions: Sequence[int],
    tolerance: float = TOLERANCE["float64"],
    way: str = "",
) -> Comparison:
    """Compare ``answers[name][i]`` with ``recorded[name][positions[i]]`` for every output.

    A label may differ only where the probabilities recorded for its two candidates are tied within the tolerance.
    """
    whole = Comparison()
    for name, expected in recorded.items():
        got = answers.get(name)
        part = Comparison()
        if got is None or len(got) != len(positions):
            part.different = max(1, len(positions))
            part.worst.append({"output": name, "way": way, "row": -1, "difference": math.inf})
            part.columns[name] = (0, part.different, math.inf)
            whole.add(part)
            continue
        scale = _spread(expected)
        part.values = len(got)
        for position, value in zip(positions, got, strict=True):
            if expected[position] == value:  # nearly always
                continue
            distance = _distance(expected[position], value, scale)
            if distance > tolerance and not (isinstance(value, str | int) and _tie(recorded, position, tolerance)):
                part.different += 1
                part.worst.append({"output": name, "way": way, "row": position, "difference": distance})
                if len(part.worst) > 10 * _SHOWN:
                    part.worst = sorted(part.worst, key=lambda row: -float(row["difference"]))[:_SHOWN]
            if math.isfinite(distance):
                part.difference = max(part.difference, distance)
        part.columns[name] = (part.values, part.different, part.difference)
        whole.add(part)
    return whole


def tolerance_of(described: Mapping[str, Any]) -> float:
    """Coarser where the model works with single precision."""
    dtypes = {
        str(described.get("dtype", "")),
        *described.get("features", {}).get("dtypes", ()),
        *(str(column["dtype"]) for column in described.get("columns", ())),
    }
    return TOLERANCE["float32"] if "float32" in dtypes or "float16" in dtypes else TOLERANCE["float64"]


def _distance(expected: Any, got: Any, scale: float) -> float:
    """0 for equal, infinite for different labels, the relative difference for numbers."""
    if isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        return max((_distance(one, other, scale) for one, other in zip(expected, got, strict=True)), default=0.0)
    numbers = isinstance(expected, float) and isinstance(got, int | float) and not isinstance(got, bool)
    if expected == got or not numbers:
        return 0.0 if expected == got else math.inf
    base = max(abs(expected), scale)
    distance = abs(expected - got) / base if base else math.inf
    return math.inf if math.isnan(distance) else distance


def _spread(values: Sequence[Any]) -> float:
    numbers = [value for value in values if isinstance(value, float)]
    return max(numbers) - min(numbers) if numbers else 0.0


def _tie(recorded: Mapping[str, Sequence[Any]], position: int, tolerance: float) -> bool:
    chances = sorted(
        (
            values[position]
            for name, values in recorded.items()
            if name.startswith("probability_") and isinstance(values[position], float)
        ),
        reverse=True,
    )
    return len(chances) > 1 and chances[0] - chances[1] <= tolerance
