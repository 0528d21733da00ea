"""What Spark's tables do otherwise: how they are read and split, and what its models answer with."""

from __future__ import annotations

import ast

from handoff_ext.checks.learning.learners import Learners
from handoff_ext.checks.learning.values import Data, Learner, Rows, Series

_MAKES = frozenset({"sql", "table", "createDataFrame", "toDF"})
_FORMATS = frozenset({"csv", "parquet", "json", "orc", "table", "load", "text", "jdbc"})
READS = _MAKES | _FORMATS
"""The last names of calls that may make a table."""
_SESSIONS = frozenset({"spark", "sqlContext", "sqlc", "session", "ss", "sc", "spark_session"})


def reads_spark(node: ast.Call) -> bool:
    """Whether a call makes a table: ``spark.read.csv(...)``, ``spark.read.format("csv").load(...)``, ``spark.sql``."""
    function = node.func
    if not isinstance(function, ast.Attribute) or function.attr not in READS:
        return False
    if function.attr in _MAKES and isinstance(function.value, ast.Name) and function.value.id in _SESSIONS:
        return True
    inner: ast.expr = function
    while isinstance(inner, ast.Attribute | ast.Call):
        if isinstance(inner, ast.Attribute):
            if isinstance(inner.value, ast.Attribute) and inner.value.attr == "read":
                return function.attr in _FORMATS
            inner = inner.value
        else:
            inner = inner.func
    return False


class Spark(Learners):
    """Evaluates what Spark's tables and models do."""

    def random_split(self, data: Data | None, node: ast.Call) -> Series:
        """``train, test = rows.randomSplit([0.8, 0.2], seed=1)``; three parts are split twice, as by hand."""
        if data is None:
            origin = self.fresh()
            data = Data(frozenset({Rows(origin)}), frame=origin)
        given = [*node.args[:1], *(each.value for each in node.keywords if each.arg == "weights")]
        weights = given[0] if given else None
        parts = len(weights.elts) if isinstance(weights, ast.List | ast.Tuple) else 2
        sides: list[object] = []
        for _ in range(parts - 1):
            id_ = f"split {self.fresh()}"
            self.new_split(id_, (data,), node, True, is_seeded_split(node))
            sides.append(self.side(data, id_, "test", node))
            data = self.side(data, id_, "train", node)
        return Series((data, *reversed(sides)))

    def answers(self, learner: Learner, x: Data) -> Data:
        """The rows with a model's answers."""
        saw = learner.fitted.rows if learner.fitted is not None else frozenset()
        return x._replace(predicted_by=learner.id, predictor_saw=saw, made_of=frozenset(), name="", learned=())

    def judged(self, node: ast.Call, arguments: list[object]) -> bool:
        """``evaluator.evaluate(answers)``: whether it was that."""
        x = arguments[0] if arguments else None
        learner = (
            next((each for each in self.story.learners if each.id == x.predicted_by), None)
            if isinstance(x, Data) and x.predicted_by >= 0
            else None
        )
        if learner is None or not isinstance(x, Data):
            return False
        self.evaluated(learner, x, node)
        return True


def is_seeded_split(node: ast.Call) -> bool:
    """Whether ``randomSplit`` is given a seed."""
    return len(node.args) > 1 or any(each.arg in ("seed", None) for each in node.keywords)
