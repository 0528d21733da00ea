"""Which imports of a pipeline may be done once for all its kernels, before these are forked."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path

from handoff_ext.cells.python import parse_cell

_SAFE = {"joblib", "numpy", "pandas", "scipy", "sklearn"}
"""Libraries whose import does nothing but load them, wherever it stands; they bear a fork."""
_MATTERS = re.compile(
    r"\b(environ|putenv|set_env|env|pip|conda|mamba|uv|reload|importlib|settrace|setprofile|addaudithook)\b"
    r"|sys\.(modules|meta_path|path_hooks|flags|path\s*=|path\.insert|path\[)"
    r"|(filterwarnings|simplefilter)\(\s*(action\s*=\s*)?['\"]error"
)
"""Code that may change what an import does, or notice when it was done."""

Import = tuple[str, tuple[str, ...]]
"""A module, and the names taken from it."""


def imports(sources: Iterable[str], folder: Path) -> list[Import]:
    """The imports in these cells that may be done ahead, in order; none where some code may change what imports do."""
    found: dict[Import, None] = {}
    for source in sources:
        parsed = parse_cell(source)
        if _MATTERS.search(source):
            return []
        for node in parsed.tree.body if parsed.tree is not None else ():
            match node:
                case ast.Import(names=names):
                    found.update(dict.fromkeys((name.name, ()) for name in names))
                case ast.ImportFrom(module=str(module), names=names, level=0):
                    found[module, tuple(name.name for name in names if name.name != "*")] = None
    return [each for each in found if _safe(each[0].partition(".")[0], folder)]


def _safe(top: str, folder: Path) -> bool:
    return top in _SAFE and not (folder / f"{top}.py").exists() and not (folder / top).is_dir()
