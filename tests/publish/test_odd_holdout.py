"""A model tried on one value only, as in ``model.predict(X_test[0])``, is judged on the rows it was fitted on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from handoff_ext.publish.inside.pack import _drop_odd_holdout
from handoff_ext.publish.inside.rows import unlisted


class Line:
    """Answers rows with a number each; anything else as numpy does."""

    def predict(self, x: Any) -> Any:
        return x * 2.0


class Table(Line):
    """Takes tables only."""

    def predict(self, x: Any) -> Any:
        if x.ndim != 2:
            raise ValueError("Expected 2D array")
        return x.sum(axis=1)


def kept(model: Any, held: Any, fitted: Any, truth: Any = None, **predictions: Any) -> bool:
    capture = {"model": model, "holdout_x": held, "holdout_y": truth, "train_x": fitted, "predictions": predictions}
    _drop_odd_holdout(capture, ["predict"])
    return capture["holdout_x"] is not None


@pytest.mark.parametrize("held", [np.float64(3.0), 3.0, np.empty(0)])
def test_bare_value_is_no_holdout(held: Any) -> None:
    assert not kept(Line(), held, np.arange(5.0), predict=np.float64(6.0))


def test_single_row_that_a_table_model_refuses_is_no_holdout() -> None:
    assert not kept(Table(), np.arange(3.0), np.ones((4, 3)))


def test_rows_with_one_answer_each_stay() -> None:
    held = np.ones((4, 3))
    assert kept(Table(), held, held, predict=held.sum(axis=1))
    assert kept(Table(), held, held)
    assert kept(Line(), np.arange(30.0), np.arange(50.0), predict=list(range(30)))


def test_few_rows_count_only_where_somebody_says_what_came() -> None:
    held, fitted = np.ones((4, 3)), np.ones((150, 3))
    assert not kept(Table(), held, fitted)
    assert kept(Table(), held, fitted, truth=held[:, 0])


def test_nested_lists_are_the_array_they_stand_for() -> None:
    assert unlisted([[3, 5], [4, 2]]).shape == (2, 2)
    assert unlisted(["a", "b"]) == ["a", "b"]
    assert unlisted(None) is None


def test_without_fitted_rows_there_is_nothing_better() -> None:
    assert kept(Line(), np.float64(3.0), None)
