"""A model asked with raw rows, one by one, gets the very inputs that training computed for them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from handoff_ext.publish.inside import same
from handoff_ext.publish.inside.lift import NotRaw
from tests.features.notebooks import Tried, run

START = """
import numpy as np
import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelEncoder, OneHotEncoder, StandardScaler, MinMaxScaler

df = pd.read_csv("houses.csv")
"""
END = """
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
model = Ridge()
model.fit(X_train, y_train)
guess = model.predict(X_test)
"""

pytestmark = pytest.mark.filterwarnings("ignore:The inplace keyword")
RAW = {
    "filled with a mean": """
df["age"] = df["age"].fillna(df["age"].mean())
X = df[["area", "age"]]
y = df["price"]
""",
    "all gaps filled at once": """
df = df.fillna(df.median(numeric_only=True))
X, y = df[["area", "age"]], df["price"]
""",
    "scaled by hand": """
df["age"] = df["age"].fillna(0)
num = df[["area", "age"]]
X = (num - num.mean()) / num.std()
y = df.price
""",
    "dummies with the first left out": """
df["age"] = df["age"].fillna(0)
X = pd.get_dummies(df.drop(columns=["price", "sold", "words"]), columns=["town"], drop_first=True)
y = df["price"]
""",
    "dummies joined on": """
towns = pd.get_dummies(df["town"], prefix="town")
X = pd.concat([df[["area"]], towns], axis=1)
y = df["price"]
""",
    "codes of categories": """
df["town"] = df["town"].astype("category").cat.codes
df["kind"], kinds = pd.factorize(df["words"])
X, y = df[["town", "kind", "area"]], df["price"]
""",
    "encoders in a loop": """
for column in ["town", "words"]:
    le = LabelEncoder()
    df[column] = le.fit_transform(df[column])
X = df[["town", "words", "area"]].values
y = df["price"].values
""",
    "one encoder for many columns": """
le = LabelEncoder()
df["town"] = le.fit_transform(df["town"])
df["words"] = le.fit_transform(df["words"])
df[["sold"]] = df[["sold"]].apply(le.fit_transform)
X, y = df[["town", "words", "sold"]], df["price"]
""",
    "dictionary made from the table": """
rank = {town: number for number, town in enumerate(df.groupby("town")["area"].mean().sort_values().index)}
df["rank"] = df["town"].map(rank)
df["often"] = df["town"].map(df["town"].value_counts())
X, y = df[["rank", "often", "area"]], df["price"]
""",
    "averages of groups": """
df["usual"] = df.groupby("town")["area"].transform("mean")
df["diff"] = df["area"] - df["usual"]
X, y = df[["usual", "diff"]], df["price"]
""",
    "averages of groups joined": """
usual = df.groupby("town").agg(usual=("area", "mean")).reset_index()
df = df.merge(usual, on="town", how="left")
X, y = df[["usual", "area"]], df["price"]
""",
    "bins": """
df["size"] = pd.qcut(df["area"], 4, labels=False)
df["old"] = pd.cut(df["age"].fillna(0), bins=3, labels=[0, 1, 2]).astype(int)
X, y = df[["size", "old"]], df["price"]
""",
    "bins by keywords": """
df["size"] = pd.qcut(x=df["area"], q=4, labels=False)
df["old"] = pd.cut(x=df["age"].fillna(0), bins=3, labels=False)
X, y = df[["size", "old"]], df["price"]
""",
    "dates and words": """
df["sold"] = pd.to_datetime(df["sold"])
df["month"] = df["sold"].dt.month
df["long"] = df["words"].apply(lambda text: len(text.split()))
df["sunny"] = df["words"].str.contains("sunny").astype(int)
X, y = df[["month", "long", "sunny"]], df["price"]
""",
    "a function that fills": """
def clean(frame):
    frame = frame.copy()
    frame["age"] = frame["age"].fillna(frame["age"].median())
    return frame

df = clean(df)
X, y = df[["age", "area"]], df["price"]
""",
    "a function that filters by a variable": """
least = df["area"].min() + 40

def big(frame):
    return frame[frame["area"] > least]

df = big(df)
X, y = df[["area", "age"]].fillna(0), df["price"]
""",
    "outliers dropped by quartiles": """
