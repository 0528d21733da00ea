"""Columns of tables: kept, dropped, and what they were computed from."""

from __future__ import annotations

from collections.abc import Iterable

from handoff_ext.checks.learning.events import Story
from handoff_ext.checks.learning.values import Data, Learned, Series, Text


def column_texts(value: object) -> tuple[str, ...]:
    """Names of columns that a value gives, as far as they are written down."""
    if isinstance(value, Text):
        return value.values
    if isinstance(value, Series):
        return tuple(text for item in value.items for text in column_texts(item))
    return ()


def keep_columns(data: Data, columns: Iterable[str]) -> Data:
    """Only these columns."""
    kept = frozenset(columns)
    return data._replace(only=kept, without=frozenset(), learned=_learned_of(data, kept))


def column_of(data: Data, columns: Iterable[str]) -> Data:
    """These columns alone, as values that others may be computed from."""
    kept = frozenset(columns)
    learned = _learned_of(data, kept)
    return data._replace(only=kept, without=frozenset(), learned=learned, made_of=kept, read=None)


def _learned_of(data: Data, kept: frozenset[str]) -> tuple[Learned, ...]:
    if not data.learned:
        return ()
    return tuple(
        each._replace(columns=each.columns & kept) if each.columns else each
        for each in data.learned
        if not each.columns or each.columns & kept
    )


def drop_columns(data: Data, columns: Iterable[str]) -> Data:
    """Without these columns."""
    dropped = frozenset(columns)
    learned = tuple(
        each._replace(columns=each.columns - dropped) if each.columns else each
        for each in data.learned
        if not each.columns or each.columns - dropped
    )
    data = data._replace(learned=learned)
    if data.only is not None:
        return data._replace(only=data.only - dropped)
    return data._replace(without=data.without | dropped)


def learn_in(data: Data, learned: tuple[Learned, ...], columns: Iterable[str]) -> Data:
    """The table once these were learned in these columns: one entry for each thing learned, however many columns hold
    it, or a table with a column from every scaler would hold one for each pair of them."""
    where = frozenset(columns)
    known: dict[tuple[tuple[object, ...], bool], Learned] = {}
    for each in (*data.learned, *(each._replace(columns=where) for each in learned)):
        key = each[:-1], bool(each.columns)
        old = known.get(key)
        known[key] = each if old is None else old._replace(columns=old.columns | each.columns)
    return data._replace(learned=tuple(known.values()))


def has_column(data: Data, column: str) -> bool:
    """Whether the table may still have the column."""
    if data.made_of:
        return column in data.made_of
    return column in data.only if data.only is not None else column not in data.without


def roots(story: Story, frame: int, columns: Iterable[str]) -> frozenset[str]:
    """The columns and all that they were computed from."""
    made = story.frames.get(frame, {})
    found: set[str] = set()
    todo = list(columns)
    while todo:
        column = todo.pop()
        if column not in found:
            found.add(column)
            todo += made.get(column, ())
    return frozenset(found)
