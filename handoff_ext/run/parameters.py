"""Values given from outside, checked against the types the pipeline declares before anything runs."""

from __future__ import annotations

import datetime
import difflib
import math
from collections.abc import Callable, Mapping
from typing import Any

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.pipeline import Manifest, Parameter

_TEXT = {"str", "path", "date"}
_SAID = {
    "str": "text",
    "path": "a path",
    "date": "a date such as 2024-03-31",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list such as [1, 2]",
    "dict": "a mapping such as {a: 1}",
}


class WrongParameter(HandoffError):
    """A parameter that is not known, or a value of the wrong type."""


def typed(manifest: Manifest, given: Mapping[str, Any]) -> dict[str, Any]:
    """The given values in the declared types; text is read as the declared type says (``007`` stays text for ``str``).

    Raises:
        WrongParameter: unknown name, wrong type, or a value that must be given and is not.
    """
    declared = {parameter.name: parameter for parameter in manifest.parameters}
    declared.setdefault("run_dir", Parameter(name="run_dir", type="path", default=manifest.run_dir))
    values = {}
    for name, value in given.items():
        if name not in declared:
            close = difflib.get_close_matches(name, declared, 1)
            known = ", ".join(sorted(declared))
            raise WrongParameter(
                f"{manifest.name} has no parameter {name}.",
                f"Did you mean {close[0]}?" if close else f"It has: {known}.",
            )
        values[name] = _value(declared[name], value)
    for parameter in declared.values():
        if parameter.type == "path" and parameter.default is None and values.get(parameter.name) is None:
            meaning = f" ({parameter.meaning})" if parameter.meaning else ""
            raise WrongParameter(
                f"Parameter {parameter.name}{meaning} has no value.", f"Give it with -p {parameter.name} PATH."
            )
    return values


def effective(manifest: Manifest, given: Mapping[str, Any]) -> dict[str, Any]:
    """All parameters with the values they will have: defaults, overridden by what is given."""
    values = {parameter.name: parameter.default for parameter in manifest.parameters}
    values.setdefault("run_dir", manifest.run_dir)
    return {**values, **given}


def _value(parameter: Parameter, value: Any) -> Any:
    if value is None:
        if parameter.default is None:
            return None
        raise _wrong(parameter, "nothing")
    if parameter.type == "none":
        return _from_yaml(value) if isinstance(value, str) else value
    if isinstance(value, str) and parameter.type not in _TEXT:
        value = _from_yaml(value)
    accepted = _ACCEPT[parameter.type](value)
    if accepted is None:
        raise _wrong(parameter, repr(value) if parameter.type not in _TEXT else type(value).__name__)
    return accepted


def _wrong(parameter: Parameter, got: str) -> WrongParameter:
    return WrongParameter(f"Parameter {parameter.name} must be {_SAID[parameter.type]}, not {got[:60]}.")


def _from_yaml(text: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return YAML(typ="safe", pure=True).load(text)
    except YAMLError:
        return text


def _date(value: Any) -> str | None:
    if isinstance(value, datetime.date):
        return value.isoformat()
    try:
        datetime.datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return str(value)


def _int(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        return int(value)
    return value if isinstance(value, int) else None


def _float(value: Any) -> float | None:
    if isinstance(value, str):
        try:
            return float(value)  # YAML 1.2 reads ``1e-3`` and ``nan`` as text.
        except ValueError:
            return None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _instance(kind: type) -> Callable[[Any], Any]:
    return lambda value: value if isinstance(value, kind) else None


_ACCEPT: dict[str, Callable[[Any], Any]] = {
    "str": _instance(str),
    "path": lambda value: str(value) if hasattr(value, "__fspath__") else _instance(str)(value),
    "date": _date,
    "int": _int,
    "float": _float,
    "bool": _instance(bool),
    "list": _instance(list),
    "dict": _instance(dict),
}
