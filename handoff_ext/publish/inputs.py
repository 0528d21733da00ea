"""The pipeline's inputs as they travel: small files with the version, addresses by what they held, others with why not.

``pipeline/inputs.json`` maps a parameter to an ``Input``.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.publish.folder import PipelineFolder

LARGEST, FETCHED, SECONDS = 10_000_000, 200_000_000, 60.0
FILE = "inputs.json"


class Input(BaseModel):
    """One input: ``file`` (relative to the pipeline) or ``uri`` where a stranger can have it, else ``why`` not."""

    sha256: str = ""
    file: str = ""
    uri: str = ""
    why: str = ""


def carry(pipeline: PipelineFolder, out: Path) -> dict[str, Input]:
    """Put the inputs of the last run into ``out`` (the version's copy of the pipeline), each with its hash.

    Files of up to 10 MB travel, except where the plan marks a column as personal.
    """
    found = {}
    for name, value in pipeline.record.parameters.items():
        if isinstance(value, str) and re.match(r"https?://[^/@\s]+/", value):
            found[name] = _address(value)
        elif name in pipeline.record.inputs and isinstance(value, str):
            found[name] = _file(pipeline, name, pipeline.folder / value, out)
    text = json.dumps({name: each.model_dump() for name, each in found.items()}, indent=1)
    (out / FILE).write_text(text + "\n", encoding="utf-8")
    return found


def read_inputs(folder: Path) -> dict[str, Input]:
    """What ``carry`` wrote into a pipeline's folder; empty where it wrote nothing readable."""
    try:
        return TypeAdapter(dict[str, Input]).validate_json((folder / FILE).read_bytes())
    except (OSError, ValidationError):
        return {}


def bring(inputs: Mapping[str, Input], folder: Path) -> dict[str, str]:
    """Have every input as a file below ``folder``, hash-checked; parameter to path, relative to ``folder``.

    Raises:
        HandoffError: one cannot be fetched, or holds something else than in training.
    """
    brought = {}
    for name, each in inputs.items():
        path = folder / (each.file or f"inputs/{name}/{Path(each.uri).name.partition('?')[0] or 'data'}")
        if each.uri:
            _fetch(each.uri, path)
        with path.open("rb") as file:
            held = "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()
        if each.sha256 and held != each.sha256:
            raise HandoffError(f"The input {name} holds something else than in training.", "Publish again.")
        brought[name] = path.relative_to(folder).as_posix()
    return brought


def _file(pipeline: PipelineFolder, name: str, path: Path, out: Path) -> Input:
    sha256 = pipeline.record.inputs[name]
    personal = [column for column, said in pipeline.plan.columns.items() if said.personal]
    if personal:
        return Input(sha256=sha256, why=f"may hold {personal[0]}, which is marked personal")
    if not path.is_file():
        return Input(sha256=sha256, why="gone since the run")
    if path.stat().st_size > LARGEST:
        return Input(sha256=sha256, why=f"{path.stat().st_size / 1e6:.0f} MB")
    target = out / "inputs" / name / path.name
    target.parent.mkdir(parents=True)
    shutil.copyfile(path, target)
    return Input(sha256=sha256, file=target.relative_to(out).as_posix())


def _address(uri: str) -> Input:
    """An address, with the hash of what it holds now; a stranger may find something else there later."""
    with tempfile.TemporaryDirectory(prefix="handoff-") as aside:
        try:
            path = Path(aside, "data")
            _fetch(uri, path)
            with path.open("rb") as file:
                return Input(uri=uri, sha256="sha256:" + hashlib.file_digest(file, "sha256").hexdigest())
        except HandoffError as error:
            return Input(why=error.message.rstrip("."))


def _fetch(uri: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    host = re.sub(r"https?://([^/]+)/.*", r"\1", uri, flags=re.DOTALL)
    try:
        with urllib.request.urlopen(uri, timeout=SECONDS) as answer, path.open("wb") as file:  # noqa: S310 - http(s) only
            _copy(answer, file, host)
    except (OSError, ValueError) as error:
        raise HandoffError(f"It cannot be fetched from {host} ({type(error).__name__}).", "See the address.") from error


def _copy(answer: Any, file: Any, host: str) -> None:
    held = 0
    while part := answer.read(1 << 20):
        held += len(part)
        if held > FETCHED:
            raise HandoffError(f"What {host} holds is larger than {FETCHED / 1e6:.0f} MB.", "Publish an extract.")
        file.write(part)
