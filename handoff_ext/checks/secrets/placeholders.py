"""What stands where a secret would: ``YOUR_API_KEY``, ``****``, ``<token>``, ``AKIA...EXAMPLE``."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise

_FILLER = re.compile(
    r"example|placeholder|dummy|your[_ -]?|yours|redacted|changeme|change[_-]me|replace[_-]?|insert[_-]|fill[_-]?in|"
    r"\bfake|fake[_-]|sample|xxxx|\*\*\*|\.\.\.|…|<[^<>]*>|\[[A-Za-z_ -]*\]\Z|0000000|abcdefgh|123456789|"
    r"deadbeef|lorem|n0t|not[_-]?(?:a[_-])?real|\bdemo\b|hidden|removed|masked|\bsecret[_-]?here|[_-]here\b|goes[_-]?here|"
    r"paste|put[_-]|enter[_-]|mytoken|my[_-]?(?:api|key|token|secret|pass)|\bfoo|\bbar\b|test[_-]?(?:key|token|api)|"
    r"to[_-]?be|\btodo\b|\btbd\b|\bnull\b|\bnone\b|undefined|vault:|\bdein|\bvotre|tu[_-]|\bsu[_-]|seu[_-]|ваш|你的|あなた",
    re.I,
)
_WORDS = frozenset(
    [
        "password",
        "passwd",
        "pass",
        "pwd",
        "pw",
        "passphrase",
        "passwort",
        "secret",
        "secrets",
        "token",
        "key",
        "apikey",
        "api_key",
        "user",
        "username",
        "admin_password",
        "string",
        "str",
        "text",
        "varchar",
        "char",
        "object",
        "int",
        "integer",
        "float",
        "number",
        "bool",
        "boolean",
        "bytes",
        "date",
        "hidden",
        "email",
        "mail",
        "name",
        "login",
        "none",
        "null",
        "true",
        "false",
        "yes",
        "no",
        "auto",
        "default",
        "basic",
        "bearer",
        "digest",
        "oauth",
        "oauth2",
        "plain",
        "required",
        "optional",
        "prompt",
        "env",
        "environ",
        "getpass",
        "input",
        "password1",
        "pass1",
        "mypassword",
        "my_password",
        "mypass",
        "userpass",
        "user_password",
        "secret_key",
        "secretkey",
        "access_token",
        "auth",
        "credential",
        "credentials",
        "column",
        "field",
        "value",
        "label",
        "bytes_or_str",
        "keyring",
        "anonymous",
        "guest",
        "unknown",
        "missing",
        "empty",
        "test",
        "testing",
        "somepassword",
        "somesecret",
        "mysecret",
        "my_secret",
        "supersecret",
        "unk",
        "pad",
        "cls",
        "sep",
        "mask",
        "eos",
        "bos",
        "postgres_password",
        "db_password",
    ]
)
_REFERENCE = re.compile(
    r"\$\{?\w+\}?\Z|\{\{?[\w. \[\]'\"-]+\}?\}\Z|%\(?\w+\)?[sd]?%?\Z|<.*>\Z|os\.environ|getenv|\[.*\]\Z"
    r"|\*+\Z|x+\Z|-+\Z|\.+\Z|_+\Z|\?+\Z|#+\Z",
    re.I,
)


def is_filler(value: str) -> bool:
    """Whether a text of a key's shape was put there to show the shape."""
    if _FILLER.search(value):
        return True
    letters = [each for each in value if each.isalnum()]
    if not letters or (len(value) >= 12 and len(set(letters)) <= 4):
        return True
    return len(value) >= 16 and (_run(value) >= 8 or max(Counter(letters).values()) > 0.6 * len(letters))


def is_placeholder(value: str) -> bool:
    """Whether the value given for a password or key only names one, points at one or hides one."""
    plain = value.strip().strip("'\"`")
    if len(plain) < 3 or plain.lower().replace("-", "_").replace(" ", "_") in _WORDS or _REFERENCE.match(plain):
        return True
    if len(set(plain)) == 1 or is_filler(plain):
        return True
    return plain.isupper() and "_" in plain and plain.replace("_", "").isalpha()


def entropy(value: str) -> float:
    """Shannon entropy in bits a character."""
    counts = Counter(value)
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts.values()) if value else 0.0


def is_random(value: str, least: int = 16) -> bool:
    """Whether a text looks drawn by a machine: long, without words, letters and digits mixed."""
    if len(value) < least or not re.fullmatch(r"[\w.~+/=:!@#$%^&*-]+", value):
        return False
    if not any(each.isdigit() for each in value) or not any(each.isalpha() for each in value):
        return bool(len(value) >= 32 and value.isdigit() is False and _shuffled(value) and entropy(value) > 4.2)
    hexadecimal = re.fullmatch(r"[0-9a-f-]+|[0-9A-F-]+", value) is not None
    if hexadecimal:
        return len(value) >= max(least, 20) and entropy(value) > 2.8
    return entropy(value) > 3.0 and (_shuffled(value) or len(re.findall(r"\d", value)) >= 4)


def _shuffled(value: str) -> bool:
    """Upper and lower case in turn, more often than in CamelCase words."""
    turns = sum(1 for one, two in pairwise(value) if one.isalpha() and two.isalpha() and one.islower() != two.islower())
    return turns >= len(value) / 6


def _run(value: str) -> int:
    """Length of the longest stretch that counts up (``abcdefgh``, ``12345678``) or repeats."""
    best = up = same = 1
    for one, two in pairwise(value):
        up = up + 1 if ord(two) - ord(one) == 1 else 1
        same = same + 1 if one == two else 1
        best = max(best, up, same)
    return best
