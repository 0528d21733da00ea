"""Take paths out of the code: each gets a name that a stage is given; what is written goes to the run's folder.

Stages run in the pipeline's folder, the notebook ran in its own: what cannot be a parameter is told the way there.
"""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Mapping
from dataclasses import replace

from handoff_ext.cells.magics import Magic
from handoff_ext.cells.model import Cell, Notebook
from handoff_ext.cells.python import ParsedCell, character, parse_cell
from handoff_ext.dataflow.known import QUIET_COMMANDS
from handoff_ext.dataflow.sharing import dotted
from handoff_ext.pipeline.literals import PathLiteral, is_absolute, is_url, path_literals, path_names
from handoff_ext.pipeline.parameters import Draft, rebase

_WORD = re.compile(r"[^\W\d]\w*")
_OPENING = re.compile(r"[a-zA-Z]*(\"\"\"|'''|\"|')")
_SHELLS = frozenset({"bash", "sh", "!", "script", "system", "sx"})

Edit = tuple[int, int, str]
"""First and last character in a cell's source, and the text to put there."""


def name_paths(notebook: Notebook, imports: Mapping[str, str], to_notebook: str) -> tuple[Notebook, dict[str, Draft]]:
    """The notebook with its path literals replaced, and a parameter for each path that it reads.

    The parameters are bound in a cell of their own at the top, which has index -1.
    """
    parsed = {cell.index: parse_cell(cell.source) for cell in notebook.code}
    trees = [each.tree for each in parsed.values() if each.tree]
    functions = frozenset(
        node.name for tree in trees for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    )
    names = path_names(trees, imports)
    namer = _Namer(notebook, to_notebook)
    cells = []
    for cell in notebook.cells:
        if cell.index not in parsed:
            cells.append(cell)
            continue
        each = parsed[cell.index]
        edits = [namer.magic(magic, cell.source) for magic in each.magics]
        if each.tree is not None:
            literals = path_literals(each.tree, imports, functions, names)
            moves = _moves(each, imports, cell.source)
            for line in sorted({*moves, *(literal.node.lineno for literal in literals)}):
                edits += [namer.literal(literal, cell.source) for literal in literals if literal.node.lineno == line]
                edits += [namer.move(moves[line])] if line in moves else []
        cells.append(replace(cell, source=_apply(cell.source, [edit for edit in edits if edit])))
    namer.home()
    lines = ['run_dir = "run"', *(f"{draft.name} = {draft.default!r}" for draft in namer.drafts.values())]
    top = Cell(-1, "handoff-parameters", "code", "\n".join(lines), ("parameters",))
    return replace(notebook, cells=(top, *cells)), namer.drafts


class _Move:
    """``os.chdir("data")`` or ``%cd data``: from here on, paths are meant from another folder."""

    def __init__(self, folder: str, begin: int, end: int, text: str) -> None:
        self.folder, self.begin, self.end, self.text = folder, begin, end, text


