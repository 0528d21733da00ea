"""A password or key in an output or in metadata.

## What
A key printed by a cell, an environment listing, an error message with a connection string; a key in the notebook's or
a cell's
metadata. Ids that tools write there (`_uuid`, `authorship_tag`) and images are not meant.

## Why
The code is clean, the file is not: outputs are saved, shared and kept in history like everything else.

## Example
    print(os.environ)

## Use instead
Clear the output, don't print it, and change the key.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from handoff_ext.cells.model import Output
from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.fixing.draft import Draft
from handoff_ext.checks.rule import Hit, Rule, Spot
from handoff_ext.checks.secrets.running import Secret, secrets_in_text
from handoff_ext.checks.secrets.shown import shown
from handoff_ext.checks.words import words

_TOOLS = words(
    """
    _uuid _cell_guid authorship_tag widgets colab id executionInfo outputId nbpresent execution language_info
    kernelspec toc interpreter hash papermill datalore vscode deepnote kaggle
    """
)


def output(outputs: tuple[Output, ...]) -> Iterator[Hit]:
    """One hit for each secret that the outputs show."""
    for each in outputs:
        attached = each.kind == "attachment"
        spot = Spot(1, 1, 1, 1, "markdown" if attached else "output")
        place = "in an attachment. Remove it" if attached else "in the output. Clear it"
        for secret in secrets_in_text(each.text):
            yield _hit(secret, each.text, spot, f"{{what}}, {place} and change the {{kind}}.")


def metadata(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each secret in metadata."""
    places = [(-1, notebook.notebook.metadata), *((each.index, each.metadata) for each in notebook.notebook.cells)]
    for index, value in places:
        text = _text(value)
        for secret in secrets_in_text(text, prose=False) if text else ():
            message = "{what}, in the metadata. Remove it and change the {kind}."
            yield _hit(secret, text, Spot(1, 1, 1, 1, "metadata"), message, index)


def _text(metadata: Mapping[str, Any]) -> str:
    """What people or foreign tools put there; ids that known tools write are no secrets."""
    own = {key: value for key, value in metadata.items() if key not in _TOOLS and isinstance(value, str | dict | list)}
    own = {key: value for key, value in own.items() if key != "tags" and value}
    run = metadata.get("papermill")
    if isinstance(run, dict) and run.get("parameters"):
        own["parameters"] = run["parameters"]
    if not own:
        return ""
    try:
        return json.dumps(own, ensure_ascii=False, default=str)[:50_000]
    except (ValueError, RecursionError):
        return ""


def _hit(secret: Secret, text: str, spot: Spot, message: str, cell: int | None = None) -> Hit:
    what = shown(secret.kind, text[secret.start : secret.end])
    return Hit(
        spot=spot,
        message=message.format(what=what[0].upper() + what[1:], kind=secret.kind),
        anchor=f"{secret.kind} {secret.variable}",
        cell=cell,
        confidence="high" if secret.known else "medium",
        fixable=spot.where == "output",
        safe=True,
        subject=(secret.kind, text[secret.start : secret.end]),
    )


def fix(draft: Draft, cell_index: int, hit: Hit) -> None:
    """Clear the outputs."""
    draft.clear(cell_index)
    draft.advise(f"Change the {shown(*hit.subject)}: who had the notebook has it, and so has its history.")


RULE = Rule(
    code="CRED007",
    name="secret-in-output",
    severity="error",
    why="Outputs and metadata are saved and shared with the notebook.",
    output=output,
    notebook=metadata,
    fix=fix,
)
