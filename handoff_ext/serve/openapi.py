"""The API's description, made from the version's signature, its known ranges and categories, and its example."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic.json_schema import models_json_schema

from handoff_ext import __version__
from handoff_ext.contracts.serving import Answers, OutcomeReport, OutcomesTaken, Refusal
from handoff_ext.serve.columns import Column
from handoff_ext.serve.version import ServedVersion

TYPES: dict[str, dict[str, Any]] = {
    "number": {"type": "number"},
    "whole": {"type": "integer"},
    "yes/no": {"type": "boolean"},
    "text": {"type": "string"},
    "date": {"type": "string", "format": "date-time"},
    "bytes": {"type": "string", "format": "byte"},
    "other": {},
}
BITS = {"integer": ("int32", 31), "long": ("int64", 63)}
REFUSALS = {
    "400": "Not JSON, or not rows.",
    "401": "A key is needed: as X-API-Key, Authorization: Bearer, or the password of Basic.",
    "408": "The request took too long to arrive.",
    "413": "Too large, or too many rows.",
    "415": "Neither JSON nor, for /invocations, CSV.",
    "422": "Rows that the version does not take: field, expectation and row number.",
    "429": "Too many requests at once; Retry-After says when to come again.",
    "503": "What it needs to take the request does not answer now; Retry-After says when to come again.",
}


def column_schema(column: Column) -> dict[str, Any]:
    """JSON schema of one input. What is known of it is said, not enforced: other values are answered, and marked."""
    schema = dict(TYPES[column.kind])
    if column.type in BITS:
        name, bits = BITS[column.type]
        schema |= {"format": name, "minimum": -(2**bits), "maximum": 2**bits - 1}
    if column.nullable and "type" in schema:
        schema["type"] = [schema["type"], "null"]
    schema["description"] = column.expected
    if column.choices:
        schema["x-known-values"] = list(column.choices)
    if column.low is not None and column.high is not None:
        schema["x-known-range"] = [column.low, column.high]
    if column.unit:
        schema["x-unit"] = column.unit
    return schema


def row_schema(version: ServedVersion) -> dict[str, Any]:
    """JSON schema of one row."""
    schema: dict[str, Any] = {
        "type": "object",
        "title": "Row",
        "properties": {column.name: column_schema(column) for column in version.columns},
        "required": [column.name for column in version.columns if column.required],
        "additionalProperties": False,
    }
    if version.example:
        schema["examples"] = list(version.example[:1])
    return schema


def openapi(version: ServedVersion) -> dict[str, Any]:
    """The whole OpenAPI 3.1 document."""
    sent = [(OutcomeReport, "validation"), *((each, "serialization") for each in (Answers, OutcomesTaken, Refusal))]
    _, contracts = models_json_schema(sent, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    plan = version.plan
    about = " ".join(part for part in (plan.intent.problem, plan.intent.decision) if part)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": version.name,
            "version": version.version,
            "summary": f"Version {version.version}, stage {version.stage}. Served by handoff-ext {__version__}.",
            "description": about or "Predictions of a published model.",
        },
        "paths": _paths(version.columns),
        "components": {"schemas": contracts["$defs"] | {"Row": row_schema(version)}},
    }


def _split_schema(columns: Sequence[Column]) -> dict[str, Any]:
    """MLflow's split orientation; other orders of columns are taken too, as long as they are named."""
    cells = {"prefixItems": [column_schema(column) for column in columns], "items": False, "minItems": len(columns)}
    data = {"type": "array", "minItems": 1, "items": {"type": "array", **cells}}
    names = {"const": [column.name for column in columns]}
    return {"type": "object", "properties": {"columns": names, "data": data}, "required": ["columns", "data"]}


def _paths(columns: Sequence[Column]) -> dict[str, Any]:
    row = {"$ref": "#/components/schemas/Row"}
    rows = {"type": "array", "items": row}
    wrapped = {"type": "object", "properties": {"rows": rows}, "required": ["rows"], "additionalProperties": False}
    some = rows | {"minItems": 1}
    forms = {"dataframe_split": _split_schema(columns), "dataframe_records": some, "inputs": some}
    no_params = {"params": {"type": ["object", "null"], "maxProperties": 0}}
    invocations = [
        {"type": "object", "properties": {name: form, **no_params}, "required": [name]} for name, form in forms.items()
    ]
    scored = {"type": "object", "properties": {"predictions": {"type": "array"}}, "required": ["predictions"]}
    answers = {"$ref": "#/components/schemas/Answers"}
    return {
        "/predict": {"post": _ask("One answer a row", {"anyOf": [row, rows, wrapped]}, answers)},
        "/invocations": {"post": _ask("MLflow's protocol; also takes text/csv", {"oneOf": invocations}, scored)},
        "/outcomes": {"post": _ask("What came of answers", _reports(), {"$ref": "#/components/schemas/OutcomesTaken"})},
        "/health": {"get": _get("Is the service alive?", "application/json")},
        "/ready": {"get": _get("Is the model loaded?", "application/json", "503")},
        "/metrics": {"get": _get("Figures for Prometheus", "text/plain")},
        "/card": {"get": _get("The model card", "text/markdown", "404")},
        "/runbook": {"get": _get("What to do when something is wrong", "text/plain", "404")},
    }


def _reports() -> dict[str, Any]:
    """Reports of outcomes: a list of them."""
    said = {"anyOf": [{"required": ["truth"]}, {"required": ["decision"]}]}
    return {"type": "array", "items": {"allOf": [{"$ref": "#/components/schemas/OutcomeReport"}, said]}}


def _ask(summary: str, body: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": body}}
    refusal = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    responses = {code: {"description": text, "content": refusal} for code, text in REFUSALS.items()}
    answered = {"description": "Answered.", "content": {"application/json": {"schema": answer}}}
    return {
        "summary": summary,
        "requestBody": {"required": True, "content": content},
        "responses": {"200": answered} | responses,
    }


def _get(summary: str, content_type: str, *others: str) -> dict[str, Any]:
    answers: dict[str, Any] = {"200": {"description": summary, "content": {content_type: {}}}}
    refusal = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    answers |= {code: {"description": "Not now, or not here.", "content": refusal} for code in others}
    return {"summary": summary, "responses": answers}
