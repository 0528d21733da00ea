"""Rows against what a version takes: hard problems refuse a row, unlike values only mark its answer."""

from __future__ import annotations

import base64
import binascii
import datetime
import difflib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.serving import ProblemKind, Remark, RowProblem
from handoff_ext.serve.columns import Column

MAX_PROBLEMS = 20
WHOLE_BITS = {"integer": 31, "long": 63}
FLOAT32_MAX = 3.4028234663852886e38
Value = float | int | bool | str | list[Any] | dict[str, Any] | None


class RowsRefused(HandoffError):
    """Rows that the model does not take, with where and why."""

    def __init__(self, problems: Sequence[RowProblem], more: int = 0) -> None:
        self.problems = list(problems)
        first = self.problems[0]
        others = len(self.problems) + more - 1
        where = f"Row {first.row}" + (f", {first.field}" if first.field else "")
        also = f" And {others} more." if others else ""
        super().__init__(f"{where}: {_sentence(first)}{also}", "See the model's inputs in its card.")


def _sentence(problem: RowProblem) -> str:
    if problem.problem == "missing":
        return f"is missing; give {problem.expected}."
    if problem.problem == "extra":
        return f"is not an input; {problem.expected}."
    if problem.problem in ("unseen", "out of range"):
        return f"is unlike all known cases; give {problem.expected}."
    return f"must be {problem.expected}."


class _Bad(Exception):
    """A value that its column does not take."""

    def __init__(self, problem: ProblemKind) -> None:
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Checked:
    """Rows ready for the model: column by column, and for each row what is unlike the known cases."""

    count: int
    columns: dict[str, list[Value]]
    remarks: list[list[Remark]] = field(default_factory=list)


class Validator:
    """Checks rows against ``columns``; made once a version. ``extra``: ``flag`` where a column that is no input is
    left aside and marked, else it is refused."""

    def __init__(self, columns: Sequence[Column], extra: str | None = None) -> None:
        self.columns = tuple(columns)
        self.extra = extra
        self._plans = [(column, _converter(column), _unlike(column)) for column in columns]
        self._names = {column.name for column in columns}

    def check(self, rows: Sequence[object]) -> Checked:
        """Convert rows (mappings of name to JSON value) to columns.

        Raises:
            RowsRefused: with up to 20 problems, none of which holds a value of the row.
        """
        checked = Checked(len(rows), {column.name: [] for column in self.columns}, [])
        problems: list[RowProblem] = []
        more = 0
        for number, row in enumerate(rows, 1):
            found = self._check_row(number, row, checked)
            problems += found[: MAX_PROBLEMS - len(problems)]
            more += len(found)
        if problems:
            raise RowsRefused(problems, more - len(problems))
        return checked

    def _check_row(self, number: int, row: object, checked: Checked) -> list[RowProblem]:
        if not isinstance(row, Mapping):
            expected = "an object with one value for each input"
            return [RowProblem(row=number, field="", problem="not a row", expected=expected)]
        problems: list[RowProblem] = []
        remarks: list[Remark] = []
        for column, convert, unlike in self._plans:
            value: Value = None
            problem: ProblemKind | None = None
            try:
                if column.name in row:
                    value = convert(row[column.name])
                elif column.required or column.bad.missing is not None:
                    raise _Bad("missing")
                if value is not None and unlike(value):
                    problem = "unseen" if column.choices else "out of range"
            except _Bad as bad:
                problem = bad.problem
            if problem is not None:
                outcome = column.outcome(problem)
                if outcome == "reject":
                    problems.append(
                        RowProblem(row=number, field=column.name, problem=problem, expected=column.expected)
                    )
                    continue
                usable = problem in ("unseen", "out of range") and outcome == "flag"
                value = value if usable else column.filled
                imputed = outcome == "impute"
                remarks.append(
                    Remark(field=column.name, known=column.known, imputed=imputed, problem=None if usable else problem)
                )
            checked.columns[column.name].append(value)
        if len(row) > len(self._names) or not row.keys() <= self._names:
            extra = [self._extra(number, name) for name in row if name not in self._names]
            if self.extra == "flag":
                remarks += [Remark(field=each.field, known=each.expected, problem="extra") for each in extra]
            else:
                problems += extra
        checked.remarks.append(remarks)
        return problems

    def _extra(self, number: int, name: object) -> RowProblem:
        text = str(name)
        shown = text[:64] if text.isprintable() else "(unprintable)"
        near = difflib.get_close_matches(text[:64], self._names, 1)
        expected = f"did you mean {near[0]}?" if near else "leave it out"
        return RowProblem(row=number, field=shown, problem="extra", expected=expected)


