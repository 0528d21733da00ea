"""Modules that a notebook finds only because it adds a folder outside the project to ``sys.path``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from handoff_ext.checks.facts.cell import CellFacts
from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.packages.declared import declared_near, normal
from handoff_ext.checks.packages.distributions import DISTRIBUTIONS, HOSTED, distribution_of
from handoff_ext.checks.packages.installed import is_installed
from handoff_ext.checks.packages.installs import installed_inline

_ADDED = re.compile(r"sys\.path\.(?:insert|append|extend)|site\.addsitedir")
_HOSTED = frozenset(each.partition(".")[0] for each in HOSTED)


def outside_modules(notebook: NotebookFacts) -> Iterator[tuple[int, CellFacts, ast.stmt, str]]:
    """Each such module, where it is imported first: cell index, its facts, the import, the module.

    What a known package is called is taken for that package: a missing one, not one from outside.
    """
    added = False
    told: set[str] = set()
    if "sys" not in notebook.text and "site" not in notebook.text:
        return
    for cell, facts in notebook.code:
        added = added or any(
            _ADDED.fullmatch(call.name) and _leads_out(call.node, notebook) for call in facts.walked.calls
        )
        for use in facts.walked.imports if added else ():
            node = use.node
            if isinstance(node, ast.ImportFrom) and node.level:
                continue
            for module in [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]:
                top = module.partition(".")[0]
                if top and top not in told and _is_outside(notebook, module, top):
                    told.add(top)
                    yield cell.index, facts, node, top


def _is_outside(notebook: NotebookFacts, module: str, top: str) -> bool:
    if top in DISTRIBUTIONS or module in DISTRIBUTIONS or top in _HOSTED or notebook.is_beside(top):
        return False
    if is_installed(top, notebook.notebook.kernel):
        return False
    return normal(distribution_of(module)) not in declared_near(notebook.folder) | installed_inline(notebook)


def _leads_out(call: ast.Call, notebook: NotebookFacts) -> bool:
    names = {each.id for each in ast.walk(call) if isinstance(each, ast.Name)}
    if notebook.parameters is not None and names & notebook.facts[notebook.parameters.index].walked.names.bound:
        return True
    texts = [each.value for each in ast.walk(call) if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    texts += [notebook.constants[name] for name in names if name in notebook.constants]
    return any(text.startswith(("..", "/", "~")) or re.match(r"[A-Za-z]:[\\/]", text) for text in texts)
