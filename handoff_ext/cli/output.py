"""What all commands share: ``--format``, one JSON document on stdout, progress on stderr."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from handoff_ext.contracts.words import STEP

if TYPE_CHECKING:
    from handoff_ext.contracts.progress import Progress, ProgressSink

F = TypeVar("F", bound=Callable[..., Any])


def format_option(command: F) -> F:
    """``--format text|json``, as the argument ``form``."""
    option = click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="json: one document on stdout, everything else on stderr.",
    )
    return option(command)


def print_json(value: Any) -> None:
    """Write a contract (pydantic model, dataclass or plain value) as one JSON document to stdout."""
    if hasattr(value, "model_dump"):
        value = value.model_dump(mode="json", by_alias=True)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = dataclasses.asdict(value)
    click.echo(json.dumps(value, indent=1, ensure_ascii=False))


def print_written(files: Sequence[Path], notes: Sequence[str], form: str) -> None:
    """Say which files were written, and what is to be known of them."""
    if form == "json":
        print_json({"files": [str(path) for path in files], "notes": list(notes)})
        return
    for path in files:
        click.echo(f"Written: {path}")
    for note in notes:
        click.echo(note, err=True)


def progress_lines(event: Progress) -> None:
    """One JSON line on stderr for each event: for programs, such as the sidebar's server."""
    click.echo(json.dumps(dataclasses.asdict(event), ensure_ascii=False), err=True)


def progress_text() -> ProgressSink:
    """A sink for people: the step at work in one line that is redrawn; a line for each step that ended, and for each
    of the pipeline's own."""
    from rich.console import Console
    from rich.markup import escape
    from rich.status import Status

    console = Console(stderr=True, highlight=False)
    status = Status("", console=console)
    marks = {"ok": "[green]✓[/]", "cached": "[green]✓[/]", "skipped": "[dim]-[/]", "failed": "[red]✗[/]"}

    def sink(event: Progress) -> None:
        title = STEP.get(event.step, event.step)
        if event.part or event.status == "running":
            where = f" {event.done}/{event.total}" if event.total else ""
            if event.step == "run" and event.part and event.status != "running":
                mark = marks.get(event.status, "[yellow]![/]")
                detail = "unchanged" if event.status == "cached" else event.detail
                line = f"  {mark} {escape(event.part):<32} [dim]{event.seconds:6.1f} s[/]  {escape(detail)}"
                console.print(line.rstrip(), soft_wrap=True)
                return
            status.update(f"{title}{where} [dim]{escape(event.part)} {escape(event.detail)}{_of_about(event)}[/]")
            if console.is_terminal:
                status.start()
            return
        status.stop()
        mark = marks.get(event.status, "[yellow]![/]")
        console.print(f"{mark} {title:<34} [dim]{event.seconds:6.1f} s[/]  {escape(event.detail)}", soft_wrap=True)

    return sink


def _of_about(event: Progress) -> str:
    """``12 s of about 40 s``, where it is known from last time."""
    if event.seconds < 1:
        return ""
    return f" {event.seconds:.0f} s" + (f" of about {event.expected:.0f} s" if event.expected >= 1 else "")


def files_of(data: Sequence[str]) -> dict[str, str]:
    """``PARAMETER=FILE`` as parameter to file; ``FILE`` alone belongs to the only parameter, ``""``."""
    return dict((each.partition("=")[0], each.partition("=")[2]) if "=" in each else ("", each) for each in data)
