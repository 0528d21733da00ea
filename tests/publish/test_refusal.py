"""Secrets are found wherever a version carries text, and hashes are not taken for secrets."""

from __future__ import annotations

import hashlib
import json
import pickle
import re
import zipfile
from pathlib import Path

import nbformat
import pytest

from handoff_ext.contracts.errors import GateFailed
from handoff_ext.publish import refusal
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
        ("pylock.toml", 'url = "https://host.example/{token}"'),
        ("pipeline/data.yaml", "rows: '{token}'"),
        ("pipeline/inputs/rows/rows.csv", "a,b\n1,{token}\n"),
        ("input_example.json", '{{"columns": ["key"], "data": [["{token}"]]}}'),
        ("MLmodel", "metadata: {token}"),
        ("pipeline/notes.rst", "Ask with {token}."),
    ],
)
def test_token_is_refused_with_its_place(tmp_path: Path, file: str, text: str) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.format(token=token()))
    with pytest.raises(GateFailed, match=file) as refused:
        refuse_secrets(tmp_path, {})
    assert token() not in refused.value.message


def test_token_inside_a_pickled_model_or_a_wheel_is_refused(tmp_path: Path) -> None:
    model = tmp_path / "artifacts" / "model" / "model.pkl"
    model.parent.mkdir(parents=True)
    model.write_bytes(pickle.dumps({"weights": list(range(1000)), "login": ["x" * 30, token()]}))
    with pytest.raises(GateFailed, match=r"artifacts/model/model\.pkl"):
        refuse_secrets(tmp_path, {})
    model.write_bytes(pickle.dumps({"weights": list(range(1000)), "login": ["x" * 30]}))
    for name, file in (
        ("wheels/tool-1-py3-none-any.whl", "tool/ask.py"),
        ("artifacts/model/model.skops", "schema.json"),
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("tool/__init__.py", "")
            archive.writestr(file, f'"{token()}"')
        with pytest.raises(GateFailed, match=re.escape(f"{name}, {file}")) as refused:
            refuse_secrets(tmp_path, {})
        assert token() not in refused.value.message
        path.unlink()
    refuse_secrets(tmp_path, {})


def test_file_too_long_to_read_whole_is_looked_through_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusal, "_LARGEST", 1000)
    (tmp_path / "rows.csv").write_text("a,b\n" + "1,2\n" * 1000 + token() + "\n")
    with pytest.raises(GateFailed, match=r"rows\.csv"):
        refuse_secrets(tmp_path, {})


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
    with pytest.raises(GateFailed, match=r"parameter loader"):
        refuse_secrets(tmp_path, {"parameter loader": f"Loader(token='{token()}')"})


def test_hashes_in_records_and_locks_pass(tmp_path: Path) -> None:
    digest = hashlib.sha256(b"x").hexdigest()
    (tmp_path / "run.json").write_text(json.dumps({"key": digest, "inputs": {"token": f"sha256:{digest}"}}))
    (tmp_path / "requirements.txt").write_text(f"numpy==1 \\\n    --hash=sha256:{digest}\n")
    refuse_secrets(tmp_path, {"handoff.key": digest[:32], "handoff.notebook": f"sha256:{digest}"})
