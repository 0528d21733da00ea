"""The tables behind what boosters want instead of a table: ``lightgbm.Dataset`` and ``xgboost.DMatrix``."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from handoff_ext.cells.model import Cell
from handoff_ext.pipeline.events import Asked, Event, Fit

_MAKERS = {"lightgbm.Dataset": "lightgbm.train", "xgboost.DMatrix": "xgboost.train"}
_MEANT = frozenset({"data", "label", "weight", "nthread", "silent", "feature_names", "enable_categorical"})
"""What a ``DMatrix`` may be told without meaning other rows than the table holds."""
_MORE = (
    "its DMatrix is told more than a table and labels, is made where it cannot be followed, or is asked with options. "
    "Train XGBClassifier or XGBRegressor, which take the table."
)


@dataclass(frozen=True)
class Matrices:
    """Reads what is made of tables in the cells of ``trees``."""

    trees: Sequence[tuple[Cell, ast.Module]]
    imports: Mapping[str, str]

    def seen_through(self, found: list[Event]) -> list[Event]:
        """The events, where a booster is fitted and asked with the tables that its own containers were made of.

        One of ``lightgbm.train`` is asked with a table anyway. One of ``xgboost.train`` is asked with a ``DMatrix``,
        which is made again of each row: so only where nothing but the table says what is in it and the question has no
        options. Otherwise it is beyond us, and the fit says why.
        """
        tables = {id(each): self._table(each) for each in found if isinstance(each, Fit | Asked)}
        boosters = {each.model for each in found if isinstance(each, Fit) and each.made == "xgboost.train"}
        about = [each for each in found if isinstance(each, Fit | Asked) and each.model in boosters]
        beyond = {
            each.model
            for each in about
            if tables[id(each)] is None or (isinstance(each, Asked) and self._options(each))
        }
        seen: list[Event] = []
        for each in found:
            table = tables.get(id(each))
            if isinstance(each, Fit) and each.model in beyond:
                seen.append(replace(each, x="", y="", beyond=_MORE))
            elif isinstance(each, Asked) and each.model in beyond:
                seen.append(replace(each, x="", asks=""))
            elif table is None or not isinstance(each, Fit | Asked):
                seen.append(each)
            elif isinstance(each, Fit):
                seen.append(replace(each, x=table[0], y=table[1]))
            elif each.model in boosters:
                seen.append(replace(each, x=table[0], asks=table[0] if each.asks else "", y=table[1]))
            else:
                seen.append(each)
        return seen

    def _table(self, event: Fit | Asked) -> tuple[str, str] | None:
        """Rows and labels of what the event is given; None where it is no such container, or a name of what it was made
        of is bound again before."""
        if isinstance(event, Fit) and event.made not in _MAKERS.values():
            return None
        with_call = _call(event.x)
        if with_call is not None:
            return self._made(with_call)
        found: tuple[str, str] | None = None
        for cell, tree in self.trees:
            for node in sorted((each for each in ast.walk(tree) if isinstance(each, ast.stmt)), key=_line):
                if (cell.index, node.lineno) >= (event.cell, event.line):
                    return found
                stored = {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and _is_stored(each)}
                if event.x in stored:
                    found = self._assigned(node, event.x)
                elif found and stored & set(re.findall(r"[^\W\d]\w*", " ".join(found))):
                    found = None
        return found

    def _assigned(self, node: ast.stmt, name: str) -> tuple[str, str] | None:
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=ast.Call() as call) if target == name:
                return self._made(call)
        return None

    def _made(self, call: ast.Call) -> tuple[str, str] | None:
        root, dot, rest = ast.unparse(call.func).partition(".")
        path = f"{self.imports.get(root, root)}{dot}{rest}"
        keywords = {each.arg: each.value for each in call.keywords}
        rows = call.args[0] if call.args else keywords.get("data")
        labels = call.args[1] if len(call.args) > 1 else keywords.get("label")
        if path not in _MAKERS or rows is None:
            return None
        if path == "xgboost.DMatrix" and (len(call.args) > 2 or not set(keywords) <= _MEANT):
            return None
        return ast.unparse(rows), ast.unparse(labels) if labels is not None else ""

    def _options(self, asked: Asked) -> bool:
        """Whether the question says more than which rows: margins, leaves, only so many trees."""
        if asked.method != "predict":
            return True
        for cell, tree in self.trees:
            if cell.index != asked.cell:
                continue
            for node in ast.walk(tree):
                match node:
                    case ast.Call(func=ast.Attribute(value=owner, attr="predict"), args=args, keywords=keywords):
                        if ast.unparse(owner) == asked.model and (len(args) > 1 or keywords):
                            return True
        return False


def _call(text: str) -> ast.Call | None:
    try:
        node = ast.parse(text, mode="eval").body
    except SyntaxError:
        return None
    return node if isinstance(node, ast.Call) else None


def _line(node: ast.stmt) -> int:
    return node.lineno


def _is_stored(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)
