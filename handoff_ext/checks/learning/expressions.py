"""Values of expressions, calls apart."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from handoff_ext.checks.facts.text import dotted
from handoff_ext.checks.learning.columns import column_of, column_texts, drop_columns, keep_columns
from handoff_ext.checks.learning.events import Split, Story
from handoff_ext.checks.learning.inside import data_in
from handoff_ext.checks.learning.values import (
    Data,
    Function,
    Index,
    Instance,
    Learned,
    Learner,
    Place,
    Rows,
    Series,
    Shuffled,
    Text,
)
from handoff_ext.checks.words import words

_SAME = words("values T data loc iloc at index str dt cat array real flat features images")
_PLACES = words("loc iloc at iat")
_NO_ROWS = words("shape size ndim plot dtypes dtype style feature_names target_names DESCR")
_LESS = (ast.Lt, ast.LtE, ast.Eq)


class Expressions:
    """Evaluates expressions over names; calls are for ``Calls``."""

    def __init__(self) -> None:
        self.story = Story()
        self.names: dict[str, object] = {}
        self.aliases: dict[str, str] = {}
        self.cell = 0
        self.depth = 0
        self.in_loop = 0
        self.by_gradient = False
        self.reads_columns = False
        self.running: list[ast.AST] = []
        self.counted = 0
        self.passed_back: list[object] = []

    def fresh(self) -> int:
        """A number that nothing else has."""
        self.counted += 1
        return self.counted

    def call(self, node: ast.Call) -> object:
        """The value of a call."""
        raise NotImplementedError

    def value(self, node: ast.expr | None) -> object:
        """The value of an expression; None where it has nothing to do with rows or learners."""
        if node is None:
            return None
        kind = type(node)
        if kind is ast.Name:
            return self.names.get(node.id)  # type: ignore[attr-defined]
        if kind is ast.Call:
            return self.call(node)  # type: ignore[arg-type]
        if kind is ast.Constant:
            return Text((node.value,)) if type(node.value) is str else None  # type: ignore[attr-defined]
        read = _READERS.get(kind)
        return read(self, node) if read is not None else None

    def several(self, node: ast.List | ast.Tuple | ast.Set) -> object:
        """A list, tuple or set as it is written."""
        return self.series([self.value(each) for each in node.elts])

    def chosen_by_logic(self, node: ast.BoolOp) -> object:
        """``a or b``: made of both."""
        return self.mixed([self.value(each) for each in node.values], node)

    def either_value(self, node: ast.IfExp) -> object:
        """The first way that gives something."""
        return self.value(node.body) or self.value(node.orelse)

    def function_here(self, node: ast.Lambda) -> object:
        """A function without a name."""
        return Function(node, self.cell)

    def walrus(self, node: ast.NamedExpr) -> object:
        """Bind a name on the way."""
        value = self.names[node.target.id] = self.value(node.value)
        return value

    def inner(self, node: ast.Starred | ast.Await) -> object:
        """The value inside."""
        return self.value(node.value)

    def series(self, items: list[object]) -> object:
        """A list: of texts it is a list of columns."""
        if items and all(isinstance(item, Text) for item in items):
            return Text(tuple(text for item in items if isinstance(item, Text) for text in item.values))
        return Series(tuple(items))

    def mapping(self, node: ast.Dict) -> object:
        """A dict, by its constant keys."""
        keyed: dict[str, object] = {}
        for key, each in zip(node.keys, node.values, strict=True):
            value = self.value(each)
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                keyed[key.value] = value
        return Series((), keyed)

    def comprehended(self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp) -> object:
        """A list of columns that are chosen by what they are called stays open; of anything else, one item."""
        first = node.generators[0]
        over = self.value(first.iter)
        items = self.items_of(over, first.iter)
        kept, kept_loop = dict(self.names), self.in_loop
        self.in_loop = self.in_loop or self.fresh()
        values: list[object] = []
        for item in items[:12]:
            self.bind(first.target, item)
            values.append(self.value(node.elt))
        self.names, self.in_loop = kept, kept_loop
        if isinstance(over, Text):
            dropped = self.filtered_out(first.ifs)
            if dropped is not None and isinstance(node.elt, ast.Name):
                return Text(tuple(text for text in over.values if text not in dropped))
            return None if first.ifs else self.series(values)
        if isinstance(over, Data) and isinstance(node.elt, ast.Name):
            dropped = self.filtered_out(first.ifs)
            return drop_columns(over, dropped) if dropped else None
        return self.series(values)

    def filtered_out(self, tests: list[ast.expr]) -> tuple[str, ...] | None:
        """Names that ``if c != target`` and ``if c not in ["x", target]`` leave out; None where there is another test,
        or a name that nobody knows."""
        dropped: list[str] = []
        for test in tests:
            if not isinstance(test, ast.Compare) or len(test.ops) != 1:
                return None
            right = test.comparators[0]
            if isinstance(test.ops[0], ast.NotEq):
                given = [right]
            elif isinstance(test.ops[0], ast.NotIn):
                given = right.elts if isinstance(right, ast.List | ast.Tuple | ast.Set) else [right]
            else:
                return None
            for each in given:
                texts = self.value(each)
                if not isinstance(texts, Text):
                    return None
                dropped += texts.values
        return tuple(dropped) if tests else None

    def bind(self, target: ast.expr, value: object) -> None:
        """Bind a loop's target."""
        if isinstance(target, ast.Name):
            self.names[target.id] = value
        elif isinstance(target, ast.Tuple | ast.List):
            items = value.items if isinstance(value, Series) else ()
            for index, each in enumerate(target.elts):
                self.bind(each, items[index] if index < len(items) else None)

    def items_of(self, value: object, node: ast.expr) -> list[object]:
        """What a loop meets: the items of a list, pairs of a dict, one of anything else."""
        name = dotted(node.func) if isinstance(node, ast.Call) else ""
        if isinstance(value, Series):
            if name.endswith(".items"):
                return [Series((Text((key,)), item)) for key, item in value.keyed.items()] or [None]
            if name.endswith(".values") and value.keyed:
                return list(value.keyed.values())
            return list(value.items) or [Text((key,)) for key in value.keyed] or [None]
        if isinstance(value, Text):
            return [Text((text,)) for text in value.values] or [None]
        return [value]

    def attribute(self, node: ast.Attribute) -> object:
        """What an attribute of a table or learner stands for."""
        whole = dotted(node)
        if whole in self.names:
            return self.names[whole]
        owner = self.value(node.value)
        if owner is None:
            return None
        if isinstance(owner, Instance):
            return owner.attributes.get(node.attr)
        if isinstance(owner, Learner) and node.attr in ("support_", "ranking_"):
            return self.chosen_by(owner)
        if isinstance(owner, Data):
            if node.attr == "columns":
                return owner._replace(name="", read=None)
            if node.attr in _NO_ROWS:
                return None
            if owner.frame in self.story.bunches and node.attr in ("data", "target", "frame", "images"):
                return owner._replace(frame=self.part(owner.frame, node.attr))
            if node.attr == "index":
                return owner._replace(frame=-1, made_of=frozenset(), read=None)
            if node.attr in _SAME:
                return owner if owner.read is None or node.attr in _PLACES else owner._replace(read=None)
            return self.column(owner, (node.attr,)) if not owner.made_of else owner
        if isinstance(owner, Learner) and node.attr in ("best_estimator_", "estimator", "model", "best_model"):
            return owner
        return None

    def fit_place(self, learner: Learner) -> Place:
        """Where the estimator was fitted last."""
        return next((fit.place for fit in reversed(self.story.fits) if fit.learner is learner), learner.place)

    def chosen_by(self, learner: Learner) -> Data | None:
        """What a fitted selection chose: columns, by what it saw of the rows."""
        if learner.kind != "select" or learner.fitted is None:
            return None
        saw = learner.fitted
        return Data(
            frozenset(), learned=(Learned("select", learner.name, saw.name, saw.rows, self.fit_place(learner)),)
        )

    def part(self, bunch: int, attribute: str) -> int:
        """The number of the table that a bunch holds under this name; its target belongs to none."""
        if attribute not in ("data", "frame"):
            return -1
        return self.story.parts.setdefault((bunch, attribute), self.fresh())

    def column(self, data: Data, columns: tuple[str, ...]) -> Data:
        """One column, or several, of a table."""
        self.story.columns.setdefault(data.frame, set()).update(columns)
        return column_of(data, columns)

    def subscript(self, node: ast.Subscript) -> object:
        """Columns or rows of a table, an item of a list or dict."""
        owner = self.value(node.value)
        if owner is None:
            return None
        if isinstance(owner, Shuffled):
            return _side_of(owner, node.slice)
        if isinstance(owner, Series):
            return _item(owner, node.slice, self.value(node.slice))
        if not isinstance(owner, Data):
            if isinstance(owner, Text) and isinstance(node.slice, ast.Slice):
                return None
            return owner if isinstance(owner, Learner) else None
        at = node.value.attr if isinstance(node.value, ast.Attribute) else ""
        if isinstance(node.slice, ast.Tuple) and node.slice.elts:
            rows = self.rows_of(owner, node.slice.elts[0])
            key = self.value(node.slice.elts[1]) if len(node.slice.elts) > 1 else None
            texts = column_texts(key)
            if texts:
                self.look_up(owner, texts, node, node.slice.elts[1])
                return self.chosen(rows, texts, node.slice.elts[1])
            if isinstance(key, Data):
                rows = rows.with_learned(*(each for each in key.learned if each.kind == "select"))
            return rows._replace(frame=-1)
        chosen = self.value(node.slice)
        texts = column_texts(chosen)
        if texts and at != "iloc":
            if not at:
                self.look_up(owner, texts, node, node.slice)
            return self.chosen(owner, texts, node.slice)
        if isinstance(chosen, Data) and not chosen.tests and not chosen.made_of and chosen.without > owner.without:
            return owner._replace(without=chosen.without)
        rows = self.rows_of(owner, node.slice)
        if isinstance(chosen, Data) and not chosen.rows:
            return rows.with_learned(*chosen.learned)._replace(frame=-1)
        if isinstance(chosen, Data) and any(each.kind == "select" for each in chosen.learned):
            rows = rows.with_learned(*(each for each in chosen.learned if each.kind == "select"))
        names_columns = isinstance(
            node.slice, ast.Name | ast.Attribute | ast.Call | ast.ListComp | ast.List | ast.BinOp
        )
        if (
            names_columns
            and not at
            and not isinstance(chosen, Index)
            and not (isinstance(chosen, Data) and chosen.tests)
        ):
            return rows._replace(frame=-1, rows=owner.rows)
        return rows

    def chosen(self, data: Data, texts: tuple[str, ...], written: ast.expr) -> Data:
        """One column, or a table of several."""
        if isinstance(written, ast.Constant):
            return self.column(data, texts)
        self.story.columns.setdefault(data.frame, set()).update(texts)
        kept = keep_columns(data, texts)
        return kept if data.read is None else kept._replace(read=frozenset(texts))

    def look_up(self, data: Data, columns: tuple[str, ...], node: ast.Subscript, written: ast.expr) -> None:
        """Columns are taken from a table: are they there? Only of names that stand there can this be said."""
        if data.read is not None and isinstance(node.ctx, ast.Load) and is_spelled_out(written):
            self.story.unread += [(each, Place(self.cell, node)) for each in columns if each not in data.read]

    def may_gain_columns(self, name: str) -> None:
        """Something unknown was given the table of this name: which columns it has is not certain any more."""
        data = self.names.get(name)
        if isinstance(data, Data) and data.read is not None:
            self.names[name] = data._replace(read=None)

    def rows_of(self, data: Data, chosen: ast.expr) -> Data:
        """The rows that a slice, row numbers or a mask choose."""
        if isinstance(chosen, ast.Slice):
            lower, upper = chosen.lower, chosen.upper
            if upper is not None and lower is None:
                return self.side(data, f"slice {_bound(upper)}", "train", chosen)
            if lower is not None and upper is None:
                return self.side(data, f"slice {_bound(lower)}", "test", chosen)
            return data
        value = self.value(chosen)
        if isinstance(value, Index):
            return data._replace(rows=frozenset(Rows(rows.origin, (*rows.path, value.step)) for rows in data.rows))
        mask, turned = chosen, False
        while isinstance(mask, ast.UnaryOp) and isinstance(mask.op, ast.Invert | ast.Not):
            mask, turned = mask.operand, not turned
        if isinstance(mask, ast.Compare) and len(mask.ops) == 1:
            less = isinstance(mask.ops[0], _LESS)
            what = f"mask {ast.dump(mask.left)} {ast.dump(mask.comparators[0])}"
            return self.side(data, what, "train" if less is not turned else "test", chosen)
        if isinstance(mask, ast.Name) and isinstance(self.names.get(mask.id), Data | None):
            return self.side(data, f"mask {mask.id}", "test" if turned else "train", chosen)
        return data

    def side(self, data: Data, what: str, side: str, node: ast.AST) -> Data:
        """One side of a cut that the code makes by hand."""
        del node
        return data._replace(rows=frozenset(Rows(rows.origin, (*rows.path, (what, side))) for rows in data.rows))

    def operated(self, node: ast.BinOp) -> object:
        """Arithmetic: what a number over rows touches has learned from them."""
        left, right = self.value(node.left), self.value(node.right)
        if left is None and right is None:
            return None
        if isinstance(left, Text) and isinstance(right, Text) and isinstance(node.op, ast.Add):
            return Text((*left.values, *right.values))
        if isinstance(left, Data) and isinstance(right, Text) and isinstance(node.op, ast.Sub):
            return left._replace(without=left.without | set(right.values), name="")
        mixed = self.mixed([left, right], node)
        parts = [each for each in (left, right) if isinstance(each, Data)]
        if (
            len(parts) == 2
            and isinstance(node.op, ast.Sub)
            and {each.predicted_by >= 0 for each in parts} == {True, False}
        ):
            self.story.compared = self.story.compared or all(rows.path for each in parts for rows in each.rows)
        statistic = next((each for each in parts if each.statistic), None)
        rows = next((each for each in parts if not each.statistic), None)
        scales = isinstance(node.op, ast.Sub | ast.Div | ast.Mult | ast.Add)
        if isinstance(mixed, Data) and statistic and rows and scales and not rows.tests and statistic.rows & rows.rows:
            return mixed._replace(statistic=False).with_learned(self.statistic(statistic, node))
        return mixed

    def statistic(self, data: Data, node: ast.AST) -> Learned:
        """Remember that values were computed with a number taken over rows."""
        learned = Learned("statistic", data.name, "", data.rows, Place(self.cell, node))
        self.story.learned.append(learned)
        return learned

    def compared(self, node: ast.Compare) -> object:
        """A comparison chooses rows; nothing is learned by it."""
        values = [self.value(node.left), *(self.value(each) for each in node.comparators)]
        mixed = self.mixed(values, node)
        return mixed._replace(statistic=False, tests=True, learned=()) if isinstance(mixed, Data) else mixed

    def unary(self, node: ast.UnaryOp) -> object:
        """The same rows."""
        return self.value(node.operand)

    def mixed(self, values: list[object], node: ast.AST) -> object:
        """A value computed from several: it holds the rows of each, and what was learned for each."""
        del node
        parts = [each for value in values if value is not None for each in data_in(value)]
        if not parts:
            return None
        if len(parts) == 1:
            return parts[0] if parts[0].read is None else parts[0]._replace(read=None)
        tables = [each for each in parts if not each.statistic] or parts
        first = tables[0]
        learned = tuple(dict.fromkeys(one for each in parts for one in each.learned))
        return first._replace(
            frame=first.frame if all(each.frame >= 0 for each in tables) else -1,
            rows=frozenset().union(*(each.rows for each in tables)),
            learned=learned,
            made_of=frozenset().union(*(each.made_of for each in tables if each.frame == first.frame)),
            transformed_by=frozenset().union(*(each.transformed_by for each in tables)),
            statistic=all(each.statistic for each in parts),
            read=None,
            predicted_by=next((each.predicted_by for each in parts if each.predicted_by >= 0), -1),
            predictor_saw=next((each.predictor_saw for each in parts if each.predicted_by >= 0), frozenset()),
        )

    def new_split(self, id_: str, inputs: tuple[Data, ...], node: ast.AST, random: bool, seeded: bool) -> Split:
        """A split is made here."""
        split = self.story.splits.setdefault(id_, Split(id_, inputs, Place(self.cell, node), random, seeded))
        split.inputs = inputs or split.inputs
        split.moment = len(self.story.made_at)
        return split


