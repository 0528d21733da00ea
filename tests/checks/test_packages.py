"""What the notebook needs and nobody wrote down."""

from __future__ import annotations

import pytest

from handoff_ext.cells.edit import apply_change
from handoff_ext.cells.read import from_json
from handoff_ext.checks import fix
from tests.checks.notebooks import code, found, raw_of, rules


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ("import a_module_that_is_nowhere", "ENV001"),
        ("from google.colab import drive", "ENV001"),
        ("!pip install lightgbm", "ENV003"),
        ("%pip install -q lightgbm 'pandas>=2'", "ENV003"),
        ("!pip install git+https://github.com/acme/lib.git", "ENV003"),
        ("!pip install lightgbm==4.5.0", "ENV002"),
        ("%conda install -y lightgbm", "ENV002"),
        ("!apt-get install -y graphviz", "ENV002"),
        ("%%bash\npip install lightgbm", "ENV003"),
        ("import sys\nsys.path.append('../lib')\nimport our_cleaning", "ENV004"),
        ("from .cleaning import clean", "ENV004"),
    ],
)
def test_what_is_not_declared_is_found(source, rule):
    assert rule in rules(source, select="ENV")


@pytest.mark.parametrize(
    "source",
    [
        "import os, json, sklearn.linear_model as lm",
        "try:\n    import a_module_that_is_nowhere\nexcept ImportError:\n    pass",
        "import sys\nif 'google.colab' in sys.modules:\n    from google.colab import drive",
        "!pip list",
        "!pip install -r requirements.txt",
        "print('pip install lightgbm')",
        "# !pip install lightgbm",
    ],
)
def test_what_is_there_or_guarded_is_left_alone(source):
    assert [each for each in rules(source, select="ENV") if each != "ENV002"] == []


@pytest.mark.parametrize(
    "line", ["!pip install lightgbm", "%pip install lightgbm", "get_ipython().system('pip install lightgbm')"]
)
def test_an_install_is_told_of_once(line):
    assert rules(line, select="ENV002,ENV003") == ["ENV003"]
    assert rules("x = 1\n" + line, select="ENV002,ENV003") == ["ENV003"]


def test_only_what_has_no_version_is_named():
    messages = [each.message for each in found("!pip install click==8.1.7 lightgbm", select="ENV003")]
    assert messages == ["lightgbm: installed without a version. Pin it in requirements.txt."]


def test_a_missing_package_is_not_taken_for_a_file_of_another_folder():
    cell = "import sys\nsys.path.append('../lib')\nimport a_package, h2o, our_cleaning\n!pip install a-package"
    missing = [each.rule for each in found(cell, select="ENV001,ENV004")]
    assert missing == ["ENV001", "ENV004"]


def test_a_folder_that_became_a_parameter_still_leads_out():
    cells = (code("LIB = None", tags=["parameters"]), "import sys\nsys.path.append(LIB)\nimport our_cleaning")
    assert rules(*cells, select="ENV") == ["ENV004"]


def test_a_declared_package_and_a_file_beside_the_notebook_are_fine(tmp_path):
    (tmp_path / "requirements.txt").write_text("lightgbm==4.5.0\n")
    (tmp_path / "cleaning.py").touch()
    (tmp_path / ".git").mkdir()
    book = tmp_path / "sub"
    book.mkdir()
    (book / "cleaning.py").touch()
    assert rules("import lightgbm\nimport cleaning", path=book / "a.ipynb", select="ENV") == []


def test_an_install_moves_to_the_requirements(tmp_path):
    raw = raw_of("!pip install -q click==8.1.7 pytest\nimport click")
    fixed = fix(from_json(str(tmp_path / "a.ipynb"), raw))
    lines = fixed.change.files["requirements.txt"]
    assert lines[0] == "click==8.1.7"
    assert lines[1].startswith("pytest==")
    assert (
        "".join(apply_change(raw, fixed.change)["cells"][0]["source"]).split("\n")[0]
        == "# click, pytest: see requirements.txt"
    )


def test_an_install_without_a_version_that_is_not_here_says_what_is_left_to_do(tmp_path):
    notebook = from_json(str(tmp_path / "a.ipynb"), raw_of("!pip install a-package-nowhere"))
    made = fix(notebook, [each.key for each in found("!pip install a-package-nowhere", path=tmp_path / "a.ipynb")])
    assert made.change.files == {"requirements.txt": ("a-package-nowhere",)}
    assert made.advice == ("Write a version behind a-package-nowhere in requirements.txt: it is not installed here.",)


