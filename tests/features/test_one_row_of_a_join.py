"""A row alone finds in a large kept table what it finds among others, without a look at all of the table."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from handoff_ext.features.inside import learned

LARGE = 6_000
TOWNS = pd.DataFrame(
    {
        "town": [f"t{index}" for index in range(LARGE)],
        "side": [index % 2 for index in range(LARGE)],
        "people": range(LARGE),
        "mayor": pd.Series([f"m{index}" for index in range(LARGE)], dtype=object),
    }
)
ROWS = pd.DataFrame(
    {"town": ["t5", "t77", "elsewhere", None, "t5", "t5999"], "side": [1, 1, 0, 0, 0, 1], "id": range(6)}
)
KEYS: dict[str, dict[str, Any]] = {
    "one key": {"on": "town"},
    "several keys": {"on": ["side", "town"]},
    "other names": {"left_on": ["town"], "right_on": ["place"]},
    "other numbers": {"left_on": ["id"], "right_on": ["half"]},
}


def _served(how: str, keys: dict[str, Any], beside: bool) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """What the join makes of all rows while learning, and of each alone afterwards."""
    table = TOWNS.rename(columns={"town": "place"}) if "place" in str(keys) else TOWNS
    if "half" in str(keys):
        table = table.assign(half=[float(index) for index in range(LARGE)])

    def transform(raw: pd.DataFrame, state: learned.State) -> Any:
        return state.merge("towns", raw, table.copy, how=how, **keys)

    state = learned.State(None, rows=len(ROWS))
    whole = transform(ROWS, state)
    came: Any = {}
    if beside:
        mine = keys.get("left_on", keys.get("on"))
        its = keys.get("right_on", keys.get("on"))
        found = ROWS[mine if isinstance(mine, list) else [mine]].merge(table, "left", left_on=mine, right_on=its)
        came = found[[each for each in table.columns if each not in ([its] if isinstance(its, str) else its)]]
    alone = []
    for index in range(len(ROWS)):
        given = {"join towns": came.iloc[[index]].reset_index(drop=True)} if beside else {}
        one = learned.State(state.kept, rows=1, beside=given)
        alone.append(transform(ROWS.iloc[[index]].reset_index(drop=True), one))
    return whole, alone


@pytest.mark.parametrize("keys", KEYS)
@pytest.mark.parametrize("how", ["left", "inner"])
def test_each_row_alone_is_as_among_the_others(how: str, keys: str) -> None:
    whole, alone = _served(how, KEYS[keys], beside=False)
    parts = [part for part in alone if len(part)]
    made = pd.concat(parts, ignore_index=True)
    assert list(made.columns) == list(whole.columns) and len(made) == len(whole)
    for column in whole:
        left, right = made[column].astype(object), whole[column].astype(object)
        assert left.where(left.notna(), None).tolist() == right.where(right.notna(), None).tolist()


@pytest.mark.parametrize("keys", ["one key", "several keys", "other names"])
def test_joined_columns_that_come_with_the_row_give_the_same(keys: str) -> None:
    whole, alone = _served("left", KEYS[keys], beside=True)
    made = pd.concat(alone, ignore_index=True)
    assert list(made.columns) == list(whole.columns)
    assert made["people"].tolist()[:2] == whole["people"].tolist()[:2] == [5, 77]
    assert made["people"].isna().tolist() == whole["people"].isna().tolist()
    assert [part["mayor"].dtype for part in alone] == [whole["mayor"].dtype] * len(ROWS)


def test_only_the_rows_in_question_are_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    merge = pd.DataFrame.merge

    def watched(self: pd.DataFrame, right: pd.DataFrame, *more: Any, **options: Any) -> pd.DataFrame:
        seen.append(len(right))
        return merge(self, right, *more, **options)

    monkeypatch.setattr(pd.DataFrame, "merge", watched)
    _served("left", KEYS["one key"], beside=False)
    # Learning sees all of it; so does a row without a key, which another row without one might match.
    assert seen == [LARGE, 1, 1, 1, LARGE, 1, 1]
