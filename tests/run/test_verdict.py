"""What all comparisons together say."""

from __future__ import annotations

from handoff_ext.contracts.evidence import Compared
from handoff_ext.contracts.pipeline import Manifest, Model, Source
from handoff_ext.run.comparing import Tally
from handoff_ext.run.verdict import proof

MODEL = Model(variable="model", stage="train", cell_id="c")
MANIFEST = Manifest(name="n", source=Source(notebook="n.ipynb", hash="h"), stages=[], model=MODEL)
DIFFERS = Compared(name="predict", kind="prediction", stage="train", verdict="different", detail="row 1")


def reason(*compared: Compared) -> str:
    tally = Tally()
    for one in compared:
        tally.add(one, 1)
    found = proof(MANIFEST, tally, 0.0)
    assert found.equal is not bool(found.reason)
    return found.reason


def test_a_difference_behind_a_draw_is_put_down_to_the_draw() -> None:
    """Two runs may answer the same by chance although what the model was fitted on was drawn anew."""
    drawn = Compared(name="train_x", kind="value", stage="train", verdict="unseeded", detail="two runs differ")
    said = reason(DIFFERS, drawn)
    assert (
        said
        == "Value train_x (step train): two runs differ; The model's predict (step train) differs in the pipeline. "
        "Something random has no seed: Check says where."
    )


def test_a_clock_that_is_printed_explains_no_difference() -> None:
    printed = Compared(name="cell c", kind="output", stage="train", verdict="unseeded", detail="two runs differ")
    assert reason(DIFFERS, printed) == "The model's predict (step train) differs in the pipeline."


def test_a_model_fitted_on_other_rows_each_time_is_not_proven_by_equal_answers() -> None:
    drawn = Compared(name="train_x", kind="value", stage="train", verdict="unseeded", detail="two runs differ")
    same = Compared(name="predict", kind="prediction", stage="train", verdict="equal")
    assert reason(same, drawn).startswith("Value train_x (step train): two runs differ. Something random has no seed")
    assert reason(same) == ""
