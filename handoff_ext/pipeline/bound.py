"""Objects that mean something in one process only: connections, locks, open files; and which can be made again."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from handoff_ext.dataflow.sharing import dotted

_BOUND = {
    "sqlite3.connect": "a database connection",
    "psycopg2.connect": "a database connection",
    "pymysql.connect": "a database connection",
    "mysql.connector.connect": "a database connection",
    "pyodbc.connect": "a database connection",
    "cx_Oracle.connect": "a database connection",
    "duckdb.connect": "a database connection",
    "sqlalchemy.create_engine": "a database connection",
    "sqlalchemy.engine.create_engine": "a database connection",
    "pymongo.MongoClient": "a database connection",
    "threading.Lock": "a lock",
    "threading.RLock": "a lock",
    "threading.Thread": "a thread",
    "threading.Event": "a lock",
    "multiprocessing.Pool": "a pool of processes",
    "multiprocessing.Lock": "a lock",
    "concurrent.futures.ThreadPoolExecutor": "a pool of threads",
    "concurrent.futures.ProcessPoolExecutor": "a pool of processes",
    "csv.reader": "a reader of an open file",
    "csv.writer": "a writer of an open file",
    "csv.DictReader": "a reader of an open file",
    "csv.DictWriter": "a writer of an open file",
    "pandas.ExcelFile": "an open file",
    "pandas.ExcelWriter": "an open file",
    "pandas.HDFStore": "an open file",
    "h5py.File": "an open file",
    "zipfile.ZipFile": "an open file",
    "tarfile.open": "an open file",
    "gzip.open": "an open file",
    "bz2.open": "an open file",
    "io.open": "an open file",
    "codecs.open": "an open file",
    "socket.socket": "a connection",
    "subprocess.Popen": "a running program",
    "xgboost.DMatrix": "a matrix of xgboost's",
    "tensorflow.Session": "a session",
    "tensorflow.compat.v1.Session": "a session",
}
_BUILT_IN = {"open": "an open file", "iter": "an iterator"}
_METHODS = {"cursor": "a database cursor", "connect": "a connection", "getOrCreate": "a session"}

_WORTH_THE_SAME = frozenset({"a database connection", "a connection", "a session", "a lock", "a matrix of xgboost's"})
_POOLS = frozenset({"a pool of processes", "a pool of threads"})
_LOOKED_UP_IN = frozenset({"pandas.ExcelFile", "pandas.HDFStore", "h5py.File", "zipfile.ZipFile"})
"""Files that are looked things up in: where they were read last does not matter, unlike with a reader of lines."""

REPEAT = "repeat"
"""The tag of a cell that makes something each step is to make again."""


def bound_to_process(callee: str, path: str) -> str:
    """What a call makes, in words, where that cannot be handed over; ``path`` is the function it names, if known."""
    if path:
        return _BOUND.get(path, "")
    if "." in callee:
        return _METHODS.get(callee.rpartition(".")[2], "")
    return _BUILT_IN.get(callee, "")


def made_again(node: ast.stmt, imports: Mapping[str, str]) -> str:
    """The name that a statement binds to something that a step can make for itself; empty where it does not.

    A generator, a reader or a file written to is none: it remembers how far it came.
    """
    match node:
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call)
            | ast.AnnAssign(target=ast.Name(id=name), value=ast.Call() as call)
        ):
            callee = dotted(call.func)
            root, dot, rest = callee.partition(".")
            path = f"{imports[root]}{dot}{rest}" if root in imports else ""
            what = bound_to_process(callee, path)
            given = [*call.args, *(keyword.value for keyword in call.keywords)]
            modes = {each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)}
            writes = any(len(mode) <= 3 and set(mode) & set("wax+") and set(mode) <= set("rwabtx+-") for mode in modes)
            if what in _WORTH_THE_SAME | _POOLS or (path in _LOOKED_UP_IN and not writes):
                return name
    return ""
