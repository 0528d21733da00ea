"""A real MLflow server over HTTP that asks for name and password; the environment has them, as for MLflow's clients."""

from __future__ import annotations

import base64
import http.client
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.publish import publish
from handoff_ext.publish.registry import Registry
from handoff_ext.rehearse import rehearse
from tests.rehearse.conftest import Handed

NAME, WORD = "maya", "".join(["let", "me", "in"])
GIVEN = "Basic " + base64.b64encode(f"{NAME}:{WORD}".encode()).decode()


class Door(BaseHTTPRequestHandler):
    """Passes requests with the right name and password on to the server at ``port``."""

    port = 0

    def pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Authorization") != GIVEN:
            self.answer(401, b'{"error_code": "UNAUTHENTICATED", "message": "Who are you?"}', "application/json")
            return
        inside = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        dropped = {"host", "authorization", "content-length", "connection", "accept-encoding", "transfer-encoding"}
        headers = {name: value for name, value in self.headers.items() if name.lower() not in dropped}
        inside.request(self.command, self.path, body, headers)
        said = inside.getresponse()
        self.answer(said.status, said.read(), said.headers.get("Content-Type", ""))
        inside.close()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = pass_on

    def answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    command += ["--backend-store-uri", f"sqlite:///{tmp_path / 'server.db'}"]
    command += ["--artifacts-destination", str(tmp_path / "artifacts")]
    with (tmp_path / "server.log").open("w") as log:
        running = subprocess.Popen(command, stdout=log, stderr=log, cwd=tmp_path, start_new_session=True)
    Door.port = port
    door = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=door.serve_forever)
    thread.start()
    try:
        wait(f"http://127.0.0.1:{port}/health", running)
        yield f"http://127.0.0.1:{door.server_port}"
    finally:
        door.shutdown()
        door.server_close()
        thread.join()
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def wait(url: str, running: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 240
    while time.monotonic() < until and running.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the server did not start")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_version_goes_to_a_server_and_comes_back(
    handed: Handed, copied: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(HandoffError, match=f"The store {server} refused"):
        Registry(server).versions()
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", NAME)
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", WORD)
    version = publish(copied, "remote", server, rehearse=rehearse)
    assert version.rehearsed
    (found,) = Registry(server).versions("remote")
    assert found["aliases"] == ["candidate"]
    assert found["tags"]["handoff.owner"] == "Maya Okafor"
    assert publish(copied, "remote", server) == version
    record = (copied / "evidence" / "published.json").read_text()
    assert WORD not in record
