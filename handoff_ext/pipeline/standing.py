"""Whether a notebook's code finds files or modules only from its own folder, where stages do not run.

Asked once the paths that are written down have become parameters: what is left names a relative path in a way that
cannot be followed, asks for the working folder, or imports what may lie beside the notebook.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Mapping, Sequence

from handoff_ext.dataflow.known import KNOWN_MODULES, READING_FUNCTIONS, READING_METHODS
from handoff_ext.dataflow.sharing import dotted
from handoff_ext.pipeline.literals import is_absolute, is_url, looks_like_data

_WORKING_FOLDER = frozenset({"os.getcwd", "os.getcwdb", "pathlib.Path.cwd"})
_FROM_HERE = frozenset(
    {"os.listdir", "os.scandir", "os.walk", "os.path.abspath", "os.path.realpath", "glob.glob", "glob.iglob"}
    | {"pathlib.Path"}
)
"""Functions that mean the working folder when they are given none, or a relative one."""
_MODULES = KNOWN_MODULES | sys.stdlib_module_names | {"google", "pkg_resources", "setuptools", "ipykernel", "jupyter"}


def needs_own_folder(
    trees: Sequence[ast.Module], imports: Mapping[str, str], named: Iterable[str], functions: frozenset[str]
) -> bool:
    """Whether the code has to run from the notebook's folder. ``named``: names of paths that are given from outside;
    ``functions``: the notebook's own."""
    known = _led_from({*named, *(name for tree in trees for name in _constants(tree))}, trees)
    constants = {id(value) for tree in trees for value in [*_parameters(tree), *_ends(tree, known)]}
    for tree in trees:
        inside = {each.arg for node in ast.walk(tree) for each in ast.walk(node) if isinstance(each, ast.arg)}
        for node in ast.walk(tree):
            match node:
                case ast.Import(names=aliases) if any(_unknown(alias.name) for alias in aliases):
                    return True
                case ast.ImportFrom(module=module, level=level) if level or _unknown(module or ""):
                    return True
                case ast.Constant(value=str() as text) if id(node) not in constants and _relative_data(text):
                    return True
                case ast.Call() if _from_here(node, imports) or _unfollowed(node, imports, known | inside | functions):
                    return True
    return False


def _parameters(tree: ast.Module) -> Iterable[ast.expr]:
    """Values of names bound to one text at the top level: they become parameters."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name()], value=ast.Constant(value=str()) as value):
                yield value
            case ast.AnnAssign(target=ast.Name(), value=ast.Constant(value=str()) as value):
                yield value
            case ast.Expr(value=ast.Constant() as value):
                yield value


def _constants(tree: ast.Module) -> Iterable[str]:
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str())):
                yield name
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str())):
                yield name


def _ends(tree: ast.Module, known: set[str]) -> Iterable[ast.expr]:
    """Texts put behind a known path: ``os.path.join(BASE, "a.csv")``, ``BASE / "a.csv"``."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=func, args=args):
                owner = _names(func.value) if isinstance(func, ast.Attribute) else set()
                if known & (owner | {each.id for each in args if isinstance(each, ast.Name)}):
                    yield from args
            case ast.BinOp(left=left, right=ast.Constant() as right) if _names(left) & known:
                yield right
            case ast.JoinedStr(values=values) if _names(node) & known:
                yield from values


def _led_from(known: set[str], trees: Sequence[ast.Module]) -> set[str]:
    """These names and those bound to something that is put together from them."""
    bound: list[tuple[set[str], set[str]]] = []
    for tree in trees:
        for node in ast.walk(tree):
            match node:
                case ast.Assign(targets=targets, value=value):
                    bound += [(_names(target), _names(value)) for target in targets]
                case (
                    ast.For(target=target, iter=value)
                    | ast.comprehension(target=target, iter=value)
                    | ast.withitem(context_expr=value, optional_vars=ast.expr() as target)
                ):
                    bound.append((_names(target), _names(value)))
    found, before = set(known), -1
    while len(found) != before:
        before = len(found)
        for made, names in bound:
            if names & found:
                found |= made
    return found


def _from_here(node: ast.Call, imports: Mapping[str, str]) -> bool:
    path = _path(node, imports)
    if path in _WORKING_FOLDER:
        return True
    if path not in _FROM_HERE:
        return False
    match node.args:
        case []:
            return not node.keywords
        case [ast.Constant(value=str() as text), *_]:
            return not is_absolute(text) and not is_url(text)
    return False


def _unfollowed(node: ast.Call, imports: Mapping[str, str], known: set[str] | frozenset[str]) -> bool:
    """Whether a call reads from a place that is put together from nothing known."""
    path = _path(node, imports)
    method = node.func.attr if isinstance(node.func, ast.Attribute) and not path else ""
    reads = path in READING_FUNCTIONS or (isinstance(node.func, ast.Name) and node.func.id == "open")
    if not node.args or not (reads or method in READING_METHODS & {"read_csv", "read_excel", "read_parquet"}):
        return False
    names = _names(node.args[0]) - set(imports)
    return bool(names) and not names & known


def _relative_data(text: str) -> bool:
    """A data file's name; a sentence that ends in one is none."""
    return " " not in text.strip() and looks_like_data(text) and not is_absolute(text) and not is_url(text)


def _unknown(module: str) -> bool:
    return module.partition(".")[0] not in _MODULES


def _path(node: ast.Call, imports: Mapping[str, str]) -> str:
    root, dot, rest = dotted(node.func).partition(".")
    return f"{imports[root]}{dot}{rest}" if root in imports else ""


def _names(node: ast.expr) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
