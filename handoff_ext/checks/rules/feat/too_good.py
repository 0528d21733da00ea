"""A column that alone is nearly as good as the model.

## What
A column of the raw row that by itself scores what the whole model scores on the held-out rows, or scores well on rows
drawn at random and badly on later ones. Measured by `handoff parity`, in `evidence/columns.json` of the pipeline beside
the notebook.

## Why
Such a column mostly is the answer under another name, or is written down after the event: live it is missing, and the
model is as good as nothing.

## Example
    features = ["distance", "hour", "refund_issued"]  # predicts complaints; refunds follow complaints

## Use instead
Leave it out; or, where it really is known, say so in the plan:
`columns: {refund_issued: {known_when_deciding: true, reason: ...}}`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.fixing.columns import leave_out, list_of
from handoff_ext.checks.learning.features import feature_names, pairs_of
from handoff_ext.checks.learning.hits import spot_of
from handoff_ext.checks.rule import Hit, Rule
from handoff_ext.contracts.names import pipeline_folder


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each such column that the notebook still uses and the plan says nothing of."""
    sentences = _measured(notebook)
    if not sentences:
        return
    said = (notebook.plan or {}).get("columns") or {}
    pairs = list(pairs_of(notebook.story))
    for column, sentence in sentences.items():
        about = said.get(column) if isinstance(said, dict) else None
        if isinstance(about, dict) and isinstance(about.get("known_when_deciding"), bool):
            continue
        pair = next((each for each in pairs if column in feature_names(notebook.story, each)), None)
        if pair is None:
            continue
        yield Hit(
            spot=spot_of(notebook, pair.place),
            message=sentence,
            anchor=column,
            cell=pair.place.cell,
            fixable=list_of(notebook, column) is not None,
            subject=column,
        )


def _measured(notebook: NotebookFacts) -> dict[str, str]:
    """What the last parity check of the pipeline beside the notebook showed."""
    if notebook.folder is None:
        return {}
    file = pipeline_folder(notebook.folder / Path(notebook.notebook.path).name) / "evidence" / "columns.json"
    if not file.is_file():
        return {}
    from handoff_ext.checks.worth import too_good
    from handoff_ext.contracts.evidence import ColumnsRecord

    try:
        return too_good(ColumnsRecord.model_validate(json.loads(file.read_bytes())))
    except ValueError:  # damaged: parity writes it again
        return {}


RULE = Rule(
    code="FEAT005",
    name="too-good",
    severity="warning",
    why="It may be the answer under another name, and missing when the model is needed.",
    notebook=check,
    fix=leave_out,
)
