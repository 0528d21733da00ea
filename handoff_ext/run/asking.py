"""Run code of ours in a notebook's kernel: outside the notebook, leaving nothing in its history or its names."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from handoff_ext.run.parts import PapermillNotebookClient


class NotAnswered(Exception):
    """The code of ours failed in the kernel, or left no answer."""


async def ask(client: PapermillNotebookClient, script: str, request: dict[str, Any]) -> Any:
    """Run ``inside/{script}.py`` with ``request``; returns what it wrote as its answer.

    Raises:
        NotAnswered: it failed.
        nbclient.exceptions.DeadKernelError: the kernel died of it.
    """
    with tempfile.TemporaryDirectory(prefix="handoff-") as folder:
        answer = Path(folder) / "answer.json"
        code = _CALL.format(source=_source(script), request={**request, "answer": str(answer)})
        sent = client.kc.execute(code, silent=True, store_history=False, allow_stdin=False, stop_on_error=False)
        reply = await client.async_wait_for_reply(sent)
        try:
            return json.loads(answer.read_bytes())
        except (OSError, ValueError) as error:
            content = (reply or {}).get("content", {})
            raise NotAnswered(f"{content.get('ename', 'no answer')}: {content.get('evalue', '')}") from error


_CALL = """__import__("builtins").exec(
    'names = {{"__name__": "handoff_inside"}}\\n'
    'exec(compile(source, "<handoff>", "exec"), names)\\n'
    'names["main"](request)',
    {{"source": {source!r}, "request": {request!r}}},
)"""


@cache
def _source(script: str) -> str:
    return (Path(__file__).parent / "inside" / f"{script}.py").read_text(encoding="utf-8")
