"""Walk the statements of one scope in the order they run."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from handoff_ext.dataflow.expressions import Expressions
from handoff_ext.dataflow.model import Alias, DefinitionKind, Function, Import, Mutation, Source, Step, Uncertain
from handoff_ext.dataflow.scope import bound_names, parameters, target_names
from handoff_ext.dataflow.sharing import dotted, holds_lambda, made, sources

_FORGIVES = {"", "NameError", "Exception", "BaseException"}
_SETTING_METHODS = frozenset(
    {"__init__", "__new__", "__post_init__", "__setattr__", "__setitem__", "__delattr__", "__delitem__", "__setstate__"}
)
_Def = ast.FunctionDef | ast.AsyncFunctionDef


class Walker(Expressions):
    """Statements of one scope. A function's body gets a walker of its own, whose free names come back here."""

    def block(self, statements: Iterable[ast.stmt]) -> None:
        """Walk statements in order."""
        for statement in statements:
            self.statement(statement)

    def body(self, statements: Sequence[ast.stmt], given: Sequence[str]) -> Walker:
        """Walk a function's body as a scope of its own."""
        bound, declared = bound_names(statements)
        inner = Walker(self.code, (bound | frozenset(given)) - declared)
        inner.bound = set(given)
        inner.block(statements)
        return inner

    def statement(self, node: ast.stmt) -> None:
        """Walk one statement."""
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._function(node)
            case ast.ClassDef():
                self._class(node)
            case ast.Import() | ast.ImportFrom():
                self._import(node)
            case ast.Assign(targets=[ast.Name() as target], value=ast.Lambda() as value):
                self._named_lambda(node, target, value)
            case ast.Assign(targets=targets, value=value):
                self.expression(value)
                for each in targets:
                    self.store(each, value, "assign")
            case ast.AnnAssign():
                self.expression(node.annotation)
                if node.value:
                    self.expression(node.value)
                    self.store(node.target, node.value, "assign")
            case ast.AugAssign():
                self._augmented(node)
            case ast.For() | ast.AsyncFor():
                self._loop(node)
            case ast.While(test=test):
                self.expression(test)
                self._ways([node.body, node.orelse], sure=False)
            case ast.If(test=test):
                self.expression(test)
                self._ways([node.body, node.orelse], sure=True)
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    self.expression(item.context_expr)
                    if item.optional_vars:
                        self.store(item.optional_vars, item.context_expr, "with")
                self.block(node.body)
            case ast.Try() | ast.TryStar():
                self._try(node)
            case ast.Match():
                self._match(node)
            case ast.Delete(targets=gone):
                for each in gone:
                    self._delete(each)
            case ast.Return(value=ast.expr() as value):
                self.expression(value)
                self.returns += sources(value, self.stands_for)
            case _:
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.expr):
                        self.expression(child)

    # Binding

    def store(self, target: ast.expr, value: ast.expr | None, kind: DefinitionKind, step: Step | None = None) -> None:
        """Bind a target to a value, element by element where both sides are displays of the same length.

        ``step`` leads from the value to what is bound: a loop binds parts of what it goes through.
        """
        match target:
            case ast.Name(id=name):
                self.define(
                    name, target, kind, *(("", False) if value is None or step else (made(value), holds_lambda(value)))
                )
                for source in sources(value, self.stands_for) if value else ():
                    path = (*source.path, step) if step else source.path
                    self.aliases.append(Alias(name, Source(source.name, path), self.at(target)))
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                values = value.elts if isinstance(value, (ast.Tuple, ast.List)) and not step else []
                paired = len(values) == len(elts) and not any(isinstance(e, ast.Starred) for e in [*elts, *values])
                for index, each in enumerate(elts):
                    if paired:
                        self.store(each, values[index], kind)
                    else:
                        self.store(each, value, kind, step or Step("iterate"))
            case ast.Starred(value=inner):
                self.store(inner, value, kind, step)
            case ast.Attribute(value=owner) | ast.Subscript(value=owner):
                self.expression(owner)
                if isinstance(target, ast.Subscript):
                    self.expression(target.slice)
                keyed = isinstance(target, ast.Attribute) or _names_an_entry(target.slice)
                for source in sources(owner, self.stands_for):
                    self.mutations.append(Mutation(source, self.at(target), "store", keyed=keyed and not source.path))
                    for given in sources(value, self.stands_for) if value else ():
                        kept = Source(given.name, (*given.path, Step("hold")))
                        self.aliases.append(Alias(source.name, kept, self.at(target)))

    def _augmented(self, node: ast.AugAssign) -> None:
        self.expression(node.value)
        if isinstance(node.target, ast.Name):
            self.use(node.target)
            self.mutations.append(Mutation(Source(node.target.id), self.at(node), "augmented"))
            self.define(node.target.id, node.target, "augmented")
        else:
            self.store(node.target, node.value, "augmented")

    def _delete(self, target: ast.expr) -> None:
        match target:
            case ast.Name():
                self.unbind(target)
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                for each in elts:
                    self._delete(each)
            case ast.Attribute(value=owner) | ast.Subscript(value=owner):
                self.expression(owner)
                for source in sources(owner, self.stands_for):
                    self.mutations.append(Mutation(source, self.at(target), "delete"))

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            renamed = f" as {alias.asname}" if alias.asname else ""
            if isinstance(node, ast.Import):
                name = alias.asname or alias.name.partition(".")[0]
                module, attribute = (alias.name if alias.asname else name), ""
                written = f"import {alias.name}{renamed}"
            else:
                name = alias.asname or alias.name
                module, attribute = "." * node.level + (node.module or ""), alias.name
                written = f"from {module} import {alias.name}{renamed}"
            if alias.name == "*":
                self.uncertain.append(Uncertain(node.lineno, f"{written} binds names that are not known here"))
                continue
            before = self.imports.get(name)
            self.define(name, node, "import")
            if before and before.path == module and not attribute:
                # ``import a.b`` and ``import a.c`` bind the same name: both must come again
                written = "\n".join(dict.fromkeys([*before.statement.split("\n"), written]))
            self.imports[name] = Import(name, module, attribute, self.at(node), not self.maybe, written)

    # Ways through

    def _ways(self, blocks: Sequence[Sequence[ast.stmt]], *, sure: bool) -> None:
        """Blocks of which one runs; where that is ``sure``, what all of them bind is bound afterwards."""
        before, after = set(self.bound), []
        self.maybe += 1
        for block in blocks:
            self.bound = set(before)
            self.block(block)
            if not _leaves(block):
                after.append(self.bound)
        self.maybe -= 1
        self.bound = set.intersection(*after) if sure and after else before

    def _loop(self, node: ast.For | ast.AsyncFor) -> None:
        self.expression(node.iter)
        before = set(self.bound)
        self.maybe += 1
        self.store(node.target, node.iter, "loop", Step("iterate"))
        self.bound |= {name.id for name in target_names(node.target)}
        self.block(node.body)
        self.bound = set(before)
        self.block(node.orelse)
        self.maybe -= 1
        self.bound = before

    def _try(self, node: ast.Try | ast.TryStar) -> None:
        before = set(self.bound)
        forgiving = any(dotted(each) in _FORGIVES for handler in node.handlers for each in _types(handler.type))
        self.maybe += 1
        self.guarded += forgiving
        self.block(node.body)
        self.guarded -= forgiving
        self.block(node.orelse)
        after = [self.bound]
        for handler in node.handlers:
            self.bound = set(before)
            if handler.type:
                self.expression(handler.type)
            if handler.name:
                self.define(handler.name, handler, "except")
            self.block(handler.body)
            if handler.name:
                self.bound.discard(handler.name)
            if not _leaves(handler.body):
                after.append(self.bound)
        self.maybe -= 1
        self.bound = set.intersection(*after)
        self.block(node.finalbody)

    def _match(self, node: ast.Match) -> None:
        self.expression(node.subject)
        before = set(self.bound)
        self.maybe += 1
        for case in node.cases:
            self.bound = set(before)
            for part in ast.walk(case.pattern):
                name = getattr(part, "rest" if isinstance(part, ast.MatchMapping) else "name", None)
                if isinstance(name, str):
                    self.store(ast.copy_location(ast.Name(name, ast.Store()), part), node.subject, "match")
                elif isinstance(part, (ast.MatchValue, ast.MatchClass)):
                    self.expression(part.value if isinstance(part, ast.MatchValue) else part.cls)
            if case.guard:
                self.expression(case.guard)
            self.block(case.body)
        self.maybe -= 1
        self.bound = before

    # Functions and classes

    def _function(self, node: _Def) -> None:
        now = [*node.decorator_list, *_defaults(node.args), *_annotations(node)]
        for each in now:
            self.expression(each)
        self.define(node.name, node, "function")
        inner = self.body(node.body, parameters(node.args))
        self._keep(node.name, "function", node, now, node.args, inner)

    def _named_lambda(self, node: ast.stmt, target: ast.Name, value: ast.Lambda) -> None:
        now = _defaults(value.args)
        for each in now:
            self.expression(each)
        self.define(target.id, target, "lambda", "lambda")
        inner = self.body([ast.copy_location(ast.Return(value.body), value.body)], parameters(value.args))
        self._keep(target.id, "lambda", node, now, value.args, inner)

    def _keep(
        self, name: str, kind: DefinitionKind, node: ast.stmt, now: list[ast.expr], args: ast.arguments, inner: Walker
    ) -> None:
        given = _given(args)
        itself = node.value if isinstance(node, ast.Assign) else None
        own = [each for each in ast.walk(node) if each is not itself] if itself else list(_own(node))
        around = [each for one in now for each in ast.walk(one)]
        kept = [
            replace(each, source=Source(given[each.source.name], each.source.path))
            for each in inner.mutations
            if each.source.name in given
        ]
        self.functions[name] = Function(
            name,
            "lambda" if kind == "lambda" else "function",
            *_lines(node),
            parameters=parameters(args),
            reads=(frozenset(inner.uses) - inner.own) | {each.source.name for each in kept},
            writes=frozenset(inner.definitions) - inner.own,
            at_definition=_names(now),
            mutations=(*(each for each in inner.mutations if each.source.name not in inner.own), *kept),
            changes=tuple(each for each in inner.mutations if each.source.name in inner.own),
            aliases=tuple(inner.aliases),
            returns=tuple(dict.fromkeys(inner.returns)),
            calls=frozenset(each.callee for each in inner.calls),
            makes=any(isinstance(each, (_Def, ast.ClassDef, ast.Lambda)) for each in (*own, *around)),
            generates=not itself and any(isinstance(each, (ast.Yield, ast.YieldFrom)) for each in own),
            certain=not self.maybe,
        )
        self.later(inner)

    def _class(self, node: ast.ClassDef) -> None:
        now = [*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)]
        for each in now:
            self.expression(each)
        bound, declared = bound_names(node.body)
        inner = Walker(self.code, bound - declared)
        inner.of_class = True
        inner.block(node.body)
        self.now(inner)
        self.define(node.name, node, "class")
        seen = {
            name: [use for use in uses if use.deferred or name not in inner.own or use in inner.past]
            for name, uses in inner.uses.items()
        }
        free = {name for name, uses in seen.items() if uses}
        at_once = {name for name, uses in seen.items() if any(not use.deferred for use in uses)}
        self.functions[node.name] = Function(
            node.name,
            "class",
            *_lines(node),
            reads=frozenset(free - {node.name}) | _names(now),
            writes=frozenset(each for method in inner.functions.values() for each in method.writes),
            at_definition=frozenset(at_once) | _names(now),
            mutations=(*(each for each in inner.mutations if each.source.name not in inner.own), *self._of_type(node)),
            calls=frozenset(each.callee for each in inner.calls),
            of_class=frozenset(name for each in node.body if (name := _changes_class(each, inner.functions))),
            touchy=any(_looks_change(each, inner.functions) for each in node.body),
            certain=not self.maybe,
        )

    def _of_type(self, node: ast.ClassDef) -> list[Mutation]:
        """``type(self).count += 1`` in a method changes the class."""
        found = []
        for each in ast.walk(node):
            match each:
                case ast.Attribute(value=ast.Call(func=ast.Name("type"), args=[_]), ctx=ast.Store()):
                    found.append(Mutation(Source(node.name), self.at(each), "store", keyed=True))
        return found


