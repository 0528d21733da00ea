"""Run the rules over a notebook. What a cell's content alone decides is kept until the cell changes."""

from __future__ import annotations

import hashlib
import os
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from handoff_ext.cells.model import Cell, Notebook, Output
from handoff_ext.checks.facts.cell import CellFacts
from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.facts.unchanged import keep_statements
from handoff_ext.checks.ignores import LineIgnore, cell_ignores, ignored_by, line_ignores
from handoff_ext.checks.registry import all_rules
from handoff_ext.checks.rule import TOP, Hit, Rule, Spot
from handoff_ext.checks.settings import Settings, names_rule, settings_for
from handoff_ext.contracts.finding import CheckReport, Finding, Ignored

if TYPE_CHECKING:
    from handoff_ext.checks.learning.events import Story
    from handoff_ext.checks.learning.retelling import Teller

Outputs = tuple[Output, ...]
_Key = tuple[str, str, bool]
_SHARED_CHARACTERS = 200_000
_LONGEST_SHARED = 5_000
_MOST_SEEN = 100_000
_MOST_TOLD = 4


@dataclass(frozen=True, slots=True)
class Located:
    """A hit with its rule, its cell (-1: the notebook) and the finding it became."""

    rule: Rule
    cell: int
    hit: Hit
    finding: Finding


class _Kept(NamedTuple):
    facts: CellFacts
    hits: tuple[tuple[Rule, Hit], ...]


class _Shared:
    """Cells that came up in any notebook, the latest ones: courses and templates repeat them again and again.

    A cell is kept when it comes up for the second time: most never do, and syntax trees that lie around in memory make
    every new one dearer.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()
        self._characters = 0
        self._seen: set[int] = set()

    def get(self, key: _Key) -> _Kept | None:
        """What was found in such a cell."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def add(self, key: _Key, each: _Kept) -> None:
        """Keep a cell that came up before, and let the one that came up least recently go."""
        if len(key[1]) > _LONGEST_SHARED:
            return
        mark = hash(key)
        if mark not in self._seen:
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            self._seen.add(mark)
            return
        self._kept[key] = each
        self._characters += len(key[1])
        while self._characters > _SHARED_CHARACTERS:
            oldest, _ = self._kept.popitem(last=False)
            self._characters -= len(oldest[1])


