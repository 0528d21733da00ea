"""Puts each answer on record, without what the plan calls personal."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from handoff_ext.contracts.serving import Answer, RowProblem
from handoff_ext.ledger.journal import Journal
from handoff_ext.ledger.place import Ledger
from handoff_ext.serve.version import ServedVersion

Role = Literal["champion", "challenger"]
log = logging.getLogger(__name__)


class Recorder:
    """Writes one version's answers to the ledger.

    Personal columns are left out, or where ``HANDOFF_LOG_KEY`` is set written as its HMAC-SHA256, by which equal values
    are known as equal and nothing else is.
    """

    def __init__(self, version: ServedVersion, ledger: Ledger) -> None:
        personal = {name for name, said in version.plan.columns.items() if said.personal}
        self._key = os.environ.get("HANDOFF_LOG_KEY", "").encode()
        self._hashed = personal if self._key else set()
        self._left_out = personal - self._hashed
        kinds = {
            column.name: "text" if column.name in self._hashed else column.kind
            for column in version.columns
            if column.name not in self._left_out
        }
        self._ledger = ledger
        head = {"model": version.name, "version": version.version, "columns": kinds}
        self._journal = Journal(ledger.journals, head, self._seal)

    @property
    def lost(self) -> int:
        """Answers that could not be put on record."""
        return self._journal.lost

    async def room(self, seconds: float) -> None:
        """Wait until the writer has caught up, at most ``seconds``."""
        until = time.monotonic() + seconds
        while not self._journal.has_room and time.monotonic() < until:
            await asyncio.sleep(0.02)

    def answered(
        self,
        columns: Mapping[str, Sequence[Any]],
        answers: Sequence[Answer],
        role: Role,
        stage: str,
        seconds: float,
        by: str,
    ) -> None:
        """Record answers to rows, which are given column by column."""
        self._append(
            {
                "role": role,
                "stage": stage,
                "by": by,
                "ms": round(1000 * seconds / len(answers), 3),
                "ids": [answer.id for answer in answers],
                "in_scope": [answer.in_scope for answer in answers],
                "fallback": [answer.fallback_reason for answer in answers],
                # What the model said, also where it is not acted on; not what stood in for it.
                "answers": [answer.guess if answer.fallback else answer.prediction for answer in answers],
                "inputs": {
                    name: [self._hash(value) for value in values] if name in self._hashed else values
                    for name, values in columns.items()
                    if name not in self._left_out
                },
            },
            len(answers),
        )

    def refused(self, problems: Sequence[RowProblem], role: Role, by: str) -> None:
        """Record that rows were refused: field and reason, no values."""
        first = {problem.row: f"{problem.field}: {problem.problem}" for problem in reversed(problems)}
        ids = [uuid.uuid4().hex for _ in first]
        self._append({"status": "refused", "role": role, "by": by, "ids": ids, "problem": [*first.values()]}, len(ids))

    async def close(self) -> None:
        """Write all that waits."""
        await asyncio.to_thread(self._journal.close)

    def _append(self, record: dict[str, Any], rows: int) -> None:
        self._journal.append({"time": round(time.time(), 3), **record}, rows)

    def _hash(self, value: Any) -> str | None:
        if value is None:
            return None
        return hmac.new(self._key, json.dumps(value).encode(), hashlib.sha256).hexdigest()[:32]

    def _seal(self) -> None:
        threading.Thread(target=seal_all, args=[self._ledger], name="handoff-seal", daemon=True).start()


def seal_all(ledger: Ledger) -> None:
    """Turn complete journals into segments, in a process of its own: Arrow's memory is not the gateway's."""
    command = [sys.executable, "-m", "handoff_ext.ledger.sealing", str(ledger.journals), ledger.log]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        log.error("The log's segments cannot be written; the journals stay: %s", done.stderr.strip()[-200:])
