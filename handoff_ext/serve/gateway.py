"""The HTTP side of a served version: routes, and the life of the worker behind them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from handoff_ext.contracts.serving import Answers
from handoff_ext.serve.door import Door, Handler, Refused, read_body, refusal
from handoff_ext.serve.invocations import invocation_answer, rows_from_invocation
from handoff_ext.serve.keys import Keys, Role
from handoff_ext.serve.loading import with_load
from handoff_ext.serve.metrics import Metrics
from handoff_ext.serve.openapi import openapi
from handoff_ext.serve.outcomes import Outcomes
from handoff_ext.serve.page import Page
from handoff_ext.serve.serving import Serving
from handoff_ext.serve.tables import parse_json, rows_from_json

JSON_TYPES = {"", "application/json"}
LARGE = 100_000


def make_app(serving: Serving, keys: Keys | None = None) -> FastAPI:
    """The application; its workers start and end with it. Without keys, anybody may ask."""

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        serving.start()
        yield
        await serving.stop()

    metrics = Metrics(serving)
    door = Door(serving.limits, metrics, keys)
    api = _Api(serving, metrics)
    page = Page(serving, api.outcomes_of)
    app = FastAPI(lifespan=life, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.openapi = lambda: openapi(serving.engine.version)  # type: ignore[method-assign]
    routes: list[tuple[str, Handler, list[str], Role]] = [
        ("/predict", api.predict, ["POST"], "predict"),
        ("/invocations", api.invocations, ["POST"], "predict"),
        ("/outcomes", api.outcomes, ["POST"], "outcome"),
        ("/ready", api.ready, ["GET"], "predict"),
        ("/card", api.card, ["GET"], "predict"),
        ("/runbook", api.runbook, ["GET"], "predict"),
        ("/metrics", api.metrics, ["GET"], "operate"),
        ("/", page.show, ["GET"], "predict"),
        ("/", page.answer, ["POST"], "predict"),
        ("/score", page.score, ["POST"], "predict"),
        ("/outcome", page.outcome, ["POST"], "outcome"),
    ]
    for path, handler, methods, role in routes:
        app.add_route(path, door.guard(handler, role), methods=methods)
    app.add_route("/health", api.health, methods=["GET"])
    app.add_route("/ping", api.health, methods=["GET"])
    app.add_exception_handler(404, _nothing_here)
    app.add_exception_handler(405, _not_this_way)
    return app


class _Api:
    """The routes for programs."""

    def __init__(self, serving: Serving, metrics: Metrics) -> None:
        self.serving = serving
        self.figures = metrics
        self.outcomes_of = Outcomes(serving.ledger)

    async def predict(self, request: Request) -> Response:
        _content_type(request, JSON_TYPES)
        body = await read_body(request, self.serving.limits)
        answers = await self._answers(request, len(body), lambda: rows_from_json(body))
        return Response(answers.model_dump_json(), media_type="application/json")

    async def invocations(self, request: Request) -> Response:
        kind = _content_type(request, JSON_TYPES | {"text/csv", "application/csv"})
        body = await read_body(request, self.serving.limits)
        columns = self.serving.engine.version.columns
        answers = await self._answers(request, len(body), lambda: rows_from_invocation(body, kind, columns))
        return JSONResponse(invocation_answer(answers))

    async def outcomes(self, request: Request) -> Response:
        _content_type(request, JSON_TYPES)
        content = parse_json(await read_body(request, self.serving.limits))
        inner = content.get("outcomes") if isinstance(content, dict) and len(content) == 1 else None
        reported = content if isinstance(content, list) else inner if isinstance(inner, list) else [content]
        taken = await self.outcomes_of.add(self.serving.engine.version.name, reported, request.scope["by"])
        return JSONResponse({"taken": taken})

    async def _answers(self, request: Request, size: int, read: Callable[[], Sequence[Any]]) -> Answers:
        # Large bodies are read and checked beside the event loop, so that small ones don't wait for them.
        rows = await asyncio.to_thread(read) if size > LARGE else read()
        if len(rows) > self.serving.limits.rows:
            raise Refused(413, f"More than {self.serving.limits.rows:,} rows.", "Send fewer rows at a time.")
        answers = await self.serving.engine.answer(rows, request.scope["by"])
        self.figures.answered(answers)
        return answers

    async def health(self, _: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(self, _: Request) -> Response:
        version, model = self.serving.engine.version, self.serving.engine.model
        if model.state != "ready":
            return refusal(503, model.reason, "Until then the fallback answers.")
        return JSONResponse({"ready": True, "model": version.name, "version": version.version, "stage": version.stage})

    async def metrics(self, _: Request) -> Response:
        return Response(self.figures.text(), media_type="text/plain; version=0.0.4")

    async def card(self, request: Request) -> Response:
        version = self.serving.engine.version
        if version.card_page and "text/html" in request.headers.get("accept", ""):
            policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
            page = with_load(version.card_page, version.load, html=True)
            return Response(page, headers={"Content-Security-Policy": policy}, media_type="text/html")
        if not version.card:
            raise Refused(404, "This version was published without a card.")
        return Response(with_load(version.card, version.load), media_type="text/markdown")

    async def runbook(self, _: Request) -> Response:
        text = self.serving.engine.version.runbook
        if not text:
            raise Refused(404, "This version was published without a runbook.")
        return Response(text, media_type="text/plain")


def _content_type(request: Request, allowed: set[str]) -> str:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in allowed:
        raise Refused(415, "This kind of content is not taken.", f"Send {' or '.join(sorted(allowed - {''}))}.")
    return kind


async def _nothing_here(_: Request, __: Exception) -> Response:
    return refusal(404, "There is nothing at this address.", "See /openapi.json.")


async def _not_this_way(_: Request, error: Exception) -> Response:
    return refusal(405, "This address is not asked that way.", "See /openapi.json.", getattr(error, "headers", None))
