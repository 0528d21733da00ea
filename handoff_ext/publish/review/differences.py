"""What differs between two sides: a summary in sentences, and nbdime's diff of each notebook."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from handoff_ext.contracts.pipeline import Manifest
from handoff_ext.contracts.words import count
from handoff_ext.publish.review.sides import Side


@dataclass
class Differences:
    """``summary`` maps a subject (steps, parameters, inputs, packages, metrics, answers, cells) to sentences;
    ``notebooks`` a notebook to its diff as text."""

    summary: dict[str, list[str]] = field(default_factory=dict)
    notebooks: dict[str, str] = field(default_factory=dict)
    pairs: list[tuple[str, str]] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return any(self.summary.values())


def differences(before: Side, after: Side, color: bool = False) -> Differences:
    """Compare two sides; what only one of them knows (a lock, metrics) is compared only where both have it."""
    found = Differences(pairs=_pairs(before, after))
    found.summary["cells"] = []
    for old, new in found.pairs:
        text, changed = _notebook(before.notebooks[old], after.notebooks[new], old, new, color)
        if changed:
            found.notebooks[new] = text
            found.summary["cells"].append(f"{new}: {changed}")
    if before.manifest and after.manifest:
        found.summary["steps"] = _steps(before.manifest, after.manifest, set(found.notebooks))
        found.summary["parameters"] = _parameters(before.manifest, after.manifest)
    if before.inputs and after.inputs:
        found.summary["inputs"] = _moved(before.inputs, after.inputs, "{name} {old} -> {new}")
    if before.packages and after.packages:
        found.summary["packages"] = _moved(before.packages, after.packages, "{name} {old} -> {new}")
    if before.metrics and after.metrics:
        found.summary["metrics"] = _moved(before.metrics, after.metrics, "{name} {old:.6g} -> {new:.6g}")
    if before.plan and after.plan:
        found.summary["answers"] = _moved(_flat(before.plan), _flat(after.plan), "{name} changed")
    found.summary = {subject: said for subject, said in found.summary.items() if said}
    return found


def _pairs(before: Side, after: Side) -> list[tuple[str, str]]:
    pairs = [(name, name) for name in before.notebooks if name in after.notebooks]
    if not pairs and len(before.notebooks) == len(after.notebooks) == 1:
        pairs = [(next(iter(before.notebooks)), next(iter(after.notebooks)))]
    elif before.source and after.source and (before.source, after.source) not in pairs:
        pairs.append((before.source, after.source))
    return pairs


def _notebook(before: dict[str, Any], after: dict[str, Any], old: str, new: str, color: bool) -> tuple[str, str]:
    import nbformat
    from nbdime import diff_notebooks
    from nbdime.prettyprint import PrettyPrintConfig, pretty_print_notebook_diff

    one, other = nbformat.from_dict(before), nbformat.from_dict(after)  # type: ignore[no-untyped-call]
    found = diff_notebooks(one, other)
    if not found:
        return "", ""
    out = io.StringIO()
    config = PrettyPrintConfig(out=out, use_color=color, use_git=False, use_diff=False)
    pretty_print_notebook_diff(old, new, one, found, config)
    return out.getvalue(), _cells(found)


def _cells(found: Any) -> str:
    """``2 cells changed, 1 added``."""
    counts = {"changed": 0, "added": 0, "removed": 0}
    for entry in found:
        if entry.get("key") != "cells":
            continue
        for each in entry.get("diff", ()):
            if each["op"] == "patch":
                counts["changed"] += 1
            elif each["op"] == "addrange":
                counts["added"] += len(each["valuelist"])
            elif each["op"] == "removerange":
                counts["removed"] += each["length"]
    parts = [f"{count(number, 'cell')} {what}" for what, number in counts.items() if number]
    return ", ".join(parts) or "only the notebook's metadata"


def _steps(before: Manifest, after: Manifest, changed: set[str]) -> list[str]:
    old, new = [stage.name for stage in before.stages], [stage.name for stage in after.stages]
    said = [f"{name} added" for name in new if name not in old] + [f"{name} removed" for name in old if name not in new]
    return said + [f"{stage.name} changed" for stage in after.stages if stage.name in old and stage.notebook in changed]


def _parameters(before: Manifest, after: Manifest) -> list[str]:
    old = {parameter.name: parameter.default for parameter in before.parameters}
    new = {parameter.name: parameter.default for parameter in after.parameters}
    return _moved(old, new, "{name} {old!r} -> {new!r}")


def _moved(old: Mapping[str, Any], new: Mapping[str, Any], words: str) -> list[str]:
    said = [
        words.format(name=name, old=old[name], new=new[name]) for name in old if name in new and old[name] != new[name]
    ]
    said += [f"{name} added" for name in new if name not in old]
    return said + [f"{name} removed" for name in old if name not in new]


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        found |= _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return found
