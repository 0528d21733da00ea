"""What the lifted code says of a model's inputs: where each comes from, what was learned, what is doubtful."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from handoff_ext.contracts.features import Doubt, Features, Join, Learned, ModelInput, Place, RawColumn, Scope
from handoff_ext.features.answer import learned_of
from handoff_ext.features.lifted import Lifted

_RESAMPLES = ("fit_resample", "fit_sample", "TargetEncoder", "cross_val_predict")
_REPAIRS = {
    "the row before": "Give the earlier value as a column of the row, or leave it out.",
    "the rows before": "Give the summary of earlier rows as a column of the row, or leave it out.",
    "all rows before": "Give the running figure as a column of the row, or leave it out.",
    "all other rows": "Use a fitted transformer, which keeps what training saw.",
    "all rows of its group": "Join a table of what each group had in training.",
}
_KINDS = {
    "fitted": "fitted",
    "fit_transform": "fitted",
    "dummies": "categories",
    "category": "categories",
    "factorize": "categories",
    "cut": "bins",
    "by group": "by group",
    "columns": "columns",
    "value": "value",
}


def trace(lifted: Lifted, answer: str = "", before: Sequence[ast.stmt] = ()) -> Features:
    """The static part of the answer: what needs no run.

    Args:
        lifted: the feature code.
        answer: the expression that ``fit`` is told as what is to be predicted.
        before: the notebook's statements before that ``fit``, in order, to find what that expression is made from.
    """
    derived = _derived(lifted)
    answers = sorted(_closure(_strings_behind(answer, before), derived))
    code = "\n".join(line.text for line in lifted.lines)
    told, telling = learned_of(lifted, answers)
    return Features(
        frame=lifted.main.name,
        held_frame=lifted.held.name if lifted.held else "",
        answers=answers,
        resampled=any(word in code for word in _RESAMPLES),
        columns=[
            RawColumn(name=name, mark="same at serving")
            for name in _read_columns(lifted, derived)
            if name not in answers
        ],
        inputs=[
            each.model_copy(update={"mark": "needs the answer"}) if each.name in telling else each
            for each in inputs_of([*_listed(lifted)], derived)
        ],
        state=[
            Learned(name=found.name, kind=_KINDS.get(found.kind, found.kind), code=found.code, place=place)
            for found, place in lifted.found
            if found.what == "learned"
        ]
        + [
            Learned(name=each.name, kind="table", code=each.code, place=each.place)
            for each in lifted.tables[1:]
            if each is not lifted.held or any(f"state[{each.name!r}]" in line.text for line in lifted.lines)
        ],
        joins=[
            Join(table=found.code, keys=found.name.split(", "), place=place, of_rows=bool(found.kind))
            for found, place in lifted.found
            if found.what == "join"
        ],
        scope=[Scope(code=found.code, place=place) for found, place in lifted.found if found.what == "scope"],
        doubts=told
        + [
            Doubt(
                mark="needs the whole table",
                message=f"`{found.name}` needs {found.kind}; a single row has none.",
                repair=_REPAIRS.get(found.kind, "Leave it out, or give what it computes as a column of the row."),
                place=place,
            )
            for found, place in lifted.found
            if found.what == "doubt"
        ],
    )


@dataclass(frozen=True, slots=True)
class Made:
    """Where a column is made: ``columns`` are named in that line, ``learned``: it uses what training learned."""

    place: Place
    code: str
    columns: frozenset[str]
    learned: bool


def _derived(lifted: Lifted) -> dict[str, Made]:
    """The columns that lines assign, by name; the last line counts."""
    found: dict[str, Made] = {}
    names = {each.name for each, _ in lifted.found}
    for line in lifted.lines:
        for node in ast.walk(ast.parse(line.text)):
            if not isinstance(node, ast.Assign):
                continue
            for target in node.targets:
                for each in target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]:
                    match each:
                        case ast.Subscript(slice=ast.Constant(value=str() as name)):
                            strings = _strings(node.value) - names - _later(node.value)
                            before = found[name].columns if name in found and name in strings else frozenset()
                            learned = "state." in ast.unparse(node.value)
                            found[name] = Made(line.place, line.text, strings | before, learned)
    return found


def inputs_of(names: Iterable[str], derived: Mapping[str, Made]) -> list[ModelInput]:
    """Each named input with where it comes from."""
    return [_input(name, derived) for name in dict.fromkeys(names)]


def _input(name: str, derived: Mapping[str, Made]) -> ModelInput:
    made = derived.get(name)
    if made is None:
        return ModelInput(name=name, origin="raw column", mark="same at serving", columns=[name])
    return ModelInput(
        name=name,
        origin="fitted state" if made.learned else "derived",
        mark="same at serving",
        place=made.place,
        columns=sorted(_closure(made.columns, derived) - set(derived)),
        code=made.code,
    )


def _closure(names: Iterable[str], derived: Mapping[str, Made]) -> set[str]:
    """These columns and all that they are made from."""
    found: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name in found:
            continue
        found.add(name)
        if name in derived:
            todo += derived[name].columns
    return found


def _read_columns(lifted: Lifted, derived: Mapping[str, Made]) -> list[str]:
    """Columns that the lines name and do not make."""
    names: dict[str, None] = {}
    for line in [*(each.text for each in lifted.lines), lifted.result]:
        for node in ast.walk(ast.parse(line)):
            match node:
                case ast.Subscript(slice=ast.Constant(value=str() as name), ctx=ast.Load()):
                    names[name] = None
                case ast.Subscript(slice=ast.List(elts=elts)):
                    names |= {
                        each.value: None
                        for each in elts
                        if isinstance(each, ast.Constant) and isinstance(each.value, str)
                    }
    for name in _listed(lifted):
        names[name] = None
    tables = {each.name for each in lifted.tables}
    return [name for name in names if name not in derived and name not in tables]


def _listed(lifted: Lifted) -> list[str]:
    """The model's inputs, where the code lists them."""
    lists: dict[str, list[str]] = {}
    bound = [each for line in lifted.lines for each in _bindings(ast.parse(line.text).body[0])]
    for name, value in bound:
        lists[name] = _elements(value, lists)
    wanted = ast.parse(lifted.result, mode="eval").body
    for name, value in reversed(bound):
        if isinstance(wanted, ast.Subscript):
            break
        if isinstance(wanted, ast.Name) and wanted.id == name:
            wanted = value
    if isinstance(wanted, ast.Subscript):
        index = wanted.slice.elts[-1] if isinstance(wanted.slice, ast.Tuple) else wanted.slice
        return _elements(index, lists)
    return []


