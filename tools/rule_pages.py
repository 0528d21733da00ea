"""Writes ``docs/rules/``: a page a rule, made from its module's docstring, and an index; with ``--check``, fails where
the pages differ from the code.
"""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path
from textwrap import dedent

from handoff_ext.checks.registry import all_rules, rule_module
from handoff_ext.checks.rule import Rule
from handoff_ext.contracts.words import SEVERITY

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "rules"
BANNER = "<!-- Generated from the code by tools/rule_pages.py. Don't edit: run `make rules`. -->"
INTRODUCTION = """What `handoff check` and the sidebar look for. Each page says what, why, and what to use instead.

To live with a problem, and to say why (it is shown on the model's card):
- in one line: `# handoff: ignore[PATH001] mounted on every machine here`
- in one cell: "Ignore here" in the sidebar
- everywhere: "Ignore everywhere" in the sidebar, or in `pyproject.toml`

```toml
[tool.handoff.ignore]
PATH001 = "mounted on every machine here"
```"""
FAMILIES = {
    "CRED": "Passwords and keys",
    "PATH": "Paths on one computer",
    "LEAK": "Answers that leak into training",
    "FEAT": "Model inputs",
    "STATE": "Order of cells",
    "ENV": "Packages",
    "PLAN": "Missing for whoever comes next",
    "IGNORE": "Problems that are ignored",
}


def documentation(rule: Rule) -> str:
    """The rule's docstring; empty for a rule of another distribution."""
    module = rule_module(rule.code)
    return inspect.getdoc(module) or "" if module else ""


def fenced(text: str, language: str) -> str:
    """The text with its indented blocks as fenced code."""
    return re.sub(
        r"(?m)(?:^    .*(?:\n(?=\s*\n    )|\n|\Z))+",
        lambda block: f"```{language}\n{dedent(block[0]).strip()}\n```\n",
        text,
    )


def page(rule: Rule) -> str:
    """One rule's page."""
    title, _, rest = documentation(rule).partition("\n")
    facts = f"{SEVERITY[rule.severity]} (`{rule.severity}`){'; has a fix' if rule.fix else ''}."
    language = "" if rule.family == "PLAN" else "python"
    body = fenced(rest.strip(), language).strip()
    return "\n\n".join([f"# {rule.code}: {rule.name}", BANNER, title, facts, body]) + "\n"


def index(rules: list[Rule]) -> str:
    """The table of all rules, by family."""
    parts = ["# Rules", BANNER, INTRODUCTION]
    for family, title in FAMILIES.items():
        rows = [
            f"| [{rule.code}]({rule.code}.md) | {rule.name} | {SEVERITY[rule.severity]} | {'yes' if rule.fix else ''} "
            f"| {documentation(rule).splitlines()[0]} |"
            for rule in rules
            if rule.family == family
        ]
        parts += [
            f"## {title}",
            "\n".join(["| code | name | severity | fix | |", "| --- | --- | --- | --- | --- |", *rows]),
        ]
    return "\n\n".join(parts) + "\n"


def pages() -> dict[str, str]:
    """All files of the folder by name."""
    rules = [rule for rule in all_rules() if documentation(rule)]
    return {f"{rule.code}.md": page(rule) for rule in rules} | {"README.md": index(rules)}


def main() -> int:
    """Write the folder, or with ``--check`` compare: 1 where it differs."""
    new = pages()
    old = {file.name: file.read_text(encoding="utf-8") for file in FOLDER.glob("*.md")} if FOLDER.is_dir() else {}
    differing = sorted(name for name in new.keys() | old.keys() if new.get(name) != old.get(name))
    if "--check" in sys.argv[1:]:
        for name in differing:
            print(f"docs/rules/{name} differs from the code. Run: make rules")
        return 1 if differing else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in differing:
        if name in new:
            (FOLDER / name).write_text(new[name], encoding="utf-8")
        else:
            (FOLDER / name).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
