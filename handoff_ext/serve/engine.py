"""From rows to answers: validation, the model, the fallback. What the API, the page and ``handoff predict`` share."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from handoff_ext.contracts.serving import Answer, Answers, Remark
from handoff_ext.publish.environments import environment
from handoff_ext.serve.batching import Batcher
from handoff_ext.serve.fallback import OUT_OF_SCOPE, doubt, fallback_value, scoped, unlike, unusual
from handoff_ext.serve.limits import Limits
from handoff_ext.serve.recording import Recorder
from handoff_ext.serve.supervise import Model
from handoff_ext.serve.validate import Checked, RowsRefused, Validator
from handoff_ext.serve.version import ServedVersion
from handoff_ext.serve.worker import WorkerFailed

MANY = 200
log = logging.getLogger(__name__)


class Engine:
    """Answers for one version."""

    def __init__(
        self,
        version: ServedVersion,
        limits: Limits | None = None,
        interpreter: Callable[[], Path] | None = None,
    ) -> None:
        self.version = version
        self.limits = limits or Limits()
        self.validator = Validator(version.columns, version.plan.extra_columns)
        make = interpreter or (lambda: environment(version.lock, version.python))
        self.model = Model(version.folder, make, self._example(), self.limits)
        self.previous: Engine | None = None
        self.recorder: Recorder | None = None
        self.challengers: tuple[Engine, ...] = ()
        self.left_out = 0
        self._beside: set[asyncio.Task[None]] = set()
        self._batcher = Batcher(self.model.predict, self.limits)

    def _example(self) -> Checked | None:
        """The version's example rows, where they pass its own validation."""
        try:
            return self.validator.check(self.version.example) if self.version.example else None
        except RowsRefused:
            log.warning("The version's example row does not fit its own signature.")
            return None

    async def answer(self, rows: Sequence[object], by: str = "") -> Answers:
        """One answer a row, always: the model's, or the plan's fallback with its reason. All are put on record, and
        challengers answer beside it.

        Args:
            rows: mappings of input to value.
            by: whose key asked.

        Raises:
            RowsRefused: a row is not what the version takes.
        """
        begun = time.perf_counter()
        try:
            checked = await self._checked(rows)
        except RowsRefused as refused:
            if self.recorder:
                self.recorder.refused(refused.problems, "champion", by)
            raise
        if not checked.count:
            return Answers(answers=[])
        answers = await self._answers(rows, checked)
        if self.recorder:
            await self.recorder.room(self.limits.seconds)
            took = time.perf_counter() - begun
            self.recorder.answered(checked.columns, answers, "champion", self.version.stage, took, by)
        for challenger in self.challengers:
            challenger.answer_beside(rows, [answer.id for answer in answers], by)
        return Answers(answers=answers)

    def answer_beside(self, rows: Sequence[object], ids: Sequence[str], by: str = "") -> None:
        """Answer as a challenger: in the background, on record under the same ids, never returned. What comes while
        too much waits is left out, so that the one in charge is not slowed."""
        if self.recorder is None or len(self._beside) >= self.limits.beside:
            self.left_out += len(rows)
            return
        task = asyncio.create_task(self._answer_beside(self.recorder, rows, ids, by))
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def stand_in(self, rows: Sequence[object]) -> list[Answer]:
        """Answers for the version after this one, which puts them on record.

        Raises:
            RowsRefused: this one takes other rows.
        """
        return await self._answers(rows, await self._checked(rows))

    async def _answer_beside(self, recorder: Recorder, rows: Sequence[object], ids: Sequence[str], by: str) -> None:
        begun = time.perf_counter()
        try:
            checked = await self._checked(rows)
        except RowsRefused as refused:
            recorder.refused(refused.problems, "challenger", by)
            return
        answers = await self._answers(rows, checked)
        same = [answer.model_copy(update={"id": id}) for answer, id in zip(answers, ids, strict=True)]
        took = time.perf_counter() - begun
        recorder.answered(checked.columns, same, "challenger", self.version.stage, took, by)

    async def _checked(self, rows: Sequence[object]) -> Checked:
        # Many rows are checked beside the event loop, so that few don't wait for them.
        many = len(rows) > MANY
        return await asyncio.to_thread(self.validator.check, rows) if many else self.validator.check(rows)

    async def _answers(self, rows: Sequence[object], checked: Checked) -> list[Answer]:
        try:
            predictions = await self._batcher.submit(checked)
        except WorkerFailed as failed:
            answers = [
                self._instead(remarks, failed.message, row=_row(checked, place))
                for place, remarks in enumerate(checked.remarks)
            ]
        else:
            answers = [self._one(predictions[place], checked, place) for place in range(checked.count)]
        if self.previous and any(answer.fallback for answer in answers):
            answers = await self._by_previous(self.previous, rows, answers)
        return answers

    async def _by_previous(self, previous: Engine, rows: Sequence[object], answers: list[Answer]) -> list[Answer]:
        """Answers in which the previous version stands in for this one, wherever it can."""
        places = [place for place, answer in enumerate(answers) if answer.fallback]
        try:
            before = await previous.stand_in([rows[place] for place in places])
        except RowsRefused:
            return answers
        for place, stand_in in zip(places, before, strict=True):
            if not stand_in.fallback:
                taken = {"prediction": stand_in.prediction, "version": stand_in.version, "stage": stand_in.stage}
                answers[place] = answers[place].model_copy(update=taken)
        return answers

    async def predictions(self, checked: Checked) -> list[Any]:
        """The model's own answers, without fallback.

        Raises:
            WorkerFailed: there are none.
        """
        return await self._batcher.submit(checked)

    async def stop(self) -> None:
        """End the worker; requests that still wait get the fallback."""
        await self._batcher.stop()
        await self.model.stop()
        await asyncio.gather(*self._beside, return_exceptions=True)
        if self.recorder:
            await self.recorder.close()

    def _one(self, prediction: Any, checked: Checked, place: int) -> Answer:
        remarks = checked.remarks[place]
        prediction, inside = scoped(prediction)
        if not inside:
            out = self._instead(remarks, OUT_OF_SCOPE, None, _row(checked, place))
            return out.model_copy(update={"in_scope": False})
        reason = doubt(prediction, remarks, self.version.plan)
        if reason:
            return self._instead(remarks, reason, prediction, _row(checked, place))
        return Answer(
            id=uuid.uuid4().hex,
            prediction=prediction,
            model=self.version.name,
            version=self.version.version,
            stage=self.version.stage,
            in_scope=not unlike(remarks),
            unlike_known=remarks,
            unusual=unusual(prediction, self.version.plan, self.version.profile.target),
        )

    def _instead(
        self, remarks: list[Remark], reason: str, guess: Any = None, row: dict[str, Any] | None = None
    ) -> Answer:
        return Answer(
            id=uuid.uuid4().hex,
            prediction=fallback_value(self.version.plan.fallback, row),
            model=self.version.name,
            version=self.version.version,
            stage=self.version.stage,
            in_scope=not unlike(remarks),
            unlike_known=remarks,
            fallback=True,
            fallback_reason=reason,
            guess=guess,
        )


def _row(checked: Checked, place: int) -> dict[str, Any]:
    return {name: values[place] for name, values in checked.columns.items()}
