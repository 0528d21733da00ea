"""The data flow of a notebook that runs from top to bottom: which cells give what each cell needs."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from handoff_ext.cells.model import Cell, Notebook
from handoff_ext.cells.python import ParsedCell
from handoff_ext.dataflow.cell import source_flow
from handoff_ext.dataflow.effects import Known, may_change, shares
from handoff_ext.dataflow.known import FITTING, KERNEL_NAMES, KNOWN_MODULES, STATEFUL_CLASSES
from handoff_ext.dataflow.model import CellFlow, Definition, Function, Mutation, Source
from handoff_ext.dataflow.resources import Resources, seeds, steady_names
from handoff_ext.dataflow.ties import Tie, Ties, reached, tie_of

BUILTINS = frozenset(dir(builtins)) | KERNEL_NAMES
"""Names that are there in a kernel before the first cell."""

_AT = re.compile(r"@([^\W\d]\w*)")
_IN_FORMULA = re.compile(r"(?<![\w.])([^\W\d]\w*)(?=\s*[.(])")


@dataclass(frozen=True, slots=True)
class Step:
    """One code cell, with the whole notebook in view.

    ``needs``: names, and resources in angle brackets, that it reads or changes and that cells before must give.
    ``binds``: names it certainly binds anew. ``changes``: names whose objects it may change in place. ``writes``: all
    names whose value may be another after it. ``mentions``: names it reads or changes, its own too. ``barrier``: it may
    do anything to any name. ``runs``: the notebook's functions and classes that may run in it. ``unkeyed``: those of
    ``changes`` that are more than one entry bound anew.
    """

    cell: Cell
    parsed: ParsedCell
    flow: CellFlow
    known: Known
    needs: frozenset[str] = frozenset()
    binds: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    changes: frozenset[str] = frozenset()
    unkeyed: frozenset[str] = frozenset()
    mentions: frozenset[str] = frozenset()
    runs: frozenset[str] = frozenset()
    barrier: bool = False


@dataclass(frozen=True, slots=True)
class NotebookFlow:
    """Cells are named by their index in the notebook.

    ``producers[(index, name)]``: the cells, in order, that may have given ``name`` the value that the cell at ``index``
    finds: the last one that certainly bound it and all that may have changed it since. ``ties[index]``: what objects
    have in common after that cell. ``stars``: cells that bind names nobody can list.
    """

    notebook: Notebook
    steps: Mapping[int, Step]
    producers: Mapping[tuple[int, str], tuple[int, ...]]
    ties: Mapping[int, Mapping[str, Mapping[str, Tie]]]
    stars: tuple[int, ...] = ()

    def missing(self, index: int) -> tuple[str, ...]:
        """Names that the cell reads and that no cell before it gives on a fresh run from top to bottom.

        A name that the cell may bind itself further up, as in a loop, is not among them.
        """
        flow = self.steps[index].flow
        return tuple(
            name
            for name, uses in flow.uses.items()
            if any(not use.deferred and not use.guarded and not flow.may_bind(name, use.position) for use in uses)
            and name not in BUILTINS
            and not self.producers.get((index, name))
        )

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
        self.cells = [(cell, *source_flow(cell.source)) for cell in notebook.code]
        self.notebook = notebook
        self.imports: dict[str, str] = {}
        self.functions: dict[str, Function] = {}
        self.containers: set[str] = set()
        self.plain: set[str] = set()
        self.made: dict[str, str] = {}
        self.inert: set[str] = set()
        self.steady: set[str] = set()
        self.seeded: frozenset[str] = frozenset()
        self.ties = Ties()
        self.last: dict[str, tuple[int, ...]] = {}
        self.stars: list[int] = []

    def run(self) -> NotebookFlow:
        steps: dict[int, Step] = {}
        producers: dict[tuple[int, str], tuple[int, ...]] = {}
        ties: dict[int, dict[str, dict[str, Tie]]] = {}
        self._look_for_seeds()
        for cell, parsed, flow in self.cells:
            known = self._known(flow)
            before = self.ties
            self.ties = self._tied(flow, known)
            step = self._step(cell, parsed, flow, known)
            steps[cell.index] = step
            for name in step.needs:
                found = self.last.get(name, ())
                if not found and name not in BUILTINS and not name.startswith("<"):
                    found = tuple(self.stars)
                if found:
                    producers[(cell.index, name)] = found
            self._after(step, before)
            ties[cell.index] = {name: dict(self.ties.of(name)) for name in self.ties.names()}
        return NotebookFlow(self.notebook, steps, producers, ties, tuple(self.stars))

    def _look_for_seeds(self) -> None:
        imports = {name: each.path for _, _, flow in self.cells for name, each in flow.imports.items()}
        calls = [call for _, _, flow in self.cells for call in flow.calls]
        self.seeded = seeds(calls, Known(imports, {}))

    def _known(self, flow: CellFlow) -> Known:
        every = self._every_known(flow)
        named = {each.source.name for each in flow.mutations} | {call.callee.partition(".")[0] for call in flow.calls}
        custom = {name for name in named & set(self.made) if self._is_custom(name, every)}
        custom |= {name for name, each in flow.definitions.items() if _custom_made(each.made, every)}
        return replace(every, custom=frozenset(custom))

    def _is_custom(self, name: str, known: Known) -> bool:
        if _custom_made(self.made[name], known):
            return True
        return any(known.makes_objects(other) for other in self.ties.of(name))

    def _every_known(self, flow: CellFlow) -> Known:
        kept = {name: path for name, path in self.imports.items() if name not in flow.definitions}
        functions = {name: each for name, each in self.functions.items() if name not in flow.definitions}
        return Known(kept | {name: each.path for name, each in flow.imports.items()}, functions | dict(flow.functions))

    def _tied(self, flow: CellFlow, known: Known) -> Ties:
        """The ties while the cell runs: those from before and its own."""
        edges = [
            (each.target, each.source.name, tie_of(each.source, each.source.name in self.containers))
            for each in flow.aliases
            if each.target not in known.imports
            and not {each.target, each.source.name} & self.plain
            and shares(each.source, known)
            and not self._drawn(each.source, flow, known)
        ]
        if not edges:
            return self.ties
        ties = self.ties.copy()
        for _ in range(min(2, len(edges))):  # an alias may stand before the one it builds on
            for target, source, tie in edges:
                # two things that were told the same column names have nothing else in common
                ties.add(target, source, tie, alone=source in self.inert and source not in flow.definitions)
        return ties

    def _step(self, cell: Cell, parsed: ParsedCell, flow: CellFlow, known: Known) -> Step:
        named = {name for name, uses in flow.uses.items() if any(not use.deferred for use in uses)}
        named |= {each.source.name for each in flow.mutations if not each.deferred}
        named |= {call.callee.partition(".")[0] for call in flow.calls if not call.deferred} & set(known.functions)
        runs = self._runs(named, known)
        mentions = set(named)
        changed: dict[str, bool] = {}
        by_more: set[str] = set()
        written: set[str] = set()
        todo = [each for each in flow.mutations if not each.deferred]
        for name in runs:
            function = known.functions[name]
            mentions |= function.reads
            written |= function.writes
            todo += function.mutations
        mentions |= _queried(flow)
        for name in self._touched(named, flow, runs, known):
            changed[name] = False
            by_more.add(name)
        for each in todo:
            name = each.source.name
            if may_change(each, known) and (name not in known.functions or _of_definition(each, known)):
                changed[name] = changed.get(name, True) and each.keyed
                if each.callee.rpartition(".")[2] not in FITTING:
                    by_more.add(name)
        for name, keyed in list(changed.items()):
            for other in reached(name, keyed, self.ties):
                if other in self.inert and name not in by_more:
                    continue  # fitting changes models, not the column names they were told
                changed[other] = changed.get(other, True) and keyed and self.ties.of(name)[other].kind == "same"
        barrier = any("import *" not in each.reason for each in flow.uncertain)
        if barrier:
            everything = {
                name for name in self.last if not name.startswith("<") and self._reachable(name, cell, parsed)
            }
            mentions |= everything
            changed |= dict.fromkeys(everything, False)
        things = Resources(known, self.seeded, self.steady, self.last).collect(flow, parsed.magics)
        changes = {name for name in changed if name not in known.imports}
        own = (set(flow.definitions) & flow.bound) - _used_before(flow)
        maybe = {name for name, each in flow.definitions.items() if name not in flow.bound}
        return Step(
            cell,
            parsed,
            flow,
            known,
            needs=frozenset(((mentions | changes | written) - own) | (maybe & set(self.last)) | things.needs),
            binds=frozenset((flow.bound & set(flow.definitions)) | things.sets),
            writes=frozenset({*flow.definitions, *changes, *written, *flow.deletes, *things.changes, *things.sets}),
            changes=frozenset(changes | things.changes),
            unkeyed=frozenset(name for name in changes if not changed[name]),
            # what a branch may bind anew has to be there for the case that it does not
            mentions=frozenset(mentions | things.needs | (maybe & set(self.last))),
            runs=frozenset(runs),
            barrier=barrier,
        )

    def _drawn(self, source: Source, flow: CellFlow, known: Known) -> bool:
        """Whether a value is what a generator of random numbers gave: it shares nothing with the generator."""
        own = flow.definitions.get(source.name)
        made = own.made if own else self.made.get(source.name, "")
        drawn = bool(source.path) and source.path[0].kind == "method" and source.path[0].argument is None
        path = known.path(made.removesuffix("()"))
        return drawn and path in STATEFUL_CLASSES and path.startswith(("random.", "numpy.random."))

    def _touched(self, named: set[str], flow: CellFlow, runs: set[str], known: Known) -> set[str]:
        """Names whose objects may be changed by being called or looked at: bound methods, functions that remember,
        instances of classes whose properties or special methods change them."""
        called = {call.callee for call in flow.calls if not call.deferred}
        called |= {callee for name in runs for callee in known.functions[name].calls}
        bound = {name for name in (*self.last, *flow.definitions) if name not in self.plain}
        found = (called & bound) - set(known.functions) - set(known.imports)
        for name in named & set(self.made):
            classes = {self.made[name].removesuffix("()"), *self.ties.of(name)} & set(known.functions)
            if any(known.functions[each].touchy for each in classes):
                found.add(name)
        return found

    def _reachable(self, name: str, cell: Cell, parsed: ParsedCell) -> bool:
        """Whether text that a cell runs may get at a name: at a plain value only by its name."""
        if name not in self.plain:
            return True
        return name in cell.source and not any(f"{{{name}}}" in magic.text for magic in parsed.magics)

    def _runs(self, named: set[str], known: Known) -> set[str]:
        """The notebook's functions and classes that may run when these names are mentioned."""
        found: set[str] = set()
        todo = [name for each in named for name in (each, *self.ties.of(each)) if name in known.functions]
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                # what decorates a function runs with it
                reads = known.functions[name].reads | known.functions[name].at_definition
                todo += [other for each in reads for other in (each, *self.ties.of(each)) if other in known.functions]
        return found

    def _after(self, step: Step, before: Ties) -> None:
        flow, index = step.flow, step.cell.index
        renewed = [name for name in step.binds - _used_before(flow) if before.of(name)]
        if renewed:
            # names bound anew keep only the ties that the cell itself makes
            self.ties = before.copy()
            for name in renewed:
                self.ties.forget(name)
            self.ties = self._tied(flow, step.known)
        for name in step.writes:
            if name in step.binds or (name in flow.deletes and name not in flow.definitions):
                self.last[name] = (index,)
            else:
                self.last[name] = (*self.last.get(name, ()), index)
        for name in flow.deletes:
            if name not in step.binds:
                self.last.pop(name, None)
        for name, definition in flow.definitions.items():
            if name not in flow.imports:
                self.imports.pop(name, None)
            if name not in flow.functions:
                self.functions.pop(name, None)
            (self.containers.add if definition.made == "container" else self.containers.discard)(name)
            self.made[name] = definition.made if definition.certain else self.made.get(name, "") or definition.made
            (self.plain.add if definition.made == "plain" and definition.certain else self.plain.discard)(name)
            (self.inert.add if self._is_inert(definition, flow) else self.inert.discard)(name)
            self.steady.discard(name)
        self.imports |= {name: each.path for name, each in flow.imports.items()}
        self.functions |= flow.functions
        self.steady |= steady_names(flow, step.known)
        if flow.uncertain:
            self.stars.append(index)

    def _is_inert(self, definition: Definition, flow: CellFlow) -> bool:
        """Whether a value is plain, or a container of nothing but such values."""
        if definition.made not in ("plain", "container"):
            return False
        sources = {each.source.name for each in flow.aliases if each.target == definition.name}
        return sources <= self.inert | self.plain


