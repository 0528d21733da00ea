"""``features.py`` of a pipeline, and ``features.yaml``, which says where each of the model's inputs comes from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from handoff_ext.cells.model import Notebook
from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.features import Features
from handoff_ext.contracts.names import notebook_name
from handoff_ext.contracts.pipeline import Model
from handoff_ext.features.lifted import Asked, Lifted, NotLifted
from handoff_ext.features.lifting import lift
from handoff_ext.features.statements import statements
from handoff_ext.features.tracing import trace
from handoff_ext.features.writing import BESIDE, features_text
from handoff_ext.pipeline.folder import yaml_text
from handoff_ext.pipeline.judged import model_of
from handoff_ext.pipeline.models import Candidate, find_models
from handoff_ext.pipeline.parameters import Draft
from handoff_ext.pipeline.preparing import imported_names, prepare

FILE = "features.yaml"


def feature_files(
    notebook: Notebook,
    candidate: Candidate | None,
    model: Model | None,
    drafts: Mapping[str, Draft],
    portable: Collection[str],
) -> dict[str, str]:
    """The texts of ``features.py``, of the modules beside it and of ``features.yaml``; where the code cannot be lifted,
    only the last one, which says why.

    Args:
        notebook: as the stages run it.
        candidate: the model that is handed over.
        model: the same as the manifest says it.
        drafts: the parameters.
        portable: functions that ``definitions.py`` holds.
    """
    if candidate is not None and candidate.fit.beyond:
        return {FILE: _yaml(Features(reason=_beyond(candidate)))}
    if candidate is None or model is None or model.train is None:
        return {}
    try:
        lifted, features = lifted_of(notebook, candidate, model, drafts)
        defaults = {name: draft.default for name, draft in drafts.items()}
        text = features_text(lifted, f"{notebook_name(notebook.path)}.ipynb", defaults, portable)
        compile(text, "features.py", "exec")
    except NotLifted as why:
        return {FILE: _yaml(Features(reason=_said(why)))}
    except SyntaxError:
        return {FILE: _yaml(Features(reason="The feature code cannot be put into a function of its own."))}
    beside = {path.name: path.read_text(encoding="utf-8") for path in BESIDE}
    return {"features.py": text, **beside, FILE: _yaml(features)}


def read_features(folder: Path) -> Features | None:
    """What extraction found out about the inputs of the pipeline in ``folder``; None where nothing is written.

    Raises:
        HandoffError: the file is damaged.
    """
    from pydantic import ValidationError
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return Features.model_validate(YAML(typ="safe", pure=True).load((folder / FILE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, YAMLError, ValidationError):
        raise HandoffError(f"{FILE} cannot be read.", "Extract the pipeline again.") from None


def _yaml(features: Features) -> str:
    return yaml_text(features.model_dump(mode="json"), "Where the model's inputs come from, as the code says it.")


def lifted_of(
    notebook: Notebook, candidate: Candidate, model: Model, drafts: Mapping[str, Draft]
) -> tuple[Lifted, Features]:
    """The lifted code of a model's inputs, and what it says.

    Raises:
        NotLifted: they are made of no table that is read.
    """
    fit = candidate.fit
    held = None
    if model.holdout is not None:
        asked = next((each for each in candidate.asked if each.asks == model.holdout.x), None)
        held = Asked(asked.x, asked.cell, asked.line) if asked else None
    defaults = {name: draft.default for name, draft in drafts.items()}
    lifted = lift(notebook, Asked(fit.x, fit.cell, fit.line), held, defaults)
    before = [each.node for each in statements(notebook) if (each.cell.index, each.line) <= (fit.cell, fit.line)]
    return lifted, trace(lifted, fit.y, before)


def _said(why: NotLifted) -> str:
    return f"Cell {why.place.cell}, line {why.place.line}: {why.reason}" if why.place else why.reason


def _beyond(candidate: Candidate) -> str:
    fit = candidate.fit
    return f"Cell {fit.cell + 1}, line {fit.line}: `{candidate.variable}` takes no table: {fit.beyond}"


def features_of(notebook: Notebook, variable: str | None = None) -> Features:
    """What the code of a notebook says of its model's inputs, before anything is run; ``reason`` where it says nothing.

    ``variable``: the model, where there are several.
    """
    imports = imported_names(notebook)
    units, drafts = prepare(notebook, imports, "..")
    candidate = find_models(notebook, imports, variable).chosen
    if candidate is None:
        return Features(reason="The notebook trains no model.")
    model = model_of(candidate, lambda index: ("", notebook.cells[index].id))
    if candidate.fit.beyond:
        return Features(reason=_beyond(candidate))
    if model is None or model.train is None:
        return Features(reason="What the model is fitted on is not standing in a variable.")
    try:
        return lifted_of(units.notebook, candidate, model, drafts)[1]
    except NotLifted as why:
        return Features(reason=_said(why))