def test_a_missing_package_is_declared_under_its_own_name(tmp_path):
    notebook = from_json(str(tmp_path / "a.ipynb"), raw_of("import cv2"))
    if rules("import cv2", path=tmp_path / "a.ipynb", select="ENV001"):
        assert fix(notebook).change.files == {"requirements.txt": ("opencv-python",)}


def test_newer_syntax_than_the_saved_python():
    old = {"language_info": {"name": "python", "version": "3.7.3"}}
    assert [each.message for each in found("if (n := 3):\n    pass", select="ENV005", **old)] == [
        "This needs Python 3.8; the notebook says it was saved with 3.7."
    ]
    assert rules("x = 1", select="ENV005", language_info={"name": "python", "version": "3.99.0"}) == []


@pytest.mark.parametrize(
    ("source", "output"),
    [
        ("import click as c\nprint(c.__version__)", "0.5.1\n"),
        ("import click, yaml\nprint(yaml.__version__, click.__version__)", "99.4 0.5.1\n"),
        ("import click\n%watermark -p click", "click: 0.5.1\n\n"),
        ("import click\n!pip freeze", "attrs==20.1.0\nclick==0.5.1\n"),
        ("import click\n%pip list", "Package    Version\n---------- -------\nclick      0.5.1\n"),
        ("import click\n!pip show click", "Name: click\nVersion: 0.5.1\nSummary: x\n"),
    ],
)
def test_a_package_newer_than_the_run_is_found_and_pinned(tmp_path, source, output):
    cells, path = (code(source, output=output),), tmp_path / "a.ipynb"
    assert ["click" in each.message for each in found(*cells, path=path, select="ENV006")] == [True]
    (finding,) = found(*cells, path=path, select="ENV006")
    assert finding.fixable and not finding.safe
    assert fix(from_json(str(path), raw_of(*cells)), [finding.key]).change.files == {
        "requirements.txt": ("click==0.5.1",)
    }
    (tmp_path / "requirements.txt").write_text("click==0.5.1\n")
    (finding,) = found(*cells, path=path, select="ENV006")
    assert finding.message.startswith("requirements.txt has click 0.5.1, here is ") and not finding.fixable


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("requirements.txt", "# ours\nclick == 0.5.1 ; python_version < '4'\n"),
        ("requirements.lock", "click==0.5.1 \\\n    --hash=sha256:00\n"),
        ("pylock.toml", "lock-version = '1.0'\n[[packages]]\nname = 'Click'\nversion = '0.5.1'\n"),
    ],
)
def test_a_package_newer_than_the_lock_near_the_notebook_is_found(tmp_path, file, text):
    book = tmp_path / "notebooks"
    book.mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / file).write_text(text)
    (finding,) = found("import click", path=book / "a.ipynb", select="ENV006")
    assert finding.message.startswith(f"{file} has click 0.5.1, here is ")
    assert not finding.fixable
    from importlib.metadata import version

    (book / "requirements.lock").write_text(f"click=={version('click')}\n")
    assert rules("import click", path=book / "a.ipynb", select="ENV006") == [], "the nearest counts"
    (book / "pipeline").mkdir()
    (book / "pipeline" / file).write_text(text)
    assert rules("import click", path=book / "pipeline" / ".." / "a.ipynb", select="ENV006") == [], "not one below"


def test_a_relative_import_of_a_file_beside_the_notebook_is_rewritten(tmp_path):
    (tmp_path / "cleaning.py").touch()
    cell = (
        "from .cleaning import (\n    clean,\n    drop as away,\n)  # ours\nfrom . import cleaning\nfrom .gone import x"
    )
    path = tmp_path / "a.ipynb"
    located = found(cell, path=path, select="ENV004")
    assert [(each.fixable, each.safe) for each in located] == [(True, False), (True, False), (False, False)]
    (change,) = fix(from_json(str(path), raw_of(cell)), [each.key for each in located]).change.cells
    assert change.after == "from cleaning import clean, drop as away  # ours\nimport cleaning\nfrom .gone import x"
    assert len(found(change.after, path=path, select="ENV004")) == 1


def test_packages_in_the_metadata_count_and_the_same_age_is_fine():
    assert rules("import click", select="ENV006", environment={"packages": {"click": "0.9.0"}}) == ["ENV006"]
    from importlib.metadata import version

    same = code("import click\nprint(click.__version__)", output=version("click"))
    assert rules(same, select="ENV006") == []
    assert rules(code("import click\nprint(click.__version__, 3.5)", output="0.5.1 3.5"), select="ENV006") == []
    assert rules(code("import click\nprint('version')", output="click 0.5.1"), select="ENV006") == []
