"""A package from an index that asks for name and password: locked, published and tried, and nothing names the index."""

from __future__ import annotations

import base64
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from handoff_ext.publish import lock, log
from handoff_ext.publish.locking import locked
from handoff_ext.publish.uv import build_wheel
from handoff_ext.rehearse import rehearse
from tests.publish import made
from tests.publish.test_lock import LOCAL, TOOL

USER, WORD = "maya", "".join(["ope", "nup"])


@pytest.fixture
def index(tmp_path: Path) -> Iterator[str]:
    """The address of a package index that holds ``localtool`` alone, with name and password in it."""
    project, page = tmp_path / "project", tmp_path / "index" / "simple" / "localtool"
    project.mkdir()
    page.mkdir(parents=True)
    (project / "localtool.py").write_text(TOOL)
    (project / "pyproject.toml").write_text(
        '[project]\nname = "localtool"\nversion = "1.2"\n'
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        '[tool.hatch.build.targets.wheel]\ninclude = ["localtool.py"]\n'
    )
    wheel = build_wheel(project, page)
    (page / "index.html").write_text(f'<a href="{wheel.name}">{wheel.name}</a>')
    wanted = "Basic " + base64.b64encode(f"{USER}:{WORD}".encode()).decode()

    class Shop(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.headers.get("Authorization") == wanted:
                super().do_GET()
                return
            self.send_response(401)
            self.send_header("WWW-Authenticate", "Basic")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    def shop(*arguments: object) -> Shop:
        return Shop(*arguments, directory=str(tmp_path / "index"))  # type: ignore[arg-type]

    server = ThreadingHTTPServer(("127.0.0.1", 0), shop)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://{USER}:{WORD}@127.0.0.1:{server.server_port}/simple"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.slow
def test_package_of_a_private_index_is_locked_and_the_index_stands_nowhere(
    index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv, python = [sys.executable, "-m", "uv"], tmp_path / "env" / "bin" / "python"
    monkeypatch.setenv("UV_INDEX", index)  # beside the usual one, as people have it
    subprocess.run([*uv, "venv", "-q", "--python", sys.executable, str(tmp_path / "env")], check=True)
    install = [*uv, "pip", "install", "-q", "--no-cache", "--python", str(python)]
    subprocess.run([*install, "numpy", "cloudpickle", "localtool"], check=True)
    (tmp_path / "home").mkdir()
    folder = made.make(tmp_path / "home", LOCAL, str(python), ("predict",), definitions="")
    locks = lock(folder)
    for path in (locks.requirements, locks.serving):
        assert locked(path.read_text())["localtool"] == "1.2"
    assert not list(folder.glob("wheels/*")), "it came from an index"
    assert [note for note in locks.notes if "pylock.toml is left out" in note]
    logged = log(folder, "private")
    verdict = rehearse(logged.uri, logged.tracking_uri).predicts
    assert verdict.passed, verdict.reason
    for path in (tmp_path / "home").rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert WORD.encode() not in data and b"127.0.0.1:" + index.split(":")[-1].encode() not in data, path
