"""The second verdict: whether a stranger could train the model again."""

from __future__ import annotations

from pathlib import Path

from handoff_ext.contracts.evidence import Verdict
from handoff_ext.publish.folder import read_json


def retrains(folder: Path, predicts: Verdict) -> Verdict:
    """Whether the version can be trained again from what it holds; not tried where its inputs cannot be resolved.

    Args:
        folder: the version's files.
        predicts: the first verdict; where it failed, the second is not tried.
    """
    if not predicts.passed:
        return Verdict(reason="Not tried: it does not predict.")
    inputs = read_json(folder / "evidence" / "run.json").get("inputs", {})
    if inputs:
        names = ", ".join(sorted(inputs))
        return Verdict(reason=f"Not tried: only on the author's computer: {names}.")
    return Verdict(reason="Not tried: the run recorded no input files.")
