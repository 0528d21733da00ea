"""The plan beside a notebook: read it, complete it, write it back with the person's comments."""

from handoff_ext.contracts.names import plan_path
from handoff_ext.plan.answers import Answer, answers
from handoff_ext.plan.files import parse_plan, plan_text, read_plan
from handoff_ext.plan.missing import missing
from handoff_ext.plan.prefill import Measured, prefill
from handoff_ext.plan.review import review

__all__ = [
    "Answer",
    "Measured",
    "answers",
    "missing",
    "parse_plan",
    "plan_path",
    "plan_text",
    "prefill",
    "read_plan",
    "review",
]
