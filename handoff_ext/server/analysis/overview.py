"""What is known of a saved notebook beside its findings: its pipeline, last run, proof and published version."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from handoff_ext.contracts.errors import HandoffError, NotFound
from handoff_ext.contracts.names import pipeline_folder
from handoff_ext.server.analysis.edits import edited
from handoff_ext.server.analysis.folders import evidence_of, manifest_of
from handoff_ext.server.paths import confined, relative

if TYPE_CHECKING:
    from handoff_ext.cells.model import Notebook
    from handoff_ext.contracts.pipeline import Manifest
    from handoff_ext.contracts.sidebar import Overview, Published


def overview(root: Path, path: str, kept: dict[str, Any]) -> Overview:
    """The overview of the notebook at ``path``. ``kept`` gets what the server needs to ask the kernel's environment:
    the notebook's own ``kernel`` and the ``modules`` that it imports.

    Raises ``NotFound`` where there is no notebook.
    """
    from handoff_ext.contracts.evidence import RunRecord
    from handoff_ext.contracts.sidebar import Overview

    file = confined(root, path)
    if not file.is_file():
        raise NotFound(f"There is no notebook {file.name}.", "Save it, or open it again.")
    notebook = _saved(file)
    kept.update(kernel=notebook.kernel if notebook else "", modules=_modules(notebook) if notebook else {})
    manifest = manifest_of(file)
    record = evidence_of(file, "run", RunRecord)
    published = _published(root, file, notebook, manifest)
    stages = record.stages if record else []
    return Overview(
        pipeline=relative(root, pipeline_folder(file)) if manifest else "",
        current=manifest is not None and notebook is not None and _hash(notebook) == manifest.source.hash,
        stages=stages,
        metrics=record.metrics if record else [],
        proof=record.proof if record else None,
        published=published,
        expected_seconds={"run": round(sum(stage.seconds for stage in stages), 2)} if stages else {},
        model_name=published.name if published else re.sub(r"\W+", "_", file.stem).strip("_"),
        tracking_uri=published.tracking_uri if published and not _is_default(published.tracking_uri, file) else "",
        edited=edited(file, manifest) if manifest else [],
    )


def _saved(file: Path) -> Notebook | None:
    from handoff_ext.cells.read import read_notebook

    try:
        return read_notebook(file)
    except HandoffError:
        return None


def _hash(notebook: Notebook) -> str:
    from handoff_ext.pipeline import source_hash

    return source_hash(notebook)


def _modules(notebook: Notebook) -> dict[str, str]:
    """Top-level names of what the notebook surely imports, in its order, each with the distribution it comes from.

    Modules that only a hosted platform has are left out: nobody can install them.
    """
    from handoff_ext.cells.python import parse_cell
    from handoff_ext.checks.packages.distributions import HOSTED, distribution_of
    from handoff_ext.dataflow.cell import cell_flow

    if notebook.language != "python":
        return {}
    imports = [each for cell in notebook.code for each in cell_flow(parse_cell(cell.source)).imports.values()]
    hosted = tuple(f"{name}." for name in HOSTED)
    return {
        each.module.partition(".")[0]: distribution_of(each.module)
        for each in imports
        if each.certain and each.module and not each.module.startswith(".") and not f"{each.path}.".startswith(hosted)
    }


def _published(root: Path, file: Path, notebook: Notebook | None, manifest: Manifest | None) -> Published | None:
    from handoff_ext.contracts.sidebar import Published

    try:
        said = json.loads((pipeline_folder(file) / "evidence" / "published.json").read_bytes())
        version = _kept_version(said["tracking_uri"], str(said["model_uri"]).removeprefix("models:/"))
        return Published(
            name=said["name"],
            version=said["version"],
            uri=said["uri"],
            tracking_uri=said["tracking_uri"],
            draft=said["draft"],
            rehearsed=said["rehearsed"],
            stale_cells=_stale_cells(notebook, manifest, version) if notebook and manifest else 0,
            card=_shown(root, version, "artifacts/card.html", "artifacts/MODEL_CARD.md"),
            lock=_shown(root, version, "requirements.txt") or _shown(root, pipeline_folder(file), "serving.lock"),
            runbook=_shown(root, version, "artifacts/RUNBOOK.md"),
            web=_web(said["tracking_uri"], said["name"], said["version"]),
            tested=_tested(file, str(said["model_uri"])),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _tested(file: Path, model_uri: str) -> list[str]:
    """What the clean-machine test of this very model found; empty where it was another's."""
    from handoff_ext.contracts.evidence import RehearsalRecord
    from handoff_ext.rehearse.saying import evidence_lines

    record = evidence_of(file, "rehearsal", RehearsalRecord)
    return evidence_lines(record) if record is not None and record.model_uri == model_uri else []


def _kept_version(tracking_uri: str, model_id: str) -> Path | None:
    """Where the version's files lie, if its store is a file, which keeps them beside itself."""
    if not tracking_uri.startswith("sqlite:///") or not re.fullmatch(r"m-\w+", model_id):
        return None
    store = Path(tracking_uri.removeprefix("sqlite:///"))
    return next(iter((store.parent / "mlruns").glob(f"*/models/{model_id}/artifacts")), None)


def _stale_cells(notebook: Notebook, manifest: Manifest, version: Path | None) -> int:
    """How many code cells were changed, added or taken away since the version was published.

    Where the version's own copy of the notebook is out of reach, only whether there are any: 1 stands for some.
    """
    from handoff_ext.cells.read import read_notebook

    if _hash(notebook) == manifest.source.hash:
        return 0
    try:
        then = read_notebook(version / "notebook.ipynb") if version else None
    except HandoffError:
        then = None
    if then is None:
        return 1
    now = {cell.id: (cell.source, sorted(cell.tags)) for cell in notebook.code}
    before = {cell.id: (cell.source, sorted(cell.tags)) for cell in then.code}
    return sum(now.get(id_) != before.get(id_) for id_ in now.keys() | before.keys()) or 1


def _shown(root: Path, folder: Path | None, *names: str) -> str:
    """The first of these files that is there, as the sidebar opens it."""
    paths = [folder / name for name in names] if folder else []
    return next((relative(root, path) for path in paths if path.is_file()), "")


def _web(tracking_uri: str, name: str, version: int) -> str:
    """The version's page in MLflow, for stores that have pages."""
    if not tracking_uri.startswith(("http://", "https://")):
        return ""
    return f"{tracking_uri.rstrip('/')}/#/models/{quote(name, safe='')}/versions/{version}"


def _is_default(tracking_uri: str, notebook: Path) -> bool:
    """Whether publishing goes there anyway when nobody says where."""
    from handoff_ext.publish.registry import default_store, shown

    return tracking_uri == shown(default_store(pipeline_folder(notebook)))
