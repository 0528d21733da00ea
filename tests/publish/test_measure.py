"""What the hold-out says, checked against scikit-learn's own figures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn import metrics

from handoff_ext.publish import scores
from handoff_ext.publish.card.view import in_plain_words
from handoff_ext.publish.measure import measure

DRAW = np.random.default_rng(0)
YES = {"classes": [0, 1], "columns": [{"name": "g", "kind": "text"}, {"name": "n", "kind": "number"}], "model": {}}


def given(rows: int = 400) -> dict[str, Any]:
    score = DRAW.random(rows)
    truth = (DRAW.random(rows) < score).astype(int)
    group = np.where(DRAW.random(rows) < 0.3, "bad", "good")
    truth = np.where(group == "bad", 1 - truth, truth)
    return {
        "rows": [[name, float(number)] for name, number in zip(group, DRAW.random(rows), strict=True)],
        "predictions": {"prediction": (score > 0.5).astype(int).tolist(), "probability_1": score.tolist()},
        "truth": truth.tolist(),
        "baseline": {"mode": 0, "mean": 0.4, "median": 0.0},
    }


def test_yes_no_model_is_scored_as_scikit_learn_scores_it() -> None:
    data = given()
    found = measure(data, YES)
    truth, answers = data["truth"], data["predictions"]["prediction"]
    expected = {
        "ROC AUC": metrics.roc_auc_score(truth, data["predictions"]["probability_1"]),
        "Accuracy": metrics.accuracy_score(truth, answers),
        "Precision": metrics.precision_score(truth, answers),
        "Recall": metrics.recall_score(truth, answers),
        "Brier score": metrics.brier_score_loss(truth, data["predictions"]["probability_1"]),
    }
    assert {each.name: each.value for each in found.qualities} == pytest.approx(expected)
    assert all(each.low < each.value < each.high for each in found.qualities)
    assert sum(each.count for each in found.calibration) == 400
    assert (found.task, found.positive, found.score_name) == ("yes/no", "1", "probability_1")


def test_worst_group_comes_first_and_is_said_in_words() -> None:
    first = measure(given(), YES).slices[0]
    assert (first["column"], first["value"]) == ("g", "bad")
    assert "g bad: " in first["words"]
    assert "of 100 right, overall" in first["words"]


def test_personal_column_names_no_group() -> None:
    assert {each["column"] for each in measure(given(), YES, ["g"]).slices} == {"n"}


def test_numbers_are_scored_beside_a_fixed_answer() -> None:
    truth = DRAW.normal(size=200)
    answers = truth + DRAW.normal(scale=0.1, size=200)
    data = {
        "rows": [[1.0]] * 200,
        "predictions": {"prediction": answers.tolist()},
        "truth": truth.tolist(),
        "baseline": {"mode": 0.0, "mean": 0.0, "median": 0.0},
    }
    described = {"classes": None, "columns": [{"name": "n", "kind": "number"}], "model": {"classifier": False}}
    found = {each.name: each for each in measure(data, described).qualities}
    assert found["R²"].value == pytest.approx(metrics.r2_score(truth, answers))
    assert found["Mean error"].value == pytest.approx(metrics.mean_absolute_error(truth, answers))
    assert found["Mean error"].baseline == pytest.approx(np.abs(truth).mean())
    assert not found["Mean error"].higher_is_better


def test_quality_on_training_rows_is_never_called_held_out() -> None:
    data = {"rows": [[1.0]] * 40, "predictions": {"prediction": [1.0, 2.0] * 20}, "truth": [1.0, 2.5] * 20}
    described = {"classes": None, "columns": [], "model": {"classifier": False}}
    assert "had not learned from" in in_plain_words(measure(data, described))[-1]
    assert "it learned from" in in_plain_words(measure({**data, "held_out": False}, described))[-1]


def test_classes_by_text_labels() -> None:
    truth = DRAW.choice(["a", "b", "c"], 90)
    answers = np.where(DRAW.random(90) < 0.7, truth, "a")
    data = {"rows": [[1.0]] * 90, "predictions": {"prediction": answers.tolist()}, "truth": truth.tolist()}
    found = {
        each.name: each.value
        for each in measure(data, {"classes": ["a", "b", "c"], "columns": [], "model": {}}).qualities
    }
    assert found["Macro F1"] == pytest.approx(metrics.f1_score(truth, answers, average="macro"))
    assert found["Accuracy"] == pytest.approx((truth == answers).mean())


def test_without_truth_the_reason_is_said() -> None:
    found = measure({"rows": [[1]], "predictions": {"prediction": [1.5]}, "truth": None}, {"columns": [], "model": {}})
    assert not found.qualities
    assert "true answers" in found.reason


def test_area_shares_ties() -> None:
    score, positive = np.array([0.1, 0.5, 0.5, 0.9]), np.array([False, True, False, True])
    assert scores.area(score, positive) == pytest.approx(metrics.roc_auc_score(positive, score))
