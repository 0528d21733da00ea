"""Replays a version on a clean machine and says whether a stranger gets the same answers."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.evidence import RehearsalRecord, Verdict
from handoff_ext.contracts.progress import Progress, ProgressSink, silent
from handoff_ext.publish.compare import Comparison, compare, tolerance_of
from handoff_ext.publish.environments import environment
from handoff_ext.publish.folder import read_json
from handoff_ext.publish.lockscan import refuse_unhashed
from handoff_ext.publish.registry import Registry
from handoff_ext.rehearse.isolation import run_apart
from handoff_ext.rehearse.places import where
from handoff_ext.rehearse.retraining import retrains

_SCRIPT = Path(__file__).parent / "inside" / "predicts.py"
PARTS = ("fetching", "environment", "predicting", "comparing", "retraining")


def rehearse(
    model_uri: str,
    tracking_uri: str,
    progress: ProgressSink = silent,
    hidden: Path | None = None,
    retrain: bool = True,
) -> RehearsalRecord:
    """Install a version's own package list in a new environment, load it there by plain MLflow without network, home,
    variables or the notebook's folder, and compare its answers with those recorded in training. Beside that, train it
    again.

    Args:
        model_uri: ``models:/name/1``, ``models:/name@alias`` or ``models:/m-...``.
        tracking_uri: the store.
        progress: told how far it is.
        hidden: the notebook's folder; that of a sqlite store where nobody says.
        retrain: also try the second verdict.

    Raises:
        NotFound: there is no such version.
        HandoffError: the store does not answer. What is wrong with the version itself is in the record.
    """
    seconds: dict[str, float] = {}
    registry = Registry(tracking_uri)
    with tempfile.TemporaryDirectory(prefix="handoff-rehearsal-") as aside:
        work = Path(aside).resolve()
        with _timed(seconds, "fetching", progress):
            folder, model_id, _ = registry.download(model_uri, work / "version")
        if hidden is None and tracking_uri.startswith("sqlite:///"):
            hidden = Path(tracking_uri.removeprefix("sqlite:///")).resolve().parent
        record = RehearsalRecord(model_uri=model_uri, predicts=Verdict(), retrains=Verdict())
        with ThreadPoolExecutor(1) as beside:
            again = beside.submit(_retrains, folder, _made(work / "retrains"), hidden) if retrain else None
            record.predicts = _predicts(folder, _made(work / "predicts"), hidden, record, seconds, progress)
            with _timed(seconds, "retraining", progress):
                record.retrains = again.result() if again else Verdict(reason="Not tried: not asked for.")
        record.steps = {name: round(each, 2) for name, each in seconds.items()}
        if not model_uri.startswith("models:/m-"):
            _mark(registry, model_uri, model_id, record, work)
    return record


def _retrains(folder: Path, work: Path, hidden: Path | None) -> Verdict:
    begun = time.perf_counter()
    verdict = retrains(folder, work, hidden)
    verdict.seconds = round(time.perf_counter() - begun, 2)
    return verdict


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _predicts(
    folder: Path,
    work: Path,
    hidden: Path | None,
    record: RehearsalRecord,
    seconds: dict[str, float],
    progress: ProgressSink,
) -> Verdict:
    begun = time.perf_counter()
    try:
        lock = folder / "requirements.txt"
        refuse_unhashed(lock.read_text(encoding="utf-8"), "requirements.txt")
        with _timed(seconds, "environment", progress):
            python = environment(lock, _python(folder))
        with _timed(seconds, "predicting", progress):
            said = _run(python, folder, work, hidden, record)
    except (HandoffError, OSError) as error:
        said_error = error.message if isinstance(error, HandoffError) else f"The version is damaged: {error.strerror}."
        return Verdict(passed=False, reason=said_error, seconds=round(time.perf_counter() - begun, 2))
    seconds |= {f"predicting: {name}": each for name, each in said.get("seconds", {}).items()}
    with _timed(seconds, "comparing", progress):
        verdict = _judge(said, folder)
    verdict.seconds = round(time.perf_counter() - begun, 2)
    return verdict


def _run(python: Path, folder: Path, work: Path, hidden: Path | None, record: RehearsalRecord) -> dict[str, Any]:
    script, answer = work / "predicts.py", work / "answer.json"
    script.write_text(_SCRIPT.read_text(encoding="utf-8"), encoding="utf-8")
    outcome = run_apart([str(python), "-I", str(script), str(folder), str(answer)], work, hidden)
    if not answer.exists():
        last = (outcome.said.strip().splitlines() or [f"exit code {outcome.code}"])[-1]
        return {"error": {"kind": "ended", "said": last[:300]}, "at": "starting"}
    said: dict[str, Any] = json.loads(answer.read_bytes())
    record.isolated = {**said["cut_off"], "variables": True, "folder": outcome.folder_hidden}
    return said


def _judge(said: Mapping[str, Any], folder: Path) -> Verdict:
    if error := said.get("error"):
        return Verdict(passed=False, reason=where(error, str(said["at"]), folder))
    reference, whole = read_json(folder / "artifacts" / "reference.json"), Comparison()
    tolerance = tolerance_of(read_json(folder / "artifacts" / "model" / "model.json"))
    if reference["rows"]:
        positions = range(len(reference["rows"]))
        whole.add(compare(reference["predictions"], said["reference"], positions, tolerance, "reference rows"))
    if answered := reference.get("example_predictions"):
        whole.add(compare(answered, said.get("example", {}), [0], tolerance, "example"))
    if "example" in said:
        over_http = {name: [row[name] for row in said["http"]] for name in said["example"]}
        whole.add(compare(said["example"], over_http, range(len(said["http"])), tolerance, "over HTTP"))
    reason = reference.get("reason", "")
    if whole.different:
        first = whole.worst[0]
        reason = (
            f"{whole.different:,} of {whole.values:,} answers differ, most {first['output']} of row {first['row'] + 1} "
            f"({first['way']})."
        )
    elif not whole.values:
        reason = f"No answer could be compared. {reason}".strip()
    return Verdict(passed=whole.equal, reason=reason, compared_values=whole.values, max_difference=whole.difference)


def _python(folder: Path) -> str:
    for line in (folder / "python_env.yaml").read_text(encoding="utf-8").splitlines():
        if line.startswith("python:"):
            return line.partition(":")[2].strip(" '\"")
    return ""


def _mark(registry: Registry, model_uri: str, model_id: str, record: RehearsalRecord, work: Path) -> None:
    """Keep the verdict with a version that is registered already."""
    from handoff_ext.publish.publishing import rehearsal_words
    from handoff_ext.run.folder import write_record

    path = work / "rehearsal.json"
    write_record(path, record)
    if model_id:
        registry.add_evidence(model_id, path)
    tags = {
        "handoff.rehearsed": str(bool(record.predicts.passed)).lower(),
        "handoff.rehearsal": rehearsal_words(record),
    }
    registry.tag_version(model_uri, tags)


@contextmanager
def _timed(seconds: dict[str, float], part: str, progress: ProgressSink) -> Iterator[None]:
    begun = time.perf_counter()
    progress(Progress(step="rehearse", status="running", part=part, done=PARTS.index(part) + 1, total=len(PARTS)))
    yield
    seconds[part] = time.perf_counter() - begun
