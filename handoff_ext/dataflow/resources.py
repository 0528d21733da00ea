"""What cells share besides names: generators of random numbers and files. They flow like names, in angle brackets.

A notebook that never seeds a generator computes something else each time anyway: only seeded generators are followed.
"""

from __future__ import annotations

from collections.abc import Iterable

from handoff_ext.cells.magics import Magic
from handoff_ext.dataflow.effects import Known
from handoff_ext.dataflow.known import (
    DRAWING_FUNCTIONS,
    DRAWING_METHODS,
    FRESH_METHODS,
    KEEPING_METHODS,
    KNOWN_MODULES,
    LOOKING_METHODS,
    NOT_DRAWING,
    QUIET_COMMANDS,
    READING_FUNCTIONS,
    READING_METHODS,
    SEEDS,
    STEADY_CLASSES,
    WRITING_FUNCTIONS,
    WRITING_METHODS,
)
from handoff_ext.dataflow.model import Call, CellFlow

FILES = "<files>"
FOLDERS = "<folders>"
ENVIRONMENT = "<environment variables>"
GENERATORS = {
    "<random numbers of numpy>": ("numpy.random.",),
    "<random numbers>": ("random.",),
    "<random numbers of torch>": ("torch.",),
    "<random numbers of tensorflow>": ("tensorflow.", "keras."),
}
"""Generators that a program has one of, and where the functions live that draw from them."""
_SCRIPTS = frozenset({"writefile", "file", "bash", "sh", "script", "!", "python", "python3", "perl", "save"})


def seeds(calls: Iterable[Call], known: Known) -> frozenset[str]:
    """The generators that these calls seed."""
    return frozenset(SEEDS[path] for call in calls if (path := known.path(call.callee)) in SEEDS)


def steady_names(flow: CellFlow, known: Known) -> frozenset[str]:
    """Names that a cell binds to objects that draw no random numbers, or from a generator of their own."""
    steady = {
        f"{call.callee}()"
        for call in flow.calls
        if {"random_state", "seed"} & call.keywords or known.path(call.callee).rpartition(".")[2] in STEADY_CLASSES
    }
    return frozenset(name for name, definition in flow.definitions.items() if definition.made in steady)


class Resources:
    """What a cell needs, changes, and ``sets`` without regard to what it was before."""

    def __init__(self, known: Known, seeded: frozenset[str], steady: Iterable[str], written: Iterable[str]) -> None:
        self.needs: set[str] = set()
        self.changes: set[str] = set()
        self.sets: set[str] = set()
        self._known = known
        self._seeded = seeded
        self._steady = frozenset(steady)
        self._written = {name for name in written if name.startswith("<file ")}

    def collect(self, flow: CellFlow, magics: Iterable[Magic]) -> Resources:
        """Go through the calls and magics of a cell."""
        for call in flow.calls:
            if not call.deferred:
                self._call(call.callee, call.keywords, call.literals)
        self._environment(flow)
        for magic in magics:
            if _writes_files(magic):
                self.changes.add(FILES)
        self.needs |= self.changes
        return self

    def _call(self, callee: str, keywords: frozenset[str] = frozenset(), literals: tuple[str, ...] = ()) -> None:
        function = self._known.functions.get(callee)
        if function:
            self._inside(function.calls)
            return
        path = self._known.path(callee)
        if path in SEEDS:
            if SEEDS[path] in self._seeded:
                self.sets.add(SEEDS[path])
            return
        if self._seeded and not {"random_state", "seed"} & keywords:
            self.changes |= self._drawn(callee, path)
        self._files(callee, path, literals)

    def _environment(self, flow: CellFlow) -> None:
        """Reading and setting ``os.environ``."""
        for each in flow.mutations:
            path = ".".join([self._known.imports.get(each.source.name, ""), *(step.name for step in each.source.path)])
            if path.startswith("os.environ"):
                self.needs.add(ENVIRONMENT)
                if each.how in ("store", "delete") or each.callee.endswith((".update", ".pop", ".setdefault")):
                    self.changes.add(ENVIRONMENT)
        if any(self._known.path(call.callee).startswith(("os.environ", "os.getenv")) for call in flow.calls):
            self.needs.add(ENVIRONMENT)

    def _inside(self, callees: Iterable[str]) -> None:
        """The calls in a function's body, and in those of the functions it calls."""
        todo, done = list(callees), set()
        while todo:
            callee = todo.pop()
            if callee not in done:
                done.add(callee)
                function = self._known.functions.get(callee)
                if function:
                    todo += function.calls
                else:
                    self._call(callee)

    def _drawn(self, callee: str, path: str) -> set[str]:
        method = callee.rpartition(".")[2]
        if path:
            for generator, homes in GENERATORS.items():
                if path.startswith(homes):
                    return {generator} & self._seeded if method not in NOT_DRAWING else set()
            unknown = path.partition(".")[0] not in KNOWN_MODULES
            return set(self._seeded) if path in DRAWING_FUNCTIONS or unknown else set()
        if "." not in callee or callee.partition(".")[0] in self._steady:
            return set()
        quiet = (
            method in LOOKING_METHODS or method in FRESH_METHODS or method in KEEPING_METHODS or method in NOT_DRAWING
        )
        return set(self._seeded) if method in DRAWING_METHODS or not quiet else set()

    def _files(self, callee: str, path: str, literals: tuple[str, ...]) -> None:
        method = callee.rpartition(".")[2]
        named = next((f"<file {text}>" for text in literals if "." in text or "/" in text), "")
        reads = path in READING_FUNCTIONS or (not path and "." in callee and method in READING_METHODS)
        writes = path in WRITING_FUNCTIONS or (not path and "." in callee and method in WRITING_METHODS)
        if callee == "open":
            modes = [text for text in literals if text and set(text) <= set("wrxabt+U")]
            writes = any(set(text) & set("wax+") for text in modes)
            reads = not writes
        if any(text.startswith(("http:", "https:", "s3:", "gs:")) for text in literals):
            return
        if reads:
            self.needs |= {FILES, named} if named else {FILES, *self._written}
        if method in ("makedirs", "mkdir"):
            self.changes.add(FOLDERS)
        elif writes:
            self.needs.add(FOLDERS)
            (self.sets if named else self.changes).add(named or FILES)


def _writes_files(magic: Magic) -> bool:
    if magic.kind == "cell":
        return magic.name in _SCRIPTS
    command = magic.text.split(maxsplit=1)[0] if magic.text.strip() else ""
    if magic.kind == "shell":
        return command not in QUIET_COMMANDS or ">" in magic.text
    return magic.kind == "line" and magic.name in ("cd", "cp", "mv", "rm", "mkdir", "save", "system", "sx")
