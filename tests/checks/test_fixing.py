"""Fixes: what they write, that a second check finds nothing, and that the notebook computes the same."""

from __future__ import annotations

import json
import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from handoff_ext.cells.edit import apply_change
from handoff_ext.cells.read import from_json
from handoff_ext.checks import Fixed, check_notebook, fix
from tests.checks.notebooks import code, found, made_up, raw_of

KEY = "ghp_" + made_up(36)


def fixed(folder: Path, *cells, keys="safe") -> tuple[list[str], Fixed, dict]:
    """Sources after the fix of all safe findings (or all that can be fixed)."""
    raw = raw_of(*cells)
    notebook = from_json(str(folder / "a.ipynb"), raw)
    named = (
        None if keys == "safe" else [finding.key for finding in check_notebook(notebook).findings if finding.fixable]
    )
    made = fix(notebook, named)
    new = apply_change(raw, made.change)
    again = from_json(str(folder / "a.ipynb"), new)
    left = {finding.rule for finding in check_notebook(again).findings if finding.safe}
    assert not left, "after all safe fixes none is left"
    assert fix(again).change.cells == ()
    return [cell.source for cell in again.cells], made, new


def test_the_same_file_beside_the_notebook_is_the_default(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "rows.csv").touch()
    sources, made, _ = fixed(
        tmp_path,
        "import pandas as pd",
        'rows = pd.read_csv("/home/joe/rows.csv")  # all of them',
        'again = pd.read_csv(  "/home/joe/rows.csv",sep=";" )',
    )
    assert sources == [
        "import pandas as pd",
        'ROWS_CSV = "data/rows.csv"',
        "rows = pd.read_csv(ROWS_CSV)  # all of them",
        'again = pd.read_csv(  ROWS_CSV,sep=";" )',
    ]
    assert made.change.inserts[0].tags == ("parameters",)


def test_a_file_that_is_nowhere_gets_a_guard_and_is_not_among_the_safe_ones(tmp_path):
    cells = ("import pandas as pd", 'rows = pd.read_csv("/home/joe/rows.csv")')
    assert fixed(tmp_path, *cells)[0] == list(cells)
    sources, made, _ = fixed(tmp_path, *cells, keys="all")
    assert sources[1] == "ROWS_CSV = None"
    assert sources[2].startswith("if ROWS_CSV is None:\n    raise ValueError(")
    assert sources[3] == "rows = pd.read_csv(ROWS_CSV)"
    assert "ROWS_CSV" in made.advice[0]


def test_an_original_that_is_another_file_is_not_safe(tmp_path):
    elsewhere = tmp_path / "a" / "b" / "home"
    elsewhere.mkdir(parents=True)
    (elsewhere / "rows.csv").write_text("a\n1\n2\n")
    book = tmp_path / "p" / "q" / "r"
    book.mkdir(parents=True)
    (book / "rows.csv").write_text("a\n1\n")
    source = f'rows = open("{elsewhere}/rows.csv").read()'
    assert [each.safe for each in found(source, path=book / "a.ipynb", select="PATH")] == [False]
    (book / "rows.csv").write_text("a\n1\n2\n")
    assert [each.safe for each in found(source, path=book / "a.ipynb", select="PATH")] == [True]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('open("/home/joe/raw/" + name)', 'open(RAW_DIR + "/" + name)'),
        ('open(f"/home/joe/raw/{name}.csv")', 'open(f"{RAW_DIR}/{name}.csv")'),
        ("open(f'/home/joe/raw/{name}.csv')", "open(f'{RAW_DIR}/{name}.csv')"),
        ('open("/home/joe/raw/{}.csv".format(name))', 'open((RAW_DIR + "/{}.csv").format(name))'),
        ('open("/home/joe/raw/%s.csv" % name)', 'open((RAW_DIR + "/%s.csv") % name)'),
        ('open(os.path.join("/home/joe/raw", name))', "open(os.path.join(RAW_DIR, name))"),
        ('open(Path("/home/joe/raw") / name)', "open(Path(RAW_DIR) / name)"),
        ('open(Path("/home/joe") / "raw" / "x.csv")', "open(Path(X_CSV))"),
        ('open(os.path.expanduser("~/raw/x.csv"))', "open(X_CSV)"),
        (r'open(r"C:\Users\joe\raw\x.csv")', "open(X_CSV)"),
        (r'open("C:\\Users\\joe\\raw\\" + name)', 'open(RAW_DIR + "/" + name)'),
        ('connect("sqlite:////home/joe/raw/x.csv")', 'connect(f"sqlite:///{X_CSV}")'),
        ("!cp /home/joe/raw/x.csv .", "!cp {X_CSV} ."),
        ('!cp "/home/joe/raw/x.csv" .', '!cp "{X_CSV}" .'),
        ('save("/home/joe/plot.png", figure)', "save(PLOT_PNG, figure)"),
        ('PLACE = "/home/joe/raw"\nopen(PLACE + "/x.csv")', 'PLACE = RAW_DIR\nopen(PLACE + "/x.csv")'),
        ('pd.read_parquet("s3://acme/rows.parquet")', "pd.read_parquet(ROWS_PARQUET)"),
    ],
)
def test_each_way_to_write_a_path(tmp_path, before, after):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "x.csv").touch()
    sources, _, _ = fixed(tmp_path, "import os", before)
    assert sources[-1] == after


