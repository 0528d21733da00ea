"""The paths that a cell names: in its Python, in its magics and shell lines."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handoff_ext.checks.facts.text import HOLE, dotted
from handoff_ext.checks.facts.walk import Around, TextUse
from handoff_ext.checks.paths.calls import Action, action_of, asks_a_host
from handoff_ext.checks.paths.recognise import (
    DATA_FILE,
    PathKind,
    Recognised,
    is_relative_data,
    recognise,
    users_paths_in,
)
from handoff_ext.checks.rule import Spot

if TYPE_CHECKING:
    from handoff_ext.checks.facts.cell import CellFacts


@dataclass(frozen=True, slots=True)
class PathUse:
    """One path. ``text`` may have holes; ``start`` and ``end`` are offsets in the source where it stands in a magic.

    ``use`` is the expression it comes from; None in magics.
    """

    kind: PathKind
    text: str
    action: Action
    spot: Spot
    sure: bool = True
    use: TextUse | None = None
    start: int = 0
    end: int = 0
    magic: str = ""

    @property
    def exact(self) -> bool:
        """Whether the whole path is known."""
        return HOLE not in self.text


_MARK = re.compile(r"[/\\~.:]")
"""What every path has."""
_PATHLIKE = re.compile(
    r"path|dir|workspace|output|cache|file|folder|root|location|dataset|data_?src|src|dest|csv|filename"
    r"|(?<![a-z])base|home",
    re.I,
)
_ELSEWHERE = re.compile(r"sandbox|container|backend|\b(?:sftp|ssh|scp|ftp|remote)\b|remote_|_remote", re.I)
"""Objects whose files lie on another computer, whoever runs the notebook."""
_IN_CONTAINER = re.compile(r"(?:Processing(?:In|Out)put|\w*Processor|ContainerOp|V1\w*(?:Mount|Container))(?:\.run)?\Z")
"""Calls that describe a container: its folders are the same for everybody."""
_ROUTELIKE = re.compile(
    r"remote|artifact|blob|url|route|endpoint|href|xpath|uri|link|api|regex|pattern|selector|html|header|query|key",
    re.I,
)
_ESCAPED_DRIVE = re.compile(r"[A-Za-z]:\\(?:[^\\/:*?\"<>|\n]+\\)*[^\\/:*?\"<>|\n]+")
_CONTAINER = re.compile(r"(?:\w+\.)?container_\w+")
_NO_USE = frozenset({"compare", "index"})


def paths_of(facts: CellFacts) -> Iterator[PathUse]:
    """All absolute paths and all relative paths of data files that the cell names."""
    if facts.kind != "code" or (not any(mark in facts.source for mark in "/\\~") and "." not in facts.source):
        return
    guarded: frozenset[int] | None = None
    for use in facts.walked.texts:
        text = facts.text(use)
        if _MARK.search(text):
            found = path_of(use, text, facts)
            if found and found.kind == "platform":
                guarded = _guarded(facts) if guarded is None else guarded
                if id(use.node) in guarded:
                    continue
            if found:
                yield found
    yield from _homes(facts)
    for magic in facts.parsed.magics:
        yield from _in_magic(facts, magic.line, magic.kind, magic.name)


_ASKS = frozenset({"exists", "isdir", "isfile", "is_dir", "is_file"})


def _guarded(facts: CellFacts) -> frozenset[int]:
    """What stands under a question whether a folder is there, where there is another way: ``id`` of each node."""
    source = facts.source
    if "else" not in source or facts.parsed.tree is None or not any(each in source for each in _ASKS):
        return frozenset()
    found: set[int] = set()
    for node in ast.walk(facts.parsed.tree):
        if not isinstance(node, ast.If | ast.IfExp) or not node.orelse:
            continue
        asks = [each for each in ast.walk(node.test) if isinstance(each, ast.Call)]
        if any(dotted(each.func).rpartition(".")[2] in _ASKS for each in asks) and _names_a_platform(node.test):
            for part in (node.test, *(node.body if isinstance(node.body, list) else [node.body])):
                # ``Load`` is one and the same object everywhere
                found.update(id(each) for each in ast.walk(part) if isinstance(each, ast.expr))
    return frozenset(found)


def _names_a_platform(test: ast.expr) -> bool:
    texts = [each.value for each in ast.walk(test) if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return any(found is not None and found.kind == "platform" for found in map(recognise, texts))


_LINKS = frozenset({"href", "src", "pathname", "action", "root_path", "to"})
_SETTINGS = frozenset({"os.getenv", "getenv", "os.environ.get", "environ.get", "getattr", "os.environ.setdefault"})


def path_of(use: TextUse, text: str, facts: CellFacts) -> PathUse | None:
    """The path that a text is, judged by the text and by what stands around it."""
    around = use.around
    if around.role in _NO_USE or (around.role == "statement" and type(use.node) is ast.Constant) or len(text) > 2_000:
        return None
    text = _unescaped(use, text, facts)
    if around.role == "argument" and (
        _ELSEWHERE.search(around.name.rpartition(".")[0]) or _IN_CONTAINER.search(around.name)
    ):
        return None
    calls = action_of(around.name, _call_at(use, facts)) if around.role == "argument" else "none"
    if calls == "run":
        return _in_command(use, text, facts)
    if calls == "text" and around.slot == "default":
        calls = "none"
    if (" " in text and "'" in text) or "`" in text:
        found_in_query = _in_query(text, use, facts)
        if found_in_query:
            return found_in_query
    if "\n" in text and calls != "text" and around.role != "key":
        for start, end, _ in users_paths_in(text):
            return PathUse("home", text[start:end], "none", facts.spot(use.node))
    found = recognise(text)
    if calls == "text" and not (found and found.kind == "private" and asks_a_host(around.name)):
        return None
    if found is None:
        if around.role != "key" and calls in ("read", "write") and is_relative_data(text) and _names_a_file(around):
            owner, _, last = around.name.rpartition(".")
            if around.slot == 0 and last.startswith("download"):
                return None  # its name where it is downloaded from
            if last == "rglob" or (last == "glob" and owner not in ("", "glob")):
                return None  # a pattern that is looked for below another folder
            return PathUse("relative", text, calls, facts.spot(use.node), use=use)
        return None
    if around.role == "value" and found.kind == "platform" and _CONTAINER.fullmatch(around.name):
        return None
    if around.slot in _LINKS and text[0] == "/":
        return None  # a page of a web site
    if around.slot in (1, "default") and around.name in _SETTINGS and found.kind in ("private", "platform"):
        return None  # others set the variable
    if not _believed(found, text, around, calls):
        return None
    return PathUse(found.kind, text[found.start :], calls, facts.spot(use.node), found.sure, use)


def _believed(found: Recognised, text: str, around: Around, action: Action) -> bool:
    if found.kind == "temporary" and "." not in text and action == "none" and not _PATHLIKE.search(around.name):
        return False
    if found.sure:
        return around.role != "key" or (
            found.kind in ("home", "absolute") and "/" in text[1:] + text.replace("\\", "/")[1:]
        )
    named = f"{around.name} {around.slot}"
    if around.role == "key" or _ROUTELIKE.search(named):
        return False
    if found.kind == "home":
        return action in ("read", "write", "import") or "expanduser" in named
    data = bool(DATA_FILE.search(text))
    if action in ("read", "write", "import"):
        return data or text.count("/") > 1 or action == "import"
    return (data and text.count("/") > 1) or (bool(_PATHLIKE.search(named)) and text.count("/") > 1)


def _names_a_file(around: Around) -> bool:
    if type(around.slot) is int:
        return around.slot == 0 or around.name.rpartition(".")[2] in (
            "join",
            "copy",
            "copyfile",
            "move",
            "dump",
            "savefig",
            "save",
        )
    return bool(_PATHLIKE.search(str(around.slot))) or around.slot in (
        "io",
        "fname",
        "f",
        "filepath_or_buffer",
        "path_or_buf",
    )


def _unescaped(use: TextUse, text: str, facts: CellFacts) -> str:
    """``"D:\\new\\table.csv"`` written without doubling its backslashes is still meant as a path."""
    if text[1:2] != ":" or text[2:3] == "/" or type(use.node) is not ast.Constant or len(text) > 300:
        return text
    written = ast.get_source_segment(facts.source, use.node) or ""
    inner = written.strip("rRbBuU").strip("'\"")
    if (
        "\\\\" not in inner
        and _ESCAPED_DRIVE.fullmatch(inner)
        and not _ESCAPED_DRIVE.fullmatch(text)
        and DATA_FILE.search(inner)
    ):
        return inner
    return text


def _call_at(use: TextUse, facts: CellFacts) -> ast.Call | None:
    """The call that the text is an argument of, where what it does depends on its other arguments."""
    if use.around.name.rpartition(".")[2] not in ("open", "File", "ZipFile", "fopen", "TarFile", "H5File", "Dataset"):
        return None
    for call in facts.walked.calls:
        node = call.node
        if use.node in node.args or any(use.node is keyword.value for keyword in node.keywords):
            return node
    return None


def _homes(facts: CellFacts) -> Iterator[PathUse]:
    """``os.environ["HOME"]`` where nothing is joined to it is no path yet; ``sys.path`` set by index is."""
    for call in facts.walked.calls:
        if call.name in ("os.chdir", "chdir") and call.node.args and dotted(call.node.args[0]) == "Path.home":
            yield PathUse("home", "~", "read", facts.spot(call.node))


_TOKEN = re.compile(r"'[^'\n]+'|\"[^\"\n]+\"|(?:[^\s'\"\\;|&<>=]|\\.)+")
_DOCUMENTED = frozenset({"bash", "sh", "!", "system", "sx", "script"})
_FILE_MAGICS = frozenset(
    {"fs", "cd", "run", "load", "loadpy", "writefile", "file", "save", "notebook", "pushd", "ls", "store", "logstart"}
)
_TOOL_DIRECTORIES = re.compile(r"/(?:usr|bin|etc|dev|proc|opt/conda|opt/python|var/lib/(?:apt|dpkg))(?:/|\Z)")


def _in_magic(facts: CellFacts, line: int, kind: str, name: str) -> Iterator[PathUse]:
    """Paths in one magic or shell line, or in a whole shell cell."""
    if kind in ("help", "auto") or (kind == "line" and name not in _FILE_MAGICS and name not in _DOCUMENTED):
        return
    if kind == "cell" and name not in _DOCUMENTED and name not in ("writefile", "file"):
        return
    whole = kind == "cell" and (name in _DOCUMENTED or name in ("writefile", "file"))
    last = len(facts.lines) if whole else _continued(facts.lines, line)
    offset = sum(len(each) + 1 for each in facts.lines[: line - 1])
    text = "\n".join(facts.lines[line - 1 : last])
    yield from _in_shell(facts, text, offset, name if kind != "shell" else "!")


def _continued(lines: list[str], line: int) -> int:
    while line < len(lines) and lines[line - 1].endswith("\\"):
        line += 1
    return line


def _in_shell(facts: CellFacts, text: str, offset: int, magic: str) -> Iterator[PathUse]:
    for token in _TOKEN.finditer(text):
        word, start = token[0], token.start()
        if word[0] in "'\"":
            word, start = word[1:-1], start + 1
        word = word.replace("\\ ", " ")
        plain = re.sub(r"\{[^{}]*\}|\$\{?\w+\}?", HOLE, word)
        line = text[text.rfind("\n", 0, start) + 1 : start]
        if plain.startswith("#") or line.lstrip()[:1] == "#" or len(plain) > 300:
            continue
        found = recognise(plain)
        if found is None and magic in ("cd", "run") and plain.startswith(("../", "..\\")):
            found = Recognised("relative", True)
        if found is None or found.kind in ("private",) or _TOOL_DIRECTORIES.match(plain) or plain in ("~",):
            continue
        if not found.sure and not DATA_FILE.search(plain):
            continue
        end = start + len(token[0].strip("'\""))
        yield PathUse(
            found.kind, plain, "run", facts.spot_at(offset + start, offset + end), found.sure,
            start=offset + start, end=offset + end, magic=magic,
        )  # fmt: skip


_QUOTED = re.compile(
    r"(?:\b(?:location|from|into|path|directory|inpath|infile|outfile|attach|database)\s+|\bread_\w+\(\s*)'(?P<path>[^'\n]+)'"
    r"|\b(?:delta|parquet|csv|json|text)\.`(?P<ticked>[^`\n]+)`",
    re.I,
)


def _in_query(text: str, use: TextUse, facts: CellFacts) -> PathUse | None:
    """The first path that a query names."""
    for each in _QUOTED.finditer(text):
        path = each["path"] or each["ticked"]
        found = recognise(path)
        if found and found.sure:
            return PathUse(found.kind, path, "run", facts.spot(use.node), magic="sql")
    return None


def _in_command(use: TextUse, text: str, facts: CellFacts) -> PathUse | None:
    """The first path in a command given to a shell."""
    for word in re.findall(_TOKEN, text):
        found = recognise(word.strip("'\""))
        if found and found.sure and found.kind != "private" and not _TOOL_DIRECTORIES.match(word):
            return PathUse(found.kind, word.strip("'\""), "run", facts.spot(use.node), True, use, magic="!")
    return None
