"""The plan as a form: what it says, what it lacks, what could be suggested, and its file's new text."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.names import pipeline_folder
from handoff_ext.server.analysis.folders import classifies
from handoff_ext.server.paths import confined, relative

if TYPE_CHECKING:
    from handoff_ext.contracts.plan import Plan
    from handoff_ext.contracts.sidebar import PlanAnswer, PlanRequest, PlanText, Prefill


def plan_answer(root: Path, path: str) -> PlanAnswer:
    """The plan of the notebook at ``path``. A plan that cannot be read is told as ``problem``, with an empty form."""
    from handoff_ext.contracts.plan import Plan
    from handoff_ext.contracts.sidebar import PlanAnswer
    from handoff_ext.plan import missing, read_plan, review

    notebook = confined(root, path)
    file = plan_file(root, notebook)
    problem, plan = "", Plan()
    try:
        plan = read_plan(file)
    except HandoffError as error:
        problem = f"{error.message} {error.hint}".strip()
    return PlanAnswer(
        path=relative(root, file),
        exists=file.exists(),
        plan=plan,
        schema=Plan.model_json_schema(),
        prefill=[] if problem else _suggestions(notebook, plan),
        missing=missing(plan, classifies(notebook)),
        review=review(plan),
        problem=problem,
    )


def new_text(root: Path, request: PlanRequest) -> PlanText:
    """The plan's file with the new answers, comments kept; nothing is written.

    Raises:
        HandoffError: the file as it stands is not a plan; it is for a person to mend.
    """
    from handoff_ext.contracts.sidebar import PlanText
    from handoff_ext.plan import missing, parse_plan, plan_text, review

    notebook = confined(root, request.path)
    file = plan_file(root, notebook)
    old = request.text if request.text is not None else _text(file)
    parse_plan(old, file.name)  # what it does not know, it would drop
    return PlanText(
        path=relative(root, file),
        text=plan_text(request.plan, old),
        missing=missing(request.plan, classifies(notebook)),
        review=review(request.plan),
    )


def plan_file(root: Path, notebook: Path) -> Path:
    """Where the plan of a notebook lies; ``notebook`` may be the plan itself. Raises ``NotFound``."""
    from handoff_ext.plan import plan_path

    file = notebook if notebook.suffix in (".yaml", ".yml") else plan_path(notebook)
    return confined(root, file.relative_to(root.resolve()).as_posix())


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        raise HandoffError(f"The plan {file.name} cannot be read.", "Save it as UTF-8 text.") from None


def _suggestions(notebook: Path, plan: Plan) -> list[Prefill]:
    from handoff_ext.cells.read import read_raw
    from handoff_ext.plan import prefill
    from handoff_ext.publish.measured import measured

    try:
        raw = read_raw(notebook)
    except HandoffError:
        raw = {}
    return prefill(
        raw,
        plan,
        measured(pipeline_folder(notebook)),
        login=_git(notebook.parent, "user.name"),
        contact=_git(notebook.parent, "user.email"),
    )


def _git(folder: Path, key: str) -> str:
    """A setting of git as it holds in ``folder``; empty where git has no answer."""
    try:
        said = subprocess.run(
            ["git", "config", "--get", key], cwd=folder, capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return said.stdout.strip()
