"""Tables and learners inside other values."""

from __future__ import annotations

from handoff_ext.checks.learning.values import Data, Learner, Series


def data_in(value: object) -> list[Data]:
    """All tables and columns in a value."""
    kind = type(value)
    if kind is Data:
        return [value]  # type: ignore[list-item]
    if kind is Series:
        assert isinstance(value, Series)
        return [each for item in (*value.items, *value.keyed.values()) for each in data_in(item)]
    return []


def learners_in(value: object) -> list[Learner]:
    """All learners in a value."""
    if isinstance(value, Learner):
        return [value]
    if isinstance(value, Series):
        return [each for item in (*value.items, *value.keyed.values()) for each in learners_in(item)]
    return []


def flat(learner: Learner) -> list[Learner]:
    """The steps of a pipeline, those of its inner ones too."""
    return [each for step in learner.steps for each in (flat(step) or [step])] if learner.steps else [learner]


def first_data(arguments: list[object], keywords: dict[str, object], names: tuple[str, ...]) -> Data | None:
    """The rows given first, or by one of these names."""
    for value in (*arguments[:1], *(keywords[name] for name in names if name in keywords)):
        found = data_in(value)
        if found:
            return found[0]
    return None


def second_data(arguments: list[object], keywords: dict[str, object]) -> Data | None:
    """The target given second, or by name."""
    for value in (*arguments[1:2], *(keywords[name] for name in ("y", "target", "y_train") if name in keywords)):
        found = data_in(value)
        if found:
            return found[0]
    return None
