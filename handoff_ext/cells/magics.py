"""IPython's own syntax in one line or one cell: what it says, which Python is in it, which names it binds.

The rules are those of ``IPython.core.inputtransformer2``; importing that costs more than checking a notebook does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

MagicKind = Literal["line", "cell", "shell", "help", "auto"]

PYTHON_LINE = frozenset({"time", "timeit", "prun", "memit", "lprun", "mprun", "snakeviz", "mem", "pyinstrument"})
"""Line magics whose argument is a Python statement."""
PYTHON_CELL = frozenset(
    {"time", "timeit", "capture", "prun", "memit", "debug", "snakeviz", "heat", "scalene", "pyinstrument", "wandb"}
)
"""Cell magics whose body is Python that runs in the notebook's own names."""
NOT_BINDING = frozenset({"timeit", "memit"})
"""Magics that run their Python in a function: names it assigns are gone afterwards."""

_ASSIGNED = re.compile(
    r"(?P<targets>[^\W\d][\w.\[\]'\", *()]*?)\s*(?<![=!<>])=\s*(?P<escape>[!%])(?P<rest>[^=].*)\Z", re.S
)
_HELP = re.compile(r"(?P<text>%{0,2}(?!\d)[\w*]+(?:\.\w+|\[-?\d+\])*)(?P<mark>\?\??)\s*\Z")
_OPTIONS = re.compile(r"(?:-{1,2}\w+(?:[ =]?\d[\w.]*)?\s+|-[fmT]\s+\S+\s+)*")


@dataclass(frozen=True, slots=True)
class Magic:
    """One use of IPython's syntax.

    ``line`` counts from 1 in the cell; ``name`` is ``time``, ``!`` or ``?``; ``text`` is what follows the name;
    ``assigns`` are names it binds; ``body`` is what a cell magic was given to run that is not Python.
    """

    line: int
    kind: MagicKind
    name: str
    text: str
    assigns: tuple[str, ...] = ()
    body: str = ""


@dataclass(frozen=True, slots=True)
class MagicLine:
    """A line that is not Python, and what stands for it in Python: ``prefix + call`` in place of the line.

    ``code`` is the Python inside its argument, which begins at character ``code_at`` of the line.
    """

    magic: Magic
    prefix: str
    call: str
    code: str = ""
    code_at: int = 0


_AUTOMATIC = frozenset(
    {
        "pip",
        "conda",
        "mamba",
        "uv",
        "micromamba",
        "cd",
        "ls",
        "ll",
        "cat",
        "more",
        "less",
        "man",
        "mkdir",
        "rmdir",
        "rm",
    }
    | {
        "cp",
        "mv",
        "pwd",
        "env",
        "time",
        "timeit",
        "run",
        "matplotlib",
        "load_ext",
        "reload_ext",
        "who",
        "whos",
        "history",
    }
    | {"pylab", "pinfo", "pdoc", "pfile", "psource", "reset", "store", "config", "autoreload", "prun", "sx", "system"}
)
"""Line magics that IPython also takes without the percent sign, in a cell of one line that is not Python."""


def automatic(lines: list[str]) -> list[str]:
    """The lines, with the percent sign put before a magic that goes without one."""
    filled = [line for line in lines if line.strip()]
    if len(filled) == 1 and (word := filled[0].split(maxsplit=1)[0]) in _AUTOMATIC:
        return [line.replace(word, f"%{word}", 1) if line.strip() else line for line in lines]
    return lines


def is_candidate(line: str) -> bool:
    """Whether the line may be IPython's syntax, where Python does not understand it."""
    text = line.strip()
    return bool(text) and (text[0] in "%!?,;/" or text.endswith("?") or ("=" in text and _assigned(text) is not None))


def read_line(line: str, number: int) -> MagicLine | None:
    """The line as IPython reads it, or None where it is nothing of IPython's."""
    text = line.strip()
    if not text:
        return None
    indent = line[: len(line) - len(line.lstrip())]
    helped = _HELP.search(text)
    if text[0] == "?" or helped:
        asked = helped["text"] if helped else text.strip("?").strip()
        return MagicLine(Magic(number, "help", "?", asked), indent, "None")
    if text[0] == "!":
        command = text.lstrip("!").strip()
        return MagicLine(Magic(number, "shell", "!", command), indent, f"get_ipython().system({command!r})")
    if text[0] == "%":
        return _percent(text.lstrip("%"), number, indent, len(line) - len(line.lstrip()) + 1, ())
    assigned = _assigned(text)
    if assigned:
        names = tuple(re.findall(r"[^\W\d]\w*", assigned["targets"]))
        prefix = indent + text[: assigned.start("escape")]
        if assigned["escape"] == "%":
            return _percent(assigned["rest"], number, prefix, len(indent) + assigned.start("rest"), names)
        command = assigned["rest"].strip()
        magic = Magic(number, "shell", "!", command, names)
        return MagicLine(magic, prefix, f"get_ipython().getoutput({command!r})")
    if text[0] in ",;/":
        return MagicLine(Magic(number, "auto", text[0], text[1:].strip()), indent, "None")
    return None


def read_cell_magic(line: str) -> tuple[str, str, tuple[str, ...]]:
    """Name, argument and bound names of a cell's ``%%`` first line."""
    name, _, text = line.strip()[2:].partition(" ")
    words = [word for word in text.split() if not word.startswith("-")]
    bound: list[str] = []
    if name in ("capture", "bigquery") and words:
        bound = words[:1]
    elif name in ("bash", "sh", "script", "python", "python3", "perl", "ruby"):
        bound = re.findall(r"--(?:out|err|proc)[ =]+(\w+)", text)
    elif name == "R":
        bound = [each for group in re.findall(r"(?:-o|--output[ =])\s*([\w,]+)", text) for each in group.split(",")]
    elif name == "sql":
        bound = re.findall(r"(\w+)\s*<<", text)
    return name, text.strip(), tuple(each for each in bound if each.isidentifier())


def _assigned(text: str) -> re.Match[str] | None:
    return _ASSIGNED.match(text)


def _percent(rest: str, number: int, prefix: str, at: int, names: tuple[str, ...]) -> MagicLine:
    name, _, argument = rest.partition(" ")
    text = argument.strip()
    code, code_at = "", 0
    if name in PYTHON_LINE:
        start = len(argument) - len(argument.lstrip())
        options = _OPTIONS.match(argument, start)
        start = options.end() if options else start
        code, code_at = argument[start:].rstrip(), at + len(name) + 1 + start
    if name == "store" and text.startswith("-r"):
        names = tuple(word for word in text.split()[1:] if word.isidentifier())
    elif name == "sql" and "<<" in text:
        names = tuple(re.findall(r"(\w+)\s*<<", text))
    magic = Magic(number, "line", name, text, names)
    return MagicLine(magic, prefix, f"get_ipython().run_line_magic({name!r}, {text!r})", code, code_at)
