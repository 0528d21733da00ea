"""The notebook of one stage, as plain papermill runs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from handoff_ext.cells.model import Cell, Notebook
from handoff_ext.pipeline.cut import Cut, StageCut
from handoff_ext.pipeline.fitting import Fitting
from handoff_ext.pipeline.needs import unit_needs
from handoff_ext.pipeline.parameters import Draft
from handoff_ext.pipeline.places import said
from handoff_ext.pipeline.sources import cell_source, has_code, import_lines, needed_imports
from handoff_ext.pipeline.transport import by_value
from handoff_ext.pipeline.units import Unit

RUN_DIR = "run"
_OWN_TAGS = ("stage:", "parameters", "imports", "skip", "repeat")
_STATES = {
    "<random numbers of numpy>": ("numpy", "numpy.random.get_state()", "numpy.random.set_state({})"),
    "<random numbers>": ("random", "random.getstate()", "random.setstate({})"),
    "<random numbers of torch>": ("torch", "torch.get_rng_state()", "torch.set_rng_state({})"),
}
_BY_VALUE = """try:
    import cloudpickle as pickle  # plain pickle cannot write functions without a name
except ImportError:
    from joblib.externals import cloudpickle as pickle"""


@dataclass(frozen=True, slots=True)
class Book:
    """What all stage notebooks of a pipeline are made from; ``files`` names each stage's notebook; ``fitting`` is the
    cell that makes the rows to fit on, where that is known.
    """

    cut: Cut
    notebook: Notebook
    drafts: Mapping[str, Draft]
    files: Mapping[str, str]
    fitting: Fitting | None = None

    def writes(self, stage: StageCut) -> dict[str, tuple[str, ...]]:
        """The names a stage hands over, by the stage that takes them."""
        return {other.name: other.reads[stage.name] for other in self.cut.stages if stage.name in other.reads}

    def cells(self, stage: StageCut) -> list[dict[str, Any]]:
        """The cells of a stage's notebook."""
        early, late, between = _definitions(self.cut, stage)
        cells = [_markdown("handoff-about", self._about(stage)), self._parameters(stage)]
        cells += _code_cell("handoff-folder", self._folder(stage))
        cells += _code_cell("handoff-imports", self._imports(stage))
        start = _first_code(self.cut, stage)
        settings = [unit for unit in stage.copies if unit.kind == "setting" and unit.index < start]
        cells += _code_cell("handoff-settings", "\n".join(unit.source.strip("\n") for unit in settings))
        cells += _code_cell("handoff-definitions", _joined(early))
        cells += _code_cell("handoff-inputs", self._inputs(stage))
        cells += _code_cell("handoff-more-definitions", _joined(late))
        for cell in stage.cells:
            rows = self.fitting if self.fitting is not None and self.fitting.cell == cell else None
            source = cell_source(self.cut, cell, rows.line if rows else None)
            first = min(unit.index for unit in self.cut.units.of_cell(cell))
            for unit in [each for each in between if each.index < first]:
                between.remove(unit)
                cells += _code_cell(f"handoff-before-{unit.cell.id}"[:64], unit.source.strip("\n"))
            if has_code(source):
                original = self.cut.units.of_cell(cell)[0].cell
                cells += [_prose(each) for each in prose_before(self.notebook, cell)]
                cells += _code_cell("handoff-rows", rows.source) if rows and not rows.after else []
                cells += _code_cell(original.id, source, _own_tags(original))
                cells += _code_cell("handoff-rows", rows.source) if rows and rows.after else []
        for other, names in self.writes(stage).items():
            cells += _code_cell(f"handoff-to-{other}", self._hand_over(stage, other, names))
        return cells

    def document(self, stage: StageCut) -> dict[str, Any]:
        """The stage's notebook as it is stored."""
        kernelspec = self.notebook.metadata.get("kernelspec")
        kept = kernelspec if isinstance(kernelspec, dict) else {}
        name = self.notebook.kernel or "python3"
        shown = kept.get("display_name")
        return {
            "cells": self.cells(stage),
            "metadata": {
                "kernelspec": {
                    "display_name": shown if isinstance(shown, str) else name,
                    "language": "python",
                    "name": name,
                },
                "language_info": {"name": "python"},
            },
            "nbformat": 4,
            "nbformat_minor": 5,
        }

    def inputs(self, stage: StageCut) -> list[str]:
        """The parameters of a stage that name files to be read."""
        return [name for name in stage.parameters if self.drafts[name].input and self.drafts[name].type == "path"]

    def _needed_inputs(self, stage: StageCut) -> list[str]:
        """Those without which it cannot go on."""
        spare = self.fitting.parameters if self.fitting is not None and self.fitting.stage == stage.name else ()
        return [name for name in self.inputs(stage) if name not in spare]

    def _about(self, stage: StageCut) -> str:
        lines = [f"# {title(stage.name)}", ""]
        read = [f"the file `{name}`" for name in self.inputs(stage)]
        read += [f"{_listed(names)} from **{other}**" for other, names in stage.reads.items() if names]
        read += [f"the order after **{other}**" for other, names in stage.reads.items() if not names]
        written = [f"{_listed(names)} to **{other}**" for other, names in self.writes(stage).items() if names]
        lines.append(f"Reads: {'; '.join(read) or 'nothing from outside'}.  ")
        lines.append(f"Hands on: {'; '.join(written) or 'nothing'}.")
        wanted = sorted({said(need.name) for need in stage.pulled.values()})
        if wanted:
            lines += ["", f"Not tagged, but needed here: the cells that make {', '.join(wanted)}."]
        return "\n".join(lines)

    def _parameters(self, stage: StageCut) -> dict[str, Any]:
        lines = [f'run_dir: str = "{RUN_DIR}"  # folder of this run: what steps hand to each other']
        lines += [parameter_line(self.drafts[name]) for name in stage.parameters]
        [cell] = _code_cell("handoff-parameters", "\n".join(lines), ("parameters",))
        return cell

    def _folder(self, stage: StageCut) -> str:
        """Go to the notebook's folder, where the code has to run there; paths that were given stay what they are."""
        home = next((name for name in stage.parameters if self.drafts[name].home), None)
        if home is None:
            return ""
        paths = [name for name in stage.parameters if self.drafts[name].type == "path"]
        return "\n".join(
            [
                "# The code below finds files and modules from the notebook's own folder, so it runs there.",
                "import os",
                "import sys",
                *(
                    ["", "import definitions  # of the pipeline: the notebook's folder may have one too"]
                    * (stage.imported != frozenset())
                ),
                "",
                "run_dir = os.path.abspath(run_dir)",
                *(f"{name} = {name} and os.path.abspath(os.path.expanduser({name}))" for name in paths),
                "_pipeline = os.getcwd()",
                f"os.chdir({home})",
                f"sys.path += [{home}, _pipeline]",
            ]
        )

    def _imports(self, stage: StageCut) -> str:
        writes, reads = self.writes(stage), [names for names in stage.reads if names]
        made: list[str] = []
        copies = [unit for unit in stage.copies if unit.kind == "import"]
        lines = import_lines(copies, needed_imports(self.cut, stage))
        lines += [line for line in stage.incoming.imports.values() if line not in lines]
        if any(self._by_value(stage, names) for names in writes.values()):
            lines = [*lines, *_BY_VALUE.split("\n")]
        elif writes or reads:
            made.append("import pickle")
        if writes or reads or self._needed_inputs(stage) or self._uses_run_dir(stage):
            made.append("from pathlib import Path")
        made += [f"import {_STATES[name][0]}" for name in sorted(self._states(stage))]
        lines = [*(line for line in made if line not in lines), *([""] if made and lines else []), *lines]
        if stage.imported:
            lines += ["", f"from definitions import {', '.join(sorted(stage.imported))}"]
        return "\n".join(lines).strip("\n")

    def _states(self, stage: StageCut) -> set[str]:
        """Generators of random numbers whose state the stage takes in or hands on."""
        found = {name for name in stage.incoming.stage if name in _STATES}
        for other in self.cut.stages:
            found |= {name for name, source in other.incoming.stage.items() if source == stage.name and name in _STATES}
        return found

    def _uses_run_dir(self, stage: StageCut) -> bool:
        steps = self.cut.units.flow.steps
        return any(
            "run_dir" in steps[unit.index].mentions
            for unit in self.cut.units.units
            if unit.cell.index in stage.cells and unit.kind == "code"
        )

    def _by_value(self, stage: StageCut, names: Iterable[str]) -> bool:
        makers = {
            name: other.incoming.maker[name]
            for other in self.cut.stages
            for name, source in other.incoming.stage.items()
            if source == stage.name and name in set(names)
        }
        return by_value(self.cut.units, makers)

    def _inputs(self, stage: StageCut) -> str:
        lines: list[str] = []
        files = self._needed_inputs(stage)
        if files:
            given = ", ".join(f'"{name}": {name}' for name in files if "*" not in str(self.drafts[name].default))
            lines += [
                f"for _name, _path in {{{given}}}.items():",
                '    if not _path or ("://" not in str(_path) and not Path(_path).expanduser().exists()):',
                '        raise FileNotFoundError(f"{_name}: there is no {_path}. Say where it is: -p {_name} PATH")',
            ]
        if self._uses_run_dir(stage):
            lines.append("Path(run_dir).mkdir(parents=True, exist_ok=True)")
        for other, names in stage.reads.items():
            states = [name for name, source in stage.incoming.stage.items() if source == other and name in _STATES]
            if not names and not states:
                continue
            lines += [
                *([""] if lines else []),
                f'_bundle = Path(run_dir, "{other}-{stage.name}.pkl")',
                "if not _bundle.exists():",
                f'    raise FileNotFoundError(f"There is no {{_bundle}}: run stages/{self.files[other]} first.")',
                'with _bundle.open("rb") as _file:',
                "    _bundle = pickle.load(_file)",
            ]
            unsure = self._unsure(stage, names)
            lines += [f'{name} = _bundle["{name}"]' for name in names if name not in unsure]
            lines += [f'if "{name}" in _bundle:\n    {name} = _bundle["{name}"]' for name in unsure]
            lines += [_STATES[name][2].format(f'_bundle["{name.strip("<>")}"]') for name in states]
        return "\n".join(lines)

    def _unsure(self, stage: StageCut, names: Iterable[str]) -> list[str]:
        """Names that the notebook may leave unbound: bound in a branch or loop that need not run."""
        steps = self.cut.units.flow.steps
        found = []
        for name in names:
            makers = [index for index in steps if index <= stage.incoming.maker[name] and name in steps[index].writes]
            if not any(name in steps[index].binds for index in makers):
                found.append(name)
        return found

    def _hand_over(self, stage: StageCut, other: str, names: tuple[str, ...]) -> str:
        taker = next(each for each in self.cut.stages if each.name == other)
        states = [name for name, source in taker.incoming.stage.items() if source == stage.name and name in _STATES]
        unsure = self._unsure(taker, names)
        lines = ["_bundle = {", *(f'    "{name}": {name},' for name in names if name not in unsure)]
        lines += [f'    "{name.strip("<>")}": {_STATES[name][1]},' for name in states]
        lines += [f'    **({{"{name}": {name}}} if "{name}" in globals() else {{}}),' for name in unsure]
        return "\n".join(
            [
                *(lines if len(lines) > 1 else ["_bundle = {"]),
                "}",
                "Path(run_dir).mkdir(parents=True, exist_ok=True)",
                f'with Path(run_dir, "{stage.name}-{other}.pkl").open("wb") as _file:',
                "    pickle.dump(_bundle, _file)",
            ]
        )


