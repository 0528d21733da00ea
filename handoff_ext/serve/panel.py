"""``handoff_ext.try_model``: the page for people who don't code, as a panel in a notebook."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.serve.columns import Column
from handoff_ext.serve.engine import Engine
from handoff_ext.serve.influence import moves, typical_row
from handoff_ext.serve.registry import fetch
from handoff_ext.serve.tables import value_of
from handoff_ext.serve.validate import RowsRefused
from handoff_ext.serve.wording import STAGES, changes, confidence, doubts, headline
from handoff_ext.serve.worker import WorkerFailed

if TYPE_CHECKING:
    from ipywidgets import VBox

    from handoff_ext.serve.version import ServedVersion

LOADING = 600


class Asked:
    """A version with its worker, asked from a thread that is not the kernel's: its event loop is taken."""

    def __init__(self, version: ServedVersion, interpreter: Callable[[], Any] | None = None) -> None:
        self.version = version
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="handoff-panel", daemon=True).start()
        self._engine: Engine = self._do(self._start(interpreter))

    def lines(self, row: Mapping[str, Any]) -> list[str]:
        """The answer for one case in words, most important first.

        Raises:
            RowsRefused: it is not what the version takes.
        """
        return list(self._do(self._lines(dict(row))))

    def close(self) -> None:
        """End the worker."""
        self._do(self._engine.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _start(self, interpreter: Callable[[], Any] | None) -> Engine:
        engine = Engine(self.version, interpreter=interpreter)
        engine.model.start()
        return engine

    async def _lines(self, row: dict[str, Any]) -> list[str]:
        engine, version = self._engine, self.version
        await engine.model.settled(LOADING)
        answer = (await engine.answer([row])).answers[0]
        said = [headline(answer, version.plan, version.profile), confidence(answer, version.profile), *doubts(answer)]
        try:
            found = await moves(engine, row, version.columns)
        except WorkerFailed:
            found = []
        shown = answer.prediction if answer.guess is None else answer.guess
        would = [f"With {change}" for change in changes(shown, found, version.profile)]
        return [line for line in [*said, *would] if line]

    def _do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


def try_model(model_uri: str, tracking_uri: str | None = None) -> VBox:
    """A form for a published version, in a notebook: fill it in, press Ask, read the answer.

    Args:
        model_uri: ``models:/name@champion``, ``models:/name/1``, or a folder that MLflow wrote.
        tracking_uri: where the registry is; MLflow's own default where None.

    Raises:
        HandoffError: there is no such version, or ipywidgets is not installed.
    """
    try:
        import ipywidgets
    except ImportError as error:
        raise HandoffError("ipywidgets is not installed.", "Run: pip install ipywidgets") from error
    return panel(Asked(fetch(model_uri, tracking_uri)), ipywidgets)


def panel(asked: Asked, widgets: Any) -> Any:
    """The form and its answer, made of ``widgets`` (ipywidgets)."""
    version = asked.version
    typical = typical_row(version.columns, version.example)
    fields = {column.name: _field(column, typical.get(column.name), widgets) for column in version.columns}
    answer = widgets.Output()
    button = widgets.Button(description="Ask", button_style="primary")

    def ask(_: Any) -> None:
        answer.clear_output()
        row = {column.name: value_of(str(fields[column.name].value), column) for column in version.columns}
        with answer:
            try:
                print("\n".join(asked.lines(row)))  # noqa: T201  into the widget
            except RowsRefused as error:
                for problem in error.problems:
                    print(f"{problem.field}: {problem.expected}")  # noqa: T201

    button.on_click(ask)
    title = widgets.Label(f"{version.name}, version {version.version}. {STAGES.get(version.stage, '')}")
    return widgets.VBox([title, *fields.values(), button, answer])


def _field(column: Column, value: Any, widgets: Any) -> Any:
    text = "" if value is None else ("yes" if value else "no") if isinstance(value, bool) else str(value)
    label = column.label + (f" ({column.unit})" if column.unit else "")
    options = list(column.choices) or (["yes", "no"] if column.kind == "yes/no" else [])
    wide = {"style": {"description_width": "12rem"}, "description": label}
    if options:
        return widgets.Combobox(options=options, value=text, ensure_option=False, **wide)
    return widgets.Text(value=text, placeholder=column.known, **wide)
