"""What a version takes and answers, in MLflow's types, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_KINDS = {"number": "double", "boolean": "boolean", "text": "string", "date": "datetime", "duration": "double"}


def signature(described: Mapping[str, Any]) -> dict[str, Any]:
    """``{"inputs": [{"name", "type", "required"}], "outputs": [...]}``, with ``tensor`` instead of inputs for arrays.

    Whole numbers are ``long`` and all others ``double``, so that a table read from a file or JSON passes; the packed
    model turns them into its own dtypes. A column that had gaps in training may be left out.

    Args:
        described: ``model.json``.
    """
    outputs = [{"name": name, "type": kind, "required": True} for name, kind in described["output_types"].items()]
    if described["container"] == "tensor":
        return {"tensor": {"dtype": described["dtype"], "shape": described["shape"]}, "outputs": outputs}
    inputs = [
        {"name": column["name"], "type": _type(column), "required": not column["nullable"]}
        for column in described["columns"]
    ]
    return {"inputs": inputs, "outputs": outputs}


def _type(column: Mapping[str, Any]) -> str:
    kind = column["kind"]
    if kind == "category":
        return _of_choices(column["categories"])
    if kind == "number" and column["integer"] and not column["nullable"]:
        return "long"
    if kind == "boolean" and column["nullable"]:
        return "any"
    return _KINDS.get(kind, "any")


def _of_choices(choices: list[Any]) -> str:
    if all(isinstance(value, str) for value in choices):
        return "string"
    if all(isinstance(value, bool) for value in choices):
        return "boolean"
    return "long" if all(isinstance(value, int) for value in choices) else "any"
