"""Cells that may run before their turn: they only import and define, and read nothing that another stage makes."""

from __future__ import annotations

import ast
from pathlib import Path

from handoff_ext.cells.python import parse_cell

_OURS = {"definitions", "features"}


def only_defines(source: str, folder: Path) -> bool:
    """Whether a cell consists of imports, constants, functions and classes.

    A module of the pipeline's own ``folder`` counts only where extraction wrote it: another may be written by a stage.
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
        case ast.Assign(value=value) | ast.AnnAssign(value=value) if value is not None:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            return all(isinstance(target, ast.Name) for target in targets) and _constant(value)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            arguments = statement.args
            given = [*arguments.defaults, *(each for each in arguments.kw_defaults if each is not None)]
            return not statement.decorator_list and all(_constant(each) for each in given)
        case ast.ClassDef(decorator_list=[], keywords=[], bases=bases, body=body):
            plain = all(isinstance(base, ast.Name | ast.Attribute) for base in bases)
            return plain and all(_harmless(each, folder) for each in body)
        case ast.Expr(value=ast.Constant()) | ast.Pass():
            return True
    return False


def _constant(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def _elsewhere(module: str, folder: Path) -> bool:
    top = module.partition(".")[0]
    return top in _OURS or not ((folder / f"{top}.py").exists() or (folder / top).is_dir())