q1, q3 = df["area"].quantile(0.25), df["area"].quantile(0.75)
df = df[(df["area"] >= q1 - 0.2 * (q3 - q1)) & (df["area"] <= q3 + 0.2 * (q3 - q1))]
df = df.dropna()
df.drop_duplicates(inplace=True)
X, y = df[["area", "age"]], df["price"]
""",
    "by position": """
df = df.drop(["id", "sold", "words"], axis=1)
df.dropna(inplace=True)
X = df.iloc[:, 1:3].values
y = df.iloc[:, -1].values
""",
    "sparse columns chosen": """
df = df.dropna(axis=1, thresh=230)
X = df.select_dtypes("number").drop(columns=["price", "id"])
y = df["price"]
""",
    "correlation chooses": """
corr = df.corr(numeric_only=True)["price"].abs()
chosen = [name for name in corr.index if corr[name] > 0.3 and name != "price"]
X, y = df[chosen], df["price"]
""",
    "how frequent each is": """
df["share"] = df["town"].map(df["town"].value_counts(normalize=True))
X, y = df[["area", "share"]], df["price"]
""",
    "gaps filled by group": """
df["age"] = df["age"].fillna(df.groupby("town")["age"].transform("median"))
X, y = df[["area", "age"]], df["price"]
""",
    "days since the first": """
sold = pd.to_datetime(df["sold"])
df["days"] = (sold - sold.min()).dt.days
X, y = df[["area", "days"]], df["price"]
""",
    "words weighed by hand": """
words = sorted({word for text in df["words"] for word in text.split()})
weights = {word: len(df) / df["words"].str.contains(word).sum() for word in words}
X = pd.DataFrame({word: df["words"].apply(lambda text: text.split().count(word)) * weights[word] for word in words})
y = df["price"]
""",
}


@pytest.fixture(params=RAW)
def tried(request: pytest.FixtureRequest, tmp_path: Path) -> Tried:
    return run([START, RAW[request.param], END], tmp_path)


def test_inputs_and_answers_are_those_of_training(tried: Tried) -> None:
    lifted = tried.lifted
    assert lifted is not None, tried.features.reason
    assert "price" not in lifted.needed
    held = tried.names["X_test"]
    pieces = lifted.model.prepared(lifted.held)
    assert [positions for positions, _ in pieces] == [list(range(len(held)))]
    assert not same.differing(pieces[0][1], held)
    alone = [lifted.model.prepared(lifted.held.iloc[[row]])[0][1] for row in range(25)]
    for row, one in enumerate(alone):
        expected = held[row : row + 1] if isinstance(held, np.ndarray) else held.iloc[row : row + 1]
        assert not same.differing(one, expected)


def test_the_answer_of_another_model_in_the_notebook_is_an_input(tmp_path: Path) -> None:
    one = """
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import train_test_split
y = df[["area"]]
X = df[["age"]].fillna(0)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
model = LinearRegression().fit(X_train, y_train)
"""
    other = """