class Checker:
    """Checks notebooks again and again: only cells whose content is new are looked at anew.

    ``keep``: of how many notebooks the cells are remembered. One object per stream of requests; not for use by two
    threads at once.
    """

    def __init__(self, rules: Iterable[Rule] | None = None, keep: int = 100) -> None:
        self._keep = keep
        self.rules = tuple(all_rules() if rules is None else rules)
        self._cell_rules = tuple((rule, rule.cell) for rule in self.rules if rule.cell is not None)
        self._output_rules = tuple((rule, rule.output) for rule in self.rules if rule.output is not None)
        self._cells: dict[str, dict[_Key, _Kept]] = {}
        self._shared = _Shared()
        self._outputs: dict[str, dict[Outputs, tuple[tuple[Rule, Hit], ...]]] = {}
        self._tellers: dict[str, Teller] = {}
        self._latest: NotebookFacts | None = None

    def check(
        self, notebook: Notebook, plan: Mapping[str, Any] | None = None, settings: Settings | None = None
    ) -> CheckReport:
        """All findings of a notebook, those that are ignored apart. ``plan``: read beside the notebook where not
        given."""
        located, _, settings = self.locate(notebook, plan, settings)
        return _sorted_out(notebook, located, settings, self.rules)

    def locate(
        self, notebook: Notebook, plan: Mapping[str, Any] | None = None, settings: Settings | None = None
    ) -> tuple[list[Located], NotebookFacts, Settings]:
        """The same findings with what made them, for fixes. Nothing is ignored yet."""
        path = Path(notebook.path)
        settings = settings_for(path) if settings is None else settings
        rules = [
            rule for rule in self.rules if not settings.select or names_rule(settings.select, rule.code, rule.name)
        ]
        folder = _folder(path, settings)
        chosen = {rule.code for rule in rules}
        kept = self._facts(notebook)
        cells = tuple(each.facts for each in kept)
        facts = NotebookFacts(notebook, cells, _plan(plan, folder, path), folder, self._tell(notebook.path))
        hits: list[tuple[Rule, int, Hit]] = []
        for cell, each in zip(notebook.cells, kept, strict=True):
            own = (*each.hits, *self._output_hits(notebook.path, cell))
            hits += [(rule, cell.index, hit) for rule, hit in own if rule.code in chosen]
        for rule in rules:
            if rule.notebook is not None:
                hits += [(rule, -1 if hit.cell is None else hit.cell, hit) for hit in rule.notebook(facts)]
        self._forget(notebook, kept)
        self._latest = facts if self._keep else None
        return _located(notebook, hits), facts, settings

    def _tell(self, path: str) -> Callable[[NotebookFacts], Story] | None:
        """What tells the story of a notebook that was told before: of the latest ones."""
        if not self._keep:
            return None
        from handoff_ext.checks.learning.retelling import Teller

        teller = self._tellers.pop(path, None) or Teller()
        self._tellers[path] = teller
        while len(self._tellers) > _MOST_TOLD:
            del self._tellers[next(iter(self._tellers))]
        return teller.story_of

    def trains_model(self, notebook: Notebook) -> bool:
        """Whether there is a model to hand over: quickly for the notebook that was checked last."""
        if self._latest is None or self._latest.notebook is not notebook:
            return NotebookFacts(notebook, tuple(each.facts for each in self._facts(notebook)), None, None).trains
        return self._latest.trains

    def _facts(self, notebook: Notebook) -> list[_Kept]:
        known = self._cells.setdefault(notebook.path, {})
        python = notebook.language == "python"
        before = self._before(notebook.path)
        found = []
        for cell in notebook.cells:
            key = (cell.kind, cell.source, python)
            each = known.get(key) or self._shared.get(key)
            if each is None:
                facts = CellFacts(cell.kind, cell.source, python)
                if cell.id in before:
                    keep_statements(facts, before[cell.id])
                each = _Kept(facts, tuple([(rule, hit) for rule, check in self._cell_rules for hit in check(facts)]))
                self._shared.add(key, each)
            known[key] = each
            found.append(each)
        return found

    def _before(self, path: str) -> dict[str, CellFacts]:
        """The facts of the notebook's cells as they were checked last, by id."""
        latest = self._latest
        if latest is None or latest.notebook.path != path:
            return {}
        return {cell.id: facts for cell, facts in zip(latest.notebook.cells, latest.facts, strict=True)}

    def _output_hits(self, path: str, cell: Cell) -> tuple[tuple[Rule, Hit], ...]:
        if not cell.outputs:
            return ()
        if not self._keep:
            return tuple([(rule, hit) for rule, check in self._output_rules for hit in check(cell.outputs)])
        known = self._outputs.setdefault(path, {})
        if cell.outputs not in known:
            known[cell.outputs] = tuple(
                (rule, hit) for rule, check in self._output_rules for hit in check(cell.outputs)
            )
        return known[cell.outputs]

    def _forget(self, notebook: Notebook, kept: list[_Kept]) -> None:
        """Keep what the notebook holds now, and nothing older."""
        if not self._keep:
            self._cells.clear()
            self._outputs.clear()
            return
        python = notebook.language == "python"
        self._cells[notebook.path] = {
            (cell.kind, cell.source, python): each for cell, each in zip(notebook.cells, kept, strict=True)
        }
        outputs = self._outputs.get(notebook.path, {})
        self._outputs[notebook.path] = {
            cell.outputs: outputs[cell.outputs] for cell in notebook.cells if cell.outputs in outputs
        }
        for store in (self._cells, self._outputs):
            while len(store) > self._keep:
                del store[next(iter(store))]


def check_notebook(
    notebook: Notebook, plan: Mapping[str, Any] | None = None, settings: Settings | None = None
) -> CheckReport:
    """Check one notebook. The plan and the settings are read beside it where they are not given."""
    return Checker().check(notebook, plan, settings)


def _folder(path: Path, settings: Settings) -> Path | None:
    folder = (Path(settings.base) / path).parent if settings.base else path.parent
    whole = Path(os.path.abspath(folder))  # noqa: PTH100 - of `a/..`, whose parent is not `a`
    return whole if whole.is_dir() else None


