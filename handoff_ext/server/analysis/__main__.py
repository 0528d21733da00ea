"""The analysis process: questions on standard input, answers on standard output, until both close."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, BinaryIO

from handoff_ext.server.analysis import wire
from handoff_ext.server.analysis.answers import Answers
from handoff_ext.server.analysis.collector import Collector
from handoff_ext.server.failures import failure_of, for_the_log


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer until the server closes the pipe, which its death does too."""
    desk, collector = Answers(), Collector()
    while (question := wire.read(questions)) is not None:
        head, body = question
        answers.write(wire.frame(*_answer(desk, head, body)))
        answers.flush()
        collector.answered()


def _answer(desk: Answers, head: wire.Head, body: bytes) -> tuple[wire.Head, bytes]:
    kept: dict[str, Any] = {}
    try:
        data = desk.answer(head["method"], Path(head["root"]), body, head["arguments"], kept)
        return {"status": 200, "kept": kept, "log": ""}, data
    except (Exception, RecursionError) as error:
        import json

        status, failure = failure_of(error)
        log = for_the_log(error) if status == 500 else ""
        return {"status": status, "kept": {}, "log": log}, json.dumps(failure).encode()


def main() -> None:
    """Keep the pipes for messages: whatever prints, prints to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
