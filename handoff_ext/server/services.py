"""What the handlers share: made once a server, found in the web application's settings."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from handoff_ext.server.analysis.client import Analysis
    from handoff_ext.server.jobs.manager import JobManager


@dataclass
class Services:
    """``secrets`` maps a notebook's path to the environment variables that took the place of passwords in it: kept in
    memory, until the server ends, for this notebook's jobs."""

    root: Path
    analysis: Analysis
    jobs: JobManager
    secrets: dict[str, dict[str, str]] = field(default_factory=dict)


def served_root(server: Any) -> Path:
    """The folder that the contents manager serves."""
    return Path(getattr(server.contents_manager, "root_dir", "") or server.root_dir).resolve()