def _looks_change(node: ast.stmt, methods: Mapping[str, Function]) -> bool:
    """Whether it is a property or special method, other than one that sets, that changes its object."""
    if not isinstance(node, ast.FunctionDef) or node.name not in methods:
        return False
    special = node.name.startswith("__") and node.name.endswith("__") and node.name not in _SETTING_METHODS
    if not special and not any(dotted(each).rpartition(".")[2] == "property" for each in node.decorator_list):
        return False
    method = methods[node.name]
    return any(each.source.name == method.parameters[0] for each in method.changes if method.parameters)


def _changes_class(node: ast.stmt, methods: Mapping[str, Function]) -> str:
    """The name of a class method that changes the class; empty where it is none."""
    if not isinstance(node, ast.FunctionDef) or "classmethod" not in map(dotted, node.decorator_list):
        return ""
    method = methods.get(node.name)
    changes = method is not None and any(each.source.name in method.parameters[:1] for each in method.changes)
    return node.name if changes else ""


def _names_an_entry(key: ast.expr) -> bool:
    parts = key.elts if isinstance(key, ast.List) else [key]
    return bool(parts) and all(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in parts)


def _types(node: ast.expr | None) -> list[ast.expr]:
    if node is None:
        return [ast.Name("", ast.Load())]
    return list(node.elts) if isinstance(node, ast.Tuple) else [node]


