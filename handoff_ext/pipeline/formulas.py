"""Models fitted by a formula: the formula says which columns of the table are their rows."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from handoff_ext.cells.model import Cell
from handoff_ext.dataflow.sharing import dotted
from handoff_ext.pipeline.events import Asked, Event, Fit, Named

_QUOTED_COLUMN = re.compile(r"""\bQ\(\s*(['"])(.*?)\1\s*\)""")
_TEXT = re.compile(r"""(['"]).*?\1""")
_NAME = re.compile(r"(?<![\w.])[^\W\d]\w*(?!\s*[.(=\w])")
_NO_TEXT = (
    "which columns it takes is not known, as the formula does not stand there as text. Write it out where it fits."
)
_WORDS = frozenset({"and", "or", "not", "in", "is", "if", "else", "True", "False", "None"})


@dataclass(frozen=True)
class Formulas:
    """Reads formulas in the cells of ``trees``."""

    trees: Sequence[tuple[Cell, ast.Module]]
    imports: Mapping[str, str]

    def seen_through(self, found: list[Event]) -> list[Event]:
        """The events, where what is fitted by ``smf.ols("y ~ a + b", data=table)`` is fitted on ``table[["a", "b"]]``
        and asked with the same columns of other tables: neither the answer nor any other column is an input."""
        columns: dict[str, list[str]] = {}
        beyond: set[str] = set()
        seen: list[Event] = []
        for event in found:
            match event:
                case Fit():
                    columns.pop(event.model, None)
                    beyond.discard(event.model)
                    call = self._formula(event)
                    read = _read(call) if call is not None else None
                    if read is None and call is not None:
                        beyond.add(event.model)
                        seen.append(replace(event, x="", y="", beyond=_NO_TEXT))
                        continue
                    if read is None:
                        seen.append(event)
                        continue
                    table, answer, columns[event.model] = read
                    y = f"{table}[{answer!r}]" if answer else ""
                    seen.append(replace(event, x=f"{table}[{columns[event.model]!r}]", y=y))
                case Asked(model=model) if model in columns:
                    x, asks = (f"{_whole(each)}[{columns[model]!r}]" if each else "" for each in (event.x, event.asks))
                    seen.append(replace(event, x=x, asks=asks))
                case Asked(model=model) if model in beyond:
                    seen.append(replace(event, x="", asks=""))
                case Named(target=target, value=value):
                    if value in beyond:
                        beyond.add(target)
                    if value in columns:
                        columns[target] = columns[value]
                    seen.append(event)
                case _:
                    seen.append(event)
        return seen

    def _formula(self, fit: Fit) -> ast.Call | None:
        """``smf.ols(...)`` of ``smf.ols(...).fit()``, or of the name that is fitted."""
        made: ast.Call | None = None
        for cell, tree in self.trees:
            if cell.index > fit.cell:
                break
            for node in ast.walk(tree):
                match node:
                    case ast.Call(func=ast.Attribute(value=ast.Call() as owner, attr="fit" | "fit_regularized")):
                        if (cell.index, node.lineno) == (fit.cell, fit.line) and self._is_formula(owner):
                            return owner
                    case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call) if name == fit.model:
                        before = (cell.index, node.lineno) < (fit.cell, fit.line)
                        made = call if before and self._is_formula(call) else made
        return made

    def _is_formula(self, call: ast.Call) -> bool:
        root, dot, rest = dotted(call.func).partition(".")
        path = f"{self.imports.get(root, root)}{dot}{rest}"
        return path.startswith("statsmodels.") and (".formula." in path or path.endswith(".from_formula"))


def _read(call: ast.Call) -> tuple[str, str, list[str]] | None:
    """The table, the column of the answer where it is one as it is, and the columns on the right-hand side; None where
    the formula does not stand there as text."""
    keywords = {each.arg: each.value for each in call.keywords}
    formula = call.args[0] if call.args else keywords.get("formula")
    table = call.args[1] if len(call.args) > 1 else keywords.get("data")
    if not isinstance(formula, ast.Constant) or not isinstance(formula.value, str) or table is None:
        return None
    left, tilde, right = formula.value.partition("~")
    columns = names(right)
    if not tilde or not columns:
        return None
    answer = names(left)
    alone = len(answer) == 1 and left.strip() in (answer[0], f'Q("{answer[0]}")', f"Q('{answer[0]}')")
    return _whole(ast.unparse(table)), answer[0] if alone else "", columns


def names(side: str) -> list[str]:
    """The columns that one side of a formula names, in order."""
    quoted = [match[2] for match in _QUOTED_COLUMN.finditer(side)]
    rest = _TEXT.sub(" ", _QUOTED_COLUMN.sub(" ", side))
    return list(dict.fromkeys([*(each for each in _NAME.findall(rest) if each not in _WORDS), *quoted]))


def _whole(expression: str) -> str:
    """In brackets, where something behind it would belong to a part of it only."""
    return expression if re.fullmatch(r"[\w.\[\]'\"]+", expression) else f"({expression})"
