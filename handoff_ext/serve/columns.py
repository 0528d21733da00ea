"""What is known of each input: type from the signature, range and choices from the profile, words from the plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from handoff_ext.contracts.plan import BadInput, Outcome, Plan
from handoff_ext.contracts.profile import ColumnProfile, Profile

Kind = Literal["number", "whole", "yes/no", "text", "date", "bytes", "other"]

KINDS: dict[str, Kind] = {
    "double": "number",
    "float": "number",
    "long": "whole",
    "integer": "whole",
    "boolean": "yes/no",
    "string": "text",
    "datetime": "date",
    "binary": "bytes",
}
MAX_CHOICES = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One input. ``low`` and ``high`` are the smallest and largest value in training and test, ``choices`` all of its
    values where they are few; ``typical`` is the median or the most frequent value. ``required`` and ``nullable`` are
    about what may be sent, ``gaps``: whether the model itself takes a gap. ``bad``: what the plan wants done with bad
    values."""

    name: str
    type: str
    kind: Kind
    required: bool = True
    nullable: bool = False
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    typical: Any = None
    unit: str = ""
    gaps: bool = False
    bad: BadInput = field(default_factory=BadInput)

    def outcome(self, problem: str) -> Outcome:
        """What becomes of a row with this problem in this column."""
        said: Outcome | None = getattr(self.bad, problem.replace(" ", "_"), None)
        return said or ("flag" if problem in ("unseen", "out of range") else "reject")

    @property
    def filled(self) -> Any:
        """What stands in for a value that cannot be used: a gap, which the model's code fills as it did in training,
        or the typical value where training had none."""
        return None if self.gaps else self.typical

    @property
    def label(self) -> str:
        """The name as people read it: ``Sched dep time``."""
        return self.name.replace("_", " ").strip().capitalize() or self.name

    @property
    def known(self) -> str:
        """What the model knows of this input, as people read it: ``80 to 4983``, or the choices; else empty."""
        if self.choices:
            return _listed(self.choices)
        if self.low is None or self.high is None:
            return ""
        return f"{_short(self.low)} to {_short(self.high)}" + (f" {self.unit}" if self.unit else "")

    @property
    def expected(self) -> str:
        """What a value must be: ``a whole number, usually 80 to 4983``."""
        words = {
            "number": "a number",
            "whole": "a whole number",
            "yes/no": "true or false",
            "text": "text",
            "date": "a date and time (2013-06-30T08:15:00)",
            "bytes": "base64 text",
            "other": f"a value of type {self.type}",
        }[self.kind]
        return f"{words}, usually {self.known}" if self.known else words


def columns_of(
    inputs: Iterable[dict[str, Any]], profile: Profile, plan: Plan, tested: Mapping[str, Sequence[Any]] | None = None
) -> tuple[Column, ...]:
    """Columns in the signature's order.

    Args:
        inputs: column specifications as MLflow writes them into ``MLmodel``.
        profile: the version's profile, of the rows it was trained on; what it lacks is left open.
        plan: units that people gave.
        tested: values, by column, of rows that it was tested on: they are known too.
    """
    nothing = ColumnProfile(kind="text")
    return tuple(
        _column(spec, profile.inputs.get(spec["name"], nothing), plan, (tested or {}).get(spec["name"], ()))
        for spec in inputs
    )


def _column(spec: dict[str, Any], known: ColumnProfile, plan: Plan, tested: Sequence[Any]) -> Column:
    name, required = str(spec["name"]), bool(spec.get("required", True))
    kind = KINDS.get(str(spec["type"]), "yes/no" if known.kind == "boolean" else "other")
    low, high = _range(known, tested) if kind in {"number", "whole"} else (None, None)
    middle = known.quantiles.get("0.5", next(iter(known.categories), None))
    said = plan.columns.get(name)
    bad = said.bad_input if said else BadInput()
    gaps = not required or known.missing > 0
    fillable = gaps or (middle is not None and kind in ("number", "whole", "text"))
    return Column(
        name=name,
        type=str(spec["type"]),
        kind=kind,
        required=required and not (fillable and bad.missing in ("impute", "flag")),
        nullable=gaps or (fillable and bad.null in ("impute", "flag")),
        gaps=gaps,
        bad=bad if fillable else BadInput(unseen=bad.unseen, out_of_range=bad.out_of_range),
        low=low,
        high=high,
        choices=_choices(known, tested) if kind in {"text", "whole"} else (),
        typical=round(middle) if kind == "whole" and isinstance(middle, float) else middle,
        unit=said.unit if said else "",
    )


def _range(known: ColumnProfile, tested: Sequence[Any]) -> tuple[float | None, float | None]:
    if not isinstance(known.min, float) or not isinstance(known.max, float):
        return None, None
    numbers = [float(value) for value in tested if isinstance(value, int | float)]
    return min([known.min, *numbers]), max([known.max, *numbers])


def _choices(known: ColumnProfile, tested: Sequence[Any]) -> tuple[str, ...]:
    complete = known.kind == "category" and not known.other and len(known.categories) <= MAX_CHOICES
    seen = [*known.categories, *sorted({str(value) for value in tested if value is not None})]
    return tuple(dict.fromkeys(seen)) if complete else ()


def _short(number: float) -> str:
    return f"{number:.0f}" if number.is_integer() and abs(number) < 1e15 else f"{number:.4g}"


def _listed(choices: tuple[str, ...]) -> str:
    shown = ", ".join(choices[:8])
    return shown if len(choices) <= 8 else f"{shown} or {len(choices) - 8} more"