class _Namer:
    """Gives each path one name, in the order in which they appear."""

    def __init__(self, notebook: Notebook, to_notebook: str) -> None:
        self.drafts: dict[str, Draft] = {}
        self._to_notebook = to_notebook
        self._taken = {word for cell in notebook.code for word in _WORD.findall(cell.source)}
        self._names: dict[str, str] = {}
        self._written: set[str] = set()
        self._here = ""

    def move(self, move: _Move) -> Edit:
        """Go on from another folder; the statement itself is not needed any more."""
        self._here = move.folder if is_absolute(move.folder) else posixpath.join(self._here, move.folder)
        return move.begin, move.end, f"pass  # {move.text}: the paths below say it themselves"

    def literal(self, literal: PathLiteral, source: str) -> Edit | None:
        """The name, or a text with a name in it, for a path literal."""
        text = literal.text.replace("\\", "/") if "/" not in literal.text else literal.text
        if literal.inside is not None:
            return self._inside(literal, text, source)
        begin, end = _span(source, literal.node)
        if literal.use == "write" or text in self._written:
            self._written.add(text)
            name = posixpath.basename(text)
            return begin, end, self._text(f"{{run_dir}}/{_escape(name)}") if "." in name else "run_dir"
        if is_url(text) and not literal.whole:
            return None
        if literal.whole:
            return begin, end, self._name(text, literal.use == "read" or "." in posixpath.basename(text))
        folder, _, rest = text.rpartition("/")
        return begin, end, self._text(f"{{{self._name(folder or '.', False)}}}/{_escape(rest)}")

    def magic(self, magic: Magic, source: str) -> Edit | None:
        """The way to the notebook's folder for a command of the shell or a script to run."""
        starts = _line_starts(source)
        begin, end = starts[magic.line - 1], starts[magic.line] - 1
        line = source[begin:end]
        if magic.kind == "cell" and magic.name in _SHELLS:
            return end, end, f"\ncd {self._to_notebook}"
        words = magic.text.split()
        if not words:
            return None
        if magic.kind == "shell" and (words[0] not in QUIET_COMMANDS or len(words) > 1):
            if words[0] in ("pip", "pip3", "conda", "mamba", "uv", "echo"):
                return None
            at = begin + line.index("!") + len(re.match("!+", line[line.index("!") :])[0])  # type: ignore[index]
            return at, at, f"cd {{{self._name('.', False)}}} && "
        if magic.kind == "line" and magic.name == "run":
            script = next((word for word in words if not word.startswith("-")), "")
            if script and not is_absolute(script):
                at = begin + line.index(script)
                return at, at, f"{{{self._name('.', False)}}}/"
        return None

    def home(self) -> None:
        """Name the notebook's own folder, for code that has to run there."""
        name = self._name(".", False)
        self.drafts[name] = replace(self.drafts[name], home=True)

    def _inside(self, literal: PathLiteral, text: str, source: str) -> Edit | None:
        assert literal.inside is not None
        begin, end = _span(source, literal.inside)
        opening = _OPENING.match(source[begin:end])
        if is_url(text) or opening is None or not source[begin + opening.end() : end].startswith(literal.text):
            return None
        folder, _, rest = text.rpartition("/")
        head = "run_dir" if literal.use == "write" else self._name(folder or ".", False)
        start = begin + opening.end()
        return start, start + len(literal.text), f"{{{head}}}/{rest}"

    def _text(self, template: str) -> str:
        quote = "'" if '"' in template else '"'
        return f"f{quote}{template}{quote}"

    def _name(self, text: str, is_file: bool) -> str:
        key = text if is_url(text) or is_absolute(text) else posixpath.normpath(posixpath.join(self._here, text))
        if key not in self._names:
            name = self._free(_identifier(key, is_file))
            self._names[key] = name
            meaning = "" if is_file else "folder that files are read from"
            default = rebase(key, self._to_notebook)
            self.drafts[name] = Draft(name, "str" if is_url(text) else "path", default, meaning, True)
        return self._names[key]

    def _free(self, name: str) -> str:
        made, count = name, 1
        while made in self._taken:
            count += 1
            made = f"{name}_path" if count == 2 else f"{name}_path_{count - 1}"
        self._taken.add(made)
        return made


def _moves(parsed: ParsedCell, imports: Mapping[str, str], source: str) -> dict[int, _Move]:
    """Statements at the top level that change the working folder to one that is written down, by line."""
    found: dict[int, _Move] = {}
    starts = _line_starts(source)
    for node in parsed.tree.body if parsed.tree else ():
        match node:
            case ast.Expr(value=ast.Call(func=func, args=[ast.Constant(value=str() as folder)])):
                root, dot, rest = dotted(func).partition(".")
                if f"{imports.get(root, '')}{dot}{rest}" == "os.chdir":
                    found[node.lineno] = _Move(folder, *_span(source, node), f"os.chdir({folder!r})")
    for magic in parsed.magics:
        if magic.kind == "line" and magic.name == "cd" and magic.text and not {"$", "{", "-"} & set(magic.text):
            begin, end = starts[magic.line - 1], starts[magic.line] - 1
            found[magic.line] = _Move(magic.text.strip("'\""), begin, end, f"%cd {magic.text}")
    return found


def _identifier(path: str, is_file: bool) -> str:
    """``data/train set.csv`` becomes ``train_set_csv``, ``data`` becomes ``data_dir``."""
    base = posixpath.basename(path.rstrip("/").partition("?")[0]) if path.strip("./") else "notebook"
    word = re.sub(r"\W+", "_", base.replace("*", "all")).strip("_").lower() or "data"
    word = f"data_{word}" if word[0].isdigit() else word
    return word if is_file else f"{word}_dir"


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("{", "{{").replace("}", "}}")


def _line_starts(source: str) -> list[int]:
    starts = [0]
    for line in source.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _span(source: str, node: ast.expr | ast.stmt) -> tuple[int, int]:
    starts = _line_starts(source)
    end_line = node.end_lineno or node.lineno
    begin = starts[node.lineno - 1] + character(source, node.lineno, node.col_offset) - 1
    return begin, starts[end_line - 1] + character(source, end_line, node.end_col_offset or 0) - 1


def _apply(source: str, edits: list[Edit]) -> str:
    for begin, end, text in sorted(set(edits), reverse=True):
        source = source[:begin] + text + source[end:]
    return source
