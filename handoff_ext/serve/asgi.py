"""The gateway for any ASGI server, such as ``uvicorn --factory handoff_ext.serve.asgi:make``.

Settings are in the environment: ``HANDOFF_SERVE`` (``models:/flight_delays@champion``), ``MLFLOW_TRACKING_URI``,
``HANDOFF_LOG``, ``HANDOFF_DATABASE`` and ``HANDOFF_KEYS`` (a file of ``handoff key``). Each process has a worker and
journals of its own; registry, log and database are shared.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from handoff_ext.contracts.errors import HandoffError

if TYPE_CHECKING:
    from fastapi import FastAPI


def make() -> FastAPI:
    """The application of the version that ``HANDOFF_SERVE`` names.

    Raises:
        HandoffError: it names none, or there is no such version or file of keys.
    """
    from handoff_ext.ledger.place import ledger_of
    from handoff_ext.serve.gateway import make_app
    from handoff_ext.serve.keys import Keys
    from handoff_ext.serve.registry import fetch
    from handoff_ext.serve.serving import Serving

    model_uri = os.environ.get("HANDOFF_SERVE", "")
    if not model_uri:
        raise HandoffError("HANDOFF_SERVE names no model.", "Set it to models:/NAME@champion.")
    keys = os.environ.get("HANDOFF_KEYS")
    known = Keys(Path(keys) if keys else None)
    return make_app(Serving(fetch(model_uri), every=1, ledger=ledger_of()), known)
