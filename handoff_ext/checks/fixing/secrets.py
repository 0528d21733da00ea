"""A password or key becomes an environment variable; what shows it is cleared."""

from __future__ import annotations

import ast
import re

from handoff_ext.checks.fixing.draft import Draft, Overlap
from handoff_ext.checks.fixing.literals import Literal, literals
from handoff_ext.checks.rule import Hit
from handoff_ext.checks.secrets.shown import shown
from handoff_ext.checks.secrets.uses import SecretUse


def fix_secret(draft: Draft, cell_index: int, hit: Hit) -> None:
    """Take the secret out of the cell and of every output that shows it.

    Raises ``Overlap`` where the place cannot be edited on its own.
    """
    secret = hit.subject
    assert isinstance(secret, SecretUse)
    if secret.place in ("comment", "markdown"):
        draft.replace(cell_index, secret.start, secret.end, "<removed>")
    elif secret.use is None:
        _in_magic(draft, cell_index, secret)
    elif secret.whole:
        _whole(draft, cell_index, secret)
    else:
        _part(draft, cell_index, secret)
    for cell in draft.notebook.notebook.code:
        if any(secret.value in output.text for output in cell.outputs):
            draft.clear(cell.index)
    draft.advise(f"Change the {shown(secret.kind, secret.value)}: who had the notebook has it, and so has its history.")


def is_fixable(secret: SecretUse) -> bool:
    """Whether the secret stands in one piece where it can be replaced."""
    return secret.start >= 0 or secret.use is not None


def _whole(draft: Draft, cell_index: int, secret: SecretUse) -> None:
    assert secret.use is not None
    start, end = draft.span(cell_index, secret.spot)
    around = secret.use.around
    variable = secret.variable
    if around.role == "argument" and around.slot in (1, "default") and around.name.endswith(("getenv", "environ.get")):
        variable = around.outer or variable
        for call in draft.facts(cell_index).walked.calls:
            values = (*call.node.args, *(each.value for each in call.node.keywords))
            if any(each is secret.use.node for each in values):
                start, end = draft.span(cell_index, draft.facts(cell_index).spot(call.node))
    node = secret.use.node
    pieces = [each for each in ast.walk(node) if type(each) is ast.Constant and type(each.value) in (str, bytes)]
    if not pieces:
        raise Overlap
    name = _variable(draft, cell_index, start, end, variable, secret.value)
    binary = type(pieces[0].value) is bytes
    draft.replace(cell_index, start, end, f'os.environ["{name}"]' + (".encode()" if binary else ""))
    draft.need_os(cell_index)


def _part(draft: Draft, cell_index: int, secret: SecretUse) -> None:
    """The secret is a piece of a text: only that piece is replaced."""
    assert secret.use is not None
    node = secret.use.node
    found = next((each for each in literals(draft, cell_index, node) if secret.value in each.body), None)
    if found is None:
        raise Overlap
    name = _variable(draft, cell_index, found.start, found.end, secret.variable, secret.value)
    before, _, after = found.body.partition(secret.value)
    draft.replace(cell_index, found.start, found.end, _spliced(found, before, after, name, node))
    draft.need_os(cell_index)


def _spliced(found: Literal, before: str, after: str, name: str, node: ast.expr) -> str:
    inner = '"' if found.quote[0] == "'" else "'"
    field = f"{{os.environ[{inner}{name}{inner}]}}"
    if type(found.node) is ast.JoinedStr:
        return f"{found.prefix}{found.quote}{before}{field}{after}{found.quote}"
    if node is found.node or (type(node) is ast.BinOp and type(node.op) is ast.Add):
        prefix = "f" + found.prefix.replace("u", "").replace("U", "")
        doubled = [each.replace("{", "{{").replace("}", "}}") for each in (before, after)]
        if "\\N{" not in found.body:
            return f"{prefix}{found.quote}{doubled[0]}{field}{doubled[1]}{found.quote}"
    quoted = [f"{found.prefix}{found.quote}{each}{found.quote}" for each in (before, after)]
    return f'({quoted[0]} + os.environ["{name}"] + {quoted[1]})'


def _in_magic(draft: Draft, cell_index: int, secret: SecretUse) -> None:
    facts = draft.facts(cell_index)
    line = secret.spot.line
    text = facts.lines[line - 1]
    if facts.parsed.tree is None and not facts.parsed.magics:
        raise Overlap
    whole_line = re.match(r"\s*%(?:set_)?env\s+(\w+)[= ]", text)
    if whole_line:
        start = sum(len(each) + 1 for each in facts.lines[: line - 1])
        name = draft.environment(whole_line[1], secret.value)
        draft.replace(cell_index, start, start + len(text), f"# {name} is read from the environment")
        return
    name = _variable(draft, cell_index, secret.start, secret.end, secret.variable, secret.value)
    magic = next((each for each in reversed(facts.parsed.magics) if each.line <= line), None)
    shell = magic is None or magic.kind == "shell" or magic.name in ("!", "bash", "sh", "system", "sx", "script")
    if shell:
        draft.replace(cell_index, secret.start, secret.end, f"${name}")
        return
    if magic is not None and magic.kind == "cell" and line > magic.line:
        raise Overlap
    draft.replace(cell_index, secret.start, secret.end, f"{{os.environ['{name}']}}")
    if magic is None or magic.kind != "cell":
        draft.need_os(cell_index)


def _variable(draft: Draft, cell_index: int, start: int, end: int, wanted: str, value: str) -> str:
    if any(start < each.end and each.start < end for each in draft.edits.get(cell_index, [])):
        raise Overlap
    return draft.environment(wanted, value)
