"""The sidebar's Live section: how models in production stand, and doing something with one of them."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from handoff_ext.contracts.errors import GateFailed, HandoffError
from handoff_ext.server.failures import Conflict
from handoff_ext.server.jobs.request import without_login
from handoff_ext.server.paths import confined, relative

if TYPE_CHECKING:
    from handoff_ext.contracts.sidebar import Live, LiveAnswer, LiveRequest

HANDOFF = (sys.executable, "-P", "-m", "handoff_ext")
SECONDS = 300


def stand(root: Path, path: str, tracking_uri: str) -> Live:
    """How the models of a store stand; the store is the notebook's where none is named. Imports no MLflow.

    Raises:
        HandoffError: the registry or the database does not answer.
    """
    from handoff_ext.contracts.sidebar import Live
    from handoff_ext.ledger.place import ledger_of
    from handoff_ext.ledger.store import Store, now
    from handoff_ext.retrain.live import live

    store = _store(root, path, tracking_uri)
    if store.startswith("sqlite:///") and not Path(store.removeprefix("sqlite:///")).exists():
        return Live(tracking_uri=store, as_of=now())
    return live(store, Store(ledger_of(store).database))


async def act(root: Path, request: LiveRequest, login: str = "") -> LiveAnswer:
    """Do what was asked by the command of that name, in a process of its own, and say how things stand then.

    Args:
        root: the server's root.
        request: what was asked.
        login: who is signed in, where JupyterLab knows.

    Raises:
        Conflict: it was refused, as the command says.
        HandoffError: it could not be done.
    """
    from handoff_ext.contracts.sidebar import LiveAnswer

    store = _store(root, request.path, request.tracking_uri)
    report = confined(root, request.path).parent / f"{_file_name(request.name)}-report.html"
    address, keys = without_login(store)
    argv = [*command(request, report, login)]
    if address:
        argv.append(f"--tracking-uri={address}")
    process = await asyncio.create_subprocess_exec(
        *argv,
        cwd=report.parent,
        env={**os.environ, **keys},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(SECONDS):
            out, err = await process.communicate()
    except BaseException:
        if process.returncode is None:
            process.kill()
        raise
    alarmed = request.action in {"check", "report"} and process.returncode == 1 and out.strip()
    if process.returncode and not alarmed:
        lines = [line for line in err.decode(errors="replace").splitlines() if line.startswith("handoff: ")]
        said = lines[-1].removeprefix("handoff: ") if lines else "It could not be done."
        raise (Conflict if process.returncode == 1 else HandoffError)(said, "See the server's log.")
    now = await asyncio.to_thread(stand, root, request.path, request.tracking_uri)
    wrote = relative(root, report) if request.action == "report" else ""
    return LiveAnswer(said=_said(request, out), live=now, report=wrote)


def command(request: LiveRequest, report: Path, login: str = "") -> list[str]:
    """The command line of an action of whoever is signed in as ``login``.

    Raises:
        HandoffError: something that it needs is not said.
    """
    by, name = request.by.strip(), request.name
    if name.startswith("-") or not name:
        raise HandoffError("No model is named.", "Choose one.")
    if request.action in {"promote", "roll back", "acknowledge", "accept"} and not by:
        raise HandoffError("Who does it is not said.", "Give a name.")
    if request.action == "check":
        return [*HANDOFF, "monitor", name, "--format=json"]
    if request.action == "report":
        return [*HANDOFF, "monitor", name, "--format=json", f"--report={report}"]
    if request.action == "promote":
        if request.to is None:
            raise HandoffError("To what it is promoted is not said.", "Choose advise or decide.")
        version = [f"--version={request.version}"] if request.version else []
        return [*HANDOFF, "promote", name, f"--to={request.to}", f"--approver={by}", *version, "--format=json"]
    if request.action == "roll back":
        return [*HANDOFF, "rollback", name, f"--by={by}", "--format=json"]
    if request.action == "accept":
        if not (request.version or "").isdecimal():
            raise HandoffError("No version is named.", "Choose one.")
        signed_in = [f"--login={login}"] if login else []
        return [*HANDOFF, "accept", f"models:/{name}/{request.version}", f"--as={by}", *signed_in, "--format=json"]
    if request.action == "acknowledge":
        if request.alert is None:
            raise HandoffError("No alert is named.", "Choose one.")
        return [*HANDOFF, "status", f"--acknowledge={request.alert}", f"--by={by}", "--format=json"]
    raise GateFailed("Training again needs new data.", f"In a terminal: handoff retrain {name} --data FILE")


def _said(request: LiveRequest, out: bytes) -> str:
    """The action in one sentence, as it went."""
    if request.action in {"check", "report"}:
        count = len(json.loads(out)["alerts"])
        return f"{request.name}: {count} alert{'' if count == 1 else 's'}." if count else f"{request.name} is quiet."
    done = {"acknowledge": "You take care of it."}
    if request.action in done:
        return done[request.action]
    if request.action == "accept":
        return f"{json.loads(out)['owner']} answers for {request.name}, version {request.version}."
    version = json.loads(out)["version"]
    now = {"advise": "advises", "decide": "decides"}.get(request.to or "", "is in charge again")
    return f"{request.name}, version {version}, {now}."


def _store(root: Path, path: str, tracking_uri: str) -> str:
    notebook = confined(root, path)
    # As publishing does: mlflow.db beside the notebook, unless another store is named.
    return tracking_uri or os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{notebook.parent / 'mlflow.db'}"


def _file_name(name: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in name)
