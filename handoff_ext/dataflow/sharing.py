"""What a value may share with the objects that its expression mentions."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from handoff_ext.dataflow.known import FRESH_FUNCTIONS, FRESH_METHODS, LOOKING_METHODS
from handoff_ext.dataflow.model import Source, Step, StepKind

_LIMIT = 24
"""Sources of one expression that are followed: beyond it only the distinct names are kept."""


def dotted(node: ast.expr) -> str:
    """``a.b.c`` where the expression is one, else ``.c`` for an attribute of something else, else an empty string."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        return ".".join([node.id, *reversed(parts)])
    return f".{parts[0]}" if parts else ""


def made(node: ast.expr) -> str:
    """What a value is made by, as ``Definition.made`` tells it."""
    match node:
        case ast.Constant() | ast.JoinedStr() | ast.Compare() | ast.UnaryOp(op=ast.Not()):
            return "plain"
        case ast.UnaryOp(operand=operand):
            return "plain" if made(operand) == "plain" else ""
        case ast.BinOp(left=left, right=right):
            return "plain" if made(left) == made(right) == "plain" else ""
        case ast.List() | ast.Tuple() | ast.Set() | ast.Dict() | ast.ListComp() | ast.SetComp() | ast.DictComp():
            return "container"
        case ast.GeneratorExp():
            return "generator"
        case ast.Lambda():
            return "lambda"
        case ast.Call(func=func):
            return f"{dotted(func)}()"
        case ast.Await(value=value) | ast.NamedExpr(value=value):
            return made(value)
    return ""


def holds_lambda(node: ast.expr) -> bool:
    """Whether the value may keep a lambda that is written in the expression."""
    match node:
        case ast.Lambda():
            return True
        case ast.List(elts=elts) | ast.Tuple(elts=elts) | ast.Set(elts=elts):
            return any(holds_lambda(each) for each in elts)
        case ast.Dict(values=values):
            return any(holds_lambda(each) for each in values)
        case ast.ListComp(elt=elt) | ast.SetComp(elt=elt):
            return holds_lambda(elt)
        case ast.DictComp(value=value):
            return holds_lambda(value)
        case ast.Call(func=func, args=args, keywords=keywords):
            name = dotted(func).rpartition(".")[2]
            if (
                name in FRESH_METHODS
                or name in LOOKING_METHODS
                or name in FRESH_FUNCTIONS
                or name in ("sorted", "max", "min")
            ):
                return False
            inner = [*args, *(keyword.value for keyword in keywords)]
            return any(
                holds_lambda(each) for each in ([func.value, *inner] if isinstance(func, ast.Attribute) else inner)
            )
    return False


def sources(node: ast.expr, stands_for: Mapping[str, tuple[Source, ...]]) -> tuple[Source, ...]:
    """The objects that the value of ``node`` may share something with, each with the steps from it to the value.

    ``stands_for`` gives the sources of names that exist only inside an expression (comprehension variables).
    """
    found = tuple(dict.fromkeys(_sources(node, stands_for)))
    if len(found) <= _LIMIT:
        return found
    return tuple({source.name: source for source in found}.values())


def _sources(node: ast.expr, inner: Mapping[str, tuple[Source, ...]]) -> Iterable[Source]:
    match node:
        case ast.Name(id=name):
            return inner.get(name, (Source(name),))
        case ast.Attribute(value=value, attr=attr):
            return _after(_sources(value, inner), Step("attribute", attr))
        case ast.Subscript(value=value, slice=key):
            return _after(_sources(value, inner), Step(_key_kind(key), _key_text(key)))
        case ast.Starred(value=value):
            return _after(_sources(value, inner), Step("iterate"))
        case ast.Await(value=value) | ast.NamedExpr(value=value):
            return _sources(value, inner)
        case ast.IfExp(body=body, orelse=orelse):
            return [*_sources(body, inner), *_sources(orelse, inner)]
        case ast.BoolOp(values=values):
            return [each for value in values for each in _sources(value, inner)]
        case ast.BinOp(left=left, right=right):
            return _after([*_sources(left, inner), *_sources(right, inner)], Step("operator"))
        case ast.Tuple(elts=values) | ast.List(elts=values) | ast.Set(elts=values):
            return _after([each for value in values for each in _sources(value, inner)], Step("hold"))
        case ast.Dict(values=values):
            return _after([each for value in values for each in _sources(value, inner)], Step("hold"))
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            scope = comprehension_scope(node, inner)
            element = node.value if isinstance(node, ast.DictComp) else node.elt
            return _after(_sources(element, scope), Step("hold"))
        case ast.Call():
            return _of_call(node, inner)
        case ast.Yield(value=value) if value:
            return _sources(value, inner)
    return ()


def _of_call(node: ast.Call, inner: Mapping[str, tuple[Source, ...]]) -> list[Source]:
    callee = dotted(node.func)
    found: list[Source] = []
    if isinstance(node.func, ast.Attribute):
        found += _after(_sources(node.func.value, inner), Step("method", node.func.attr))
    else:
        found += _after(_sources(node.func, inner), Step("call", callee))
    for position, value in enumerate(node.args):
        found += _after(_sources(value, inner), Step("call", callee, position))
    for keyword in node.keywords:
        found += _after(_sources(keyword.value, inner), Step("call", callee, keyword.arg or "**"))
    return found


def comprehension_scope(
    node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, inner: Mapping[str, tuple[Source, ...]]
) -> dict[str, tuple[Source, ...]]:
    """``stands_for`` inside a comprehension: its variables stand for parts of what is iterated."""
    scope = dict(inner)
    for generator in node.generators:
        parts = tuple(_after(_sources(generator.iter, scope), Step("iterate")))
        for name in ast.walk(generator.target):
            if isinstance(name, ast.Name):
                scope[name.id] = parts
    return scope


def _after(found: Iterable[Source], step: Step) -> list[Source]:
    return [Source(source.name, (*source.path, step)) for source in found]


def _key_kind(key: ast.expr) -> StepKind:
    match key:
        case ast.Slice():
            return "slice"
        case ast.Tuple(elts=elts) if any(isinstance(each, ast.Slice) for each in elts):
            return "slice" if not any(isinstance(each, (ast.List, ast.Compare)) for each in elts) else "columns"
        case ast.List() | ast.ListComp():
            return "columns"
        case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Invert() | ast.Not()):
            return "mask"
        case ast.BinOp(op=ast.BitAnd() | ast.BitOr()):
            return "mask"
    return "item"


def _key_text(key: ast.expr) -> str:
    return ast.unparse(key) if isinstance(key, (ast.Constant, ast.Slice, ast.Tuple, ast.UnaryOp)) else ""
