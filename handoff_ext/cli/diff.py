"""``handoff diff``: what changed, summed up, and nbdime's diff below it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from handoff_ext.cli.output import print_json
from handoff_ext.publish.review.differences import Differences
from handoff_ext.publish.review.sides import Side

TITLES = {
    "steps": "Steps",
    "parameters": "Parameters",
    "inputs": "Model inputs",
    "packages": "Exact package list",
    "metrics": "Metrics",
    "answers": "Answers of the plan",
    "cells": "Cells",
}


@click.command("diff")
@click.argument("before")
@click.argument("after")
@click.option("--tracking-uri", default="", help="MLflow's store, for models:/NAME/VERSION.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown", "web"]),
    default="text",
    show_default=True,
    help="markdown: for pull requests; web: nbdime's page in the browser.",
)
def command(before: str, after: str, tracking_uri: str, form: str) -> int:
    """Compare notebooks, pipelines, models:/NAME/VERSION or git revisions (REV, or REV:PATH). Outputs don't count."""
    from handoff_ext.publish.review import differences, open_side

    old, new = open_side(before, tracking_uri), open_side(after, tracking_uri)
    found = differences(old, new, color=form == "text" and sys.stdout.isatty())
    if form == "json":
        print_json({"summary": found.summary, "notebooks": found.notebooks})
    elif form == "markdown":
        click.echo(_markdown(before, after, found))
    elif form == "web":
        return _web(before, after, old, new, found)
    else:
        click.echo(_text(before, after, found))
    return 0


def _text(before: str, after: str, found: Differences) -> str:
    if not found:
        return f"No difference between {before} and {after}."
    lines = [f"From {before} to {after}"]
    for subject, title in TITLES.items():
        lines += [f"  {title}: {said}" for said in found.summary.get(subject, ())]
    return "\n".join([*lines, "", *found.notebooks.values()])


def _markdown(before: str, after: str, found: Differences) -> str:
    if not found:
        return f"No difference between `{before}` and `{after}`."
    lines = _summary(before, after, found)
    for name, text in found.notebooks.items():
        # A fence longer than any in the text cannot be closed by it.
        fence = "`" * max(3, max((len(run) for run in _ticks(text)), default=0) + 1)
        lines += [f"<details><summary>{name}</summary>", "", f"{fence}diff", text.rstrip(), fence, "", "</details>", ""]
    return "\n".join(lines)


def _summary(before: str, after: str, found: Differences) -> list[str]:
    """Lines of Markdown: what changed, subject by subject."""
    lines = [f"### From `{before}` to `{after}`", ""]
    for subject, title in TITLES.items():
        said = found.summary.get(subject, [])
        lines += [f"**{title}**", "", *(f"- {each}" for each in said), ""] if said else []
    return lines


def _ticks(text: str) -> list[str]:
    return [part for part in "".join(sign if sign == "`" else " " for sign in text).split() if part]


def _web(before: str, after: str, old: Side, new: Side, found: Differences) -> int:
    changed = [pair for pair in found.pairs if pair[1] in found.notebooks]
    if not changed:
        click.echo(_text(before, after, found))
        return 0
    summary = "\n".join(_summary(before, after, found))
    with tempfile.TemporaryDirectory(prefix="handoff-diff-") as aside:
        for one, other in changed:
            paths = [Path(aside, f"{side}-{Path(name).name}") for side, name in (("before", one), ("after", other))]
            for path, notebook in zip(paths, (old.notebooks[one], new.notebooks[other]), strict=True):
                path.write_text(json.dumps(_under(summary, notebook)), encoding="utf-8")
            subprocess.run([sys.executable, "-m", "nbdime.webapp.nbdiffweb", *map(str, paths)], check=False)
    return 0


def _under(summary: str, notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook below the summary: nbdime's page has no other place above its diff. On both sides, so that it counts
    as no difference."""
    cell = {"cell_type": "markdown", "metadata": {}, "source": summary}
    if notebook.get("nbformat_minor", 0) >= 5:
        cell["id"] = "handoff-summary"
    return {**notebook, "cells": [cell, *notebook["cells"]]}
