"""A story that is told again after an edit is the one that is told from the top."""

from __future__ import annotations

import ast
import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff_ext.cells.model import Notebook
from handoff_ext.cells.read import from_json
from handoff_ext.checks import Checker
from handoff_ext.checks.facts.cell import CellFacts
from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.learning import events, interpreter, retelling, values
from handoff_ext.checks.learning.interpreter import Interpreter, story_of
from handoff_ext.checks.learning.retelling import Teller, alike, copied
from handoff_ext.checks.settings import Settings
from tests.checks.learning_cases import BAD, FIT, LOAD, SPLIT
from tests.checks.notebooks import code, raw_of


def _statements(source: str) -> list[str]:
    return [ast.get_source_segment(source, each) or "" for each in ast.parse(source).body]


OTHERS = [
    "models = [SVC(), Ridge()]\nfor m in models:\n    m.fit(X_train, y_train)\n    print(m.score(X_test, y_test))",
    "rows = pd.read_csv('rows.csv', usecols=['a', 'b'])",
    "nested = [[X], {'m': model}]\nalso = nested",
    "best = also[1]['m']\nbest.fit(X, y)",
    "x = 1",
    "",
]
WHOLE = [LOAD, SPLIT, FIT, *(source for _, source in BAD.values())]
SOURCES = [*dict.fromkeys(each for source in WHOLE for each in (source, *_statements(source))), *OTHERS]
EDITS = st.tuples(st.sampled_from(["change", "insert", "delete", "swap"]), st.integers(0, 30), st.sampled_from(SOURCES))


class Told:
    """A notebook whose facts are kept by content, as an open one's are, told again after each edit."""

    def __init__(self) -> None:
        self.facts: dict[str, CellFacts] = {}
        self.teller = Teller()

    def check(self, sources: list[str]) -> None:
        notebook = from_json("a.ipynb", raw_of(*sources))
        cells = tuple(self.facts.setdefault(each, CellFacts("code", each)) for each in sources)
        facts = NotebookFacts(notebook, cells, None, None)
        assert alike(self.teller.story_of(facts), story_of(facts))


def edited(sources: list[str], edit: tuple[str, int, str]) -> list[str]:
    kind, number, source = edit
    at = number % len(sources)
    if kind == "change":
        return [*sources[:at], source, *sources[at + 1 :]]
    if kind == "insert":
        return [*sources[:at], source, *sources[at:]]
    if kind == "delete" and len(sources) > 1:
        return [*sources[:at], *sources[at + 1 :]]
    return [*sources[at:], *sources[:at]]


@pytest.mark.parametrize(("stride", "most"), [(1, 20_000), (4, 20_000), (1, 12)])
def test_after_any_edits_the_story_is_the_same(stride, most, monkeypatch):
    monkeypatch.setattr(retelling, "_STRIDE", stride)
    monkeypatch.setattr(interpreter, "MOST_STATEMENTS", most)
    monkeypatch.setattr(retelling, "MOST_STATEMENTS", most)

    @given(st.lists(st.sampled_from(SOURCES), min_size=1, max_size=8), st.lists(EDITS, min_size=1, max_size=6))
    def holds(sources: list[str], edits: list[tuple[str, int, str]]) -> None:
        told = Told()
        told.check(sources)
        for edit in edits:
            sources = edited(sources, edit)
            told.check(sources)

    holds()


@pytest.mark.parametrize("most", [3, 9, 14])
def test_the_limit_of_statements_is_kept(most, monkeypatch):
    monkeypatch.setattr(retelling, "_STRIDE", 1)
    monkeypatch.setattr(interpreter, "MOST_STATEMENTS", most)
    monkeypatch.setattr(retelling, "MOST_STATEMENTS", most)
    told = Told()
    sources = ["x = 1", *_statements(LOAD + SPLIT + FIT)]
    for first in ("x = 1", "x = 1\nz = 2", "", "x = 1\nz = 2\na = 3"):
        told.check([first, *sources[1:]])