y = df["price"]
X = df[["area", "age"]].fillna(0)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
"""
    tried = run([START, one, other, END], tmp_path)
    assert tried.features.answers == ["price"]
    assert tried.lifted is not None and sorted(tried.lifted.needed) == ["age", "area"]


@pytest.mark.parametrize(
    "answer",
    ['y = np.where(df["area"].shift(-1) > df["area"], 1, 0)', 'df["y"] = df["area"].shift(-1).fillna(9)\ny = df["y"]'],
    ids=["beside", "column"],
)
def test_the_next_rows_value_is_an_answer_that_the_row_does_not_hold(answer: str, tmp_path: Path) -> None:
    tried = run(
        [START, answer + '\ndf["old"] = df["area"] - df["age"].fillna(0)\nX = df[["area", "old"]]', END], tmp_path
    )
    assert "area" not in tried.features.answers
    assert tried.lifted is not None and sorted(tried.lifted.needed) == ["age", "area"]


SCALED = """
X = df[["area", "age"]].fillna(0)
y = df["price"]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=0)
sc = StandardScaler()
X_train = sc.fit_transform(X_train)
X_test = sc.transform(X_test)
model = Ridge().fit(X_train, y_train)
print(model.score(X_test, y_test))
"""


def test_a_scaler_fitted_on_the_training_part(tmp_path: Path) -> None:
    tried = run([START, SCALED], tmp_path)
    assert tried.lifted is not None
    assert not same.differing(tried.lifted.model.prepared(tried.lifted.held)[0][1], tried.names["X_test"])


def test_a_filter_of_the_notebook_is_a_scope(tmp_path: Path) -> None:
    cell = (
        'df = df[df["town"] != "Dee"]\nX, y = df[["area", "town"]].replace({"Ade": 0, "Bru": 1, "Cor": 2}), df["price"]'
    )
    tried = run([START, cell, END], tmp_path)
    assert tried.lifted is not None
    raw = tried.names["pd"].read_csv(tmp_path / "houses.csv")[["area", "town"]]
    [(positions, _)] = tried.lifted.model.prepared(raw)
    assert positions == [index for index, town in enumerate(raw["town"]) if town != "Dee"]
    assert tried.lifted.model.prepared(raw[raw["town"] == "Dee"].iloc[[0]]) == []
    assert tried.features.scope


def test_training_and_test_by_time_are_no_scope(tmp_path: Path) -> None:
    cell = """
df["sold"] = pd.to_datetime(df["sold"])
old = df["sold"] < "2020-06-01"
X_train, X_test = df.loc[old, ["area"]], df.loc[~old, ["area"]]
y_train, y_test = df.loc[old, "price"], df.loc[~old, "price"]
model = Ridge()
model.fit(X_train, y_train)
model.predict(X_test)
"""
    tried = run([START, cell], tmp_path)
    assert tried.lifted is not None
    assert "area" in tried.lifted.needed and "price" not in tried.lifted.needed
    assert not tried.features.scope


REFUSED = {
    "the row before": ('df["before"] = df["area"].shift(1).fillna(0)\nX, y = df[["before"]], df["price"]', "before"),
    "rank": ('df["place"] = df["area"].rank()\nX, y = df[["place"]], df["price"]', "place"),
    "running sum": ('df["sum"] = df["area"].cumsum()\nX, y = df[["sum", "area"]], df["price"]', "sum"),
    "a moving mean": (
        'df["m"] = df["area"].rolling(3, min_periods=1).mean()\nX, y = df[["area", "m"]], df["price"]',
        "column m",
    ),
    "a change since the row before": (
        'df["c"] = df["area"].pct_change().fillna(0)\nX, y = df[["area", "c"]], df["price"]',
        "column c",
    ),
    "whether it came before": (
        'df["again"] = df["words"].duplicated()\nX, y = df[["area", "again"]], df["price"]',
        "column again",
    ),
    "the answer itself": ('df["cost"] = df["price"] * 1.1\nX, y = df[["area", "cost"]], df["price"]', "answer"),
    "the answer in groups": (
        'df["usual"] = df["price"] / df["area"]\nX, y = df[["usual"]], df["price"]',
        "usual|answer",
    ),
    "a number within its group": (
        'df["n"] = df.groupby("town").cumcount()\nX, y = df[["area", "n"]], df["price"]',
        "column n",
    ),
    "gaps filled from neighbours": (
        'df["age"] = df["age"].interpolate().fillna(0)\nX, y = df[["area", "age"]], df["price"]',
        "column age",
    ),
}


UNSEEDED = """
df["age"] = df["age"].fillna(df["age"].mean())
X, y = df[["area", "age"]], df["price"]
X_train, X_test, y_train, y_test = train_test_split(X, y)
SCALED
model = Ridge().fit(X_train, y_train)
guess = model.predict(X_test)
"""
SCALING = """
scaler = StandardScaler()
X_train = scaler.fit_transform(X_train)
X_test = scaler.transform(X_test)
"""


def test_a_split_without_a_seed_is_no_matter_where_nothing_is_learned_after_it(tmp_path: Path) -> None:
    tried = run([START, UNSEEDED.replace("SCALED", "")], tmp_path)
    assert tried.lifted is not None
    assert not same.differing(tried.lifted.model.prepared(tried.lifted.held)[0][1], tried.names["X_test"])


def test_what_is_learned_after_a_split_without_a_seed_cannot_be_learned_again(tmp_path: Path) -> None:
    with pytest.raises(NotRaw, match="makes other rows"):
        run([START, UNSEEDED.replace("SCALED", SCALING)], tmp_path)


def test_data_drawn_anew_each_time_is_said_to_be(tmp_path: Path) -> None:
    cell = """
