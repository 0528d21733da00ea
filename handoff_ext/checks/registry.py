"""All rules: ours and those of other distributions, through the same entry-point group."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType

from handoff_ext.checks.rule import Rule

GROUP = "handoff_ext.rules"
_OWN = "handoff_ext.checks.rules"


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, by code. An entry point names a package; each of its modules with a ``RULE`` is a rule."""
    packages = {_OWN, *(entry.value for entry in entry_points(group=GROUP))}
    found: dict[str, Rule] = {}
    for package in sorted(packages):
        for module in _modules(importlib.import_module(package)):
            rule = getattr(module, "RULE", None)
            if isinstance(rule, Rule):
                found.setdefault(rule.code, rule)
    return tuple(found[code] for code in sorted(found))


def rule_module(code: str) -> ModuleType | None:
    """The module that defines one of our rules: its docstring is the rule's page."""
    for module in _modules(importlib.import_module(_OWN)):
        if getattr(getattr(module, "RULE", None), "code", None) == code:
            return module
    return None


def _modules(package: ModuleType) -> list[ModuleType]:
    found = [package]
    for info in pkgutil.iter_modules(getattr(package, "__path__", [])):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        found += _modules(module) if info.ispkg else [module]
    return found
