"""Questions about the shape of an expression: what it names, along which axis it goes."""

from __future__ import annotations

import ast


def texts(node: ast.expr) -> list[str]:
    """The names in ``"a"`` or ``["a", "b"]``."""
    parts = node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node]
    return [each.value for each in parts if isinstance(each, ast.Constant) and isinstance(each.value, str)]


def kind_of_join(node: ast.Call, given: list[ast.expr], usual: str) -> str:
    """The kind of join; empty where it is not written down."""
    given = [each.value for each in node.keywords if each.arg == "how"] or given
    if not given:
        return usual
    return str(given[0].value) if isinstance(given[0], ast.Constant) else ""


def root(node: ast.expr) -> ast.expr:
    """What an expression begins with: ``weather`` of ``weather[columns].drop_duplicates()``."""
    while isinstance(node, (ast.Subscript, ast.Attribute, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node


def short_name(text: str) -> str:
    """A name for what was learned: its code in one short line."""
    short = " ".join(text.split())
    return short if len(short) <= 60 else short[:57] + "..."


def changed_object(node: ast.expr) -> ast.expr:
    """The object that an assignment changes."""
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return node


def first_index(node: ast.expr) -> tuple[ast.expr | None, ast.expr | None]:
    """The row selector and the rest of ``[rows, columns]``."""
    if isinstance(node, ast.Tuple):
        return (node.elts[0], node.elts[1]) if len(node.elts) == 2 else (None, None)
    return node, None


def along_columns(node: ast.Call) -> bool:
    """Whether ``drop``, ``dropna`` are about columns."""
    for each in node.keywords:
        if each.arg == "columns":
            return True
        if each.arg == "axis" and isinstance(each.value, ast.Constant):
            return each.value.value in (1, "columns")
    return len(node.args) > 1 and isinstance(node.args[1], ast.Constant) and node.args[1].value == 1


def along_rows(node: ast.Call, place: int) -> bool:
    """Whether a reduction gives one value a row (``axis=1``)."""
    given = [each.value for each in node.keywords if each.arg == "axis"] or node.args[place : place + 1]
    if not given:
        return False
    value = given[0]
    if isinstance(value, ast.UnaryOp):
        return True
    return isinstance(value, ast.Constant) and value.value in (1, "columns")


def literal_rows(node: ast.Call) -> bool:
    """Whether ``drop`` names rows by their numbers."""
    return isinstance(node.args[0], (ast.Constant, ast.List)) and any(
        isinstance(each, ast.Constant) and isinstance(each.value, int) for each in ast.walk(node.args[0])
    )


def is_table(node: ast.expr) -> bool:
    """Whether it looks like a table rather than one column of it."""
    if isinstance(node, ast.Subscript):
        return not isinstance(node.slice, ast.Constant)
    return isinstance(node, ast.Name)


def grouping(node: ast.expr) -> tuple[ast.expr, ast.expr] | None:
    """The table and the keys of ``df.groupby("k")["v"]``."""
    while True:
        match node:
            case ast.Call(func=ast.Attribute(value=table, attr="groupby"), args=[keys, *_]):
                named = isinstance(keys, (ast.Constant, ast.Name)) or (
                    isinstance(keys, ast.List) and all(isinstance(each, ast.Constant) for each in keys.elts)
                )
                return (table, keys) if named else None
            case ast.Subscript(value=inner) | ast.Attribute(value=inner) | ast.Call(func=inner):
                node = inner
            case _:
                return None