def _custom_made(made: str, known: Known) -> bool:
    """Whether a call makes an object whose methods are not to be judged by their names."""
    if not made.endswith("()"):
        return False
    callee = made.removesuffix("()")
    path = known.path(callee)
    if path:
        return path in STATEFUL_CLASSES or path.partition(".")[0] not in KNOWN_MODULES
    return known.makes_objects(callee)


def _used_before(flow: CellFlow) -> set[str]:
    """Names whose earlier value the cell reads, though it binds them too."""
    return {name for name, uses in flow.uses.items() if any(not use.deferred for use in uses)}


def _of_definition(mutation: Mutation, known: Known) -> bool:
    """Whether it is a function or class itself that is changed: an attribute of it, or what one holds."""
    if mutation.how in ("store", "delete"):
        return True
    path, function = mutation.source.path, known.functions[mutation.source.name]
    if not path and mutation.callee.rpartition(".")[2] in function.of_class:
        return True
    return bool(path) and path[0].kind == "attribute" and function.kind == "class"


def _queried(flow: CellFlow) -> set[str]:
    """Variables that stand as ``@name`` in what tables are asked; modules and functions in a model's formula
    (``"y ~ np.log(x)"``)."""
    asked = (call for call in flow.calls if call.callee.rpartition(".")[2] in ("query", "eval"))
    formulas = (text for call in flow.calls for text in call.literals if "~" in text)
    found = {name for call in asked for text in call.literals for name in _AT.findall(text)}
    return found | {name for text in formulas for name in _IN_FORMULA.findall(text)}
