"""Brings a published version from the registry into the cache, and remembers it for when the registry is away.

MLflow is imported in a process of its own (``python -m handoff_ext.serve.registry``), which ends when the version is
here: a gateway would carry its 200 MB for nothing.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from handoff_ext.contracts.errors import HandoffError, NotFound
from handoff_ext.publish.environments import cache_folder
from handoff_ext.serve.standing import standing
from handoff_ext.serve.version import ServedVersion, read_version

URI = re.compile(r"models:/(?:(?P<name>[^/@]+)(?:/(?P<version>\d+)|@(?P<alias>[\w-]+))|(?P<id>m-[0-9a-f]+))")
FORMS = "Give models:/NAME/VERSION, models:/NAME@ALIAS, models:/m-ID or a folder."
log = logging.getLogger(__name__)


def fetch(model_uri: str, tracking_uri: str | None = None) -> ServedVersion:
    """The version, its files on this machine.

    Args:
        model_uri: ``models:/name/1``, ``models:/name@champion``, ``models:/m-...``, or a folder that MLflow wrote.
        tracking_uri: where the registry is; MLflow's own default where None.

    Raises:
        NotFound: the registry has no such version.
        HandoffError: it cannot be read, and was never read before.
    """
    folder = Path(model_uri)
    if not model_uri.startswith("models:/"):
        if not folder.is_dir():
            raise NotFound(f"There is no model at {model_uri}.", FORMS)
        return read_version(folder.resolve())
    if not URI.fullmatch(model_uri):
        raise HandoffError(f"{model_uri} is not a model's address.", FORMS)
    there = _already_here(model_uri, tracking_uri)
    if there:
        return there
    remembered = _remembered(model_uri, tracking_uri)
    try:
        found = _ask(model_uri, tracking_uri)
    except NotFound:
        raise
    except HandoffError as error:
        if not remembered.exists():
            raise
        log.warning("%s Serving the last good version.", error.message)
        found = json.loads(remembered.read_text())
    else:
        _write(remembered, found)
    return read_version(uri=model_uri, **{**found, "folder": Path(found["folder"])})


def _already_here(model_uri: str, tracking_uri: str | None) -> ServedVersion | None:
    """The version, where the registry names one whose files are in the cache: without importing MLflow at all."""
    parts = URI.fullmatch(model_uri)
    assert parts is not None
    if parts["id"]:
        return None
    try:
        known = standing(parts["name"], tracking_uri)
    except HandoffError:
        return None
    number = parts["version"] or known.aliases.get(parts["alias"], "")
    version = known.versions.get(number)
    folder = _place(version.key) if version else None
    if version is None or folder is None or not folder.exists():
        return None
    found = {"folder": str(folder), "name": known.name, "version": number, "stage": version.stage}
    found["load"] = version.tags.get("handoff.load", "")
    _write(_remembered(model_uri, tracking_uri), found)
    return read_version(folder, model_uri, known.name, number, version.stage, found["load"])


def _place(key: str) -> Path:
    """Where in the cache the files of a version lie."""
    return cache_folder() / "versions" / hashlib.sha256(key.encode()).hexdigest()[:20]


def _remembered(model_uri: str, tracking_uri: str | None) -> Path:
    where = tracking_uri or os.environ.get("MLFLOW_TRACKING_URI") or str(Path.cwd())
    key = hashlib.sha256(f"{where}\0{model_uri}".encode()).hexdigest()[:20]
    return cache_folder() / "versions" / f"{key}.json"


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w") as file:
        json.dump(content, file)
    Path(aside).replace(path)


def _ask(model_uri: str, tracking_uri: str | None) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", __name__, model_uri, tracking_uri or ""],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"MLFLOW_DISABLE_TELEMETRY": "true", "GIT_PYTHON_REFRESH": "quiet"},
    )
    try:
        said = json.loads(done.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        raise HandoffError("The registry could not be asked.", "See that MLflow and its store work.") from None
    if "missing" in said:
        raise NotFound(said["missing"], FORMS)
    if "error" in said:
        raise HandoffError(said["error"], "See that the store is reachable, and --tracking-uri.")
    assert isinstance(said, dict)
    return said


def download(model_uri: str, tracking_uri: str) -> dict[str, Any]:
    """Ask the registry, by MLflow, and copy the version's files into the cache: where they are and what it is called.

    Raises:
        NotFound: there is no such version, or no such store.
        HandoffError: the registry does not answer.
    """
    import mlflow
    from mlflow.exceptions import MlflowException

    if tracking_uri:
        mlflow.set_tracking_uri(tracking_uri)
    store = mlflow.get_registry_uri()
    if store.startswith("sqlite:///") and not Path(store.removeprefix("sqlite:///")).exists():
        # MLflow would make a new, empty store there.
        raise NotFound("There is no MLflow store at that address.")
    try:
        about = _about(model_uri)
        folder = _place(about["id"])
        if not folder.exists():
            folder.parent.mkdir(parents=True, exist_ok=True)
            aside = Path(tempfile.mkdtemp(dir=folder.parent))
            try:
                got = mlflow.artifacts.download_artifacts(artifact_uri=about["source"], dst_path=str(aside))
                shutil.rmtree(folder, ignore_errors=True)
                Path(got).rename(folder)
            finally:
                shutil.rmtree(aside, ignore_errors=True)
    except MlflowException as error:
        if error.error_code in {"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"}:
            raise NotFound(f"The registry has no {model_uri}.") from error
        raise HandoffError(f"The registry does not answer ({error.error_code}).") from error
    except OSError as error:
        raise HandoffError(f"The version's files cannot be read ({type(error).__name__}).") from error
    return {"folder": str(folder), **{name: about[name] for name in ("name", "version", "stage", "load")}}


def _about(model_uri: str) -> dict[str, str]:
    import mlflow

    client = mlflow.MlflowClient()
    parts = URI.fullmatch(model_uri)
    assert parts is not None
    if parts["id"]:
        model = client.get_logged_model(parts["id"])
        return {
            "name": model.name,
            "version": parts["id"],
            "stage": model.tags.get("handoff.stage", ""),
            "load": model.tags.get("handoff.load", ""),
            "id": parts["id"],
            "source": model_uri,
        }
    name, alias = parts["name"], parts["alias"]
    version = (
        client.get_model_version_by_alias(name, alias) if alias else client.get_model_version(name, parts["version"])
    )
    return {
        "name": name,
        "version": str(version.version),
        "stage": version.tags.get("handoff.stage", ""),
        "load": version.tags.get("handoff.load", ""),
        "id": f"{version.source}\0{version.run_id or None}",
        "source": f"models:/{name}/{version.version}",
    }


def _main(model_uri: str, tracking_uri: str) -> None:
    try:
        said = download(model_uri, tracking_uri)
    except NotFound as error:
        said = {"missing": error.message}
    except HandoffError as error:
        said = {"error": error.message}
    except Exception as error:  # of a database, a network, a plugin: its text may hold an address with a password
        said = {"error": f"The registry does not answer ({type(error).__name__})."}
    sys.stdout.write("\n" + json.dumps(said) + "\n")


if __name__ == "__main__":
    _main(*sys.argv[1:])
