"""Random values in the shape of secrets, hashes and ids, made when the labelled notebooks are read."""

from __future__ import annotations

import base64
import json
import random
import re
import string
from collections.abc import Callable

_UPPER, _DIGITS = string.ascii_uppercase, string.digits
_ALNUM = string.ascii_letters + _DIGITS
_HEX = _DIGITS + "abcdef"
_URLSAFE = _ALNUM + "-_"
_BASE64 = _ALNUM + "+/"
_TEMPLATE = re.compile(r"\{\{([a-z_]+)(\d?)(?:\[(\d*):(\d*)\])?\}\}")


def _draw(alphabet: str, length: int, before: str = "", after: str = "") -> Callable[[random.Random], str]:
    return lambda chance: before + "".join(chance.choices(alphabet, k=length)) + after


def _password(chance: random.Random) -> str:
    drawn = [chance.choice(letters) for letters in (_UPPER, string.ascii_lowercase, _DIGITS, "!_")]
    drawn += chance.choices(_ALNUM, k=8)
    chance.shuffle(drawn)
    return chance.choice(string.ascii_letters) + "".join(drawn)


def _plain_password(chance: random.Random) -> str:
    """As people make them: a word of syllables and a number; safe in a URL."""
    syllables = "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(4))
    return syllables.capitalize() + str(chance.randint(100, 9999))


def _uuid(chance: random.Random) -> str:
    drawn = "".join(chance.choices(_HEX, k=32))
    return f"{drawn[:8]}-{drawn[8:12]}-4{drawn[13:16]}-a{drawn[17:20]}-{drawn[20:]}"


def _jwt(chance: random.Random) -> str:
    parts = [{"alg": "HS256", "typ": "JWT"}, {"sub": str(chance.randint(10**9, 10**10)), "iat": 1700000000}]
    encoded = [
        base64.urlsafe_b64encode(json.dumps(part, separators=(",", ":")).encode()).decode().rstrip("=")
        for part in parts
    ]
    return ".".join([*encoded, "".join(chance.choices(_URLSAFE, k=43))])


def _basic(chance: random.Random) -> str:
    return base64.b64encode(f"svc-report:{_password(chance)}".encode()).decode()


def _slack(chance: random.Random) -> str:
    return f"xoxb-{chance.randint(10**11, 10**12 - 1)}-{chance.randint(10**11, 10**12 - 1)}-{_draw(_ALNUM, 24)(chance)}"


def _slack_hook(chance: random.Random) -> str:
    parts = [_draw(_UPPER + _DIGITS, 8, "T"), _draw(_UPPER + _DIGITS, 10, "B"), _draw(_ALNUM, 24)]
    return "https://hooks.slack.com/services/" + "/".join(part(chance) for part in parts)


def _sendgrid(chance: random.Random) -> str:
    return f"SG.{_draw(_URLSAFE, 22)(chance)}.{_draw(_URLSAFE, 43)(chance)}"


def _openai_old(chance: random.Random) -> str:
    return f"sk-{_draw(_ALNUM, 20)(chance)}T3Blbk" + f"FJ{_draw(_ALNUM, 20)(chance)}"


KINDS: dict[str, Callable[[random.Random], str]] = {
    "aws_access_key": _draw(_UPPER + "234567", 16, "AKIA"),
    "aws_secret": _draw(_BASE64, 40),
    "gcp_key": _draw(_URLSAFE, 35, "AIza"),
    "azure_storage_key": _draw(_BASE64, 86, after="=="),
    "azure_sas": _draw(_ALNUM, 43, after="%3D"),
    "github_token": _draw(_ALNUM, 36, "ghp_"),
    "github_fine_token": lambda chance: f"github_pat_{_draw(_ALNUM, 22)(chance)}_{_draw(_ALNUM, 59)(chance)}",
    "gitlab_token": _draw(_URLSAFE, 20, "glpat-"),
    "hf_token": _draw(string.ascii_letters, 34, "hf_"),
    "openai_key": _openai_old,
    "openai_project_key": _draw(_URLSAFE, 120, "sk-proj-"),
    "anthropic_key": _draw(_URLSAFE, 93, "sk-ant-api03-", "AA"),
    "slack_token": _slack,
    "slack_webhook": _slack_hook,
    "stripe_key": _draw(_ALNUM, 24, "sk_live_"),
    "twilio_sid": _draw(_HEX, 32, "AC"),
    "sendgrid_key": _sendgrid,
    "npm_token": _draw(_ALNUM, 36, "npm_"),
    "pypi_token": _draw(_URLSAFE, 100, "pypi-AgE" + "IcHlwaS5vcmc"),
    "databricks_token": _draw(_HEX, 32, "dapi"),
    "docker_token": _draw(_URLSAFE, 27, "dckr_pat_"),
    "telegram_token": lambda chance: f"{chance.randint(10**8, 10**10)}:AA{_draw(_URLSAFE, 33)(chance)}",
    "pem_begin": lambda _: "-----BEGIN RSA PRIV" + "ATE KEY-----",
    "pem_end": lambda _: "-----END RSA PRIV" + "ATE KEY-----",
    "pem_line": _draw(_BASE64, 64),
    "jwt": _jwt,
    "basic": _basic,
    "password": _password,
    "plain_password": _plain_password,
    "token": _draw(_ALNUM, 32),
    "hex": _draw(_HEX, 32),
    "hex_long": _draw(_HEX, 40),
    "sha_long": _draw(_HEX, 64),
    "uuid": _uuid,
    "image": _draw(_BASE64, 4000, "iVBORw0KGgo"),
}


def fill(text: str, seed: str) -> str:
    """``text`` with every ``{{kind}}`` replaced; the same name gives the same value under one ``seed``."""

    def value(match: re.Match[str]) -> str:
        kind, number, start, stop = match.groups()
        if kind not in KINDS:
            return match.group()
        made = KINDS[kind](random.Random(f"{seed} {kind} {number}"))
        return made[int(start) if start else None : int(stop) if stop else None]

    return _TEMPLATE.sub(value, text)
