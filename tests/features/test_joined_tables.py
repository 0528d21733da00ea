"""Tables joined to the rows: kept as training saw them, or given with each row where later rows have new keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from handoff_ext.publish.inside import joins, lift, same
from handoff_ext.publish.inside.lift import NotRaw
from tests.features.notebooks import Tried, run, table

START = """
import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split

df = pd.read_csv("houses.csv")
"""
SPLIT = """
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
model = Ridge()
model.fit(X_train, y_train)
guess = model.predict(X_test)
"""
LATER = """
X_train, X_test, y_train, y_test = X[:150], X[150:], y[:150], y[150:]
model = Ridge()
model.fit(X_train, y_train)
guess = model.predict(X_test)
"""
KEPT = {
    "method": 'df = df.merge(towns[["town", "people"]], on="town", how="left")',
    "function": 'df = pd.merge(df, towns, how="left", left_on="town", right_on="town")',
    "by place of the argument": 'df = df.merge(towns, "left", "town")',
    "changed before": 'towns["people"] = towns["people"] / 10\ndf = df.merge(towns, how="left")',
    "by label": 'df = df.join(towns.set_index("town"), on="town")',
    "mapped": 'df["people"] = df["town"].map(towns.set_index("town")["people"])',
}


@pytest.fixture(autouse=True)
def towns(tmp_path: Path) -> None:
    rows = {"town": ["Ade", "Bru", "Cor"], "people": [900, 40, 7], "mayor": ["Ann", "Ben", "Cy"]}
    pd.DataFrame(rows).to_csv(tmp_path / "towns.csv", index=False)
    days = table()["sold"]
    pd.DataFrame({"sold": days[days.index % 9 != 0], "rain": range(sum(days.index % 9 != 0))}).to_csv(
        tmp_path / "rain.csv", index=False
    )


def joined(join: str, folder: Path, end: str = SPLIT, column: str = "people", wanted: Any = None) -> Tried:
    read = 'towns = pd.read_csv("towns.csv")\nrain = pd.read_csv("rain.csv")\n'
    take = f'X, y = df[["area", "{column}"]].fillna(0), df["price"]'
    return run([START, read + join, take, end], folder, kept=wanted)


def same_as_training(tried: Tried) -> None:
    assert tried.lifted is not None
    [(positions, made)] = tried.lifted.model.prepared(tried.lifted.held)
    assert positions == list(range(len(tried.names["X_test"])))
    assert not same.differing(made, tried.names["X_test"])


@pytest.mark.parametrize("name", KEPT)
def test_a_small_table_is_kept_and_an_unknown_key_gets_what_the_join_gives(name: str, tmp_path: Path) -> None:
    tried = joined(KEPT[name], tmp_path)
    same_as_training(tried)
    assert tried.lifted is not None
    assert sorted(tried.lifted.needed) == ["area", "town"]
    [(_, made)] = tried.lifted.model.prepared(pd.DataFrame({"area": [50, 60], "town": ["Bru", "Nowhere"]}))
    assert made["people"].tolist() == [4 if name == "changed before" else 40, 0]


def test_what_is_kept_is_named_counted_and_hashed_and_holds_no_column_that_is_not_needed(tmp_path: Path) -> None:
    tried = joined('df = df.merge(towns.dropna(), on="town", how="left")', tmp_path)
    assert tried.lifted is not None
    [one] = tried.lifted.joined
    assert (one["table"], one["keys"], one["kept"], one["rows"]) == ("towns", ["town"], "lookup", 3)
    assert len(one["sha256"]) == 64
    kept = tried.lifted.model.kept["join towns"]["table"]
    assert kept["people"].tolist() == [900, 40, 7]
    assert kept["mayor"].isna().all()


def test_where_later_rows_have_new_keys_the_columns_come_with_the_row(tmp_path: Path) -> None:
    tried = joined('df = df.merge(rain, on="sold", how="left")', tmp_path, LATER, "rain")
    same_as_training(tried)
    assert tried.lifted is not None
    assert sorted(tried.lifted.needed) == ["area", "rain"]
    [one] = tried.lifted.joined
    assert (one["kept"], one["columns"]) == ("with the row", ["rain"])
    assert all(len(each) == 0 for name, each in tried.lifted.model.kept.items() if name.startswith("table"))
    rows = pd.DataFrame({"area": [50, 60, 70], "rain": [3.0, None, 4.0]})
    assert tried.lifted.model.prepared(rows)[0][1]["rain"].tolist() == [3.0, 0.0, 4.0]


def test_the_plan_says_that_a_table_comes_with_the_row(tmp_path: Path) -> None:
    tried = joined('df = df.merge(towns, on="town", how="left")', tmp_path, wanted={"towns": "with the row"})
    same_as_training(tried)
    assert tried.lifted is not None and sorted(tried.lifted.needed) == ["area", "people"]
    assert tried.lifted.joined[0]["kept"] == "with the row"
    assert all(len(each) == 0 for name, each in tried.lifted.model.kept.items() if name.startswith("table"))


def test_the_plan_says_that_a_table_is_kept_though_later_rows_are_new_in_it(tmp_path: Path) -> None:
    join = 'df = df.merge(rain, on="sold", how="left")'
    tried = joined(join, tmp_path, LATER, "rain", wanted={"rain": "lookup"})
    same_as_training(tried)
    assert tried.lifted is not None and sorted(tried.lifted.needed) == ["area", "sold"]
    [one] = tried.lifted.joined
    assert (one["kept"], one["as_of"], len(one["sha256"])) == ("lookup", "2026-03-01", 64)


def test_a_table_without_known_keys_cannot_come_with_the_row(tmp_path: Path) -> None:
    own = 'df = df.merge(towns.set_index("town"), left_on="town", right_index=True, how="left")'
    with pytest.raises(NotRaw, match="cannot come with the row"):
        joined(own, tmp_path, wanted={"towns": "with the row"})


def test_columns_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    join = 'rain["area"] = rain["rain"]\ndf = df.merge(rain, on="sold", how="left", suffixes=("", "_fallen"))'
    tried = joined(join, tmp_path, LATER, "area_fallen")
    same_as_training(tried)
    assert tried.lifted is not None and sorted(tried.lifted.needed) == ["area", "rain.area"]


def test_an_inner_join_is_a_scope(tmp_path: Path) -> None:
    tried = joined('df = df.merge(towns, on="town")', tmp_path)
    same_as_training(tried)
    assert tried.lifted is not None and tried.lifted.model.kept["filters"] and tried.features.scope
    rows = pd.DataFrame({"area": [50, 60, 70], "town": ["Bru", "Dee", "Ade"]})
    [(positions, made)] = tried.lifted.model.prepared(rows)
    assert (positions, made["people"].tolist()) == ([0, 2], [40, 900])


def test_rows_that_a_join_multiplies_are_refused(tmp_path: Path) -> None:
    twice = 'df = df.merge(pd.concat([towns, towns]), on="town", how="left")'
    with pytest.raises(NotRaw, match="same key"):
        joined(twice, tmp_path)


def test_averages_of_the_rows_that_later_rows_are_new_in_are_refused(tmp_path: Path) -> None:
    own = 'usual = df.groupby("sold").agg(people=("area", "mean")).reset_index()\ndf = df.merge(usual, on="sold")'
    with pytest.raises(NotRaw, match="joins `usual` by sold"):
        joined(own, tmp_path, LATER)


RARE = {
    "a column of the joined table": (
        'df = df.merge(towns, on="town", how="left")\ndf["people"] = df["people"].where(df["town"] == "Eve", 1)'
    ),
    "a table that is only looked into": (
        'eve = towns.set_index("town")["people"]\ndf = df.merge(towns[["town", "mayor"]], on="town", how="left")\n'
        'df["people"] = df["town"].map(eve).where(df["town"] == "Eve", 1)'
    ),
    "a column of the row": ('df["people"] = (df["age"].fillna(0) + 900).where(df["town"] == "Eve", 1)'),
}


@pytest.mark.parametrize("what", RARE)
def test_what_only_one_row_in_many_needs_is_kept(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joins, "SAMPLE", 20)
    monkeypatch.setattr(lift, "SAMPLE", 20)
    houses = table()
    houses.loc[137, ["town", "age"]] = ["Eve", 55]
    houses.to_csv(tmp_path / "houses.csv", index=False)
    rows = {"town": ["Ade", "Bru", "Eve"], "people": [900, 40, 955], "mayor": ["Ann", "Ben", "Cy"]}
    pd.DataFrame(rows).to_csv(tmp_path / "towns.csv", index=False)
    tried = joined(RARE[what], tmp_path)
    same_as_training(tried)
    assert tried.lifted is not None
    needed = {"area", "town", "age"} if "row" in what else {"area", "town"}
    assert set(tried.lifted.needed) == needed
    [(_, made)] = tried.lifted.model.prepared(houses.loc[[137], sorted(needed)])
    assert made["people"].tolist() == [955]
