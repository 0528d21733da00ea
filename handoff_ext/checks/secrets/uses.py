"""The passwords and keys that a cell holds: in its Python, its comments, its magics, its prose."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from handoff_ext.checks.facts.text import HOLE, dotted
from handoff_ext.checks.facts.walk import CallUse, TextUse
from handoff_ext.checks.rule import Spot
from handoff_ext.checks.secrets.formats import known_keys
from handoff_ext.checks.secrets.logins import announced
from handoff_ext.checks.secrets.names import Strength, strength_of, variable_of
from handoff_ext.checks.secrets.placeholders import entropy, is_placeholder, is_random
from handoff_ext.checks.secrets.running import Secret, plausible, secrets_in_options, secrets_in_text
from handoff_ext.checks.secrets.urls import secrets_in_urls
from handoff_ext.checks.words import words

if TYPE_CHECKING:
    from handoff_ext.checks.facts.cell import CellFacts

Place = Literal["known", "named", "url", "magic", "comment", "markdown", "random"]


@dataclass(frozen=True, slots=True)
class SecretUse:
    """One secret. ``value`` never leaves the process. ``whole``: the expression of ``use`` is nothing but the secret.

    ``start`` and ``end`` are offsets in the source where it stands in a comment, a magic or prose.
    """

    place: Place
    kind: str
    value: str
    variable: str
    spot: Spot
    use: TextUse | None = None
    whole: bool = False
    start: int = -1
    end: int = -1
    sure: bool = True


def secrets_of(facts: CellFacts) -> Iterator[SecretUse]:
    """All secrets of a cell's source, each once."""
    if facts.kind != "code" or not facts.python:
        place: Place = "markdown" if facts.kind == "markdown" else "named"
        yield from _running(facts, facts.source, 0, place, prose=facts.kind != "code")
        return
    if facts.parsed.tree is None and not facts.parsed.magics:
        yield from _running(facts, facts.source, 0, "named", prose=False)
        return
    for use in facts.walked.texts:
        found = secret_of(use, facts.text(use), facts)
        if found:
            yield found
    yield from _pairs_in_calls(facts)
    for magic in facts.parsed.magics:
        yield from _in_magic(facts, magic.line, magic.kind)
    if facts.parsed.tree is None:
        return
    if "#" not in facts.source:
        return
    if not any(_worth(each.partition("#")[2]) for each in facts.lines if "#" in each):
        return
    begins = [0, *accumulate(len(each) + 1 for each in facts.lines)]
    for line, column, text in facts.comments:
        if _worth(text):
            yield from _running(facts, text, begins[line - 1] + column - 1, "comment", prose=False)


def _worth(text: str) -> bool:
    """Whether a secret may be in a text: quick, and rather yes than no."""
    lower = text.lower()
    return (
        "key" in lower or "pass" in lower or "token" in lower or "secret" in lower or "pwd" in lower or "auth" in lower
        or "senha" in lower or "://" in lower or (len(text) >= 15 and any(known_keys(text)))
    )  # fmt: skip


def _running(facts: CellFacts, text: str, offset: int, place: Place, prose: bool) -> Iterator[SecretUse]:
    for each in secrets_in_text(text, prose):
        yield _at(facts, text, offset, place, each)


def _at(facts: CellFacts, text: str, offset: int, place: Place, each: Secret) -> SecretUse:
    start, end = offset + each.start, offset + each.end
    return SecretUse(
        place, each.kind, text[each.start : each.end], each.variable, facts.spot_at(start, end),
        start=start, end=end, sure=each.sure,
    )  # fmt: skip


def secret_of(use: TextUse, text: str, facts: CellFacts) -> SecretUse | None:
    """The secret that a text is or holds, judged by the text and by what stands around it."""
    if len(text) < 4:
        return None
    around = use.around
    for known, start, end in known_keys(text) if len(text) >= 16 else ():
        named = _named_variable(use) if strength_of(_name_of(use)) else ""
        whole = (start == 0 and end == len(text)) or (known.kind == "private key" and text.lstrip().startswith("-----"))
        value = text if whole else text[start:end]
        return SecretUse(
            "known", known.kind, value, variable_of(named, known.variable), facts.spot(use.node), use, whole
        )
    if "=" in text or "://" in text:
        for kind, variable, start, end in secrets_in_urls(text):
            return SecretUse("url", kind, text[start:end], variable, facts.spot(use.node), use)
    name = _name_of(use)
    strength = strength_of(name)
    if strength and HOLE not in text and around.role != "key" and not (_renames(use)):
        return _named(use, text, name, strength, facts)
    if len(text) > 20 and around.role != "key" and _looks_like_code(text):
        for each in secrets_in_text(text, prose="\n" in text and ":" not in text):
            if HOLE not in text[each.start : each.end]:
                return SecretUse(
                    "named",
                    each.kind,
                    text[each.start : each.end],
                    each.variable,
                    facts.spot(use.node),
                    use,
                    sure=False,
                )
    return None


