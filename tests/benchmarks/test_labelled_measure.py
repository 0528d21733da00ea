"""How findings are counted against labels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from handoff_ext.contracts.finding import Confidence, Finding

TEXT = """§§ small: STATE PATH
§ code [2] «STATE:a»
x = one  «PATH»
y = two  «not PATH»
§ code [1] «STATE:a»
z = maybe  «low STATE»
w = three  «may PATH»
v = [  «PATH:b»
    four]  «PATH:b»
"""


@pytest.fixture
def notebook(tmp_path: Path) -> Any:
    from labelled.reader import read_file

    (tmp_path / "small.txt").write_text(TEXT, encoding="utf-8")
    return next(read_file(tmp_path / "small.txt"))


def at(rule: str, cell: int, line: int, end_line: int = 0, confidence: Confidence = "high") -> Finding:
    return Finding(
        rule=rule,
        name="n",
        severity="warning",
        confidence=confidence,
        path="small.ipynb",
        cell_index=cell,
        cell_id="",
        where="source",
        line=line,
        column=1,
        end_line=end_line or line,
        end_column=2,
        message="m",
        why="w",
    )


def scored(notebook: Any, *findings: Finding) -> Any:
    from labelled.reader import FAMILIES
    from labelled_set import Score, measure

    scores = {family: Score() for family in FAMILIES}
    measure(notebook, findings, scores)
    return scores


def test_a_place_counts_once_and_a_group_needs_one_of_its_lines(notebook: Any) -> None:
    path = scored(notebook, at("PATH001", 0, 1), at("PATH003", 0, 1), at("PATH001", 1, 4))["PATH"]
    assert (path.found, path.missed, path.false) == (2, [], [])
    assert (path.precision, path.recall) == (1, 1)


def test_a_finding_over_several_lines_counts_for_the_line_it_spans(notebook: Any) -> None:
    assert scored(notebook, at("PATH001", 1, 3, 4))["PATH"].found == 1


def test_a_near_miss_and_an_unmarked_line_are_false_and_an_arguable_one_is_neither(notebook: Any) -> None:
    path = scored(notebook, at("PATH001", 0, 2), at("PATH001", 1, 1), at("PATH001", 1, 2))["PATH"]
    assert (path.found, len(path.missed), len(path.false)) == (0, 2, 2)
    assert [" (a near-miss)" in text for text in path.false] == [True, False]


def test_low_confidence_is_accepted_only_where_the_label_says_so(notebook: Any) -> None:
    assert scored(notebook, at("STATE001", 1, 1, confidence="low"))["STATE"].false == []
    assert len(scored(notebook, at("STATE001", 1, 1))["STATE"].false) == 1


def test_a_mark_on_a_cell_takes_a_finding_anywhere_in_it(notebook: Any) -> None:
    assert scored(notebook, at("STATE003", 0, 2))["STATE"].found == 1


def test_families_without_labels_are_not_counted(notebook: Any) -> None:
    assert scored(notebook, at("CRED001", 0, 1))["CRED"].false == []
