"""The answer is among the model's inputs.

## What
The target is not taken out of the features, or a column that the target is computed from, or one computed from the
target, is among
them.

## Why
The model copies the answer. When it is asked for real, the column is not there, or not yet true.

## Example
    rows["late"] = rows["arr_delay"] > 15
    X, y = rows.drop(columns="late"), rows["late"]  # arr_delay is still in X

## Use instead
    X, y = rows.drop(columns=["late", "arr_delay"]), rows["late"]
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.fixing.columns import leave_out, list_of
from handoff_ext.checks.learning.features import targets_among_features
from handoff_ext.checks.learning.hits import spot_of
from handoff_ext.checks.rule import Hit, Rule

_WORDS = {
    "is": "The target `{column}` is among the features of `{x}`. Drop it.",
    "source": "`{column}`, from which the target `{target}` is computed, is among the features. Drop it.",
    "made": "`{column}` is computed from the target `{target}` and is among the features. Drop it.",
}


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each such column."""
    told: set[str] = set()
    for pair, column, how in targets_among_features(notebook.story):
        if column in told:
            continue
        told.add(column)
        target = next(iter(sorted(pair.y.only or ())))
        words = _WORDS[how].format(column=column[:30], target=target[:30], x=pair.x.name or "the model")
        yield Hit(
            spot=spot_of(notebook, pair.place),
            message=words,
            anchor=column,
            cell=pair.place.cell,
            confidence="high" if pair.x.only is not None or how == "is" else "medium",
            fixable=list_of(notebook, column) is not None,
            subject=column,
        )


RULE = Rule(
    code="FEAT001",
    name="target-among-features",
    severity="error",
    why="The model copies the answer; when it is asked for real, the column is not there.",
    notebook=check,
    fix=leave_out,
)
