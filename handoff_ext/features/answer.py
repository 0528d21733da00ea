"""What is learned of the answer itself, group by group, before the rows are split: target encoding by hand."""

from __future__ import annotations

import ast
from collections.abc import Collection

from handoff_ext.contracts.features import Doubt, Place
from handoff_ext.features.lifted import Lifted

_BY_GROUP = ("groupby", "pivot_table", "crosstab")
_SPLITS = ("split", "training")
REPAIR = "Split first and take it over the training rows only, or use TargetEncoder in the model's pipeline."


def learned_of(lifted: Lifted, answers: Collection[str]) -> tuple[list[Doubt], frozenset[str]]:
    """The doubts about it, and the names of columns that are made of it.

    The mean of a price by town, taken over all rows and joined back, holds the price of the very rows that the model is
    judged on. Taken over the training rows of a split it is a lookup like any other.

    Args:
        lifted: the feature code.
        answers: columns that what is predicted is made from.
    """
    doubts: dict[str, Doubt] = {}
    columns: set[str] = set()
    split: set[str] = set()
    holding: set[str] = set()
    for line in lifted.lines:
        tree = ast.parse(line.text)
        bound, used = _bound(tree), _names(tree)
        if _calls(tree, _SPLITS, of="state") or used & split:
            split |= bound
        told = [code for code in _taken(tree, answers) if not _names(ast.parse(code)) & split]
        for code in told:
            doubts.setdefault(code, _doubt(code, answers, line.place))
        if told or used & holding:
            columns |= (_assigned(tree) or _named(tree)) - set(answers)
            holding |= bound - {lifted.main.name} if not _assigned(tree) else set()
    return list(doubts.values()), frozenset(columns)


def _doubt(code: str, answers: Collection[str], place: Place) -> Doubt:
    [answer, *_] = sorted(set(answers) & _columns(ast.parse(code)))
    message = f"`{code}` takes the answer `{answer}` of all rows, also of those that the model is judged on."
    return Doubt(mark="needs the answer", message=message, repair=REPAIR, place=place)


def _taken(tree: ast.Module, answers: Collection[str]) -> list[str]:
    """The expressions that sum up the answer by group, the widest of each."""
    found: list[ast.Call] = []
    inside: set[int] = set()
    for node in ast.walk(tree):
        if id(node) in inside or not isinstance(node, ast.Call):
            continue
        if any(isinstance(each, ast.Call) and _root(each) == "state" for each in ast.walk(node)):
            continue  # what stands inside is looked at by itself
        if _columns(node) & set(answers) and _calls(node, _BY_GROUP):
            found.append(node)
            inside |= {id(each) for each in ast.walk(node)}
    return [ast.unparse(each) for each in found]


def _root(node: ast.Call) -> str:
    """The first name of what is called."""
    func: ast.AST = node.func
    while isinstance(func, ast.Attribute | ast.Call | ast.Subscript):
        func = func.func if isinstance(func, ast.Call) else func.value
    return func.id if isinstance(func, ast.Name) else ""


def _calls(tree: ast.AST, methods: Collection[str], of: str = "") -> bool:
    return any(
        isinstance(each, ast.Call)
        and isinstance(each.func, ast.Attribute)
        and each.func.attr in methods
        and (not of or _root(each) == of)
        for each in ast.walk(tree)
    )


def _bound(tree: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(tree) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}


def _names(tree: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(tree) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}


def _assigned(tree: ast.AST) -> set[str]:
    """The columns that a line makes: ``df["x"] = ...``."""
    return {
        each.slice.value
        for each in ast.walk(tree)
        if isinstance(each, ast.Subscript)
        and isinstance(each.ctx, ast.Store)
        and isinstance(each.slice, ast.Constant)
        and isinstance(each.slice.value, str)
    }


def _strings(tree: ast.AST) -> set[str]:
    return {each.value for each in ast.walk(tree) if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def _columns(tree: ast.AST) -> set[str]:
    """What may be a column: ``df["x"]`` and ``df.x``."""
    return _strings(tree) | {each.attr for each in ast.walk(tree) if isinstance(each, ast.Attribute)}


def _named(tree: ast.AST) -> set[str]:
    """Names that a table's columns get: ``agg(rate=("y", "mean"))``, ``rename(columns={"y": "rate"})``."""
    found: set[str] = set()
    for each in ast.walk(tree):
        match each:
            case ast.Call(func=ast.Attribute(attr="agg" | "aggregate"), keywords=keywords):
                found |= {keyword.arg for keyword in keywords if keyword.arg}
            case ast.Dict(values=values):
                found |= {one.value for one in values if isinstance(one, ast.Constant) and isinstance(one.value, str)}
            case ast.Call(func=ast.Attribute(attr="reset_index" | "rename" | "to_frame"), keywords=keywords):
                given = {keyword.arg: keyword.value for keyword in keywords}
                found |= _strings(given["name"]) if "name" in given else set()
    return found
