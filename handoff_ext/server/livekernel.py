"""Asking the notebook's running kernel about its variables, silently: no name, no history, no output of it is left."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient

from handoff_ext.contracts.errors import HandoffError

PROGRAM = Path(__file__).parent / "inside" / "variables.py"
SECONDS = 8.0
LIMIT = 2 * 10**9
"""Bytes of one variable that are pickled at most: arrays are counted, not copied."""
_WAIT = 30.0


async def variables(manager: Any, kernel_id: str, names: list[str]) -> dict[str, Any]:
    """What ``inside/variables.py`` says of these names in a kernel of the server's kernel ``manager``.

    Raises ``HandoffError`` where no such kernel runs, where it is at work, or where it gives no answer in 30 s.
    """
    if not kernel_id or kernel_id not in manager:
        raise HandoffError("No kernel runs for this notebook.", "Run the notebook's cells, then check again.")
    kernel = manager.get_kernel(kernel_id)
    if getattr(kernel, "execution_state", "") == "busy":
        raise HandoffError("The kernel is at work.", "Check again when it has finished.")
    client = AsyncKernelClient()
    client.load_connection_info(kernel.get_connection_info())
    client.start_channels(iopub=False, stdin=False, hb=False, control=False)
    try:
        asked = client.execute(
            "", silent=True, store_history=False, user_expressions={"facts": expression(names)}, allow_stdin=False
        )
        while True:
            reply = await client.get_shell_msg(timeout=_WAIT)
            if reply["parent_header"].get("msg_id") == asked:
                return _read(reply["content"])
    except (TimeoutError, Empty):
        raise HandoffError("The kernel gave no answer in 30 s.", "Check again when it has finished its work.") from None
    finally:
        client.stop_channels()


def expression(names: list[str]) -> str:
    """One expression whose value is the answer: it binds nothing in the notebook's namespace."""
    program = PROGRAM.read_text(encoding="utf-8")
    return (
        "(lambda run, place: run.exec("
        f"run.compile({program!r}, '<handoff>', 'exec'), place) or place['facts']("
        f"run.__import__('IPython').get_ipython().user_ns, {names!r}, {SECONDS!r}, {LIMIT!r}))"
        "(__import__('builtins'), {'__name__': 'handoff_variables'})"
    )


def _read(content: dict[str, Any]) -> dict[str, Any]:
    result = content.get("user_expressions", {}).get("facts", {})
    try:
        answer: dict[str, Any] = json.loads(ast.literal_eval(result["data"]["text/plain"]))
    except (KeyError, ValueError, SyntaxError):
        why = str(result.get("ename") or content.get("ename") or "no answer")[:60]
        raise HandoffError(
            f"The kernel could not be asked ({why}).", "Only Python kernels can: restart it and try again."
        ) from None
    return answer
