"""Names on a fresh run from top to bottom: which cell reads one that no cell before it gives."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Collection, Iterator, Set
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from handoff_ext.cells.model import Cell
from handoff_ext.checks.facts.cell import CellFacts
from handoff_ext.checks.words import words
from handoff_ext.contracts.finding import Confidence
from handoff_ext.dataflow.known import KERNEL_NAMES
from handoff_ext.dataflow.model import Position

if TYPE_CHECKING:
    from handoff_ext.checks.facts.notebook import NotebookFacts

_THERE = (frozenset(dir(builtins)) | KERNEL_NAMES | {"__class__", "__module__", "__qualname__"}) - {"__file__"}
_HOSTED = words("spark sc sqlContext dbutils displayHTML sqlc table mssparkutils notebookutils nb")
"""Names that hosted kernels give; which of them runs the notebook cannot be seen, so they count as given."""
_GIVEN = _THERE | _HOSTED

_ANYTHING = {
    "%": re.compile(
        r"^\s*%(?:(?:run|pylab|load|loadpy|macro|rerun|recall|R)\b|store\s+-r|load_ext\s+\S*parameters)", re.M
    ),
    "*": re.compile(r"import\s+\*"),
    "exec": re.compile(r"\bexec\s*\("),
    "globals": re.compile(r"\bglobals\(\)\s*(?:\[|\.update)"),
    "locals": re.compile(r"\blocals\(\)\s*(?:\[|\.update)"),
    "setattr": re.compile(r"\bsetattr\(\s*(?:builtins|sys\.modules)"),
    "get_ipython": re.compile(
        r"get_ipython\(\)\.(?:run_line_magic\(\s*['\"](?:run|pylab|load)|magic|run_cell|ex\b|push)"
    ),
    "pylab": re.compile(r"\bpylab\b.*import"),
    "user_ns": re.compile(r"user_ns"),
}
"""What may define any name, each with the word without which it cannot be there."""
_OF_HISTORY = re.compile(r"_i?\d+")
"""``_12`` and ``_i12``: what cell 12 gave, and its text."""
_ASKED = re.compile(r"['\"](\w+)['\"]\s+(?:not\s+)?in\s+(?:globals|locals|vars|dir)\(\)")

Fate = Literal["undefined", "later", "deleted"]


@dataclass(frozen=True, slots=True)
class Missing:
    """A name that a cell reads and no cell before it gives. ``later``: the index of the cell below that binds it;
    ``removed``: a cell above had bound it, and taken it back with ``del``."""

    cell: Cell
    facts: CellFacts
    name: str
    position: Position
    fate: Fate
    later: int = -1
    confidence: Confidence = "high"
    removed: bool = False


def missing_names(notebook: NotebookFacts) -> Iterator[Missing]:
    """Each missing name once, where it is read first."""
    given: set[str] = set()
    told: set[str] = set()
    removed: set[str] = set()
    waiting: dict[str, set[str]] = {}
    unknown = lazy = False
    cells = list(notebook.code)
    binders = _binders(cells)
    asked: frozenset[str] | None = None
    anything = [(word, each) for word, each in _ANYTHING.items() if word in notebook.text]
    futures = "from __future__ import annotations" in notebook.text
    for cell, facts in cells:
        if facts.parsed.magics:
            given.update(name for magic in facts.parsed.magics for name in magic.assigns)
        lazy = lazy or (futures and "from __future__ import annotations" in facts.source)
        unknown = unknown or any(word in facts.source and each.search(facts.source) for word, each in anything)
        if not unknown:
            candidates = _candidates(facts, given, told, binders)
            if candidates and asked is None:
                asked = _asked_for(cells)
            for name in candidates:
                if name in told or name in (asked or ()) or (lazy and _only_annotates(facts, name)):
                    continue
                found = _confirmed(cell, facts, name, binders)
                if found is not None:
                    told.add(name)
                    yield replace(found, removed=name in removed)
            for found in _called_too_early(cell, facts, waiting, given, told, binders) if waiting else ():
                told.add(found.name)
                yield found
        elif facts.parsed.tree is not None:
            asked = _asked_for(cells) if asked is None else asked
            for name in _candidates(facts, given, told, binders):
                if name not in binders or name in asked:
                    continue
                if (found := _confirmed(cell, facts, name, binders)) and found.fate == "later":
                    told.add(name)
                    yield replace(found, confidence="low")
        bound = bound_by(facts)
        deleted = facts.walked.names.deleted
        if deleted or removed:
            removed |= deleted
            removed -= bound
        given |= bound
        given -= deleted
        if waiting or facts.walked.names.inner:
            _wait(facts, waiting, given)


def _wait(facts: CellFacts, waiting: dict[str, set[str]], given: set[str]) -> None:
    """Remember which functions read names that are not given yet: calling them now would fail."""
    for names in waiting.values():
        names.difference_update(given)
    missing = {name for name in facts.walked.names.inner if name not in given and name not in _GIVEN}
    if not missing and not waiting:
        return
    for name, function in facts.flow.functions.items() if missing else ():
        if function.kind == "function" and function.reads & missing:
            needed = _surely_read(facts, name) & function.reads & missing
            if needed:
                waiting[name] = needed
    for name in facts.walked.names.bound:
        if name in waiting and name not in facts.flow.functions:
            del waiting[name]


def _surely_read(facts: CellFacts, function: str) -> set[str]:
    """Names that a function reads whenever it is called: not only in one branch of an ``if``."""
    body = facts.parsed.tree.body if facts.parsed.tree is not None else []
    defined = (ast.FunctionDef, ast.AsyncFunctionDef)
    todo: list[ast.AST] = [
        part for each in body if isinstance(each, defined) and each.name == function for part in each.body
    ]
    found: set[str] = set()
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Name):
            found.add(node.id)
        if isinstance(node, ast.If | ast.IfExp):
            todo.append(node.test)
        else:
            todo += ast.iter_child_nodes(node)
    return found


def _called_too_early(
    cell: Cell,
    facts: CellFacts,
    waiting: dict[str, set[str]],
    given: set[str],
    told: set[str],
    binders: dict[str, list[int]],
) -> Iterator[Missing]:
    """Names that a function reads which is called here, and that only a cell below binds."""
    if not any(waiting.get(call.name) for call in facts.walked.calls if call.depth == 0):
        return
    here = bound_by(facts)
    for call in facts.flow.calls:
        names = waiting.get(call.callee) if not call.deferred and call.callee not in here else None
        for name in sorted((names or set()) - given - told - here):
            later = _first_binding(name, cell.index, binders)
            if later >= 0:
                yield Missing(cell, facts, name, call.position, "later", later, confidence="medium")


def _only_annotates(facts: CellFacts, name: str) -> bool:
    """Whether a name stands in annotations alone: nobody reads those where ``annotations`` come from the future."""
    nodes = list(ast.walk(facts.parsed.tree)) if facts.parsed.tree is not None else []
    every = [each for each in nodes if isinstance(each, ast.Name) and each.id == name]
    written = [getattr(each, slot, None) for each in nodes for slot in ("annotation", "returns")]
    inside = {id(part) for each in written if isinstance(each, ast.expr) for part in ast.walk(each)}
    return all(id(each) in inside for each in every)


def bound_by(facts: CellFacts) -> Set[str]:
    """Names that a cell may bind; of one that cannot be parsed, every word that looks like it."""
    if facts.parsed.binds and not facts.parsed.magics and not facts.parsed.error:
        return facts.walked.names.bound
    bound = set(facts.walked.names.bound) if facts.parsed.binds else set()
    for magic in facts.parsed.magics:
        bound.update(magic.assigns)
    if facts.parsed.error:
        bound.update(re.findall(r"\b([^\W\d]\w*)\s*(?:,\s*[^\W\d]\w*\s*)*=(?!=)", facts.source))
        bound.update(re.findall(r"\b(?:def|class|import|as|for)\s+([^\W\d]\w*)", facts.source))
    return bound


def _candidates(facts: CellFacts, given: set[str], told: set[str], everywhere: Collection[str]) -> list[str]:
    names = facts.walked.names
    read = list(names.reads)
    if names.inner:
        read += [name for name in names.inner if name not in everywhere]
    return [
        name
        for name in read
        if name not in given and name not in _GIVEN and name not in told and not _OF_HISTORY.fullmatch(name)
    ]


def _confirmed(cell: Cell, facts: CellFacts, name: str, binders: dict[str, list[int]]) -> Missing | None:
    """What dataflow says of the name: read for certain, not guarded."""
    every = facts.flow.uses.get(name, ())
    uses = [use for use in every if not use.guarded]
    if not uses or len(uses) < len(every):
        return None
    now = [use for use in uses if not use.deferred]
    use = (now or uses)[0]
    later = _first_binding(name, cell.index, binders)
    if not now and later >= 0:
        return None
    if _is_automagic(facts.lines[use.position.line - 1], binders):
        return None
    here = name in bound_by(facts)
    fate: Fate = "later" if later >= 0 else "deleted" if _ran(cell) and not here and now else "undefined"
    sure = bool(now) and not facts.parsed.error
    return Missing(cell, facts, name, use.position, fate, later, "high" if sure else "medium")


_AUTOMAGIC = re.compile(r"(ls|ll|pwd|who|whos|history|cat|cd|less)(?:\s+[-/~.\w*][^=]*)?\s*\Z")


def _is_automagic(line: str, binders: Collection[str]) -> bool:
    """``ls -l folder``, ``pwd``: what IPython takes for a magic though no percent sign stands there."""
    found = _AUTOMAGIC.match(line)
    return found is not None and found[1] not in binders


def _binders(cells: list[tuple[Cell, CellFacts]]) -> dict[str, list[int]]:
    """For each name the indexes of the cells that bind it, in order."""
    binders: dict[str, list[int]] = {}
    for cell, facts in cells:
        for name in bound_by(facts):
            binders.setdefault(name, []).append(cell.index)
    return binders


def _asked_for(cells: list[tuple[Cell, CellFacts]]) -> frozenset[str]:
    """Names that some cell looks for before it uses them: ``"name" in globals()``."""
    sources = (facts.source for _, facts in cells)
    return frozenset(name for source in sources if "()" in source for name in _ASKED.findall(source))


def _first_binding(name: str, after: int, binders: dict[str, list[int]]) -> int:
    """The index of the first cell below that binds the name, or -1."""
    return next((index for index in binders.get(name, ()) if index > after), -1)


def _ran(cell: Cell) -> bool:
    """Whether the cell was run and found the name."""
    if cell.execution_count is None:
        return False
    return not any(output.kind == "error" for output in cell.outputs)
