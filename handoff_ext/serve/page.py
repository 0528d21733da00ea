"""The page for people who don't code: a form made from the version, its answer in words, and nothing to install."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.serving import RowProblem
from handoff_ext.serve.columns import Column
from handoff_ext.serve.door import Refused, read_body
from handoff_ext.serve.engine import Engine
from handoff_ext.serve.influence import by_influence, moves, typical_row
from handoff_ext.serve.serving import Serving
from handoff_ext.serve.tables import value_of
from handoff_ext.serve.upload import scored_csv, uploaded_csv
from handoff_ext.serve.validate import RowsRefused
from handoff_ext.serve.wording import STAGES, changes, confidence, doubts, headline
from handoff_ext.serve.worker import WorkerFailed

if TYPE_CHECKING:
    from jinja2 import Template

SHOWN_FIRST = 7
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Said:
    """The answer as the page shows it."""

    headline: str
    confidence: str = ""
    doubts: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    id: str = ""


class Page:
    """The page of the version in charge. Inputs stand in the order of their influence, once that is known."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._order: tuple[Engine, list[Column]] | None = None

    async def show(self, _: Request) -> Response:
        """The form, filled with a typical case."""
        engine = self._serving.engine
        typical = typical_row(engine.version.columns, engine.version.example)
        return await self._page(engine, {name: _typed(value) for name, value in typical.items()})

    async def answer(self, request: Request) -> Response:
        """The form as it was sent, with the answer above it, or with what is wrong beside each field."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/x-www-form-urlencoded":
            raise Refused(415, "This page is sent as a form.", "Programs ask /predict.")
        body = await read_body(request, self._serving.limits)
        engine = self._serving.engine
        columns = engine.version.columns
        try:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=10 * len(columns) + 10)
        except ValueError:
            raise Refused(400, "The form cannot be read.") from None
        texts = {name: value for name, value in pairs if any(column.name == name for column in columns)}
        row = {column.name: value_of(texts[column.name], column) for column in columns if column.name in texts}
        try:
            said = await self._said(engine, row)
        except RowsRefused as error:
            return await self._page(engine, texts, problems={problem.field: problem for problem in error.problems})
        return await self._page(engine, texts, said=said)

    async def score(self, request: Request) -> Response:
        """A CSV file, sent from the page, back with answers; or the page with what is wrong."""
        body = await read_body(request, self._serving.limits)
        engine = self._serving.engine
        try:
            text = await scored_csv(engine, await uploaded_csv(request, body), self._serving.limits.rows)
        except HandoffError as error:
            typical = typical_row(engine.version.columns, engine.version.example)
            texts = {name: _typed(value) for name, value in typical.items()}
            return await self._page(engine, texts, trouble=f"{error.message} {error.hint}".strip())
        name = re.sub(r"[^\w.-]", "_", engine.version.name, flags=re.ASCII)
        saved = f'attachment; filename="{name}-answers.csv"'
        headers = {"Content-Disposition": saved, "Cache-Control": "no-store"}
        return Response(text, headers=headers, media_type="text/csv")

    async def _said(self, engine: Engine, row: dict[str, Any]) -> Said:
        version = engine.version
        answer = (await engine.answer([row])).answers[0]
        try:
            found = await moves(engine, row, (await self._ordered(engine))[:SHOWN_FIRST])
        except WorkerFailed:
            found = []
        return Said(
            headline=headline(answer, version.plan, version.profile),
            confidence=confidence(answer, version.profile),
            doubts=doubts(answer),
            changes=changes(answer.prediction if answer.guess is None else answer.guess, found, version.profile),
            id=answer.id,
        )

    async def _ordered(self, engine: Engine) -> list[Column]:
        if self._order is None or self._order[0] is not engine:
            columns = list(engine.version.columns)
            if engine.model.state != "ready":
                return columns
            try:
                columns = await by_influence(engine)
            except (WorkerFailed, RowsRefused) as error:
                log.warning("The inputs' influence is unknown: %s", error.message)
            self._order = (engine, columns)
        return self._order[1]

    async def _page(
        self,
        engine: Engine,
        texts: dict[str, str],
        said: Said | None = None,
        problems: dict[str, RowProblem] | None = None,
        trouble: str = "",
    ) -> Response:
        version = engine.version
        columns = await self._ordered(engine)
        # An input that is wrong must be seen.
        first = [column for i, column in enumerate(columns) if i < SHOWN_FIRST or column.name in (problems or {})]
        html = await asyncio.to_thread(
            _template().render,
            version=version,
            plan=version.plan,
            stage=STAGES.get(version.stage, version.stage),
            first=first,
            more=[column for column in columns if column not in first],
            names=[column.name for column in version.columns],
            texts=texts,
            said=said,
            problems=problems or {},
            trouble=trouble,
            loading=engine.model.state != "ready",
        )
        return Response(html, 422 if problems or trouble else 200, HEADERS, "text/html")


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("handoff_ext.serve", "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("page.html")


def _typed(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
