"""The way past pandas answers as the proven way does, or is not taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder, PolynomialFeatures, StandardScaler

from handoff_ext.publish.inside import rows as described_rows
from handoff_ext.publish.inside.served import Served
from handoff_ext.serve.inside.quick import quick

NUMBERS, TEXTS = ["distance", "wind", "hour"], ["carrier", "origin"]
IGNORING = OneHotEncoder(handle_unknown="ignore")
ENCODE = make_column_transformer(
    (IGNORING, TEXTS), (make_pipeline(SimpleImputer(), StandardScaler()), NUMBERS), ("passthrough", ["weekend"])
)
SELECT = make_column_transformer(
    (OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), make_column_selector(dtype_include=object)),
    (StandardScaler(), ["distance"]),
    remainder="drop",
)
SUITED = {
    "one-hot and logistic": make_pipeline(ENCODE, LogisticRegression(max_iter=500)),
    "forest on a selection": make_pipeline(SELECT, RandomForestClassifier(10, random_state=0)),
    "three steps": make_pipeline(ENCODE, PolynomialFeatures(2), LogisticRegression(max_iter=2000)),
    "numbers with gaps": HistGradientBoostingClassifier(max_iter=5),
    "regression": make_pipeline(StandardScaler(), LinearRegression()),
}
UNSUITED = {
    "a function of frames": make_pipeline(
        FunctionTransformer(lambda frame: frame[["distance"]] / frame["distance"].max()), LogisticRegression()
    ),
    "steps that give frames": make_pipeline(
        make_column_transformer((StandardScaler(), NUMBERS)).set_output(transform="pandas"),
        HistGradientBoostingClassifier(max_iter=3),
    ),
}


def frame_of(seed: int, count: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "distance": rng.integers(80, 5000, count),
            "wind": rng.normal(10, 5, count).astype("float32"),
            "hour": rng.integers(0, 24, count).astype("int32"),
            "carrier": pd.Series(rng.choice(["AA", "DL", "UA", "ZZ"], count), dtype=object),
            "origin": pd.Categorical(rng.choice(["EWR", "JFK"], count), categories=["EWR", "JFK"]),
            "weekend": rng.random(count) < 0.3,
        }
    )
    frame.loc[rng.random(count) < 0.1, "wind"] = np.nan
    return frame


def packed(name: str, model: Any) -> tuple[Served, dict[str, list[Any]], dict[str, list[Any]]]:
    """The model as publish packs it, its reference rows, and others with a carrier never seen, as JSON holds them."""
    numbers_only = name in {"numbers with gaps", "regression"}
    frame, fresh = frame_of(1, 300), frame_of(2, 40)
    frame = frame[frame["carrier"] != "ZZ"].reset_index(drop=True)
    if numbers_only:
        frame, fresh = frame[NUMBERS], fresh[NUMBERS]
    if name == "regression":
        frame, fresh = frame.fillna(0.0), fresh.fillna(0.0)
    late = frame["distance"] + 900 * frame["hour"] > 12_000
    model.fit(frame, frame["distance"] * 0.5 if name == "regression" else late)
    methods = ["predict", "predict_proba"] if hasattr(model, "predict_proba") else ["predict"]
    described = described_rows.describe(frame) | {"methods": methods, "classes": None}
    described["outputs"] = ["prediction", "probability_0", "probability_1"][: 1 if len(methods) == 1 else 3]
    names = [column["name"] for column in described["columns"]]

    def columns(table: pd.DataFrame) -> dict[str, list[Any]]:
        encoded = described_rows.encode(table, described)
        return {column: [row[index] for row in encoded] for index, column in enumerate(names)}

    return Served(model, described), columns(frame), columns(fresh)


@pytest.mark.parametrize("name", SUITED)
@pytest.mark.parametrize("size", [1, 7])
def test_equals_the_proven_way_on_rows_never_tried(name: str, size: int) -> None:
    served, reference, fresh = packed(name, SUITED[name])
    way = quick(served, reference)
    assert way
    count = len(next(iter(fresh.values())))
    for start in range(0, count, size):
        few = {column: values[start : start + size] for column, values in fresh.items()}
        slow, fast = served.answer(few), way(few)
        assert list(slow) == list(fast)
        for output, values in slow.items():
            assert np.asarray(fast[output]) == pytest.approx(np.asarray(values), rel=1e-9)


@pytest.mark.parametrize("name", UNSUITED)
def test_is_not_taken_where_a_frame_is_needed(name: str) -> None:
    served, reference, _ = packed(name, UNSUITED[name])
    assert quick(served, reference) is None


@pytest.mark.filterwarnings("ignore:X does not have valid feature names")
def test_is_not_taken_where_it_answers_differently_or_was_not_tried() -> None:
    served, reference, _ = packed("regression", SUITED["regression"])
    assert quick(served, {}) is None
    right: Callable[[Any], Any] = served.answer
    served.answer = lambda rows: {"prediction": right(rows)["prediction"] + 1e-6}  # type: ignore[method-assign]
    assert quick(served, reference) is None
