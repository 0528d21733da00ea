"""API keys: who may ask what. A file holds their digests, never the keys."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args

from handoff_ext.contracts.errors import HandoffError

Role = Literal["predict", "outcome", "operate"]
ROLES: tuple[Role, ...] = get_args(Role)
MAY: dict[str, frozenset[Role]] = {
    "predict": frozenset({"predict"}),
    "outcome": frozenset({"outcome"}),
    "operate": frozenset(ROLES),
}
"""What a key's role lets it do: one that operates may do all."""


class Keys:
    """The keys in a file, read again when it changes; without a file, anybody may do anything."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._read: tuple[float, list[tuple[str, str, frozenset[Role]]]] = (-1.0, [])
        if path is not None:
            self._entries()

    def who(self, headers: Mapping[str, str], role: Role) -> str | None:
        """The name of the key in a request's headers (``Authorization: Bearer``, the password of ``Basic``, or
        ``X-API-Key``) where it may do this; None where it may not. Empty where no keys are needed."""
        if self._path is None:
            return ""
        digest = _digest(_key_in(headers))
        found = None
        for name, known, roles in self._entries():  # all of them, so that time tells nothing
            if hmac.compare_digest(digest, known) and role in roles:
                found = name
        return found

    def _entries(self) -> list[tuple[str, str, frozenset[Role]]]:
        assert self._path is not None
        try:
            changed = self._path.stat().st_mtime
            if changed != self._read[0]:
                content = json.loads(self._path.read_text())
                entries = [(name, each["sha256"], _allowed(each["roles"])) for name, each in content["keys"].items()]
                self._read = (changed, entries)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            if self._read[0] < 0:
                raise HandoffError(f"The keys in {self._path.name} cannot be read.", "Make one: handoff key") from error
        return self._read[1]


def add_key(path: Path, name: str, roles: list[Role]) -> str:
    """Make a key, keep its digest in ``path`` and give the key: it is shown once. A name that is there gets a new key.

    Raises:
        HandoffError: the file cannot be read or written.
    """
    key = f"hk_{secrets.token_urlsafe(32)}"
    content = _content(path)
    content["keys"][name] = {"sha256": _digest(key), "roles": sorted(roles)}
    _write(path, content)
    return key


def remove_key(path: Path, name: str) -> None:
    """Take a key's rights away.

    Raises:
        HandoffError: there is no such key.
    """
    content = _content(path)
    if content["keys"].pop(name, None) is None:
        raise HandoffError(f"There is no key {name} in {path.name}.", "See the names in the file.")
    _write(path, content)


def _content(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {"version": 1, "keys": {}}
    try:
        content = json.loads(path.read_text())
        assert isinstance(content["keys"], dict)
    except (OSError, ValueError, KeyError, TypeError, AssertionError) as error:
        raise HandoffError(f"The keys in {path.name} cannot be read.", "Name another file with --keys.") from error
    return dict(content)


def _write(path: Path, content: dict[str, Any]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=path.parent)  # 0600
        with os.fdopen(handle, "w") as file:
            json.dump(content, file, indent=1)
        Path(aside).replace(path)
    except OSError as error:
        raise HandoffError(f"{path.name} cannot be written.", "Name another file with --keys.") from error


def _key_in(headers: Mapping[str, str]) -> str:
    kind, _, value = headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    if kind.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[2]
        except (binascii.Error, ValueError):
            return ""
    return headers.get("x-api-key", "").strip()


def _digest(key: str) -> str:
    # 256 random bits need no salt and no slow hash: there is nothing to guess.
    return hashlib.sha256(key.encode()).hexdigest()


def _allowed(roles: list[str]) -> frozenset[Role]:
    return frozenset[Role]().union(*(MAY.get(role, frozenset()) for role in roles))
