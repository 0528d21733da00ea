"""What a person changed by hand in the steps that were extracted from a notebook."""

from __future__ import annotations

from difflib import unified_diff
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from handoff_ext.contracts.errors import HandoffError, NotFound
from handoff_ext.contracts.names import pipeline_folder
from handoff_ext.contracts.words import count, step_title
from handoff_ext.server.analysis.folders import manifest_of
from handoff_ext.server.paths import confined

if TYPE_CHECKING:
    from handoff_ext.contracts.pipeline import Manifest
    from handoff_ext.contracts.sidebar import Comparison


def edited(notebook: Path, manifest: Manifest) -> list[str]:
    """Names of the stages whose cells are not as they were extracted; outputs don't count."""
    return [stage.name for stage in manifest.stages if _difference(notebook, stage.notebook, stage.name)]


def own_edits(root: Path, path: str) -> Comparison:
    """The edits themselves, stage by stage. Raises ``NotFound`` where nothing was extracted."""
    from handoff_ext.contracts.sidebar import Comparison

    file = confined(root, path)
    manifest = manifest_of(file)
    if manifest is None:
        raise NotFound("No steps are built yet.", "Press Test run, or Build only.")
    found = {stage.name: _difference(file, stage.notebook, step_title(stage.name)) for stage in manifest.stages}
    changed = {name: lines for name, lines in found.items() if lines}
    return Comparison(
        summary=[
            f"{step_title(name)}: {count(sum(line.startswith('@@') for line in lines), 'place')} edited"
            for name, lines in changed.items()
        ],
        diff="\n".join(line for lines in changed.values() for line in lines),
    )


def _difference(notebook: Path, stage: str, title: str) -> list[str]:
    folder = pipeline_folder(notebook)
    before, after = _lines(folder / ".base" / stage), _lines(folder / stage)
    if before is None or after is None:
        return []
    return [
        f"@@ {title} @@" if line.startswith("@@") else line
        for line in islice(unified_diff(before, after, lineterm="", n=1), 2, None)
    ]


def _lines(file: Path) -> list[str] | None:
    """The sources of a notebook's cells, one after the other; None where it cannot be read."""
    from handoff_ext.cells.read import read_notebook

    try:
        return [line for cell in read_notebook(file).cells for line in [*cell.source.split("\n"), ""]]
    except HandoffError:
        return None
