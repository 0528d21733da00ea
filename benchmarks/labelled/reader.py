"""Read the labelled notebooks: the format is described in ``README.md`` beside this file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labelled.values import fill

FOLDER = Path(__file__).parent
FAMILIES = ("PATH", "CRED", "LEAK", "FEAT", "STATE", "ENV", "PLAN")
_MARK = re.compile(r"\s*«(?:(not|low|may) )?([A-Z]+(?:\|[A-Z]+)*)(?::(\w+))?»")
_MARKS = re.compile(r"(?:\s*«(?:(?:not|low|may) )?[A-Z|]+(?::\w+)?»)+\s*$")
_OUTPUTS = ("stdout", "stderr", "result", "html", "error", "png")


@dataclass(frozen=True)
class Place:
    """Where a finding may stand; ``None`` is anywhere."""

    cell: int | None = None
    where: str | None = None
    line: int | None = None


@dataclass
class Label:
    """What is true of the ``places``: ``must`` (one finding on any of them), ``not``, ``low`` or ``may``."""

    verdict: str
    families: tuple[str, ...]
    places: list[Place]
    text: str


@dataclass
class Labelled:
    """One notebook as nbformat 4 JSON and all that is true of it for ``families``."""

    name: str
    families: tuple[str, ...]
    raw: dict[str, Any]
    labels: list[Label] = field(default_factory=list)
    groups: dict[str, Label] = field(default_factory=dict)

    def mark(self, line: str, place: Place) -> str:
        """Keep the marks at the end of ``line`` as labels of ``place``; gives the line without them."""
        found = _MARKS.search(line)
        if not found:
            return line
        bare = line[: found.start()]
        for verdict, families, group in _MARK.findall(found.group()):
            label = Label(verdict or "must", tuple(families.split("|")), [], bare.strip())
            if group:
                label = self.groups.setdefault(f"{group} {families} {verdict}", label)
            label.places.append(place)
            if not any(label is known for known in self.labels):
                self.labels.append(label)
        return bare


def labelled_notebooks(folder: Path = FOLDER) -> list[Labelled]:
    """All notebooks of the set, in the order of files and lines."""
    return [notebook for file in sorted(folder.glob("*.txt")) for notebook in read_file(file)]


def read_file(file: Path) -> Iterator[Labelled]:
    """The notebooks of one file."""
    for text in re.split(r"^§§ ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        yield _notebook(text)


def _notebook(text: str) -> Labelled:
    head, *blocks = re.split(r"^§", text, flags=re.MULTILINE)
    title = head.strip()
    name = title.split(":", 1)[0]
    raw: dict[str, Any] = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    notebook = Labelled(name, (), raw)
    families = notebook.mark(title, Place()).split(":", 1)[1].split()
    notebook.families = tuple(families)
    count = 0
    for block in blocks:
        first, _, body = fill(block, name).partition("\n")
        kind, rest = re.match(r" ?(\w+) ?(.*)", first).groups()  # type: ignore[union-attr]
        lines = body.rstrip("\n").split("\n")
        cells, last = raw["cells"], len(raw["cells"]) - 1
        if kind == "meta":
            raw["metadata"] |= json.loads(notebook.mark(rest, Place(-1, "metadata")))
        elif kind == "code":
            given = re.match(r"\[(\d*)\]", notebook.mark(rest, Place(last + 1)))
            count = count + 1 if given is None else int(given[1] or count)
            cell = _cell(notebook, "code", lines) | {"outputs": [], "execution_count": count}
            if given and not given[1]:
                cell["execution_count"] = None
            cells.append(cell)
        elif kind in ("markdown", "raw"):
            cells.append(_cell(notebook, kind, lines))
        elif kind == "cellmeta":
            cells[last]["metadata"] |= json.loads(notebook.mark(rest, Place(last, "metadata")))
        elif kind == "attachment":
            shown = notebook.mark(rest, Place(last)), "\n".join(notebook.mark(line, Place(last)) for line in lines)
            cells[last].setdefault("attachments", {})[shown[0]] = {"text/plain": shown[1]}
        elif kind in _OUTPUTS:
            notebook.mark(rest, Place(last, "output"))
            shown_lines = [notebook.mark(line, Place(last, "output")) for line in lines]
            cells[last]["outputs"].append(_output(kind, "\n".join(shown_lines) + "\n"))
        else:
            raise ValueError(f"{name}: unknown block {first!r}")
    return notebook


def _cell(notebook: Labelled, kind: str, lines: list[str]) -> dict[str, Any]:
    index = len(notebook.raw["cells"])
    where = "markdown" if kind == "markdown" else "source"
    bare = [notebook.mark(line, Place(index, where, number)) for number, line in enumerate(lines, 1)]
    return {"cell_type": kind, "id": f"cell{index}", "metadata": {}, "source": "\n".join(bare)}


def _output(kind: str, text: str) -> dict[str, Any]:
    if kind in ("stdout", "stderr"):
        return {"output_type": "stream", "name": kind, "text": text}
    if kind == "error":
        name, _, value = text.strip().split("\n")[-1].partition(": ")
        return {"output_type": "error", "ename": name, "evalue": value, "traceback": text.split("\n")}
    data = {"result": {"text/plain": text}, "html": {"text/html": text}, "png": {"image/png": text}}[kind]
    return {"output_type": "display_data", "data": data, "metadata": {}}
