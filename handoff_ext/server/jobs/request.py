"""Reading a job's request."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit, urlunsplit

from handoff_ext.server.contract import parsed

if TYPE_CHECKING:
    from handoff_ext.contracts.sidebar import JobRequest


def job_request(body: bytes) -> JobRequest:
    """The request in ``body``. Raises ``WrongUse``."""
    from handoff_ext.contracts.sidebar import JobRequest

    return parsed(JobRequest, body)


def without_login(uri: str) -> tuple[str, dict[str, str]]:
    """The tracking store's address without user and password, and these as environment variables for MLflow
    (https://mlflow.org/docs/latest/self-hosting/security/basic-http-auth/): every user of a machine sees command lines.
    """
    parts = urlsplit(uri)
    if parts.password is None and parts.username is None:
        return uri, {}
    if parts.scheme not in ("http", "https"):  # a database's address is needed whole
        return "", {"MLFLOW_TRACKING_URI": uri}
    login = {
        "MLFLOW_TRACKING_USERNAME": unquote(parts.username or ""),
        "MLFLOW_TRACKING_PASSWORD": unquote(parts.password or ""),
    }
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])), login
