"""The texts of a pipeline's folder, apart from its stage notebooks."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from handoff_ext.contracts.pipeline import Manifest
from handoff_ext.pipeline.columns import Declared
from handoff_ext.pipeline.commands import executed_folder, papermill_command
from handoff_ext.pipeline.portable import free_names, import_units
from handoff_ext.pipeline.sources import import_for
from handoff_ext.pipeline.units import Unit, Units


def definitions_text(units: Units, portable: Mapping[str, Unit], notebook: str) -> str:
    """``definitions.py``: the notebook's functions and classes that use none of its variables."""
    free = frozenset(name for unit in portable.values() for name in free_names(units, unit))
    imports = [import_for(unit, free & set(unit.names)) for unit in import_units(units, free - set(portable))]
    bodies = [unit.source.strip("\n") for unit in sorted(portable.values(), key=lambda unit: unit.index)]
    head = f'"""Functions and classes of {notebook} that use none of its variables."""'
    parts = [head, *(["\n".join(dict.fromkeys(imports))] if imports else [])]
    return "\n\n".join(parts) + "".join(f"\n\n\n{body}" for body in bodies) + "\n"


def manifest_text(manifest: Manifest) -> str:
    """``pipeline.yaml``, without what says nothing."""
    return yaml_text(manifest.model_dump(mode="json"), "How the stages hang together. Written by handoff extract.")


def data_text(manifest: Manifest, inputs: Mapping[str, Declared]) -> str:
    """``data.yaml``: what the pipeline reads from outside, as far as the code declares it."""
    found = []
    for parameter in manifest.parameters:
        declared = inputs.get(parameter.name)
        if declared is not None:
            entry = {"parameter": parameter.name, "default": parameter.default, "format": declared.format}
            found.append(_filled({**entry, "columns": declared.columns, "used": declared.used}))
    return yaml_text({"inputs": found}, "What the pipeline reads from outside, as its code declares it.")


def readme_text(manifest: Manifest, model: str, lifted: bool = False) -> str:
    """``README.md``: how to run the pipeline with papermill alone. ``lifted``: it has ``features.py``."""
    lines = [
        f"# {manifest.name}",
        "",
        f"A pipeline cut from `{manifest.source.notebook}`. Each step is a notebook that plain "
        "[papermill](https://papermill.readthedocs.io) runs; the program that wrote them is not needed.",
        "",
        "## Run it",
        "In this folder, with the notebook's packages, `papermill` and `ipykernel` installed:",
        "```bash",
        f"mkdir -p {executed_folder(manifest)}",
        *(papermill_command(manifest, stage) for stage in manifest.stages),
    ]
    lines += ["```", "Steps hand their results on as files below `run_dir`: one folder a run keeps runs apart.", ""]
    lines += ["## Steps", "| step | takes | hands on | parameters |", "| --- | --- | --- | --- |"]
    for stage in manifest.stages:
        takes = "; ".join(f"{_code(names)} from {other}" for other, names in stage.reads.items() if names)
        gives = "; ".join(f"{_code(names)} to {other}" for other, names in stage.writes.items() if names)
        lines.append(f"| {stage.name} | {takes or '-'} | {gives or '-'} | {_code(stage.parameters) or '-'} |")
    if manifest.parameters:
        lines += ["", "## Parameters", "Set them with `-p NAME VALUE`, in every step that lists them.", ""]
        lines += ["| parameter | type | default | meaning |", "| --- | --- | --- | --- |"]
        lines += [
            f"| `{each.name}` | {each.type} | {_cell(each.default)} | {_escaped(each.meaning)} |"
            for each in manifest.parameters
        ]
    lines += ["", "## Files", *_files(manifest, lifted), ""]
    if model:
        lines += ["## Model", model, ""]
    return "\n".join(lines)


def _files(manifest: Manifest, lifted: bool) -> list[str]:
    files = [
        "- `pipeline.yaml`: steps, order, what is handed on, parameters",
        "- `stages/`: one notebook a step",
        "- `data.yaml`: what is read from outside",
        "- `tests/`: `pytest tests` runs all steps on a sample of the inputs (needs `pytest`)",
        "- `.base/`: the files as they were written; your edits are merged with it as base when the notebook changes",
    ]
    if manifest.definitions:
        files.insert(2, f"- `definitions.py`: {_code(manifest.definitions)}")
    if lifted:
        files[-2:-2] = [
            "- `features.py`: from raw rows to the model's inputs, in the notebook's words, for training and serving",
            "- `learned.py`: keeps what training learned from its table; `features.yaml`: where each input comes from",
            "- `training_rows.py`: gives training the rows of `features.py`, only where they are the notebook's own",
        ]
    return files


def _filled(value: Any) -> Any:
    """Without keys that hold nothing, save a parameter's default."""
    if isinstance(value, dict):
        kept = {key: _filled(each) for key, each in value.items()}
        return {key: each for key, each in kept.items() if key == "default" or each not in (None, "", [], {})}
    return [_filled(each) for each in value] if isinstance(value, list) else value


def yaml_text(value: Any, comment: str) -> str:
    """A value as YAML without what says nothing, below a line of comment."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 110
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.add_representer(type(None), lambda representer, _: _null(representer))
    stream = io.StringIO()
    yaml.dump(_filled(value), stream)
    return f"# {comment}\n{stream.getvalue()}"


def _null(representer: Any) -> Any:
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")


def _code(names: Any) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _cell(value: Any) -> str:
    if value is None:
        return "none: must be given"
    text = repr(value) if not isinstance(value, str) else value
    return f"`{_escaped(text if len(text) < 60 else text[:57] + '...')}`"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
