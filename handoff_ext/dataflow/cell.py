"""The data flow of one cell."""

from __future__ import annotations

import re
from functools import lru_cache

from handoff_ext.cells.magics import Magic
from handoff_ext.cells.python import ParsedCell, parse_cell
from handoff_ext.dataflow.model import CellFlow, Definition, Position, Uncertain, Use
from handoff_ext.dataflow.walk import Walker

_UNKNOWN = {
    "run": "%run binds the names of another file",
    "load": "%load replaces the cell",
    "pylab": "%pylab binds many names",
    "macro": "%macro runs earlier input",
    "rerun": "%rerun runs earlier input",
    "recall": "%recall runs earlier input",
    "reset": "%reset removes names",
    "reset_selective": "%reset_selective removes names",
    "xdel": "%xdel removes a name",
}
_SHELL_NAME = re.compile(r"(?<!\$)\$\{?([A-Za-z_]\w*)|\{([A-Za-z_]\w*)")
_WITH_NAMES = frozenset({"cd", "env", "run", "set_env", "sql", "system", "sx"})


def cell_flow(parsed: ParsedCell) -> CellFlow:
    """What a cell defines, uses and may change. A cell that is not Python has an empty flow, save for its magics."""
    walker = Walker(parsed.code)
    for magic in parsed.magics:
        _magic(walker, magic)
    if parsed.tree is not None:
        try:
            walker.block(parsed.tree.body)
        except RecursionError:
            walker = Walker(parsed.code)
            walker.uncertain.append(Uncertain(1, "the cell is nested too deeply to be followed"))
    if not parsed.binds:
        walker.definitions, walker.bound, walker.functions, walker.imports = {}, set(), {}, {}
    uses = {
        name: tuple(use for use in found if not (use.deferred and name in walker.bound))
        for name, found in walker.uses.items()
    }
    return CellFlow(
        definitions=walker.definitions,
        bound=frozenset(walker.bound),
        uses={name: found for name, found in uses.items() if found},
        mutations=tuple(dict.fromkeys(walker.mutations)),
        aliases=tuple(dict.fromkeys(walker.aliases)),
        deletes=walker.deletes,
        imports=walker.imports,
        functions=walker.functions,
        calls=tuple(walker.calls),
        uncertain=tuple(walker.uncertain),
    )


@lru_cache(maxsize=4096)
def source_flow(source: str) -> tuple[ParsedCell, CellFlow]:
    """Parse and follow a code cell by its source: the same source is followed once."""
    parsed = parse_cell(source)
    return parsed, cell_flow(parsed)


def _magic(walker: Walker, magic: Magic) -> None:
    place = Position(magic.line, 1, magic.line, 1)
    if magic.kind in ("shell", "cell") or magic.name in _WITH_NAMES:
        for match in _SHELL_NAME.finditer(f"{magic.text}\n{magic.body}"):
            name = match[1] or match[2]
            # may as well be a variable of the shell: where the notebook has no such name, nothing is missing
            walker.uses.setdefault(name, []).append(Use(name, place, guarded=True))
    if magic.name in _UNKNOWN and magic.kind in ("line", "cell"):
        walker.uncertain.append(Uncertain(magic.line, _UNKNOWN[magic.name]))
    for name in magic.assigns:
        walker.definitions.setdefault(name, Definition(name, place, "magic"))
        if magic.kind == "cell":
            walker.bound.add(name)
