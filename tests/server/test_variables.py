"""Names of variables in .env.example: added once, never a value, taken back as they came."""

from __future__ import annotations

import pytest

from handoff_ext.contracts.errors import HandoffError, NotFound
from handoff_ext.contracts.sidebar import VariablesRequest
from handoff_ext.server.analysis.variables import note_variables


def note(root, *names, remove=False):
    return note_variables(root, VariablesRequest(path="work/a.ipynb", names=list(names), remove=remove))


@pytest.fixture
def file(tmp_path):
    (tmp_path / "work").mkdir()
    return tmp_path / "work" / ".env.example"


def test_a_new_file_is_made_and_gone_once_its_lines_are_taken_back(tmp_path, file):
    assert note(tmp_path, "DB", "DB", "KEY") == ["DB", "KEY"]
    assert file.read_text() == "DB=\nKEY=\n"
    assert note(tmp_path, "DB", "KEY", remove=True) == ["DB", "KEY"]
    assert not file.exists()


def test_what_stands_there_stays(tmp_path, file):
    file.write_bytes(b"# ours\r\nDB=postgres://example\r\nPORT=5432")
    assert note(tmp_path, "DB", "KEY") == ["KEY"]
    assert file.read_bytes() == b"# ours\r\nDB=postgres://example\r\nPORT=5432\r\nKEY=\r\n"
    assert note(tmp_path, "DB", "KEY", remove=True) == ["KEY"]
    assert file.read_bytes() == b"# ours\r\nDB=postgres://example\r\nPORT=5432\r\n"


@pytest.mark.parametrize("name", ["DB=secret", "A\nB", "", "1A", "A" * 101])
def test_only_names_are_written(tmp_path, file, name):
    with pytest.raises(HandoffError, match="no name of a variable"):
        note(tmp_path, "KEY", name)
    assert not file.exists()


def test_a_link_that_leads_out_is_not_followed(tmp_path, file):
    root = tmp_path / "work" / "root"
    (root / "work").mkdir(parents=True)
    (root / "work" / ".env.example").symlink_to(tmp_path / "outside")
    with pytest.raises(NotFound):
        note(root, "KEY")
    assert not (tmp_path / "outside").exists()
