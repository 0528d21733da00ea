"""The published version beside the notebook as it is now: ``handoff diff`` in a process of its own, since reading a
version takes MLflow."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from handoff_ext.contracts.errors import HandoffError, NotFound

if TYPE_CHECKING:
    from handoff_ext.contracts.sidebar import Comparison, Published

_LIMIT = 120.0
_PREFIX = "handoff: "


async def since_published(published: Published | None, pipeline: Path) -> Comparison:
    """What changed since ``published``, in the pipeline in folder ``pipeline`` and its notebook.

    Raises:
        NotFound: nothing is published.
        HandoffError: the version cannot be read, or not in time.
    """
    from handoff_ext.contracts.sidebar import Comparison

    if published is None:
        raise NotFound("Nothing is published yet.", "Press Publish.")
    version = f"models:/{published.name}/{published.version}"
    argv = [sys.executable, "-P", "-m", "handoff_ext", "diff", version, f"./{pipeline.name}"]
    process = await asyncio.create_subprocess_exec(
        *argv,
        "--format=json",
        f"--tracking-uri={published.tracking_uri}",
        cwd=pipeline.parent,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        output, said = await asyncio.wait_for(process.communicate(), _LIMIT)
    except TimeoutError:
        raise HandoffError(f"Reading v{published.version} took longer than {_LIMIT:.0f} s.", "Try again.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        lines = said.decode(errors="replace").splitlines()
        sentence = next((line.removeprefix(_PREFIX) for line in reversed(lines) if line.startswith(_PREFIX)), "")
        raise HandoffError(sentence or f"v{published.version} could not be read.", "")
    found = json.loads(output)
    return Comparison(
        summary=[sentence for said in found["summary"].values() for sentence in said],
        diff="\n".join(_by_cell(text) for text in found["notebooks"].values()),
    )


def _by_cell(text: str) -> str:
    """nbdime's text with cells as people count them, and without its own name."""
    lines = []
    for line in text.splitlines():
        if line.startswith("## "):
            cell = re.search(r"/cells/(\d+)", line)
            lines.append(f"@@ cell {int(cell[1]) + 1} @@" if cell else f"@@ {line[3:].rstrip(':')} @@")
        elif not line.startswith(("nbdiff ", "@@ ", "--- ", "+++ ")):
            lines.append(line)
    return "\n".join(lines)
