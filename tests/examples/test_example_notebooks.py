"""Each example is a notebook as somebody left it, with a plan that is complete enough to publish."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from handoff_ext.plan import missing, read_plan

EXAMPLES = Path(__file__).resolve().parents[2] / "example_notebooks"
NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/*.handoff.yaml"))
TABLE = re.compile(r"[\w-]+\.csv\b")


def notebook(name: str) -> Path:
    return EXAMPLES / name / f"{name}.ipynb"


def test_there_are_examples() -> None:
    assert "flight_delays" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_notebook_is_as_it_was_left(name: str) -> None:
    path = notebook(name)
    assert path.stat().st_size < 400_000
    raw = json.loads(path.read_text("utf-8"))
    nbformat.validate(raw)
    assert (raw["nbformat"], raw["nbformat_minor"]) == (4, 5)
    assert not any(cell["metadata"].get("tags") for cell in raw["cells"])
    counts = [cell["execution_count"] for cell in raw["cells"] if cell["cell_type"] == "code"]
    assert counts != sorted(counts)
    assert not any(output["output_type"] == "error" for cell in raw["cells"] for output in cell.get("outputs", []))


@pytest.mark.parametrize("name", NAMES)
def test_tables_it_reads_are_written_by_the_tool(name: str, tables: set[str]) -> None:
    raw = json.loads(notebook(name).read_text("utf-8"))
    read = set()
    for cell in raw["cells"]:
        if cell["cell_type"] == "code":
            tree = ast.parse(TransformerManager().transform_cell("".join(cell["source"])))
            read |= {
                found
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant)
                for found in TABLE.findall(str(node.value))
            }
    assert read
    assert read <= tables


@pytest.mark.parametrize("name", NAMES)
def test_plan_can_be_published(name: str) -> None:
    plan = read_plan(notebook(name))
    assert [field.field for field in missing(plan) if field.blocks] == []
    assert any(column.known_when_deciding is False for column in plan.columns.values())