def title(stage: str) -> str:
    """A stage's name as a heading."""
    return stage.replace("_", " ").replace("-", " ").strip().capitalize()


def parameter_line(draft: Draft) -> str:
    """``name: type = default  # meaning`` in the form that papermill's inspection reads right.

    It drops lines with a second equals sign and cuts values at ``#``, so both are escaped inside texts.
    """
    kinds = {"path": "str", "date": "str", "none": "object"}
    value = repr(draft.default) if not isinstance(draft.default, str) else _text(draft.default)
    value = value.replace("=", "\\x3d").replace("#", "\\x23") if isinstance(draft.default, (str, list, dict)) else value
    meaning = draft.meaning.replace("=", ":").strip()
    return f"{draft.name}: {kinds.get(draft.type, draft.type)} = {value}" + (f"  # {meaning}" if meaning else "")


def prose_before(notebook: Notebook, cell: int) -> list[Cell]:
    """The markdown cells directly before a code cell, in order."""
    found: list[Cell] = []
    before = [each for each in notebook.cells if each.index < cell]
    while before and before[-1].kind == "markdown":
        found.insert(0, before.pop())
    return found


def _definitions(cut: Cut, stage: StageCut) -> tuple[list[Unit], list[Unit], list[Unit]]:
    """What is repeated: definitions that need no variable, those that do, and those that come after the first code.

    Connections and the like are made once it is known that the files are there.
    """
    early: list[Unit] = []
    late: list[Unit] = []
    between: list[Unit] = []
    start = _first_code(cut, stage)
    for unit in stage.copies:
        if unit.kind == "setting" and unit.index > start:
            between.append(unit)
        if unit.kind not in ("definition", "repeated"):
            continue
        if unit.index > start:
            between.append(unit)
        elif unit.kind == "repeated" or list(unit_needs(cut.units, unit.index, set())):
            late.append(unit)
        else:
            early.append(unit)
    return early, late, between


def _first_code(cut: Cut, stage: StageCut) -> int:
    own = [unit.index for unit in cut.units.units if unit.kind == "code" and unit.cell.index in stage.cells]
    return own[0] if own else 0


def _joined(units: Iterable[Unit]) -> str:
    return "\n\n\n".join(unit.source.strip("\n") for unit in units)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _text(value: str) -> str:
    quoted = repr(value)
    return f'"{quoted[1:-1]}"' if quoted[0] == "'" and '"' not in value else quoted


def _own_tags(cell: Cell) -> tuple[str, ...]:
    return tuple(sorted({tag for tag in cell.tags if not tag.startswith(_OWN_TAGS)}))


def _code_cell(id_: str, source: str, tags: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    if not source.strip():
        return []
    return [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": id_,
            "metadata": {"tags": list(tags)} if tags else {},
            "outputs": [],
            "source": source.splitlines(keepends=True),
        }
    ]


def _markdown(id_: str, source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": id_, "metadata": {}, "source": source.splitlines(keepends=True)}


def _prose(cell: Cell) -> dict[str, Any]:
    return _markdown(cell.id, cell.source)
