"""Every sentence of the card is a measured or a given one: what it shows is held against where it comes from."""

from __future__ import annotations

import dataclasses
import hashlib
import html
import itertools
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from handoff_ext.checks.worth import too_good
from handoff_ext.contracts.evidence import ColumnsRecord
from handoff_ext.contracts.plan import Plan
from handoff_ext.plan import prefill
from handoff_ext.publish import lock, pack, parity
from handoff_ext.publish.acceptance import ONLY_SAID
from handoff_ext.publish.card import CardFacts, InCharge, write_cards
from handoff_ext.publish.folder import open_folder, read_json
from handoff_ext.publish.measured import measured
from handoff_ext.publish.provenance import Checked, checked, git_commit
from handoff_ext.publish.versionfolder import gather

WHOLE: dict[str, Any] = {
    "owner": {"name": "Maya Okafor", "contact": "maya@example.org"},
    "intent": {"problem": "P-problem", "decision": "P-decision", "good_outcome": "P-outcome"},
    "intended_use": {"users": ["P-users"], "uses": ["P-uses"], "out_of_scope": ["P-out-of-scope"]},
    "limitations": ["P-limitation"],
    "thresholds": {
        "decision": 0.35,
        "why": "P-why-score",
        "normal_low": 0.011,
        "normal_high": 0.977,
        "escalate_when": "P-escalate",
    },
    "context": {
        "data_origin": "P-origin",
        "period": "P-period",
        "gaps": "P-gaps",
        "population": "P-population",
        "why_metric": "P-why-metric",
    },
    "fallback": {
        "kind": "rule",
        "rules": [{"column": "wind", "at_least": 20, "answer": "P-rule"}],
        "unsure_below": 0.613,
        "note": "P-fallback-note",
    },
    "monitoring": {
        "check_every": "weekly",
        "truth_after_days": 3.5,
        "tell": "P-tell",
        "watch": [{"metric": "P-watched", "limit": 0.71, "action": "P-action"}],
    },
    "retraining": {"trigger": "P-trigger", "approver": "P-approver", "validation": "P-validation"},
    "escalation": {"path": ["P-first", "P-second"], "incident": "P-incident"},
    "operation": {"volume": "P-volume", "cost": "P-cost", "who_pays": "P-payer"},
    "change": {"affected": "P-affected", "how_told": "P-told"},
    "check_in": "2031-02-03",
    "extra_columns": "flag",
    "tables": {"weather": {"kept": "lookup", "reason": "P-table"}},
    "decisions": [{"what": "P-decided", "why": "P-because"}],
    "deferred": [{"what": "P-deferred", "why": "P-later"}],
}
"""One answer for every field that a plan can have."""

SAID = [
    *(text for text in re.findall(r'"(P-[^"]+)"', json.dumps(WHOLE))),
    *(
        "Maya Okafor",
        "maya@example.org",
        "0.35",
        "0.011",
        "0.977",
        "0.613",
        "weekly",
        "3.5",
        "0.71",
        "2031-02-03",
        "flag",
    ),
]


@pytest.fixture(scope="module")
def facts(flights: Path, tmp_path_factory: pytest.TempPathFactory) -> CardFacts:
    pipeline = open_folder(flights)
    out = tmp_path_factory.mktemp("parts")
    return gather(pipeline, pack(flights), lock(flights), parity(flights), "flights", False, None, out)[1]


def cards(facts: CardFacts, out: Path, **changed: Any) -> tuple[str, str]:
    """The card as Markdown, and as a page."""
    write_cards(dataclasses.replace(facts, **changed), out)
    return (out / "MODEL_CARD.md").read_text(), (out / "card.html").read_text()


def with_plan(facts: CardFacts, plan: Plan) -> Any:
    pipeline = open_folder(facts.pipeline.folder)
    pipeline.__dict__["plan"] = plan  # a cached property
    return pipeline


def table(card: str, first: str) -> list[list[str]]:
    """The rows below the heading row that begins with ``first``."""
    lines = card[card.index(f"| {first} ") :].splitlines()
    rows = itertools.takewhile(str.strip, lines[2:])
    return [[cell.strip() for cell in row.removeprefix("|").removesuffix("|").split("|")] for row in rows]


