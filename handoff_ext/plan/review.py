"""The five questions of an operational review, answered from the plan."""

from __future__ import annotations

from handoff_ext.contracts.plan import Plan
from handoff_ext.contracts.sidebar import Reviewed


def review(plan: Plan) -> list[Reviewed]:
    """Each question with the plan's answer; an empty answer is a gap, and ``field`` is where to close it."""
    watching, change, operation = plan.monitoring, plan.change, plan.operation
    every = f"Checked {watching.check_every}" if watching.check_every else ""
    watched = "; ".join(watch.metric for watch in watching.watch)
    noticed = f"{every}{': ' + watched if watched else ''}." if every else ""
    told = " ".join(filter(None, [change.affected, change.how_told]))
    cost = " ".join(filter(None, [operation.cost, operation.who_pays]))
    return [
        _asked("Who watches it after its author has left?", watching.tell or plan.owner.name, "owner.name"),
        _asked("What happens when the data changes?", plan.retraining.trigger, "retraining.trigger"),
        _asked("How will anybody know that it is wrong?", noticed, "monitoring.check_every"),
        _asked("Who brings its users along?", told, "change.affected"),
        _asked("What does it cost, and who pays?", cost, "operation.cost"),
    ]


def _asked(question: str, answer: str, field: str) -> Reviewed:
    return Reviewed(question=question, answer=answer.strip(), field=field)
