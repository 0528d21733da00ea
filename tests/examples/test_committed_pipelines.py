"""What an example becomes is committed, and extraction still gives exactly that."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from handoff_ext.ship import Options, ship

EXAMPLES = Path(__file__).resolve().parents[2] / "example_notebooks"
PIPELINES = sorted(EXAMPLES.glob("*/*_pipeline"))
NOT_OURS = {"run", "evidence", "wheels"}
"""Written by runs and publications, not by extraction."""


def extracted(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not NOT_OURS & set(path.relative_to(folder).parts)
        and path.suffix not in {".lock", ".pyc"}
        and not path.name.startswith("pylock")
    }


def test_there_is_at_least_one() -> None:
    assert PIPELINES


@pytest.mark.parametrize("committed", PIPELINES, ids=lambda folder: folder.name)
def test_extraction_gives_the_committed_files(committed: Path, tmp_path: Path) -> None:
    name = committed.parent.name
    (tmp_path / "data").symlink_to(EXAMPLES / "data")
    (tmp_path / name).mkdir()
    for file in (f"{name}.ipynb", f"{name}.handoff.yaml"):
        shutil.copy(committed.parent / file, tmp_path / name / file)
    shipped = ship(tmp_path / name / f"{name}.ipynb", Options(yes=True, until="extract"))
    assert [step.status for step in shipped.steps] == ["ok"] * 4
    assert extracted(tmp_path / name / committed.name) == extracted(committed)
