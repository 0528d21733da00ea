"""Cells that may run before their turn: they only import and define, and read nothing that another stage makes."""

from __future__ import annotations

import ast
from functools import lru_cache
from pathlib import Path

from handoff_ext.cells.python import parse_cell

_OURS = {"definitions", "features"}
_DECORATORS = {
    *("abstractmethod", "cache", "cached_property", "classmethod", "contextmanager", "dataclass", "jit", "lru_cache"),
    *("njit", "overload", "property", "staticmethod", "total_ordering"),
}


def only_defines(source: str, folder: Path) -> bool:
    """Whether a cell consists of imports, constants, functions and classes.

    A module of the pipeline's own ``folder`` counts only where extraction wrote it and it does no more than that
    either: another may be written by a stage.
    """
    parsed = parse_cell(source)
    if parsed.magics or (parsed.tree is None and source.strip()):
        return False
    return parsed.tree is None or all(_harmless(statement, folder) for statement in parsed.tree.body)


def _harmless(statement: ast.stmt, folder: Path) -> bool:
    match statement:
        case ast.Import(names=names):
            return all(_elsewhere(name.name, folder) for name in names)
        case ast.ImportFrom(module=module, level=level):
            return level == 0 and _elsewhere(module or "", folder)
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=final):
            inner = [*body, *orelse, *final, *(each for handler in handlers for each in handler.body)]
            return all(_harmless(each, folder) for each in inner)
        case ast.AnnAssign(value=None):
            return True
        case ast.Assign(value=value) | ast.AnnAssign(value=value) if value is not None:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            return all(isinstance(target, ast.Name) for target in targets) and _constant(value)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            arguments = statement.args
            given = [*arguments.defaults, *(each for each in arguments.kw_defaults if each is not None)]
            return all(map(_decorates, statement.decorator_list)) and all(_constant(each) for each in given)
        case ast.ClassDef(decorator_list=decorators, keywords=keywords, bases=bases, body=body):
            given = [*bases, *(keyword.value for keyword in keywords)]
            plain = all(isinstance(each, ast.Name | ast.Attribute) or _constant(each) for each in given)
            return plain and all(map(_decorates, decorators)) and all(_harmless(each, folder) for each in body)
        case ast.Expr(value=ast.Constant()) | ast.Pass():
            return True
    return False


def _constant(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def _decorates(decorator: ast.expr) -> bool:
    """Whether a decorator is one of those that only wrap."""
    if isinstance(decorator, ast.Call):
        given = [*decorator.args, *(keyword.value for keyword in decorator.keywords)]
        return _decorates(decorator.func) and all(_constant(each) for each in given)
    name = decorator.attr if isinstance(decorator, ast.Attribute) else getattr(decorator, "id", "")
    return name in _DECORATORS


def _elsewhere(module: str, folder: Path) -> bool:
    top = module.partition(".")[0]
    file = folder / f"{top}.py"
    if top in _OURS and file.is_file():
        return _only_defines_file(file, file.stat().st_mtime_ns)
    return not (file.exists() or (folder / top).is_dir())


@lru_cache(maxsize=32)
def _only_defines_file(file: Path, _: int) -> bool:
    try:
        # A folder without modules: what one of ours imports of the pipeline's own again would have no end.
        return only_defines(file.read_text(encoding="utf-8"), file.parent / "stages")
    except (OSError, UnicodeDecodeError):
        return False
