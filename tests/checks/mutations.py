"""Notebooks as people have them, and what files go through: cut off, merged by hand, filled with other bytes."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from tests.checks.notebooks import HEX, code, made_up, markdown, raw_of

SECRETS = (
    "ghp_" + made_up(36),
    "AKIA" + made_up(16).upper(),
    "sk-" + made_up(48),
    made_up(11) + "x!",
    made_up(32, HEX),
)

_SOURCES = (
    "import pandas as pd\nimport numpy as np\nfrom sklearn.model_selection import train_test_split",
    'rows = pd.read_csv("/home/ann/data/rows.csv")\nrows.head()',
    r"rows = pd.read_excel('C:\Users\ann\Desktop\rows.xlsx', sheet_name=0)",
    f'api_key = "{SECRETS[2]}"\npassword = "{SECRETS[3]}"',
    f'engine = create_engine("postgresql://ann:{SECRETS[3]}@db.acme.io/sales")',
    f"%env GITHUB_TOKEN={SECRETS[0]}\n!git clone https://ann:{SECRETS[0]}@github.com/acme/rows",
    f"# aws: {SECRETS[1]}\nurl = 'https://api.acme.io/v1?api_key={SECRETS[4]}'",
    "X, y = rows.drop(columns='y'), rows['y']\nX = StandardScaler().fit_transform(X)",
    "X_train, X_test, y_train, y_test = train_test_split(X, y)\nmodel = LogisticRegression().fit(X_train, y_train)",
    "for c in rows:\n    rows[c] = rows[c].fillna(rows[c].mean())\nprint(model.score(X_test, y_test))",
    "class A:\n    b = [c for c in range(3) if (d := c)]\n    def f(self, *a, **k):\n        return self.b",
    "%%bash\npip install lightgbm\ncp /content/drive/MyDrive/rows.csv .",
    "%%time\nx = !ls\ndf?\n%matplotlib inline",
    "print 'python 2'\nexec 'x = 1'",
    "def f(x:\n    return 'not closed",
    "match x:\n    case {'a': [1, *rest]}:\n        print(rest)",
    "plt.savefig(f'{out}/plot_{n}.png'); await g(); lambda: (yield)",
    "größe = '中文' + \"\\N{BULLET}\" + '😀' * 3  # ключ",
    "",
)
_PROSE = (
    "# Sales\nSee `/Users/ann/notes.txt`.",
    f"Log in with password: {SECRETS[3]}",
    "![](attachment:a.png)",
    "$\\alpha$",
)
_OUTPUTS = (
    f"token is {SECRETS[0]}\n",
    "C:\\Users\\ann\\anaconda3\\lib\\site-packages\\sklearn\\base.py:450: UserWarning\n",
    "<table><tr><td>1</td></tr></table>",
    "\x1b[0;31mNameError\x1b[0m: name 'x' is not defined",
)
_VALUES: tuple[Any, ...] = (
    None,
    True,
    -1,
    1e308,
    "",
    "x" * 5000,
    [],
    {},
    [[]],
    {"a": None},
    ["a", 1, None],
    "\ud800",
    "\x00",
)
_BYTES = (b"\xff\xfe", b"\x00", b"<<<<<<< HEAD\n", b"\xef\xbb\xbf", b"NaN", b"\\ud83d", b"[" * 50, b"}", b'"', b"\r\n")


def notebook(rng: random.Random) -> dict[str, Any]:
    """A notebook with a bit of everything."""
    cells: list[dict[str, Any]] = []
    for _ in range(rng.randint(1, 8)):
        if rng.random() < 0.25:
            cells.append(markdown(rng.choice(_PROSE)))
        else:
            output = rng.choice(_OUTPUTS) if rng.random() < 0.3 else ""
            cells.append(code(rng.choice(_SOURCES), output, rng.choice([None, 1, 7, 3])))
    return raw_of(*cells, language=rng.choice(["python"] * 8 + ["R", "julia"]))


def mutated(rng: random.Random) -> bytes:
    """The bytes of a notebook after one to four accidents."""
    raw = notebook(rng)
    for _ in range(rng.randint(0, 3)):
        rng.choice(_IN_JSON)(raw, rng)
    data = json.dumps(raw).encode("utf-8", "replace")
    for _ in range(rng.randint(0, 2) if rng.random() < 0.5 else 0):
        data = rng.choice(_IN_BYTES)(data, rng)
    return data


def _sources(raw: dict[str, Any]) -> list[dict[str, Any]]:
    cells = raw.get("cells")
    return [each for each in cells if isinstance(each, dict)] if isinstance(cells, list) else []


def _cut_source(raw: dict[str, Any], rng: random.Random) -> None:
    """A line loses its end, or two lines melt into one."""
    for cell in rng.sample(_sources(raw), min(2, len(_sources(raw)))):
        source = cell.get("source")
        if isinstance(source, str) and source:
            at, to = sorted(rng.choices(range(len(source) + 1), k=2))
            cell["source"] = (
                source[:at] + rng.choice(["", "'", "(", "\\\n", "{", "%", "!", "\t", "\u2028", "#"]) + source[to:]
            )


def _repeat_source(raw: dict[str, Any], rng: random.Random) -> None:
    """The same text again and again, or nested in brackets."""
    for cell in _sources(raw)[:1]:
        source = str(cell.get("source"))
        cell["source"] = rng.choice(
            [source * 20, "(" * 150 + source, "x" + ".a" * 500, "a = " + "-" * 300 + "1", "[" * 90 + "]" * 90]
        )


def _other_value(raw: dict[str, Any], rng: random.Random) -> None:
    """Some value becomes another one."""
    place: Any = raw
    for _ in range(rng.randint(0, 4)):
        inner = [
            each
            for each in (place.values() if isinstance(place, dict) else place)
            if isinstance(each, dict | list) and each
        ]
        if not inner:
            break
        place = rng.choice(inner)
    if isinstance(place, dict) and place:
        place[rng.choice(sorted(place))] = deepcopy(rng.choice(_VALUES))
    elif isinstance(place, list) and place:
        place[rng.randrange(len(place))] = deepcopy(rng.choice(_VALUES))


def _other_format(raw: dict[str, Any], rng: random.Random) -> None:
    """Another version, or the worksheets of version 3."""
    raw["nbformat"] = rng.choice([2, 3, 4, 5, 6, 0, "4", None])
    if raw["nbformat"] == 3:
        raw["worksheets"] = [{"cells": [{**each, "input": each.get("source")} for each in _sources(raw)]}]


def _truncated(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _with_bytes(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(_BYTES) + data[at + rng.choice([0, 1, 7]) :]


def _flipped(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


_IN_JSON: tuple[Callable[[dict[str, Any], random.Random], None], ...] = (
    _cut_source,
    _cut_source,
    _repeat_source,
    _other_value,
    _other_format,
)
_IN_BYTES: tuple[Callable[[bytes, random.Random], bytes], ...] = (_truncated, _with_bytes, _flipped)