def _bindings(node: ast.stmt) -> list[tuple[str, ast.expr]]:
    """Each name that a line binds, with what it is: also side by side, and of a split, whose parts are two a table."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return [(name, value)]
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=value):
            values = value.elts if isinstance(value, ast.Tuple) else []
            if isinstance(value, ast.Call) and ast.unparse(value.func) == "state.split":
                values = [each for table in value.args[1:] for each in (table, table)]
            pairs = zip(targets, values, strict=len(targets) == len(values))
            return [(target.id, each) for target, each in pairs if isinstance(target, ast.Name)]
    return []


def _elements(node: ast.expr, lists: Mapping[str, list[str]]) -> list[str]:
    match node:
        case ast.List(elts=elts) | ast.Tuple(elts=elts):
            return [each.value for each in elts if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        case ast.Name(id=name):
            return lists.get(name, [])
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _elements(left, lists) + _elements(right, lists)
        case ast.Call(args=[*args]):
            return next((found for each in reversed(args) if (found := _elements(each, lists))), [])
    return []


def _strings(node: ast.expr) -> frozenset[str]:
    return frozenset(
        each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)
    )


def _strings_behind(answer: str, before: Sequence[ast.stmt]) -> set[str]:
    """The column names behind the expression of what is to be predicted: of each name only what it was last bound to
    counts, since a notebook with two models calls both their answers ``y``."""
    found: set[str] = set()
    todo, seen = [(answer, len(before))], set()
    while todo:
        text, end = todo.pop()
        if not text or (text, end) in seen:
            continue
        seen.add((text, end))
        try:
            tree = ast.parse(text, mode="eval").body
        except SyntaxError:
            continue
        match tree:
            case ast.Name(id=name):
                todo += _last_bound(name, before, end)
            case ast.Call(func=ast.Attribute(attr="drop" | "split")):
                continue
            case _:
                later = _later(tree)
                found |= {
                    name
                    for each in ast.walk(tree)
                    if isinstance(each, ast.Subscript)
                    for name in _column(each)
                    if name not in later
                }
                found |= {
                    each.args[0].value
                    for each in ast.walk(tree)
                    if isinstance(each, ast.Call)
                    and isinstance(each.func, ast.Attribute)
                    and each.func.attr == "pop"
                    and each.args
                    and isinstance(each.args[0], ast.Constant)
                    and isinstance(each.args[0].value, str)
                }
                if isinstance(tree, ast.Attribute):
                    found.add(tree.attr)
                names = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
                if not found and not later:
                    todo += [(name, end) for name in sorted(names)]
    return found


def _later(node: ast.AST) -> frozenset[str]:
    """Columns that an expression takes from later rows (``df["close"].shift(-1)``): what is to be predicted is not
    in the row itself, even where it is measured against the row's own value."""
    return frozenset(
        name
        for each in ast.walk(node)
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr == "shift"
        for by in [*each.args[:1], *(one.value for one in each.keywords if one.arg == "periods")]
        if isinstance(by, ast.UnaryOp) and isinstance(by.op, ast.USub)
        for name in _strings(each.func.value)
    )


def _last_bound(name: str, before: Sequence[ast.stmt], end: int) -> list[tuple[str, int]]:
    """What a name is bound to last before statement ``end``, and that statement's place."""
    for index in range(end - 1, -1, -1):
        if made := _bound_to(name, before[index]):
            return [(text, index) for text in made]
    return []


def _column(node: ast.Subscript) -> list[str]:
    """The column that ``df["a"]``, ``df[["a"]]`` or ``df.loc[rows, "a"]`` takes."""
    index = node.slice.elts[-1] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
    parts = index.elts if isinstance(index, ast.List) else [index]
    return [each.value for each in parts if isinstance(each, ast.Constant) and isinstance(each.value, str)]


def _bound_to(name: str, node: ast.stmt) -> list[str]:
    """What a name is bound to: of a split, the table that it is a part of."""
    if not isinstance(node, ast.Assign):
        return []
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Name) and target.id == name:
        return [ast.unparse(value)]
    if isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, ast.Call):
        for position, each in enumerate(target.elts):
            if isinstance(each, ast.Name) and each.id == name:
                place = position // 2 if len(target.elts) == 2 * len(value.args) else position
                return [ast.unparse(value.args[place])] if place < len(value.args) else []
    return []
