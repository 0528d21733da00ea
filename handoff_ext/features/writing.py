"""``features.py``: the notebook's feature code as a module of its own."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Collection, Mapping
from pathlib import Path

from handoff_ext.features.lifted import Lifted, Table

_INSIDE = Path(__file__).parent / "inside"
BESIDE = (_INSIDE / "learned.py", _INSIDE / "training_rows.py")
"""The modules that it needs beside it."""


def features_text(lifted: Lifted, notebook: str, defaults: Mapping[str, object], portable: Collection[str] = ()) -> str:
    """The module's text.

    Args:
        lifted: the code.
        notebook: the notebook's file name, for the first line.
        defaults: values that a run may be given from outside.
        portable: functions that ``definitions.py`` holds.
    """
    own = {name: text for name, text in lifted.functions.items() if name not in portable or "state" in text}
    imported = sorted(set(lifted.functions) - set(own))
    body = [_load(lifted, defaults), _transform(lifted, defaults)]
    code = "\n\n\n".join([*(text.strip("\n") for text in own.values()), *body])
    constants = list(dict.fromkeys(text for name, text in lifted.plain.items() if name in _names(code)))
    used = _names("\n".join([*constants, code]))
    imports = list(dict.fromkeys(text for name, text in lifted.imports.items() if name in used and text))
    if imported:
        imports.append(f"\nfrom definitions import {', '.join(imported)}")
    head = (
        f'"""From the rows of `{lifted.main.name}` to the inputs of the model, in the words of {notebook}.\n\n'
        "``transform`` prepares a table, or one row. What training learned from its table is in ``state``.\n"
        '"""'
    )
    parts = [head, "\n".join(imports), "\n".join(constants)]
    return "\n\n".join(part for part in parts if part) + "\n\n\n" + code + "\n"


def _load(lifted: Lifted, defaults: Mapping[str, object]) -> str:
    tables = lifted.tables
    lines = [*lifted.load, "return {" + ", ".join(f"{each.name!r}: {each.code}" for each in tables) + "}"]
    used = _names("\n".join(lines))
    given = ", ".join(f"{name}={value!r}" for name, value in defaults.items() if name in used)
    doc = '"""The tables as training read them, the rows first."""'
    return f"def load({given}):\n    {doc}\n" + "\n".join(indented(line) for line in lines)


def _transform(lifted: Lifted, defaults: Mapping[str, object]) -> str:
    lines = [f'"""`{lifted.expression}` of the rows in ``raw``."""']
    cell = 0
    bound = {line.text.partition(" = ")[0] for line in lifted.lines}
    used = _names("\n".join(line.text for line in lifted.lines) + "\n" + lifted.result)
    lines += [
        f"{name} = state.setting({name!r}, {value!r})"
        for name, value in defaults.items()
        if name in used and name not in bound and name not in lifted.plain
    ]
    for line in lifted.lines:
        if line.place.cell != cell:
            cell = line.place.cell
            lines.append(f"# cell {cell}")
        if line.comments:
            lines.append(line.comments)
        lines.append(line.text)
    lines.append(f"return {lifted.result}")
    return "def transform(raw, state):\n" + "\n".join(indented(line) for line in lines)


def indented(text: str) -> str:
    """A statement one level deeper; the inside of texts over several lines stays as it is."""
    try:
        inside = {
            number
            for node in ast.walk(ast.parse(text))
            if isinstance(node, (ast.Constant, ast.JoinedStr)) and node.end_lineno != node.lineno
            for number in range(node.lineno + 1, (node.end_lineno or 0) + 1)
        }
    except SyntaxError:
        return textwrap.indent(text, "    ")
    rows = text.split("\n")
    return "\n".join(row if number in inside or not row else f"    {row}" for number, row in enumerate(rows, 1))


def _names(code: str) -> set[str]:
    try:
        tree = ast.parse(code)
    except SyntaxError:
        tree = ast.parse("def _():\n" + textwrap.indent(code, "    "))
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


__all__ = ["BESIDE", "Table", "features_text"]
