"""Rows to answers, with a real worker process: the model's, or the plan's fallback."""

from __future__ import annotations

import asyncio
import pickle
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from handoff_ext.contracts.plan import Plan
from handoff_ext.contracts.serving import Answer
from handoff_ext.serve.engine import Engine
from handoff_ext.serve.limits import Limits
from handoff_ext.serve.version import ServedVersion
from handoff_ext.serve.worker import Worker, WorkerGone
from tests.serve.conftest import DIES, RAISES, SLEEPS, Published, alive

Asking = Callable[..., Any]


def test_ten_thousand_concurrent_rows_each_get_their_own_answer(asking: Asking, published: Published) -> None:
    rows = [{**published.rows[i % 400], "wind": i / 250} for i in range(10_000)]
    model = pickle.loads((published.folder / "artifacts" / "model.pkl").read_bytes())
    expected = model.predict_proba(pd.DataFrame(rows))[:, 1]
    assert len(set(expected)) == 10_000

    async def ask(engine: Engine) -> list[Answer]:
        answers = await asyncio.gather(*(engine.answer([row]) for row in rows))
        return [answer.answers[0] for answer in answers]

    answers = asking(ask)
    assert [answer.prediction for answer in answers] == pytest.approx(expected.tolist(), rel=1e-12)
    assert len({answer.id for answer in answers}) == 10_000
    assert {(a.model, a.version, a.stage, a.fallback) for a in answers} == {("flights", "1", "shadow", False)}


def test_a_row_that_the_model_cannot_do_spoils_no_other(asking: Asking, published: Published) -> None:
    async def ask(engine: Engine) -> list[Answer]:
        bad = {**published.rows[0], "wind": RAISES}
        answers = await asyncio.gather(*(engine.answer([row]) for row in [published.rows[0], bad, published.rows[1]]))
        return [answer.answers[0] for answer in answers]

    first, bad, second = asking(ask)
    assert [first.prediction, second.prediction] == pytest.approx(published.scores[:2])
    assert bad.fallback
    assert bad.prediction is None
    assert bad.fallback_reason == "The model failed (ValueError)."


def test_a_worker_that_ends_is_replaced(asking: Asking, published: Published) -> None:
    async def ask(engine: Engine) -> tuple[list[Answer], list[int | None]]:
        pids = [engine.model.pid]
        answers = (await engine.answer([{**published.rows[0], "wind": DIES}])).answers
        answers += (await engine.answer([published.rows[0]])).answers  # waits for the next one
        pids.append(engine.model.pid)
        return answers, pids

    (dead, found), (before, after) = asking(ask)
    assert (dead.fallback, dead.fallback_reason) == (True, "The model's process ended.")
    assert found.prediction == pytest.approx(published.scores[0])
    assert not alive(before)
    assert alive(after)


def test_a_worker_that_hangs_is_ended(published: Published) -> None:
    async def ask() -> int | None:
        worker = Worker(Path(sys.executable), published.folder)
        await worker.start()
        pid = worker.pid
        columns = {name: [value] for name, value in {**published.rows[0], "wind": SLEEPS}.items()}
        with pytest.raises(WorkerGone, match=r"took longer than 0.5 seconds"):
            await worker.predict(columns, 1, seconds=0.5)
        with pytest.raises(WorkerGone, match="not running"):
            await worker.predict(columns, 1, seconds=0.5)
        return pid

    assert not alive(asyncio.run(ask()))


def test_a_missing_value_reaches_the_model_as_it_did_in_training(asking: Asking, published: Published) -> None:
    async def ask(engine: Engine) -> list[Answer]:
        wind = [{**published.rows[0], "wind": value} for value in (None, 20.0)]
        return (await engine.answer(wind)).answers

    missing, mean = asking(ask)
    assert not missing.fallback
    assert missing.prediction == pytest.approx(mean.prediction, abs=0.05)


def test_without_a_model_the_fallback_answers(published: Published, version: ServedVersion) -> None:
    async def inside() -> tuple[str, Answer]:
        engine = Engine(version, Limits(seconds=1), interpreter=lambda: Path("/bin/false"))
        engine.model.start()
        state = await engine.model.settled(30)
        answer = (await engine.answer([published.rows[0]])).answers[0]
        await engine.stop()
        return state, answer

    state, answer = asyncio.run(inside())
    assert state == "failed"
    assert answer.fallback
    assert answer.fallback_reason == "The model's process ended."


def test_out_of_scope_is_marked_and_still_answered_where_the_plan_says_nothing(
    asking: Asking, published: Published
) -> None:
    async def ask(engine: Engine) -> Answer:
        return (await engine.answer([{**published.rows[0], "distance": 9000, "carrier": "ZZ"}])).answers[0]

    answer = asking(ask)
    assert not answer.in_scope
    assert [remark.field for remark in answer.unlike_known] == ["distance", "carrier"]
    assert not answer.fallback
    assert isinstance(answer.prediction, float)


def test_the_previous_version_stands_in(asking: Asking, published: Published, version: ServedVersion) -> None:
    plan = Plan.model_validate({"fallback": {"kind": "previous"}})
    newer = replace(version, version="2", plan=plan)

    async def ask(previous: Engine) -> Answer:
        engine = Engine(newer, Limits(seconds=60), interpreter=lambda: Path(sys.executable))
        engine.model.start()
        engine.previous = previous
        answer = (await engine.answer([{**published.rows[0], "distance": 9000}])).answers[0]
        engine.previous = None
        await engine.stop()
        return answer

    answer = asking(ask)
    assert answer.fallback
    assert answer.fallback_reason.startswith("distance is unlike known cases")
    assert answer.version == "1"
    assert isinstance(answer.prediction, float)


RULES = [{"column": "carrier", "equals": "UA", "answer": "late"}, {"column": "wind", "at_least": -5, "answer": "call"}]


@pytest.mark.parametrize(
    ("fallback", "said"),
    [
        ({"kind": "constant", "value": "hold"}, "hold"),
        ({"kind": "rule", "rules": RULES}, "call"),
        ({"kind": "person"}, None),
    ],
    ids=["constant", "rule", "person"],
)
def test_each_fallback_answers_whatever_the_reason(
    asking: Asking, published: Published, version: ServedVersion, fallback: dict[str, Any], said: object
) -> None:
    row = {**published.rows[0], "carrier": "AA"}
    plan = Plan.model_validate({"fallback": fallback})

    async def ask(engine: Engine) -> list[Answer]:
        engine.version = replace(version, plan=plan)
        try:
            fails, unlike = ({**row, "wind": RAISES}, {**row, "distance": 9000})
            found = [(await engine.answer([each])).answers[0] for each in (fails, unlike)]
        finally:
            engine.version = version
        other = Engine(replace(version, plan=plan), Limits(seconds=0.2), interpreter=lambda: Path(sys.executable))
        other.model.start()  # and is not ready in that time
        found.append((await other.answer([row])).answers[0])
        await other.stop()
        return found

    fails, unlike, late = asking(ask)
    assert {(each.fallback, each.prediction) for each in (fails, unlike, late)} == {(True, said)}
    assert fails.fallback_reason == "The model failed (ValueError)."
    assert unlike.fallback_reason.startswith("distance is unlike known cases")
    assert late.fallback_reason in {"The model is loading.", "The model took longer than 0.2 seconds."}
    assert (fails.guess, late.guess) == (None, None)
    assert isinstance(unlike.guess, float)
