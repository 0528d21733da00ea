"""Parameters: values at the top level that a run can be given from outside, found by their place in the code."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handoff_ext.cells.model import Cell, Notebook
from handoff_ext.cells.python import parse_cell
from handoff_ext.contracts.pipeline import ParameterType
from handoff_ext.pipeline.literals import is_absolute, is_url, looks_like_data, path_names
from handoff_ext.pipeline.units import Units, plain_value, split

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2})?)?\Z")
_TOO_LONG = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """A parameter before it is known which stages use it. Paths are as the pipeline's folder sees them.

    ``home``: the notebook's own folder, where its code has to run.
    """

    name: str
    type: ParameterType
    default: Any
    meaning: str = ""
    input: bool = False
    home: bool = False


def find_parameters(notebook: Notebook, imports: Mapping[str, str], to_notebook: str) -> tuple[Units, dict[str, Draft]]:
    """The notebook's units, its parameters cut out, and those parameters by name.

    A parameter is a plain value bound to a name once, at the top level, that nothing changes afterwards. In cells
    tagged ``parameters`` dictionaries and None count too. ``to_notebook`` leads from the pipeline's folder to the
    notebook's.
    """
    candidates = _candidates(notebook)
    units = split(notebook, candidates)
    ours = {name for cell in notebook.code if cell.index < 0 for name in _constants(cell)}  # nothing else binds them
    kept = ours | {name for name in candidates if _stays(name, units)}
    while True:
        units = split(notebook, kept)
        gone = {name for name in kept - ours if not _stays(name, units)}
        if not gone:
            break
        kept -= gone
    trees = [tree for cell in notebook.code if (tree := parse_cell(cell.source).tree)]
    uses = path_names(trees, imports)
    paths, written = uses.read - uses.written, uses.written
    kept -= {name for name in written - {"run_dir"} if _is_text(candidates.get(name)) and name not in paths}
    units = split(notebook, kept)
    drafts = {
        unit.names[0]: _draft(unit.source, unit.names[0], paths, to_notebook)
        for unit in units.units
        if unit.kind == "parameter"
    }
    return units, drafts


def parameter_type(value: Any) -> ParameterType:
    """The type of a plain value, as ``pipeline.yaml`` calls it."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, str):
        return "date" if _DATE.match(value) else "str"
    if value is None:
        return "none"
    if isinstance(value, int):
        return "int"
    if isinstance(value, float):
        return "float"
    return "dict" if isinstance(value, dict) else "list"


def rebase(path: str, to_notebook: str) -> str | None:
    """A path as the pipeline's folder sees it; None for one that means something on one computer only."""
    path = path.replace("\\", "/") if "/" not in path else path
    if is_url(path):
        return path
    if is_absolute(path):
        return None
    return posixpath.normpath(posixpath.join(to_notebook, path)) + ("/" if path.endswith("/") else "")


def _candidates(notebook: Notebook) -> dict[str, Any]:
    """Names bound to a plain value by a statement of its own, with the value."""
    found: dict[str, Any] = {}
    for cell in notebook.code:
        tree = parse_cell(cell.source).tree
        for node in tree.body if tree else ():
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if plain_value(value):
                    pass
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if plain_value(value):
                    pass
                case _:
                    continue
            literal = ast.literal_eval(value)
            if "parameters" in cell.tags or _counts(name, literal):
                found[name] = literal
    return found


def _constants(cell: Cell) -> set[str]:
    tree = parse_cell(cell.source).tree
    return (
        {
            node.targets[0].id
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        if tree
        else set()
    )


def _counts(name: str, value: Any) -> bool:
    if name.startswith("_") or value is None or isinstance(value, dict):
        return False
    return not (isinstance(value, str) and ("\n" in value or len(value) > _TOO_LONG))


def _stays(name: str, units: Units) -> bool:
    """Whether nothing but one parameter unit ever binds or changes the name, or declares it global."""
    writers = [index for index, step in units.flow.steps.items() if name in step.writes]
    return len(writers) == 1 and units.units[writers[0]].kind == "parameter"


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _draft(source: str, name: str, paths: frozenset[str], to_notebook: str) -> Draft:
    node = next(each for each in ast.parse(source).body if isinstance(each, (ast.Assign, ast.AnnAssign)))
    assert node.value is not None
    value = ast.literal_eval(node.value)
    meaning = _meaning(source, node)
    read = name in paths
    if isinstance(value, str) and not is_url(value) and (read or looks_like_data(value)):
        return Draft(name, "path", rebase(value, to_notebook), meaning, read)
    if value is None and (read or name.endswith(("_path", "_file", "_csv", "_dir"))):
        return Draft(name, "path", None, meaning, read)
    return Draft(name, parameter_type(value), value, meaning)


def _meaning(source: str, node: ast.stmt) -> str:
    """The comment beside the statement, else the comments above it, in one line."""
    lines = source.split("\n")
    last = lines[(node.end_lineno or 1) - 1].encode()[node.end_col_offset or 0 :].decode("utf-8", "ignore")
    beside = last.strip().lstrip(";").strip()
    if beside.startswith("#"):
        return _clean(beside)
    above = [line.strip() for line in lines[: node.lineno - 1] if line.strip().startswith("#")]
    return _clean(" ".join(line.lstrip("# ") for line in above))


def _clean(text: str) -> str:
    return " ".join(text.lstrip("#").split())
