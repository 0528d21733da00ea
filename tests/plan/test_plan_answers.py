"""What is missing, and what is suggested."""

from __future__ import annotations

from typing import Any

from handoff_ext.contracts.plan import Plan
from handoff_ext.plan import Measured, missing, prefill
from handoff_ext.plan.missing import REQUIRED

NOTEBOOK: dict[str, Any] = {
    "cells": [
        {
            "cell_type": "markdown",
            "source": ["# Delays\n", "\n", "Which **flights** are [late](http://x)?\n", "So we act."],
        },
        {"cell_type": "code", "source": "proba = model.predict_proba(X)[:, 1]\nlate = proba > 0.35"},
    ]
}


def test_empty_plan_lacks_the_six_questions_first() -> None:
    found = missing(Plan())
    assert tuple(each.field for each in found if each.blocks) == REQUIRED
    assert not any(each.blocks for each in found[len(REQUIRED) :])
    assert "operation.cost" in {each.field for each in found}


NAMED = {
    "intent": {"problem", "decision", "good_outcome"},
    "intended_use": {"users", "uses", "out_of_scope"},
    "thresholds": {"decision", "why", "normal_low", "normal_high", "escalate_when"},
    "context": {"data_origin", "period", "gaps", "population", "why_metric"},
    "owner": {"name", "contact", "accepted_on", "accepted_by", "accepted_as"},
    "escalation": {"path", "incident"},
    "monitoring": {"check_every", "truth_after_days", "tell", "watch"},
    "retraining": {"trigger", "approver", "validation"},
    "fallback": {"kind", "value", "rules", "unsure_below", "note"},
    "operation": {"volume", "cost", "who_pays"},
    "change": {"affected", "how_told"},
}
"""What a plan must be able to say; each in the schema that the form is made of."""


def test_schema_has_every_part_of_a_plan() -> None:
    schema = Plan.model_json_schema()
    assert {"limitations", "check_in", "decisions", "deferred", *NAMED} <= set(schema["properties"])
    for part, fields in NAMED.items():
        described = schema["$defs"][schema["properties"][part]["$ref"].rpartition("/")[2]]["properties"]
        assert fields <= set(described), part
        assert all(described[name].get("title") for name in fields), part
    assert set(schema["$defs"]["Watch"]["properties"]) == {"metric", "limit", "action"}
    assert set(schema["$defs"]["Note"]["properties"]) == {"what", "why"}


def test_blank_is_no_answer_and_a_constant_needs_its_value() -> None:
    plan = Plan.model_validate({"owner": {"name": "  "}, "fallback": {"kind": "constant"}})
    blocking = {each.field for each in missing(plan) if each.blocks}
    assert {"owner.name", "fallback.value"} <= blocking
    assert "fallback.kind" not in blocking


def test_numbers_need_a_normal_range_instead_of_a_threshold() -> None:
    blocking = {each.field for each in missing(Plan(), classifier=False) if each.blocks}
    assert {"thresholds.normal_low", "thresholds.normal_high"} <= blocking
    assert "thresholds.decision" not in blocking


def test_suggestions_say_where_they_are_from() -> None:
    measured = Measured(weakest="carrier OO: 61 of 100 right, overall 74", score_low=0.02, score_high=0.9)
    found = {each.field: each for each in prefill(NOTEBOOK, Plan(), measured, "Maya", "maya@example.org")}
    assert (found["intent.decision"].value, found["intent.decision"].source) == (
        "Which flights are late? So we act.",
        "from cell 1",
    )
    assert (found["thresholds.decision"].value, found["thresholds.decision"].source) == (0.35, "from cell 2")
    assert found["limitations"].value == [measured.weakest]
    assert found["thresholds.normal_high"].value == 0.9
    assert found["owner.name"].value == "Maya"


def test_nothing_is_suggested_over_an_answer() -> None:
    plan = Plan.model_validate(
        {
            "owner": {"name": "A", "contact": "b"},
            "intent": {"decision": "c", "problem": "d"},
            "limitations": ["e"],
            "thresholds": {"decision": 0.1, "normal_low": 0, "normal_high": 1},
            "fallback": {"kind": "person"},
            "monitoring": {"check_every": "daily"},
        }
    )
    assert prefill(NOTEBOOK, plan, Measured(weakest="x", score_low=0, score_high=1), "Maya", "m") == []


def test_threshold_by_name_is_found_and_headings_are_no_sentence() -> None:
    cells = [
        {"cell_type": "markdown", "source": "# Only a heading\n\n- a list of four words"},
        {"cell_type": "code", "source": "THRESHOLD = 0.4  # agreed"},
    ]
    found = {each.field: each.value for each in prefill({"cells": cells}, Plan())}
    assert found["thresholds.decision"] == 0.4
    assert "intent.decision" not in found


def test_credits_and_instructions_are_no_decision() -> None:
    credits = "Project completed by [Maya](https://example.org)\n\nIf it helped you, you can support me here"
    purpose = "You work for a telecom company and have to analyse why its customers leave."
    cells = [{"cell_type": "markdown", "source": text} for text in (credits, purpose)]
    found = next(each for each in prefill({"cells": cells}, Plan()) if each.field == "intent.decision")
    assert (found.value, found.source) == (purpose, "from cell 2")
