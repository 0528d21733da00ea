"""One question, one answer: in this process, or through a server started for it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from handoff_ext.contracts.errors import GateFailed, HandoffError
from handoff_ext.contracts.serving import Answers
from handoff_ext.serve.engine import Engine
from handoff_ext.serve.registry import fetch
from handoff_ext.serve.tables import rows_from_csv


def predict(model_uri: str, rows: Sequence[object] | str | None, tracking_uri: str | None = None) -> Answers:
    """Ask a version once, through the validation, worker and fallback that the API uses.

    Args:
        model_uri: as :func:`handoff_ext.serve.registry.fetch` takes it.
        rows: mappings of input to value, or the text of a CSV; None for the version's own example.
        tracking_uri: where the registry is.

    Raises:
        RowsRefused: a row is not what the version takes.
        GateFailed: the model does not load or gives no answer.
        HandoffError: there is no such version, or its environment cannot be made.
    """
    version = fetch(model_uri, tracking_uri)
    if rows is None:
        rows = version.example
        if not rows:
            raise HandoffError("This version was published without an example row.", "Give rows to predict.")
    elif isinstance(rows, str):
        rows = rows_from_csv(rows, version.columns)
    return asyncio.run(_ask(Engine(version), rows))


async def _ask(engine: Engine, rows: Sequence[object]) -> Answers:
    engine.validator.check(rows)  # before an environment is made for nothing
    engine.model.start()
    try:
        if await engine.model.settled(engine.limits.load_seconds * 5) != "ready":
            raise GateFailed(engine.model.reason, "Find out why: handoff rehearse.")
        return await engine.answer(rows)
    finally:
        await engine.stop()
