"""From evidence to what the card's templates show: plain values and finished sentences."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from handoff_ext.checks.worth import too_good
from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.evidence import ColumnsRecord
from handoff_ext.contracts.plan import Fallback
from handoff_ext.contracts.words import ALERT, count
from handoff_ext.plan import answers, missing, review
from handoff_ext.publish.acceptance import ONLY_SAID
from handoff_ext.publish.card.facts import CardFacts
from handoff_ext.publish.folder import read_json
from handoff_ext.publish.measure import Measures, Quality

_FALLBACK = {
    "person": "A person decides.",
    "constant": "It answers {value}.",
    "previous": "The version before answers.",
    "rule": "A rule answers.",
}
_KNOWN = {"number": "{min:.6g} to {max:.6g}", "date": "{min} to {max}"}


def view(facts: CardFacts) -> dict[str, Any]:
    """All values that the templates use."""
    plan, measures = facts.pipeline.plan, facts.measures
    open_fields = missing(plan, classifier=measures.task in {"yes/no", "classes"})
    return {
        "name": facts.name,
        "draft": facts.draft,
        "plan": plan,
        "owner": plan.owner,
        "accepted_as": plan.owner.accepted_as or ONLY_SAID,
        "fallback": fallback_words(plan.fallback),
        "too_late": [
            column["name"]
            for column in facts.described["columns"]
            if (said := plan.columns.get(column["name"])) and said.known_when_deciding is False
        ],
        "quality": in_plain_words(measures),
        "qualities": measures.qualities,
        "metrics": [metric for metric in facts.pipeline.record.metrics if metric.pipeline is not None],
        "measures": measures,
        "judged_on": f"{measures.rows:,} {'held-out' if measures.held_out else 'training'} rows",
        "worst": [group for group in measures.slices if group["error"] > group["overall"]][:8],
        "worst_bars": [
            (f"{group['column']} {group['value']}", group["error"])
            for group in measures.slices
            if group["error"] > group["overall"]
        ][:8],
        "calibration": measures.calibration,
        "importance": list(facts.profile.importance.items())[:15],
        **_worth(facts),
        "described": facts.described,
        "settings": facts.described["model"]["settings"],
        "inputs": list(_inputs(facts)),
        "joined": list(_joined(facts)),
        "more_inputs": max(0, len(facts.described["columns"]) - 60),
        "rows": {
            "fitted": facts.given["fitted_rows"],
            "held_out": facts.given["total"] if facts.given["held_out"] else 0,
        },
        "sources": facts.pipeline.record.inputs,
        "environment": facts.pipeline.environment,
        "locks": facts.locks,
        "parity": facts.parity,
        "proof": facts.pipeline.record.proof,
        "ignored": facts.checked.ignored,
        "leaks": facts.checked.leaks,
        "in_charge": facts.in_charge,
        "missing": open_fields,
        "blocking": [field for field in open_fields if field.blocks],
        "not_edited": [each for each in answers(plan) if each.field in plan.prefilled],
        "cost": facts.cost,
        "training_seconds": sum(stage.seconds for stage in facts.pipeline.record.stages),
        "size": facts.size,
        "example": _records(facts.example),
        "example_json": json.dumps({"dataframe_records": _records(facts.example)}),
        "notebook_hash": facts.pipeline.manifest.source.hash,
        "pipeline_hash": facts.pipeline.record.hash,
        "commit": facts.commit,
        "head": _head(facts),
        "review": [(each.question, each.answer) for each in review(plan)],
        "open_names": {field.field for field in open_fields},
        "answers": answers(plan),
        "alerts": ALERT,
    }


def in_plain_words(measures: Measures) -> list[str]:
    """How good it is, for people who read no metrics."""
    found = {quality.name: quality for quality in measures.qualities}
    said = []
    if accuracy := found.get("Accuracy"):
        sentence = f"Of 100 cases it gets {round(100 * accuracy.value)} right"
        said.append(sentence + (_beside(accuracy) if accuracy.baseline is not None else "."))
    if (precision := found.get("Precision")) and (recall := found.get("Recall")):
        said.append(
            f"When it says {measures.positive}, it is right {round(100 * precision.value)} times in 100; "
            f"it finds {round(100 * recall.value)} of 100 such cases."
        )
    if error := found.get("Mean error"):
        sentence = f"It is off by {error.value:.4g} on average"
        beside = f"; a fixed answer would be off by {error.baseline:.4g}." if error.baseline is not None else "."
        said.append(sentence + beside)
    if said and measures.held_out:
        said.append(f"Measured on {count(measures.rows, 'case')} that it had not learned from.")
    elif said:
        said.append(f"Measured on the {count(measures.rows, 'case')} it learned from: on others it does worse.")
    return said or [measures.reason or "How good it is was not measured."]


def _beside(accuracy: Quality) -> str:
    assert accuracy.baseline is not None
    verdict = "" if accuracy.low > accuracy.baseline else " (no better than that, for all we can tell)"
    return f"; always giving the most frequent answer gets {round(100 * accuracy.baseline)}{verdict}."


def _worth(facts: CardFacts) -> dict[str, Any]:
    """What each column is worth alone, best first, and the sentences about those that are too good to be true."""
    try:
        record = ColumnsRecord.model_validate(read_json(facts.pipeline.evidence / "columns.json"))
    except (HandoffError, ValueError):
        record = ColumnsRecord()
    sentences = []
    alone = {each.name: each.alone or 0.0 for each in record.columns}
    for name, sentence in sorted(too_good(record).items(), key=lambda one: -alone[one[0]]):
        said = facts.pipeline.plan.columns.get(name)
        known = f" It is, says the plan. {said.reason}".rstrip() if said and said.known_when_deciding else ""
        sentences.append(sentence + known)
    ranked = sorted((each for each in record.columns if each.alone is not None), key=lambda each: -(each.alone or 0.0))
    words = {True: "yes", False: "no", None: "not said"}
    plan = facts.pipeline.plan.columns
    traced = facts.pipeline.features
    sentences += [
        f"Cell {each.place.cell}, line {each.place.line}: {each.message} {each.repair}"
        for each in (traced.doubts if traced else [])
        if each.mark == "needs the answer"
    ]
    return {
        "known_when": {
            each.name: words[plan[each.name].known_when_deciding if each.name in plan else None] for each in ranked
        },
        "worth": ranked[:15],
        "worth_measure": record.measure,
        "too_good": sentences,
        "worth_model": record.model,
    }


def _joined(facts: CardFacts) -> Iterator[str]:
    """Each joined table: kept with the model, how old, and which; or with the row."""
    for table in facts.described.get("features", {}).get("joined", ()):
        said = facts.pipeline.plan.tables.get(table["table"])
        why = f" So says the plan. {said.reason}".rstrip() if said and said.kept else ""
        keys = f"`{table['table']}`, joined by {', '.join(table['keys'])}" if table["keys"] else f"`{table['table']}`"
        if table["kept"] == "with the row":
            yield f"{keys}: comes with each row ({', '.join(table['columns'])}).{why}"
            continue
        read = f" as read on {table['as_of']}" if table.get("as_of") else ""
        yield f"{keys}: kept with the model{read}, {count(table['rows'], 'row')}, SHA-256 {table['sha256']}.{why}"


def fallback_words(fallback: Fallback) -> str:
    """What happens when the model fails or is unsure; empty where nobody said."""
    if fallback.kind is None:
        return ""
    return f"{_FALLBACK[fallback.kind].format(value=fallback.value)} {fallback.note}".strip()


def _inputs(facts: CardFacts) -> Iterator[dict[str, Any]]:
    said = facts.pipeline.plan.columns
    for column in facts.described["columns"][:60]:
        known, told = facts.profile.inputs.get(column["name"]), said.get(column["name"])
        yield {
            "name": column["name"],
            "kind": column["kind"],
            "known": "personal, not shown" if told and told.personal else _known(known),
            "missing": f"{100 * known.missing / known.count:.1f} %" if known and known.count else "",
            "unit": told.unit if told else "",
        }


def _known(known: Any) -> str:
    if known is None:
        return ""
    if known.categories:
        names = list(known.categories)
        return ", ".join(names[:6]) + (f" and {len(names) - 6 + known.other} more" if len(names) > 6 else "")
    if known.min is None or known.kind not in _KNOWN:
        return ""
    return _KNOWN[known.kind].format(min=known.min, max=known.max)


def _records(example: Any) -> list[dict[str, Any]]:
    return [dict(zip(example["columns"], row, strict=True)) for row in example["data"]] if example else []


def _head(facts: CardFacts) -> dict[str, Any]:
    """The card's YAML head as Hugging Face reads it."""
    task = {"number": "tabular-regression"}.get(facts.measures.task, "tabular-classification")
    if facts.described["container"] in {"series", "list"}:
        task = "text-classification"
    dataset = "hold-out" if facts.measures.held_out else "training rows"
    results = [{"type": quality.name, "value": round(quality.value, 6)} for quality in facts.measures.qualities]
    return {
        "library_name": "mlflow",
        "pipeline_tag": task,
        "tags": ["handoff", facts.described["model"]["algorithm"]] + (["draft"] if facts.draft else []),
        "model-index": [
            {
                "name": facts.name,
                "results": [
                    {"task": {"type": task}, "dataset": {"name": dataset, "type": "private"}, "metrics": results}
                ],
            }
        ],
    }
