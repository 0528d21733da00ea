"""How a name stands in the registry: its versions and aliases, read without MLflow in milliseconds.

MLflow's own client needs seconds to import and 200 MB; a gateway looks every second. What is read is what MLflow itself
writes: its three tables in a database, or its REST API (https://mlflow.org/docs/latest/api_reference/rest-api.html).
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handoff_ext.contracts.errors import HandoffError

if TYPE_CHECKING:
    import httpx

TABLES = {
    "aliases": "SELECT alias, version FROM registered_model_aliases WHERE name = :name",
    "versions": "SELECT version, source, run_id FROM model_versions WHERE name = :name",
    "tags": "SELECT version, key, value FROM model_version_tags WHERE name = :name AND key LIKE 'handoff.%'",
}
NAMES = "SELECT DISTINCT name FROM model_version_tags WHERE key = :name"
CHALLENGER = ("candidate", "challenger")


@dataclass(frozen=True, kw_only=True)
class Known:
    """One version as the registry knows it. ``key`` is unique to its content's place."""

    number: str
    key: str
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def stage(self) -> str:
        """shadow, advise or decide."""
        return self.tags.get("handoff.stage", "") or "shadow"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """All of a name."""

    name: str
    versions: Mapping[str, Known]
    aliases: Mapping[str, str]

    @property
    def in_charge(self) -> str:
        """The number of the version that answers: the champion, else the candidate, else the newest that is no draft,
        else the newest."""
        for alias in ("champion", "candidate"):
            if self.aliases.get(alias) in self.versions:
                return self.aliases[alias]
        numbers = sorted(self.versions, key=int)
        whole = [number for number in numbers if self.versions[number].tags.get("handoff.draft") != "true"]
        return (whole or numbers or [""])[-1]

    @property
    def challengers(self) -> tuple[str, ...]:
        """Numbers of versions that run beside it: aliases ``candidate``, ``challenger`` and those that begin so."""
        named = {number for alias, number in self.aliases.items() if alias.startswith(CHALLENGER)}
        return tuple(sorted((named & self.versions.keys()) - {self.in_charge}, key=int))


def standing(name: str, tracking_uri: str | None = None) -> Standing:
    """How ``name`` stands now.

    Raises:
        HandoffError: the registry does not answer.
    """
    with _answering():
        uri = _address(tracking_uri)
        return _of_rest(name, uri) if uri.startswith("http") else _together(name, _of_tables(uri, TABLES, name))


def names(tracking_uri: str | None = None) -> list[str]:
    """The names of all models that were published by this project.

    Raises:
        HandoffError: the registry does not answer.
    """
    with _answering():
        uri = _address(tracking_uri)
        if not uri.startswith("http"):
            return sorted(str(row[0]) for row in _of_tables(uri, {"names": NAMES}, "handoff.stage")["names"])
        with _client(uri) as client:
            found = _json(client.get("/registered-models/search", params={"max_results": "1000"}))
    models = found.get("registered_models", [])
    return sorted(each["name"] for each in models if any(tag["key"] == "handoff" for tag in each.get("tags", [])))


def _address(tracking_uri: str | None) -> str:
    return tracking_uri or os.environ.get("MLFLOW_TRACKING_URI") or "sqlite:///mlflow.db"


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except HandoffError:
        raise
    except Exception as error:  # of a database, a network: its text may hold an address with a password
        raise HandoffError(f"The registry does not answer ({type(error).__name__}).", "See --tracking-uri.") from None


def _of_tables(uri: str, asked: Mapping[str, str], name: str) -> dict[str, list[Any]]:
    if uri.startswith("sqlite:///"):
        return _of_sqlite(asked, name, Path(uri.removeprefix("sqlite:///")))
    if "://" in uri and not uri.startswith("file:"):
        return _of_database(asked, name, uri)
    raise HandoffError("This registry cannot be looked at without MLflow.", "Use a database or a server.")


def _of_sqlite(asked: Mapping[str, str], name: str, path: Path) -> dict[str, list[Any]]:
    if not path.exists():
        raise HandoffError("There is no MLflow store at that address.")
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5)) as connection:
        return {what: connection.execute(text, {"name": name}).fetchall() for what, text in asked.items()}


def _of_database(asked: Mapping[str, str], name: str, uri: str) -> dict[str, list[Any]]:
    from sqlalchemy import create_engine, text

    engine = create_engine(uri)
    try:
        with engine.connect() as connection:
            return {what: list(connection.execute(text(each), {"name": name})) for what, each in asked.items()}
    finally:
        engine.dispose()


def _together(name: str, found: Mapping[str, Iterable[Any]]) -> Standing:
    tags: dict[str, dict[str, str]] = {}
    for number, key, value in found["tags"]:
        tags.setdefault(str(number), {})[key] = value
    versions = {
        str(number): Known(number=str(number), key=f"{source}\0{run or None}", tags=tags.get(str(number), {}))
        for number, source, run in found["versions"]
    }
    return Standing(
        name=name, versions=versions, aliases={str(alias): str(number) for alias, number in found["aliases"]}
    )


def _client(uri: str) -> httpx.Client:
    import httpx

    user, password = os.environ.get("MLFLOW_TRACKING_USERNAME"), os.environ.get("MLFLOW_TRACKING_PASSWORD")
    token = os.environ.get("MLFLOW_TRACKING_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token and not user else {}
    login = (user, password or "") if user else None
    return httpx.Client(base_url=f"{uri.rstrip('/')}/api/2.0/mlflow", auth=login, headers=headers, timeout=10)


def _of_rest(name: str, uri: str) -> Standing:
    with _client(uri) as client:
        model = _json(client.get("/registered-models/get", params={"name": name}))
        asked = {"filter": f"name='{name}'", "max_results": "200"}
        versions = _json(client.get("/model-versions/search", params=asked))
    return Standing(
        name=name,
        aliases={
            str(each["alias"]): str(each["version"]) for each in model.get("registered_model", {}).get("aliases", [])
        },
        versions={
            str(each["version"]): Known(
                number=str(each["version"]),
                key=f"{each.get('source')}\0{each.get('run_id') or None}",
                tags={tag["key"]: tag["value"] for tag in each.get("tags", [])},
            )
            for each in versions.get("model_versions", [])
        },
    )


def _json(response: Any) -> dict[str, Any]:
    if response.status_code == 404:
        return {}
    response.raise_for_status()
    content = json.loads(response.text)
    return content if isinstance(content, dict) else {}
