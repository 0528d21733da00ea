"""First part of the road: from the notebook as it is to a pipeline."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from handoff_ext.cells.edit import apply_change
from handoff_ext.cells.read import from_json, read_notebook, read_raw
from handoff_ext.contracts.errors import GateFailed, HandoffError
from handoff_ext.contracts.words import count, severity_counts
from handoff_ext.ship.journey import Journey, Skipped

if TYPE_CHECKING:
    from handoff_ext.contracts.finding import CheckReport


def check(journey: Journey) -> str:
    """Look for problems. Without ``yes`` and not as a draft, a problem that must be fixed ends the road here.

    Raises:
        GateFailed: where problems stand in the way.
    """
    journey.report = _check(journey)
    found = severity_counts(journey.report.findings)
    must = [finding for finding in journey.report.findings if finding.severity == "error"]
    options = journey.options
    if must and options.until == "predict" and not (options.yes or options.draft):
        first = must[0]
        raise GateFailed(
            f"{count(len(must), 'problem')} must be fixed first, e.g. {first.message}",
            "Fix them (handoff check --fix), or take all safe fixes on a copy with --yes.",
        )
    return found


def fix(journey: Journey) -> str:
    """Take all safe fixes, on a copy beside the pipeline's runs; the source is never written.

    Raises:
        Skipped: without ``yes``.
    """
    if not journey.options.yes:
        raise Skipped("not asked for (--yes)")
    from handoff_ext.checks import fix as fixes

    raw = read_raw(journey.source)
    fixed = fixes(from_json(str(journey.source), raw))
    journey.secrets.update(fixed.secrets)
    journey.copy(apply_change(raw, fixed.change))
    journey.report = _check(journey)
    return f"{count(len(fixed.change.keys), 'problem')} fixed; left: {severity_counts(journey.report.findings)}"


def tag(journey: Journey) -> str:
    """Keep the suggested steps as tags, on the copy, where the notebook has no steps yet.

    Raises:
        HandoffError: where no steps can be suggested.
        Skipped: where the notebook says itself what belongs to which step.
    """
    from handoff_ext.pipeline import change_from, suggest

    notebook = read_notebook(journey.notebook)
    kept = Counter(tag for cell in notebook.cells for tag in cell.tags if tag.startswith("stage:"))
    if kept:
        raise Skipped(f"{count(sum(kept.values()), 'cell')} tagged already, {count(len(kept), 'step')}")
    suggestion = suggest(notebook, model=journey.options.model)
    if suggestion.problem:
        raise HandoffError(suggestion.problem, suggestion.hint)
    if not journey.options.yes and journey.options.until == "predict":
        raise HandoffError(
            f"No cell of {journey.source.name} says which step it belongs to.",
            "Tag cells (handoff tag --write), or take the suggestions on a copy with --yes.",
        )
    raw = read_raw(journey.notebook)
    change = change_from(suggestion)
    journey.copy(apply_change(raw, change))
    steps = {tag for tags in change.tags.values() for tag in tags if tag.startswith("stage:")}
    return f"{count(len(change.tags), 'cell')} in {count(len(steps), 'step')}"


def extract(journey: Journey) -> str:
    """Write the pipeline's folder."""
    from handoff_ext.pipeline import extract as write_pipeline

    journey.manifest = write_pipeline(journey.notebook, out=journey.folder, model=journey.options.model)
    return ", ".join(stage.name for stage in journey.manifest.stages)


def _check(journey: Journey) -> CheckReport:
    from handoff_ext.checks import check_notebook

    return check_notebook(read_notebook(journey.notebook))
