"""A table that travels with a model grows old: rows that are no longer found in it are an alarm of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from handoff_ext.contracts.profile import Lookup
from handoff_ext.monitor.checking import check
from handoff_ext.monitor.lookups import Known
from handoff_ext.publish.inside.lookups import known_keys
from tests.monitor.streams import Stream, after

JOIN = [{"table": "weather", "keys": ["origin", "hour"]}]


def test_keys_are_spelled_as_the_record_spells_them() -> None:
    weather = pd.DataFrame({"origin": ["JFK", "JFK", "EWR"], "hour": [1.0, 2.0, np.nan], "temp": [3.0, 4.0, 5.0]})
    rows = pd.DataFrame({"origin": ["JFK", "LGA", "JFK", None], "hour": [1, 1, 2, 2]})
    (found,) = known_keys(JOIN, {"table weather": weather, "table other": rows}, rows, [])
    assert found["found"] == pytest.approx(2 / 3), "a row without a key is not looked up"
    known = Known(Lookup.model_validate(found))
    logged = pa.table({"in:origin": ["JFK", "LGA", "JFK", None, "EWR"], "in:hour": [1.0, 1.0, 3.0, 1.0, 2.0]})
    assert known.absent(logged).tolist() == [False, True, True, False, True]
    assert known.absent(logged.select(["in:origin"])).tolist() == [False] * 5, "half a key is none"


@pytest.mark.parametrize(
    ("kept", "hidden"),
    [
        ({}, []),
        ({"table weather": pd.DataFrame({"origin": ["JFK"], "hour": [1]})}, ["origin"]),
        ({"table weather": pd.DataFrame({"origin": [("J", "F")], "hour": [1]})}, []),
    ],
)
def test_what_cannot_be_watched_is_left_out(kept: dict[str, pd.DataFrame], hidden: list[str]) -> None:
    rows = pd.DataFrame({"origin": ["JFK"], "hour": [1]})
    assert known_keys(JOIN, kept, rows, hidden) == []


def test_rows_that_are_not_found_are_an_alert_with_the_table_named(tmp_path: Path) -> None:
    stream = Stream(tmp_path, rows=200)
    carriers = {"carriers": pd.DataFrame({"carrier": ["AA", "DL", "UA", "WN"]})}
    rows = pd.DataFrame({"carrier": ["AA", "DL", "UA"]})
    (found,) = known_keys([{"table": "carriers", "keys": ["carrier"]}], carriers, rows, [])
    stream.version.profile.lookups = [Lookup.model_validate(found)]
    stream.version.profile.inputs.pop("carrier")
    for day in range(10):
        stream.log(day, (lambda frame: frame["carrier"].__setitem__(slice(0, 20), "B6")) if day > 6 else None)
    assert check(stream.version, stream.ledger, after(6)).alerts == []
    (alert,) = check(stream.version, stream.ledger, after(9)).alerts
    assert alert.cause == "stale table"
    assert alert.what == (
        "4 of 100 rows are not found in carriers, which travels with the model, by carrier, since 11 Mar 2013."
    )
    assert alert.to_do.startswith("Train again with today's table")
