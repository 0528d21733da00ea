"""The panel in a notebook: what one types, presses and reads."""

from __future__ import annotations

import sys
from pathlib import Path

import ipywidgets
import pytest

from handoff_ext.serve.panel import Asked, panel
from handoff_ext.serve.validate import RowsRefused
from handoff_ext.serve.version import ServedVersion
from tests.serve.conftest import Published


def test_a_case_is_asked_and_answered_in_words(version: ServedVersion, published: Published) -> None:
    asked = Asked(version, lambda: Path(sys.executable))
    try:
        first, *others = asked.lines(published.rows[0])
        assert "late" in first
        assert any("known cases scored like this" in line for line in others)
        with pytest.raises(RowsRefused):
            asked.lines({**published.rows[0], "wind": "strong"})
        box = panel(asked, ipywidgets)
        labels = [child.description for child in box.children[1:-2]]
        assert labels == ["Distance (miles)", "Wind", "Carrier", "Weekend"]
        assert box.children[0].value.startswith("flights, version 1. Watches only")
        box.children[-2].click()
    finally:
        asked.close()
