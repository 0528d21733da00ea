"""One walk over a cell's tree: its texts with what stands around them, its calls, its imports, its constants."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from handoff_ext.checks.facts.names import Names
from handoff_ext.checks.facts.text import Parts, dotted, parts_of

Role = Literal["argument", "value", "item", "key", "compare", "index", "statement", "default", "other"]


class Around(NamedTuple):
    """What stands around a text.

    ``name`` is the called function, the assigned name, or the dict or object whose item is set; ``slot`` is the
    keyword, position or key; ``outer`` is the call or name around a dict, or the first text among a call's arguments.
    """

    role: Role
    name: str = ""
    slot: str | int = ""
    outer: str = ""
    listed: bool = False


class TextUse(NamedTuple):
    """A text as the cell builds it: the whole expression, never a piece of one."""

    node: ast.expr
    parts: Parts
    around: Around


class CallUse(NamedTuple):
    """A call. ``name`` is dotted; ``depth`` counts the functions and classes around it."""

    node: ast.Call
    name: str
    depth: int


class ImportUse(NamedTuple):
    """An import. ``guarded``: in a ``try`` or an ``if``, so that it may be left out."""

    node: ast.Import | ast.ImportFrom
    depth: int
    guarded: bool


@dataclass(slots=True)
class Walked:
    """What one walk found."""

    texts: list[TextUse] = field(default_factory=list)
    calls: list[CallUse] = field(default_factory=list)
    imports: list[ImportUse] = field(default_factory=list)
    constants: dict[str, Parts | None] = field(default_factory=dict)
    names: Names = field(default_factory=Names)


_OTHER = Around("other")
_STATEMENT = Around("statement")
_SKIPPED = {"ctx", "op", "ops", "type_comment", "kind", "conversion", "level", "type_ignores"}
_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {
    each: tuple(name for name in each._fields if name not in _SKIPPED)
    for each in vars(ast).values()
    if isinstance(each, type) and issubclass(each, ast.AST)
}
_LEAVES = frozenset({ast.Pass, ast.Break, ast.Continue, ast.alias, ast.Nonlocal})
_TEXTS = frozenset({ast.Constant, ast.JoinedStr, ast.BinOp, ast.Call, ast.Subscript})


def walk(tree: ast.Module) -> Walked:
    """Walk a cell's tree once. Raises ``RecursionError`` where it is nested too deeply."""
    walker = _Walker()
    for statement in tree.body:
        walker.visit(statement, _OTHER)
    return walker.found


