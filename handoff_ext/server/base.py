"""What all handlers share: who may ask, how errors answer, how the analysis process is asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import TracebackType
from typing import Any, TypeVar

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web

from handoff_ext.server.failures import failure_of, for_the_log
from handoff_ext.server.services import Services

Method = TypeVar("Method", bound=Callable[..., Any])

_HTTP = {
    403: ("You may not do this, or you are signed out.", "Reload the page and sign in."),
    404: ("There is nothing at this address.", ""),
    405: ("This address takes other requests.", ""),
}


def may(action: str) -> Callable[[Method], Method]:
    """Ask the server's authorizer whether this user may ``read``, ``write`` or ``execute`` here."""
    decorator: Callable[[Method], Method] = authorized(action)
    return decorator


class HandoffHandler(APIHandler):
    """Base of every handler: exceptions become ``Failure`` here and nowhere else."""

    auth_resource = "handoff"

    @property
    def services(self) -> Services:
        """What the handlers share."""
        services: Services = self.settings["handoff_ext_services"]
        return services

    @property
    def signed_in(self) -> str:
        """The user's name as the server's own sign-in knows it (JupyterHub, an identity provider); empty where a token
        is shared: Jupyter then makes a name up."""
        user = self.current_user
        return "" if user is None or user.name.startswith("Anonymous ") else str(user.username)

    async def relay(self, method: str, **arguments: str) -> dict[str, Any]:
        """Hand the request's body to the analysis process and its answer to the browser, both unread. Returns what
        is to stay in the server."""
        services = self.services
        answer = await services.analysis.ask(method, services.root, self.request.body, **arguments)
        self.set_status(answer.status)
        self.finish(answer.body)
        return answer.kept

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with a ``Failure``: one sentence, and what to do next."""
        error = kwargs["exc_info"][1] if "exc_info" in kwargs else None
        if isinstance(error, web.HTTPError) or error is None:
            message, hint = _HTTP.get(status_code, ("The request was not understood.", "Reload the page."))
            failure = {"message": message, "hint": hint}
        else:
            status_code, failure = failure_of(error)
        self.set_status(status_code)
        self.finish(json.dumps(failure))

    def log_exception(
        self, typ: type[BaseException] | None, value: BaseException | None, tb: TracebackType | None
    ) -> None:
        """Log what nobody foresaw, without the error's own words: they may quote a cell."""
        if value is None or isinstance(value, web.HTTPError):
            super().log_exception(typ, value, tb)
        elif failure_of(value)[0] == 500:
            self.log.error("handoff_ext: %s %s: %s", self.request.method, self.request.path, for_the_log(value))
