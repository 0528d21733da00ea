"""The extension as Jupyter Server sees it: its settings, its routes, and what ends with the server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_server.extension.application import ExtensionApp
from traitlets import Callable, Float

from handoff_ext.server.analysis.client import Analysis
from handoff_ext.server.handlers import HANDLERS
from handoff_ext.server.jobs.command import ship_argv
from handoff_ext.server.jobs.events import JOB_EVENT, JOB_SCHEMA
from handoff_ext.server.jobs.manager import JobManager
from handoff_ext.server.services import Services, served_root

if TYPE_CHECKING:
    from handoff_ext.contracts.sidebar import Job


class HandoffApp(ExtensionApp):
    """Hand a notebook's model over, inside JupyterLab."""

    name = "handoff_ext"
    load_other_extensions = True

    analysis_seconds = Float(60.0, help="Longest time, in seconds, for one answer about an open notebook.").tag(
        config=True
    )
    kill_seconds = Float(5.0, help="Time, in seconds, that a cancelled job has to clean up.").tag(config=True)
    job_argv = Callable(ship_argv, help="Makes a job's command line from its JobRequest and notebook.").tag(config=True)

    def initialize_settings(self) -> None:
        """Put what the handlers share into the web application's settings."""
        server: Any = self.serverapp
        root = served_root(server)
        server.event_logger.register_event_schema(Path(JOB_SCHEMA))

        def announce(job: Job) -> None:
            server.event_logger.emit(schema_id=JOB_EVENT, data=job.model_dump(mode="json"))

        analysis = Analysis(self.log, self.analysis_seconds)
        jobs = JobManager(
            root=root,
            runtime=Path(server.runtime_dir),
            argv=self.job_argv,
            announce=announce,
            log=self.log,
            kill_after=self.kill_seconds,
        )
        self.services = Services(root=root, analysis=analysis, jobs=jobs)
        self.settings["handoff_ext_services"] = self.services

    def initialize_handlers(self) -> None:
        """Add the routes below ``/handoff/``."""
        self.handlers.extend(HANDLERS)

    def current_activity(self) -> dict[str, Any] | None:
        """Keep an idle server alive while a job runs."""
        running = self.services.jobs.active
        return {"jobs": running} if running else None

    async def stop_extension(self) -> None:
        """End the jobs and the analysis process with the server."""
        await self.services.jobs.stop()
        await self.services.analysis.stop()
