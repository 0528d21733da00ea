"""What a value has to do with the rows: the words by which code is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

What = Literal["plain", "schema", "learned", "group", "rows"]


@dataclass(frozen=True, slots=True)
class Kind:
    """``rows``: one value a row, or a table; ``learned``: taken from the whole table; ``group``: a table in groups;
    ``schema``: names and types of columns; ``plain``: nothing to do with it. ``table`` is the number of what was read.
    """

    what: What = "plain"
    table: int = -1


PLAIN = Kind()
_ORDER: tuple[What, ...] = ("plain", "schema", "learned", "group", "rows")


def together(kinds: Iterable[Kind]) -> Kind:
    """What is made of values of these kinds: the first of the strongest."""
    found = PLAIN
    for kind in kinds:
        if _ORDER.index(kind.what) > _ORDER.index(found.what):
            found = kind
    return Kind("rows", found.table) if found.what == "group" else found


REDUCES = frozenset(
    [
        "mean",
        "median",
        "mode",
        "std",
        "var",
        "sem",
        "min",
        "max",
        "sum",
        "prod",
        "product",
        "quantile",
        "value_counts",
        "unique",
        "nunique",
        "describe",
        "corr",
        "cov",
        "count",
        "idxmax",
        "idxmin",
        "skew",
        "kurt",
        "kurtosis",
        "agg",
        "aggregate",
        "memory_usage",
        "first",
        "last",
        "argmax",
        "argmin",
        "item",
        "mad",
        "any",
        "all",
        "corrwith",
        "first_valid_index",
        "last_valid_index",
        "crosstab",
        "pivot_table",
        "ptp",
        "tolist_unique",
    ]
)
"""Methods whose value is not one a row, unless they go along the row (``axis=1``)."""
REDUCING = frozenset(
    [
        "mean",
        "median",
        "std",
        "var",
        "min",
        "max",
        "sum",
        "prod",
        "percentile",
        "quantile",
        "unique",
        "nanmean",
        "nanmedian",
        "nanstd",
        "nanvar",
        "nanmin",
        "nanmax",
        "nansum",
        "nanpercentile",
        "nanquantile",
        "bincount",
        "histogram",
        "corrcoef",
        "cov",
        "amin",
        "amax",
        "argmax",
        "argmin",
        "average",
        "crosstab",
        "pivot_table",
        "mode",
        "zscore_stats",
        "iqr",
        "count_nonzero",
        "size",
    ]
)
"""The same as functions of numpy, pandas and scipy."""
SCHEMA = frozenset({"columns", "dtypes", "dtype", "ndim", "name", "keys"})
NUMBERS = frozenset({"shape", "size", "empty", "nrow", "categories"})
WHOLE_TABLE = {
    "shift": "the row before",
    "diff": "the row before",
    "pct_change": "the row before",
    "rolling": "the rows before",
    "expanding": "all rows before",
    "ewm": "the rows before",
    "resample": "all rows of a span",
    "rank": "all other rows",
    "cumsum": "all rows before",
    "cumprod": "all rows before",
    "cummax": "all rows before",
    "cummin": "all rows before",
    "cumcount": "all rows before",
    "ngroup": "all other rows",
    "ffill": "the row before",
    "bfill": "the row behind",
    "pad": "the row before",
    "backfill": "the row behind",
    "interpolate": "the rows around",
    "duplicated": "all other rows",
}
"""Methods that cannot be right on one row, and what they need."""
CHOOSING = frozenset(
    {"sample", "head", "tail", "drop_duplicates", "sort_values", "sort_index", "nlargest", "nsmallest"}
)
"""Methods by which training chooses or orders its rows."""
FILTERING = frozenset({"dropna", "query"})
EVERY_ROW = frozenset({"transform"})