from sklearn.datasets import make_regression
X, y = make_regression(n_samples=80, n_features=3)
"""
    with pytest.raises(NotRaw, match="without a seed"):
        run([START, cell, END], tmp_path)


@pytest.mark.parametrize("name", REFUSED)
def test_what_one_row_cannot_have_is_refused(name: str, tmp_path: Path) -> None:
    cell, said = REFUSED[name]
    with pytest.raises(NotRaw, match=said):
        run([START, cell, END], tmp_path)


@pytest.mark.parametrize("repeats", ["", '(subset=["town", "area"])'], ids=["whole rows", "some columns"])
def test_repeated_rows_are_dropped_in_training_only(repeats: str, tmp_path: Path) -> None:
    cell = f'df = df.drop_duplicates{repeats or "()"}\nX, y = df[["area", "age"]].fillna(0), df["price"]'
    tried = run([START, cell, END], tmp_path)
    assert tried.lifted is not None and not tried.features.scope
    rows = pd.DataFrame({"area": [50, 50], "age": [3.0, 3.0]})
    [(positions, _)] = tried.lifted.model.prepared(rows)
    assert positions == [0, 1]


def test_whole_table_steps_are_doubts_with_their_line(tmp_path: Path) -> None:
    cell = 'df = df.sort_values("id")\ndf["before"] = df["area"].shift(1)\nX, y = df[["before"]].fillna(0), df["price"]'
    with pytest.raises(NotRaw):
        run([START, cell, END], tmp_path)
    from handoff_ext.pipeline.features import read_features

    features = read_features(tmp_path)
    assert features is not None
    [doubt] = features.doubts
    assert (doubt.mark, doubt.place.cell, doubt.place.line) == ("needs the whole table", 2, 2)


def test_training_rows_that_are_resampled_by_design_leave_parity_to_the_hold_out(tmp_path: Path) -> None:
    cell = """
class Mixed:
    def fit_resample(self, X, y):
        draw = np.random.RandomState(0)
        one, other = X.iloc[draw.permutation(len(X))], X.iloc[draw.permutation(len(X))]
        return (one.reset_index(drop=True) + other.reset_index(drop=True)) / 2, y.reset_index(drop=True)

X, y = df[["area", "age"]].fillna(0), df["price"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
X_train, y_train = Mixed().fit_resample(X_train, y_train)
model = Ridge().fit(X_train, y_train)
guess = model.predict(X_test)
"""
    features = run([START, cell], tmp_path)
    assert features.lifted is not None and features.features.resampled
    assert (
        features.lifted.note == "Training rows are resampled or cross-fitted by design, so parity is on the hold-out."
    )
    assert not features.lifted.positions and len(features.lifted.held) == len(features.names["X_test"])


def test_training_rows_that_are_cross_fitted_leave_parity_to_the_hold_out(tmp_path: Path) -> None:
    cell = """
from sklearn.model_selection import KFold
from sklearn.preprocessing import TargetEncoder
X, y = df[["town", "area"]], df["price"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
X_train, X_test = X_train.copy(), X_test.copy()
encoder = TargetEncoder(cv=KFold(4, shuffle=True, random_state=0))
X_train["usual"] = encoder.fit_transform(X_train[["town"]], y_train)[:, 0]
X_test["usual"] = encoder.transform(X_test[["town"]])[:, 0]
X_train, X_test = X_train.drop(columns="town"), X_test.drop(columns="town")
model = Ridge().fit(X_train, y_train)
guess = model.predict(X_test)
"""
    tried = run([START, cell], tmp_path)
    assert tried.lifted is not None and tried.features.resampled
    assert "so parity is on the hold-out" in tried.lifted.note
    [(_, made)] = tried.lifted.model.prepared(tried.lifted.held)
    assert not same.differing(made, tried.names["X_test"])
    assert not tried.features.doubts
