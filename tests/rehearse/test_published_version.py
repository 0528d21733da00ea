"""What the registry holds after one press of Publish, and that a stranger gets the same answers from it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import get_args

import pytest
from mlflow import MlflowClient

from handoff_ext.contracts.errors import GateFailed, HandoffError
from handoff_ext.contracts.evidence import ParityRecord
from handoff_ext.contracts.plan import Plan
from handoff_ext.contracts.profile import Profile
from handoff_ext.contracts.watching import Cause
from handoff_ext.plan import plan_text
from handoff_ext.publish import log, publish, register
from handoff_ext.publish.acceptance import accept, why_only_watching
from handoff_ext.publish.compare import WORDS
from handoff_ext.publish.lockscan import refuse_unhashed
from handoff_ext.publish.provenance import checked
from handoff_ext.publish.registry import Registry
from handoff_ext.rehearse import rehearse
from tests.rehearse.conftest import Handed, can_unshare


def registry(handed: Handed) -> Registry:
    return Registry(handed.version.tracking_uri)


def test_clean_machine_gives_the_recorded_answers(handed: Handed) -> None:
    assert handed.rehearsal.predicts.passed
    assert handed.rehearsal.predicts.compared_values == 500 * 3 + 3  # rows by outputs, and the example over HTTP
    assert handed.rehearsal.isolated["variables"]
    assert handed.rehearsal.isolated["home"]
    if can_unshare():
        assert handed.rehearsal.isolated["network"]
        assert handed.rehearsal.isolated["folder"]
    assert {"fetching", "environment", "predicting", "predicting: http"} <= set(handed.rehearsal.steps)


def test_every_part_reports_that_it_is_at_work(handed: Handed) -> None:
    assert list(dict.fromkeys(handed.steps)) == [
        *("lock packages of the model", "lock hashes", "parity packing and asking", "parity comparing"),
        *("publish card", "publish saving", "publish logging"),
        *(f"rehearse {part}" for part in ("fetching", "environment", "predicting", "comparing", "retraining")),
        "publish registering",
    ]


def test_version_has_its_tags_alias_and_card(handed: Handed) -> None:
    (found,) = registry(handed).versions("flights")
    tags = found["tags"]
    assert found["aliases"] == ["candidate"]
    assert tags["handoff.rehearsed"] == "true"
    assert tags["handoff.stage"] == "shadow"
    assert tags["handoff.owner"] == "Maya Okafor"
    assert tags["handoff.parity"].startswith("equal, prepared")
    assert tags["handoff.findings"] == checked(handed.folder.parent / "flights.ipynb").found
    assert handed.version.uri == "models:/flights/1"
    record = json.loads((handed.folder / "evidence" / "published.json").read_text())
    assert record["version"] == 1


def test_every_requirement_is_pinned_and_hashed(handed: Handed) -> None:
    text = (handed.files / "requirements.txt").read_text()
    refuse_unhashed(text, "requirements.txt")
    assert re.search(r"^mlflow-skinny==", text, re.M)
    assert not re.search(r"^mlflow==", text, re.M)


def test_nothing_published_names_this_computer(handed: Handed) -> None:
    places = [str(handed.folder.parent), str(Path.home()) + os.sep, str(Path(__file__).parent.parent.parent)]
    for path in handed.files.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not [place for place in places if place.encode() in data], path


def test_version_holds_what_the_next_person_needs(handed: Handed) -> None:
    files = handed.files
    for name in ("MODEL_CARD.md", "card.html", "RUNBOOK.md", "plan.yaml", "reference.json"):
        assert (files / "artifacts" / name).stat().st_size
    for name in ("pipeline/pipeline.yaml", "pipeline/stages/30_train.ipynb", "pipeline/requirements.lock"):
        assert (files / name).is_file()
    assert (files / "evidence" / "rehearsal.json").is_file()
    told = ParityRecord.model_validate_json((files / "evidence" / "parity.json").read_bytes())
    assert told.equal and told.columns and [way.partition(" (")[0] for way in told.ways] == list(WORDS.values())
    notebook = json.loads((files / "notebook.ipynb").read_text())
    assert all(not cell.get("outputs") for cell in notebook["cells"])
    profile = Profile.model_validate_json((files / "artifacts" / "profile.json").read_bytes())
    assert profile.inputs["carrier"].categories.keys() == {"AA", "UA", "DL"}
    assert profile.inputs["wind"].missing > 0
    assert profile.calibration
    assert profile.importance["carrier"] > profile.importance["wind"]


def test_card_says_what_people_said_and_what_was_measured(handed: Handed) -> None:
    card = (handed.files / "artifacts" / "MODEL_CARD.md").read_text()
    assert "Not on days when the airport closes." in card
    assert "Maya Okafor" in card
    assert re.search(r"Of 100 cases it gets \d+ right; always giving the most frequent answer gets \d+\.", card)
    assert re.search(r"\| ROC AUC \| 0\.\d+ \| 0\.\d+ to 0\.\d+ \| 0\.5 \|", card)
    assert "Data's origin (`context.data_origin`)" in card
    assert card.startswith("---\nlibrary_name: ")
    leaks = checked(handed.folder.parent / "flights.ipynb").leaks
    assert leaks is not None
    assert (f"**{len(leaks)} found**\n  - {leaks[0]}" if leaks else "none found\n") in card
    page = (handed.files / "artifacts" / "card.html").read_text()
    assert len(page) < 1_000_000
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert "<script" not in page


def test_runbook_says_how_to_start_stop_go_back_and_what_each_alert_means(handed: Handed) -> None:
    runbook = (handed.files / "artifacts" / "RUNBOOK.md").read_text()
    assert "Who to call: Maya Okafor, maya@example.org." in runbook
    for command in ("handoff serve --name flights", "Stop: Ctrl+C", "handoff rollback flights", "handoff monitor"):
        assert command in runbook
    rows = dict(re.findall(r"^\| ([\w ]+) \| [^|]+ \| ([^|]+) \|$", runbook, re.M))
    assert set(get_args(Cause)) - {"challenger"} <= set(rows)
    assert all(rows.values())


def test_card_compares_with_the_version_in_charge(handed: Handed, copied: Path) -> None:
    store = handed.version.tracking_uri
    client = MlflowClient(store)
    client.set_registered_model_alias("flights", "champion", "1")
    try:
        card = log(copied, "flights", store).card
    finally:
        client.delete_registered_model_alias("flights", "champion")
    assert "| trivial answer | in charge (v1) |\n| --- | --- | --- | --- | --- |\n" in card
    row = re.search(r"^\| ROC AUC \| (\S+) \| .* \| 0\.5 \| (\S+) \|$", card, re.M)
    assert row
    assert row[1] == row[2]


def test_second_press_gives_the_version_that_is_there(handed: Handed) -> None:
    again = publish(handed.folder, "flights")
    assert again == handed.version
    assert len(registry(handed).versions("flights")) == 1


def test_version_can_be_rehearsed_again_by_name_and_alias(handed: Handed) -> None:
    record = rehearse("models:/flights@candidate", handed.version.tracking_uri)
    assert record.predicts.passed
    assert "predicts passed (1503 values)" in registry(handed).versions("flights")[0]["tags"]["handoff.rehearsal"]


@pytest.mark.parametrize(
    ("file", "change", "reason"),
    [
        (
            "requirements.txt",
            lambda text: re.sub(r"^(pandas==\S+) \\\n(.*\\\n)*.*\n", r"\1\n", text, flags=re.M),
            "pandas",
        ),
        ("requirements.txt", lambda text: re.sub(r"sha256:\w{8}", "sha256:00000000", text), "could not be installed"),
        ("artifacts/reference.json", lambda text: text.replace('"prediction": [', '"prediction": [7, ', 1), "differ"),
        pytest.param(
            "artifacts/model/model.json",
            lambda text: text.replace('"predict"', '"foretell"'),
            "foretell",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_tampered_version_fails_with_its_reason(handed: Handed, file: str, change: object, reason: str) -> None:
    path = handed.files / file
    whole = path.read_text()
    changed = change(whole)  # type: ignore[operator]
    assert changed != whole
    path.write_text(changed)
    try:
        record = rehearse(handed.version.model_uri, handed.version.tracking_uri)
    finally:
        path.write_text(whole)
    assert record.predicts.passed is False
    assert reason in record.predicts.reason
    assert record.retrains.passed is None


def test_failed_rehearsal_leaves_the_version_unmarked(handed: Handed, copied: Path) -> None:
    logged = log(copied, "unmarked", handed.version.tracking_uri)
    failed = handed.rehearsal.model_copy(deep=True)
    failed.predicts.passed = False
    version = register(logged, failed)
    assert not version.rehearsed
    (found,) = registry(handed).versions("unmarked")
    assert found["tags"]["handoff.rehearsed"] == "false"
    assert found["aliases"] == []
    mended = register(logged, handed.rehearsal)
    assert (mended.version, mended.rehearsed) == (2, True)


def test_missing_answers_stop_it_and_a_draft_goes_on(handed: Handed, copied: Path) -> None:
    (copied.parent / "flights.handoff.yaml").write_text(plan_text(Plan.model_validate({"owner": {"name": "Maya"}})))
    with pytest.raises(GateFailed, match=r"flights\.handoff\.yaml: Contact, Decision, Good outcome, Limitations"):
        log(copied, "flights")
    assert not (copied.parent / "mlflow.db").exists()
    logged = log(copied, "drafted", handed.version.tracking_uri, draft=True)
    register(logged)
    (found,) = registry(handed).versions("drafted")
    assert (found["tags"]["handoff.draft"], found["aliases"]) == ("true", ["draft"])
    assert "**Draft.**" in logged.card


def test_secret_in_any_file_stops_it(copied: Path) -> None:
    password = "".join(["cor", "rect", "horse", "-17"])
    notebook = copied / "stages" / "30_train.ipynb"
    line = f"db = 'postgresql://me:{password}@db.corp.net/x'; import numpy"
    text = notebook.read_text().replace("import numpy", line)
    notebook.write_text(text)
    with pytest.raises(GateFailed, match=r"pipeline/stages/30_train\.ipynb") as refused:
        log(copied, "flights")
    assert password not in refused.value.message
    assert not list(copied.parent.rglob("MLmodel"))


def test_interrupted_logging_leaves_no_version_and_the_next_press_is_whole(
    handed: Handed, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = handed.version.tracking_uri

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(MlflowClient, "log_model_artifacts", killed)
        with pytest.raises(KeyboardInterrupt):
            log(copied, "killed", store)
    assert registry(handed).versions("killed") == []
    logged = log(copied, "killed", store)
    assert log(copied, "killed", store).model_id == logged.model_id
    experiment = MlflowClient(store).get_experiment_by_name("killed")
    models = MlflowClient(store).search_logged_models([experiment.experiment_id])
    assert [model.model_id for model in models] == [logged.model_id]


@pytest.mark.parametrize("name", ["", "a/b", "a:b"])
def test_impossible_names_are_refused(copied: Path, name: str) -> None:
    with pytest.raises(HandoffError, match="name is empty or has"):
        log(copied, name)


def test_unknown_version_is_named(handed: Handed) -> None:
    with pytest.raises(HandoffError, match="models:/flights/99"):
        rehearse("models:/flights/99", handed.version.tracking_uri)


def test_input_that_comes_too_late_stands_first_among_the_limits(handed: Handed, copied: Path) -> None:
    plan_file = copied.parent / "flights.handoff.yaml"
    plan_file.write_text(plan_file.read_text() + "columns:\n  wind:\n    known_when_deciding: false\n")
    card = log(copied, "late", handed.version.tracking_uri).card
    assert card.index("It needs wind, which is not known yet") < card.index("Not on days when the airport closes.")


def test_owner_accepts_a_version_and_a_draft_cannot_be_accepted(handed: Handed, copied: Path) -> None:
    store = handed.version.tracking_uri
    with pytest.raises(GateFailed, match="Maya Okafor has to accept"):
        accept(handed.version.uri, "Otto Berg", store)
    assert "has not accepted" in why_only_watching(registry(handed).tags(handed.version.uri))
    accept(handed.version.uri, "Maya Okafor", store)
    assert why_only_watching(registry(handed).tags(handed.version.uri)) == ""
    drafted = register(log(copied, "unready", store, draft=True), handed.rehearsal)
    with pytest.raises(GateFailed, match="It is a draft"):
        accept(drafted.uri, "Maya Okafor", store)
