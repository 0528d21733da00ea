"""YAML as people write it: commands as blocks, keys in the order given."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString


def block(commands: Sequence[str]) -> str:
    """Commands as one value: plain where it is one, else a block, one a line."""
    return commands[0] if len(commands) == 1 else LiteralScalarString("\n".join(commands) + "\n")


def yaml_text(value: Any) -> str:
    """The document."""
    yaml = YAML()
    yaml.width = 4096  # A command is never folded.
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(value, out)
    return out.getvalue()
