"""Gives a pipeline's own modules a package name that no other version has, so that several can be loaded at once."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import os
import re
import sys
from typing import Any


class Rehome:
    """Finds ``import definitions`` and the like in the pipeline's folder; gives the copy in the version's package."""

    def __init__(self, folder: str, package: str, code: str) -> None:
        self.folder, self.package, self.code = folder, package, code
        self.names = sorted(name[:-3] for name in os.listdir(folder) if name.endswith(".py") and name != "conftest.py")
        self.specs: dict[str, Any] = {}

    def install(self) -> None:
        """Make the package and be asked first from now on."""
        inside = os.path.join(self.code, self.package)
        os.makedirs(inside, exist_ok=True)
        write(os.path.join(inside, "__init__.py"), '"""The modules of one published version."""\n')
        sys.path.insert(0, self.code)
        sys.meta_path.insert(0, self)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:  # noqa: ARG002
        """The import system asks: only for top-level names that are files of the pipeline."""
        if path is None and name in self.names:
            return importlib.util.spec_from_loader(name, self)  # type: ignore[arg-type]
        return None

    def create_module(self, spec: Any) -> Any:
        """Copy the module into the package and import it from there."""
        with open(os.path.join(self.folder, spec.name + ".py"), encoding="utf-8") as file:
            source = relative_imports(file.read(), self.names)
        write(os.path.join(self.code, self.package, spec.name + ".py"), source)
        importlib.invalidate_caches()
        module = importlib.import_module("%s.%s" % (self.package, spec.name))
        self.specs[spec.name] = module.__spec__
        return module

    def exec_module(self, module: Any) -> None:
        """It ran already; give back what the import system wrote over."""
        module.__spec__ = self.specs[module.__name__.rpartition(".")[2]]


def relative_imports(source: str, names: list[str]) -> str:
    """The source with ``from definitions import f`` as ``from .definitions import f``, nothing else changed."""
    lines = source.splitlines(keepends=True)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module in names:
            lines[node.lineno - 1] = re.sub(
                r"\bfrom(\s+)%s\b" % re.escape(str(node.module)), r"from\1.%s" % node.module, lines[node.lineno - 1]
            )
        elif isinstance(node, ast.Import) and len(node.names) == 1 and node.names[0].name in names:
            line = lines[node.lineno - 1]
            lines[node.lineno - 1] = line[: node.col_offset] + "from . " + line[node.col_offset :]
    return "".join(lines)


def write(path: str, text: str) -> None:
    """Write a text file."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
