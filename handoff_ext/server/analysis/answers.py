"""One method an address: bytes as the sidebar sent them in, JSON out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from handoff_ext.server.analysis import edits, ignoring, overview, plans, variables
from handoff_ext.server.analysis.notebooks import Notebooks
from handoff_ext.server.contract import parsed
from handoff_ext.server.failures import WrongUse

if TYPE_CHECKING:
    from pydantic import BaseModel

Kept = dict[str, Any]


class Answers:
    """Answers questions; holds the open notebooks between them."""

    def __init__(self) -> None:
        self._notebooks = Notebooks()

    def answer(self, method: str, root: Path, body: bytes, arguments: dict[str, str], kept: Kept) -> bytes:
        """Answer one question about files below ``root``. What goes into ``kept`` stays in the server."""
        answer = self._answer(method, root, body, arguments, kept)
        return answer.model_dump_json(by_alias=True).encode() if answer is not None else b"{}"

    def _answer(self, method: str, root: Path, body: bytes, arguments: dict[str, str], kept: Kept) -> BaseModel | None:
        from handoff_ext.contracts import sidebar

        match method:
            case "check":
                return self._notebooks.check(root, parsed(sidebar.OpenNotebook, body))
            case "fix":
                return self._notebooks.fix(root, parsed(sidebar.FixRequest, body), kept)
            case "steps":
                return self._notebooks.steps(root, parsed(sidebar.StepsRequest, body))
            case "inputs":
                return self._notebooks.inputs(root, parsed(sidebar.StepsRequest, body))
            case "crossing":
                self._notebooks.crossing(root, parsed(sidebar.FactsRequest, body), kept)
                return None
            case "facts":
                return self._notebooks.facts(root, parsed(sidebar.FactsRequest, body), arguments["said"])
            case "ignore":
                ignoring.ignore(root, parsed(sidebar.IgnoreRequest, body))
                return None
            case "variables":
                return sidebar.VariablesAnswer(
                    names=variables.note_variables(root, parsed(sidebar.VariablesRequest, body))
                )
            case "read_plan":
                return plans.plan_answer(root, arguments["path"])
            case "write_plan":
                return plans.new_text(root, parsed(sidebar.PlanRequest, body))
            case "edits":
                return edits.own_edits(root, arguments["path"])
            case "overview":
                return overview.overview(root, arguments["path"], kept)
        raise WrongUse(f"There is no question {method}.")
