"""Runs a gateway: on an address until it is told to stop, or for one question."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handoff_ext.contracts.errors import GateFailed, HandoffError
from handoff_ext.contracts.serving import Answers
from handoff_ext.ledger.place import Ledger
from handoff_ext.serve.keys import Keys
from handoff_ext.serve.limits import Limits
from handoff_ext.serve.registry import fetch
from handoff_ext.serve.serving import Serving
from handoff_ext.serve.version import ServedVersion

if TYPE_CHECKING:
    from uvicorn import Server


def serve(
    model_uri: str,
    host: str = "127.0.0.1",
    port: int = 8000,
    tracking_uri: str | None = None,
    limits: Limits | None = None,
    every: float = 1,
    ledger: Ledger | None = None,
    keys: Path | None = None,
    listening: Callable[[ServedVersion, str], None] | None = None,
) -> None:
    """Answer for a version over HTTP until SIGTERM or SIGINT; requests at work are finished first.

    Args:
        model_uri: as :func:`handoff_ext.serve.registry.fetch` takes it.
        host: the address to listen on.
        port: 0 for a free one.
        tracking_uri: where the registry is.
        limits: bounds of requests.
        every: seconds between looks at the registry: a new version of that name is taken without a restart.
        ledger: where answers are put on record.
        keys: a file of API keys; without one, anybody who reaches the address may ask.
        listening: called once with the version and the URL; the model may still be loading.

    Raises:
        HandoffError: there is no such version, or the address is taken.
    """
    known = Keys(keys)
    version = fetch(model_uri, tracking_uri)
    listener = _listen(host, port)
    with listener:
        server = _server(Serving(version, limits, tracking_uri, every, ledger), known)
        if listening:
            listening(version, _url(host, listener))
        asyncio.run(server.serve(sockets=[listener]))


def answer_once_over_http(model_uri: str, tracking_uri: str | None = None) -> Answers:
    """Start a gateway on a free port of this machine, ask ``/predict`` with the version's example, and stop it.

    Raises:
        GateFailed: the model does not load, or a fallback answers for it.
        HandoffError: there is no such version, or it has no example.
    """
    version = fetch(model_uri, tracking_uri)
    if not version.example:
        raise HandoffError("This version was published without an example row.", "Publish it again.")
    with _listen("127.0.0.1", 0) as listener:
        return asyncio.run(_ask(Serving(version), listener))


async def _ask(serving: Serving, listener: socket.socket) -> Answers:
    import httpx

    engine = serving.engine
    server = _server(serving)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started and not running.done():
            await asyncio.sleep(0.01)
        if await engine.model.settled(engine.limits.load_seconds * 5) != "ready":
            raise GateFailed(engine.model.reason, "Find out why: handoff rehearse.")
        async with httpx.AsyncClient(base_url=_url("127.0.0.1", listener), trust_env=False, timeout=60) as client:
            response = await client.post("/predict", json=list(engine.version.example))
        if response.status_code != 200:
            raise GateFailed(f"The example row was refused: {response.json()['message']}", "Publish the model again.")
        answers = Answers.model_validate(response.json())
    finally:
        server.should_exit = True
        await running
    failed = next((answer for answer in answers.answers if answer.fallback and answer.guess is None), None)
    if failed:
        raise GateFailed(f"The model gave no answer: {failed.fallback_reason}", "Find out why: handoff rehearse.")
    return answers


def _server(serving: Serving, keys: Keys | None = None) -> Server:
    import uvicorn

    from handoff_ext.serve.gateway import make_app

    options: dict[str, Any] = {
        "lifespan": "on",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "date_header": False,
        "ws": "none",
        "timeout_graceful_shutdown": int(serving.limits.seconds) + 1,
        "timeout_keep_alive": 30,
    }
    return uvicorn.Server(uvicorn.Config(make_app(serving, keys), **options))


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)
    except OSError as error:
        reason = (error.strerror or "cannot listen").lower()
        raise HandoffError(f"Port {port} of {host} cannot be used: {reason}.", "Give another with --port.") from error
    return listener


def _url(host: str, listener: socket.socket) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{listener.getsockname()[1]}"
