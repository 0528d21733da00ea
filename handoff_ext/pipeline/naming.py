"""Take paths out of the code: each gets a name that a stage is given; what is written goes to the run's folder."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Mapping
from dataclasses import replace

from handoff_ext.cells.model import Cell, Notebook
from handoff_ext.cells.python import character, parse_cell
from handoff_ext.pipeline.literals import PathLiteral, is_url, path_literals
from handoff_ext.pipeline.parameters import Draft, rebase

_WORD = re.compile(r"[^\W\d]\w*")
_OPENING = re.compile(r"[a-zA-Z]*(\"\"\"|'''|\"|')")


def name_paths(notebook: Notebook, imports: Mapping[str, str], to_notebook: str) -> tuple[Notebook, dict[str, Draft]]:
    """The notebook with its path literals replaced, and a parameter for each path that it reads.

    The parameters are bound in a cell of their own at the top, which has index -1.
    """
    functions = _function_names(notebook)
    namer = _Namer(notebook, to_notebook)
    cells = []
    for cell in notebook.cells:
        parsed = parse_cell(cell.source) if cell.kind == "code" else None
        if parsed is None or parsed.tree is None:
            cells.append(cell)
            continue
        literals = path_literals(parsed.tree, imports, functions)
        edits = [edit for each in literals if (edit := namer.edit(each, cell.source))]
        cells.append(replace(cell, source=_apply(cell.source, edits)) if edits else cell)
    lines = ['run_dir = "run"', *(f"{draft.name} = {draft.default!r}" for draft in namer.drafts.values())]
    top = Cell(-1, "handoff-parameters", "code", "\n".join(lines), ("parameters",))
    return replace(notebook, cells=(top, *cells)), namer.drafts


def _function_names(notebook: Notebook) -> frozenset[str]:
    trees = [parse_cell(cell.source).tree for cell in notebook.code]
    nodes = [node for tree in trees if tree for node in tree.body]
    return frozenset(node.name for node in nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


Edit = tuple[int, int, str]


class _Namer:
    """Gives each path one name, in the order in which they appear."""

    def __init__(self, notebook: Notebook, to_notebook: str) -> None:
        self.drafts: dict[str, Draft] = {}
        self._to_notebook = to_notebook
        self._taken = {word for cell in notebook.code for word in _WORD.findall(cell.source)}
        self._names: dict[str, str] = {}
        self._written: set[str] = set()

    def edit(self, literal: PathLiteral, source: str) -> Edit | None:
        """What to put in the place of a literal: first and last character in the source, and the new text."""
        text = literal.text.replace("\\", "/") if "/" not in literal.text else literal.text
        if literal.inside is not None:
            return self._inside(literal, text, source)
        begin, end = _span(source, literal.node)
        if literal.use == "write" or text in self._written:
            self._written.add(text)
            return begin, end, self._text(f"{{run_dir}}/{_escape(posixpath.basename(text) or text)}")
        if is_url(text) and not literal.whole:
            return None
        if literal.whole:
            return begin, end, self._name(text, literal.use == "read" or "." in posixpath.basename(text))
        folder, _, rest = text.rpartition("/")
        return begin, end, self._text(f"{{{self._folder(folder)}}}/{_escape(rest)}")

    def _inside(self, literal: PathLiteral, text: str, source: str) -> Edit | None:
        assert literal.inside is not None
        begin, end = _span(source, literal.inside)
        opening = _OPENING.match(source[begin:end])
        if is_url(text) or opening is None or not source[begin + opening.end() : end].startswith(literal.text):
            return None
        folder, _, rest = text.rpartition("/")
        head = "run_dir" if literal.use == "write" else self._folder(folder)
        start = begin + opening.end()
        return start, start + len(literal.text), f"{{{head}}}/{rest}"

    def _text(self, template: str) -> str:
        quote = "'" if '"' in template else '"'
        return f"f{quote}{template}{quote}"

    def _folder(self, folder: str) -> str:
        return self._name(folder or ".", False)

    def _name(self, text: str, is_file: bool) -> str:
        key = posixpath.normpath(text) if not is_url(text) else text
        if key not in self._names:
            name = self._free(_identifier(key, is_file))
            self._names[key] = name
            meaning = "" if is_file else "folder that data is read from"
            default = rebase(text, self._to_notebook)
            self.drafts[name] = Draft(name, "str" if is_url(text) else "path", default, meaning, True)
        return self._names[key]

    def _free(self, name: str) -> str:
        made, count = name, 1
        while made in self._taken:
            count += 1
            made = f"{name}_path" if count == 2 else f"{name}_path_{count - 1}"
        self._taken.add(made)
        return made


def _identifier(path: str, is_file: bool) -> str:
    """``data/train set.csv`` becomes ``train_set_csv``, ``data`` becomes ``data_dir``."""
    base = posixpath.basename(path.rstrip("/").partition("?")[0]) if path != "." else "notebook"
    word = re.sub(r"\W+", "_", base.replace("*", "all")).strip("_").lower() or "data"
    word = f"data_{word}" if word[0].isdigit() else word
    return word if is_file else f"{word}_dir"


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("{", "{{").replace("}", "}}")


def _span(source: str, node: ast.expr) -> tuple[int, int]:
    starts = [0]
    for line in source.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    end_line = node.end_lineno or node.lineno
    begin = starts[node.lineno - 1] + character(source, node.lineno, node.col_offset) - 1
    return begin, starts[end_line - 1] + character(source, end_line, node.end_col_offset or 0) - 1


def _apply(source: str, edits: list[Edit]) -> str:
    for begin, end, text in sorted(set(edits), reverse=True):
        source = source[:begin] + text + source[end:]
    return source
