"""Run a notebook's code over ``values`` instead of data: once, from top to bottom, through its own functions and
loops."""

from __future__ import annotations

import ast
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from handoff_ext.checks.facts.text import dotted
from handoff_ext.checks.learning.calls import Calls
from handoff_ext.checks.learning.columns import column_texts, drop_columns, keep_columns, learn_in
from handoff_ext.checks.learning.estimators import kind_of
from handoff_ext.checks.learning.events import Story
from handoff_ext.checks.learning.expressions import is_spelled_out
from handoff_ext.checks.learning.inside import data_in, learners_in
from handoff_ext.checks.learning.values import (
    Class,
    Data,
    Function,
    Instance,
    Learned,
    Learner,
    Place,
    Series,
    Text,
)

if TYPE_CHECKING:
    from handoff_ext.checks.facts.cell import CellFacts
    from handoff_ext.checks.facts.notebook import NotebookFacts

_DEEPEST = 4
MOST_STATEMENTS = 20_000
_MOST_IN_ONE = 500
_MOST_REPEATED = 3_000


def story_of(notebook: NotebookFacts) -> Story:
    """What the notebook's learners saw."""
    run = Interpreter()
    for cell, facts in notebook.code:
        run.tell(cell.index, facts)
    return run.story


class Interpreter(Calls):
    """State of the run: names, the cell, how deep in functions and loops."""

    def __init__(self) -> None:
        super().__init__()
        self.statements = 0
        self.spent: dict[ast.AST, int] = {}
        self.repeated = 0

    def tell(self, cell: int, facts: CellFacts) -> None:
        """Run one cell. Of one that is nested too deeply, only what comes first is told."""
        if facts.parsed.tree is not None:
            self.cell = cell
            with suppress(RecursionError):
                self.block(facts.parsed.tree.body)

    def block(self, statements: list[ast.stmt]) -> object:
        """Run statements; the value of the first ``return`` that is reached, else None."""
        returned: object = None
        for statement in statements:
            self.statements += 1
            if self.statements > MOST_STATEMENTS:
                return returned
            value = self.statement(statement)
            if returned is None:
                returned = value
        return returned

    def statement(self, node: ast.stmt) -> object:
        """Run one statement. The value of a ``return`` in it, else None."""
        run = _STATEMENTS.get(type(node))
        return run(self, node) if run is not None else None

    def bound(self, node: ast.Assign) -> None:
        """``a = b = value``."""
        value = self.value(node.value)
        for target in node.targets:
            self.assign(target, value, node.value)

    def annotated(self, node: ast.AnnAssign) -> None:
        """``a: type = value``."""
        if node.value is not None:
            self.assign(node.target, self.value(node.value), node.value)

    def augmented(self, node: ast.AugAssign) -> None:
        """``a += value``."""
        self.assign(node.target, self.mixed([self.value(node.target), self.value(node.value)], node), node.value)

    def alone(self, node: ast.Expr) -> None:
        """An expression for its effect."""
        self.value(node.value)

    def returned(self, node: ast.Return) -> object:
        """``return value``."""
        return self.value(node.value)

    def defined(self, node: ast.FunctionDef) -> None:
        """A function of the notebook."""
        self.names[node.name] = Function(node, self.cell)

    def described(self, node: ast.ClassDef) -> None:
        """A class of the notebook: one that is fitted or has a base is taken for what its name says."""
        methods = {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
        if methods and not node.bases and not methods & {"fit", "train"} and kind_of(node.name) is None:
            self.names[node.name] = Class(node, self.cell)

    def inside(self, node: ast.With) -> object:
        """``with value as name``."""
        for item in node.items:
            value = self.value(item.context_expr)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, value, item.context_expr)
        return self.block(node.body)

    def tried(self, node: ast.Try) -> object:
        """All blocks, as if everything went wrong once."""
        handled = [each for handler in node.handlers for each in handler.body]
        return self.block([*node.body, *handled, *node.orelse, *node.finalbody])

    def either(self, node: ast.If) -> object:
        """Both ways, one after the other."""
        self.value(node.test)
        one = self.block(node.body)
        two = self.block(node.orelse)
        return one if one is not None else two

    def loop(self, node: ast.For | ast.While) -> object:
        """The body once, with the loop remembered; over models in a list, once for each."""
        kept, self.in_loop = self.in_loop, self.in_loop or self.fresh()
        returned: object = None
        if isinstance(node, ast.While):
            self.value(node.test)
            returned = self.block(node.body)
        else:
            items = self.items_of(self.value(node.iter), node.iter)
            if len(items) > 12:
                self.forget_read()
            for index, item in enumerate(items[:12]):
                if index and self.repeated >= _MOST_REPEATED:
                    self.forget_read()
                    break
                before = self.statements
                self.assign(node.target, item, node.iter)
                value = self.block(node.body)
                self.repeated += self.statements - before if index else 0
                returned = returned if returned is not None else value
        self.in_loop = kept
        rest = self.block(node.orelse)
        return returned if returned is not None else rest

    def imported(self, node: ast.Import | ast.ImportFrom) -> None:
        """Other names for functions and modules."""
        for alias in node.names:
            if alias.asname and isinstance(node, ast.ImportFrom):
                self.aliases[alias.asname] = alias.name
            if isinstance(node, ast.ImportFrom) and alias.name in self.names:
                self.names.pop(alias.asname or alias.name, None)

    def deleted(self, node: ast.Delete) -> None:
        """``del a, b``."""
        for target in node.targets:
            self.delete(target)

    def delete(self, target: ast.expr) -> None:
        """``del frame["column"]`` drops it, ``del name`` forgets it."""
        if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            data, texts = self.names.get(target.value.id), column_texts(self.value(target.slice))
            if isinstance(data, Data) and texts:
                self.names[target.value.id] = drop_columns(data, texts)
        elif isinstance(target, ast.Name):
            self.names.pop(target.id, None)

    def assign(self, target: ast.expr, value: object, source: ast.expr) -> None:
        """Bind a value to a target."""
        if type(target) is ast.Name:
            self.names[target.id] = self.named(value, target.id)
        elif isinstance(target, ast.Tuple | ast.List):
            items = value.items if isinstance(value, Series) else ()
            if not items and isinstance(value, Data):
                items = tuple(value for _ in target.elts)
            for index, each in enumerate(target.elts):
                self.assign(
                    each.value if isinstance(each, ast.Starred) else each,
                    items[index] if index < len(items) else None,
                    source,
                )
        elif isinstance(target, ast.Subscript):
            self.assign_item(target, value)
        elif isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            owner = self.names.get(target.value.id)
            if isinstance(owner, Instance):
                owner.attributes[target.attr] = self.named(value, target.attr)
            elif isinstance(owner, Data) and target.attr == "columns":
                self.names[target.value.id] = owner._replace(
                    frame=self.fresh(), only=None, without=frozenset(), read=None
                )
            elif isinstance(owner, Data) and target.attr in ("index", "name", "attrs", "flags"):
                return
            elif isinstance(owner, Data):
                self.assign_column(target.value.id, owner, (target.attr,), value)
            else:
                self.names[dotted(target)] = self.named(value, dotted(target))

    def named(self, value: object, name: str) -> object:
        """The value under its new name; splits learn what their sides are called."""
        if value is None:
            return None
        if isinstance(value, Data):
            for rows in value.rows:
                if rows.path and rows.path[-1][0] in self.story.splits:
                    split = self.story.splits[rows.path[-1][0]]
                    if rows.path[-1][1] == "test" and not split.test_name:
                        split.test_name = name
                    elif rows.path[-1][1] == "train" and not split.train_name:
                        split.train_name = name
            return value if value.name == name else value._replace(name=name)
        if isinstance(value, Learner) and (not value.name or value.name == value.type):
            value.name = name
        return value

    def assign_item(self, target: ast.Subscript, value: object) -> None:
        """``frame["column"] = ...``, ``frame.loc[rows, "column"] = ...``, ``models["name"] = ...``."""
        base = target.value
        at = isinstance(base, ast.Attribute) and base.attr in ("loc", "iloc", "at", "iat")
        if at:
            assert isinstance(base, ast.Attribute)
            base = base.value
        name = dotted(base)
        holder = self.value(base.value) if isinstance(base, ast.Attribute) else None
        owner = self.names.get(name) if name else None
        if isinstance(holder, Instance) and isinstance(base, ast.Attribute):
            owner = holder.attributes.get(base.attr)
        key = self.value(target.slice)
        if isinstance(owner, Series) and isinstance(key, Text) and len(key.values) == 1:
            owner.keyed[key.values[0]] = value
        elif isinstance(owner, Data):
            if at and isinstance(key, Series) and key.items:
                key = key.items[-1]
            if owner.read is not None and (at or not is_spelled_out(target.slice)):
                owner = owner._replace(read=None)
            self.assign_column(name, owner, column_texts(key), value)
            if isinstance(holder, Instance) and isinstance(base, ast.Attribute):
                holder.attributes[base.attr] = self.names.pop(name)
        elif isinstance(value, Learner | Data) and name and owner is None and isinstance(key, Text):
            self.names[name] = Series((), dict.fromkeys(key.values, value))

    def assign_column(self, name: str, owner: Data, columns: tuple[str, ...], value: object) -> None:
        """A column is computed anew: what was learned for it is in the table now."""
        learned = value.brought_to(owner) if isinstance(value, Data) else ()
        if isinstance(value, Data) and columns:
            made_of = value.made_of - set(columns) if value.frame == owner.frame else frozenset()
            frame = self.story.frames.setdefault(owner.frame, {})
            for column in columns:
                if made_of:
                    frame[column] = made_of
                    self.story.made_at.setdefault((owner.frame, column), len(self.story.made_at) + 1)
                    self.story.cut.discard((owner.frame, column))
                    if owner.only is not None:
                        self.story.cut.add((owner.frame, column))
        if columns:
            self.keep_from_copies(owner, columns)
        changed = learn_in(owner, learned, columns) if learned else owner
        if changed.read is not None:
            changed = changed._replace(read=changed.read.union(columns) if columns else None)
        if changed.only is not None and columns:
            changed = keep_columns(changed, (*changed.only, *columns))
        elif columns:
            changed = changed._replace(without=changed.without - set(columns))
        if isinstance(value, Data) and value.transformed_by:
            for id_ in value.transformed_by if columns else ():
                self.story.written.setdefault(id_, set()).update(columns)
            changed = changed._replace(transformed_by=changed.transformed_by | value.transformed_by)
        self.names[name] = changed

    def keep_from_copies(self, owner: Data, columns: tuple[str, ...]) -> None:
        """A copy that lost columns before has not the one that its table gets now."""
        for name, other in self.names.items():
            if not isinstance(other, Data) or other.frame != owner.frame or other.only is not None:
                continue
            if other.without - owner.without:
                self.names[name] = other._replace(without=other.without.union(columns))

    def call_function(self, function: Function, arguments: list[object], keywords: dict[str, object]) -> object:
        """Run one of the notebook's functions on these arguments; its own names are gone afterwards."""
        if self.depth >= _DEEPEST or function.node in self.running or self.is_tired_of(function, arguments, keywords):
            return self.mixed([*arguments, *keywords.values()], function.node)
        parameters = function.node.args
        names = [each.arg for each in (*parameters.posonlyargs, *parameters.args)]
        kept, kept_cell, before = self.names, self.cell, self.statements
        self.names = dict(kept)
        for name, default in zip(reversed(names), reversed(parameters.defaults), strict=False):
            self.names[name] = self.value(default)
        self.names.update(zip(names, arguments, strict=False))
        self.names.update(keywords)
        self.depth += 1
        self.running.append(function.node)
        self.cell = function.cell
        try:
            if isinstance(function.node, ast.Lambda):
                return self.value(function.node.body)
            return self.block(function.node.body)
        finally:
            changed = {name: self.names.get(name) for name in names}
            self.names, self.cell = kept, kept_cell
            self.depth -= 1
            self.running.pop()
            self.spent[function.node] = self.spent.get(function.node, 0) + self.statements - before
            self.passed_back = [changed.get(name) for name in names]

    def is_tired_of(self, function: Function, arguments: list[object], keywords: dict[str, object]) -> bool:
        """Whether a function was run often enough: sooner where it is given nothing that has to do with learning."""
        spent = self.spent.get(function.node, 0)
        if spent < _MOST_IN_ONE or spent >= 4 * _MOST_IN_ONE:
            return spent >= _MOST_IN_ONE
        return not any(data_in(each) or learners_in(each) for each in (*arguments, *keywords.values()))

    def learn(self, kind: str, name: str, subject: Data, node: ast.AST) -> Learned:
        """Remember that something was computed over these rows."""
        learned = Learned(kind, name, subject.name, subject.rows, Place(self.cell, node))
        self.story.learned.append(learned)
        return learned


_STATEMENTS: dict[type[ast.stmt], Callable[[Interpreter, Any], object]] = {
    ast.Assign: Interpreter.bound,
    ast.AnnAssign: Interpreter.annotated,
    ast.AugAssign: Interpreter.augmented,
    ast.Expr: Interpreter.alone,
    ast.Return: Interpreter.returned,
    ast.FunctionDef: Interpreter.defined,
    ast.ClassDef: Interpreter.described,
    ast.For: Interpreter.loop,
    ast.While: Interpreter.loop,
    ast.If: Interpreter.either,
    ast.With: Interpreter.inside,
    ast.Try: Interpreter.tried,
    ast.Import: Interpreter.imported,
    ast.ImportFrom: Interpreter.imported,
    ast.Delete: Interpreter.deleted,
}