def test_names_in_use_are_not_taken(tmp_path):
    (tmp_path / "rows.csv").touch()
    sources, _, _ = fixed(tmp_path, 'ROWS_CSV = 1\nopen("/srv/data/rows.csv")')
    assert sources == ['ROWS_CSV_2 = "rows.csv"', "ROWS_CSV = 1\nopen(ROWS_CSV_2)"]


def test_the_parameters_cell_that_is_there_is_used(tmp_path):
    (tmp_path / "rows.csv").touch()
    parameters = code("seed = 1\nOLD = '/home/joe/rows.csv'", tags=["parameters"])
    sources, _, _ = fixed(tmp_path, parameters, 'open("/srv/data/other.csv", "w")')
    assert sources == ['seed = 1\nOLD = "rows.csv"\nOTHER_CSV = "other.csv"', 'open(OTHER_CSV, "w")']


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('k = "{}"', 'import os\nk = os.environ["GITHUB_TOKEN"]'),
        ('import os\nk = "{}"', 'import os\nk = os.environ["GITHUB_TOKEN"]'),
        ("# why\nk = '{}'", '# why\nimport os\nk = os.environ["GITHUB_TOKEN"]'),
        ("import os\nk = os.getenv('TOKEN', '{}')", 'import os\nk = os.environ["TOKEN"]'),
        ("import os\nos.environ['A_TOKEN'] = '{}'", "import os\nos.environ['A_TOKEN'] = os.environ[\"A_TOKEN\"]"),
        (
            'u = "https://joe:{}@github.com/x"',
            "import os\nu = f\"https://joe:{{os.environ['GITHUB_TOKEN']}}@github.com/x\"",
        ),
        (
            'u = f"https://joe:{}@github.com/{{repo}}"',
            "import os\nu = f\"https://joe:{{os.environ['GITHUB_TOKEN']}}@github.com/{{repo}}\"",
        ),
        (
            'u = "https://joe:{}@github.com/{{}}".format(repo)',
            'import os\nu = ("https://joe:" + os.environ["GITHUB_TOKEN"] + "@github.com/{{}}").format(repo)',
        ),
        ("%env A_TOKEN={}", "# A_TOKEN is read from the environment"),
        ("!git clone https://joe:{}@github.com/x", "!git clone https://joe:$GITHUB_TOKEN@github.com/x"),
        ("x = 1  # token: {}", "x = 1  # token: <removed>"),
    ],
)
def test_a_secret_becomes_an_environment_variable(tmp_path, before, after):
    sources, made, _ = fixed(
        tmp_path,
        before.replace("{{}}", "\1").replace("{}", KEY).replace("\1", "{}").replace("{{", "{").replace("}}", "}"),
    )
    assert sources == [after.replace("{{", "{").replace("}}", "}")]
    assert KEY not in "".join(sources) + "".join(made.advice)
    if "removed" not in after:
        (name, value), *_ = made.secrets.items()
        assert value == KEY
        assert made.change.files == {".env.example": (f"{name}=",)}


def test_outputs_that_show_a_secret_are_cleared(tmp_path):
    _, made, new = fixed(tmp_path, code(f'k = "{KEY}"'), code("print(k)", output=KEY), code("1 + 1", output="2"))
    assert [bool(cell["outputs"]) for cell in new["cells"]] == [False, False, True]
    assert KEY not in json.dumps(new)
    assert any("hange" in sentence for sentence in made.advice)