def plain(page: str) -> str:
    return html.unescape(" ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL).split()))


def test_every_answer_of_a_full_plan_stands_on_both_cards(facts: CardFacts, tmp_path: Path) -> None:
    plan = Plan.model_validate(WHOLE)
    filled = Plan.model_validate(WHOLE).model_dump(exclude_defaults=True)
    skipped = {"version", "columns", "prefilled"}
    assert set(filled) == set(Plan.model_fields) - skipped, "a new part of the plan: give it an answer above"
    kept = {
        "table": "weather",
        "keys": ["origin"],
        "kept": "lookup",
        "rows": 3,
        "sha256": "f" * 64,
        "as_of": "2026-03-01",
    }
    described = {**facts.described, "features": {"joined": [kept]}}
    for card in cards(facts, tmp_path, pipeline=with_plan(facts, plan), described=described):
        assert [said for said in SAID if said not in card] == []
        assert "Nothing." in card[card.rindex("What is missing") :]


def test_what_nobody_answered_is_marked_missing_by_its_name(facts: CardFacts, tmp_path: Path) -> None:
    card, page = cards(facts, tmp_path, pipeline=with_plan(facts, Plan()))
    listed = set(re.findall(r"^- [^`]+ \(`([\w.]+)`\)", card[card.rindex("## What is missing") :], re.MULTILINE))
    leaves = {
        f"{part}.{name}"
        for part, model in Plan.model_fields.items()
        if hasattr(model.annotation, "model_fields")
        for name in model.annotation.model_fields  # type: ignore[union-attr]
    } | {"limitations", "check_in"}
    not_empty = {"retraining.better_by", "retraining.worse_group", "retraining.automatic"}
    only_then = {"owner.accepted_on", "owner.accepted_by", "owner.accepted_as", "fallback.value", "fallback.rules"}
    meant_where_empty = {"monitoring.tell", "retraining.every", "retraining.on_alert"}
    assert listed == leaves - not_empty - only_then - meant_where_empty
    assert page.count('<span class="gap">missing</span>') > len(listed)
    rows = {f"{part} / {title}": answer for part, title, answer in table(card, "part")}
    assert rows["Intent / Decision"] == "**missing**"
    assert rows["Monitoring / Tell"] == "-"
    assert {title for title, answer in rows.items() if answer == "**missing**"} >= {"Operating cost / Who pays"}
    assert rows["Escalation / Who is called, in order"] == "**missing**"


def test_card_says_how_it_is_known_who_accepted(facts: CardFacts, tmp_path: Path) -> None:
    yes = {**WHOLE["owner"], "accepted_by": "Maya Okafor", "accepted_on": "2031-01-02"}
    for as_whom, shown in {"": ONLY_SAID, "signed in to JupyterLab as m.okafor": "as m.okafor"}.items():
        plan = Plan.model_validate({**WHOLE, "owner": {**yes, "accepted_as": as_whom}})
        for card in cards(facts, tmp_path, pipeline=with_plan(facts, plan)):
            assert f"(accepted on 2031-01-02; {as_whom or ONLY_SAID})" in plain(card) and shown in card
    for card in cards(facts, tmp_path, pipeline=with_plan(facts, Plan.model_validate(WHOLE))):
        assert "had not accepted it when this was published" in card


def test_card_names_what_nobody_edited(facts: CardFacts, tmp_path: Path) -> None:
    plan = Plan.model_validate({**WHOLE, "prefilled": ["intent.decision", "limitations"]})
    card, page = cards(facts, tmp_path, pipeline=with_plan(facts, plan))
    assert "edited by nobody: Decision (`intent.decision`), Limitations (`limitations`)." in card
    assert "| Intent | Decision | P-decision (edited by nobody) |" in card
    assert "edited by nobody: Decision, Limitations." in page
    assert "P-outcome (edited by nobody)" not in card


def test_quality_is_the_measured_one_with_interval_baseline_and_the_version_in_charge(
    facts: CardFacts, tmp_path: Path
) -> None:
    in_charge = InCharge(7, {"ROC AUC": 0.4321})
    card, page = cards(facts, tmp_path, in_charge=in_charge)
    rows = {row[0]: row[1:] for row in table(card, "quality on 500 held-out rows")}
    for quality in facts.measures.qualities:
        value, interval, baseline, before = rows[quality.name]
        assert value == f"{quality.value:,.4g}"
        assert interval == f"{quality.low:,.4g} to {quality.high:,.4g}"
        assert baseline == ("" if quality.baseline is None else f"{quality.baseline:,.4g}")
        assert before == ("0.4321" if quality.name == "ROC AUC" else "not measured")
    assert "In charge (v7)" in page and "0.4321" in page
    assert "in charge" not in table(cards(facts, tmp_path)[0], "quality on 500 held-out rows")[0]


def test_groups_come_worst_first_with_their_counts(facts: CardFacts, tmp_path: Path) -> None:
    card, page = cards(facts, tmp_path)
    rows = table(card, "worse for")
    errors = [float(row[2]) for row in rows]
    assert errors == sorted(errors, reverse=True)
    given = facts.given
    wrong = [a != b for a, b in zip(given["predictions"]["prediction"], given["truth"], strict=True)]
    carriers = {}
    place = given["columns"].index("carrier")
    for row, missed in zip(given["rows"], wrong, strict=True):
        carriers.setdefault(row[place], []).append(missed)
    shown = [row for row in rows if row[0].startswith("carrier ")]
    assert shown
    for name, count, error, overall in shown:
        members = carriers[name.removeprefix("carrier ")]
        assert (int(count), float(error)) == (len(members), pytest.approx(sum(members) / len(members), abs=1e-3))
        assert float(overall) == pytest.approx(sum(wrong) / len(wrong), abs=1e-3)
    first = facts.measures.slices[0]
    assert f"Worse where {first['words']} ({first['count']} cases)." in card
    assert f"Worse where {first['words']} ({first['count']} cases)." in plain(page)


def test_calibration_and_importance_are_shown_as_measured(facts: CardFacts, tmp_path: Path) -> None:
    card, page = cards(facts, tmp_path)
    bins = table(card, "score")
    assert sum(int(row[1]) for row in bins) == 500
    scores, truth = facts.given["predictions"]["probability_1"], facts.given["truth"]
    low, _, high = bins[0][0].partition(" to ")
    inside = [right for score, right in zip(scores, truth, strict=True) if float(low) <= score < float(high)]
    assert (int(bins[0][1]), bins[0][2]) == (len(inside), f"{round(100 * sum(inside) / len(inside))} of 100")
    drops = [(row[0], float(row[1])) for row in table(card, "model input | quality lost")]
    measured = read_json(pack(facts.pipeline.folder).folder / "importance.json")
    assert drops == [(name, pytest.approx(drop, rel=1e-3)) for name, drop in measured.items()]
    assert [drop for _, drop in drops] == sorted((drop for _, drop in drops), reverse=True)
    assert page.count("<svg") == 3
    assert page.count("<circle") == len(bins)


def test_each_column_alone_is_shown_as_parity_measured_it(facts: CardFacts, tmp_path: Path) -> None:
    card, page = cards(facts, tmp_path)
    measured = read_json(facts.pipeline.evidence / "columns.json")
    assert measured["columns"] and measured["measure"] == "ROC AUC"
    shown = {row[0]: float(row[1]) for row in table(card, "column | alone")}
    assert shown == {each["name"]: pytest.approx(each["alone"], rel=1e-3) for each in measured["columns"]}
    without = {row[0]: float(row[2]) for row in table(card, "column | alone")}
    assert without == {each["name"]: pytest.approx(each["without"], rel=1e-3) for each in measured["columns"]}
    said = {True: "yes", False: "no", None: "not said"}
    known = {name: said[column.known_when_deciding] for name, column in facts.pipeline.plan.columns.items()}
    assert {row[0]: row[5] for row in table(card, "column | alone")} == {
        each["name"]: known.get(each["name"], "not said") for each in measured["columns"]
    }
    for text in (card, plain(page)):
        assert "too good to be true?" in text
        assert ("No column alone comes near the model" in text) == (not too_good(ColumnsRecord(**measured)))


def test_joined_tables_are_shown_with_their_day_and_hash(facts: CardFacts, tmp_path: Path) -> None:
    kept = {"table": "planes", "keys": ["tailnum"], "kept": "lookup", "rows": 3322, "sha256": "e" * 64}
    given = {"table": "weather", "keys": ["origin", "hour"], "kept": "with the row", "columns": ["temp", "wind"]}
    described = {**facts.described, "features": {"joined": [{**kept, "as_of": "2026-03-01"}, given]}}
    for card in cards(facts, tmp_path, described=described):
        text = plain(card).replace("`", "").replace(" ,", ",")
        digest = "e" * 64
        assert (
            f"planes, joined by tailnum: kept with the model as read on 2026-03-01, 3,322 rows, SHA-256 {digest}."
            in text
        )
        assert "weather, joined by origin, hour: comes with each row (temp, wind)." in text


def test_data_is_described_by_rows_columns_hash_ranges_and_gaps(facts: CardFacts, tmp_path: Path) -> None:
    card, _ = cards(facts, tmp_path)
    assert "Fitted on 1,000 rows, judged on 500 others, 3 columns." in card
    assert f"- Input `data`: sha256:{hashlib.sha256(b'a' + bytes([10]) + b'1' + bytes([10])).hexdigest()}" in card
    rows = {row[0]: row[1:] for row in table(card, "model input") if len(row) == 5}
    wind = facts.profile.inputs["wind"]
    assert rows["wind"][1] == f"{wind.min:.6g} to {wind.max:.6g}"
    assert rows["wind"][2] == f"{100 * wind.missing / wind.count:.1f} %" != "0.0 %"
    assert set(rows["carrier"][1].split(", ")) == {"AA", "UA", "DL"}
    assert rows["distance"][0] == "number"


def test_model_is_described_by_algorithm_settings_size_and_format(facts: CardFacts, tmp_path: Path) -> None:
    card, page = cards(facts, tmp_path)
    size = sum(file.stat().st_size for file in pack(facts.pipeline.folder).model.rglob("*") if file.is_file())
    assert facts.size == size
    steps = "FunctionTransformer, ColumnTransformer, LogisticRegression"
    said = f"LogisticRegression behind {steps}; {size / 1000:.1f} kB as pickle."
    assert said in card and said in plain(page)
    for setting in ("C=1.0", "solver=lbfgs", "max_iter=100"):
        assert f"`{setting}`" in card
    trusted = {**facts.described, "format": "skops", "trusted": ["flights.definitions.shorten", "other.Kind"]}
    for other in cards(facts, tmp_path, described=trusted):
        assert "as skops (types beyond skops' own: flights.definitions.shorten, other.Kind)" in plain(other)
    assert "as skops" not in card


def test_cost_is_what_a_fresh_process_measured(facts: CardFacts, tmp_path: Path) -> None:
    measured = read_json(pack(facts.pipeline.folder).folder / "pack.json")["cost"]
    assert measured["cpu_seconds_per_1000"] > 0 < measured["memory_mb"]
    cpu, memory = f"{measured['cpu_seconds_per_1000']:,.4g}", f"{measured['memory_mb']:,.4g}"
    trained = sum(stage.seconds for stage in facts.pipeline.record.stages)
    for card in cards(facts, tmp_path):
        assert f"{cpu} CPU seconds for 1,000 predictions at once, {memory} MB of memory" in plain(card)
        assert f"trained in {trained:,.4g} s" in plain(card)
    assert "**missing**; trained in" in cards(facts, tmp_path, cost={})[0]


def test_what_was_ignored_stands_there_with_its_reason(facts: CardFacts, tmp_path: Path) -> None:
    said = Checked(ignored=(("PATH001 A path.", "Agreed with Ravi."), ("ENV002 Other.", "")), leaks=("cell 3: leak",))
    card, page = cards(facts, tmp_path, checked=said)
    assert "- PATH001 A path.: Agreed with Ravi.\n- ENV002 Other.: **no reason given**\n" in card
    assert "PATH001 A path.: Agreed with Ravi." in plain(page)
    assert "**1 found**\n  - cell 3: leak" in card
    assert "1 found cell 3: leak" in plain(page)


def test_ignored_problem_of_the_notebook_itself_reaches_the_card(flights: Path, tmp_path: Path) -> None:
    notebook = json.loads((flights.parent / "flights.ipynb").read_text())
    line = "import pandas as pd\nframe = pd.read_csv('/home/maya/rows.csv')"
    cell = {"cell_type": "code", "id": "ignored", "source": line, "outputs": [], "execution_count": None}
    notebook["cells"].append({**cell, "metadata": {"handoff": {"ignore": {"PATH002": "Only in the pilot."}}}})
    path = tmp_path / "flights.ipynb"
    path.write_text(json.dumps(notebook))
    said = checked(path)
    ((what, why),) = said.ignored
    assert said.found.endswith(", 1 ignored") and said.found[0].isdigit()
    assert what.startswith("PATH002 ") and why == "Only in the pilot."


def test_proofs_calls_and_origins_are_those_of_the_run(facts: CardFacts, tmp_path: Path) -> None:
    card, page = cards(facts, tmp_path, commit="0123456789ab+")
    for text in (card, plain(page)):
        assert f"Same answers live as in training: yes, {facts.parity.compared_values:,} values" in text
        for part in (facts.pipeline.manifest.source.hash, facts.pipeline.record.hash, "0123456789ab+"):
            assert part in text
        for way in ("mlflow models serve -m models:/flights/VERSION", "curl -s http", "mlflow.pyfunc.load_model("):
            assert way in text
        assert "handoff serve models:/flights/VERSION" in text
    asked = re.search(r"-d '(.*)'", card)
    assert asked
    example = facts.example
    assert example
    assert json.loads(asked[1]) == {
        "dataframe_records": [dict(zip(example["columns"], example["data"][0], strict=True))]
    }


def test_commit_is_that_of_the_notebook_and_says_when_something_changed(flights: Path, tmp_path: Path) -> None:
    assert git_commit(tmp_path) == ""
    (tmp_path / "a.ipynb").write_text("{}")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for arguments in (["init", "-q"], ["add", "a.ipynb"], ["commit", "-qm", "one"]):
        subprocess.run([*git, *arguments], cwd=tmp_path, check=True)
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert git_commit(tmp_path) == head[:12]
    (tmp_path / "a.ipynb").write_text("{ }")
    assert git_commit(tmp_path) == head[:12] + "+"


def test_page_for_those_who_decide_comes_first_and_the_head_is_yaml(facts: CardFacts, tmp_path: Path) -> None:
    from ruamel.yaml import YAML

    card, page = cards(facts, tmp_path)
    _, head, body = card.split("---\n", 2)
    described = YAML(typ="safe").load(head)
    assert described["library_name"] == "mlflow"
    (results,) = described["model-index"][0]["results"]
    assert {each["type"]: each["value"] for each in results["metrics"]} == {
        quality.name: round(quality.value, 6) for quality in facts.measures.qualities
    }
    headings = re.findall(r"^## (.*)", body, re.MULTILINE)
    assert headings[0] == "For those who decide"
    assert re.findall(r"<section id=\"(\w+)\"", page)[0] == "decide"


def test_page_is_small_and_takes_nothing_from_elsewhere(facts: CardFacts, tmp_path: Path) -> None:
    many = {f"column {number}": 1.0 / (number + 1) for number in range(3000)}
    columns = [{**facts.described["columns"][0], "name": name} for name in many]
    wide = facts.profile.model_copy(update={"importance": many})
    _, page = cards(facts, tmp_path, described={**facts.described, "columns": columns}, profile=wide)
    assert len(page.encode()) < 1_000_000
    assert not re.search(r'(?:src|href)="(?!#)|url\(|@import|<script|<link', page)
    assert "prefers-color-scheme: dark" in page
    assert "and 2,940 more" in plain(page) or "and 2940 more" in plain(page)


def test_questions_are_prefilled_with_what_was_measured(facts: CardFacts) -> None:
    found = measured(facts.pipeline.folder)
    assert found is not None
    worst = facts.measures.slices[0]
    assert found.weakest.casefold() == worst["words"].casefold()
    assert facts.measures.score_range is not None
    assert (found.score_low, found.score_high) == pytest.approx(facts.measures.score_range, rel=0.005)
    prefills = {each.field: each for each in prefill({"cells": []}, Plan(), found)}
    assert prefills["limitations"].value == [found.weakest]
    assert prefills["thresholds.normal_high"].value == found.score_high
    assert {prefills[field].source for field in ("limitations", "thresholds.normal_low")} == {"measured"}


def test_before_a_run_nothing_is_measured(tmp_path: Path) -> None:
    assert measured(tmp_path) is None
