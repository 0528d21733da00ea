"""A CSV file in, the same file back with an answer beside each row."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.serving import Answer
from handoff_ext.serve.door import Refused
from handoff_ext.serve.engine import Engine
from handoff_ext.serve.tables import csv_lines, rows_from_csv


async def uploaded_csv(request: Request, body: bytes) -> str:
    """The text of the one file in a form that a browser sent.

    Raises:
        Refused: there is none, or it is not UTF-8.
    """
    from starlette.exceptions import HTTPException

    async def again() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    try:
        async with Request(request.scope, again).form(max_files=1, max_fields=1) as form:
            file = form.get("file")
            content = b"" if file is None or isinstance(file, str) else await file.read()
    except HTTPException:
        raise Refused(400, "The form cannot be read.") from None
    if not content:
        raise Refused(400, "No file was chosen.", "Choose a CSV file.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(400, "This file is not UTF-8 text.", "Save it as CSV UTF-8.") from None


async def scored_csv(engine: Engine, text: str, most: int, by: str = "") -> str:
    """The CSV with columns added: each part of the answer, ``in_scope``, ``fallback``, ``reason`` and the
    ``answer_id`` to report the outcome with.

    Raises:
        RowsRefused: a row is not what the version takes.
        HandoffError: not a CSV, or more than ``most`` rows.
    """
    rows = await asyncio.to_thread(rows_from_csv, text, engine.version.columns)
    if len(rows) > most:
        raise HandoffError(f"The file has more than {most:,} rows.", "Send it in parts.")
    answers = (await engine.answer(rows, by)).answers
    return await asyncio.to_thread(_beside, text, answers)


def _beside(text: str, answers: Sequence[Answer]) -> str:
    header, *lines = [line for line in csv_lines(text) if line]
    parts = _parts(answers)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    added = (*parts, "in_scope", "fallback", "reason", "answer_id")
    writer.writerow([*header, *(_free(name, header) for name in added)])
    for line, answer in zip(lines, answers, strict=True):
        said = answer.prediction if isinstance(answer.prediction, dict) else {"prediction": answer.prediction}
        why = answer.fallback_reason or answer.unusual
        writer.writerow([*line, *(said.get(part) for part in parts), answer.in_scope, answer.fallback, why, answer.id])
    return out.getvalue()


def _parts(answers: Sequence[Answer]) -> list[str]:
    """Names of the outputs, in the order in which they come up."""
    named = [answer.prediction if isinstance(answer.prediction, dict) else {"prediction": 0} for answer in answers]
    return list(dict.fromkeys(name for one in named for name in one))


def _free(name: str, taken: Sequence[str]) -> str:
    return f"model_{name}" if name in taken else name
