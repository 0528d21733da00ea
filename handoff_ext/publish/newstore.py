"""A new sqlite store, whole at once.

MLflow makes one by all migrations since its first release: 8 s in which a killed process leaves half a store. Here they
run once a release of MLflow, in the cache; a new store is a copy of the empty one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from handoff_ext.publish.environments import cache_folder

_SQLITE = "sqlite:///"


def ensure_store(uri: str) -> None:
    """Put an empty store where ``uri`` names a sqlite file that is not there yet; do nothing for any other store.

    Killed at any moment, there is no file or a whole one. Where two do it at once, one of both stores is kept.
    """
    named = uri.removeprefix(_SQLITE)
    if not uri.startswith(_SQLITE) or named in {"", ":memory:"} or Path(named).exists():
        return
    target = Path(named)
    empty = _empty()
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        shutil.copyfile(empty, aside)
        try:
            os.link(aside, target)
        except FileExistsError:
            pass  # somebody else was faster
        except OSError:  # a file system without links
            aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)


def _empty() -> Path:
    """The empty store of this MLflow, made on first use."""
    from mlflow.version import VERSION

    kept = cache_folder() / "stores" / f"mlflow-{VERSION}.db"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="new-", dir=kept.parent) as aside:
            made = Path(aside, "store.db")
            _migrate(f"{_SQLITE}{made}")
            made.replace(kept)
    return kept


def _migrate(uri: str) -> None:
    # The tables have to be known before they can be made: importing the store declares them.
    from mlflow.store.db import utils
    from mlflow.store.tracking import sqlalchemy_store  # noqa: F401

    engine = utils.create_sqlalchemy_engine(uri)  # type: ignore[no-untyped-call]
    try:
        utils._initialize_tables(engine)  # type: ignore[no-untyped-call]
    finally:
        engine.dispose()
