"""The only door to MLflow: saving a version's folder, logging it, registering it. Nothing else imports mlflow here.

Order in the store: a logged model (``models:/m-...``), pending until all its files are there; then, once it was
rehearsed, one ``create_model_version`` with all its tags; the alias last. Whatever is killed in between leaves no
version, and the logged model is found again by its key.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handoff_ext.contracts.errors import HandoffError, NotFound
from handoff_ext.publish.newstore import ensure_store

if TYPE_CHECKING:
    from handoff_ext.publish.versionfolder import Contents

KEY = "handoff.key"
_STORE = "MLFLOW_TRACKING_URI"


def default_store(folder: Path) -> str:
    """Where a pipeline is published when nobody says otherwise: ``mlflow.db`` beside the notebook.

    ``MLFLOW_TRACKING_URI`` goes before it.
    """
    return os.environ.get(_STORE) or f"sqlite:///{folder.resolve().parent / 'mlflow.db'}"


def shown(uri: str) -> str:
    """An address without user name and password."""
    return re.sub(r"(?<=://)[^/@]*@", "", uri)


def warm() -> None:
    """Import MLflow, three seconds of work, before it is needed."""
    with _quiet():
        import mlflow  # noqa: F401


class Registry:
    """One MLflow store."""

    def __init__(self, tracking_uri: str) -> None:
        self.uri = tracking_uri
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        os.environ.setdefault("DO_NOT_TRACK", "true")
        os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
        os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "ERROR")
        with _quiet():
            import mlflow

            self._mlflow = mlflow
            ensure_store(tracking_uri)
            self._client = mlflow.MlflowClient(tracking_uri, tracking_uri)

    def save(self, contents: Contents, target: Path) -> None:
        """Write a version's folder as MLflow lays it out, with the exact package list as its requirements.

        ``MLmodel`` names no path of this computer and the Python of the kernel, not ours.
        """
        with self._asked():
            self._mlflow.pyfunc.save_model(
                str(target),
                python_model=str(contents.code),
                artifacts={name: str(path) for name, path in contents.artifacts.items()},
                signature=self._signature(contents.signature),
                pip_requirements=[f"mlflow-skinny=={contents.mlflow}"],
                metadata=dict(contents.metadata),
            )
        if contents.example is not None:
            _write_example(target, contents.example)
        shutil.copyfile(contents.lock, target / "requirements.txt")
        _own_python(target, contents.python)
        _correct(target / "MLmodel", contents)

    def _signature(self, described: Mapping[str, Any]) -> Any:
        from mlflow.models import ModelSignature
        from mlflow.types.schema import AnyType, ColSpec, DataType, Schema, TensorSpec

        def columns(specs: list[dict[str, Any]]) -> Any:
            kinds: dict[str, Any] = {"any": AnyType()}  # type: ignore[no-untyped-call]
            return Schema(
                [
                    ColSpec(kinds.get(spec["type"]) or DataType[spec["type"]], spec["name"], spec["required"])
                    for spec in specs
                ]
            )

        if "tensor" in described:
            import numpy

            tensor = described["tensor"]
            inputs = Schema([TensorSpec(numpy.dtype(tensor["dtype"]), tuple(tensor["shape"]))])
        else:
            inputs = columns(described["inputs"])
        return ModelSignature(inputs=inputs, outputs=columns(described["outputs"]))

    def log(self, saved: Path, name: str, key: str, params: Mapping[str, str], tags: Mapping[str, str]) -> str:
        """Log a saved folder as a model of the experiment ``name``; its id (``m-...``).

        A model of the same key that is whole is taken as it is; halves that an interrupted attempt left are taken away.

        Raises:
            HandoffError: the store does not answer.
        """
        with self._asked():
            experiment = self._experiment(name)
            for model in self._client.search_logged_models([experiment], f"tags.`{KEY}` = '{key}'"):
                if str(model.status) == "READY" or getattr(model.status, "name", "") == "READY":
                    return str(model.model_id)
                self._client.delete_logged_model(model.model_id)
            model = self._client.create_logged_model(
                experiment, name=_model_name(name), params=dict(params), tags={**tags, KEY: key}, model_type="handoff"
            )
            _set_model_id(saved / "MLmodel", model.model_id)
            self._client.log_model_artifacts(model.model_id, str(saved))
            self._client.finalize_logged_model(model.model_id, "READY")
            return str(model.model_id)

    def add_evidence(self, model_id: str, path: Path) -> None:
        """Put a file into the logged model's ``evidence`` folder."""
        with self._asked():
            self._client.log_model_artifact(model_id, str(path), "evidence")

    def registered(self, name: str, key: str) -> tuple[int, Mapping[str, str]] | None:
        """The newest version of that name and key, and its tags."""
        with self._asked():
            found = [
                version
                for version in self._client.search_model_versions(f"name = '{_quoted(name)}'")
                if version.tags.get(KEY) == key
            ]
        newest = max(found, key=lambda version: int(version.version), default=None)
        return (int(newest.version), dict(newest.tags)) if newest else None

    def register(self, name: str, model_id: str, tags: Mapping[str, str], description: str, alias: str) -> int:
        """Make one version, whole in one call; then point the alias at it. The version's number.

        Raises:
            HandoffError: the store does not answer.
        """
        from mlflow.exceptions import MlflowException

        with self._asked():
            try:
                self._client.create_registered_model(name, tags={"handoff": "1"})
            except MlflowException as error:
                if error.error_code != "RESOURCE_ALREADY_EXISTS":
                    raise
            version = self._client.create_model_version(
                name, f"models:/{model_id}", tags=dict(tags), description=description, model_id=model_id
            )
            if alias:
                self._client.set_registered_model_alias(name, alias, version.version)
            return int(version.version)

    def by_alias(self, name: str, alias: str) -> tuple[int, dict[str, str]] | None:
        """Number and tags of the version that an alias points at; None where it points at none."""
        try:
            with self._asked():
                version = self._client.get_model_version_by_alias(name, alias)
        except HandoffError:
            return None
        return int(version.version), dict(version.tags)

    def point(self, name: str, alias: str, number: int) -> None:
        """Point the alias at a version that is the newest and was left without it: the alias comes last, and whoever
        was killed before it left this to be done."""
        with self._asked():
            newest = max(int(each.version) for each in self._client.search_model_versions(f"name = '{_quoted(name)}'"))
            if number == newest and self._client.get_registered_model(name).aliases.get(alias) != str(number):
                self._client.set_registered_model_alias(name, alias, str(number))

    def download(self, model_uri: str, to: Path) -> tuple[Path, str, Mapping[str, str]]:
        """A version's or logged model's files, its model's id, and its tags.

        Raises:
            NotFound: there is none.
            HandoffError: the store does not answer.
        """
        with self._asked(model_uri):
            model_id, place, tags = self._about(model_uri)
            # Given the place and the store, MLflow's setting for the whole process stays as the user has it.
            folder = self._mlflow.artifacts.download_artifacts(
                artifact_uri=place, dst_path=str(to), tracking_uri=self.uri
            )
        return Path(folder), model_id, tags

    def _about(self, model_uri: str) -> tuple[str, str, Mapping[str, str]]:
        if found := re.fullmatch(r"models:/(m-\w+)", model_uri):
            model = self._client.get_logged_model(found[1])
            return found[1], str(model.artifact_location), dict(model.tags)
        version = self._version(model_uri)
        model_id = str(version.model_id or (re.findall(r"\bm-\w+", version.source) or [""])[0])
        if model_id:
            return model_id, str(self._client.get_logged_model(model_id).artifact_location), dict(version.tags)
        place = self._client.get_model_version_download_uri(version.name, version.version)
        return "", str(place), dict(version.tags)

    def _version(self, model_uri: str) -> Any:
        if found := re.fullmatch(r"models:/([^/@]+)/(\d+)", model_uri):
            return self._client.get_model_version(found[1], found[2])
        if found := re.fullmatch(r"models:/([^/@]+)@([\w-]+)", model_uri):
            return self._client.get_model_version_by_alias(found[1], found[2])
        raise HandoffError(f"{shown(model_uri)} is not a model's address.", "Write it as models:/NAME/VERSION.")

    def versions(self, name: str = "") -> list[dict[str, Any]]:
        """All versions in the store, of one name where it is given, newest first: name, version, tags, aliases."""
        with self._asked():
            chosen = f"name = '{_quoted(name)}'" if name else None
            models = self._client.search_registered_models(filter_string=chosen)
            aliases = {model.name: dict(model.aliases) for model in models}
            found = [
                {
                    "name": version.name,
                    "version": int(version.version),
                    "created": int(version.creation_timestamp or 0),
                    "tags": dict(version.tags),
                    "aliases": sorted(
                        alias for alias, number in aliases.get(version.name, {}).items() if number == version.version
                    ),
                }
                for version in self._client.search_model_versions(chosen)
            ]
        return sorted(found, key=lambda version: (version["name"], -version["version"]))

    def named(self, model_uri: str) -> tuple[str, str, dict[str, str]]:
        """Name, number and tags of the version at ``models:/name/1`` or ``models:/name@alias``."""
        with self._asked(model_uri):
            version = self._version(model_uri)
            return str(version.name), str(version.version), dict(version.tags)

    def tags(self, model_uri: str) -> dict[str, str]:
        """The tags of the version at ``models:/name/1`` or ``models:/name@alias``."""
        return self.named(model_uri)[2]

    def tag_version(self, model_uri: str, tags: Mapping[str, str]) -> None:
        """Set tags of the version at ``models:/name/1`` or ``models:/name@alias``."""
        with self._asked(model_uri):
            version = self._version(model_uri)
            for key, value in tags.items():
                self._client.set_model_version_tag(version.name, version.version, key, value)

    def set_alias(self, name: str, alias: str, version: str) -> None:
        """Point an alias at a version."""
        with self._asked(name):
            self._client.set_registered_model_alias(name, alias, version)

    def delete_alias(self, name: str, alias: str) -> None:
        """Take an alias away; nothing happens where there is none."""
        with self._asked(name):
            self._client.delete_registered_model_alias(name, alias)

    def _experiment(self, name: str) -> str:
        from mlflow.exceptions import MlflowException

        found = self._client.get_experiment_by_name(name)
        if found is None:
            place = None
            if self.uri.startswith("sqlite:///"):
                # MLflow's default is a folder below wherever it happens to run.
                place = (
                    Path(self.uri.removeprefix("sqlite:///")).resolve().parent / "mlruns" / _model_name(name)
                ).as_uri()
            try:
                return str(self._client.create_experiment(name, artifact_location=place))
            except MlflowException:
                found = self._client.get_experiment_by_name(name)  # somebody else was faster
                if found is None:
                    raise
        if found.lifecycle_stage == "deleted":
            self._client.restore_experiment(found.experiment_id)
        return str(found.experiment_id)

    @contextlib.contextmanager
    def _asked(self, what: str = "") -> Iterator[None]:
        """MLflow's warnings and progress bars stay here; its errors become sentences.

        Its registry follows ``models:/`` addresses by the process's own setting: that is ours meanwhile, then the
        user's again.
        """
        from mlflow.exceptions import MlflowException

        before = self._mlflow.get_tracking_uri() if self._mlflow.is_tracking_uri_set() else None  # type: ignore[no-untyped-call]
        variable = os.environ.get(_STORE)
        try:
            with _quiet():
                self._mlflow.set_tracking_uri(self.uri)
                yield
        except MlflowException as error:
            if error.error_code in {"RESOURCE_DOES_NOT_EXIST", "NOT_FOUND"}:
                raise NotFound(
                    f"The store {shown(self.uri)} has no {what or 'such model'}.", "See the name."
                ) from error
            raise HandoffError(
                f"The store {shown(self.uri)} refused: {shown(str(error.message))[:200]}", "See --tracking-uri."
            ) from error
        except OSError as error:
            raise HandoffError(
                f"The store {shown(self.uri)} cannot be reached ({type(error).__name__}).", "See --tracking-uri."
            ) from error
        finally:
            # MLflow writes its setting into the environment too: what was said only there is left only there.
            self._mlflow.set_tracking_uri(None if before == variable else before)  # type: ignore[arg-type]
            os.environ.pop(_STORE, None)
            if variable is not None:
                os.environ[_STORE] = variable


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    before = {name: logging.getLogger(name).level for name in ("mlflow", "alembic", "sqlalchemy")}
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    for name in before:
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


