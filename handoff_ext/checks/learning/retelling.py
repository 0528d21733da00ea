"""Tell a notebook's story again after an edit: from the last mark before the changed cell, and only as far as what is
known differs from what was known there before."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, NamedTuple

from handoff_ext.checks.learning.events import Evaluation, Fit, Save, Split, Story
from handoff_ext.checks.learning.interpreter import MOST_STATEMENTS, Interpreter
from handoff_ext.checks.learning.values import Instance, Learner, Series

if TYPE_CHECKING:
    from handoff_ext.checks.facts.cell import CellFacts
    from handoff_ext.checks.facts.notebook import NotebookFacts

_STRIDE = 500
"""Statements between two marks."""
_SLOTS: dict[type, tuple[str, ...]] = {
    kind: tuple(each.name for each in dataclasses.fields(kind))
    for kind in (Evaluation, Fit, Instance, Learner, Save, Series, Split, Story)
}
"""What may change or holds something that may; all else that a run knows never changes."""


class _Mark(NamedTuple):
    """What a run knew before the cell at a position."""

    at: int
    run: Interpreter


class Teller:
    """Tells the story of one notebook again and again, each time as ``story_of`` does from the top."""

    def __init__(self) -> None:
        self._told: list[tuple[int, CellFacts]] = []
        self._marks: list[_Mark] = []
        self._end = Interpreter()

    def story_of(self, notebook: NotebookFacts) -> Story:
        """What the notebook's learners saw."""
        cells = [(cell.index, facts) for cell, facts in notebook.code]
        same = _common(self._told, cells)
        if same == len(cells) == len(self._told):
            return self._end.story
        rest = len(cells) - _common(self._told[::-1], cells[::-1]) if len(cells) == len(self._told) else len(cells) + 1
        marks = [each for each in self._marks if each.at <= same]
        before = {each.at: each for each in self._marks if each.at > same}
        self._told, self._marks = [], []  # should anything go wrong, the next story begins at the top
        run, at = (copied(marks[-1].run), marks[-1].at) if marks else (Interpreter(), 0)
        last = run.statements
        while at < len(cells):
            old = before.get(at)
            if old is not None and at >= rest and _know_the_same(run, old.run):
                more = run.statements - old.run.statements
                ahead = [mark for place, mark in before.items() if place >= at]
                if self._is_within_limits(more):
                    for each in (*(mark.run for mark in ahead), self._end):
                        each.statements += more
                    marks += ahead
                    break
                marks += _moved(ahead, more)
                if marks and marks[-1].at > at:
                    run, at = copied(marks[-1].run), marks[-1].at
                before, last = {}, run.statements
            elif run.statements - last >= (_STRIDE if old is None else _STRIDE // 2):
                last = run.statements
                marks += _marked(at, run)
            run.tell(*cells[at])
            at += 1
        else:
            self._end = run
        self._told, self._marks = cells, marks
        return self._end.story

    def _is_within_limits(self, more: int) -> bool:
        """Whether the story ends where it ended, with so many more statements before: there is a most of them."""
        total = self._end.statements
        return not more or max(total, total + more) <= MOST_STATEMENTS


def _know_the_same(run: Interpreter, old: Interpreter) -> bool:
    try:
        return alike(_known(run), _known(old))
    except RecursionError:
        return False


def _moved(marks: list[_Mark], more: int) -> list[_Mark]:
    """Those that the most of statements does not concern, with so many more before them."""
    kept = [each for each in marks if max(each.run.statements, each.run.statements + more) <= MOST_STATEMENTS]
    for each in kept:
        each.run.statements += more
    return kept


def _marked(at: int, run: Interpreter) -> list[_Mark]:
    """A mark, or none where lists are nested too deeply to be copied."""
    try:
        return [_Mark(at, copied(run))]
    except RecursionError:
        return []


def _known(run: Interpreter) -> dict[str, Any]:
    """What a run knows, without names that are bound to nothing known: the same as unbound, if no dot is in them."""
    names = {name: value for name, value in run.names.items() if value is not None or "." in name}
    return {**vars(run), "names": names, "statements": 0}


def _common(one: list[tuple[int, CellFacts]], two: list[tuple[int, CellFacts]]) -> int:
    """How many cells at the beginning are the same at the same place."""
    for at, (a, b) in enumerate(zip(one, two, strict=False)):
        if a[0] != b[0] or a[1] is not b[1]:
            return at
    return min(len(one), len(two))


def copied(value: Any, made: dict[int, Any] | None = None) -> Any:
    """A copy that shares nothing that may change. ``made``: what is copied already, by the id of the original."""
    made = {} if made is None else made
    kind = type(value)
    if kind not in _COPIED:
        return value
    if id(value) in made:
        return made[id(value)]
    if kind is tuple:
        return tuple([copied(each, made) for each in value])
    copy: Any = object.__new__(kind) if kind in _SLOTS or kind is Interpreter else kind()
    made[id(value)] = copy
    if kind is dict:
        copy.update([(key, copied(each, made)) for key, each in value.items()])
    elif kind is list:
        copy.extend([copied(each, made) for each in value])
    elif kind is set:
        copy.update(value)
    elif kind is Interpreter:
        vars(copy).update(copied(vars(value), made))
    else:
        for name in _SLOTS[kind]:
            object.__setattr__(copy, name, copied(getattr(value, name), made))
    return copy


_COPIED = frozenset({dict, list, set, tuple, Interpreter, *_SLOTS})


def alike(one: Any, two: Any, pairs: tuple[dict[int, Any], dict[int, Any]] | None = None) -> bool:
    """Whether two values are equal down to which of their parts are one and the same object.

    ``pairs``: what stands for what so far, both ways.
    """
    there, back = ({}, {}) if pairs is None else pairs
    kind = type(one)
    if kind is not type(two):
        return False
    if kind not in _COPIED:
        return one is two or bool(one == two)
    if kind is not tuple:
        if id(one) in there or id(two) in back:
            return there.get(id(one)) is two and back.get(id(two)) is one
        there[id(one)], back[id(two)] = two, one
    if kind is set:
        return bool(one == two)
    if kind is dict:
        return list(one) == list(two) and all(alike(each, two[key], (there, back)) for key, each in one.items())
    if kind in (list, tuple):
        return len(one) == len(two) and all(alike(a, b, (there, back)) for a, b in zip(one, two, strict=True))
    return all(alike(getattr(one, name), getattr(two, name), (there, back)) for name in _SLOTS[kind])
