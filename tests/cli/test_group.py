"""The command line as a whole: its exit codes, its one sentence, its promise to stay light."""

from __future__ import annotations

import importlib
import subprocess
import sys

import click
import pytest

from handoff_ext.cli import COMMANDS, main


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_can_be_asked_for_help(name: str) -> None:
    command = importlib.import_module(f"handoff_ext.cli.{name.replace('-', '_')}").command
    assert isinstance(command, click.Command)
    assert command.help
    assert any("--format" in option.opts for option in command.params)


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "nowhere.ipynb"],
        ["tag", "nowhere.ipynb"],
        ["extract", "nowhere.ipynb"],
        ["run", "nowhere"],
        ["parity", "nowhere"],
        ["lock", "nowhere"],
        ["publish", "nowhere", "--name", "x"],
        ["ship", "nowhere.ipynb", "--name", "x"],
        ["ship", "nowhere.ipynb"],
        ["diff", "nowhere.ipynb", "neither.ipynb"],
        ["export", "github", "nowhere"],
        ["export", "jenkins", "nowhere"],
        ["review-setup", "nowhere"],
        ["no-such-command"],
        ["check", "--no-such-option"],
    ],
    ids=" ".join,
)
def test_wrong_use_ends_with_2_and_one_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert said.err.count("\n") == 1
    assert said.err.startswith("handoff: ")


def test_the_list_of_commands_imports_nothing_heavy() -> None:
    heavy = "{'mlflow', 'pandas', 'papermill', 'sklearn', 'libcst', 'nbformat', 'pydantic', 'rich'}"
    code = (
        "import sys\nfrom handoff_ext.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print(sorted({heavy} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
