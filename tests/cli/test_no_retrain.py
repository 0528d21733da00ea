"""``--no-retrain`` means the same to the three commands that try a model on a clean machine."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from handoff_ext.cli.publish import command as publish
from handoff_ext.cli.rehearse import command as rehearse
from handoff_ext.ship import Options, publishing
from handoff_ext.ship.journey import Journey


class Asked(Exception):
    """The clean-machine test was asked for, to train again or not."""


@pytest.fixture(autouse=True)
def clean_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(uri, store, progress=None, hidden=None, retrain=True):  # type: ignore[no-untyped-def]
        raise Asked(retrain)

    monkeypatch.setattr("handoff_ext.rehearse.rehearse", asked)
    monkeypatch.setattr(
        "handoff_ext.publish.publish",
        lambda folder, name, store, draft, progress, rehearse: rehearse("models:/m-1", store, progress),
    )


@pytest.mark.parametrize(("given", "retrain"), [([], True), (["--no-retrain"], False)])
@pytest.mark.parametrize("called", [(publish, "folder", "--name", "x"), (rehearse, "models:/x/1")])
def test_the_command_asks_for_it(called, given, retrain) -> None:  # type: ignore[no-untyped-def]
    command, *arguments = called
    answer = CliRunner().invoke(command, [*arguments, *given])
    assert isinstance(answer.exception, Asked)
    assert answer.exception.args == (retrain,)


@pytest.mark.parametrize("retrain", [True, False])
def test_the_road_asks_for_it(retrain: bool) -> None:
    journey = Journey(Path("a.ipynb"), Options(retrain=retrain), Path("a.ipynb"))
    journey.logged = SimpleNamespace(uri="models:/m-1", tracking_uri="")  # type: ignore[assignment]
    with pytest.raises(Asked) as asked:
        publishing.rehearse(journey)
    assert asked.value.args == (retrain,)


@pytest.mark.parametrize(("given", "retrain"), [([], True), (["--no-retrain"], False)])
def test_ship_hands_it_to_the_road(given, retrain, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    from handoff_ext.cli.ship import command

    def gone(notebook: Path, options: Options, progress: object) -> None:
        raise Asked(options.retrain)

    monkeypatch.setattr("handoff_ext.ship.ship", gone)
    answer = CliRunner().invoke(command, ["a.ipynb", *given])
    assert isinstance(answer.exception, Asked)
    assert answer.exception.args == (retrain,)
