"""The API keeps to its own OpenAPI document, whatever is sent."""

from __future__ import annotations

import subprocess

import httpx
import pytest
from uv import find_uv_bin


@pytest.mark.slow
def test_schemathesis_finds_nothing(served: httpx.Client, tmp_path) -> None:  # type: ignore[no-untyped-def]
    command = [find_uv_bin(), "tool", "run", "--from", "schemathesis==4.32.5", "schemathesis", "run", "--no-color"]
    url = f"{served.base_url}/openapi.json"
    asked = [*command, "--max-examples", "50", url]
    done = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:]
