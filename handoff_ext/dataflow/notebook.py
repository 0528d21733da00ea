"""The data flow of a notebook that runs from top to bottom: which cells give what each cell needs."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from handoff_ext.cells.model import Cell, Notebook
from handoff_ext.cells.python import ParsedCell
from handoff_ext.dataflow.cell import source_flow
from handoff_ext.dataflow.effects import Known, keeps, may_change
from handoff_ext.dataflow.model import CellFlow, Function, Import

BUILTINS = frozenset(dir(builtins)) | {
    "get_ipython", "display", "In", "Out", "exit", "quit", "_", "__", "___", "_i", "_ii", "_iii", "_ih", "_oh", "_dh",
    "__name__", "__doc__", "__file__", "__builtins__", "__loader__", "__spec__", "__package__",
}  # fmt: skip
"""Names that are there in a kernel before the first cell."""


@dataclass(frozen=True, slots=True)
class Step:
    """One code cell in the flow, everything with the whole notebook in view.

    ``needs``: names that it reads or changes and that cells before must give. ``binds``: names it certainly binds anew.
    ``writes``: all names whose value may be another after it. ``mentions``: names it reads or changes, its own too.
    """

    cell: Cell
    parsed: ParsedCell
    flow: CellFlow
    known: Known
    needs: frozenset[str] = frozenset()
    binds: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    mentions: frozenset[str] = frozenset()
    barrier: bool = False


@dataclass(frozen=True, slots=True)
class NotebookFlow:
    """Cells are named by their index in the notebook.

    ``producers[(index, name)]``: the cells, in order, that may have given ``name`` the value that the cell at ``index``
    finds: the last one that certainly bound it and all that may have changed it since. ``shares[index]``: for each
    name, the names whose objects may have something in common with its object after that cell.
    """

    notebook: Notebook
    steps: Mapping[int, Step]
    producers: Mapping[tuple[int, str], tuple[int, ...]]
    shares: Mapping[int, Mapping[str, frozenset[str]]]
    star: tuple[int, ...] = ()
    functions: Mapping[str, tuple[tuple[int, Function], ...]] = field(default_factory=dict)
    imports: Mapping[str, tuple[tuple[int, Import], ...]] = field(default_factory=dict)

    def missing(self, index: int) -> tuple[str, ...]:
        """Names that the cell reads and that no cell before it gives on a fresh run from top to bottom."""
        step = self.steps[index]
        sure = [
            name
            for name, uses in step.flow.uses.items()
            if any(not use.deferred and not use.guarded for use in uses)
            and name not in BUILTINS
            and not self.producers.get((index, name))
        ]
        return tuple(sure)

    def backward_slice(self, indices: Iterable[int]) -> frozenset[int]:
        """These cells and all that they need, directly or through others."""
        return frozenset(self.reasons(indices))

    def reasons(self, indices: Iterable[int]) -> dict[int, tuple[str, int] | None]:
        """The slice; for each cell in it that was not asked for: the name it is needed for, the cell that needs it."""
        found: dict[int, tuple[str, int] | None] = {index: None for index in indices if index in self.steps}
        todo = sorted(found, reverse=True)
        while todo:
            index = todo.pop()
            for name in sorted(self.steps[index].needs):
                for producer in self.producers.get((index, name), ()):
                    if producer not in found:
                        found[producer] = (name, index)
                        todo.append(producer)
        return dict(sorted(found.items()))


def notebook_flow(notebook: Notebook) -> NotebookFlow:
    """Follow the notebook's code cells in order, as a fresh kernel would run them."""
    return _Pass(notebook).run()


