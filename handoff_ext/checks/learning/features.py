"""Columns that tell the answer: the target itself, what it is computed from, what is computed from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from handoff_ext.checks.learning.columns import has_column, roots
from handoff_ext.checks.learning.events import Story
from handoff_ext.checks.learning.values import Data, Place
from handoff_ext.checks.words import words

AFTERWARDS = words("delay delays duration overrun lateness loss losses refund damage claim claims paid outcome")
"""Last words of columns that are measured when it is over: beside a target of the same word they are its siblings."""


_FEW = 2
"""A target made of more columns than these was made up from its features, to have data."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Features and target as they are given to a split or a model."""

    x: Data
    y: Data
    place: Place
    moment: int


def pairs_of(story: Story) -> Iterator[Pair]:
    """Each pair of features and target once."""
    seen: set[tuple[object, ...]] = set()
    # what folds are drawn by need not be the target: ``folds.split(rows, rows["group"])``
    drawn = (split for split in story.splits.values() if not split.id.startswith("folds"))
    given = [split for split in drawn if len(split.inputs) >= 2]
    found = [Pair(each.inputs[0], each.inputs[1], each.place, each.moment) for each in given]
    found += [Pair(fit.x, fit.y, fit.place, fit.moment) for fit in story.models if fit.y is not None]
    for pair in found:
        key = (pair.x.frame, pair.x.only, pair.x.without, pair.y.only)
        if pair.x.frame >= 0 and pair.x.frame == pair.y.frame and pair.y.only and key not in seen:
            seen.add(key)
            yield pair


def targets_among_features(story: Story) -> Iterator[tuple[Pair, str, str]]:
    """Features that are the target or have to do with it: pair, column, how."""
    for pair in pairs_of(story):
        assert pair.y.only is not None
        if len(pair.y.only) > 3 or pair.x.only == pair.y.only:
            continue
        made_from = roots(story, pair.y.frame, pair.y.only) - pair.y.only
        for target in sorted(pair.y.only):
            if has_column(pair.x, target):
                yield pair, target, "is"
        for source in sorted(made_from) if len(made_from) <= _FEW else ():
            if has_column(pair.x, source):
                yield pair, source, "source"
        made = story.frames.get(pair.x.frame, {})
        for column in sorted(made):
            key = pair.x.frame, column
            if story.made_at.get(key, 0) > pair.moment or (pair.x.only is None and key in story.cut):
                continue
            if column not in pair.y.only | made_from and has_column(pair.x, column) and made[column] & pair.y.only:
                yield pair, column, "made"


def feature_names(story: Story, pair: Pair) -> frozenset[str]:
    """The columns that are certainly among the features, as far as the code names them."""
    if pair.x.only is not None:
        return pair.x.only
    named = story.columns.get(pair.x.frame, set()) | set(story.frames.get(pair.x.frame, {}))
    return frozenset(column for column in named if column not in pair.x.without and column not in (pair.y.only or ()))


def known_afterwards(story: Story, pair: Pair, plan: Mapping[str, Any] | None) -> Iterator[tuple[str, bool]]:
    """Features known only after the event: column, and whether the plan says so."""
    said = _said(plan)
    sources = roots(story, pair.y.frame, pair.y.only or ())
    endings = {_last_word(source) for source in sources} & AFTERWARDS
    for column in sorted(feature_names(story, pair)):
        if said.get(column) is False:
            yield column, True
        elif column not in said and column not in sources and _last_word(column) in endings:
            yield column, False


def _said(plan: Mapping[str, Any] | None) -> dict[str, bool]:
    columns = plan.get("columns") if plan is not None else None
    if not isinstance(columns, Mapping):
        return {}
    said = {name: each.get("known_when_deciding") for name, each in columns.items() if isinstance(each, Mapping)}
    return {str(name): value for name, value in said.items() if isinstance(value, bool)}


def _last_word(column: str) -> str:
    return column.lower().replace("-", "_").replace(" ", "_").rpartition("_")[2]
