"""What those who take over will ask for; quiet where no model is trained."""

from __future__ import annotations

import pytest

from tests.checks.notebooks import CHECKER, found, notebook_of, rules

SPLIT = "X = pd.read_csv('a.csv')\ny = X.pop('y')\nA, B, ya, yb = train_test_split(X, y, random_state=0)"
FIT = "model = RandomForestClassifier(random_state=0).fit(A, ya)"
SCORE = "print(model.score(B, yb))"
SAVE = "joblib.dump(model, 'm')"
PLAN = {
    "owner": {"name": "Ada"}, "intent": {"decision": "x"}, "limitations": ["y"], "thresholds": {"decision": 0.0},
    "fallback": {"kind": "person"}, "monitoring": {"check_every": "daily"}, "retraining": {"trigger": "z"},
}  # fmt: skip


def planned(plan):
    return [
        each.rule
        for each in CHECKER.check(notebook_of(SPLIT, FIT, SCORE, SAVE), plan).findings
        if each.rule[:4] == "PLAN"
    ]


def test_a_notebook_with_all_of_it_has_no_finding():
    assert planned(PLAN) == []


def test_a_notebook_that_trains_nothing_is_left_alone():
    assert rules("X = pd.read_csv('a.csv')\nX.sample(frac=.1).plot()\nnp.random.rand(3)", select="PLAN") == []


@pytest.mark.parametrize(
    ("field", "rule"),
    [
        ("owner", "PLAN011"), ("intent", "PLAN012"), ("limitations", "PLAN013"), ("thresholds", "PLAN014"),
        ("fallback", "PLAN015"), ("monitoring", "PLAN016"), ("retraining", "PLAN017"),
    ],
)  # fmt: skip
def test_each_open_question_is_told(field, rule):
    assert planned({**PLAN, field: {}}) == [rule]
    assert planned({name: value for name, value in PLAN.items() if name != field}) == [rule]


def test_no_plan_at_all_is_one_finding():
    assert rules(SPLIT, FIT, SCORE, SAVE, select="PLAN") == ["PLAN010"]


def test_random_numbers_without_a_seed():
    assert rules(SPLIT.replace(", random_state=0", ""), FIT, select="PLAN001") == ["PLAN001"]
    assert rules("np.random.seed(0)", SPLIT.replace(", random_state=0", ""), FIT, select="PLAN001") == []
    assert rules(SPLIT, FIT, select="PLAN001") == []


def test_a_model_that_is_never_judged_on_unseen_rows():
    assert rules(SPLIT, FIT, "print(model.score(A, ya))", select="PLAN002") == ["PLAN002"]
    assert rules(SPLIT, FIT, SCORE, select="PLAN002") == []
    assert rules("X = pd.read_csv('a.csv')\ncross_val_score(SVC(), X, y)", select="PLAN002") == []


def test_a_metric_of_the_notebooks_own_judges_too():
    judge = "said = model.predict(B)\nprint(competition_metric(yb, said, 3))"
    assert rules(SPLIT, FIT, judge, select="PLAN002") == []
    for left in (
        "said = model.predict(B)\nscore(said, 3)",
        "plt.plot(A, model.predict(A))",
        "judged(ya, model.predict(A))",
    ):
        assert rules(SPLIT, FIT, left, select="PLAN002") == ["PLAN002"]


SPARK = (
    "from pyspark.ml.classification import GBTClassifier\nrows = spark.read.parquet('a')",
    "a, b = rows.randomSplit([0.8, 0.2])",
    "tree = GBTClassifier(labelCol='y')\nmodel = tree.fit(a)\nprint(judge.evaluate(model.transform(b)))",
)


@pytest.mark.parametrize(
    ("cells", "edited", "inserted"),
    [
        (SPARK, ["a, b = rows.randomSplit([0.8, 0.2], seed=0)"], ['model.write().overwrite().save("model")']),
        (
            ("import torch\nimport torch.nn as nn", "net = nn.Linear(3, 1)", "loss.backward()"),
            [],
            [
                "import random\n\nimport numpy as np\nimport torch\n\n"
                "random.seed(0)\nnp.random.seed(0)\ntorch.manual_seed(0)"
            ],
        ),
        (
            (
                "import keras",
                SPLIT,
                "np.random.seed(0)\nmodel = keras.Sequential()\nmodel.fit(A, ya, validation_data=(B, yb))",
            ),
            [],
            ['model.save("model.keras")'],
        ),
    ],
)
def test_seeds_and_saves_are_those_of_the_library(cells, edited, inserted):
    from handoff_ext.checks import fix

    keys = [each.key for each in found(*cells, select="PLAN001,PLAN003")]
    change = fix(notebook_of(*cells), keys).change
    assert [each.after for each in change.cells] == edited
    assert [each.source for each in change.inserts] == inserted


