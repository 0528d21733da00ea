"""Reads feature code and marks what training learned: each such expression is given back from the state at serving."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from handoff_ext.features.edits import Edits
from handoff_ext.features.kinds import (
    CHOOSING,
    FILTERING,
    NUMBERS,
    PLAIN,
    REDUCES,
    REDUCING,
    SCHEMA,
    WHOLE_TABLE,
    Kind,
    together,
)
from handoff_ext.features.reads import path_of

_RESULT = {"train_test_split": "split", "shuffle": "rows", "resample": "rows"}
_OF_TABLE = {"scale", "minmax_scale", "maxabs_scale", "robust_scale", "quantile_transform", "power_transform", "zscore"}
_FITS = ("fit", "partial_fit", "fit_on_texts", "adapt")


@dataclass(frozen=True, slots=True)
class Found:
    """Something to tell of a place: what was learned, a filter, or a doubt. ``line`` counts in the read text."""

    what: str
    name: str
    code: str
    line: int
    kind: str = ""


@dataclass(slots=True)
class World:
    """What all code of a notebook shares. ``texts`` are its functions as they are written out."""

    imports: Mapping[str, str]
    functions: Mapping[str, ast.FunctionDef]
    texts: dict[str, str]
    stateful: set[str] = field(default_factory=set)
    returned: dict[str, Kind] = field(default_factory=dict)
    called: dict[str, list[Found]] = field(default_factory=dict)


class Reader:
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
                self._bind(target, together([kind, self.visit(_loaded(target))]))
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
        if attr in _FITS and together(given).what == "rows" and self.visit(base).what in ("plain", "learned"):
            text = self.edits.text(base)
            self._forget(value)
            self.edits.around(value, f"{text} = state.fit({text!r}, {text}, lambda: ", ")")
            self._tell("learned", text, value, "fitted")
            self._bind(base, Kind("learned"))
            return
        self._forget(value)
        inplace = any(each.arg == "inplace" for each in value.keywords)
        if inplace and self.visit(base).what == "rows":
            drops_rows = attr == "drop" and not _along_columns(value) and value.args
            text = self.edits.text(base)
            if (attr in FILTERING and not _along_columns(value)) or (drops_rows and together(given).what == "rows"):
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
        first, rest = _first(node.slice)
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

    # -- calls

    def _call(self, node: ast.Call) -> Kind:
        func = node.func
        path = path_of(func, self.world.imports)
        if path:
            return self._function(node, path)
        if isinstance(func, ast.Name):
            if func.id in self.world.functions:
                return self._own(node, func.id)
            whole = together(self._arguments(node))
            if func.id in ("len", "set", "sum", "min", "max", "sorted", "round") and whole.what == "rows":
                return Kind("learned", whole.table)
            return PLAIN if func.id == "print" else whole
        if isinstance(func, ast.Attribute):
            return self._method(node, func)
        return together([self.visit(func), *self._arguments(node)])

    def _arguments(self, node: ast.Call, freeze: bool = True) -> list[Kind]:
        given = [each.value if isinstance(each, ast.Starred) else each for each in node.args]
        given += [each.value for each in node.keywords]
        kinds = [self.visit(each) for each in given]
        rows = any(kind.what == "rows" for kind in kinds)
        if freeze and rows:
            self._freeze_learned(given, kinds)
        return kinds

    def _function(self, node: ast.Call, path: str) -> Kind:
        name = path.rpartition(".")[2]
        kinds = self._arguments(node)
        whole = together(kinds)
        if name in _RESULT and whole.what == "rows" and path.startswith("sklearn"):
            tables = ", ".join(self.edits.new(each) for each in node.args)
            self.edits.around(node, f"state.{_RESULT[name]}(lambda: ", f", {tables})")
            return whole
        if path in ("pandas.get_dummies", "pandas.factorize", "pandas.cut", "pandas.qcut") and whole.what == "rows":
            return self._kept_by(node, {"get_dummies": "dummies", "qcut": "cut"}.get(name, name), whole)
        if path == "pandas.merge" and whole.what == "rows":
            if node.args:
                self._joins(node, node.args[0], node.args[1:])
            return kinds[0] if kinds and kinds[0].what == "rows" else whole
        if name == "add_constant" and not any(each.arg == "has_constant" for each in node.keywords):
            self._add_keyword(node, 'has_constant="add"')
            return whole
        root = path.partition(".")[0]
        if name in _OF_TABLE and root in ("sklearn", "scipy") and whole.what == "rows":
            self._tell("doubt", name, node, "all other rows")
            return whole
        if name in REDUCING and root in ("numpy", "pandas", "scipy", "statistics") and whole.what == "rows":
            return whole if _along_rows(node, 1) else Kind("learned", whole.table)
        return whole

    def _own(self, node: ast.Call, name: str) -> Kind:
        """A function of the notebook: its body is read with the kinds that it is called with."""
        kinds = self._arguments(node)
        function = self.world.functions[name]
        if name not in self.world.returned and together(kinds).what == "rows":
            self.world.returned[name] = together(kinds)
            self._read_function(node, function)
        if name in self.world.stateful:
            self.stateful = True
            self._add_keyword(node, "state=state")
        return self.world.returned.get(name, together(kinds))

    def _read_function(self, node: ast.Call, function: ast.FunctionDef) -> None:
        parameters = [each.arg for each in [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]]
        given = dict(zip(parameters, (self.visit(each) for each in node.args), strict=False))
        given |= {each.arg: self.visit(each.value) for each in node.keywords if each.arg}
        source = self.world.texts[function.name]
        tree = ast.parse(source).body[0]
        assert isinstance(tree, ast.FunctionDef)
        inner = Reader(self.world, {**self.kinds, **dict.fromkeys(parameters, PLAIN), **given}, source)
        inner.block(tree.body)
        self.world.called[function.name] = inner.found
        self.world.returned[function.name] = together(inner.results)
        text = inner.edits.result()
        if text == source and not inner.stateful:
            return
        if tree.args.vararg or tree.args.kwarg or tree.args.kwonlyargs:
            return
        arguments = tree.args.args
        place = arguments[-1] if arguments else None
        if place is None:
            return
        last = tree.args.defaults[-1] if tree.args.defaults else (place.annotation or place)
        inner.edits.replace(inner.edits.end(last), inner.edits.end(last), ", *, state")
        self.world.stateful.add(function.name)
        self.world.texts[function.name] = inner.edits.result()

    def _method(self, node: ast.Call, func: ast.Attribute) -> Kind:
        base, attr = self.visit(func.value), func.attr
        given = self._arguments(node, freeze=base.what != "learned")
        whole = together(given)
        if attr == "fit_transform" and whole.what == "rows" and node.args:
            return self._kept_by(node, "fit_transform", whole, first=self.edits.text(func.value))
        if attr in ("fit_resample", "fit_sample") and whole.what == "rows":
            tables = ", ".join(self.edits.new(each) for each in node.args)
            self.edits.around(node, "state.rows(lambda: ", f", {tables})")
            return whole
        if base.what == "group":
            return self._of_groups(node, func, base)
        if base.what == "rows":
            self._freeze_learned([*node.args, *(each.value for each in node.keywords)], given)
            return self._of_rows(node, func, base)
        if base.what == "learned":
            if whole.what == "rows":
                self._freeze_learned([func.value], [base])
                self._freeze_learned([*node.args, *(each.value for each in node.keywords)], given)
                return whole
            return base
        if attr in _FITS and whole.what == "rows":
            return Kind("learned", whole.table)
        return whole

    def _of_groups(self, node: ast.Call, func: ast.Attribute, base: Kind) -> Kind:
        if func.attr == "transform":
            grouped = _grouping(func.value)
            rows = Kind("rows", base.table)
            if grouped is None:
                self._tell("doubt", "transform", node, "all rows of its group")
                return rows
            table, keys = grouped
            text = self.edits.text(node)
            self.edits.forget(node)
            before = f"state.by_group({_named(text)!r}, {self.edits.text(table)}, {self.edits.text(keys)}, lambda: "
            self.edits.around(node, before, ")")
            self._tell("learned", text, node, "by group")
            return rows
        if func.attr in WHOLE_TABLE or func.attr == "apply":
            self._tell("doubt", func.attr, node, WHOLE_TABLE.get(func.attr, "all rows of its group"))
            return Kind("rows", base.table)
        return Kind("learned", base.table)

    def _of_rows(self, node: ast.Call, func: ast.Attribute, base: Kind) -> Kind:
        attr = func.attr
        if attr == "groupby":
            return Kind("group", base.table)
        if attr in WHOLE_TABLE or (attr == "fillna" and any(each.arg == "method" for each in node.keywords)):
            self._tell("doubt", attr, node, WHOLE_TABLE.get(attr, "the rows around"))
            return base
        if attr in CHOOSING or (attr == "drop" and node.args and not _along_columns(node) and _literal_rows(node)):
            text = self.edits.new(func.value)
            self.edits.around(node, "state.rows(lambda: ", f", {text})")
            return base
        if attr in FILTERING and not _along_columns(node):
            if self.selecting:
                self.edits.around(node, "state.rows(lambda: ", f", {self.edits.new(func.value)})")
            else:
                self._scoped(node, func.value)
            return base
        if attr == "drop" and node.args and not _along_columns(node) and self.visit(node.args[0]).what == "rows":
            self._scoped(node, func.value)
            return base
        if attr == "select_dtypes" or (attr == "dropna" and _along_columns(node)):
            table = self.edits.new(func.value)
            text = self.edits.text(node)
            self.edits.around(node, f"state.columns({_named(text)!r}, lambda: ", f", {table})")
            self._tell("learned", text, node, "columns")
            return base
        if attr == "astype" and any(isinstance(each, ast.Constant) and each.value == "category" for each in node.args):
            return self._kept_by(node, "category", base, own=True)
        if attr == "factorize":
            return self._kept_by(node, "factorize", base, own=True)
        if attr == "apply" and node.args:
            return self._applied(node, func, base)
        if attr in ("merge", "join"):
            self._joins(node, func.value, node.args)
            return base
        if attr == "to_dict" and not any(isinstance(each, ast.Constant) for each in node.args):
            return Kind("learned", base.table)
        if attr in REDUCES and not _along_rows(node, 0):
            return Kind("learned", base.table)
        return base

    def _applied(self, node: ast.Call, func: ast.Attribute, base: Kind) -> Kind:
        """``df.apply(encoder.fit_transform)``, ``df.apply(lambda column: column - column.mean())``."""
        given = node.args[0]
        if isinstance(given, ast.Attribute) and given.attr == "fit_transform":
            model, table = self.edits.text(given.value), self.edits.new(func.value)
            self.edits.put(node, f"state.fit_transform_each({_named(model)!r}, {model}, {table})")
            self._tell("learned", model, node, "fitted")
        elif isinstance(given, ast.Lambda) and _a_table(func.value) and not _along_rows(node, 1):
            before = dict(self.kinds)
            self.kinds.update({each.arg: base for each in given.args.args})
            self.want(given.body)
            self.kinds.clear()
            self.kinds.update(before)
        return base

    def _kept_by(self, node: ast.Call, method: str, kind: Kind, first: str = "", own: bool = False) -> Kind:
        """The call as a method of the state: ``pd.cut(x, 4)`` becomes ``state.cut("...", pd.cut, x, 4)``."""
        text = self.edits.text(node)
        function = self.edits.text(node.func)
        name = _named(first or text)
        if own:  # x.astype("category"), x.factorize()
            assert isinstance(node.func, ast.Attribute)
            table = self.edits.new(node.func.value)
            given = f"type({table}).factorize, {table}" if method == "factorize" else table
            self.edits.put(node, f"state.{method}({name!r}, {given})")
        else:
            before = f"state.{method}({name!r}, {first or function}, "
            start, inside = self.edits.start(node), self._inside(node)
            self.edits.replace(start, inside, before)
        self._tell("learned", name, node, method)
        return Kind("rows", kind.table)

    def _inside(self, node: ast.Call) -> int:
        """The place behind the opening parenthesis."""
        end = self.edits.end(node.func)
        return end + self.edits.source.encode()[end:].index(b"(") + 1

    def _joins(self, node: ast.Call, rows: ast.expr, given: list[ast.expr]) -> None:
        """``rows.merge(right, ...)``: many to one, by a table that training keeps or whose columns come with each row.
        ``given``: the arguments from ``right`` on."""
        if not given:
            return
        right, method = given[0], self.edits.text(node.func).rpartition(".")[2]
        how = _how(node, given[1:2] if method == "merge" else [], "inner" if method == "merge" else "left")
        self.want(right)
        if self.visit(right).what == "rows":
            return
        code = self.edits.text(_root(right))
        keys = next((_texts(each.value) for each in node.keywords if each.arg in ("on", "left_on")), [])
        if keys:
            of_rows = self.visit(right).table == self.visit(rows).table
            self._tell("join", ", ".join(keys), node, "of the rows" if of_rows else "", code)
        if how not in ("left", "inner"):
            return
        if method == "join":
            if not any(each.arg == "validate" for each in node.keywords):
                self._add_keyword(node, 'validate="m:1"')
            return
        if how == "inner":
            self._tell("scope", "", node, code=self.edits.text(node))
        named = isinstance(right, ast.Name)
        if not named:
            self._forget(right)
        table = self.edits.text(right)
        rest = self.edits.source.encode()[self.edits.end(right) : self.edits.end(node) - 1].decode()
        new = f"state.merge({code!r}, {self.edits.new(rows)}, {'' if named else 'lambda: '}{table}{rest})"
        self.edits.put(node, new)

    def _add_keyword(self, node: ast.Call, text: str) -> None:
        end = self.edits.end(node) - 1
        inside = self.edits.source.encode()[self._inside(node) : end].decode().rstrip()
        comma = "" if not inside or inside.endswith(",") else ", "
        self.edits.replace(end, end, comma + text)

    def _freeze(self, node: ast.expr, name: str) -> None:
        text, shown = self.edits.text(node), _named(name or self.edits.text(node))
        if isinstance(node, ast.GeneratorExp) or node in self._frozen:
            return
        self._frozen.add(node)
        self.edits.forget(node)
        self.edits.around(node, f"state.learn({shown!r}, lambda: ", ")")
        self._tell("learned", shown, node, "value", text)

    def _tell(self, what: str, name: str, node: ast.AST, kind: str = "", code: str = "") -> None:
        self.found.append(Found(what, name, code or self.edits.text(node), node.lineno, kind))  # type: ignore[attr-defined]


def _texts(node: ast.expr) -> list[str]:
    """The names in ``"a"`` or ``["a", "b"]``."""
    parts = node.elts if isinstance(node, (ast.List, ast.Tuple)) else [node]
    return [each.value for each in parts if isinstance(each, ast.Constant) and isinstance(each.value, str)]


def _how(node: ast.Call, given: list[ast.expr], usual: str) -> str:
    """The kind of join; empty where it is not written down."""
    given = [each.value for each in node.keywords if each.arg == "how"] or given
    if not given:
        return usual
    return str(given[0].value) if isinstance(given[0], ast.Constant) else ""


def _root(node: ast.expr) -> ast.expr:
    """What an expression begins with: ``weather`` of ``weather[columns].drop_duplicates()``."""
    while isinstance(node, (ast.Subscript, ast.Attribute, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node


def _named(text: str) -> str:
    """A name for what was learned: its code in one short line."""
    short = " ".join(text.split())
    return short if len(short) <= 60 else short[:57] + "..."


def _loaded(node: ast.expr) -> ast.expr:
    """The object that an assignment changes."""
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return node


def _first(node: ast.expr) -> tuple[ast.expr | None, ast.expr | None]:
    """The row selector and the rest of ``[rows, columns]``."""
    if isinstance(node, ast.Tuple):
        return (node.elts[0], node.elts[1]) if len(node.elts) == 2 else (None, None)
    return node, None


def _along_columns(node: ast.Call) -> bool:
    """Whether ``drop``, ``dropna`` are about columns."""
    for each in node.keywords:
        if each.arg == "columns":
            return True
        if each.arg == "axis" and isinstance(each.value, ast.Constant):
            return each.value.value in (1, "columns")
    return len(node.args) > 1 and isinstance(node.args[1], ast.Constant) and node.args[1].value == 1


def _along_rows(node: ast.Call, place: int) -> bool:
    """Whether a reduction gives one value a row (``axis=1``)."""
    given = [each.value for each in node.keywords if each.arg == "axis"] or node.args[place : place + 1]
    if not given:
        return False
    value = given[0]
    if isinstance(value, ast.UnaryOp):
        return True
    return isinstance(value, ast.Constant) and value.value in (1, "columns")


def _literal_rows(node: ast.Call) -> bool:
    return isinstance(node.args[0], (ast.Constant, ast.List)) and any(
        isinstance(each, ast.Constant) and isinstance(each.value, int) for each in ast.walk(node.args[0])
    )


def _a_table(node: ast.expr) -> bool:
    """Whether it looks like a table rather than one column of it."""
    if isinstance(node, ast.Subscript):
        return not isinstance(node.slice, ast.Constant)
    return isinstance(node, ast.Name)


def _grouping(node: ast.expr) -> tuple[ast.expr, ast.expr] | None:
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
