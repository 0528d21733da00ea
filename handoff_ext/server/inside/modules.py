"""Which modules does this interpreter lack? Asked of a kernel's own Python; finds them without importing any.

Standard input: ``{"folder": where the notebook lies, "modules": [top-level names]}``.
Standard output: ``{"lacks": [names], "pip": whether pip is there}``.
"""

import importlib.util
import json
import sys
from importlib.machinery import PathFinder


def found(name: str, folder: str) -> bool:
    """Whether ``import name`` would find something, in this environment or beside the notebook."""
    try:
        return importlib.util.find_spec(name) is not None or PathFinder.find_spec(name, [folder]) is not None
    except (ImportError, ValueError):
        return name in sys.modules


def main() -> None:
    """Answer one question."""
    asked = json.load(sys.stdin)
    lacks = [name for name in asked["modules"] if not found(name, asked["folder"])]
    json.dump({"lacks": lacks, "pip": found("pip", "")}, sys.stdout)


if __name__ == "__main__":
    main()
