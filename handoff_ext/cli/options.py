"""Options that mean the same to several commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def retrain_option(command: F) -> F:
    """``--retrain/--no-retrain``: whether the clean machine also trains the model again."""
    option = click.option(
        "--retrain/--no-retrain", default=True, help="Also train it again on the clean machine, where its inputs allow."
    )
    return option(command)
