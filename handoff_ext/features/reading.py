"""Statements and expressions of feature code: the kind of each, and what of it training learned."""

from __future__ import annotations

import ast

from handoff_ext.features.edits import Edits
from handoff_ext.features.kinds import CHOOSING, FILTERING, NUMBERS, PLAIN, SCHEMA, Kind, together
from handoff_ext.features.shapes import along_columns, changed_object, first_index, short_name
from handoff_ext.features.world import Found, World

FITS = ("fit", "partial_fit", "fit_on_texts", "adapt")


class Reading:
    """Reads one text. ``kinds`` are those of the names so far; ``selecting``: only training goes this way, so that what
    it leaves out is no filter but its choice of rows."""

    def __init__(self, world: World, kinds: dict[str, Kind], source: str, selecting: bool = False) -> None:
        self.world = world
        self.kinds = kinds
        self.edits = Edits(source)
        self.found: list[Found] = []
        self.selecting = selecting
        self.stateful = False
        self.results: list[Kind] = []
        self._seen: dict[ast.expr, Kind] = {}
        self._frozen: set[ast.expr] = set()

    # -- statements

    def statement(self, node: ast.stmt) -> None:
        """Read one statement."""
        match node:
            case ast.Assign(targets=targets, value=value):
                kind = self._value(value, ast.unparse(targets[0]))
                for target in targets:
                    self._bind(target, kind)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._bind(target, self._value(value, ast.unparse(target)))
            case ast.AugAssign(target=target, value=value):
                kind = self.want(value)
                self._bind(target, together([kind, self.visit(changed_object(target))]))
            case ast.Expr(value=value):
                self._alone(value)
            case ast.For(target=target, iter=iterated, body=body, orelse=orelse):
                kind = self.want(iterated)
                self._bind(target, self._element(iterated, kind))
                self.block([*body, *orelse])
            case ast.While(test=test, body=body, orelse=orelse) | ast.If(test=test, body=body, orelse=orelse):
                self.want(test)
                self.block([*body, *orelse])
            case ast.With(body=body):
                self.block(body)
            case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=last):
                self.block([*body, *(each for handler in handlers for each in handler.body), *orelse, *last])
            case ast.Return(value=ast.expr() as value):
                self.results.append(self.want(value))

    def block(self, body: list[ast.stmt]) -> None:
        """Read several."""
        for each in body:
            self.statement(each)

    def _value(self, value: ast.expr, name: str) -> Kind:
        kind = self.visit(value)
        if kind.what == "learned" and not isinstance(value, (ast.Name, ast.Constant)):
            self._freeze(value, name)
        return kind

    def _bind(self, target: ast.expr, kind: Kind) -> None:
        match target:
            case ast.Name(id=name):
                self.kinds[name] = kind
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                for each in elts:
                    self._bind(each.value if isinstance(each, ast.Starred) else each, kind)
            case ast.Subscript(value=base, slice=index):
                self.want(index)
                self._grows(base, kind)
            case ast.Attribute(value=base):
                self._grows(base, kind)

    def _grows(self, base: ast.expr, kind: Kind) -> None:
        """``table["a"] = rows`` makes rows of an empty table."""
        while isinstance(base, (ast.Subscript, ast.Attribute)):
            base = base.value
        if isinstance(base, ast.Name) and self.kinds.get(base.id, PLAIN).what == "plain" and kind.what == "rows":
            self.kinds[base.id] = kind

    def _alone(self, value: ast.expr) -> None:
        """A call for what it does: ``scaler.fit(x)``, ``df.dropna(inplace=True)``."""
        if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Attribute):
            self.want(value)
            return
        base, attr = value.func.value, value.func.attr
        given = [self.visit(each) for each in value.args]
        if attr in FITS and together(given).what == "rows" and self.visit(base).what in ("plain", "learned"):
            text = self.edits.text(base)
            self._forget(value)
            self.edits.around(value, f"{text} = state.fit({text!r}, {text}, lambda: ", ")")
            self._tell("learned", text, value, "fitted")
            self._bind(base, Kind("learned"))
            return
        self._forget(value)
        inplace = any(each.arg == "inplace" for each in value.keywords)
        if inplace and self.visit(base).what == "rows":
            drops_rows = attr == "drop" and not along_columns(value) and value.args
            text = self.edits.text(base)
            if (attr in FILTERING and not along_columns(value)) or (drops_rows and together(given).what == "rows"):
                self._arguments(value)
                self.edits.around(value, f"state.scope_inplace({text}, lambda: ", ")")
                self._tell("scope", text, value)
                return
            if attr in CHOOSING or drops_rows:
                self.edits.around(value, "state.rows(lambda: ", ", None)")
                return
        self.want(value)

    # -- expressions

    def want(self, node: ast.expr) -> Kind:
        """The kind of an expression whose value is used with rows: what was learned is frozen."""
        kind = self.visit(node)
        if kind.what == "learned" and not isinstance(node, (ast.Name, ast.Constant)):
            self._freeze(node, "")
        return kind

    def visit(self, node: ast.expr) -> Kind:
        """The kind of an expression; each is read once."""
        if node not in self._seen:
            self._seen[node] = self._visit(node)
        return self._seen[node]

    def _forget(self, node: ast.AST) -> None:
        self.edits.forget(node)
        for each in ast.walk(node):
            if isinstance(each, ast.expr):
                self._seen.pop(each, None)
                self._frozen.discard(each)

    def _visit(self, node: ast.expr) -> Kind:
        match node:
            case ast.Name(id=name):
                return self.kinds.get(name, PLAIN)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Subscript():
                return self._subscript(node)
            case ast.Call():
                return self._call(node)
            case ast.Lambda():
                return PLAIN
            case ast.ListComp(elt=elt) | ast.SetComp(elt=elt) | ast.GeneratorExp(elt=elt):
                return self._comprehension(node, [elt])
            case ast.DictComp(key=key, value=value):
                return self._comprehension(node, [key, value])
            case ast.NamedExpr(target=target, value=value):
                kind = self.visit(value)
                self._bind(target, kind)
                return kind
        children = [each for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr)]
        kinds = [self.visit(each) for each in children]
        whole = together(kinds)
        if whole.what == "rows":
            self._freeze_learned(children, kinds)
        return whole

    def _freeze_learned(self, nodes: list[ast.expr], kinds: list[Kind]) -> None:
        for each, kind in zip(nodes, kinds, strict=True):
            inner = each.value if isinstance(each, ast.Starred) else each
            if kind.what == "learned" and not isinstance(inner, (ast.Name, ast.Constant)):
                self._freeze(inner, "")

    def _attribute(self, node: ast.Attribute) -> Kind:
        base = self.visit(node.value)
        if base.what in ("rows", "group"):
            if node.attr in SCHEMA:
                return Kind("schema", base.table)
            if node.attr in NUMBERS:
                return Kind("learned", base.table)
        return base

    def _subscript(self, node: ast.Subscript) -> Kind:
        base = self.visit(node.value)
        if base.what == "learned":
            index = self.visit(node.slice) if not isinstance(node.slice, ast.Slice) else PLAIN
        else:
            index = self._index(node.slice)
        if base.what != "rows":
            return Kind("rows", index.table) if index.what == "rows" else base
        indexer = node.value.attr if isinstance(node.value, ast.Attribute) else ""
        table = node.value.value if indexer in ("loc", "iloc") and isinstance(node.value, ast.Attribute) else node.value
        first, rest = first_index(node.slice)
        if indexer in ("loc", "iloc") and isinstance(first, ast.Constant) and isinstance(first.value, (int, str)):
            return Kind("learned", base.table)
        if isinstance(first, ast.Slice):
            if first.lower or first.upper or first.step:
                columns = f"{'.' + indexer if indexer else ''}[:, {self.edits.text(rest)}]" if rest is not None else ""
                self.edits.around(node, "state.rows(lambda: ", f", {self.edits.new(table)}{columns})")
            return base
        if first is not None and self.visit(first).what == "rows" and not isinstance(first, ast.List):
            if self.selecting:
                self.edits.around(first, "state.training(", ")")
            else:
                self._scoped(node, table)
        return base

    def _index(self, node: ast.expr) -> Kind:
        if isinstance(node, ast.Slice):
            return together(self.want(each) for each in (node.lower, node.upper, node.step) if each is not None)
        if isinstance(node, ast.Tuple):
            return together([self._index(each) for each in node.elts])
        return self.want(node)

    def _scoped(self, node: ast.expr, table: ast.expr) -> None:
        """``df[mask]``: a filter that a row at serving has to pass as well."""
        text = self.edits.text(node)
        end = self.edits.end(table)
        self.edits.around(node, "state.scope(", ")")
        self.edits.replace(end, end, ", lambda table: table")
        self._tell("scope", "", node, code=text)

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, made: list[ast.expr]
    ) -> Kind:
        before = dict(self.kinds)
        iterated = []
        for each in node.generators:
            kind = self.visit(each.iter)
            iterated.append(kind)
            self._bind(each.target, self._element(each.iter, kind))
            tests = [self.visit(test) for test in each.ifs]
            iterated += [kind for kind in tests if kind.what == "learned"]
        kinds = [self.visit(each) for each in made]
        self.kinds.clear()
        self.kinds.update(before)
        if together(kinds).what == "rows":
            self._freeze_learned(made, kinds)
            return together(kinds)
        if any(kind.what == "rows" for kind in iterated):
            return next(kind for kind in iterated if kind.what == "rows")
        return together([*iterated, *kinds])

    def _element(self, iterated: ast.expr, kind: Kind) -> Kind:
        """What a loop over something goes through."""
        if isinstance(iterated, (ast.List, ast.Tuple)):
            return kind
        if kind.what in ("schema", "plain"):
            return PLAIN
        return kind if kind.what == "rows" and isinstance(iterated, ast.Name) else Kind("learned", kind.table)

    def _arguments(self, node: ast.Call, freeze: bool = True) -> list[Kind]:
        given = [each.value if isinstance(each, ast.Starred) else each for each in node.args]
        given += [each.value for each in node.keywords]
        kinds = [self.visit(each) for each in given]
        rows = any(kind.what == "rows" for kind in kinds)
        if freeze and rows:
            self._freeze_learned(given, kinds)
        return kinds

    def _call(self, node: ast.Call) -> Kind:
        """The kind of what a call gives."""
        raise NotImplementedError

    def _freeze(self, node: ast.expr, name: str) -> None:
        text, shown = self.edits.text(node), short_name(name or self.edits.text(node))
        if isinstance(node, ast.GeneratorExp) or node in self._frozen:
            return
        self._frozen.add(node)
        self.edits.forget(node)
        self.edits.around(node, f"state.learn({shown!r}, lambda: ", ")")
        self._tell("learned", shown, node, "value", text)

    def _tell(self, what: str, name: str, node: ast.AST, kind: str = "", code: str = "") -> None:
        self.found.append(Found(what, name, code or self.edits.text(node), node.lineno, kind))  # type: ignore[attr-defined]
