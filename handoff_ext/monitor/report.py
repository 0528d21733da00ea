"""A check as one HTML file that needs nothing else: for people who decide and review."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.plan import Plan
from handoff_ext.contracts.watching import Check
from handoff_ext.ledger.store import Store
from handoff_ext.monitor.people import people_words

WIDE, HIGH = 560, 96


def write_report(check: Check, plan: Plan, store: Store, path: Path) -> None:
    """Write the report beside its place, then rename it.

    Raises:
        HandoffError: it cannot be written there.
    """
    text = report(check, plan, store)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(aside).chmod(0o644)
        Path(aside).replace(path)
    except OSError as error:
        raise HandoffError(f"{path.name} cannot be written there.", "Give another place with --report.") from error


def report(check: Check, plan: Plan, store: Store) -> str:
    """The report's HTML."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("handoff_ext.monitor", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    moved = [each for each in check.watched if each.kind != "limit"]  # limits have a table of their own
    inputs = [each for each in moved if each.cause == "inputs" and each.kind == "PSI"]
    rates = [each for each in moved if each.cause in {"inputs", "answers"} and each.kind != "PSI"]
    return environment.get_template("report.html").render(
        check=check,
        plan=plan,
        inputs=sorted(inputs, key=lambda each: (not each.alarming, -each.effect)),
        rates=[each for each in rates if each.alarming or each.effect > 0],
        answers=[each for each in moved if each.cause == "answers" and each.kind == "PSI"],
        outcomes=[each for each in moved if each.cause == "outcomes"],
        people=people_words(check.figures.get("people", {})),
        decisions=store.decisions(check.model)[:50],
        past=[alert for alert in store.alerts(check.model) if alert.closed][:50],
        line=sparkline(check.points),
        wide=WIDE,
        high=HIGH,
    )


def sparkline(points: Sequence[float | None]) -> dict[str, Any]:
    """An SVG polyline's points and the range they show; gaps break nothing, they are left out."""
    known = [(place, value) for place, value in enumerate(points) if value is not None]
    if len(known) < 2:
        return {"points": "", "low": 0.0, "high": 0.0}
    values = [value for _, value in known]
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    step = WIDE / max(1, len(points) - 1)
    drawn = " ".join(
        f"{place * step:.1f},{HIGH - 6 - (HIGH - 12) * (value - low) / span:.1f}" for place, value in known
    )
    return {"points": drawn, "low": low, "high": high}
