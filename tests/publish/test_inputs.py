"""What a pipeline reads travels where it is small and nobody's secret; a stranger's copy is checked by its hash."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.plan import Plan
from handoff_ext.publish import inputs
from handoff_ext.publish.inputs import bring, carry, read_inputs

DATA = b"a,b\n1,2\n"
HASH = "sha256:" + hashlib.sha256(DATA).hexdigest()


def pipeline(folder: Path, value: str, plan: Plan | None = None) -> Any:
    (folder / "p").mkdir()
    (folder / "rows.csv").write_bytes(DATA)
    record = SimpleNamespace(parameters={"rows": value, "run_dir": "run"}, inputs={"rows": HASH})
    return SimpleNamespace(folder=folder / "p", record=record, plan=plan or Plan())


@pytest.fixture
def web() -> Iterator[tuple[str, dict[str, bytes]]]:
    """An address and what it holds."""
    held = {"data": DATA}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(held["data"])

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/rows.csv?v=1", held
    server.shutdown()
    server.server_close()
    thread.join()


def test_small_file_travels_and_is_checked_where_it_arrives(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    carry(pipeline(tmp_path, "../rows.csv"), out)
    found = read_inputs(out)
    assert bring(found, out) == {"rows": "inputs/rows/rows.csv"}
    (out / "inputs" / "rows" / "rows.csv").write_text("other")
    with pytest.raises(HandoffError, match="rows holds something else than in training"):
        bring(found, out)


@pytest.mark.parametrize(("plan", "largest", "why"), [
    (Plan.model_validate({"columns": {"name": {"personal": True}}}), 10_000, "marked personal"),
    (Plan(), 3, "0 MB"),
])  # fmt: skip
def test_large_or_personal_file_stays_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plan: Plan, largest: int, why: str
) -> None:
    monkeypatch.setattr(inputs, "LARGEST", largest)
    found = carry(pipeline(tmp_path, "../rows.csv", plan), tmp_path)["rows"]
    assert why in found.why
    assert not found.file
    assert not list(tmp_path.rglob("inputs/rows/*"))


def test_address_is_fetched_again_and_must_hold_the_same(tmp_path: Path, web: tuple[str, dict[str, bytes]]) -> None:
    address, held = web
    carry(pipeline(tmp_path, address), tmp_path)
    assert json.loads((tmp_path / "inputs.json").read_text())["rows"] == {
        "sha256": HASH, "file": "", "uri": address, "why": ""
    }  # fmt: skip
    assert bring(read_inputs(tmp_path), tmp_path) == {"rows": "inputs/rows/rows.csv"}
    held["data"] = b"new"
    with pytest.raises(HandoffError, match="something else"):
        bring(read_inputs(tmp_path), tmp_path)


def test_address_that_does_not_answer_is_named(tmp_path: Path) -> None:
    found = carry(pipeline(tmp_path, "http://127.0.0.1:9/rows.csv"), tmp_path)["rows"]
    assert "cannot be fetched from 127.0.0.1:9" in found.why
