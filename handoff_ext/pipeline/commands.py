"""The shell commands that run a pipeline with plain papermill: the same in its README and in other people's CI."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Any

from handoff_ext.contracts.pipeline import Manifest, Stage

_RAW = {"str", "path", "date"}


def executed_folder(manifest: Manifest) -> str:
    """Where executed notebooks are kept, relative to the pipeline's folder."""
    return f"{manifest.run_dir}/executed"


def executed(manifest: Manifest, stage: Stage) -> str:
    """The stage's executed notebook, relative to the pipeline's folder."""
    return f"{executed_folder(manifest)}/{stage.notebook.rpartition('/')[2]}"


def given_to(stage: Stage, given: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the given values that the stage takes."""
    return {name: given[name] for name in stage.parameters if name in given}


def papermill_command(
    manifest: Manifest, stage: Stage, given: Mapping[str, Any] | None = None, program: str = "papermill"
) -> str:
    """The command that runs one stage, in the pipeline's folder. Values keep their types."""
    types = {parameter.name: parameter.type for parameter in manifest.parameters}
    words = [program, stage.notebook, executed(manifest, stage), "--cwd", ".", "-p", "run_dir", manifest.run_dir]
    for name, value in given_to(stage, given or {}).items():
        raw = types.get(name) in _RAW and isinstance(value, str)
        words += ["-r", name, value] if raw else ["-y", json.dumps({name: value}, ensure_ascii=False)]
    return shlex.join(words)
