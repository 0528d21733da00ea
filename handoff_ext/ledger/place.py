"""Where the ledger of a store lies: beside a sqlite store, in the user's data folder for others, or where one says."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """``log`` is the folder, or fsspec address, of sealed segments; ``journals`` the folder of those being written, on
    this machine; ``database`` SQLAlchemy's address of outcomes, alerts and decisions."""

    log: str
    journals: Path
    database: str


def ledger_of(tracking_uri: str | None = None, log: str = "", database: str = "") -> Ledger:
    """The ledger that belongs to a registry.

    Args:
        tracking_uri: the registry; ``MLFLOW_TRACKING_URI`` where None, else that of this folder.
        log: another place for the segments; ``HANDOFF_LOG`` where empty.
        database: another database; ``HANDOFF_DATABASE`` where empty.
    """
    base = _base(tracking_uri or os.environ.get("MLFLOW_TRACKING_URI") or "sqlite:///mlflow.db")
    where = log or os.environ.get("HANDOFF_LOG") or str(base)
    local = where.removeprefix("file://") if where.startswith("file://") or "://" not in where else ""
    return Ledger(
        log=str(Path(local).resolve()) if local else where,
        journals=(Path(local).resolve() if local else base) / "journals",
        database=database or os.environ.get("HANDOFF_DATABASE") or f"sqlite:///{base / 'ledger.db'}",
    )


def _base(tracking_uri: str) -> Path:
    if tracking_uri.startswith("sqlite:///"):
        return Path(tracking_uri.removeprefix("sqlite:///")).resolve().parent / "handoff_ledger"
    home = os.environ.get("XDG_DATA_HOME")
    data = Path(home) if home else Path.home() / ".local" / "share"
    # The address may hold a password: only its digest becomes a name.
    return data / "handoff-ext" / hashlib.sha256(tracking_uri.encode()).hexdigest()[:16]