def _leaves(body: Sequence[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], (ast.Raise, ast.Return, ast.Continue, ast.Break))


def _own(node: ast.stmt) -> Iterator[ast.AST]:
    """The nodes of a function's own body, without those of functions in it."""
    todo: list[ast.AST] = list(getattr(node, "body", []))
    while todo:
        each = todo.pop()
        yield each
        if not isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            todo += ast.iter_child_nodes(each)


def _lines(node: ast.stmt) -> tuple[int, int]:
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
    return first, node.end_lineno or node.lineno


def _names(nodes: Iterable[ast.expr]) -> frozenset[str]:
    every = (each for node in nodes for each in ast.walk(node))
    return frozenset(each.id for each in every if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load))


def _defaults(args: ast.arguments) -> list[ast.expr]:
    return [*args.defaults, *(each for each in args.kw_defaults if each)]


def _given(args: ast.arguments) -> dict[str, str]:
    """Parameters whose default is the object of a name: all calls share it."""
    positional = [*args.posonlyargs, *args.args]
    pairs = [
        *zip(positional[::-1], args.defaults[::-1], strict=False),
        *zip(args.kwonlyargs, args.kw_defaults, strict=True),
    ]
    return {arg.arg: value.id for arg, value in pairs if isinstance(value, ast.Name)}


def _annotations(node: _Def) -> list[ast.expr]:
    every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
    found = [each.annotation for each in every if each and each.annotation]
    return [*found, node.returns] if node.returns else found
