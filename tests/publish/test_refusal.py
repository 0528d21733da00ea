"""Secrets are found wherever a version carries text, and hashes are not taken for secrets."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import nbformat
import pytest

from handoff_ext.contracts.errors import GateFailed
from handoff_ext.publish.refusal import refuse_secrets


def token() -> str:
    """In the shape of a live one; made when the test runs."""
    return "gh" + "p_" + (hashlib.sha256(b"a").hexdigest() + "X9")[-36:]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("artifacts/MODEL_CARD.md", "Ask with {token}."),
        ("artifacts/plan.yaml", "owner: {{name: Maya, contact: {token}}}"),
        ("pipeline/definitions.py", "def load():\n    return connect(token='{token}')"),
        ("evidence/run.json", '{{"parameters": {{"db": "{token}"}}}}'),
        ("requirements.txt", "# {token}"),
    ],
)
def test_token_is_refused_with_its_place(tmp_path: Path, file: str, text: str) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.format(token=token()))
    with pytest.raises(GateFailed, match=file) as refused:
        refuse_secrets(tmp_path, {})
    assert token() not in refused.value.message


def test_password_in_a_notebook_cell_names_the_cell(tmp_path: Path) -> None:
    cells = [nbformat.v4.new_code_cell("a = 1"), nbformat.v4.new_code_cell("db_password = 'Tr0ub4dor&" + "3'")]
    nbformat.write(
        nbformat.v4.new_notebook(cells=cells, metadata={"language_info": {"name": "python"}}),
        tmp_path / "notebook.ipynb",
    )
    with pytest.raises(GateFailed, match=r"notebook\.ipynb, cell 2, line 1"):
        refuse_secrets(tmp_path, {})


def test_tags_and_parameters_are_looked_through(tmp_path: Path) -> None:
    with pytest.raises(GateFailed, match=r"handoff\.owner"):
        refuse_secrets(tmp_path, {"handoff.owner": token()})


def test_hashes_in_records_and_locks_pass(tmp_path: Path) -> None:
    digest = hashlib.sha256(b"x").hexdigest()
    (tmp_path / "run.json").write_text(json.dumps({"key": digest, "inputs": {"token": f"sha256:{digest}"}}))
    (tmp_path / "requirements.txt").write_text(f"numpy==1 \\\n    --hash=sha256:{digest}\n")
    refuse_secrets(tmp_path, {"handoff.key": digest[:32], "handoff.notebook": f"sha256:{digest}"})
