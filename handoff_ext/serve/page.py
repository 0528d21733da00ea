"""The page for people who don't code: a form made from the version, its answer in words, and nothing to install."""

from __future__ import annotations

import asyncio
import json
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
from handoff_ext.publish.scores import spelled
from handoff_ext.serve.columns import Column
from handoff_ext.serve.door import Refused, read_body
from handoff_ext.serve.engine import Engine
from handoff_ext.serve.fallback import outcome_of, score_of
from handoff_ext.serve.history import COOKIE, Asked, History
from handoff_ext.serve.influence import by_influence, moves, typical_row
from handoff_ext.serve.outcomes import Outcomes
from handoff_ext.serve.serving import Serving
from handoff_ext.serve.tables import value_of
from handoff_ext.serve.upload import scored_csv, uploaded_csv
from handoff_ext.serve.validate import RowsRefused
from handoff_ext.serve.version import ServedVersion
from handoff_ext.serve.wording import STAGES, changes, confidence, doubts, headline, shown
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
    """The answer as the page shows it. ``right`` and ``wrong`` are the outcomes, as JSON, that "Was it right?" stands
    for; ``wrong`` is empty where there is more than one."""

    headline: str
    confidence: str = ""
    doubts: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    id: str = ""
    right: str = ""
    wrong: str = ""


class Page:
    """The page of the version in charge. Inputs stand in the order of their influence, once that is known."""

    def __init__(self, serving: Serving, outcomes: Outcomes) -> None:
        self._serving = serving
        self._outcomes = outcomes
        self._history = History()
        self._order: tuple[Engine, list[Column]] | None = None

    async def show(self, request: Request) -> Response:
        """The form, filled with a typical case."""
        return await self._page(request, self._serving.engine)

    async def answer(self, request: Request) -> Response:
        """The form as it was sent, with the answer above it, or with what is wrong beside each field."""
        engine = self._serving.engine
        columns = engine.version.columns
        sent = await self._form(request, 10 * len(columns) + 10)
        texts = {name: value for name, value in sent.items() if any(column.name == name for column in columns)}
        row = {column.name: value_of(texts[column.name], column) for column in columns if column.name in texts}
        try:
            said = await self._said(engine, row, request.scope["by"])
        except RowsRefused as error:
            problems = {problem.field: problem for problem in error.problems}
            return await self._page(request, engine, texts, problems=problems)
        return await self._page(request, engine, texts, said=said)

    async def outcome(self, request: Request) -> Response:
        """ "Was it right?", answered: put on record, and the page again with thanks."""
        engine = self._serving.engine
        sent = await self._form(request, 10)
        answered = {name: _scalar(sent[name]) for name in ("truth", "decision") if sent.get(name, "").strip()}
        try:
            await self._outcomes.add(engine.version.name, [{"id": sent.get("id", ""), **answered}], request.scope["by"])
        except HandoffError as error:
            return await self._page(request, engine, trouble=f"{error.message} {error.hint}".strip())
        outcome = shown(answered.get("truth", answered.get("decision")))
        self._history.outcome(self._history.visitor(request), sent["id"], outcome)
        return await self._page(request, engine, thanks=f"Noted for answer {sent['id'][:8]}. Thank you.")

    async def _form(self, request: Request, most: int) -> dict[str, str]:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/x-www-form-urlencoded":
            raise Refused(415, "This page is sent as a form.", "Programs ask /predict.")
        body = await read_body(request, self._serving.limits)
        try:
            return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=most))
        except ValueError:
            raise Refused(400, "The form cannot be read.") from None

    async def score(self, request: Request) -> Response:
        """A CSV file, sent from the page, back with answers; or the page with what is wrong."""
        body = await read_body(request, self._serving.limits)
        engine = self._serving.engine
        try:
            given = await uploaded_csv(request, body)
            text = await scored_csv(engine, given, self._serving.limits.rows, request.scope["by"])
        except HandoffError as error:
            return await self._page(request, engine, trouble=f"{error.message} {error.hint}".strip())
        name = re.sub(r"[^\w.-]", "_", engine.version.name, flags=re.ASCII)
        saved = f'attachment; filename="{name}-answers.csv"'
        headers = {"Content-Disposition": saved, "Cache-Control": "no-store"}
        return Response(text, headers=headers, media_type="text/csv")

    async def _said(self, engine: Engine, row: dict[str, Any], by: str) -> Said:
        version = engine.version
        answer = (await engine.answer([row], by)).answers[0]
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
            **_outcomes(answer.prediction if answer.guess is None else answer.guess, version),
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
        request: Request,
        engine: Engine,
        texts: dict[str, str] | None = None,
        said: Said | None = None,
        problems: dict[str, RowProblem] | None = None,
        trouble: str = "",
        thanks: str = "",
    ) -> Response:
        version = engine.version
        if texts is None:
            typical = typical_row(version.columns, version.example)
            texts = {name: _typed(value) for name, value in typical.items()}
        visitor = self._history.visitor(request)
        if said:
            self._history.add(visitor, Asked(said.id, said.headline))
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
            thanks=thanks,
            seen=self._history.seen(visitor),
            keeps_outcomes=self._serving.ledger is not None,
            loading=engine.model.state != "ready",
        )
        response = Response(html, 422 if problems or trouble else 200, HEADERS, "text/html")
        response.set_cookie(COOKIE, visitor, max_age=86400, httponly=True, samesite="strict")
        return response


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


def _outcomes(prediction: Any, version: ServedVersion) -> dict[str, str]:
    """What "right" and "wrong" mean for this answer, as JSON; empty where only a person can say it."""
    label, names = outcome_of(prediction), version.profile.outputs
    classes = [name.removeprefix("probability_") for name in names if name.startswith("probability_")]
    if len(classes) == 2 and isinstance(prediction, dict) and spelled(label) in classes:
        other = classes[1 - classes.index(spelled(label))]
        return {"right": json.dumps(label), "wrong": json.dumps(not label if isinstance(label, bool) else other)}
    score, limit = score_of(prediction, version.profile.target), version.plan.thresholds.decision
    if version.profile.calibration and score is not None:
        said = score >= (0.5 if limit is None else limit)
        return {"right": json.dumps(said), "wrong": json.dumps(not said)}
    return {}


def _scalar(text: str) -> Any:
    """What a form's field says: a number, true or false where it is one, else the text."""
    try:
        value = json.loads(text)
    except ValueError:
        return text.strip()
    return value if isinstance(value, bool | int | float | str) else text.strip()