class _Walker:
    def __init__(self) -> None:
        self.found = Walked()
        self.names = self.found.names
        self.depth = 0
        self.guarded = 0
        self.maybe = 0

    def visit(self, node: ast.AST, around: Around) -> None:
        kind = type(node)
        if kind is ast.Name:
            self.names.name(node)  # type: ignore[arg-type]
            return
        if kind is ast.Constant:
            parts = parts_of(node)  # type: ignore[arg-type]
            if parts is not None:
                self.found.texts.append(TextUse(node, parts, around))  # type: ignore[arg-type]
            return
        if kind in _TEXTS:
            parts = parts_of(node)  # type: ignore[arg-type]
            if parts is not None:
                self.found.texts.append(TextUse(node, parts, around))  # type: ignore[arg-type]
                self.inside(node)
                return
        special: Any = _SPECIAL.get(kind)
        if special is not None:
            special(self, node, around)
        elif kind not in _LEAVES:
            for name in _FIELDS[kind]:
                value = getattr(node, name, None)
                if type(value) is list:
                    for each in value:
                        if isinstance(each, ast.AST):
                            self.visit(each, _OTHER)
                elif isinstance(value, ast.AST):
                    self.visit(value, _OTHER)

    def inside(self, node: ast.AST) -> None:
        """Below a text: its pieces are told already, calls that fill its holes are not."""
        if type(node) is ast.Call:
            self.found.calls.append(CallUse(node, dotted(node.func), self.depth))
        for child in _children(node):
            if type(child) in (ast.Attribute, ast.Tuple, ast.List, ast.FormattedValue, ast.keyword):
                self.inside(child)
            elif type(child) in _TEXTS and parts_of(child) is not None:  # type: ignore[arg-type]
                if type(child) is not ast.Constant:
                    self.inside(child)
            else:
                self.visit(child, _OTHER)

    def call(self, node: ast.Call, _: Around) -> None:
        name = dotted(node.func)
        self.found.calls.append(CallUse(node, name, self.depth))
        self.owner(node.func)
        first = node.args[0] if node.args else None
        text = first.value if type(first) is ast.Constant and type(first.value) is str else ""
        for index, argument in enumerate(node.args):
            if type(argument) is ast.Name:
                self.names.name(argument)
            else:
                self.visit(argument, Around("argument", name, index, text if index else ""))
        for keyword in node.keywords:
            value = keyword.value
            if type(value) is ast.Name:
                self.names.name(value)
            elif type(value) is not ast.Constant or type(value.value) in (str, bytes):
                self.visit(value, Around("argument", name, keyword.arg or "", text))

    def attribute(self, node: ast.Attribute, _: Around) -> None:
        self.owner(node)

    def owner(self, node: ast.expr) -> None:
        """What a chain of attributes begins with."""
        while type(node) is ast.Attribute:
            node = node.value
        if type(node) is ast.Name:
            self.names.name(node)
        else:
            self.visit(node, _OTHER)

    def assign(self, node: ast.Assign, _: Around) -> None:
        self.bind(node.targets[-1], node.value, len(node.targets) == 1)
        for target in node.targets:
            if type(target) is ast.Name:
                self.names.name(target)
            else:
                self.visit(target, _OTHER)

    def annotated(self, node: ast.AnnAssign, _: Around) -> None:
        if node.value is not None:
            self.bind(node.target, node.value, True)
            self.visit(node.target, _OTHER)
        self.visit(node.annotation, _OTHER)

    def named(self, node: ast.NamedExpr, _: Around) -> None:
        self.bind(node.target, node.value, False)
        self.names.name(node.target)

    def augmented(self, node: ast.AugAssign, _: Around) -> None:
        if type(node.target) is ast.Name:
            self.found.constants[node.target.id] = None
            self.names.name(ast.copy_location(ast.Name(node.target.id, ast.Load()), node.target))
        self.visit(node.value, Around("value", dotted(node.target)))
        self.visit(node.target, _OTHER)

    def bind(self, target: ast.expr, value: ast.expr, alone: bool) -> None:
        name, around = dotted(target), None
        if type(target) is ast.Name and self.depth == 0:
            constants = self.found.constants
            constants[name] = parts_of(value) if alone and name not in constants else None
        if type(target) is ast.Subscript:
            key = target.slice
            text = key.value if type(key) is ast.Constant and type(key.value) is str else ""
            around = Around("item", dotted(target.value), text)
        elif type(target) in (ast.Tuple, ast.List) and type(value) in (ast.Tuple, ast.List):
            names, values = target.elts, value.elts  # type: ignore[attr-defined]
            if len(names) == len(values):
                for one, each in zip(names, values, strict=True):
                    self.bind(one, each, alone)
                return
        self.visit(value, around or Around("value", name))

    def dictionary(self, node: ast.Dict, around: Around) -> None:
        outer = around.outer if around.name in ("", "{}") else around.name
        for key, value in zip(node.keys, node.values, strict=True):
            text = ""
            if key is not None:
                self.visit(key, Around("key", "", "", outer))
                if type(key) is ast.Constant and type(key.value) is str:
                    text = key.value
            self.visit(value, Around("item", "{}", text, outer))

    def listing(self, node: ast.List | ast.Tuple | ast.Set, around: Around) -> None:
        if around.role in ("argument", "value", "item", "default"):
            around = Around(around.role, around.name, around.slot, around.outer, True)
        else:
            around = _OTHER
        for each in node.elts:
            self.visit(each, around)

    def compare(self, node: ast.Compare, _: Around) -> None:
        around = Around("compare", dotted(node.left))
        for each in (node.left, *node.comparators):
            self.visit(each, around)

    def subscript(self, node: ast.Subscript, _: Around) -> None:
        self.owner(node.value)
        if type(node.slice) is ast.Name:
            self.names.name(node.slice)
        elif type(node.slice) is not ast.Slice:
            self.visit(node.slice, Around("index", dotted(node.value)))
        else:
            self.visit(node.slice, _OTHER)

    def expression(self, node: ast.Expr, _: Around) -> None:
        self.visit(node.value, _STATEMENT)

    def choice(self, node: ast.IfExp | ast.BoolOp | ast.Await | ast.Starred, around: Around) -> None:
        for child in _children(node):
            self.visit(child, around)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, _: Around) -> None:
        arguments = node.args
        named = [*arguments.posonlyargs, *arguments.args]
        for argument, default in zip(reversed(named), reversed(arguments.defaults), strict=False):
            self.visit(default, Around("default", argument.arg))
        for argument, keyword_default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            if keyword_default is not None:
                self.visit(keyword_default, Around("default", argument.arg))
        every = [each for each in (*named, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg) if each]
        for each in every:
            if each.annotation is not None:
                self.visit(each.annotation, _OTHER)
        own = {each.arg for each in every}
        if not isinstance(node, ast.Lambda):
            for outside in (*node.decorator_list, node.returns):
                if outside is not None:
                    self.visit(outside, _OTHER)
            self.names.bind(node.name)
        kept = self.names.enter_function(own)
        self.depth += 1
        for statement in (node.body,) if isinstance(node, ast.Lambda) else node.body:
            self.visit(statement, _OTHER)
        self.depth -= 1
        self.names.leave_function(kept)

    def klass(self, node: ast.ClassDef, _: Around) -> None:
        for child in (*node.bases, *node.keywords, *node.decorator_list):
            self.visit(child, _OTHER)
        self.depth += 1
        self.names.enter_class()
        for child in node.body:
            self.visit(child, _OTHER)
        self.names.leave_comprehension()
        self.depth -= 1
        self.names.bind(node.name)

    def comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, _: Around) -> None:
        self.visit(node.generators[0].iter, _OTHER)
        self.names.enter_comprehension()
        for index, each in enumerate(node.generators):
            if index:
                self.visit(each.iter, _OTHER)
            self.visit(each.target, _OTHER)
            for test in each.ifs:
                self.visit(test, _OTHER)
        for part in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self.visit(part, _OTHER)
        self.names.leave_comprehension()

    def loop(self, node: ast.For | ast.AsyncFor, _: Around) -> None:
        self.visit(node.iter, _OTHER)
        self.visit(node.target, _OTHER)
        self.maybe += 1
        for statement in (*node.body, *node.orelse):
            self.visit(statement, _OTHER)
        self.maybe -= 1

    def guard(self, node: ast.Try | ast.If, _: Around) -> None:
        self.guarded += 1
        self.maybe += 1
        for child in _children(node):
            self.visit(child, _OTHER)
        self.maybe -= 1
        self.guarded -= 1

    def handler(self, node: ast.ExceptHandler, _: Around) -> None:
        known = node.name in self.names.bound
        if node.name:
            self.names.bind(node.name)
        for child in _children(node):
            self.visit(child, _OTHER)
        if node.name and not known:
            self.names.unbind(node.name, deleted=False)

    def delete(self, node: ast.Delete, _: Around) -> None:
        for target in node.targets:
            for each in target.elts if isinstance(target, ast.Tuple | ast.List) else (target,):
                if not isinstance(each, ast.Name):
                    self.visit(each, _OTHER)
                elif not self.maybe and not self.depth:
                    self.names.name(ast.copy_location(ast.Name(each.id, ast.Load()), each))
                    self.names.unbind(each.id, deleted=True)

    def matched(self, node: ast.MatchAs | ast.MatchStar | ast.MatchMapping, _: Around) -> None:
        name = node.rest if isinstance(node, ast.MatchMapping) else node.name
        if name:
            self.names.bind(name)
        for child in _children(node):
            self.visit(child, _OTHER)

    def shared(self, node: ast.Global, _: Around) -> None:
        self.names.declare(node.names)

    def imported(self, node: ast.Import | ast.ImportFrom, _: Around) -> None:
        self.found.imports.append(ImportUse(node, self.depth, self.guarded > 0))
        for alias in node.names:
            self.names.bind(alias.asname or alias.name.partition(".")[0])


