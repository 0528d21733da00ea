"""When two numbers are close: the same computation in another order, not another result."""

from __future__ import annotations

import math

# As in inside/deep.py, which cannot import from here.
PIPELINE = (1e-8, 1e-12)
"""Relative and absolute distance of notebook and pipeline that rounding may bring."""
AGAIN = (1e-12, 1e-15)
"""The same for two runs of one program: what threads adding in another order may bring."""


def same(one: float, other: float) -> bool:
    """Equal, or both not a number."""
    return one == other or (math.isnan(one) and math.isnan(other))


def close(one: float, other: float, limits: tuple[float, float] = PIPELINE) -> bool:
    """The same, or no further apart than ``limits``; whole numbers are counts and never only close."""
    if same(one, other):
        return True
    if not math.isfinite(one) or not math.isfinite(other) or (one.is_integer() and other.is_integer()):
        return False
    relative, absolute = limits
    return abs(one - other) <= absolute + relative * max(abs(one), abs(other))
