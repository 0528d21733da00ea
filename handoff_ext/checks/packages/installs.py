"""Installs inside a notebook: ``!pip install``, ``%pip install``, ``!conda install``."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handoff_ext.checks.facts.cell import CellFacts
from handoff_ext.checks.packages.declared import normal
from handoff_ext.checks.words import words

if TYPE_CHECKING:
    from handoff_ext.checks.facts.notebook import NotebookFacts

_INSTALL = re.compile(
    r"(?:^|&&|;|\bsudo\s+)\s*(?:python3?\s+-m\s+|\{?sys\.executable\}?\s+-m\s+)?"
    r"(?P<tool>pip3?|uv pip|conda|mamba|apt-get|apt|easy_install)"
    r"\s+(?:-\w+\s+)*install\b(?P<rest>[^&;|\n]*)"
)
_TAKES_VALUE = words(
    """
    -i --index-url --extra-index-url -f --find-links -r --requirement -c --constraint -t --target --trusted-host
    -n --name -p --prefix --proxy --timeout --root --platform
    """
)


@dataclass(frozen=True, slots=True)
class Install:
    """One install. ``packages`` as they are written; ``line`` and ``end_line`` the lines it takes."""

    tool: str
    packages: tuple[str, ...]
    line: int
    end_line: int
    alone: bool

    @property
    def python(self) -> bool:
        """Whether the packages are Python's own."""
        return "pip" in self.tool or self.tool == "easy_install"

    @property
    def unpinned(self) -> tuple[str, ...]:
        """Packages without an exact version or commit."""
        return tuple(each for each in self.packages if not re.search(r"===?|@[0-9a-f]{7,40}|\.whl|\.tar\.gz", each))


def installs_of(facts: CellFacts) -> Iterator[Install]:
    """The installs of a cell."""
    if "install" not in facts.source:
        return
    yield from _in_calls(facts, {magic.line for magic in facts.parsed.magics})
    for magic in facts.parsed.magics:
        if magic.kind not in ("line", "shell", "cell"):
            continue
        if magic.kind == "cell" and magic.name not in ("bash", "sh", "!", "script", "system"):
            continue
        end = magic.line
        while end < len(facts.lines) and facts.lines[end - 1].endswith("\\"):
            end += 1
        text = " ".join(line.rstrip("\\") for line in facts.lines[magic.line - 1 : end]).strip().lstrip("!%")
        body = [(magic.line, end, text)]
        if magic.kind == "cell":
            body = [(number, number, line) for number, line in enumerate(facts.lines[magic.line :], magic.line + 1)]
        for line, last, command in body:
            for found in _INSTALL.finditer(command):
                packages = tuple(_packages(found["rest"]))
                yield Install(found["tool"], packages, line, last, found[0].strip() == command.strip())


def installed_inline(notebook: NotebookFacts) -> frozenset[str]:
    """Normal names of the distributions that the notebook itself installs."""
    if "install" not in notebook.text:
        return frozenset()
    every = (package for _, facts in notebook.code for one in installs_of(facts) for package in one.packages)
    return frozenset(normal(re.split(r"[=<>!~\[@; ]", each, maxsplit=1)[0]) for each in every)


def _in_calls(facts: CellFacts, magic_lines: set[int]) -> Iterator[Install]:
    """``subprocess.run([sys.executable, "-m", "pip", "install", "x"])``, ``os.system("pip install x")``.

    A line of ``magic_lines`` is a call of IPython's only once it is transformed: it is read as it is written.
    """
    for call in facts.walked.calls:
        if call.node.lineno in magic_lines:
            continue
        if call.name.rpartition(".")[2] not in _STARTS or not call.node.args:
            continue
        given = call.node.args[0]
        words = given.elts if isinstance(given, ast.List | ast.Tuple) else [given]
        texts = [each.value for each in words if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        command = " ".join(texts).removeprefix("-m ")
        for found in _INSTALL.finditer(command):
            line, end = call.node.lineno, call.node.end_lineno or call.node.lineno
            yield Install(found["tool"], tuple(_packages(found["rest"])), line, end, False)


_STARTS = words("run call check_call check_output Popen system popen getoutput")


def _packages(rest: str) -> Iterator[str]:
    try:
        given = shlex.split(rest.partition(" #")[0])
    except ValueError:
        given = rest.split()
    skip = False
    for word in given:
        if skip:
            skip = False
        elif word in _TAKES_VALUE:
            skip = True
        elif word[:1] not in ("-", ">", "2", "{", "$", ".", "/", "#") and word[0] not in "&|":
            yield word
