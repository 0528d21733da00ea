"""What one cell defines, uses and may change, from its source alone."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handoff_ext.cells.python import parse_cell
from handoff_ext.dataflow.cell import cell_flow
from handoff_ext.dataflow.model import CellFlow


def flow(source: str) -> CellFlow:
    return cell_flow(parse_cell(source))


def free(source: str) -> set[str]:
    """Names that earlier cells must give when the cell runs."""
    return {name for name, uses in flow(source).uses.items() if any(not use.deferred for use in uses)}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("y = x + 1", {"x"}),
        ("x = 1\ny = x", set()),
        ("x += 1", {"x"}),
        ("del x", {"x"}),
        ("[i * k for i in rows if i]", {"k", "rows"}),
        ("{a: b for a, b in pairs.items()}", {"pairs"}),
        ("(n := len(xs)) and n", {"len", "xs"}),
        ("for i in rows:\n    total = i\nprint(total)", {"rows", "print", "total"}),
        ("if a:\n    b = 1\nelse:\n    b = 2\nc = b", {"a"}),
        ("if a:\n    b = 1\nc = b", {"a", "b"}),
        ("try:\n    b = f()\nexcept ValueError:\n    b = None\nc = b", {"f", "ValueError"}),
        ("try:\n    b = f()\nexcept ValueError:\n    raise\nc = b", {"f", "ValueError"}),
        ("with open(p) as f:\n    t = f.read()", {"open", "p"}),
        ("def f(x, n=N):\n    return x + G", {"N"}),
        ("class A(B):\n    z = M\n    w = z\n    def g(self): return L", {"B", "M"}),
        ("g = lambda x: x + k", set()),
        ("df.apply(lambda r: r + k)", {"df", "k"}),
        ("@wrap\ndef f(): pass", {"wrap"}),
        ("match p:\n    case (a, b): c = a\n    case Point(x=q): c = q", {"p", "Point"}),
        ("a, *b = xs\nprint(b)", {"xs", "print"}),
        ("%time y = f(x)", {"f", "x"}),
        ("d[k] = v\no.a = w", {"d", "k", "v", "o", "w"}),
        ("def f(x: T) -> R: ...", {"T", "R"}),
        ("async with s as t:\n    await t.go()", {"s"}),
        ("f'{a:{w}} {b!r}'", {"a", "w", "b"}),
        ("import a.b\na.b.c()", set()),
    ],
)
def test_names_that_must_be_there(source: str, expected: set[str]) -> None:
    assert free(source) == expected


def test_reads_inside_functions_wait_for_the_call() -> None:
    found = flow("def f():\n    return later + f2()\nx = 1")
    assert {name: uses[0].deferred for name, uses in found.uses.items()} == {"later": True, "f2": True}
    assert found.functions["f"].reads == {"later", "f2"}


def test_function_knows_what_it_writes_and_changes() -> None:
    function = flow(
        "def f(frame, other):\n    global n\n    n += 1\n    frame['x'] = 1\n    seen.append(other)\n    return frame"
    ).functions["f"]
    assert function.writes == {"n"}
    assert [each.source.name for each in function.changes if each.how == "store"] == ["frame"]
    assert {each.source.name for each in function.mutations} == {"n", "seen"}
    assert [each.name for each in function.returns] == ["frame"]


def test_definitions_say_where_how_and_whether_for_sure() -> None:
    found = flow("import numpy as np\nif a:\n    b = pd.read_csv(p)\nc = [1]\nfor i in c: pass\nd = {}\ne = f'x'")
    assert {name: (each.kind, each.certain, each.made) for name, each in found.definitions.items()} == {
        "np": ("import", True, ""),
        "b": ("assign", False, "pd.read_csv()"),
        "c": ("assign", True, "container"),
        "i": ("loop", False, ""),
        "d": ("assign", True, "container"),
        "e": ("assign", True, "plain"),
    }
    assert (found.definitions["b"].position.line, found.definitions["b"].position.column) == (3, 5)
    assert found.bound == {"np", "c", "d", "e"}


def test_imports_keep_a_statement_that_binds_them_again() -> None:
    found = flow("import a.b, a.c\nfrom x.y import z as w\ntry:\n    import q\nexcept ImportError:\n    q = None")
    assert {name: (each.path, each.statement, each.certain) for name, each in found.imports.items()} == {
        "a": ("a", "import a.b\nimport a.c", True),
        "w": ("x.y.z", "from x.y import z as w", True),
        "q": ("q", "import q", False),
    }


@pytest.mark.parametrize(
    "source", ["exec(text)", "eval(text)", "from a import *", "%run x.py", "globals()['a'] = 1", "%pylab inline"]
)
def test_what_cannot_be_followed_is_said(source: str) -> None:
    assert flow(source).uncertain


def test_a_guarded_use_may_be_missing() -> None:
    assert flow("try:\n    x\nexcept NameError:\n    x = 1").uses["x"][0].guarded
    assert flow("!ls $folder {other}").uses["folder"][0].guarded


def test_columns_count_characters_in_any_alphabet() -> None:
    assert flow("größe = 'ä'; y = länge").uses["länge"][0].position.column == 18


@given(
    st.lists(
        st.sampled_from(["a = b", "b += a", "del a", "for a in b: c = a", "def a(b): return c", "c(a, b=b)"]),
        max_size=6,
    )
)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_every_name_read_or_bound_is_accounted_for(lines: list[str]) -> None:
    source = "\n".join(lines)
    found = flow(source)
    stored = {n.id for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    assert stored <= set(found.definitions)
    assert found.bound <= set(found.definitions)


def test_a_cell_nested_beyond_reason_is_uncertain_not_an_error() -> None:
    found = flow("x = " + "+".join(["1"] * 2500))
    assert found.uncertain or "x" in found.definitions
