"""When a column is too good to be true: one place for the words of rule, sidebar and card."""

from __future__ import annotations

from handoff_ext.contracts.evidence import ColumnsRecord, ColumnWorth

ENOUGH, NEAR, FADES, FEWEST = 0.3, 0.9, 0.25, 3
"""A model has to be this much better than chance, a column alone reach this share of it, or lose this share of its
score on later data; with fewer columns, one of them carries the model by right."""


def too_good(record: ColumnsRecord) -> dict[str, str]:
    """Column to one plain sentence, for those that nearly are the answer, or that fade on later data."""
    if record.model is None or len(record.columns) < FEWEST:
        return {}
    return {column.name: sentence for column in record.columns if (sentence := _judged(column, record))}


def _judged(column: ColumnWorth, record: ColumnsRecord) -> str:
    assert record.model is not None
    whole, alone = _skill(record.model, record.chance), _skill(column.alone, record.chance)
    if whole >= ENOUGH and alone >= NEAR * whole:
        return (
            f"`{column.name}` alone scores {column.alone:.2f}, the whole model {record.model:.2f} ({record.measure}): "
            "is it known when deciding, or made from the answer?"
        )
    later, drawn = _skill(column.later, record.chance), _skill(column.random, record.chance)
    if column.later is not None and drawn >= ENOUGH and drawn - later > FADES:
        return (
            f"`{column.name}` alone scores {column.random:.2f} on rows drawn at random, {column.later:.2f} on later "
            "ones: it tells of the past what nobody knew."
        )
    return ""


def _skill(score: float | None, chance: float) -> float:
    """From chance, 0, to perfect, 1."""
    return 0.0 if score is None or chance >= 1 else (score - chance) / (1 - chance)