def _plan(plan: Mapping[str, Any] | None, folder: Path | None, path: Path) -> Mapping[str, Any] | None:
    if plan is not None or folder is None:
        return plan
    from handoff_ext.checks.plan_file import read_plan_file

    return read_plan_file(folder / f"{path.stem}.handoff.yaml")


def _located(notebook: Notebook, hits: list[tuple[Rule, int, Hit]]) -> list[Located]:
    seen: Counter[tuple[str, str, str, str]] = Counter()
    found = []
    for rule, index, hit in sorted(hits, key=_order):
        cell = notebook.cells[index] if index >= 0 else None
        name = (rule.code, cell.id if cell else "", hit.spot.where, hit.anchor)
        seen[name] += 1
        key = hashlib.sha256("\0".join((*name, str(seen[name]))).encode("utf-8", "replace")).hexdigest()[:16]
        found.append(Located(rule, index, hit, _finding(notebook, rule, cell, hit, key)))
    return found


def _order(each: tuple[Rule, int, Hit]) -> tuple[int, int, int, str]:
    rule, index, hit = each
    return index, hit.spot.line, hit.spot.column, rule.code


def _finding(notebook: Notebook, rule: Rule, cell: Cell | None, hit: Hit, key: str) -> Finding:
    return Finding(
        rule=rule.code,
        name=rule.name,
        severity=hit.severity or rule.severity,
        confidence=hit.confidence,
        path=notebook.path,
        cell_index=cell.index if cell else -1,
        cell_id=cell.id if cell else "",
        where=hit.spot.where,
        line=hit.spot.line,
        column=hit.spot.column,
        end_line=hit.spot.end_line,
        end_column=hit.spot.end_column,
        message=hit.message,
        why=rule.why,
        fixable=hit.fixable and rule.fix is not None,
        safe=hit.safe and hit.fixable and rule.fix is not None,
        key=key,
    )


def _sorted_out(notebook: Notebook, located: list[Located], settings: Settings, rules: tuple[Rule, ...]) -> CheckReport:
    lines = {cell.index: line_ignores(cell.source) for cell in notebook.cells}
    by_cell = {cell.index: cell_ignores(cell) for cell in notebook.cells}
    findings: list[Finding] = []
    ignored: list[Ignored] = []
    used: dict[int, set[str]] = {}
    for each in located:
        reason = ignored_by(each.finding, lines.get(each.cell, []), by_cell.get(each.cell, {}), settings.ignore)
        if reason is None:
            findings.append(each.finding)
        else:
            scope, word, why = reason
            used.setdefault(each.cell, set()).add(word)
            ignored.append(Ignored(finding=each.finding, reason=why, scope=scope))
    if not settings.select:
        findings += _ignore_findings(notebook, lines, by_cell, used, rules)
    findings.sort(key=lambda each: (each.cell_index, each.line, each.column, each.rule))
    return CheckReport(findings=tuple(findings), ignored=tuple(ignored), checked=1)


def _ignore_findings(
    notebook: Notebook,
    lines: dict[int, list[LineIgnore]],
    by_cell: dict[int, dict[str, str]],
    used: dict[int, set[str]],
    rules: tuple[Rule, ...],
) -> list[Finding]:
    if not any(lines.values()) and not any(by_cell.values()):
        return []
    from handoff_ext.checks.rules.ignore import REASON, UNUSED

    known = {word for rule in rules for word in (rule.code, rule.name, rule.family)}
    hits: list[tuple[Rule, int, Hit]] = []
    for index, each in ((index, each) for index, found in lines.items() for each in found):
        spot = Spot(each.line, each.column, each.line, each.end_column)
        unused = [word for word in each.rules if word not in each.used]
        hits += [(UNUSED.RULE, index, UNUSED.hit(spot, word, word in known)) for word in unused]
        if not each.rules:
            hits.append((UNUSED.RULE, index, UNUSED.hit(spot, "", True)))
        elif not each.reason:
            hits.append((REASON.RULE, index, REASON.hit(spot, ", ".join(each.rules))))
    for index, words in by_cell.items():
        unused = [word for word in words if word not in used.get(index, set())]
        hits += [(UNUSED.RULE, index, UNUSED.hit(TOP, word, word in known)) for word in unused]
        hits += [(REASON.RULE, index, REASON.hit(TOP, word)) for word, why in words.items() if not why.strip()]
    return [each.finding for each in _located(notebook, hits)]
