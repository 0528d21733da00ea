"""Secrets in running text: comments, prose, outputs, shell lines, code of other languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from handoff_ext.checks.secrets.formats import known_keys
from handoff_ext.checks.secrets.names import Strength, is_no_secret, strength_of, variable_of
from handoff_ext.checks.secrets.placeholders import is_placeholder, is_random
from handoff_ext.checks.secrets.urls import secrets_in_urls


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret in a text: what it is, an environment variable for it, where it stands."""

    kind: str
    variable: str
    start: int
    end: int
    known: bool = False
    sure: bool = True


_NAMED = re.compile(
    r"(?:pass(?:word|wd|wort|phrase)?|pwd|secret|token|key|senha|authorization)\w{0,12}"
    r"(?P<joint>\\?['\"]?\]?\s{0,3}(?::=|=>|<-|=|:|\bis\b|(?=`))\s{0,3}(?:(?:bearer|basic|token)\s+)?\\?(?P<quote>['\"`])?)"
    r"(?P<value>[^\s'\"`,;<>\\]{4,400})"
)
_BEFORE = re.compile(r"[\w.-]{0,50}\Z")
"""In lower case, and found by the word that announces a secret: what stands before it in the name comes afterwards."""
_WORD_BEFORE = re.compile(r"\b([A-Za-z]{2,30}) \Z")
_KEYWORD = re.compile(r"[A-Za-z_]\w*=")
_FOLDER = re.compile(r"(?:/|~/|[A-Za-z]:[\\/])[\w.-]+.*")
"""``PWD`` is the folder that a shell is in."""
_KAGGLE = re.compile(
    r"['\"\\]username['\"\\]+\s*:.{0,80}?['\"\\]key['\"\\]+\s*:\s*\\?['\"](?P<secret>[0-9a-f]{32})\b", re.S
)
_DATA = re.compile(r";base64,[A-Za-z0-9+/=\s]+")
"""Images and other files inside a text."""
_OPTION = re.compile(
    r"(?P<option>\s-p|--(?:[\w-]*-)?(?:password|passwd|secret|token|(?:api)?-?key)[= ]|\s-u\s*[\w.@-]+:|\bkey\s+-v"
    r"|\bwandb\s+login\s(?:--relogin\s)?|\bngrok\s+(?:authtoken|config\s+add-authtoken)\s)"
    r"\s*['\"]?(?P<secret>[^\s'\"]{4,200})"
)
_TAKES_PASSWORD = re.compile(
    r"\b(?:mysql\w*|mongo\w*|sshpass|zip|7z|redis-cli|(?:docker|podman|oc|az|acr|registry)\s+login)\b"
)
_MIXED = re.compile(r"(?=.*[A-Za-z])(?=.*[\d\W_])")
_CALL = re.compile(r"[A-Za-z_][\w.]*[\(\[]|.*[(){}\[\]].*\Z")


def secrets_in_text(text: str, prose: bool = True) -> list[Secret]:
    """Secrets in a text that is not Python. ``prose``: words may follow a colon, so only what looks made up counts."""
    if ";base64," in text:
        text = _DATA.sub(_blank, text)
    found = [Secret(each.kind, each.variable, start, end, True) for each, start, end in known_keys(text)]
    found += [Secret(kind, variable, start, end) for kind, variable, start, end in secrets_in_urls(text)]
    lower = lowered(text)
    if (
        "key" in lower or "pass" in lower or "token" in lower or "secret" in lower or "pwd" in lower or "auth" in lower
        or "senha" in lower
    ):  # fmt: skip
        if "username" in lower:
            found += _kaggle(text)
        found += _named(text, lower, prose)
    found.sort(key=lambda each: (each.start, not each.known))
    kept: list[Secret] = []
    for secret in found:
        if not kept or secret.start >= kept[-1].end:
            kept.append(secret)
    return kept