Converter = Callable[[object], Value]


def _converter(column: Column) -> Converter:
    convert: Callable[[Any], Value] = {
        "number": _number32 if column.type == "float" else _number,
        "whole": _whole(WHOLE_BITS.get(column.type, 63)),
        "yes/no": _boolean,
        "text": _text,
        "date": _date,
        "bytes": _bytes,
        "other": _anything,
    }[column.kind]

    def checked(value: object) -> Value:
        if value is None:
            if column.nullable and column.bad.null is None:
                return None
            raise _Bad("null")
        return convert(value)

    return checked


def _number(value: object) -> Value:
    kind = type(value)
    if kind is int:
        try:
            value = float(value)  # type: ignore[arg-type]
        except OverflowError:
            raise _Bad("too large") from None
    elif kind is not float:
        raise _Bad("mistyped")
    assert isinstance(value, float)
    if not math.isfinite(value):
        raise _Bad("not a number" if math.isnan(value) else "infinite")
    return value


def _number32(value: object) -> Value:
    number = _number(value)
    assert isinstance(number, float)
    if abs(number) > FLOAT32_MAX:
        raise _Bad("too large")
    return number


def _whole(bits: int) -> Converter:
    low, high = -(2**bits), 2**bits - 1

    def whole(value: object) -> Value:
        # In JSON 3 and 3.0 are the same number.
        if type(value) is float and math.isfinite(value) and value.is_integer():
            value = int(value)
        if type(value) is not int:
            raise _of_another_type(value)
        if not low <= value <= high:
            raise _Bad("too large")
        return value

    return whole


def _of_another_type(value: object) -> _Bad:
    """NaN and infinity are kinds of their own also where text is wanted: NaN is how many libraries write a gap."""
    if type(value) is float and not math.isfinite(value):
        return _Bad("not a number" if math.isnan(value) else "infinite")
    return _Bad("mistyped")


def _boolean(value: object) -> Value:
    if type(value) is not bool:
        raise _of_another_type(value)
    return value


def _text(value: object) -> Value:
    if type(value) is not str:
        raise _of_another_type(value)
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:  # half of a surrogate pair: JSON can hold it, no encoder can
            raise _Bad("mistyped") from None
    return value


def _date(value: object) -> Value:
    if type(value) is not str:
        raise _of_another_type(value)
    try:
        moment = datetime.datetime.fromisoformat(value)
    except ValueError:
        raise _Bad("mistyped") from None
    if moment.tzinfo is not None:
        try:
            moment = moment.astimezone(datetime.UTC).replace(tzinfo=None)
        except OverflowError:
            raise _Bad("too large") from None
    # What a nanosecond timestamp of 64 bits can hold.
    if not 1678 <= moment.year <= 2261:
        raise _Bad("too large")
    return moment.isoformat()


def _bytes(value: object) -> Value:
    if type(value) is not str:
        raise _of_another_type(value)
    try:
        base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise _Bad("mistyped") from None
    return value


def _anything(value: object) -> Value:
    if isinstance(value, float) and not math.isfinite(value):
        raise _Bad("not a number")
    if isinstance(value, str | int | float | bool | list | dict):
        return value
    raise _Bad("mistyped")


def _unlike(column: Column) -> Callable[[Any], bool]:
    if column.choices:
        choices = frozenset(column.choices)
        return lambda value: str(value) not in choices
    if column.low is not None and column.high is not None:
        low, high = column.low, column.high
        return lambda value: not low <= value <= high
    return lambda _: False