def is_spelled_out(key: ast.expr) -> bool:
    """Whether a key is a name of a column or a list of names as they stand: ``name + "_x"`` is not."""
    return all(isinstance(each, ast.Constant) for each in (key.elts if isinstance(key, ast.List) else [key]))


def _item(owner: Series, written: ast.expr, key: object) -> object:
    if (
        isinstance(written, ast.Constant)
        and isinstance(written.value, int)
        and -len(owner.items) <= written.value < len(owner.items)
    ):
        return owner.items[written.value]
    if isinstance(key, Text) and len(key.values) == 1 and key.values[0] in owner.keyed:
        return owner.keyed[key.values[0]]
    values = [*owner.items, *owner.keyed.values()]
    return next((each for each in values if isinstance(each, Learner | Data)), None)


def _side_of(shuffled: Shuffled, chosen: ast.expr) -> Index | None:
    if not isinstance(chosen, ast.Slice):
        return None
    if chosen.lower is None and chosen.upper is not None:
        return Index((f"shuffled {shuffled.id} {_bound(chosen.upper)}", "train"))
    if chosen.upper is None and chosen.lower is not None:
        return Index((f"shuffled {shuffled.id} {_bound(chosen.lower)}", "test"))
    return None


def _bound(node: ast.expr) -> str:
    return ast.unparse(node)


_READERS: dict[type[ast.expr], Callable[[Expressions, Any], object]] = {
    ast.Subscript: Expressions.subscript,
    ast.Attribute: Expressions.attribute,
    ast.List: Expressions.several,
    ast.Tuple: Expressions.several,
    ast.Set: Expressions.several,
    ast.Dict: Expressions.mapping,
    ast.BinOp: Expressions.operated,
    ast.Compare: Expressions.compared,
    ast.UnaryOp: Expressions.unary,
    ast.BoolOp: Expressions.chosen_by_logic,
    ast.IfExp: Expressions.either_value,
    ast.Lambda: Expressions.function_here,
    ast.NamedExpr: Expressions.walrus,
    ast.ListComp: Expressions.comprehended,
    ast.GeneratorExp: Expressions.comprehended,
    ast.SetComp: Expressions.comprehended,
    ast.Starred: Expressions.inner,
    ast.Await: Expressions.inner,
}
