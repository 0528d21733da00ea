"""Calls of methods: of tables, of groups, of models."""

from __future__ import annotations

import ast

from handoff_ext.features.kinds import CHOOSING, FILTERING, REDUCES, WHOLE_TABLE, Kind, together
from handoff_ext.features.reading import FITS, Reading
from handoff_ext.features.shapes import (
    along_columns,
    along_rows,
    grouping,
    is_table,
    kind_of_join,
    literal_rows,
    root,
    short_name,
    texts,
)


class Methods(Reading):
    """Reads calls of methods."""

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
        if attr in FITS and whole.what == "rows":
            return Kind("learned", whole.table)
        return whole

    def _of_groups(self, node: ast.Call, func: ast.Attribute, base: Kind) -> Kind:
        if func.attr == "transform":
            grouped = grouping(func.value)
            rows = Kind("rows", base.table)
            if grouped is None:
                self._tell("doubt", "transform", node, "all rows of its group")
                return rows
            table, keys = grouped
            text = self.edits.text(node)
            self.edits.forget(node)
            before = f"state.by_group({short_name(text)!r}, {self.edits.text(table)}, {self.edits.text(keys)}, lambda: "
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
        if attr in CHOOSING or (attr == "drop" and node.args and not along_columns(node) and literal_rows(node)):
            text = self.edits.new(func.value)
            self.edits.around(node, "state.rows(lambda: ", f", {text})")
            return base
        if attr in FILTERING and not along_columns(node):
            if self.selecting:
                self.edits.around(node, "state.rows(lambda: ", f", {self.edits.new(func.value)})")
            else:
                self._scoped(node, func.value)
            return base
        if attr == "drop" and node.args and not along_columns(node) and self.visit(node.args[0]).what == "rows":
            self._scoped(node, func.value)
            return base
        if attr == "select_dtypes" or (attr == "dropna" and along_columns(node)):
            table = self.edits.new(func.value)
            text = self.edits.text(node)
            self.edits.around(node, f"state.columns({short_name(text)!r}, lambda: ", f", {table})")
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
        if attr in REDUCES and not along_rows(node, 0):
            return Kind("learned", base.table)
        return base

    def _applied(self, node: ast.Call, func: ast.Attribute, base: Kind) -> Kind:
        """``df.apply(encoder.fit_transform)``, ``df.apply(lambda column: column - column.mean())``."""
        given = node.args[0]
        if isinstance(given, ast.Attribute) and given.attr == "fit_transform":
            model, table = self.edits.text(given.value), self.edits.new(func.value)
            self.edits.put(node, f"state.fit_transform_each({short_name(model)!r}, {model}, {table})")
            self._tell("learned", model, node, "fitted")
        elif isinstance(given, ast.Lambda) and is_table(func.value) and not along_rows(node, 1):
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
        name = short_name(first or text)
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
        how = kind_of_join(node, given[1:2] if method == "merge" else [], "inner" if method == "merge" else "left")
        self.want(right)
        if self.visit(right).what == "rows":
            return
        code = self.edits.text(root(right))
        keys = next((texts(each.value) for each in node.keywords if each.arg in ("on", "left_on")), [])
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
