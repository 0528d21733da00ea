"""Leaks: what the model learns that it will not know. Each case with its near-miss."""

from __future__ import annotations

import ast

import pytest

from handoff_ext.checks import trains_model
from handoff_ext.checks.facts.cell import CellFacts
from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.learning.interpreter import Interpreter
from tests.checks.learning_cases import BAD, FIT, GOOD, LOAD, SPLIT
from tests.checks.notebooks import found, notebook_of, rules


@pytest.mark.parametrize("name", BAD)
def test_a_leak_is_found(name):
    rule, source = BAD[name]
    assert rule in rules(LOAD, source, select="LEAK,FEAT")


@pytest.mark.parametrize("name", GOOD)
def test_what_is_done_right_is_left_alone(name):
    assert [each.message for each in found(LOAD, GOOD[name], select="LEAK,FEAT")] == []


def test_the_data_flow_is_told_in_words():
    finding = found(LOAD, "scaler = StandardScaler()\nX = scaler.fit_transform(X)", SPLIT, FIT, select="LEAK")[0]
    assert finding.message == "`scaler` was fitted on cell 2's `X`, which contains the rows of `X_test`."
    assert (finding.cell_index, finding.line, finding.end_line) == (1, 2, 2)


def test_the_plan_knows_better():
    cells = (LOAD, "X, y = rows[['miles', 'dep_delay']], rows['arr_delay'] > 15", SPLIT, FIT)
    notebook = notebook_of(*cells)
    from tests.checks.notebooks import CHECKER

    def told(known: bool) -> list[tuple[str, str]]:
        plan = {"columns": {"dep_delay": {"known_when_deciding": known}}}
        return [(each.rule, each.severity) for each in CHECKER.check(notebook, plan).findings if each.rule == "FEAT002"]

    assert told(False) == [("FEAT002", "error")]
    assert told(True) == []
    plan = {"columns": {"miles": {"unit": "miles"}}}
    assert "FEAT004" in [each.rule for each in CHECKER.check(notebook, plan).findings]


@pytest.mark.parametrize(
    ("source", "trains"),
    [
        ("model = LinearRegression()\nmodel.fit(X, y)", True),
        ("model = Sequential()\nmodel.fit(x, y, epochs=3)", True),
        ("loss.backward()\noptimizer.step()", True),
        ("smf.ols('y ~ x', data=pd.read_csv('a.csv')).fit()", True),
        ("s = StandardScaler().fit(X)", False),
        ("rows.plot()\nstats.norm.fit(x)", False),
        ("popt, _ = curve_fit(f, x, y)", False),
        ("ax.fit_bounds([1, 2])", False),
    ],
)
def test_which_notebooks_train_a_model(source, trains):
    assert trains_model(notebook_of(source)) is trains


def test_computed_columns_do_not_double_what_was_learned():
    columns = "".join(f"X['sum{number}'] = X.apply(sum, axis=1)\n" for number in range(10))
    notebook = notebook_of(LOAD, "X = StandardScaler().fit_transform(X)\n" + columns, SPLIT, FIT)
    facts = tuple(CellFacts(cell.kind, cell.source) for cell in notebook.cells)
    (fit,) = NotebookFacts(notebook, facts, None, None).story.models
    assert [len(each.columns) for each in fit.x.learned] == [0, 10]


def test_a_long_function_is_not_followed_for_ever():
    lines = "".join(f"    value{number} = {number}\n" for number in range(100))
    work = f"def work(step):\n{lines}    return pd.read_csv('a.csv')\n"
    calls = "".join(f"work({number})\n" for number in range(300))
    after = "scaler = StandardScaler()\nX = scaler.fit_transform(X)"
    notebook = notebook_of(LOAD, work + calls, after, SPLIT, FIT)
    assert "LEAK001" in rules(LOAD, work + calls, after, SPLIT, FIT)
    run = Interpreter()
    for cell in notebook.cells:
        run.block(ast.parse(cell.source).body)
    assert run.statements < 2_000


READ = "COLS = ['age', 'fare', 'died']\nt = pd.read_csv('a.csv', usecols=COLS)\n"
MODEL = "\nmodel = LogisticRegression().fit(t[['age']], t['died'])"


@pytest.mark.parametrize(
    "used",
    [
        "t['deck'] = t['cabin'].str[0]",
        "small = t.dropna()[['age', 'cabin']]",
        "t['double'] = t['fare'] * 2\nprint(t['cabin'].mean())",
        "print(t.loc[t['age'] > 3, 'cabin'])",
    ],
)
def test_a_column_that_was_never_read(used):
    assert rules(LOAD, READ + used + MODEL, select="FEAT006") == ["FEAT006"]


@pytest.mark.parametrize(
    "used",
    [
        "t['cabin'] = 1\nprint(t['cabin'])",
        "t = t.rename(columns={'fare': 'cabin'})\nprint(t['cabin'])",
        "t.insert(0, 'cabin', 1)\nprint(t['cabin'])",
        "def add():\n    t['cabin'] = 1\nadd()\nprint(t['cabin'])",
        "t = t.merge(other)\nprint(t['cabin'])",
        "add_cabin(t)\nprint(t['cabin'])",
        "if 'cabin' in t:\n    print(t['cabin'])",
        "t.columns = ['a', 'b', 'cabin']\nprint(t['cabin'])",
        "print(t.groupby('age').size()['cabin'])",
        "print(t['fare']['cabin'], t.T['cabin'], t.loc['cabin'])",
        "for c in ['fare']:\n    print(t[c + 'x'])",
        "for c in ['fare']:\n    t[c + 'x'] = 1\nprint(t['farex'])",
    ],
)
def test_a_column_that_may_be_there(used):
    assert rules(LOAD, READ + used + MODEL, select="FEAT006") == []