def _write_example(target: Path, example: Mapping[str, Any]) -> None:
    """The input example in MLflow's own two forms."""
    import json

    split = {"columns": example["columns"], "data": example["data"]}
    (target / "input_example.json").write_text(json.dumps(split))
    (target / "serving_input_example.json").write_text(json.dumps({"dataframe_split": split}))


def _own_python(target: Path, python: str) -> None:
    """The kernel's Python, for MLflow's ways of making environments. Without the last number: any 3.11 takes the list,
    and the one that a system came with can often be had nowhere else. The whole number stands in ``MLmodel``."""
    python = ".".join(python.split(".")[:2])
    (target / "python_env.yaml").write_text(f'python: "{python}"\ndependencies:\n- -r requirements.txt\n')
    (target / "conda.yaml").write_text(
        f"name: mlflow-env\nchannels:\n- conda-forge\ndependencies:\n- python={python}\n- pip\n- pip:\n"
        "  - -r requirements.txt\n"
    )


def _correct(path: Path, contents: Contents) -> None:
    yaml = _yaml()
    described = yaml.load(path.read_text())
    flavor = described["flavors"]["python_function"]
    flavor["model_code_path"] = contents.code.name
    flavor["python_version"] = contents.python
    flavor.pop("cloudpickle_version", None)
    for artifact in flavor["artifacts"].values():
        artifact["uri"] = artifact["path"]
    if contents.example is not None:
        described["saved_input_example_info"] = {
            "artifact_path": "input_example.json",
            "type": "dataframe",
            "pandas_orient": "split",
            "serving_input_path": "serving_input_example.json",
        }
    with path.open("w") as file:
        yaml.dump(described, file)


def _set_model_id(path: Path, model_id: str) -> None:
    yaml = _yaml()
    described = yaml.load(path.read_text())
    described["model_id"] = model_id
    with path.open("w") as file:
        yaml.dump(described, file)


def _yaml() -> Any:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 10_000
    return yaml


def _model_name(name: str) -> str:
    return re.sub(r"[^\w-]+", "_", name)


def _quoted(name: str) -> str:
    return name.replace("'", "")