class _Pass:
    """One pass over the cells with what is known so far."""

    def __init__(self, notebook: Notebook) -> None:
        self.notebook = notebook
        self.imports: dict[str, str] = {}
        self.functions: dict[str, Function] = {}
        self.shares: dict[str, set[str]] = {}
        self.last: dict[str, tuple[int, ...]] = {}
        self.star: list[int] = []
        self.barriers: list[int] = []

    def run(self) -> NotebookFlow:
        steps: dict[int, Step] = {}
        producers: dict[tuple[int, str], tuple[int, ...]] = {}
        shares: dict[int, dict[str, frozenset[str]]] = {}
        functions: dict[str, list[tuple[int, Function]]] = {}
        imports: dict[str, list[tuple[int, Import]]] = {}
        for cell in self.notebook.code:
            parsed, flow = source_flow(cell.source)
            step = self._step(cell, parsed, flow)
            steps[cell.index] = step
            for name in step.needs:
                found = self.last.get(name, ())
                if not found and name not in BUILTINS:
                    found = tuple(self.star)
                if found:
                    producers[(cell.index, name)] = found
            self._after(step)
            shares[cell.index] = {name: frozenset(others) for name, others in self.shares.items() if others}
            for name, function in flow.functions.items():
                functions.setdefault(name, []).append((cell.index, function))
            for name, each in flow.imports.items():
                imports.setdefault(name, []).append((cell.index, each))
        return NotebookFlow(
            self.notebook,
            steps,
            producers,
            shares,
            tuple(self.star),
            {name: tuple(every) for name, every in functions.items()},
            {name: tuple(every) for name, every in imports.items()},
        )

    def _step(self, cell: Cell, parsed: ParsedCell, flow: CellFlow) -> Step:
        known = Known(
            {name: path for name, path in self.imports.items() if name not in flow.definitions or name in flow.imports}
            | {name: each.path for name, each in flow.imports.items()},
            {name: each for name, each in self.functions.items() if name not in flow.definitions}
            | dict(flow.functions),
        )
        shares = self._shares_with(flow, known)
        named = {name for name, uses in flow.uses.items() if any(not use.deferred for use in uses)}
        named |= {each.source.name for each in flow.mutations if not each.deferred}
        named |= {call.callee.partition(".")[0] for call in flow.calls if not call.deferred} & set(known.functions)
        reached = _functions_behind(named, shares, known)
        mentions = named | reached
        for name in reached:
            mentions |= known.functions[name].reads
        changed = {each.source.name for each in flow.mutations if not each.deferred and may_change(each, known)}
        written: set[str] = set()
        for name in reached:
            function = known.functions[name]
            written |= function.writes
            changed |= {each.source.name for each in function.mutations if may_change(each, known)}
        barrier = any("import *" not in each.reason for each in flow.uncertain)
        if barrier:
            mentions |= set(self.last)
            changed |= set(self.last)
        changed |= {other for name in changed for other in shares.get(name, ())}
        changed -= set(known.imports)
        own = set(flow.definitions) - _used_before(flow)
        needs = (mentions | changed) - (own & flow.bound)
        uncertain = {name for name, each in flow.definitions.items() if name not in flow.bound or not each.certain}
        needs |= uncertain & set(self.last) & changed
        return Step(
            cell,
            parsed,
            flow,
            known,
            needs=frozenset(needs),
            binds=frozenset(flow.bound & set(flow.definitions)),
            writes=frozenset(set(flow.definitions) | changed | written | set(flow.deletes)),
            changes=frozenset(changed),
            mentions=frozenset(mentions),
            barrier=barrier,
        )

    def _shares_with(self, flow: CellFlow, known: Known) -> dict[str, set[str]]:
        shares = {name: set(others) for name, others in self.shares.items()}
        edges = [(each.target, each.source.name) for each in flow.aliases if keeps(each, known)]
        for _ in range(2):  # an alias may stand before the one it builds on
            for target, source in edges:
                if target == source or target in known.imports:
                    continue
                group = {target, source} | shares.get(target, set()) | shares.get(source, set())
                for name in group:
                    shares.setdefault(name, set()).update(group - {name})
        return shares

    def _after(self, step: Step) -> None:
        flow, index = step.flow, step.cell.index
        for name in step.binds - _used_before(flow):
            for other in self.shares.pop(name, set()):
                self.shares.get(other, set()).discard(name)
        self.shares = self._shares_with(flow, step.known)
        for name in step.writes:
            if name in step.binds or (name in flow.deletes and name not in flow.definitions):
                self.last[name] = (index,)
            else:
                self.last[name] = (*self.last.get(name, ()), index)
        for name in flow.deletes:
            if name not in step.binds:
                self.last.pop(name, None)
        for name in flow.definitions:
            if name not in flow.imports:
                self.imports.pop(name, None)
            if name not in flow.functions:
                self.functions.pop(name, None)
        self.imports |= {name: each.path for name, each in flow.imports.items()}
        self.functions |= flow.functions
        if any("import *" in each.reason for each in flow.uncertain):
            self.star.append(index)
        if step.barrier:
            self.star.append(index)


def _used_before(flow: CellFlow) -> set[str]:
    """Names whose earlier value the cell reads, though it binds them too."""
    return {name for name, uses in flow.uses.items() if any(not use.deferred for use in uses)}


def _functions_behind(named: set[str], shares: Mapping[str, set[str]], known: Known) -> set[str]:
    """The notebook's functions and classes that may run when these names are mentioned."""
    found: set[str] = set()
    todo = {name for each in named for name in ({each} | shares.get(each, set())) if name in known.functions}
    while todo:
        name = todo.pop()
        found.add(name)
        for each in known.functions[name].reads:
            for other in {each} | shares.get(each, set()):
                if other in known.functions and other not in found:
                    todo.add(other)
    return found
