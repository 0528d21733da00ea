"""What all readers of a notebook's code share, and what they tell."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from handoff_ext.features.kinds import Kind


@dataclass(frozen=True, slots=True)
class Found:
    """Something to tell of a place: what was learned, a filter, or a doubt. ``line`` counts in the read text."""

    what: str
    name: str
    code: str
    line: int
    kind: str = ""


@dataclass(slots=True)
class World:
    """What all code of a notebook shares. ``texts`` are its functions as they are written out."""

    imports: Mapping[str, str]
    functions: Mapping[str, ast.FunctionDef]
    texts: dict[str, str]
    stateful: set[str] = field(default_factory=set)
    returned: dict[str, Kind] = field(default_factory=dict)
    called: dict[str, list[Found]] = field(default_factory=dict)
