"""All that a plan says, question by question, as people read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from handoff_ext.contracts.plan import FallbackRule, Note, Plan, Watch

if TYPE_CHECKING:
    from pydantic import BaseModel

_NOT_ASKED = {"version", "columns", "tables", "decisions", "deferred", "prefilled"} | {
    f"owner.accepted_{what}" for what in ("on", "by", "as")
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One field of the plan: its part and its own name as people read them, and the answer; empty: not answered."""

    field: str
    part: str
    title: str
    text: str
    value: Any


def answers(plan: Plan) -> list[Answer]:
    """Every field that people are asked for, in the plan's order.

    Records that grow on their own (decisions, columns, the owner's acceptance) are not among them.
    """
    return list(_answers(plan, "", ""))


def _answers(part: BaseModel, prefix: str, title: str) -> Iterator[Answer]:
    from pydantic import BaseModel

    for name, field in type(part).model_fields.items():
        path, value, own = f"{prefix}{name}", getattr(part, name), field.title or name
        if path in _NOT_ASKED:
            continue
        if isinstance(value, BaseModel):
            yield from _answers(value, f"{path}.", own)
        else:
            yield Answer(path, title or own, own, said(value), value)


def said(value: Any) -> str:
    """A value in words; empty where nothing was said."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(filter(None, (said(each) for each in value)))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Watch):
        limit = f" beyond {value.limit:g}" if value.limit is not None else ""
        return f"{value.metric}{limit}: {value.action or 'nothing said'}"
    if isinstance(value, FallbackRule):
        where = f"from {value.at_least:g} on" if value.at_least is not None else f"is {said(value.equals)}"
        return f"{value.column} {where}: {said(value.answer)}"
    if isinstance(value, Note):
        return f"{value.what}: {value.why}" if value.why else value.what
    return str(value).strip()
