"""Who is signed in where an owner says yes, and whether that is the person whom the plan names."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from handoff_ext.contracts.plan import Owner


@dataclass(frozen=True)
class Identity:
    """A login, and the place whose sign-in knows it: ``JupyterLab`` or ``the registry``."""

    login: str
    place: str

    def __str__(self) -> str:
        return f"signed in to {self.place} as {self.login}"


def identity(login: str = "", tracking_uri: str = "") -> Identity | None:
    """Who is signed in here: JupyterLab's user before the registry's, which people may share; None where neither is
    known.

    Args:
        login: the user of JupyterLab's own sign-in, where the caller knows it; else JupyterHub's variable is read.
        tracking_uri: the store; its user is the one that MLflow sends, which a store with authentication has proven.
    """
    if jupyter := login or os.environ.get("JUPYTERHUB_USER", ""):
        return Identity(jupyter, "JupyterLab")
    store = urlsplit(tracking_uri)
    if store.scheme in {"http", "https"}:
        user = unquote(store.username or "") or os.environ.get("MLFLOW_TRACKING_USERNAME", "")
        if user:
            return Identity(user, "the registry")
    return None


def is_owner(signed_in: Identity, owner: Owner) -> bool:
    """Whether a login is the owner's: it stands beside the owner's contact, is an e-mail there or the part before its
    ``@``, or is made of the whole name (``maya.okafor``, ``okafor-maya``, ``m.okafor``, ``okaform``)."""
    login = signed_in.login.strip().casefold()
    contacts = {word.strip("<>()") for word in re.split(r"[\s,;]+", owner.contact.casefold())} - {""}
    addresses = {word for word in contacts if "@" in word}
    local, _, domain = login.partition("@")
    if login in contacts or (not domain and local in {word.partition("@")[0] for word in addresses}):
        return True
    # Another address than the one that the plan gives is another person's.
    return not (domain and addresses) and _letters(local) in _names(owner.name)


def _names(name: str) -> set[str]:
    """Logins as they are made of a name of two or more words."""
    words = [letters for word in name.split() if (letters := _letters(word))]
    if len(words) < 2:
        return set(words)
    first, last = words[0], words[-1]
    return {"".join(words), first + last, last + first, first[0] + last, last + first[0]}


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if sign.isalnum())
