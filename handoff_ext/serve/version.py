"""A published version as the gateway knows it: read from its files, without importing MLflow."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.plan import Plan
from handoff_ext.contracts.profile import Profile
from handoff_ext.serve.columns import Column, columns_of


@dataclass(frozen=True, kw_only=True)
class ServedVersion:
    """One version, on this machine. ``example`` are the rows that it was published with, ``load`` what ``handoff
    loadtest --note`` measured, as JSON."""

    uri: str
    name: str
    version: str
    stage: str
    folder: Path
    columns: tuple[Column, ...]
    lock: Path
    python: str
    example: tuple[dict[str, Any], ...] = ()
    plan: Plan = field(default_factory=Plan)
    profile: Profile = field(default_factory=Profile)
    card: str = ""
    card_page: str = ""
    runbook: str = ""
    load: str = ""


def read_version(
    folder: Path, uri: str = "", name: str = "", version: str = "", stage: str = "", load: str = ""
) -> ServedVersion:
    """Read what MLflow wrote into ``folder``: signature, example, package list, and the plan, profile and card beside.

    Raises:
        HandoffError: not a model, not one that is called with rows, or without an exact package list.
    """
    described = _description(folder)
    flavor = (described.get("flavors") or {}).get("python_function")
    if not isinstance(flavor, dict):
        raise HandoffError("This model has no python_function flavour, so MLflow cannot call it.")
    lock = folder / "requirements.txt"
    if not lock.exists():
        raise HandoffError("This version lists no packages.", "Publish it with handoff publish.")
    plan = _plan(folder, flavor)
    registered = _yaml(folder / "registered_model_meta") or {}
    profile = _profile(folder, flavor)
    return ServedVersion(
        uri=uri or str(folder),
        name=name or str(registered.get("model_name") or folder.name),
        version=version or str(registered.get("model_version") or described.get("model_id") or "local"),
        stage=stage or "shadow",
        folder=folder,
        columns=columns_of(_inputs(described), profile, plan, _tested(folder, flavor)),
        lock=lock,
        python=str(flavor.get("python_version") or ""),
        example=tuple(_example(folder, described)),
        plan=plan,
        profile=profile,
        card=_text(_artifact(folder, flavor, "card")),
        card_page=_text(_artifact(folder, flavor, "card_page")),
        runbook=_text(_artifact(folder, flavor, "runbook")),
        load=load,
    )


def _description(folder: Path) -> dict[str, Any]:
    if not (folder / "MLmodel").exists():
        raise HandoffError(f"{folder.name or folder} holds no MLflow model.", "Give models:/NAME/VERSION.")
    described = _yaml(folder / "MLmodel")
    if not described:
        raise HandoffError(f"{folder.name}/MLmodel cannot be read.", "Publish the model again.")
    return described


def _inputs(described: dict[str, Any]) -> list[dict[str, Any]]:
    signature = described.get("signature") or {}
    inputs = json.loads(signature.get("inputs") or "[]")
    if not inputs:
        raise HandoffError("This version has no signature, so its rows cannot be checked.", "Publish it again.")
    if any("name" not in column or column.get("type") == "tensor" for column in inputs):
        raise HandoffError("This version takes arrays, not rows of named columns.", "Use mlflow models serve.")
    return list(inputs)


def _example(folder: Path, described: dict[str, Any]) -> list[dict[str, Any]]:
    saved = described.get("saved_input_example_info") or {}
    example = _json(folder / str(saved.get("artifact_path"))) if saved.get("artifact_path") else {}
    names, rows = example.get("columns"), example.get("data")
    if not isinstance(names, list) or not isinstance(rows, list):
        return []
    return [dict(zip(names, row, strict=False)) for row in rows if isinstance(row, list)]


def _tested(folder: Path, flavor: dict[str, Any]) -> dict[str, list[Any]]:
    """Rows that the version was tested on, by column; none where a personal column kept them from being stored."""
    kept = _json(_artifact(folder, flavor, "reference"))
    names, rows = kept.get("columns") or [], kept.get("rows") or []
    return {name: [row[index] for row in rows] for index, name in enumerate(names)}


def _artifact(folder: Path, flavor: dict[str, Any], name: str) -> Path | None:
    stored = (flavor.get("artifacts") or {}).get(name)
    return folder / stored["path"] if isinstance(stored, dict) and stored.get("path") else None


def _plan(folder: Path, flavor: dict[str, Any]) -> Plan:
    from pydantic import ValidationError

    try:
        return Plan.model_validate(_yaml(_artifact(folder, flavor, "plan")) or {})
    except ValidationError:
        return Plan()


def _profile(folder: Path, flavor: dict[str, Any]) -> Profile:
    from pydantic import ValidationError

    try:
        return Profile.model_validate(_json(_artifact(folder, flavor, "profile")))
    except ValidationError:
        return Profile()


def _yaml(path: Path | None) -> dict[str, Any] | None:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        content = YAML(typ="safe").load(_text(path))
    except YAMLError:
        return None
    return content if isinstance(content, dict) else None


def _json(path: Path | None) -> dict[str, Any]:
    try:
        content = json.loads(_text(path) or "{}")
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _text(path: Path | None) -> str:
    try:
        return path.read_text() if path else ""
    except (OSError, UnicodeDecodeError):
        return ""
