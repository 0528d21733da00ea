"""Which cells give what each cell needs, from top to bottom."""

from __future__ import annotations

import pytest

from handoff_ext.cells.model import Cell, Notebook
from handoff_ext.dataflow.notebook import NotebookFlow, notebook_flow


def flow(*sources: str) -> NotebookFlow:
    return notebook_flow(
        Notebook("n.ipynb", tuple(Cell(i, f"c{i}", "code", source) for i, source in enumerate(sources)))
    )


def test_the_last_binding_and_all_later_changes_are_producers() -> None:
    found = flow("df = [1]", "df = [2]", "len(df)", "df.append(3)", "print(df)")
    assert found.producers[(4, "df")] == (1, 3)
    assert found.producers[(2, "df")] == (1,)


def test_looking_changes_nothing_and_unknown_methods_may() -> None:
    found = flow("import pandas as pd\ndf = pd.read_csv(p)", "df.head()", "df.describe()", "df.mystery()", "x = df")
    assert found.producers[(4, "df")] == (0, 3)


@pytest.mark.parametrize(
    ("change", "changes"),
    [
        ("df.dropna()", False),
        ("df.dropna(inplace=True)", True),
        ("df['a'] = 1", True),
        ("df.loc[0] = 1", True),
        ("print(df)", False),
        ("plt.plot(df)", False),
        ("mystery(df)", True),
        ("np.random.shuffle(df)", True),
        ("model.fit(df)", False),
        ("df['a'].fillna(0, inplace=True)", True),
        ("df.copy().append(1)", False),
        ("other = df[['a']]\nother['b'] = 1", False),
        ("other = df\nother['b'] = 1", True),
        ("del df['a']", True),
        ("df.a.b = 3", True),
        ("sorted(df)", False),
        ("[x.clear() for x in df]", True),
        ("scale(df)", True),
        ("look(df)", False),
    ],
)
def test_which_mentions_may_change_an_object(change: str, changes: bool) -> None:
    setup = (
        "import numpy as np\nimport matplotlib.pyplot as plt\n"
        "def scale(frame):\n    same = frame\n    same['x'] = 1\n"
        "def look(frame):\n    return len(frame)"
    )
    found = flow(setup, "df = make()", change, "df")
    assert found.producers[(3, "df")] == ((1, 2) if changes else (1,))


def test_methods_of_ones_own_classes_are_not_judged_by_their_names() -> None:
    found = flow("class Box:\n    def head(self): self.n = 1", "box = Box()", "box.head()", "box.n")
    assert found.producers[(3, "box")] == (1, 2)


def test_slice_leaves_out_what_only_looks_and_says_why_the_rest_is_in() -> None:
    found = flow(
        "import pandas as pd",
        "df = pd.read_csv(p)",
        "df.head()",
        "cols = ['a']",
        "X = df[cols]",
        "print(cols)",
        "m.fit(X)",
    )
    assert found.backward_slice([4]) == {0, 1, 3, 4}
    assert found.reasons([4])[3] == ("cols", 4)


def test_a_function_brings_what_it_reads_when_it_is_called() -> None:
    found = flow("rate = 2", "def f(x): return x * rate", "y = 1", "z = f(y)")
    assert found.backward_slice([3]) == {0, 1, 2, 3}


def test_missing_names() -> None:
    found = flow("x = y", "y = 1", "def f(): return later", "try:\n    w\nexcept NameError:\n    w = 1", "display(x)")
    assert [found.missing(index) for index in range(5)] == [("y",), (), (), (), ()]


def test_a_star_import_may_give_any_missing_name() -> None:
    found = flow("from pylab import *", "x = linspace(0, 1)")
    assert found.producers[(1, "linspace")] == (0,)
    assert found.missing(1) == ()


def test_running_text_needs_and_may_change_everything_named() -> None:
    found = flow("a = [1]", "b = 2", "exec('b = 3')", "c = (a, b)")
    assert found.producers[(3, "a")] == (0, 2)
    assert found.producers[(3, "b")] == (1, 2)


def test_seeded_generators_flow_like_names_and_unseeded_ones_do_not() -> None:
    seeded = flow(
        "import numpy as np\nnp.random.seed(1)", "a = np.random.rand()", "b = df.head()", "c = np.random.rand()"
    )
    assert seeded.producers[(3, "<random numbers of numpy>")] == (0, 1)
    unseeded = flow("import numpy as np", "a = np.random.rand()", "c = np.random.rand()")
    assert (2, "<random numbers of numpy>") not in unseeded.producers


def test_a_file_written_is_needed_where_it_is_read() -> None:
    found = flow(
        "import pandas as pd", "df = pd.DataFrame()", "df.to_csv('a.csv')", "df.to_csv('b.csv')", "pd.read_csv('a.csv')"
    )
    assert found.backward_slice([4]) == {0, 1, 2, 4}
