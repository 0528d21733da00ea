"""One side of a comparison, read as plain values: a notebook, a pipeline, a published version, a git revision."""

from __future__ import annotations

import contextlib
import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from handoff_ext.cells.read import read_raw
from handoff_ext.contracts.errors import HandoffError, NotFound
from handoff_ext.contracts.evidence import RunRecord
from handoff_ext.contracts.pipeline import Manifest
from handoff_ext.publish.locking import PIPELINE, locked
from handoff_ext.publish.strip import without_outputs


@dataclass
class Side:
    """What is compared. ``notebooks`` are without outputs; ``source`` names the one the rest was cut from."""

    name: str
    notebooks: dict[str, dict[str, Any]] = field(default_factory=dict)
    source: str = ""
    manifest: Manifest | None = None
    packages: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    inputs: dict[str, str] = field(default_factory=dict)
    plan: dict[str, Any] = field(default_factory=dict)


def open_side(target: str, tracking_uri: str = "") -> Side:
    """Read one side.

    Args:
        target: a notebook, a pipeline's folder, ``models:/name/version``, a git revision, or ``REVISION:path``.
        tracking_uri: where published versions are.

    Raises:
        NotFound: nothing of that name is there.
        HandoffError: it cannot be read.
    """
    if target.startswith("models:/"):
        return _version(target, tracking_uri)
    path = Path(target)
    if path.is_dir():
        return _pipeline(target, path)
    if path.is_file():
        return _notebook(target, path)
    with _checked_out(target) as found:
        side = _pipeline(target, found) if (found / "pipeline.yaml").is_file() else _folder(target, found)
        side.name = target
        return side


def _notebook(name: str, path: Path) -> Side:
    from handoff_ext.plan import read_plan

    plan = read_plan(path).model_dump(mode="json", exclude_defaults=True)
    return Side(name, {path.name: _read(path)}, path.name, plan=plan)


def _folder(name: str, folder: Path) -> Side:
    """All notebooks below a folder."""
    found = sorted(path for path in folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
    if not found:
        raise NotFound(f"There is no notebook in {name}.", "Name a notebook or a pipeline.")
    side = Side(name, {path.relative_to(folder).as_posix(): _read(path) for path in found})
    side.source = next(iter(side.notebooks)) if len(found) == 1 else ""
    return side


def _pipeline(name: str, folder: Path) -> Side:
    from handoff_ext.publish.folder import PipelineFolder

    if not (folder / "pipeline.yaml").is_file():
        return _folder(name, folder)
    pipeline = PipelineFolder(folder.resolve())
    side = Side(name, manifest=pipeline.manifest)
    for stage in pipeline.manifest.stages:
        if (folder / stage.notebook).is_file():
            side.notebooks[stage.notebook] = _read(folder / stage.notebook)
    if pipeline.notebook.is_file():
        side.source = pipeline.notebook.name
        side.notebooks[side.source] = _read(pipeline.notebook)
        side.plan = pipeline.plan.model_dump(mode="json", exclude_defaults=True)
    _measured(side, folder, folder / "evidence" / "run.json")
    with contextlib.suppress(HandoffError):
        side.inputs = _inputs(pipeline.packed / "model" / "model.json")
    return side


def _version(target: str, tracking_uri: str) -> Side:
    from handoff_ext.plan import read_plan
    from handoff_ext.publish.registry import Registry, default_store

    with tempfile.TemporaryDirectory(prefix="handoff-") as aside:
        files, _, _ = Registry(tracking_uri or default_store(Path("here"))).download(target, Path(aside))
        inside = files / "pipeline"
        if not (inside / "pipeline.yaml").is_file():
            raise HandoffError(f"{target} was not published by handoff.", "Compare versions that were.")
        side = _pipeline(target, inside)
        if (files / "notebook.ipynb").is_file():
            assert side.manifest is not None
            side.source = Path(side.manifest.source.notebook).name
            side.notebooks[side.source] = _read(files / "notebook.ipynb")
        side.plan = read_plan(files / "artifacts" / "plan.yaml").model_dump(mode="json", exclude_defaults=True)
        _measured(side, inside, files / "evidence" / "run.json")
        side.inputs = _inputs(files / "artifacts" / "model" / "model.json")
        return side


def _measured(side: Side, folder: Path, record: Path) -> None:
    if (folder / PIPELINE).is_file():
        side.packages = locked((folder / PIPELINE).read_text(encoding="utf-8"))
    if record.is_file():
        run = RunRecord.model_validate_json(record.read_bytes())
        side.metrics = {each.name: each.pipeline for each in run.metrics if each.pipeline is not None}


def _inputs(model: Path) -> dict[str, str]:
    """Name to type of what the packed model takes; empty where there is none."""
    try:
        return {column["name"]: str(column["dtype"]) for column in json.loads(model.read_bytes())["columns"]}
    except (OSError, ValueError, KeyError):
        return {}


@contextmanager
def _checked_out(target: str) -> Iterator[Path]:
    """The files of ``REVISION`` or ``REVISION:path`` in a folder of their own."""
    revision, _, inside = target.partition(":")
    archive = subprocess.run(
        ["git", "archive", "--format=zip", revision, *([inside] if inside else [])], capture_output=True, check=False
    )
    if archive.returncode:
        raise NotFound(f"{target} is no notebook, pipeline or git revision here.", "Name one, or models:/NAME/VERSION.")
    with tempfile.TemporaryDirectory(prefix="handoff-") as aside:
        import io
        import zipfile

        # Not tar: Debian bookworm's Python 3.11.2 cannot yet keep a tar file's members inside the folder.
        with zipfile.ZipFile(io.BytesIO(archive.stdout)) as files:
            files.extractall(aside)
        found = Path(aside, inside)
        yield found.parent if found.is_file() and found.suffix == ".ipynb" else found


def _read(path: Path) -> dict[str, Any]:
    return without_outputs(read_raw(path))
