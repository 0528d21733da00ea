"""Ignore a rule in the whole project: a line in ``[tool.handoff.ignore]`` of its ``pyproject.toml``."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.server.analysis.writing import write_whole
from handoff_ext.server.paths import confined

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

    from handoff_ext.contracts.sidebar import IgnoreRequest

_FILE = "pyproject.toml"


def ignore(root: Path, request: IgnoreRequest) -> None:
    """Write the rule and the reason down, comments and order of the file kept.

    Raises:
        HandoffError: there is no such rule, no reason, or the project's settings cannot be written from here.
    """
    from tomlkit.exceptions import TOMLKitError

    rule, reason = _rule(request.rule), " ".join(request.reason.split())
    if not reason:
        raise HandoffError(f"Ignoring {rule} everywhere needs a reason.", "Say why; it is shown on the card.")
    file = _settings_file(root.resolve(), confined(root, request.path))
    try:
        document = _read(file)
        _add(document, rule, reason)
        text = document.as_string()
    except (TOMLKitError, UnicodeDecodeError, TypeError):
        raise HandoffError(f"{_FILE} cannot be read.", f"Mend it, or add {_by_hand(rule, reason)}") from None
    try:
        write_whole(file, text)
    except OSError as error:
        raise HandoffError(f"{_FILE} cannot be written: {error.strerror}.", f"See to {file.parent.name}.") from error


def _rule(word: str) -> str:
    from handoff_ext.checks.registry import all_rules

    for rule in all_rules():
        if word in (rule.code, rule.name):
            return rule.code
    raise HandoffError(f"There is no rule {word[:40]}.", "Reload the page.")


def _settings_file(root: Path, notebook: Path) -> Path:
    """The file that the checks read for this notebook; else the one they will: the nearest project file, or a new one
    at the project's top."""
    from handoff_ext.checks.settings import settings_for

    if ruling := settings_for(notebook).root:
        if not Path(ruling).is_relative_to(root):
            raise HandoffError(
                f"The project's {_FILE} lies above the folder that Jupyter serves.", "Add the rule there by hand."
            )
        return Path(ruling) / _FILE
    top = notebook.parent
    for folder in (notebook.parent, *notebook.parent.parents):
        top = folder
        if (folder / _FILE).is_file() or (folder / ".git").exists() or folder == root:
            break
    if (top / _FILE).is_symlink():
        confined(root, (top / _FILE).relative_to(root).as_posix())
    return top / _FILE


def _read(file: Path) -> TOMLDocument:
    import tomlkit

    try:
        return tomlkit.parse(file.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        return tomlkit.document()


def _add(document: TOMLDocument, rule: str, reason: str) -> None:
    """Put the rule into ``[tool.handoff.ignore]``, whichever way that is written in the file."""
    import tomlkit

    own: Any = document
    for name in ("tool", "handoff"):
        own = own.setdefault(name, tomlkit.table(is_super_table=name == "tool"))
        if not isinstance(own, MutableMapping):
            raise TypeError
    there = own.get("ignore")
    if there is None:
        own["ignore"] = tomlkit.table()
    elif isinstance(there, list):
        table = tomlkit.inline_table()
        table.update({str(word): "" for word in there})
        own["ignore"] = table
    own["ignore"][rule] = reason


def _by_hand(rule: str, reason: str) -> str:
    import tomlkit

    return f"{rule} = {tomlkit.string(reason).as_string()} to [tool.handoff.ignore]."
