"""Whether two values are the same, all the way down: numbers with a tolerance, tables, arrays, models, cycles.

Runs in a kernel's environment (Python 3.8 and up, standard library; numpy, pandas and scipy only where values come from
them). Details name places, never the values themselves.
"""

from __future__ import annotations

import math
import re
import sys
import types
from typing import Any

PIPELINE = (1e-8, 1e-12)  # As in run/tolerance.py: relative and absolute.
AGAIN = (1e-12, 1e-15)
SINGLE = 1e4  # How much coarser numbers of 32 bits are.
TIME = re.compile(r"(^|_)(time|times|seconds|duration|elapsed|timestamp)(_|$)", re.IGNORECASE)
SCALARS = {int, str, bytes, bool, type(None)}
OWN = {"__main__", "definitions", "features"}


class Differ(Exception):
    """They differ; the message says where."""


class NotComparable(Exception):
    """Nothing can be said; the message says why."""


class Comparison:
    """Compares one pair.

    ``values``: how many single values were equal or close; ``difference``: the largest among those that are only close.
    Numbers may be as far apart as ``limits``; whole numbers are counts and never only close. ``times``: places named
    like a time where the two differ; only those in ``allowed`` (all, if None) may, so that a time that two runs of the
    notebook agree on has to be the same in the pipeline.
    """

    def __init__(self, limits: tuple[float, float], allowed: set[str] | None = None) -> None:
        self._limits = limits
        self.values = 0
        self.difference = 0.0
        self.times: set[str] = set()
        self._allowed = allowed
        self._seen: set[tuple[int, int]] = set()
        self._kept: list[Any] = []

    def same(self, a: Any, b: Any, where: str = "") -> None:
        """Compare ``a`` and ``b``. Raises ``Differ`` or ``NotComparable``."""
        if type(a) in SCALARS and type(a) is type(b):
            self.values += 1
            if a != b:
                raise Differ(self._at(where, "another value"))
            return
        if isinstance(a, (type, types.FunctionType, types.BuiltinFunctionType, types.ModuleType)):
            self._named(a, b, where)
            return
        if kind(a) != kind(b):
            raise Differ(self._at(where, "{} and {}".format(kind(a)[1], kind(b)[1])))
        if isinstance(a, (float, complex)):
            self._floats(a, b, where)
            return
        if (id(a), id(b)) in self._seen:
            return
        self._seen.add((id(a), id(b)))
        self._kept.append((a, b))  # An id stays taken only as long as its object lives.
        for module, name, compare in self._special():
            owner = getattr(sys.modules.get(module), name, None)
            if owner is not None and isinstance(a, owner):
                compare(a, b, where)
                return
        if isinstance(a, dict):
            self._dicts(a, b, where)
        elif isinstance(a, (list, tuple)):
            self._lists(list(a), list(b), where)
            if type(a) not in (list, tuple) and hasattr(a, "__dict__"):
                self.same(vars(a), vars(b), where)
        elif isinstance(a, (set, frozenset)):
            self._sets(a, b, where)
        else:
            self._objects(a, b, where)

    def _special(self) -> list[tuple[str, str, Any]]:
        return [
            ("numpy", "ndarray", self._arrays),
            ("numpy", "generic", self._numpy_scalars),
            ("pandas", "DataFrame", self._frames),
            ("pandas", "Series", self._series),
            ("pandas", "Index", self._indexes),
            ("pandas.api.extensions", "ExtensionArray", self._extension_arrays),
            ("scipy.sparse", "spmatrix", self._sparse),
            ("scipy.sparse", "sparray", self._sparse),
        ]

    def _floats(self, a: Any, b: Any, where: str) -> None:
        self.values += 1
        if a == b or (a != a and b != b):  # noqa: PLR0124
            return
        apart = abs(a - b)
        relative, absolute = self._limits
        counts = isinstance(a, float) and a.is_integer() and b.is_integer()
        if counts or not math.isfinite(apart) or apart > absolute + relative * max(abs(a), abs(b)):
            if self._time(where):
                return
            raise Differ(self._at(where, "differs by {:.3g}".format(apart)))
        self.difference = max(self.difference, apart)

    def _dicts(self, a: Any, b: Any, where: str) -> None:
        if len(a) != len(b) or any(key not in b for key in a):
            raise Differ(self._at(where, "other keys"))
        for key in a:
            self.same(a[key], b[key], "{}.{}".format(where, key) if isinstance(key, str) else where + "[...]")
        if hasattr(a, "default_factory"):
            self.same(a.default_factory, b.default_factory, where)

    def _lists(self, a: list[Any], b: list[Any], where: str) -> None:
        if len(a) != len(b):
            raise Differ(self._at(where, "{} and {} elements".format(len(a), len(b))))
        if set(map(type, a)) <= SCALARS and list(map(type, a)) == list(map(type, b)) and a == b:
            self.values += len(a)
            return
        for number, (one, other) in enumerate(zip(a, b)):
            self.same(one, other, "{}[{}]".format(where, number))

    def _sets(self, a: Any, b: Any, where: str) -> None:
        if a == b:
            self.values += len(a)
            return
        if len(a) != len(b):
            raise Differ(self._at(where, "{} and {} elements".format(len(a), len(b))))
        self._lists(sorted(a, key=repr), sorted(b, key=repr), where)

    def _arrays(self, a: Any, b: Any, where: str) -> None:
        import numpy

        if a.dtype != b.dtype or a.shape != b.shape:
            raise Differ(self._at(where, "{} {} and {} {}".format(a.dtype, a.shape, b.dtype, b.shape)))
        if isinstance(a, numpy.ma.MaskedArray):
            self._arrays(numpy.ma.getmaskarray(a), numpy.ma.getmaskarray(b), where)
            self._arrays(a.filled(), b.filled(), where)
        elif a.dtype.names:
            for name in a.dtype.names:
                self._arrays(a[name], b[name], "{}.{}".format(where, name))
        elif a.dtype.kind == "O":
            self._lists(list(a.ravel()), list(b.ravel()), where)
        elif a.dtype.kind in "fc":
            self._float_arrays(a, b, where)
        else:
            one, other = (x.view("i8") if a.dtype.kind in "mM" else x for x in (a, b))  # No time is a number there.
            self.values += a.size
            if not numpy.array_equal(one, other):
                raise Differ(self._at(where, "{} of {} values".format(int((one != other).sum()), a.size)))

    def _float_arrays(self, a: Any, b: Any, where: str) -> None:
        import numpy

        apart = ~((a == b) | (numpy.isnan(a) & numpy.isnan(b)))
        self.values += a.size
        if not apart.any():
            return
        one, other = a[apart], b[apart]
        with numpy.errstate(all="ignore"):
            distance = numpy.abs(one - other).astype("f8")
            relative, absolute = (limit * (SINGLE if a.dtype.itemsize <= 4 else 1) for limit in self._limits)
            near = distance <= absolute + relative * numpy.maximum(numpy.abs(one), numpy.abs(other)).astype("f8")
            near &= (numpy.rint(one) != one) | (numpy.rint(other) != other)
        if near.all():
            self.difference = max(self.difference, float(distance.max()))
        elif not self._time(where):
            raise Differ(self._at(where, "{} of {} values".format(int((~near).sum()), a.size)))

    def _numpy_scalars(self, a: Any, b: Any, where: str) -> None:
        import numpy

        self._arrays(numpy.asarray(a), numpy.asarray(b), where)

    def _frames(self, a: Any, b: Any, where: str) -> None:
        if a.shape != b.shape:
            raise Differ(self._at(where, "{} and {} rows and columns".format(a.shape, b.shape)))
        self._indexes(a.columns, b.columns, where + ".columns")
        self._indexes(a.index, b.index, where + ".index")
        for number, name in enumerate(a.columns):
            self._columns(a.iloc[:, number], b.iloc[:, number], "{}.{}".format(where, name))

    def _series(self, a: Any, b: Any, where: str) -> None:
        if len(a) != len(b):
            raise Differ(self._at(where, "{} and {} rows".format(len(a), len(b))))
        self.same(a.name, b.name, where + ".name")
        self._indexes(a.index, b.index, where + ".index")
        self._columns(a, b, where)

    def _columns(self, a: Any, b: Any, where: str) -> None:
        if a.dtype != b.dtype:
            raise Differ(self._at(where, "{} and {}".format(a.dtype, b.dtype)))
        if isinstance(a.dtype, sys.modules["numpy"].dtype):
            self._arrays(a.to_numpy(), b.to_numpy(), where)
        else:
            self._extension_arrays(a.array, b.array, where)

    def _indexes(self, a: Any, b: Any, where: str) -> None:
        if len(a) != len(b) or a.nlevels != b.nlevels:
            raise Differ(self._at(where, "{} and {} entries".format(len(a), len(b))))
        self._lists(list(a.names), list(b.names), where)
        if a.nlevels > 1:
            for level in range(a.nlevels):
                self._indexes(a.get_level_values(level), b.get_level_values(level), where)
        else:
            self._columns(a, b, where)

    def _extension_arrays(self, a: Any, b: Any, where: str) -> None:
        if a.dtype != b.dtype or len(a) != len(b):
            raise Differ(self._at(where, "{} and {}".format(a.dtype, b.dtype)))
        if hasattr(a, "codes"):
            self._arrays(a.codes, b.codes, where)
            self._indexes(a.categories, b.categories, where)
            return
        missing = a.isna()
        self._arrays(missing, b.isna(), where)
        self._lists(list(a[~missing]), list(b[~missing]), where)

    def _sparse(self, a: Any, b: Any, where: str) -> None:
        if a.shape != b.shape:
            raise Differ(self._at(where, "{} and {}".format(a.shape, b.shape)))
        one, other = a.tocsr().copy(), b.tocsr().copy()
        for matrix in (one, other):
            matrix.sum_duplicates()
        for part in ("indptr", "indices", "data"):
            self._arrays(getattr(one, part), getattr(other, part), where)

    def _named(self, a: Any, b: Any, where: str) -> None:
        self.values += 1
        if name(a) != name(b):
            raise Differ(self._at(where, "{} and {}".format(name(a)[1], name(b)[1])))
        if isinstance(a, types.FunctionType) and isinstance(b, types.FunctionType):
            if code(a.__code__) != code(b.__code__):
                raise Differ(self._at(where, "another function"))
            self.same(a.__defaults__, b.__defaults__, where)

    def _objects(self, a: Any, b: Any, where: str) -> None:
        """Any other object by what pickle would keep of it."""
        try:
            one, other = a.__reduce_ex__(4), b.__reduce_ex__(4)
        except Exception as error:
            raise NotComparable(self._at(where, "{} cannot be compared".format(kind(a)[1]))) from error
        if isinstance(one, str):
            self.same(one, other, where)
            return
        one, other = unrolled(one), unrolled(other)
        self._kept.append((one, other))
        for x, y, part in zip(one, other, ("", ".args", "", "", "")):
            self.same(x, y, where + part)

    def _time(self, where: str) -> bool:
        """Whether what differs here is a measured time, which may."""
        if not TIME.search(where.rpartition(".")[2]) or (self._allowed is not None and where not in self._allowed):
            return False
        self.times.add(where)
        return True

    @staticmethod
    def _at(where: str, what: str) -> str:
        return "{}: {}".format(where.lstrip("."), what) if where else what


def kind(value: Any) -> tuple[str, str]:
    """A value's type by name; classes of the notebook's own are the same wherever they were defined."""
    return name(type(value))


def name(value: Any) -> tuple[str, str]:
    """Module and qualified name of a class, function or module."""
    module = str(getattr(value, "__module__", ""))
    own = str(getattr(value, "__qualname__", None) or getattr(value, "__name__", "?"))
    return ("" if module in OWN else module), own


def code(value: types.CodeType) -> tuple[Any, ...]:
    """What a function does, without where it stands."""
    constants = tuple(code(one) if isinstance(one, types.CodeType) else repr(one) for one in value.co_consts)
    return value.co_code, constants, value.co_names, value.co_varnames, value.co_freevars


def unrolled(reduced: tuple[Any, ...]) -> list[Any]:
    """What ``__reduce_ex__`` gave, with its iterators spelled out."""
    whole = list(reduced[:5]) + [None] * (5 - len(reduced[:5]))
    for place in (3, 4):
        if whole[place] is not None:
            whole[place] = list(whole[place])
    return whole
