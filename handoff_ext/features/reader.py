"""Reads feature code and marks what training learned: each such expression is given back from the state at serving."""

from __future__ import annotations

import ast

from handoff_ext.features.kinds import PLAIN, REDUCING, Kind, together
from handoff_ext.features.methods import Methods
from handoff_ext.features.reads import path_of
from handoff_ext.features.shapes import along_rows

_RESULT = {"train_test_split": "split", "shuffle": "rows", "resample": "rows"}
_OF_TABLE = {"scale", "minmax_scale", "maxabs_scale", "robust_scale", "quantile_transform", "power_transform", "zscore"}


class Reader(Methods):
    """Reads one text, calls of functions included: those of libraries, and the notebook's own with the kinds that they
    are called with."""

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
            return whole if along_rows(node, 1) else Kind("learned", whole.table)
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