def test_a_model_that_nobody_keeps():
    assert rules(SPLIT, FIT, SCORE, select="PLAN003") == ["PLAN003"]
    assert rules(SPLIT, FIT, SCORE, SAVE, select="PLAN003") == []
    assert rules(SPLIT, FIT, "mlflow.sklearn.log_model(model, 'm')", select="PLAN003") == []


def test_a_model_that_lives_in_a_function_is_not_saved_outside_of_it():
    train = "def train():\n    inner = SVC()\n    inner.fit(A, ya)\n\ntrain()"
    assert [each.fixable for each in found(SPLIT, train, select="PLAN003")] == [False]
    nameless = "from sklearn.svm import SVC\ncross_val_score(SVC(), X, y)"
    assert [each.fixable for each in found(SPLIT, nameless, select="PLAN003")] == [False]


def test_the_fix_of_a_missing_plan_is_a_form():
    from handoff_ext.checks import fix

    notebook = notebook_of(SPLIT, FIT, SCORE, SAVE)
    key = found(SPLIT, FIT, SCORE, SAVE, select="PLAN010")[0].key
    lines = fix(notebook, [key]).change.files["a.handoff.yaml"]
    from ruamel.yaml import YAML

    from handoff_ext.contracts.plan import Plan

    assert Plan.model_validate(YAML(typ="safe").load("\n".join(lines))).owner.name == ""


def test_the_fix_of_a_missing_metric_measures_on_the_held_out_rows():
    from handoff_ext.checks import fix

    cells = (SPLIT, FIT, SAVE)
    (finding,) = found(*cells, select="PLAN002")
    assert finding.fixable and not finding.safe
    (insert,) = fix(notebook_of(*cells), [finding.key]).change.inserts
    assert (insert.index, insert.source) == (2, "print(model.score(B, yb))")
    assert rules(*cells[:2], insert.source, SAVE, select="PLAN002") == []


def test_without_names_for_the_held_out_rows_no_metric_is_made_up():
    split = "rows = pd.read_csv('a.csv')\ny = rows.pop('y')"
    (finding,) = found(split, "model = RandomForestClassifier(random_state=0).fit(rows, y)", select="PLAN002")
    assert not finding.fixable
    (finding,) = found(SPLIT, "model = Sequential()\nmodel.fit(A, ya)", select="PLAN002")
    assert not finding.fixable


def test_a_question_that_the_plan_does_not_ask_is_written_into_it(tmp_path):
    from ruamel.yaml import YAML

    from handoff_ext.cells.read import from_json
    from handoff_ext.checks import fix
    from handoff_ext.checks.fixing.fix import files_with
    from handoff_ext.contracts.plan import Plan
    from tests.checks.notebooks import raw_of

    file = tmp_path / "a.handoff.yaml"
    file.write_text("version: 1\nowner: {name: Ada}  # who answers\n")
    notebook = from_json(str(tmp_path / "a.ipynb"), raw_of(SPLIT, FIT, SCORE, SAVE))
    open_ones = [each for each in CHECKER.check(notebook).findings if each.rule > "PLAN010" and each.rule[:4] == "PLAN"]
    assert [each.fixable and not each.safe for each in open_ones] == [True] * 6
    change = fix(notebook, [each.key for each in open_ones]).change
    (text,) = files_with(tmp_path, change.files).values()
    assert text.startswith("version: 1\nowner: {name: Ada}  # who answers\n")
    assert Plan.model_validate(YAML(typ="safe").load(text)).owner.name == "Ada"
    file.write_text(text)
    again = [each for each in CHECKER.check(notebook).findings if each.rule > "PLAN010" and each.rule[:4] == "PLAN"]
    assert [each.fixable for each in again] == [False] * 6
