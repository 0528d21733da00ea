"""What all comparisons together say."""

from __future__ import annotations

from handoff_ext.contracts.evidence import Compared, Proof
from handoff_ext.contracts.pipeline import Manifest
from handoff_ext.run.comparing import Tally

_GOOD = ("equal", "close")
_NO_SEED = "Something random has no seed: Check says where."


def proof(manifest: Manifest, tally: Tally, seconds: float) -> Proof:
    """The proof: equal only where something was compared, nothing was different, and what the model answers and what
    the metrics measure was compared.

    A value of which nothing can be said (unseeded, not comparable) stands in the way unless model and metrics came out
    the same in all runs: then they do not depend on what differs in it. Rows that the model is fitted on and that are
    drawn anew each time always do: the same answers came out by chance.
    """
    reason = _reason(manifest, tally)
    return Proof(
        equal=not reason,
        compared=tally.compared,
        compared_values=tally.values,
        max_difference=tally.difference,
        seconds=round(seconds, 3),
        reason=reason,
    )


def _reason(manifest: Manifest, tally: Tally) -> str:
    """Why it is not equal, in one sentence; empty where it is."""
    different = tally.different
    if different:
        differs = f"{_said(different[0])} differs in the pipeline{_more(different)}"
        drawn = [one for one in tally.compared if one.verdict == "unseeded" and one.kind != "output"]
        # Where the notebook's own values come out anew each time, a difference behind them says nothing of the cut.
        return f"{_said(drawn[0])}: {drawn[0].detail}; {differs}. {_NO_SEED}" if drawn else f"{differs}."
    predictions, metrics = _of(tally, "prediction"), _of(tally, "metric")
    answered = [one for one in predictions if one.verdict in _GOOD]
    fitted_on = [one for one in _of(tally, "value") if one.name in ("train_x", "train_y")]
    unseeded = [one for one in [*predictions, *fitted_on] if one.verdict == "unseeded"]
    if unseeded:
        return f"{_said(unseeded[0])}: {unseeded[0].detail}{_more(unseeded)}. {_NO_SEED}"
    if manifest.model is not None and not answered:
        # Without an answer to compare, the model itself has to be the same in every part.
        model = [one for one in _of(tally, "value") if (one.name, one.stage) == ("model", manifest.model.stage)]
        if not any(one.verdict in _GOOD for one in model):
            why = next((one.detail for one in [*model, *predictions] if one.detail), "it was not captured")
            return f"The model could not be compared: {why}."
    unsaid = [one for one in metrics if one.verdict not in _GOOD]
    if unsaid:
        seed = f" {_NO_SEED}" if unsaid[0].verdict == "unseeded" else ""
        return f"{_said(unsaid[0])}: {unsaid[0].detail}{_more(unsaid)}.{seed}"
    values = [one for one in _of(tally, "value") if one.verdict not in _GOOD]
    if values and not (answered or metrics):
        return f"{_said(values[0])}: {values[0].detail}{_more(values)}."
    if not tally.values:
        return "Nothing could be compared."
    return ""


def _of(tally: Tally, kind: str) -> list[Compared]:
    return [one for one in tally.compared if one.kind == kind]


def _said(one: Compared) -> str:
    what = {"value": "Value", "metric": "Metric", "output": "Text of", "prediction": "The model's"}[one.kind]
    return f"{what} {one.name} (step {one.stage})"


def _more(found: list[Compared]) -> str:
    return f", and {len(found) - 1} more" if len(found) > 1 else ""
