"""What cannot be handed over in a file, and what needs more than plain pickle."""

from __future__ import annotations

from collections.abc import Mapping

from handoff_ext.dataflow.model import Definition
from handoff_ext.dataflow.resources import ENVIRONMENT
from handoff_ext.pipeline.handing import Incoming
from handoff_ext.pipeline.places import Inseparable
from handoff_ext.pipeline.units import Units

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
    "tensorflow.Session": "a session",
    "tensorflow.compat.v1.Session": "a session",
}
_BUILT_IN = {"open": "an open file", "iter": "an iterator"}
_METHODS = {"cursor": "a database cursor", "connect": "a connection", "getOrCreate": "a session"}


def check_transport(units: Units, stage: str, taken: Incoming) -> None:
    """Raise ``Inseparable`` for a name whose value means something in one process only."""
    for name, source in sorted(taken.stage.items()):
        if name == "<random numbers of tensorflow>":
            raise Inseparable(
                f"Step {stage} goes on with TensorFlow's random numbers, whose state cannot be handed over.",
                f"Seed them again at the beginning of step {stage}, or give those cells the same step.",
                (source, stage),
            )
        if name == ENVIRONMENT:
            cell = units.units[taken.maker[name]].cell.index + 1
            raise Inseparable(
                f"Cell {cell} (step {source}) sets environment variables to computed values, step {stage} reads them.",
                "Give those cells the same step, or pass the values on as names of the notebook.",
                (source, stage),
            )
        if name.startswith("<"):
            continue
        found = made_of(units, name, taken.maker[name])
        if found is None:
            continue
        unit, definition = found
        what = _unmovable(units, unit, definition)
        if what:
            cell = units.units[unit].cell.index + 1
            raise Inseparable(
                f"`{name}` (cell {cell}, line {definition.position.line}) is {what}, which cannot be handed from step "
                f"{source} to step {stage}.",
                f"Give the cells that use `{name}` the same step, or make it again in step {stage}.",
                (source, stage),
            )


def by_value(units: Units, names: Mapping[str, int]) -> bool:
    """Whether a bundle may hold functions that cannot be found by name: lambdas, functions made by functions."""
    for name, maker in names.items():
        found = made_of(units, name, maker)
        if found is None:
            continue
        unit, definition = found
        step = units.flow.steps[unit]
        if definition.lambdas or definition.kind in ("function", "class", "lambda"):
            return True
        function = step.known.functions.get(definition.made.removesuffix("()"))
        if function and function.makes:
            return True
        if any(
            other in step.known.functions and step.known.functions[other].kind == "lambda"
            for other in units.flow.ties.get(maker, {}).get(name, {})
        ):
            return True
    return False


def made_of(units: Units, name: str, maker: int) -> tuple[int, Definition] | None:
    """The last definition of a name at or before a unit."""
    for index in range(maker, -1, -1):
        definition = units.flow.steps[index].flow.definitions.get(name)
        if definition is not None and (index == maker or name in units.flow.steps[index].writes):
            return index, definition
    return None


def _unmovable(units: Units, unit: int, definition: Definition) -> str:
    if definition.made == "generator":
        return "a generator"
    if not definition.made.endswith("()"):
        return ""
    callee = definition.made.removesuffix("()")
    known = units.flow.steps[unit].known
    path = known.path(callee)
    if path:
        return _BOUND.get(path, "")
    function = known.functions.get(callee)
    if function:
        return "a generator" if function.generates else ""
    if "." in callee:
        return _METHODS.get(callee.rpartition(".")[2], "")
    return _BUILT_IN.get(callee, "")
