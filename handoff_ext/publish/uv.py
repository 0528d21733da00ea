"""The uv program: pins with hashes, PEP 751 lock files, wheels of local projects."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from handoff_ext.contracts.errors import HandoffError


class Unlockable(HandoffError):
    """A package list that no index can serve; the sentence names the package, ``package`` its ``name==version``."""

    def __init__(self, message: str, hint: str = "", package: str = "") -> None:
        super().__init__(message, hint)
        self.package = package


def compile_pins(
    wanted: Sequence[str], python: str, preferred: Sequence[str] = (), resolve: bool = False, form: str = ""
) -> str:
    """The list with exact versions and the hashes of all files that may be installed for them.

    Args:
        wanted: requirements, one an entry.
        python: interpreter or version it is for.
        preferred: pins to take for packages that come in by resolution.
        resolve: also list what the wanted packages need.
        form: ``pylock.toml`` for PEP 751; a requirements file otherwise.

    Raises:
        Unlockable: the index does not have it, or the versions cannot stand together.
    """
    name = form or "requirements.txt"
    with tempfile.TemporaryDirectory(prefix="handoff-") as folder:
        source, target = Path(folder, "wanted.in"), Path(folder, name)
        source.write_text("\n".join(wanted) + "\n")
        if preferred:
            target.write_text("\n".join(preferred) + "\n")
        options = ["--quiet", "--no-header", "--no-annotate", "--python", python]
        options += [] if resolve else ["--no-deps"]
        options += ["--format", name] if form else ["--generate-hashes"]
        done = run_uv(["pip", "compile", *options, "wanted.in", "-o", name], Path(folder))
        if done.returncode:
            hint = "Install a released version of it in the kernel's environment."
            raise Unlockable(_why(done.stderr), hint, _missing(done.stderr))
        return target.read_text()


def build_wheel(project: Path, out: Path) -> Path:
    """A wheel of a local project.

    Raises:
        Unlockable: it cannot be built.
    """
    before = set(out.glob("*.whl"))
    done = run_uv(["build", "--quiet", "--wheel", "--out-dir", str(out), str(project)], out)
    made = sorted(set(out.glob("*.whl")) - before)
    if done.returncode or not made:
        raise Unlockable(f"The local project {project.name} cannot be built: {_why(done.stderr)}", "Mend its build.")
    return made[0]


def run_uv(arguments: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run uv in ``folder``, apart from any active environment."""
    from uv import find_uv_bin

    variables = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    return subprocess.run(
        [find_uv_bin(), *arguments], cwd=folder, env=variables, capture_output=True, text=True, check=False
    )


def _why(said: str) -> str:
    if missing := _missing(said):
        return f"{missing} is not on the package index."
    return _text(said)[:300] or "uv could not make the list."


def _missing(said: str) -> str:
    text = _text(said)
    version = re.search(r"there is no version of (\S+==\S+?)(?:,| and|\s)", text)
    unknown = re.search(r"[Bb]ecause (\S+) was not found in the package registry and you require (\S+)", text)
    return version[1] if version else unknown[2].rstrip(",") if unknown else ""


def _text(said: str) -> str:
    text = " ".join(line.strip(" ╰─▶│├\u00d7") for line in said.splitlines() if line.strip())
    return re.sub(r"\w+://\S*@\S+", "(index)", text)
