"""Small notebooks with one hard construct each, run as they are and as a pipeline: equal, or refused by name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.pipeline import extract
from tests.pipeline.conftest import Runner
from tests.pipeline.notebooks import write_notebook_of

CASES = {
    f"{path.stem}: {head.strip()}": body
    for path in sorted((Path(__file__).parent / "hard").glob("*.txt"))
    for head, body in re.findall(r"^=== (.*)\n((?:(?!^=== ).*\n?)*)", path.read_text(), re.M)
}


@pytest.mark.parametrize("name", CASES)
def test_pipeline_computes_what_the_notebook_computes(name: str, tmp_path: Path, runner: Runner) -> None:
    """``refused X`` in a case's name: it must be refused, and X must be in the sentence. Without tags: as suggested."""
    tagged = "%% stage:" in CASES[name]
    notebook = write_notebook_of(CASES[name], tmp_path / "case.ipynb")
    refused = re.search(r"\| refused (.*)", name)
    if refused:
        with pytest.raises(HandoffError) as caught:
            extract(notebook, use_suggestions=not tagged)
        assert refused[1].strip() in caught.value.message
        assert not (tmp_path / "case_pipeline").exists()
        return
    extract(notebook, use_suggestions=not tagged)
    expected = runner.notebook(notebook, ["result"])
    assert expected["error"] == "", expected["error"]
    assert "result" in expected["values"]
    got = runner.pipeline(tmp_path / "case_pipeline", ["result"])
    assert got["error"] == "", got["error"]
    assert got["values"]["result"] == expected["values"]["result"]


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 60
    assert sum("| refused" in name for name in CASES) <= len(CASES) / 10
