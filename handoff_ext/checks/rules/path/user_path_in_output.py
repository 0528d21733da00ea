"""A person's home folder in an output, in prose or in metadata.

## What
Outputs (tracebacks, warnings, printed paths), markdown and metadata that hold a path such as `/home/joe/...` or
`C:\\Users\\joe\\...`. One finding a cell.

## Why
It tells a login and the layout of a computer to everybody who gets the notebook.

## Example
    C:\\Users\\joe\\Anaconda3\\lib\\site-packages\\sklearn\\base.py:450: UserWarning

## Use instead
Clear the output, or run the cell again elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from handoff_ext.cells.model import Output
from handoff_ext.checks.facts.cell import CellFacts, spot_in
from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.fixing.draft import Draft
from handoff_ext.checks.paths.recognise import users_paths_in
from handoff_ext.checks.paths.words import short
from handoff_ext.checks.rule import Hit, Rule, Spot
from handoff_ext.checks.words import words


def output(outputs: tuple[Output, ...]) -> Iterator[Hit]:
    """One hit for the outputs of a cell."""
    for each in outputs:
        for start, end, user in users_paths_in(each.text):
            spot = Spot(1, 1, 1, 1, "output")
            message = f"The output shows `{short(each.text[start:end])}`. Clear it before you share the notebook."
            yield Hit(spot=spot, message=message, anchor=user, fixable=True, safe=True)
            return


def cell(facts: CellFacts) -> Iterable[Hit]:
    """One hit for a markdown cell."""
    if facts.kind != "markdown":
        return ()
    for start, end, user in users_paths_in(facts.source):
        spot = spot_in(facts.source, start, end, "markdown")
        message = f"The text names `{short(facts.source[start:end])}`, which only one computer has."
        return (Hit(spot=spot, message=message, anchor=user, confidence="medium"),)
    return ()


_QUIET = words("tags collapsed scrolled id _uuid _cell_guid colab_type slideshow execution trusted ExecuteTime")


def metadata(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for the notebook's metadata, one for each cell's."""
    places = [(-1, notebook.notebook.metadata), *((each.index, each.metadata) for each in notebook.notebook.cells)]
    for index, value in places:
        if value.keys() <= _QUIET:
            continue
        try:
            text = json.dumps(value, ensure_ascii=False, default=str)
        except (ValueError, RecursionError):
            continue
        for start, end, user in users_paths_in(text):
            spot = Spot(1, 1, 1, 1, "metadata")
            yield Hit(spot=spot, message=f"The metadata holds `{short(text[start:end])}`.", anchor=user, cell=index)
            break


def fix(draft: Draft, cell_index: int, hit: Hit) -> None:
    """Clear the outputs."""
    if hit.spot.where == "output":
        draft.clear(cell_index)


RULE = Rule(
    code="PATH008",
    name="user-path-in-output",
    severity="info",
    why="It tells a login and the layout of a computer to everybody who gets the notebook.",
    cell=cell,
    output=output,
    notebook=metadata,
    fix=fix,
)
