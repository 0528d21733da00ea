"""Passwords inside URLs and connection strings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handoff_ext.checks.facts.text import HOLE
from handoff_ext.checks.secrets.names import strength_of
from handoff_ext.checks.secrets.placeholders import is_placeholder, is_random
from handoff_ext.checks.words import words

_USERINFO = re.compile(
    r"(?<![\w.+-])(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{1,30})://(?P<user>[^\s:/@'\"<>?#,]{0,200}):(?P<secret>[^\s@'\"<>/?#]{1,200})"
    r"@(?P<host>[\w.\[\]$%{}\0-]+)"
)
_TOKEN_ONLY = re.compile(
    r"(?<![\w.+-])https?://(?P<secret>[A-Za-z0-9_-]{20,100})(?::(?:x-oauth-basic)?)?@(?P<host>[\w.-]+)"
)
_QUERY = re.compile(r"[?&;](?P<name>[\w.-]{2,40})=(?P<secret>[^\s&'\"<>#\\)]{6,300})")
_EXPIRES = re.compile(r"[?&](?:expires|x-amz-expires|x-goog-expires|origincreation)=", re.I)
"""Links that are signed for a short time."""
_PAIR = re.compile(
    r"(?:\A|[;\s'\"?])(?P<name>pwd|password|sharedaccesskey|accountkey|passwd)\s*=\s*(?P<secret>[^;\s'\"]{3,200})", re.I
)
_PAIR_NAMES = ("pwd", "password", "accesskey", "accountkey", "passwd")
_PAIR_START = re.compile(r"(?:pwd|password|accesskey|accountkey|passwd)\s*=")
_CONNECTION = re.compile(
    r"(?:server|host|data source|driver|dsn|uid|user id|user|dbname|database|accountname|endpoint|port)\s*=", re.I
)
_LOCAL = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "db", "postgres", "mysql", "mongo", "redis", "database"})  # noqa: S104
_QUERY_KEYS = words(
    """
    key sig apikey appid app_id token access_token auth pwd password secret
    """
)


def secrets_in_urls(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Secrets in URLs and connection strings of a text: kind, name of a variable, start and end of the secret."""
    if "://" in text and "@" in text:
        yield from _userinfo(text)
    if "=" in text:
        yield from _query(text)
        yield from _pairs(text)


def _userinfo(text: str) -> Iterator[tuple[str, str, int, int]]:
    for found in _USERINFO.finditer(text):
        secret, user, host = found["secret"], found["user"], found["host"]
        if HOLE in secret or is_placeholder(secret) or (secret.isdigit() and len(secret) < 6):
            continue
        if (host.lower() in _LOCAL and secret == user) or host.endswith((".example", "example.com", "example.org")):
            continue
        kind = "token" if is_random(secret, 20) else "password"
        yield f"{kind} in a URL", _variable(found["scheme"], kind), *found.span("secret")
    for found in _TOKEN_ONLY.finditer(text):
        if is_random(found["secret"], 20) and not is_placeholder(found["secret"]):
            yield "token in a URL", "GIT_TOKEN" if "git" in found["host"] else "URL_TOKEN", *found.span("secret")


def _variable(scheme: str, kind: str) -> str:
    base = scheme.lower().partition("+")[0]
    if base in ("http", "https", "git", "ssh"):
        return "GIT_TOKEN" if kind == "token" else "HTTP_PASSWORD"
    return {"postgresql": "POSTGRES", "postgres": "POSTGRES", "mongodb": "MONGODB"}.get(
        base, base.upper().replace("-", "_")
    ) + "_PASSWORD"


def _query(text: str) -> Iterator[tuple[str, str, int, int]]:
    if "?" not in text and "&" not in text:
        return
    for found in _QUERY.finditer(text):
        name, secret = found["name"].lower(), found["secret"]
        if HOLE in secret or is_placeholder(secret) or _EXPIRES.search(text):
            continue
        strength = strength_of(name)
        random = is_random(secret, 12)
        if (strength in ("password", "key", "token") and (random or strength == "password")) or (
            name in _QUERY_KEYS and is_random(secret, 16)
        ):
            yield (
                "key in a URL",
                "API_KEY" if name in ("key", "appid", "app_id") else name.upper().replace("-", "_"),
                *found.span("secret"),
            )


def _pairs(text: str) -> Iterator[tuple[str, str, int, int]]:
    lower = text.lower()
    if not any(name in lower for name in _PAIR_NAMES) or not _PAIR_START.search(lower) or not _CONNECTION.search(text):
        return
    for found in _PAIR.finditer(text):
        if HOLE not in found["secret"] and not is_placeholder(found["secret"]) and "(" not in found["secret"]:
            yield "password in a connection string", "DB_PASSWORD", *found.span("secret")
