"""What a kernel's environment lacks for a notebook, asked of its own interpreter."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PROBE = Path(__file__).parent / "inside" / "modules.py"
_LIMIT = 20.0


@dataclass(frozen=True, slots=True)
class Lacks:
    """Distributions that are missing, and the command that installs them."""

    names: tuple[str, ...] = ()
    install: str = ""


async def lacking(spec: Any, modules: Mapping[str, str], folder: Path) -> Lacks:
    """What the kernel of the kernelspec ``spec`` lacks to run a notebook in ``folder`` that imports ``modules``
    (top-level names to the distributions they come from).

    Says nothing about kernels in other languages, or whose interpreter gives no answer in time.
    """
    python = _interpreter(spec)
    if python is None:
        return Lacks()
    wanted = {"ipykernel": "ipykernel", **modules}
    question = json.dumps({"folder": str(folder), "modules": list(wanted)}).encode()
    try:
        process = await asyncio.create_subprocess_exec(
            python,
            str(_PROBE),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, **(spec.env or {})},
        )
    except OSError:
        return Lacks()
    try:
        output, _ = await asyncio.wait_for(process.communicate(question), _LIMIT)
        answer = json.loads(output)
    except (TimeoutError, ValueError):
        return Lacks()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    names = tuple(dict.fromkeys(wanted[name] for name in answer["lacks"]))
    return Lacks(names, _command(python, names, answer["pip"])) if names else Lacks()


def _interpreter(spec: Any) -> str | None:
    """The Python that the kernelspec starts, as jupyter_client does it: plain ``python`` is the server's own."""
    if (spec.language or "").lower() != "python" or not spec.argv:
        return None
    program = str(spec.argv[0])
    name = Path(program).name
    if not name.startswith(("python", "pypy")):
        return None
    return sys.executable if program in ("python", "python3", f"python3.{sys.version_info[1]}") else program


def _command(python: str, names: tuple[str, ...], pip: bool) -> str:
    given = shlex.join(names)
    if pip:
        return f"{shlex.quote(python)} -m pip install {given}"
    return f"uv pip install --python {shlex.quote(python)} {given}"
