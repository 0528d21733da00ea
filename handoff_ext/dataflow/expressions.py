"""Walk expressions: what they read, what they may change, and who may keep what."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from handoff_ext.dataflow.events import Events
from handoff_ext.dataflow.model import Alias, Call, DefinitionKind, Mutation, Source, Step, Uncertain
from handoff_ext.dataflow.scope import parameters
from handoff_ext.dataflow.sharing import comprehension_scope, dotted, sources

_OPAQUE = {
    "exec": "exec runs text that is not known here",
    "eval": "eval runs text that is not known here",
    "globals": "globals() reaches names by text",
    "locals": "locals() reaches names by text",
    "vars": "vars() reaches names by text",
}


class Expressions(Events):
    """Expressions of one scope."""

    def body(self, statements: Sequence[ast.stmt], given: Sequence[str]) -> Expressions:
        """Walk a function's body as a scope of its own."""
        raise NotImplementedError

    def store(self, target: ast.expr, value: ast.expr | None, kind: DefinitionKind, step: Step | None = None) -> None:
        """Bind a target to a value."""
        raise NotImplementedError

    def expression(self, node: ast.expr) -> None:
        """Walk one expression."""
        match node:
            case ast.Name():
                self.use(node)
            case ast.Lambda():
                for each in [*node.args.defaults, *(each for each in node.args.kw_defaults if each)]:
                    self.expression(each)
                result = ast.copy_location(ast.Return(node.body), node.body)
                self.now(self.body([result], parameters(node.args)))
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                self._comprehension(node)
            case ast.NamedExpr(target=target, value=value):
                self.expression(value)
                self.store(target, value, "walrus")
            case ast.Call():
                self._call(node)
            case _:
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.expr):
                        self.expression(child)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        outer = self.stands_for
        scope = comprehension_scope(node, outer)
        hidden = self.hidden
        for generator in node.generators:
            self.expression(generator.iter)
            self.stands_for, self.hidden = scope, self.of_class
            for condition in generator.ifs:
                self.expression(condition)
        for element in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self.expression(element)
        self.stands_for, self.hidden = outer, hidden

    def _call(self, node: ast.Call) -> None:
        self.expression(node.func)
        for value in [*node.args, *(keyword.value for keyword in node.keywords)]:
            self.expression(value)
        callee, place = dotted(node.func), self.at(node)
        in_place = any(_works_in_place(keyword) for keyword in node.keywords)
        receiver: tuple[Source, ...] = ()
        if isinstance(node.func, ast.Attribute):
            receiver = sources(node.func.value, self.stands_for)
            self.mutations += [Mutation(each, place, "inplace" if in_place else "method", callee) for each in receiver]
        elif callee in _OPAQUE and callee not in self.own:
            self.uncertain.append(Uncertain(node.lineno, _OPAQUE[callee]))
        given: list[tuple[int | str, ast.expr]] = [
            *enumerate(node.args),
            *((keyword.arg or "**", keyword.value) for keyword in node.keywords),
        ]
        for argument, value in given:
            for each in sources(value, self.stands_for):
                self.mutations.append(Mutation(each, place, "inplace" if in_place else "argument", callee, argument))
                # what is given to a method may be kept by its object: ``models.append(m)``
                path = (*each.path, Step("call", callee, argument))
                self.aliases += [Alias(kept.name, Source(each.name, path), place) for kept in receiver]
        keywords = frozenset(keyword.arg for keyword in node.keywords if keyword.arg)
        self.calls.append(Call(callee, place, receiver, keywords, False, _literals(node)))


def _literals(node: ast.Call) -> tuple[str, ...]:
    given = [*node.args, *(keyword.value for keyword in node.keywords)]
    found = (each.value if isinstance(each, ast.Constant) else ast.unparse(each) for each in given if _is_text(each))
    return tuple(each for each in found if isinstance(each, str))


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, (ast.Constant, ast.JoinedStr))


def _works_in_place(keyword: ast.keyword) -> bool:
    refused = isinstance(keyword.value, ast.Constant) and keyword.value.value in (False, None)
    return not refused if keyword.arg in ("inplace", "out") else keyword.arg == "copy" and refused
