"""Who may ask what."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.serve.keys import Keys, add_key, remove_key


def test_a_key_may_what_its_role_says_however_it_is_sent(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    asks, runs = add_key(file, "desk", ["predict"]), add_key(file, "ops", ["operate"])
    keys = Keys(file)
    basic = base64.b64encode(f"anybody:{asks}".encode()).decode()
    for headers in ({"x-api-key": asks}, {"authorization": f"Bearer {asks}"}, {"authorization": f"Basic {basic}"}):
        assert [keys.who(headers, role) for role in ("predict", "outcome", "operate")] == ["desk", None, None]
    assert keys.who({"x-api-key": runs}, "outcome") == "ops"
    for headers in ({}, {"x-api-key": ""}, {"x-api-key": asks[:-1]}, {"authorization": "Basic %%%"}):
        assert keys.who(headers, "predict") is None
    assert Keys(None).who({}, "operate") == ""


def test_keys_are_digests_at_rest_and_can_be_taken_away(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    key = add_key(file, "desk", ["predict"])
    assert key not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    keys = Keys(file)
    assert keys.who({"x-api-key": key}, "predict") == "desk"
    remove_key(file, "desk")
    import os

    os.utime(file, (1, 1))  # however coarse the file system's times are
    assert keys.who({"x-api-key": key}, "predict") is None
    with pytest.raises(HandoffError, match="no key desk"):
        remove_key(file, "desk")


@pytest.mark.parametrize("content", ["", "[]", json.dumps({"keys": {"a": 1}})])
def test_a_damaged_file_lets_nobody_in(tmp_path: Path, content: str) -> None:
    file = tmp_path / "keys.json"
    file.write_text(content)
    with pytest.raises(HandoffError, match="cannot be read"):
        Keys(file)
