"""A path of one computer in a magic, a shell line or `sys.path`.

## What
`%cd`, `%run`, `!unzip`, `!cp`, `%%bash`, `os.system` with an absolute, home or platform path; `%cd` and `%run` that
lead out of
the folder; `sys.path.insert` and `sys.path.append` with such a path.

## Why
The line fails elsewhere, or silently works on other files, and what follows runs in another folder than it was
written for.

## Example
    %cd /content/drive/MyDrive/churn
    sys.path.insert(0, "/home/joe/lib")

## Use instead
    !unzip -q {ROWS_ZIP}  # a parameter; IPython fills it in
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.fixing.paths import fix_path
from handoff_ext.checks.paths.hits import path_hit
from handoff_ext.checks.rule import Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each path in a magic, a command or the import path."""
    for placed in notebook.paths:
        use = placed.use
        if use.action == "run":
            inside = use.magic in ("writefile", "file") and not notebook.facts[placed.cell.index].lines[
                use.spot.line - 1
            ].startswith("%%")
            what = "The written file" if inside else "A command"
            yield path_hit(placed, what + " uses `{path}`, which other computers don't have. Make it a parameter.")
        elif use.action == "import" and use.kind != "private":
            yield path_hit(
                placed, "Modules are imported from `{path}`, which others don't have. Put them in the project."
            )


RULE = Rule(
    code="PATH006",
    name="path-in-magic",
    severity="warning",
    why="The line fails on other computers, or works on other files than it was written for.",
    notebook=check,
    fix=fix_path,
)
