"""Compare what cells print and show as text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from handoff_ext.contracts.evidence import Compared
from handoff_ext.run.executing import source_cell
from handoff_ext.run.tolerance import AGAIN, PIPELINE, close

_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?(?![\w.])")
_RUN_DEPENDENT = [
    (re.compile(r"\b0x[0-9a-f]{6,16}\b"), "0x…"),
    (re.compile(r"(?<=<)(?:__main__|definitions)\."), ""),
    (re.compile(r"/\w+/ipykernel_\d+/\d+\.py"), "<cell>"),
    (re.compile(r"\x1b\[[0-9;]*m"), ""),
]
_UNIT = r"[\d.]+ ?(?:ns|[µu]s|ms|s|min|h)\b"
_TIMES = [  # What %%time, %timeit and progress bars write: nothing but times.
    re.compile(rf"^(?:CPU times|Wall time): .*{_UNIT}.*$", re.MULTILINE),
    re.compile(rf"^{_UNIT}(?: ± {_UNIT})? per loop .*$", re.MULTILINE),
    re.compile(r"\[\d+:\d\d(?::\d\d)?<(?:\d+:\d\d(?::\d\d)?|\?), +[\d.?]+ ?(?:s/)?\w+(?:/s)?\]"),
]


def texts(cells: Iterable[Any], folders: Iterable[str]) -> dict[str, str]:
    """The text of each cell's outputs by the cell's id in the source: standard output, results, shown objects.

    Warnings and logs are left out: they name files and line numbers. Only what depends on the run and never on what is
    computed is taken out: addresses in memory, where the run's folders lie, times written by IPython itself.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for cell in cells:
        if cell.cell_type == "code":
            found[source_cell(cell)].extend(filter(None, map(_text, cell.outputs)))
    return {cell: _steady("".join(parts), folders) for cell, parts in found.items()}


def compare(stage: str, cell: str, first: str, second: str, pipeline: str) -> tuple[Compared, int]:
    """The verdict on one cell's text, and how many lines it covers."""
    lines = max(1, first.count("\n"))
    if first == second == pipeline:
        return Compared(name=f"cell {cell}", kind="output", stage=stage, verdict="equal"), lines
    if near(first, second, AGAIN) is None:
        why = "two runs of the notebook print different text"
        return Compared(name=f"cell {cell}", kind="output", stage=stage, verdict="unseeded", detail=why), 0
    apart = near(first, pipeline)
    if apart is None:
        line = _first_difference(first, pipeline)
        detail = f"line {line} of the text"
        return Compared(name=f"cell {cell}", kind="output", stage=stage, verdict="different", detail=detail), 0
    verdict = Compared(name=f"cell {cell}", kind="output", stage=stage, verdict="close", difference=apart)
    return verdict, lines


def near(one: str, other: str, limits: tuple[float, float] = PIPELINE) -> float | None:
    """The largest distance of numbers in two texts that are else the same; None where they are not close."""
    if _NUMBER.sub("#", one) != _NUMBER.sub("#", other):
        return None
    largest = 0.0
    for a, b in zip(_NUMBER.findall(one), _NUMBER.findall(other), strict=True):
        if a != b:
            x, y = float(a), float(b)
            if not close(x, y, limits):
                return None
            largest = max(largest, abs(x - y))
    return largest


def _text(output: Any) -> str:
    if output.output_type == "stream":
        return str(output.text) if output.name == "stdout" else ""
    if output.output_type in ("execute_result", "display_data"):
        return str(output.data.get("text/plain", "")) + "\n"
    return ""


def _steady(text: str, folders: Iterable[str]) -> str:
    for folder in sorted(folders, key=len, reverse=True):
        text = text.replace(folder, "<folder>")
    for pattern, instead in _RUN_DEPENDENT:
        text = pattern.sub(instead, text)
    for pattern in _TIMES:
        text = pattern.sub("<time>", text)
    return text


def _first_difference(one: str, other: str) -> int:
    pairs = zip(one.split("\n"), other.split("\n"), strict=False)
    return next(
        (number for number, (a, b) in enumerate(pairs, 1) if a != b), 1 + min(one.count("\n"), other.count("\n"))
    )
