"""What every request goes through: admission, size, time, counting, and errors that say what to do."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from handoff_ext.contracts.errors import Away, HandoffError
from handoff_ext.contracts.serving import Refusal
from handoff_ext.serve.keys import Keys, Role
from handoff_ext.serve.limits import Limits
from handoff_ext.serve.metrics import Metrics
from handoff_ext.serve.validate import RowsRefused

Handler = Callable[[Request], Awaitable[Response]]
log = logging.getLogger(__name__)


class Refused(HandoffError):
    """A request that is not taken, and its status."""

    def __init__(self, status: int, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.status = status


def refusal(status: int, message: str, hint: str = "", headers: dict[str, str] | None = None) -> Response:
    """An error as all of them look."""
    body = Refusal(message=message, hint=hint).model_dump_json()
    return Response(body, status, headers, "application/json")


class Door:
    """Lets in who may, at most ``limits.concurrency`` at once, and turns every error into a :class:`Refusal`."""

    def __init__(self, limits: Limits, metrics: Metrics, keys: Keys | None = None) -> None:
        self._limits = limits
        self._metrics = metrics
        self._keys = keys or Keys(None)
        self._inside = 0

    def guard(self, handler: Handler, role: Role = "predict") -> Handler:
        """The handler, guarded; its route is the request's path. ``role`` is what a key must be good for; its name is
        then in ``request.scope["by"]``."""

        async def guarded(request: Request) -> Response:
            started = time.perf_counter()
            by = self._keys.who(request.headers, role)
            if by is None:
                # The password field of "Basic" is where a browser, and so a person, can give a key.
                ask = {"WWW-Authenticate": 'Basic realm="API key as password", charset="UTF-8"'}
                response = refusal(401, f"A key that may {role} is needed.", "Send it as X-API-Key.", ask)
            else:
                request.scope["by"] = by
                response = await self._answer(handler, request)
            self._metrics.request(request.scope["path"], response.status_code, time.perf_counter() - started)
            return response

        return guarded

    async def _answer(self, handler: Handler, request: Request) -> Response:
        if self._inside >= self._limits.concurrency:
            return refusal(429, "Too many requests at once.", "Try again in a second.", {"Retry-After": "1"})
        self._inside += 1
        try:
            return await handler(request)
        except RowsRefused as error:
            body = Refusal(message=error.message, hint=error.hint, problems=error.problems)
            return Response(body.model_dump_json(), 422, media_type="application/json")
        except Refused as error:
            return refusal(error.status, error.message, error.hint)
        except Away as error:
            log.error("%s", error.message)
            return refusal(503, error.message, "Try again in some seconds.", {"Retry-After": "5"})
        except HandoffError as error:
            return refusal(400, error.message, error.hint)
        except ClientDisconnect:
            return refusal(400, "The request ended before all of it was here.")
        except Exception as error:
            # The text of an unforeseen error may hold a row's values: neither answered nor logged.
            where = error.__traceback__
            while where and where.tb_next:
                where = where.tb_next
            line = f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where else "?"
            log.error("Unforeseen %s at %s", type(error).__name__, line)
            return refusal(500, "Something went wrong here.", "The service's log says where.")
        finally:
            self._inside -= 1


async def read_body(request: Request, limits: Limits) -> bytes:
    """The request's body.

    Raises:
        Refused: larger than allowed (413), or slower (408).
    """
    too_large = Refused(413, f"The request is larger than {limits.body:,} bytes.", "Send fewer rows at a time.")
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limits.body:
        raise too_large
    parts = bytearray()
    try:
        async with asyncio.timeout(limits.seconds):
            async for part in request.stream():
                parts += part
                if len(parts) > limits.body:
                    raise too_large
    except TimeoutError:
        raise Refused(408, f"The request did not arrive within {limits.seconds:g} seconds.") from None
    return bytes(parts)
