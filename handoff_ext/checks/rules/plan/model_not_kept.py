"""A model that is gone when the kernel stops.

## What
A model is fitted, and nothing saves, logs or exports it. The pipeline that is extracted keeps it; the notebook alone
does not.

## Why
Whoever needs the model has to train it again, and gets another one.

## Example
    model.fit(X_train, y_train)

## Use instead
    joblib.dump(model, "model.joblib")
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.fixing.draft import Draft
from handoff_ext.checks.learning.events import Fit
from handoff_ext.checks.learning.hits import spot_of
from handoff_ext.checks.rule import Hit, Rule
from handoff_ext.checks.state import bound_by

_KEEPS = re.compile(
    r"\b(?:joblib|pickle|cloudpickle|dill|skops)\b[\w.]*\.?dump|\.save(?:_model|_pretrained|_weights)?\(|torch\.save|log_model|ModelCheckpoint|"
    r"to_onnx|convert_sklearn|export|\.write\(\)\.overwrite|autolog\(|save_model\(|\bdump\("
)


_WORDS = ("dump", "save", "log_model", "ModelCheckpoint", "onnx", "convert_sklearn", "export", "overwrite", "autolog")
"""Without one of these none of those is there."""


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit, at the last fit."""
    models = [fit for fit in notebook.story.models if fit.learner.kind != "cluster"]
    text = notebook.text
    if not models or notebook.story.saves or (any(word in text for word in _WORDS) and _KEEPS.search(text)):
        return
    last = models[-1]
    saving = _saving(notebook, last)
    yield Hit(
        spot=spot_of(notebook, last.place),
        message=f"`{last.learner.name[:40]}` is gone when the kernel stops. Save it; an extracted pipeline keeps it.",
        anchor="kept",
        cell=last.place.cell,
        fixable=bool(saving),
        subject=saving,
    )


def _saving(notebook: NotebookFacts, fit: Fit) -> str:
    """The cell that saves the model, in the way of its library; empty where nothing holds the fitted model."""
    name = fit.learner.name
    if re.search(r"^\s*(?:import|from) pyspark\b", notebook.text, re.M):  # what is fitted there is a new object
        name = _assigned(notebook, fit)
        return f'{name}.write().overwrite().save("{name}")' if name else ""
    if name == fit.learner.type or not any(
        name in bound_by(facts) for cell, facts in notebook.code if cell.index <= fit.place.cell
    ):
        return ""  # nothing is called so where the new cell stands
    if fit.learner.type == "Sequential":
        return f'{name}.save("{name}.keras")'
    return f'import joblib\n\njoblib.dump({name}, "{name}.joblib")'


def _assigned(notebook: NotebookFacts, fit: Fit) -> str:
    tree = notebook.facts[fit.place.cell].parsed.tree
    for node in tree.body if tree is not None else ():
        if isinstance(node, ast.Assign) and node.value is fit.place.node and isinstance(node.targets[0], ast.Name):
            return node.targets[0].id
    return ""


def fix(draft: Draft, cell_index: int, hit: Hit) -> None:
    """A cell that saves the model, behind the one that fits it."""
    draft.insert(cell_index + 1, str(hit.subject))


RULE = Rule(
    code="PLAN003",
    name="model-not-kept",
    severity="info",
    why="Whoever needs the model has to train it again, and gets another one.",
    notebook=check,
    fix=fix,
)
