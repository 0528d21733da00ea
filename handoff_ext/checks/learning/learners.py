"""Estimators: made, fitted, applied, judged, saved; and splits of rows."""

from __future__ import annotations

import ast
import re

from handoff_ext.checks.facts.text import dotted
from handoff_ext.checks.learning.events import Evaluation, Fit, Save, Split
from handoff_ext.checks.learning.inside import data_in, first_data, flat, learners_in, second_data
from handoff_ext.checks.learning.tables import Tables
from handoff_ext.checks.learning.values import (
    Data,
    Index,
    Learned,
    Learner,
    Place,
    Series,
    Splitter,
)
from handoff_ext.checks.words import words

_PREDICTIONS = words(
    "predict predict_proba predict_log_proba decision_function score_samples forecast predict_classes predict_on_batch"
)
_MODEL_NAMES = re.compile(
    r"\w*(?:model|clf|classifier|reg|regressor|net|network|automl|trainer|learn|learner)\d*", re.I
)


_WATCHED = ("eval_set", "validation_data", "eval_dataset", "valid_sets", "evals")


class Learners(Tables):
    """Evaluates what estimators and splitters do."""

    def learner(
        self, node: ast.Call, name: str, kind: str, arguments: list[object], keywords: dict[str, object]
    ) -> Learner:
        """A new estimator; pipelines and searches know what is in them."""
        steps = tuple(each for value in (*arguments, *keywords.values()) for each in learners_in(value))
        last = name.rpartition(".")[2]
        learner = Learner(self.fresh(), kind, last, last, Place(self.cell, node), steps, loop=self.in_loop)  # type: ignore[arg-type]
        self.story.learners.append(learner)
        learner.given = next((each for value in (*arguments, *keywords.values()) for each in data_in(value)), None)
        return learner

    def learner_method(
        self, learner: Learner, node: ast.Call, method: str, arguments: list[object], keywords: dict[str, object]
    ) -> object:
        """What an estimator does with rows."""
        x = first_data(arguments, keywords, ("X", "x", "X_train", "train", "data", "df"))
        if method in ("fit", "fit_generator", "partial_fit", "adapt", "train", "fit_on_texts"):
            self.story.trained = self.story.trained or learner.predicts
            x = x or learner.given
            if x is not None:
                self.fitted(learner, x, second_data(arguments, keywords), node, keywords)
            return learner
        if x is None and method in ("get_support", "get_feature_names_out", "get_feature_names"):
            return self.chosen_by(learner)
        if x is None:
            return learner if method in ("set_params", "compile", "named_steps", "best_estimator_") else None
        if method == "fit_transform":
            self.fitted(learner, x, second_data(arguments, keywords), node, keywords)
            return self.transformed(learner, x)
        if method in ("fit_resample", "fit_sample"):
            learned = self.learned("resample", learner.name, x, node)
            y = second_data(arguments, keywords) or x
            return Series((x.with_learned(learned), y.with_learned(learned)))
        if method == "transform" and learner.predicts and all(each.kind != "cluster" for each in flat(learner)):
            method = "predict"  # as Spark's models answer
        if method in ("transform", "texts_to_sequences", "texts_to_matrix"):
            return self.transformed(learner, x)
        if method == "inverse_transform":
            return x
        if method == "fit_predict":
            self.fitted(learner, x, None, node, keywords)
        if method in _PREDICTIONS or method in ("fit_predict", "__call__"):
            saw = learner.fitted.rows if learner.fitted is not None else frozenset()
            return x._replace(predicted_by=learner.id, predictor_saw=saw, made_of=frozenset(), name="", learned=())
        if method in ("score", "evaluate", "evaluate_generator", "test"):
            self.evaluated(learner, x, node)
        return None

    def transformed(self, learner: Learner, x: Data) -> Data:
        """Rows seen through what a transformer learned."""
        kinds: list[str] = [learner.kind] if learner.kind != "pipeline" else [step.kind for step in flat(learner)]
        result = x._replace(transformed_by=x.transformed_by | {learner.id}, read=None)
        if learner.fitted is None:
            return result
        if learner.type.startswith(("Label", "MultiLabel")):
            kinds = ["label"]
        learned = [
            Learned(kind, learner.name, learner.fitted.name, learner.fitted.rows, self.fit_place(learner))
            for kind in dict.fromkeys(kinds)
            if kind in ("scale", "impute", "encode", "select", "reduce", "vectorize", "label")
        ]
        return result.with_learned(*learned[:1])

    def fitted(self, learner: Learner, x: Data, y: Data | None, node: ast.Call, keywords: dict[str, object]) -> None:
        """An estimator sees rows."""
        learner.fitted, learner.target = x, y
        watched = tuple(each for name in _WATCHED for each in data_in(keywords.get(name)))
        texts = ast.unparse(node) if watched else ""
        stops = "early_stopping" in texts or "use_best_model" in texts
        asked = next((each.value for each in node.keywords if each.arg == "callbacks"), None) if watched else None
        stops = stops or "early_stopping" in ast.unparse(learner.place.node)[:2000] if watched else stops
        callbacks = ast.unparse(asked) if asked is not None else ""
        now = len(self.story.made_at)
        self.story.fits.append(Fit(learner, x, y, Place(self.cell, node), self.in_loop, watched, stops, callbacks, now))
        if learner.kind == "search":
            self.story.evaluations.append(
                Evaluation(learner, x.rows, Place(self.cell, node), self.in_loop, x.rows, validated=True, data=x)
            )

    def unknown_fit(self, node: ast.Call, arguments: list[object], keywords: dict[str, object]) -> object:
        """``thing.fit(X, y)`` of a thing nobody knows: with a target it is a model."""
        assert isinstance(node.func, ast.Attribute)
        x, y = first_data(arguments, keywords, ("X", "x", "data")), second_data(arguments, keywords)
        name = dotted(node.func.value)
        if y is None and not _MODEL_NAMES.fullmatch(name.rpartition(".")[2]):
            return None
        self.story.trained = True
        if x is None:
            return None
        learner = Learner(self.fresh(), "predict", name or "model", name or "model", Place(self.cell, node))
        self.story.learners.append(learner)
        if name:
            self.names[name] = learner
        self.fitted(learner, x, y, node, keywords)
        return learner

    def trained(self, node: ast.Call, name: str, arguments: list[object], keywords: dict[str, object]) -> object:
        """``xgb.train(params, dtrain)``."""
        x = next((each for each in arguments if isinstance(each, Data)), None)
        learner = Learner(self.fresh(), "predict", name, name, Place(self.cell, node))
        self.story.learners.append(learner)
        if x is not None:
            self.fitted(learner, x, None, node, keywords)
        return learner

    def evaluated(self, learner: Learner, x: Data, node: ast.AST) -> None:
        """A model is measured on rows, or on what it said of them before."""
        trained = learner.fitted.rows if learner.fitted is not None else frozenset()
        trained = x.predictor_saw or trained
        self.story.evaluations.append(
            Evaluation(learner, x.rows, Place(self.cell, node), self.in_loop, trained, data=x)
        )

    def measured(self, node: ast.Call, values: list[object]) -> object:
        """A metric of predictions."""
        for data in (each for value in values for each in data_in(value)):
            if data.predicted_by >= 0:
                learner = next((each for each in self.story.learners if each.id == data.predicted_by), None)
                if learner is not None:
                    self.evaluated(learner, data, node)
                    break
        return None

    def cross_validated(self, node: ast.Call, arguments: list[object], keywords: dict[str, object]) -> object:
        """Cross-validation fits and measures inside the rows."""
        values = [*arguments, *keywords.values()]
        learner = next((each for value in values for each in learners_in(value)), None)
        x = next((each for value in values for each in data_in(value)), None)
        y = [each for value in values for each in data_in(value)][1:2]
        splitter = next((each for each in values if isinstance(each, Splitter)), None)
        if splitter is not None and splitter.shuffles and x is not None:
            self.story.splits[f"folds {self.fresh()}"] = Split("folds", (x, *y), splitter.place, True, True)
        if learner is None and x is not None:
            learner = Learner(self.fresh(), "predict", "model", "model", Place(self.cell, node))
            self.story.learners.append(learner)
        if learner is not None and x is not None:
            now = len(self.story.made_at)
            self.story.fits.append(
                Fit(learner, x, y[0] if y else None, Place(self.cell, node), self.in_loop, moment=now)
            )
            self.story.evaluations.append(
                Evaluation(learner, x.rows, Place(self.cell, node), self.in_loop, x.rows, validated=True, data=x)
            )
        return None

    def train_test_split(self, node: ast.Call, arguments: list[object]) -> object:
        """Two sides of each input."""
        given = {each.arg: each.value for each in node.keywords if each.arg}
        shuffle, state = given.get("shuffle"), given.get("random_state")
        random = not (isinstance(shuffle, ast.Constant) and shuffle.value is False)
        id_ = (
            f"split {ast.unparse(state)} {ast.unparse(given['test_size']) if 'test_size' in given else ''}"
            if state
            else f"split {self.fresh()}"
        )
        inputs = tuple(each for value in arguments for each in data_in(value)[:1])
        id_ += f" {sorted(str(rows) for each in inputs[:1] for rows in each.rows)}"
        self.new_split(id_, inputs, node, random, state is not None)
        parts: list[object] = []
        for value in arguments:
            for side in ("train", "test"):
                data = data_in(value)[:1]
                parts.append(self.side(data[0], id_, side, node) if data else None)
        return Series(tuple(parts))

    def folds(self, splitter: Splitter, node: ast.Call, arguments: list[object]) -> object:
        """Row numbers of the folds: one pair stands for all."""
        data = tuple(each for value in arguments for each in data_in(value)[:1])
        id_ = f"folds {self.fresh()}"
        split = self.new_split(id_, data, node, splitter.type not in ("TimeSeriesSplit", "PredefinedSplit"), True)
        split.grouped = "Group" in splitter.type
        return Series((Series((Index((id_, "train")), Index((id_, "test")))),))

    def saved(self, node: ast.Call, values: list[object]) -> None:
        """Something is written to be used again."""
        learners = [each for value in values for each in learners_in(value)]
        if isinstance(node.func, ast.Attribute):
            owner = self.value(node.func.value)
            learners += [owner] if isinstance(owner, Learner) else []
        saved: list[Learner | None] = [*learners] or [None]
        self.story.saves += [Save(learner, Place(self.cell, node)) for learner in saved]
