"""MLflow's scoring protocol, ``/invocations``: the four ways in which its clients send rows.

https://mlflow.org/docs/latest/ml/deployment/deploy-model-locally/ (accepted inputs).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.serving import Answers
from handoff_ext.serve.columns import Column
from handoff_ext.serve.tables import parse_json, rows_from_csv, without_nan

FORMS = ("dataframe_split", "dataframe_records", "inputs", "instances")
EXPECTED = "Send JSON with one of dataframe_split, dataframe_records or inputs, or CSV."


def rows_from_invocation(body: bytes, content_type: str, columns: Sequence[Column]) -> list[Any]:
    """The rows of a request, as mappings of input to value.

    Raises:
        HandoffError: the body is none of the forms.
    """
    if content_type in {"text/csv", "application/csv"}:
        try:
            return rows_from_csv(body.decode(), columns)
        except UnicodeDecodeError:
            raise HandoffError("This CSV is not UTF-8.") from None
    content = parse_json(body)
    given = [form for form in FORMS if isinstance(content, dict) and form in content]
    if len(given) != 1:
        raise HandoffError("The request holds none, or more than one, of MLflow's forms of rows.", EXPECTED)
    if content.get("params") not in (None, {}):
        raise HandoffError("This version takes no parameters.", "Leave params out.")
    value = content[given[0]]
    rows = _from_split(value) if given[0] == "dataframe_split" else _from_records_or_columns(value)
    if not rows:
        raise HandoffError("The request holds no rows.", EXPECTED)
    return without_nan(rows)


def _from_split(value: object) -> list[Any]:
    names = value.get("columns") if isinstance(value, dict) else None
    data = value.get("data") if isinstance(value, dict) else None
    if not isinstance(names, list) or not isinstance(data, list) or not all(isinstance(name, str) for name in names):
        raise HandoffError("dataframe_split needs columns, a list of names, and data, a list of lists.")
    if len(set(names)) < len(names):
        raise HandoffError("dataframe_split names a column twice.")
    for number, row in enumerate(data, 1):
        if not isinstance(row, list) or len(row) != len(names):
            raise HandoffError(f"Row {number} of dataframe_split's data is not a list of {len(names)} values.")
    return [dict(zip(names, row, strict=True)) for row in data]


def _from_records_or_columns(value: object) -> list[Any]:
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        raise HandoffError("Rows are a list of objects, or an object with a list for each input.")
    lists = [column for column in value.values() if isinstance(column, list)]
    if not lists:
        return [value]
    if len(lists) < len(value) or len({len(column) for column in lists}) > 1:
        raise HandoffError("An object of columns needs lists of the same length.")
    return [dict(zip(value, row, strict=True)) for row in zip(*lists, strict=True)]


def invocation_answer(answers: Answers) -> dict[str, Any]:
    """MLflow's answer, ``predictions``, and beside it what else there is to know of each."""
    return {
        "predictions": [answer.prediction for answer in answers.answers],
        "answers": [answer.model_dump(mode="json", exclude={"prediction"}) for answer in answers.answers],
    }
