"""``NAME.handoff.yaml``: from text to a plan and back, comments, order and style of the person's file kept."""

from __future__ import annotations

import io
from collections.abc import MutableMapping
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.names import plan_path
from handoff_ext.contracts.plan import Plan

if TYPE_CHECKING:
    from ruamel.yaml import YAML

_HEAD = "# What only people can say about this model. Empty answers are shown as missing, never hidden.\n"


def read_plan(notebook: Path) -> Plan:
    """The plan of a notebook; an empty one where there is no file.

    Args:
        notebook: the notebook, or the plan's own file (``.yaml``).

    Raises:
        HandoffError: the file is not YAML, or a key or value is none that a plan has.
    """
    path = notebook if notebook.suffix in {".yaml", ".yml"} else plan_path(notebook)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Plan()
    except (OSError, UnicodeDecodeError) as error:
        raise HandoffError(f"The plan {path.name} cannot be read.", "Save it as UTF-8 text.") from error
    return parse_plan(text, path.name)


def parse_plan(text: str, name: str = "plan") -> Plan:
    """A plan from the text of its file.

    Raises:
        HandoffError: as ``read_plan``; the sentence names the line or the field.
    """
    from pydantic import ValidationError
    from ruamel.yaml.error import YAMLError

    try:
        values = _yaml("safe").load(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise HandoffError(f"The plan {name} is not valid YAML{where}.", "Mend that line.") from error
    if values is None:
        return Plan()
    if not isinstance(values, dict):
        raise HandoffError(f"The plan {name} holds no fields.", "Start it with `owner:`.")
    try:
        return Plan.model_validate(_without_empty(values))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise HandoffError(f"The plan {name} cannot be used: {field}: {first['msg']}.", "Mend that field.") from error


def plan_text(plan: Plan, old_text: str = "") -> str:
    """The file's new text: the plan's values put into the old text, whose comments and order stay.

    Fields that were never given and still have their default are not written, so that the file holds what was said.

    Raises:
        HandoffError: the old text is not YAML.
    """
    from ruamel.yaml.error import YAMLError

    said = plan.model_dump(mode="json", exclude_defaults=True)
    whole = plan.model_dump(mode="json")
    yaml = _yaml("rt")
    try:
        document = yaml.load(old_text) if old_text.strip() else None
    except YAMLError as error:
        raise HandoffError("The plan's file is not valid YAML.", "Mend it, then answer again.") from error
    head = _HEAD if not old_text.strip() else ""
    if not isinstance(document, MutableMapping):
        head, document = head or old_text.rstrip() + "\n", {"version": plan.version}
    _merge(document, said, whole)
    text = head + _dumped(yaml, document)
    if _says(text, plan):
        return text
    # A comment stood where YAML can no longer carry it: the answers go before the comments.
    first = "".join(takewhile(lambda line: line.startswith("#"), old_text.splitlines(keepends=True)))
    return (first or _HEAD) + _dumped(yaml, {"version": plan.version} | said)


def _dumped(yaml: YAML, document: Any) -> str:
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _says(text: str, plan: Plan) -> bool:
    try:
        return parse_plan(text) == plan
    except HandoffError:
        return False


def _merge(document: MutableMapping[str, Any], said: dict[str, Any], whole: dict[str, Any]) -> None:
    for key in [key for key in document if key not in whole]:
        del document[key]
    for key, value in whole.items():
        if key not in said and key not in document:
            continue
        old = document.get(key)
        if isinstance(value, dict):
            if not isinstance(old, MutableMapping):
                document[key] = said.get(key, {})
            else:
                _merge(old, said.get(key, {}), value)
        elif value and isinstance(value, list) and isinstance(old, list):
            # In place: comments between the entries stay.
            for index, entry in enumerate(value[: len(old)]):
                if old[index] != entry:
                    old[index] = entry
            del old[len(value) :]
            old.extend(value[len(old) :])
        elif key not in document or _plain(old) != value:
            document[key] = value


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    """A section or field that was left empty (``owner:``) counts as not given."""
    return {
        key: _without_empty(value) if isinstance(value, dict) else value
        for key, value in values.items()
        if value is not None
    }


def _yaml(kind: str) -> YAML:
    from ruamel.yaml import YAML

    yaml = YAML(typ=kind)
    if kind == "rt":
        yaml.width, yaml.preserve_quotes = 110, True
        yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml
