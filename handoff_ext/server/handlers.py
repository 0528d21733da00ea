"""The routes below ``/handoff/``. Each parses, calls one function, answers."""

from __future__ import annotations

import asyncio
import contextlib
import json

from jupyter_client.kernelspec import NoSuchKernel
from tornado import web

from handoff_ext.contracts.names import pipeline_folder
from handoff_ext.server.base import HandoffHandler, may
from handoff_ext.server.comparing import since_published
from handoff_ext.server.contract import parsed
from handoff_ext.server.jobs.request import job_request
from handoff_ext.server.kernels import lacking
from handoff_ext.server.live import act, stand
from handoff_ext.server.livekernel import variables
from handoff_ext.server.paths import confined


class CheckHandler(HandoffHandler):
    """Findings of the open notebook."""

    @web.authenticated
    @may("read")
    async def post(self) -> None:
        """``OpenNotebook`` to ``CheckAnswer``."""
        await self.relay("check")


class FixHandler(HandoffHandler):
    """Changes that remove findings."""

    @web.authenticated
    @may("read")
    async def post(self) -> None:
        """``FixRequest`` to ``FixAnswer``. Passwords that it removes stay here, for this notebook's jobs."""
        kept = await self.relay("fix")
        if kept:
            self.services.secrets.setdefault(kept["path"], {}).update(kept["secrets"])


class IgnoreHandler(HandoffHandler):
    """Rules that the whole project ignores."""

    @web.authenticated
    @may("write")
    async def post(self) -> None:
        """``IgnoreRequest``: into the project's ``pyproject.toml``."""
        await self.relay("ignore")


class VariablesHandler(HandoffHandler):
    """Environment variables that a notebook needs, by name."""

    @web.authenticated
    @may("write")
    async def post(self) -> None:
        """``VariablesRequest`` to ``VariablesAnswer``: in ``.env.example`` beside the notebook."""
        await self.relay("variables")


class StepsHandler(HandoffHandler):
    """What each cell is for."""

    @web.authenticated
    @may("read")
    async def post(self) -> None:
        """``StepsRequest`` to ``StepsAnswer``."""
        await self.relay("steps")


class FactsHandler(HandoffHandler):
    """What the notebook's running kernel says of the variables that steps hand to each other."""

    @web.authenticated
    @may("execute")
    async def post(self) -> None:
        """``FactsRequest`` to ``FactsAnswer``; 422 where no kernel runs, or it is at work."""
        services = self.services
        asked = await services.analysis.ask("crossing", services.root, self.request.body)
        if asked.status != 200:
            self.set_status(asked.status)
            self.finish(asked.body)
            return
        names = asked.kept["names"]
        said = await variables(self.kernel_manager, asked.kept["kernel"], names) if names else {}
        await self.relay("facts", said=json.dumps(said))


class InputsHandler(HandoffHandler):
    """Where the model's inputs come from."""

    @web.authenticated
    @may("read")
    async def post(self) -> None:
        """``StepsRequest`` to ``InputsAnswer``."""
        await self.relay("inputs")


class PlanHandler(HandoffHandler):
    """The plan, as a form and as its file's text."""

    @web.authenticated
    @may("read")
    async def get(self) -> None:
        """``PlanAnswer``."""
        await self.relay("read_plan", path=self.get_query_argument("path"))

    @web.authenticated
    @may("read")
    async def post(self) -> None:
        """``PlanRequest`` to ``PlanText``; the sidebar saves it."""
        await self.relay("write_plan")


class OverviewHandler(HandoffHandler):
    """What is known of a notebook beside its findings."""

    @web.authenticated
    @may("read")
    async def get(self) -> None:
        """``Overview``: from files in the analysis process, what the kernel lacks from its own interpreter."""
        services = self.services
        path, kernel = self.get_query_argument("path"), self.get_query_argument("kernel", "")
        answer = await services.analysis.ask("overview", services.root, path=path)
        self.set_status(answer.status)
        if answer.status != 200:
            self.finish(answer.body)
            return
        overview = json.loads(answer.body)
        with contextlib.suppress(NoSuchKernel):
            spec = self.kernel_spec_manager.get_kernel_spec(kernel or answer.kept["kernel"])
            lacks = await lacking(spec, answer.kept["modules"], confined(services.root, path).parent)
            overview |= {"lacks": lacks.names, "install": lacks.install}
        overview["expected_seconds"] |= services.jobs.last_seconds(path)
        self.finish(json.dumps(overview))


class LiveHandler(HandoffHandler):
    """The models in production."""

    @web.authenticated
    @may("read")
    async def get(self) -> None:
        """``Live``."""
        path, store = self.get_query_argument("path"), self.get_query_argument("tracking_uri", "")
        self.finish((await asyncio.to_thread(stand, self.services.root, path, store)).model_dump_json())

    @web.authenticated
    @may("execute")
    async def post(self) -> None:
        """``LiveRequest`` to ``LiveAnswer``."""
        from handoff_ext.contracts.sidebar import LiveRequest

        request = parsed(LiveRequest, self.request.body)
        self.finish((await act(self.services.root, request, self.signed_in)).model_dump_json())


class CompareHandler(HandoffHandler):
    """What changed by hand in the steps, or since the last published version."""

    @web.authenticated
    @may("read")
    async def get(self) -> None:
        """``Comparison``; ``with`` is ``edits`` or ``version``."""
        from handoff_ext.contracts.sidebar import Overview

        path = self.get_query_argument("path")
        if self.get_query_argument("with") == "edits":
            await self.relay("edits", path=path)
            return
        services = self.services
        answer = await services.analysis.ask("overview", services.root, path=path)
        self.set_status(answer.status)
        if answer.status != 200:
            self.finish(answer.body)
            return
        published = Overview.model_validate_json(answer.body).published
        notebook = confined(services.root, path)
        self.finish((await since_published(published, pipeline_folder(notebook))).model_dump_json())


class JobsHandler(HandoffHandler):
    """All jobs."""

    @web.authenticated
    @may("read")
    async def get(self) -> None:
        """``Jobs``."""
        self.finish(self.services.jobs.all().model_dump_json())

    @web.authenticated
    @may("execute")
    async def post(self) -> None:
        """``JobRequest`` to ``Job``: start one."""
        services = self.services
        request = job_request(self.request.body)
        job = await services.jobs.submit(request, services.secrets.get(request.path, {}))
        self.finish(job.model_dump_json())


class JobHandler(HandoffHandler):
    """One job."""

    @web.authenticated
    @may("execute")
    async def delete(self, job_id: str) -> None:
        """Cancel it; the ``Job`` as it is then."""
        self.finish((await self.services.jobs.cancel(job_id)).model_dump_json())


HANDLERS: list[tuple[str, type[HandoffHandler]]] = [
    (r"/handoff/check", CheckHandler),
    (r"/handoff/fix", FixHandler),
    (r"/handoff/ignore", IgnoreHandler),
    (r"/handoff/variables", VariablesHandler),
    (r"/handoff/steps", StepsHandler),
    (r"/handoff/facts", FactsHandler),
    (r"/handoff/inputs", InputsHandler),
    (r"/handoff/plan", PlanHandler),
    (r"/handoff/overview", OverviewHandler),
    (r"/handoff/live", LiveHandler),
    (r"/handoff/compare", CompareHandler),
    (r"/handoff/jobs", JobsHandler),
    (r"/handoff/jobs/([0-9a-f]+)", JobHandler),
]
