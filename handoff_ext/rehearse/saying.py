"""What a rehearsal found, in the lines that the command line and the sidebar show."""

from __future__ import annotations

from handoff_ext.contracts.evidence import RehearsalRecord, Verdict

_SHOWN = {True: "passed", False: "failed", None: "not tried"}


def evidence_lines(record: RehearsalRecord) -> list[str]:
    """Both verdicts with what was compared, what was cut off and what could not be, and the seconds of each part."""
    cut = [what for what, done in record.isolated.items() if done]
    left = [what for what, done in record.isolated.items() if not done]
    lines = [
        f"Predicts: {_said(record.predicts)}",
        f"Retrains: {_said(record.retrains)}",
        f"Cut off: {', '.join(cut) or 'nothing'}" + (f"; not cut off: {', '.join(left)}" if left else ""),
    ]
    parts = [f"{name} {seconds:.1f} s" for name, seconds in record.steps.items() if ": " not in name]
    return [*lines, f"Took: {', '.join(parts)}"] if parts else lines


def _said(verdict: Verdict) -> str:
    compared = (
        f", {verdict.compared_values:,} values compared, largest difference {verdict.max_difference:.2g}"
        if verdict.compared_values
        else ""
    )
    reason = verdict.reason.removeprefix("Not tried: ")
    joint = ". " if verdict.passed or not reason else ": "
    return f"{_SHOWN[verdict.passed]}{compared}{joint}{reason}".strip()
