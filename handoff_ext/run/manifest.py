"""Read the pipeline that is to be run."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from handoff_ext.contracts.errors import HandoffError, NotFound
from handoff_ext.contracts.pipeline import Manifest


def read_pipeline(folder: Path) -> Manifest:
    """The manifest of the pipeline in ``folder``, its stages in dependency order.

    Raises:
        NotFound: there is none.
        HandoffError: it cannot be read, or a stage comes before one it needs.
    """
    path = folder / "pipeline.yaml"
    try:
        manifest = Manifest.model_validate(YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise NotFound(f"There is no pipeline in {folder}.", "Make one with handoff extract.") from None
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise HandoffError(f"{path} cannot be read: {str(error)[:80]}.", "Extract the pipeline again.") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise HandoffError(f"pipeline.yaml: {where}: {first['msg']}.", "Extract the pipeline again.") from None
    before: set[str] = set()
    for stage in manifest.stages:
        missing = sorted(set(stage.after) - before)
        if missing:
            raise HandoffError(
                f"Step {stage.name} needs {missing[0]}, which does not come before it.", "Extract the pipeline again."
            )
        before.add(stage.name)
    return manifest
