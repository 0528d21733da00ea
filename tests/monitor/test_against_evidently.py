"""PSI and Jensen-Shannon against the figures that evidently gave for the same counts (benchmarks/drift_figures.py)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from handoff_ext.monitor.statistics import jensen_shannon, psi

FILE = Path(__file__).parents[2] / "benchmarks" / "figures" / "drift_figures.json"


def test_the_same_figures_as_evidently() -> None:
    cases = json.loads(FILE.read_text())["figures"]["cases"]
    assert len(cases) == 40
    for case in cases:
        q, p = (np.array(case[name]) / sum(case[name]) for name in ("reference", "now"))
        assert psi(p, q) == pytest.approx(case["PSI"], abs=1e-9)
        assert jensen_shannon(p, q) == pytest.approx(case["Jensen-Shannon"], abs=1e-9)
