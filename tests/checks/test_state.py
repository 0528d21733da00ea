"""What a fresh run from top to bottom would not find."""

from __future__ import annotations

import pytest

from tests.checks.notebooks import code, found, rules

BAD = [
    (("print(total)",), "STATE001"),
    (("import pandas as pd", "rows = pd.DataFrame()\nrows.sum(axis=axis)"), "STATE001"),
    (("def f():\n    return nowhere\n\nf()",), "STATE001"),
    (("x = [y for z in range(3)]",), "STATE001"),
    (("x = x + 1",), "STATE001"),
    (("total = 1\ndel total", "print(total)"), "STATE001"),
    (("try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    pass", "print(error)"), "STATE001"),
    (("class A:\n    rate = 1\n    def f(self):\n        return rate", "A().f()"), "STATE001"),
    (("x = __file__",), "STATE001"),
    (("def f():\n    return later", "f()", "later = 1"), "STATE002"),
    (("print(total)", "total = 1"), "STATE002"),
    (("%load_ext autoreload\n%autoreload 2", "print(total)"), "STATE001"),
    (("def f(a: Optional[int]): pass",), "STATE001"),
    (("def f() -> Optional[int]: pass",), "STATE001"),
    (("total = 1 + rest\nrest = 2",), "STATE001"),
    (("%time print(total)", "total = 1"), "STATE002"),
    ((code("print(scaled)", count=14),), "STATE006"),
    (("class A:\n    b = c",), "STATE001"),
    (("class A:\n    n = 3\n    xs = [i * n for i in range(3)]",), "STATE001"),
    (("class A:\n    n = 3\n    xs = [i for i in range(3) if i < n]", "n = 1"), "STATE002"),
    (("from math import *",), "STATE005"),
    (("%pylab inline",), "STATE005"),
    (("print(total)", "from math import *", "total = 1"), "STATE002"),
]

GOOD = [
    ("ls -l /kaggle/input/27-rows",),
    ("pwd",),
    ("import numpy as np", "np.array([1])"),
    ("x = 1", "def f(y):\n    global z\n    z = x + y\n\nf(2)\nprint(z)"),
    ("def f():\n    return later", "later = 1\nf()"),
    ("if (n := 3) > 2:\n    print(n)",),
    ("print([a for a in range(3)], {b: c for b, c in []}, (lambda d: d)(1))",),
    ("try:\n    seen\nexcept NameError:\n    seen = 0",),
    ("if 'seen' not in globals():\n    seen = 0\nprint(seen)",),
    ("%%time\nx = 1", "print(x)"),
    ("%%capture out\nprint(1)", "out.show()"),
    ("from __future__ import annotations", "def f(a: Later) -> Later: pass"),
    ("1 + 1", "print(_1, _i1, _)"),
    ("%sql rows << select 1\nrows",),
    ("lines = !ls", "print(lines)"),
    ("files = %who_ls", "files"),
    ("%run helpers.py", "helper(1)"),
    ("exec(open('a.py').read())", "from_a(1)"),
    ("from numpy import *", "x = linspace(0, 1)"),
    ("from os.path import *\njoin('a', 'b')",),
    ("for i in range(3):\n    pass\nprint(i)",),
    ("with open('a') as file:\n    pass\nfile.close()",),
    ("import os.path as p, sys", "p.join(sys.prefix)"),
    ("class A:\n    x = 1\n    y = x\n    def f(self):\n        return A.y",),
    ("class A:\n    xs = [1]\n    ys = [x for x in xs]\n    zs = [[y for y in [x]] for x in ys]",),
    ("n = 2", "class A:\n    n = 3\n    xs = [i * n for i in range(3)]"),
    ("def f():\n    n = 3\n    return [i * n for i in range(3)]\n\nf()",),
    ("def f(kind):\n    if kind == 'a':\n        return later()\n    return 1", "f('b')", "later = 1"),
    ("match 1:\n    case int() as n:\n        print(n)",),
    ("display(1)\nget_ipython()\n_ = __name__\nOut\nIn\nexit",),
    ("a, (b, *c) = 1, (2, 3)", "print(a, b, c)"),
    ("x: int = 1\nx += 1",),
    ("%store -r rows", "rows.head()"),
    ("except_ = 1\ntry:\n    pass\nexcept ValueError as error:\n    print(error)",),
    ("print 'python 2'\nx = 1", "print(x)"),
    ("spark.read.csv('a')",),
    ("total = 1\ndel total\ntotal = 2", "print(total)"),
    ("for i in range(3):\n    part = i\n    del part", "part = 1", "print(part)"),
    ("try:\n    cache\nexcept NameError:\n    cache = {}\nprint(cache)",),
    ("class A:\n    def f(self):\n        return __class__.__name__",),
    ("def f(x=None):\n    return x or later", "def g():\n    return f()", "later = 1\ng()"),
]


@pytest.mark.parametrize(("cells", "rule"), BAD)
def test_names_that_a_fresh_run_would_not_find(cells, rule):
    assert [each for each in rules(*cells, select="STATE") if each != "STATE005" or rule == each][:1] == [rule]


@pytest.mark.parametrize("cells", GOOD)
def test_names_that_are_there(cells):
    assert [each.message for each in found(*cells, select="STATE001,STATE002,STATE006")] == []


def test_each_name_is_told_once_where_it_is_read_first():
    findings = found("a = 1", "print(a)\nprint(gone)", "print(gone)\nf = lambda: gone", select="STATE")
    assert [(each.cell_index, each.line, each.column, each.end_column) for each in findings] == [(1, 2, 7, 11)]


def test_a_name_read_at_once_and_in_a_function_is_told_once():
    assert rules("print(gone)\nf = lambda: gone", select="STATE") == ["STATE001"]


def test_a_later_definition_is_named():
    assert "cell 3" in found("print(x)", "y = 1", "x = y", select="STATE")[0].message


def test_what_del_took_back_is_said():
    assert "`del`" in found("rows = 1\ndel rows", "print(rows)", select="STATE")[0].message


def test_cells_run_in_another_order():
    assert rules(code("a = 1", count=2), code("b = 1", count=1), select="STATE") == ["STATE003"]
    assert rules(code("a = 1", count=1), code("b = 1", count=5), select="STATE") == []
    assert rules(code("a = 1"), code("b = 1"), select="STATE") == []


def test_a_cell_without_a_run_between_cells_with_one():
    run, left = code("a = 1", count=1), code("b = 2", count=2)
    assert rules(run, "c = 3", left, select="STATE") == ["STATE004"]
    assert {each.message for each in found(run, "c = 3", "d = 4", left, select="STATE")} == {
        "This cell was not run, cells above and below it were. Run it or delete it."
    }
    assert rules(run, "# only words", left, select="STATE") == []
    assert rules(run, code("c = 3", tags=["skip"]), left, select="STATE") == []
    assert rules(run, left, "c = 3", select="STATE") == []
    assert rules(run, {**code("c = 3"), "id": "handoff-1"}, left, select="STATE") == [], "a fix added it"