def test_the_notebook_computes_the_same(tmp_path, monkeypatch):
    """Run both in a real kernel: paths in five spellings, two secrets, a magic."""
    elsewhere = tmp_path / "a" / "b" / "data"
    elsewhere.mkdir(parents=True)
    book = tmp_path / "p" / "q" / "r"
    (book / "data").mkdir(parents=True)
    for folder in (elsewhere, book / "data"):
        (folder / "rows.csv").write_text("a,b\n1,2\n3,4\n")
    cells = (
        "import csv, os\nfrom pathlib import Path",
        f'BASE = "{elsewhere}"\nfirst = list(csv.reader(open(os.path.join(BASE, "rows.csv"))))',
        f'second = list(csv.reader(open("{elsewhere}/rows.csv")))\nthird = Path("{elsewhere}") / "rows.csv"',
        f'password = "{made_up(12)}"\nurl = f"postgresql://joe:{made_up(14)}@db.acme.io/{{len(first)}}"',
        f"lines = !wc -l < {elsewhere}/rows.csv\n%time n = len(second)",
        f'with open("{elsewhere}/out.txt", "w") as file:\n    file.write(str(n))',
        "shown = len(password), url[:17], url[-4:], len(url), [x.strip() for x in lines], n",
        "print(first, second, third.read_text(), shown)",
    )
    monkeypatch.chdir(book)
    before = _run(raw_of(*cells), book)
    (elsewhere / "out.txt").unlink()
    _, made, new = fixed(book, *cells)
    assert len(made.change.keys) >= 7
    for name, value in made.secrets.items():
        monkeypatch.setenv(name, value)
    assert _run(new, book) == before
    assert made_up(12) not in json.dumps(new)
    assert str(elsewhere) not in "".join(
        cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"]) for cell in new["cells"]
    )


def _run(raw: dict, folder: Path) -> str:
    notebook = nbformat.from_dict(json.loads(json.dumps(raw)))
    for cell in notebook.cells:
        cell.source = "".join(cell.source)
    NotebookClient(
        notebook, kernel_name="python3", timeout=240, resources={"metadata": {"path": str(folder)}}
    ).execute()
    assert os.environ.get("HOME")
    return "".join(output.get("text", "") for output in notebook.cells[-1].outputs)


@pytest.mark.parametrize(
    ("joint", "after"),
    [
        ("a + b", 'k = os.environ["GITHUB_TOKEN"]'),
        ("'token ' + a + b", 'k = "token " + os.environ["GITHUB_TOKEN"]'),
    ],
)
def test_a_key_in_pieces_is_read_whole_and_its_pieces_are_emptied(tmp_path, joint, after):
    cells = (f"import os\na = '{KEY[:12]}'", f"b = '{KEY[12:]}'", f"k = {joint}")
    assert fixed(tmp_path, *cells)[0] == list(cells), "not among the safe ones"
    sources, made, _ = fixed(tmp_path, *cells, keys="all")
    assert sources == ['import os\na = ""', 'b = ""', after]
    assert list(made.secrets.values()) == [KEY]


def test_the_list_of_packages_that_fixes_write_is_not_taken_for_another(tmp_path):
    (tmp_path / "requirements.txt").write_text("click\n")
    assert fixed(tmp_path, "!pip install -r /kaggle/input/a/requirements.txt")[1].change.keys == ()


def test_pieces_that_are_sums_themselves_are_emptied(tmp_path):
    cells = (f"a = '{KEY[:4]}' + '{KEY[4:20]}'", f"import os\nk = a + '{KEY[20:]}'")
    assert fixed(tmp_path, *cells, keys="all")[0] == ['a = ""', 'import os\nk = os.environ["GITHUB_TOKEN"]']


def test_a_relative_file_becomes_a_parameter_with_the_same_default(tmp_path):
    cells = ("import csv", 'rows = open("../raw/rows.csv")  # all')
    assert fixed(tmp_path, *cells)[0] == list(cells), "not among the safe ones"
    sources, made, new = fixed(tmp_path, *cells, keys="all")
    assert sources == ["import csv", 'ROWS_CSV = "../raw/rows.csv"', "rows = open(ROWS_CSV)  # all"]
    assert made.change.inserts[0].tags == ("parameters",)
    again = check_notebook(from_json(str(tmp_path / "a.ipynb"), new))
    assert [each.rule for each in again.findings if each.rule == "PATH004"] == []