def secrets_in_options(text: str) -> Iterator[Secret]:
    """Secrets given to commands as options: ``mysql -phunter22``, ``curl -u joe:...``."""
    for each in _OPTION.finditer(text):
        value, option = each["secret"], each["option"].strip()
        if is_placeholder(value) or value[0] in "$-/{.":
            continue
        if option == "-p":
            if not _TAKES_PASSWORD.search(text) or not _MIXED.match(value):
                continue
        elif option.startswith("-u"):
            if not re.search(r"\bcurl\b|\bwget\b|\bhttp\b", text):
                continue
        elif not option.rstrip("= ").endswith(("password", "passwd")) and not is_random(value, 12):
            continue
        kind = "password" if option.rstrip("= ").endswith(("-p", "password", "passwd", ":")) else "key"
        yield Secret(kind, _option_variable(option), *each.span("secret"))


def _option_variable(option: str) -> str:
    name = option.strip("-= ").replace("-", "_").upper()
    if option.startswith("wandb"):
        return "WANDB_API_KEY"
    if option.startswith("ngrok"):
        return "NGROK_AUTHTOKEN"
    return "KAGGLE_KEY" if option.endswith("-v") else name if len(name) > 2 and name.isidentifier() else "PASSWORD"


def _kaggle(text: str) -> Iterator[Secret]:
    for each in _KAGGLE.finditer(text):
        if not is_placeholder(each["secret"]):
            yield Secret("Kaggle key", "KAGGLE_KEY", *each.span("secret"))


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def lowered(text: str) -> str:
    """The text in lower case, letter for letter."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := each.lower()) == 1 else each for each in text)


def _named(text: str, lower: str, prose: bool) -> Iterator[Secret]:
    for each in _NAMED.finditer(lower):
        start, end = each.span("value")
        value = text[start:end].rstrip(".)]}|")
        at = each.start()
        before = _BEFORE.search(text, max(0, at - 50), at)
        if before and text[before.start() - 1 : before.start()] in ("?", "&"):
            continue  # a URL's query is judged as such
        name = f"{before[0] if before else ''}{text[at : each.start('joint')]}".lstrip("0123456789_.-")
        strength = strength_of(name)
        if each["joint"].strip() == "`" and not (
            prose and name.lower().endswith(("password", "passwort", "passphrase"))
        ):
            continue  # pass `include_groups=False`
        if strength is None or (" is" in each["joint"] and prose and strength != "password"):
            continue
        if _says_something_else(name, strength, value, each, text, at - len(before[0] if before else "")):
            continue
        if is_placeholder(value) or (_CALL.match(value) and each["quote"] is None):
            continue
        if not plausible(strength, value, quoted=each["quote"] is not None and not prose):
            continue
        kind = "password" if strength == "password" else "key" if strength == "key" else "token"
        yield Secret(kind, variable_of(name, "SECRET"), start, start + len(value), sure=strength != "token")


def _says_something_else(
    name: str, strength: Strength, value: str, found: re.Match[str], text: str, start: int
) -> bool:
    """Words of a sentence, another thing by the word before it, a keyword argument, a shell's folder."""
    if strength != "password":
        word = _WORD_BEFORE.search(text, max(0, start - 32), start)
        return word is not None and is_no_secret(f"{word[1]}_{name}")
    if _KEYWORD.fullmatch(value) or (name.lower() in ("pwd", "oldpwd") and _FOLDER.fullmatch(value)):
        return True
    return name.lower() == "pass" and found["quote"] is None and not re.search(r"[\d!@#$%^&*]", value)


def plausible(strength: Strength, value: str, quoted: bool) -> bool:
    """Whether a value could be the secret that its name announces. ``quoted``: it stands alone, as code has it."""
    if any(each.isspace() for each in value) and (strength != "password" or value.count(" ") > 3 or not quoted):
        return False
    if strength == "password":
        if quoted:
            return len(value) >= 4 and not re.fullmatch(r"[a-z]+(?:_[a-z]+)+|[A-Z]+(?:_[A-Z]+)+", value)
        return (
            len(value) >= 6
            and bool(_MIXED.match(value))
            and not re.fullmatch(r"[a-z_]+|[\d.,%]+|[a-z_]+[.:]?", value, re.I)
        )
    if strength == "key":
        return len(value) >= 8 and (
            is_random(value, 8)
            or (quoted and len(value) >= 10 and bool(re.search(r"\d|[^\w\s-]", value)) and "/" not in value[:2])
        )
    if strength == "token":
        return is_random(value, 16)
    return is_random(value, 24)