def _looks_like_code(text: str) -> bool:
    """JSON, YAML, INI or a command as a string: ``{"username": ..., "key": ...}``."""
    return (":" in text or "=" in text) and bool(_LIKE_CODE.search(text)) and _worth(text)


_LIKE_CODE = re.compile(r"['\"]\s*:|\w\s*=\s*['\"\w]|:\s+\w")


_FOLDER = r"(?:/|~/|[A-Za-z]:[\\/])[\w.-]+(?:[\\/][\w.-]+)+"
"""``pwd`` is a folder too."""


def _named(use: TextUse, text: str, name: str, strength: Strength, facts: CellFacts) -> SecretUse | None:
    value = text
    scheme = re.match(r"(?:Bearer|Basic|Token|token|Bot|ApiKey|Splunk)\s+", text)
    if scheme:
        value = text[scheme.end() :]
        strength = "key" if len(value) >= 8 else strength
    if is_placeholder(value) or not plausible(strength, value, quoted=True):
        return None
    if strength != "weak" and re.fullmatch(
        rf"[a-z][a-z\d+.-]*://[^@\s]*|[\w./-]+\.(?:json|txt|pem|key|csv|ya?ml|env|py|pkl)|{_FOLDER}", value
    ):
        return None
    if (
        use.around.role == "item"
        and strength == "password"
        and value.isalpha()
        and use.around.name == "{}"
        and not _has_login(facts)
    ):
        return None
    if use.around.role == "default" and strength == "token":
        strength = "weak"
    if strength == "weak" and not (is_random(value, 24) and entropy(value) > 3.3):
        return None
    kind = {"password": "password", "key": "key", "token": "token", "weak": "key"}[strength]
    sure = strength != "weak" and (is_random(value, 12) or strength == "password")
    return SecretUse(
        "random" if strength == "weak" else "named", kind, value, variable_of(_named_variable(use) or name, "SECRET"),
        facts.spot(use.node), use, scheme is None, sure=sure,
    )  # fmt: skip


def _has_login(facts: CellFacts) -> bool:
    """Whether the dict holds a login's other half."""
    for other in facts.walked.texts:
        if other.around.role == "item" and re.search(r"user|login|email|host", str(other.around.slot), re.I):
            return True
    return False


_CALL_NAMES = words(
    """
    os.getenv os.environ.get environ.get getenv os.environ.setdefault config env os.putenv
    """
)
_SETTERS = words("option set config setdefault putenv setenv add_header set_option setOption fill type set_property")
_NOT_CALLS = words(
    """
    rename add_argument text_input input getpass Field Column replace map set_index drop groupby sort_values merge
    find_element get field print get_secret getSecret get_value userdata.get dbutils.secrets.get
    """
)


def _name_of(use: TextUse) -> str:
    """The name that announces what the text is: keyword, key, assigned name, environment variable."""
    around = use.around
    if around.role == "argument":
        last = around.name.rpartition(".")[2]
        if (around.name in _CALL_NAMES or last in _SETTERS) and around.slot in (1, "default"):
            return around.outer.strip("#.[]")
        if last in _NOT_CALLS:
            return ""
        if type(around.slot) is int:
            return announced(around.name, around.slot)
        return str(around.slot)
    if around.role == "item":
        return str(around.slot)
    if around.role in ("value", "default", "compare"):
        return around.name.rpartition(".")[2]
    return ""


def _named_variable(use: TextUse) -> str:
    """A name for the environment variable: ``smtp_password`` says more than ``password``."""
    around = use.around
    if around.role == "argument" and type(around.slot) is str and around.slot:
        owner = around.name.split(".")[0]
        short = around.slot.lower() in ("password", "passwd", "pwd", "key", "token", "secret", "api_key", "auth")
        if (
            short
            and owner.isidentifier()
            and owner.islower()
            and owner not in ("self", "os", "requests", "session", "client", "db")
        ):
            return f"{owner}_{around.slot}"
        return around.slot
    if around.role == "value" and "." in around.name:
        owner, _, last = around.name.rpartition(".")
        return f"{owner.split('.')[-1]}_{last}"
    return _name_of(use)


def _renames(use: TextUse) -> bool:
    """``df.rename(columns={"pw": "password"})`` and other tables of names hold names, not secrets."""
    outer = use.around.outer.rpartition(".")[2].lower()
    return (
        use.around.role == "item"
        and use.around.name == "{}"
        and bool(
            re.fullmatch(
                r"rename|rename_axis|columns|mapping|map|replace|labels?|dtypes?|schema|astype|agg|col_\w*|\w*_names?|\w*_labels?|read_csv",
                outer,
            )
        )
    )


