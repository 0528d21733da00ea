"""A model is saved without what prepares its inputs.

## What
The saved object is the bare model; its training rows went through a fitted scaler, encoder or vectorizer that is not
saved with it.

## Why
Whoever loads the model has no way to prepare new rows as it was trained, and its answers are wrong without an error.

## Example
    X_train = scaler.fit_transform(X_train)
    model.fit(X_train, y_train)
    joblib.dump(model, "model.pkl")

## Use instead
    model = make_pipeline(scaler, model).fit(X_train, y_train)
    joblib.dump(model, "model.pkl")
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.learning.columns import has_column
from handoff_ext.checks.learning.events import Story
from handoff_ext.checks.learning.hits import spot_of
from handoff_ext.checks.learning.values import Data
from handoff_ext.checks.rule import Hit, Rule

_KINDS = ("scale", "impute", "encode", "select", "reduce", "vectorize")


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each model that is saved so."""
    story = notebook.story
    saved = {id(each.saved) for each in story.saves if each.saved is not None}
    told: set[int] = set()
    for save in story.saves:
        model = save.saved
        if model is None or not model.predicts or model.fitted is None or id(model) in told:
            continue
        missing = [
            learner.name
            for learner in story.learners
            if learner.id in model.fitted.transformed_by
            and learner.kind in _KINDS
            and id(learner) not in saved
            and _reaches(story, learner.id, model.fitted)
        ]
        if missing:
            told.add(id(model))
            names = " and ".join(f"`{name[:24]}`" for name in missing[:2])
            message = (
                f"`{model.name[:30]}` is saved without {names}, which its rows went through. Save them as one pipeline."
            )
            yield Hit(
                spot=spot_of(notebook, save.place), message=message[:140], anchor=model.name, cell=save.place.cell
            )


def _reaches(story: Story, learner: int, x: Data) -> bool:
    """Whether what a transformer computed can be among the features: not where it went to other columns."""
    columns = story.written.get(learner)
    return columns is None or any(has_column(x, column) for column in columns)


RULE = Rule(
    code="FEAT003",
    name="not-in-saved-model",
    severity="warning",
    why="Whoever loads the model cannot prepare new rows as it was trained, and gets wrong answers without an error.",
    notebook=check,
)
