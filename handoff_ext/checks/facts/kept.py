"""A value that is made when it is first asked for, then kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

Value = TypeVar("Value")


class kept(Generic[Value]):
    """``functools.cached_property`` without its lock: facts are made by one thread, thousands of them a second."""

    def __init__(self, make: Callable[[Any], Value]) -> None:
        self.make = make
        self.name = make.__name__
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, owner: None, kind: type) -> kept[Value]: ...

    @overload
    def __get__(self, owner: object, kind: type) -> Value: ...

    def __get__(self, owner: object | None, kind: type) -> kept[Value] | Value:
        if owner is None:
            return self
        value = self.make(owner)
        owner.__dict__[self.name] = value
        return value
