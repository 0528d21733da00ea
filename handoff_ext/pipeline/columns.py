"""What the code says about the tables it reads: format, columns and types, as far as they are written down."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from handoff_ext.cells.model import Notebook
from handoff_ext.cells.python import parse_cell
from handoff_ext.dataflow.sharing import dotted


@dataclass(slots=True)
class Declared:
    """``columns``: name to type, empty where only the name is given; ``used``: columns that the code reads by name."""

    format: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)


def declared_inputs(notebook: Notebook, parameters: Iterable[str], imports: Mapping[str, str]) -> dict[str, Declared]:
    """For each parameter that a reading function is given, what the code declares of that input."""
    wanted = set(parameters)
    found: dict[str, Declared] = {}
    bound: dict[str, str] = {}
    trees = [tree for cell in notebook.code if (tree := parse_cell(cell.source).tree)]
    for tree in trees:
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            for name in _given(node) & wanted:
                declared = found.setdefault(name, Declared())
                _describe(node, declared, imports)
        for statement in tree.body:
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                calls = (node for node in ast.walk(statement.value) if isinstance(node, ast.Call))
                for name in wanted & {name for call in calls for name in _given(call)}:
                    bound[statement.targets[0].id] = name
    for tree in trees:
        for node in ast.walk(tree):
            match node:
                case ast.Subscript(value=ast.Name(id=frame), slice=ast.Constant(value=str() as column)) if (
                    frame in bound
                ):
                    used = found[bound[frame]].used
                    if column not in used and isinstance(node.ctx, ast.Load):
                        used.append(column)
    return {name: declared for name, declared in found.items() if declared.format}


def _given(node: ast.Call) -> set[str]:
    values = [*node.args[:1], *(keyword.value for keyword in node.keywords)]
    return {value.id for value in values if isinstance(value, ast.Name)}


def _describe(node: ast.Call, declared: Declared, imports: Mapping[str, str]) -> None:
    root, dot, rest = dotted(node.func).partition(".")
    path = f"{imports[root]}{dot}{rest}" if root in imports else dotted(node.func)
    name = path.rpartition(".")[2]
    if name.startswith(("read_", "load")) or name in ("open", "imread", "genfromtxt", "connect"):
        declared.format = declared.format or name.removeprefix("read_")
    for keyword in node.keywords:
        try:
            value = ast.literal_eval(keyword.value)
        except (ValueError, TypeError, SyntaxError):
            value = None
        match keyword.arg, value:
            case ("usecols" | "names", list() | tuple()) if value:
                for column in value:
                    if isinstance(column, str):
                        declared.columns.setdefault(column, "")
            case "parse_dates", list():
                for column in value:
                    if isinstance(column, str):
                        declared.columns[column] = "datetime"
            case "dtype", dict():
                declared.columns |= {str(column): str(kind) for column, kind in value.items()}
            case "dtype", _ if isinstance(keyword.value, ast.Dict):
                for key, kind in zip(keyword.value.keys, keyword.value.values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        declared.columns[key.value] = ast.unparse(kind).rpartition(".")[2]
