"""From what a kernel ran on to exact pins; what came from no index travels as a wheel."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlparse

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.evidence import Distribution, Environment
from handoff_ext.publish.kernel import run_inside
from handoff_ext.publish.uv import build_wheel


@dataclass(frozen=True)
class Wheel:
    """A wheel that travels with the lock, in ``wheels/`` beside it."""

    name: str
    version: str
    file: str
    sha256: str

    @property
    def line(self) -> str:
        """Its line in a requirements file."""
        return f"./wheels/{self.file} \\\n    --hash=sha256:{self.sha256}"

    @property
    def table(self) -> str:
        """Its entry in a PEP 751 file."""
        return (
            f'\n[[packages]]\nname = "{self.name}"\nversion = "{self.version}"\n'
            f'archive = {{ path = "wheels/{self.file}", hashes = {{ sha256 = "{self.sha256}" }} }}\n'
        )


def pins(distributions: Iterable[Distribution]) -> list[str]:
    """``name==version`` of what an index serves."""
    return [f"{each.name}=={each.version}" for each in distributions if each.direct is None]


def local_wheels(environment: Environment, out: Path) -> list[Wheel]:
    """Wheels of all that was installed from a folder, a repository or a file, made into ``out``.

    An editable project is built from its sources as they are now; anything else is made again of its installed files.

    Raises:
        HandoffError: a project cannot be built, or is gone.
    """
    local = [each for each in environment.distributions if each.direct is not None]
    if not local:
        return []
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("*.whl"):
        old.unlink()
    editable = [each for each in local if (each.direct or {}).get("dir_info", {}).get("editable")]
    others = [each.name for each in local if each not in editable]
    made = {each.name: build_wheel(_project(each), out).name for each in editable}
    if others:
        job = {"names": [], "repack": others, "out": str(out.resolve())}
        made |= run_inside(environment.executable, "installed", job, out)["wheels"]
    return [
        Wheel(
            each.name, each.version, made[each.name], hashlib.sha256((out / made[each.name]).read_bytes()).hexdigest()
        )
        for each in local
    ]


def _project(found: Distribution) -> Path:
    folder = Path(unquote(urlparse(str((found.direct or {}).get("url", ""))).path))
    if not folder.is_dir():
        raise HandoffError(f"The sources of {found.name} are gone.", f"Install {found.name} again in the kernel.")
    return folder
