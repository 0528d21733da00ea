"""Where the inputs of a model come from: what its code says, what a run has shown, what people know of the columns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from handoff_ext.checks.worth import too_good
from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.evidence import ColumnsRecord, ParityRecord
from handoff_ext.contracts.features import Features, Join, Mark, ModelInput, RawColumn
from handoff_ext.contracts.plan import Plan
from handoff_ext.publish.folder import open_folder, read_json


def inputs_of(folder: Path) -> Features:
    """The inputs of the pipeline in ``folder``: from its code, its last parity check and its plan.

    Raises:
        HandoffError: there is no pipeline, or a file of it is damaged.
    """
    pipeline = open_folder(folder)
    return known(shown(pipeline.features or Features(), folder), pipeline.plan)


def shown(features: Features, folder: Path) -> Features:
    """What the last parity check of the pipeline in ``folder`` showed; unchanged where there was none."""
    pipeline = open_folder(folder)
    try:
        record = ParityRecord.model_validate(read_json(pipeline.evidence / "parity.json"))
        described = read_json(pipeline.packed / "model" / "model.json")
    except (HandoffError, ValueError):
        return features
    return features.model_copy(
        update={
            "level": record.level if record.equal else "",
            "reason": record.why_prepared or (record.reason if not record.equal else ""),
            "compared_rows": record.rows,
            "columns": _measured(
                _columns(features, described) if record.level == "raw" else features.columns, pipeline.evidence
            ),
            "inputs": _inputs(features, record) if record.level == "raw" else features.inputs,
            "joins": _joins(features, described) if record.level == "raw" else features.joins,
        }
    )


def known(features: Features, plan: Plan) -> Features:
    """With what the plan says of each raw column; a column that is not known when deciding is a doubt."""
    return features.model_copy(update={"columns": [_judged(column, plan) for column in features.columns]})


def _judged(column: RawColumn, plan: Plan) -> RawColumn:
    said = plan.columns.get(column.name)
    if said is None:
        mark: Mark = "never declared" if plan.columns and column.mark == "same at serving" else column.mark
        return column.model_copy(update={"mark": mark})
    update: dict[str, Any] = {"known": said.known_when_deciding, "unit": said.unit}
    if said.known_when_deciding is True:
        update["doubt"] = ""
    if said.known_when_deciding is False:
        doubt = f"`{column.name}` is not known when deciding. {said.reason}".strip()
        update |= {"mark": "not available when deciding", "doubt": doubt}
    return column.model_copy(update=update)


def _columns(features: Features, described: Mapping[str, Any]) -> list[RawColumn]:
    """The columns that the model was shown to depend on, with their types."""
    traced = {column.name: column for column in features.columns}
    return [
        traced.get(column["name"], RawColumn(name=column["name"], mark="same at serving")).model_copy(
            update={"type": str(column["kind"])}
        )
        for column in described["columns"]
    ]


def _measured(columns: list[RawColumn], evidence: Path) -> list[RawColumn]:
    """With what each column is worth alone; one that is too good to be true is a doubt."""
    try:
        record = ColumnsRecord.model_validate(read_json(evidence / "columns.json"))
    except (HandoffError, ValueError):
        return columns
    doubts, worth = too_good(record), {each.name: each for each in record.columns}
    return [
        column.model_copy(
            update={**worth[column.name].model_dump(exclude={"name"}), "doubt": doubts.get(column.name, column.doubt)}
        )
        if column.name in worth
        else column
        for column in columns
    ]


def _joins(features: Features, described: Mapping[str, Any]) -> list[Join]:
    """Each joined table with how it is had when serving."""
    rest = list(described.get("features", {}).get("joined", []))
    found = []
    for join in features.joins:
        packed = next((each for each in rest if each["table"] == join.table), None)
        if packed is not None:
            rest.remove(packed)
            told = ("kept", "keys", "columns", "rows", "sha256", "as_of")
            packed = {name: packed[name] for name in told if name in packed}
        found.append(join.model_copy(update=packed or {}))
    return found


def _inputs(features: Features, record: ParityRecord) -> list[ModelInput]:
    """The model's own inputs as they were compared, each with what the code says of it."""
    traced = {each.name: each for each in features.inputs}
    compared = [column for column in record.columns if column.kind == "input"]
    return [
        traced.get(column.name, ModelInput(name=column.name, origin="derived", mark="same at serving"))
        for column in compared
    ]
