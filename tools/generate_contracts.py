"""Writes ``src/contracts.ts`` from ``handoff_ext.contracts.sidebar``, and the plan's JSON schema for tests of the form;
with ``--check``, fails where a file differs.

The schema is that of what is sent: fields with a default are always there, so TypeScript need not ask.
"""

from __future__ import annotations

import difflib
import inspect
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from handoff_ext.contracts import sidebar
from handoff_ext.contracts.plan import Plan

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src" / "contracts.ts"
FORM = ROOT / "src" / "test" / "plan-schema.json"
BINARIES = ROOT / "node_modules" / ".bin"
BANNER = "// Generated from handoff_ext/contracts by tools/generate_contracts.py. Don't edit: run `jlpm contracts`."


class AllRequired(GenerateJsonSchema):
    """Every field of a sent object is there, whether or not it has a default."""

    def field_is_required(self, *_: Any, **__: Any) -> bool:
        """True for all."""
        return True


def messages() -> list[type[BaseModel]]:
    """The models that ``sidebar`` itself defines, by name."""
    return [
        model
        for _, model in inspect.getmembers(sidebar, inspect.isclass)
        if issubclass(model, BaseModel) and model.__module__ == sidebar.__name__ and model is not sidebar.Part
    ]


def without_titles(node: Any) -> Any:
    """The schema without its titles, each of which would become a type of its own."""
    if isinstance(node, dict):
        return {
            key: without_titles(value) for key, value in node.items() if not (key == "title" and isinstance(value, str))
        }
    return [without_titles(value) for value in node] if isinstance(node, list) else node


def schema() -> dict[str, Any]:
    """One JSON schema that refers to all messages."""
    models = messages()
    references, definitions = models_json_schema(
        [(model, "serialization") for model in models], schema_generator=AllRequired
    )
    return {
        "title": "Messages",
        "description": "All that the sidebar and the server say to each other.",
        "type": "object",
        "properties": {model.__name__: references[model, "serialization"] for model in models},
        "required": [model.__name__ for model in models],
        "additionalProperties": False,
        **without_titles({"$defs": definitions["$defs"]}),
    }


def node(tool: str, *arguments: str, text: str) -> str:
    """What a tool of ``node_modules`` makes of ``text``."""
    done = subprocess.run(
        ["node", str(BINARIES / tool), *arguments], input=text, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{tool} failed: {done.stderr.strip()}. Run jlpm install where it is missing.")
    return done.stdout


def typescript() -> str:
    """The whole text of ``src/contracts.ts``."""
    types = node("json2ts", "--bannerComment", BANNER, "--format", "false", text=json.dumps(schema()))
    return node("prettier", "--stdin-filepath", str(TARGET), text=types)


def form() -> str:
    """The whole text of ``src/test/plan-schema.json``."""
    return node("prettier", "--stdin-filepath", str(FORM), text=json.dumps(Plan.model_json_schema()))


def main() -> int:
    """Write the files, or with ``--check`` compare: 1 where one differs."""
    made = {TARGET: typescript(), FORM: form()}
    if "--check" not in sys.argv[1:]:
        for path, text in made.items():
            path.write_text(text)
        return 0
    different = [path for path, text in made.items() if differs(path, text)]
    return int(bool(different))


def differs(path: Path, new: str) -> bool:
    """Whether a file is not what it should be; shows how."""
    old, name = path.read_text() if path.exists() else "", path.relative_to(ROOT).as_posix()
    if old == new:
        return False
    sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), new.splitlines(True), name, "contracts"))
    print(f"{name} differs from handoff_ext/contracts. Run: jlpm contracts")
    return True


if __name__ == "__main__":
    sys.exit(main())