def _typed(facts: CellFacts, call: CallUse) -> SecretUse | None:
    """``browser.find_element("id", "password").send_keys("...")``: what is typed where a password belongs."""
    function = call.node.func
    if type(function) is not ast.Attribute or function.attr != "send_keys" or len(call.node.args) != 1:
        return None
    place = function.value
    names = [each.value for each in ast.walk(place) if type(each) is ast.Constant and type(each.value) is str]
    names += [dotted(place).rpartition(".")[2]]
    use = next((each for each in facts.walked.texts if each.node is call.node.args[0]), None)
    value = facts.text(use) if use else ""
    if use is None or HOLE in value or is_placeholder(value) or not plausible("password", value, quoted=True):
        return None
    if not any(strength_of(re.sub(r"\W+", "_", name).strip("_")) == "password" for name in names):
        return None
    return SecretUse("named", "password", value, "PASSWORD", facts.spot(use.node), use, True)


_LOGIN = re.compile(r"(?:\w+_)?(?:auth|creds?|credentials?|login|user_?pass)", re.I)


def _assigned_pairs(facts: CellFacts) -> Iterator[SecretUse]:
    """``AUTH = ("user", "secret")``: the second of two texts under a login's name."""
    for node in facts.parsed.tree.body if facts.parsed.tree is not None else ():
        if type(node) is not ast.Assign or type(node.value) is not ast.Tuple or len(node.value.elts) != 2:
            continue
        name, (first, second) = dotted(node.targets[0]).rpartition(".")[2], node.value.elts
        if type(first) is not ast.Constant or type(first.value) is not str or not _LOGIN.fullmatch(name):
            continue
        use = next((each for each in facts.walked.texts if each.node is second), None)
        if use is None or type(second) is not ast.Constant or type(second.value) is not str:
            continue
        value = second.value
        if not is_placeholder(value) and plausible("password", value, quoted=True) and not any(known_keys(value)):
            variable = variable_of(f"{name}_password", "PASSWORD")
            yield SecretUse("named", "password", value, variable, facts.spot(second), use, True)


def _pairs_in_calls(facts: CellFacts) -> Iterator[SecretUse]:
    """``auth=("user", "secret")``: the second of two texts; and passwords that are typed into a page."""
    yield from _assigned_pairs(facts)
    for call in facts.walked.calls:
        typed = _typed(facts, call)
        if typed:
            yield typed
        for keyword in call.node.keywords:
            pair = keyword.value
            if keyword.arg not in ("auth", "basic_auth", "http_auth", "credentials", "userpass", "proxy_auth"):
                continue
            if type(pair) not in (ast.Tuple, ast.List) or len(pair.elts) != 2:  # type: ignore[attr-defined]
                continue
            second = pair.elts[1]  # type: ignore[attr-defined]
            if type(second) is ast.Constant and type(second.value) is str and not is_placeholder(second.value):
                use = next((each for each in facts.walked.texts if each.node is second), None)
                if use and plausible("password", second.value, quoted=True) and not any(known_keys(second.value)):
                    owner = dotted(call.node.func).split(".")[0].strip("()") or "http"
                    variable = (
                        "HTTP_PASSWORD"
                        if owner in ("requests", "session", "httpx")
                        else variable_of(f"{owner}_password", "PASSWORD")
                    )
                    yield SecretUse("named", "password", second.value, variable, facts.spot(second), use, True)


def _in_magic(facts: CellFacts, line: int, kind: str) -> Iterator[SecretUse]:
    if kind in ("help", "auto"):
        return
    last = len(facts.lines) if kind == "cell" and facts.parsed.tree is None else line
    while last < len(facts.lines) and facts.lines[last - 1].endswith("\\"):
        last += 1
    offset = sum(len(each) + 1 for each in facts.lines[: line - 1])
    text = "\n".join(facts.lines[line - 1 : last])
    if not _worth(text) and " -p" not in text and "login" not in text:
        return
    found = secrets_in_text(text, prose=False)
    found += [
        each
        for each in secrets_in_options(text)
        if not any(each.start < other.end and other.start < each.end for other in found)
    ]
    found += [
        each
        for each in _environment(text)
        if not any(each.start < other.end and other.start < each.end for other in found)
    ]
    for each in found:
        if not re.match(r"[${]", text[each.start : each.end]):
            yield _at(facts, text, offset, "magic", each)


_SET = re.compile(
    r"(?:%(?:set_)?env\s+|\bexport\s+|\bset\s+|\bsetx\s+)(?P<name>\w+)[= ]\s*['\"]?(?P<secret>[^\s'\"]{4,})"
)


def _environment(text: str) -> Iterator[Secret]:
    """``%env NAME=value`` and ``export NAME=value``."""
    for each in _SET.finditer(text):
        strength = strength_of(each["name"])
        value = each["secret"]
        if strength and not is_placeholder(value) and plausible(strength, value, quoted=True):
            yield Secret(strength if strength != "weak" else "key", each["name"], *each.span("secret"))
