"""The labelled notebooks are well formed, and no value in the shape of a live secret is stored with them."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import nbformat
import pytest

LIVE = re.compile(
    r"AKIA[0-9A-Z]{16}|\bghp_\w{36}|github_pat_\w{20}|glpat-[\w-]{20}|\bhf_[A-Za-z]{34}|\bsk-[\w-]{24}|AIza[\w-]{35}"
    r"|xox[bp]-\d|hooks\.slack\.com/services/T|sk_live_\w{20}|SG\.[\w-]{20}|npm_\w{30}|pypi-AgEI|dapi[0-9a-f]{32}"
    r"|dckr_pat_\w|eyJ[\w-]{8}|-----BEGIN [A-Z ]*PRIVATE KEY|\b[0-9a-f]{32,}\b"
)
DOCUMENTED = re.compile(r"AKIAIOSFODNN7EXAMPLE|sk-x{20,}|hf_X{20,}")


@pytest.fixture(scope="module")
def labelled() -> list[Any]:
    from labelled.reader import labelled_notebooks

    return labelled_notebooks()


def test_there_are_enough_places_and_near_misses(labelled: list[Any]) -> None:
    verdicts = Counter(label.verdict for notebook in labelled for label in notebook.labels)
    assert verdicts["must"] >= 150
    assert verdicts["not"] + verdicts["low"] >= 150
    families = Counter(
        label.families[0] for notebook in labelled for label in notebook.labels if label.verdict == "must"
    )
    assert min(families[family] for family in ("PATH", "CRED", "LEAK", "STATE")) >= 30


def test_names_are_unique(labelled: list[Any]) -> None:
    assert [name for name, count in Counter(notebook.name for notebook in labelled).items() if count > 1] == []


def test_every_notebook_is_valid(labelled: list[Any]) -> None:
    for notebook in labelled:
        nbformat.validate(nbformat.from_dict(notebook.raw))


def test_every_label_is_of_a_labelled_family_and_points_at_an_existing_line(labelled: list[Any]) -> None:
    for notebook in labelled:
        cells = notebook.raw["cells"]
        for label in notebook.labels:
            assert label.places, (notebook.name, label.text)
            assert set(label.families) & set(notebook.families), (notebook.name, label.text)
            for place in label.places:
                assert place.cell in (None, -1) or 0 <= place.cell < len(cells), (notebook.name, place)
                if place.line is not None:
                    lines = cells[place.cell]["source"].split("\n")
                    assert 1 <= place.line <= len(lines), (notebook.name, place)
                    assert lines[place.line - 1].strip(), (notebook.name, place)


def test_no_mark_and_no_template_is_left(labelled: list[Any]) -> None:
    for notebook in labelled:
        text = repr(notebook.raw)
        assert not re.search(r"[«»§]", text), notebook.name
        assert not re.search(r"\{\{[a-z_]+\d?(\[[\d:]*\])?\}\}", text), notebook.name


def test_values_are_the_same_at_every_reading(labelled: list[Any]) -> None:
    from labelled.reader import labelled_notebooks

    assert [notebook.raw for notebook in labelled_notebooks()] == [notebook.raw for notebook in labelled]


def test_no_live_looking_value_is_stored(benchmarks: Path) -> None:
    for file in sorted((benchmarks / "labelled").iterdir()):
        if file.is_file():
            found = LIVE.findall(DOCUMENTED.sub("", file.read_text(encoding="utf-8")))
            assert found == [], file.name
