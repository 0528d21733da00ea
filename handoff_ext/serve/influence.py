"""How much each input moves the answer, measured by asking the model about slightly different rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handoff_ext.contracts.profile import ColumnProfile
from handoff_ext.serve.columns import Column
from handoff_ext.serve.engine import Engine
from handoff_ext.serve.fallback import outcome_of, score_of

QUANTILES = ("0.05", "0.25", "0.5", "0.75", "0.95")
MAX_ALTERNATIVES = 6


@dataclass(frozen=True, slots=True)
class Move:
    """With ``value`` in ``column`` and all else as it is, the model says ``prediction``; ``by`` is how far that is
    from what it said (1 for another label)."""

    column: Column
    value: Any
    prediction: Any
    by: float


def alternatives(column: Column, known: ColumnProfile | None) -> list[Any]:
    """Values of one input that occur: its quantiles, its most frequent categories, or yes and no."""
    if column.kind == "yes/no":
        return [True, False]
    if known is None:
        return []
    if column.kind == "text":
        return list(known.categories)[:MAX_ALTERNATIVES]
    values = [known.quantiles[name] for name in QUANTILES if isinstance(known.quantiles.get(name), float)]
    return list(dict.fromkeys(round(float(value)) if column.kind == "whole" else float(value) for value in values))


async def moves(engine: Engine, row: Mapping[str, Any], columns: Sequence[Column]) -> list[Move]:
    """What happens to the answer for ``row`` when one input at a time takes another known value, furthest first; one
    call of the model.

    Raises:
        WorkerFailed: the model gave no answer.
    """
    profile = engine.version.profile
    tried = [
        (column, value)
        for column in columns
        for value in alternatives(column, profile.inputs.get(column.name))
        if value != row.get(column.name)
    ]
    rows = [dict(row), *({**row, column.name: value} for column, value in tried)]
    now, *others = await engine.predictions(engine.validator.check(rows))
    found = [
        Move(column, value, prediction, _distance(now, prediction, profile.target))
        for (column, value), prediction in zip(tried, others, strict=True)
    ]
    return sorted((move for move in found if move.by), key=lambda move: -move.by)


async def by_influence(engine: Engine) -> list[Column]:
    """All inputs, those that move the answer most first: by the profile's importance where it has one, else by
    asking the model about changed examples.

    Raises:
        WorkerFailed: the model gave no answer.
    """
    columns = list(engine.version.columns)
    weight = dict(engine.version.profile.importance)
    if not weight:
        for row in engine.version.example[:3]:
            for move in await moves(engine, row, columns):
                weight[move.column.name] = max(move.by, weight.get(move.column.name, 0.0))
    return sorted(columns, key=lambda column: -weight.get(column.name, 0.0))


def typical_row(columns: Sequence[Column], example: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A row to begin with: typical values, the example's where the profile knows none."""
    first = example[0] if example else {}
    return {column.name: first.get(column.name) if column.typical is None else column.typical for column in columns}


def _distance(one: Any, other: Any, target: str) -> float:
    a, b = score_of(one, target), score_of(other, target)
    if a is not None and b is not None:
        return abs(a - b)
    return float(outcome_of(one) != outcome_of(other))
