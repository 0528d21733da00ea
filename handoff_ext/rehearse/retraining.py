"""The second verdict: whether a stranger could train the model again."""

from __future__ import annotations

import json
import math
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.evidence import RunRecord, Verdict
from handoff_ext.publish.environments import environment
from handoff_ext.publish.inputs import Input, bring, read_inputs
from handoff_ext.publish.lockscan import refuse_unhashed
from handoff_ext.rehearse.isolation import run_apart

CHEAP = 30.0
"""Seconds of training up to which it is tried."""

_KERNEL, _TOLERANCE = "handoff-clean", 1e-6


def retrains(folder: Path, work: Path, hidden: Path | None) -> Verdict:
    """Run the version's pipeline again, in an environment made of its own package list, and compare its metrics.

    Its inputs travelled with the version or are fetched from their addresses before the network goes off, and must
    hold what they held in training. Not tried, with the reason, where an input lies only on the author's computer or
    training takes long.

    Args:
        folder: the version's files.
        work: the clean machine's folder.
        hidden: the folder that must not be seen.
    """
    try:
        record = RunRecord.model_validate_json((folder / "evidence" / "run.json").read_bytes())
    except (OSError, ValidationError):
        return Verdict(reason="Not tried: the version holds no record of its run.")
    inputs = read_inputs(folder / "pipeline")
    reason = _why_not(folder, record, inputs)
    if reason:
        return Verdict(reason=f"Not tried: {reason}.")
    assert record.environment is not None
    lock = folder / "pipeline" / "requirements.lock"
    try:
        refuse_unhashed(lock.read_text(encoding="utf-8"), lock.name)
        python = environment(lock, record.environment.python)
        return _compared(record, _run(python, folder, work, hidden, inputs))
    except HandoffError as error:
        return Verdict(passed=False, reason=error.message)


def _why_not(folder: Path, record: RunRecord, inputs: Mapping[str, Input]) -> str:
    missing = {name: inputs.get(name, Input()) for name in sorted({*record.inputs, *inputs})}
    named = [f"{name} ({each.why})" if each.why else name for name, each in missing.items() if not each.file + each.uri]
    if named:
        return f"only on the author's computer: {', '.join(named)}"
    seconds = sum(stage.seconds for stage in record.stages)
    if seconds > CHEAP:
        return f"training takes {seconds:.0f} seconds"
    lock = folder / "pipeline" / "requirements.lock"
    if record.environment is None or not lock.is_file():
        return "the version holds no package list of its steps"
    return "" if "\nipykernel==" in lock.read_text(encoding="utf-8") else "its package list holds no kernel"


def _run(python: Path, folder: Path, work: Path, hidden: Path | None, inputs: Mapping[str, Input]) -> RunRecord:
    pipeline, spec = work / "pipeline", work / "jupyter" / "kernels" / _KERNEL
    shutil.copytree(folder / "pipeline", pipeline)
    given = [part for name, path in bring(inputs, pipeline).items() for part in ("-p", name, path)]
    spec.mkdir(parents=True)
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (spec / "kernel.json").write_text(
        json.dumps({"argv": argv, "display_name": "Clean", "language": "python"}), encoding="utf-8"
    )
    command = [sys.executable, "-m", "handoff_ext", "run", str(pipeline), "--kernel", _KERNEL, "--format", "json"]
    command += given
    outcome = run_apart(command, work, hidden, 40 * CHEAP, {"JUPYTER_PATH": str(work / "jupyter")})
    try:
        record = RunRecord.model_validate_json((pipeline / "evidence" / "run.json").read_bytes())
    except (OSError, ValidationError) as error:
        last = (outcome.said.strip().splitlines() or ["no reason given"])[-1]
        raise HandoffError(f"The steps did not run: {last[:300]}") from error
    failed = next((stage for stage in record.stages if stage.status not in {"ok", "cached"}), None)
    if failed:
        raise HandoffError(f"Step {failed.name} failed: {failed.error[:300]}")
    return record


def _compared(before: RunRecord, after: RunRecord) -> Verdict:
    found = {metric.name: metric.pipeline for metric in after.metrics if metric.pipeline is not None}
    worst, compared, name = 0.0, 0, ""
    for metric in before.metrics:
        if metric.pipeline is None:
            continue
        compared += 1
        difference = abs(found.get(metric.name, math.inf) - metric.pipeline) / max(abs(metric.pipeline), 1e-12)
        if difference > worst:
            worst, name = difference, metric.name
    if not compared:
        return Verdict(reason="All steps ran; no metric was there to compare.")
    equal = worst <= _TOLERANCE
    reason = "" if equal else f"All steps ran, but {name} differs: is the notebook seeded?"
    return Verdict(passed=equal, reason=reason, compared_values=compared, max_difference=worst)