def _children(node: ast.AST) -> Iterator[ast.AST]:
    for name in _FIELDS.get(type(node), ()):
        value = getattr(node, name, None)
        if type(value) is list:
            for each in value:
                if isinstance(each, ast.AST):
                    yield each
        elif isinstance(value, ast.AST):
            yield value


_SPECIAL = {
    ast.Call: _Walker.call,
    ast.Attribute: _Walker.attribute,
    ast.Assign: _Walker.assign,
    ast.AnnAssign: _Walker.annotated,
    ast.AugAssign: _Walker.augmented,
    ast.NamedExpr: _Walker.named,
    ast.Dict: _Walker.dictionary,
    ast.List: _Walker.listing,
    ast.Tuple: _Walker.listing,
    ast.Set: _Walker.listing,
    ast.Compare: _Walker.compare,
    ast.Subscript: _Walker.subscript,
    ast.Expr: _Walker.expression,
    ast.IfExp: _Walker.choice,
    ast.BoolOp: _Walker.choice,
    ast.Await: _Walker.choice,
    ast.Starred: _Walker.choice,
    ast.FunctionDef: _Walker.function,
    ast.AsyncFunctionDef: _Walker.function,
    ast.Lambda: _Walker.function,
    ast.ClassDef: _Walker.klass,
    ast.ListComp: _Walker.comprehension,
    ast.SetComp: _Walker.comprehension,
    ast.DictComp: _Walker.comprehension,
    ast.GeneratorExp: _Walker.comprehension,
    ast.For: _Walker.loop,
    ast.AsyncFor: _Walker.loop,
    ast.ExceptHandler: _Walker.handler,
    ast.Try: _Walker.guard,
    ast.TryStar: _Walker.guard,
    ast.If: _Walker.guard,
    ast.MatchAs: _Walker.matched,
    ast.MatchStar: _Walker.matched,
    ast.MatchMapping: _Walker.matched,
    ast.Delete: _Walker.delete,
    ast.Global: _Walker.shared,
    ast.Import: _Walker.imported,
    ast.ImportFrom: _Walker.imported,
}