def cells_told(monkeypatch, sources: list[str], change: int, source: str) -> list[int]:
    """Which cells run again when one is changed."""
    monkeypatch.setattr(retelling, "_STRIDE", 1)
    told = Told()
    told.check(sources)
    ran: list[int] = []
    tell = Interpreter.tell
    monkeypatch.setattr(Interpreter, "tell", lambda run, cell, facts: (ran.append(cell), tell(run, cell, facts))[1])
    notebook = from_json("a.ipynb", raw_of(*sources[:change], source, *sources[change + 1 :]))
    cells = tuple(told.facts.setdefault(each.source, CellFacts("code", each.source)) for each in notebook.code)
    told.teller.story_of(NotebookFacts(notebook, cells, None, None))
    return ran


def test_cells_above_the_changed_one_are_not_told_again(monkeypatch):
    sources = _statements(LOAD + SPLIT + FIT)
    assert cells_told(monkeypatch, sources, len(sources) - 1, "model.fit(X, y)") == [len(sources) - 1]


def test_cells_below_an_edit_that_teaches_nothing_are_not_told_again(monkeypatch):
    sources = ["plt.figure()", *_statements(LOAD + SPLIT + FIT)]
    assert cells_told(monkeypatch, sources, 0, "plt.figure()\nsize = 3") == [0]


def test_cells_below_an_edit_that_matters_are_told_again(monkeypatch):
    sources = _statements(LOAD + SPLIT + FIT)
    assert cells_told(monkeypatch, sources, 1, "X, y = rows, rows['y']") == list(range(1, len(sources)))


def test_a_copy_keeps_what_is_one_object_one():
    run = Interpreter()
    shared: list[object] = [1]
    run.passed_back = [shared, shared]
    copy = copied(run)
    assert copy.passed_back[0] is copy.passed_back[1]
    assert copy.passed_back[0] is not shared
    assert alike(vars(run), vars(copy))
    copy.passed_back = [[1], [1]]
    assert not alike(vars(run), vars(copy))


OPEN = ["def f(t):", "    return t", "@f", "x = '''", "(", "%time x = 1", ""]
LINES = st.sampled_from([*"\n".join(WHOLE).split("\n"), *OPEN])


def opened(*sources: str) -> Notebook:
    """An open notebook: its cells keep their ids while their sources change."""
    return from_json("a.ipynb", raw_of(*({**code(each), "id": f"c{at}"} for at, each in enumerate(sources))))


@settings(max_examples=40)
@given(st.lists(LINES, max_size=12), st.lists(st.tuples(st.integers(0, 12), LINES, st.booleans()), max_size=4))
def test_while_somebody_types_the_findings_are_those_of_a_first_look(lines, typed):
    checker = Checker()
    for at, line, new in [(0, "", False), *typed]:
        lines = [*lines[:at], line, *lines[at if new else at + 1 :]]
        text = "\n".join(lines)
        notebook = opened(text, LOAD + SPLIT, text, FIT + "model.fit(X, y)", "f(X)")
        assert checker.check(notebook, None, Settings()) == Checker(keep=0).check(notebook, None, Settings())


def test_what_stands_where_it_stood_is_not_told_again(monkeypatch):
    helper = "@cache\ndef prepare(t):\n    return StandardScaler().fit_transform(t)\n\nsize = 3"
    below = _statements(LOAD + SPLIT + FIT)
    monkeypatch.setattr(retelling, "_STRIDE", 1)
    checker = Checker()
    checker.check(opened(helper, *below), None, Settings())
    ran: list[int] = []
    tell = Interpreter.tell
    monkeypatch.setattr(Interpreter, "tell", lambda run, cell, facts: (ran.append(cell), tell(run, cell, facts))[1])
    checker.check(opened(helper + "4", *below), None, Settings())
    assert ran == [0]


@pytest.mark.parametrize("module", [events, values])
def test_all_that_may_change_is_copied(module):
    kinds = {kind for kind in vars(module).values() if dataclasses.is_dataclass(kind)}
    changing = {kind for kind in kinds if not kind.__dataclass_params__.frozen}
    assert changing <= retelling._SLOTS.keys()
