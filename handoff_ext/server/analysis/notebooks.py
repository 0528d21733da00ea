"""Questions about the open notebook as it stands unsaved: its findings, their fixes, its steps."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handoff_ext.cells.model import Notebook
from handoff_ext.server.analysis.documents import Documents
from handoff_ext.server.paths import confined

if TYPE_CHECKING:
    from handoff_ext.checks import Checker
    from handoff_ext.checks.settings import Settings
    from handoff_ext.contracts.sidebar import (
        CheckAnswer,
        FactsAnswer,
        FactsRequest,
        FixAnswer,
        FixRequest,
        InputsAnswer,
        OpenNotebook,
        StepsAnswer,
        StepsRequest,
        Unparsable,
    )


class Notebooks:
    """Keeps the cells of open notebooks, and what the checks found in each cell."""

    def __init__(self) -> None:
        self._documents = Documents()

    @cached_property
    def _checker(self) -> Checker:
        from handoff_ext.checks import Checker

        return Checker()

    def check(self, root: Path, sent: OpenNotebook) -> CheckAnswer:
        """All findings; only changed cells are looked at anew. Other languages than Python are not checked."""
        from handoff_ext.contracts.sidebar import CheckAnswer

        notebook = self._open(root, sent)
        if isinstance(notebook, list):
            return CheckAnswer(missing=notebook)
        if notebook.language != "python":
            return CheckAnswer(supported=False)
        report = self._checker.check(notebook, _plan(root / notebook.path), _settings(root, notebook))
        return CheckAnswer(
            findings=list(report.findings),
            ignored=list(report.ignored),
            unparsable=_unparsable(notebook),
            checked=len(notebook.cells),
            trains_model=self._checker.trains_model(notebook),
        )

    def fix(self, root: Path, request: FixRequest, kept: dict[str, Any]) -> FixAnswer:
        """The change that removes findings. The secrets that it takes out go into ``kept`` alone."""
        from handoff_ext.checks import fix
        from handoff_ext.checks.fixing.difference import difference
        from handoff_ext.contracts.sidebar import FixAnswer

        notebook = self._open(root, request.notebook)
        if isinstance(notebook, list):
            return FixAnswer(missing=notebook)
        fixed = fix(notebook, request.keys, _settings(root, notebook), self._checker)
        if fixed.secrets:
            kept.update(path=notebook.path, secrets=fixed.secrets)
        diff = difference(notebook, fixed.change, fixed.secrets, by_place=True)
        return FixAnswer(change=fixed.change, diff=diff, advice=list(fixed.advice))

    def steps(self, root: Path, request: StepsRequest) -> StepsAnswer:
        """The steps, from tags or suggested."""
        from handoff_ext.contracts.sidebar import StepsAnswer
        from handoff_ext.server.analysis.steps import steps_of

        notebook = self._open(root, request.notebook)
        if isinstance(notebook, list):
            return StepsAnswer(missing=notebook)
        if notebook.language != "python":
            return StepsAnswer(problem=f"In {request.notebook.language}. Only Python is cut into steps.")
        return steps_of(notebook, request.model)

    def inputs(self, root: Path, request: StepsRequest) -> InputsAnswer:
        """Where the model's inputs come from, with what the last test run showed."""
        from handoff_ext.contracts.sidebar import InputsAnswer
        from handoff_ext.server.analysis.inputs import inputs_answer

        notebook = self._open(root, request.notebook)
        if isinstance(notebook, list):
            return InputsAnswer(missing=notebook)
        if notebook.language != "python":
            return InputsAnswer(problem=f"In {request.notebook.language}. Only Python is traced.")
        return inputs_answer(root / notebook.path, notebook, request.model)

    def crossing(self, root: Path, request: FactsRequest, kept: dict[str, Any]) -> None:
        """Which variables the running kernel is to be asked about: ``kernel`` and ``names``, into ``kept`` alone."""
        from handoff_ext.pipeline.facts import crossing
        from handoff_ext.server.analysis.steps import cut_of

        notebook = self._open(root, request.notebook)
        made = cut_of(notebook, request.model) if isinstance(notebook, Notebook) else None
        kept.update(kernel=request.kernel_id, names=crossing(made) if made else [])

    def facts(self, root: Path, request: FactsRequest, said: str) -> FactsAnswer:
        """The steps beside ``said``, what the kernel told of these variables (``KernelFacts`` as JSON)."""
        from handoff_ext.contracts.facts import KernelFacts
        from handoff_ext.contracts.sidebar import FactsAnswer
        from handoff_ext.server.analysis.steps import compared

        notebook = self._open(root, request.notebook)
        if isinstance(notebook, list):
            return FactsAnswer(missing=notebook)
        return compared(notebook, request.model, KernelFacts.model_validate_json(said))

    def _open(self, root: Path, sent: OpenNotebook) -> Notebook | list[str]:
        confined(root, sent.path)
        return self._documents.update(sent)


def _settings(root: Path, notebook: Notebook) -> Settings:
    """The project's settings; the notebook's path, which the findings name, counts from the server's root."""
    from handoff_ext.checks.settings import settings_for

    return dataclasses.replace(settings_for(root / notebook.path), base=str(root))


def _plan(notebook: Path) -> Mapping[str, Any] | None:
    """The plan beside the notebook; read again when its file changes."""
    file = notebook.with_name(f"{notebook.stem}.handoff.yaml")
    try:
        state = file.stat()
    except OSError:
        return None
    return _plan_as_of(file, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=32)
def _plan_as_of(file: Path, _changed: int, _size: int) -> Mapping[str, Any] | None:
    from handoff_ext.checks.plan_file import read_plan_file

    return read_plan_file(file)


def _unparsable(notebook: Notebook) -> list[Unparsable]:
    from handoff_ext.contracts.sidebar import Unparsable

    errors = ((cell, _parse_error(cell.source)) for cell in notebook.code)
    return [Unparsable(cell_id=cell.id, line=error[0], message=error[1]) for cell, error in errors if error]


@lru_cache(maxsize=4096)
def _parse_error(source: str) -> tuple[int, str] | None:
    from handoff_ext.cells.python import parse_cell

    return parse_cell(source).error
