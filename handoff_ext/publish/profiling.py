"""``profile.json``: the reference that inputs, answers and quality are later compared with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from handoff_ext.contracts.evidence import MeasuredMetric
from handoff_ext.contracts.profile import ColumnProfile, Lookup, Profile
from handoff_ext.publish.folder import read_json
from handoff_ext.publish.measure import Measures
from handoff_ext.publish.packing import Packed

_QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
_BINS, _CHOICES = 20, 50


def profile(packed: Packed, measures: Measures, metrics: Sequence[MeasuredMetric]) -> Profile:
    """The profile of a packed model: inputs over the rows it was fitted on, outputs over the hold-out.

    Args:
        packed: the packed model with its plain data.
        measures: what the hold-out says.
        metrics: the notebook's own metrics, as the run measured them.
    """
    inputs, given = read_json(packed.folder / "inputs.json"), read_json(packed.rows)
    own = {metric.name: metric.pipeline for metric in metrics if metric.pipeline is not None}
    return Profile(
        rows=inputs["rows"],
        inputs={name: ColumnProfile.model_validate(column) for name, column in inputs["inputs"].items()},
        outputs={name: output(values) for name, values in given["predictions"].items()},
        metrics={quality.name: quality.value for quality in measures.qualities} | own,
        slices=list(measures.slices),
        lookups=[Lookup.model_validate(lookup) for lookup in inputs.get("lookups", [])],
        importance=read_json(packed.folder / "importance.json"),
        calibration=list(measures.calibration),
        target=measures.positive,
    )


def output(values: Sequence[Any]) -> ColumnProfile:
    """The distribution of one output over the hold-out."""
    import numpy

    present = [value for value in values if value is not None]
    missing = len(values) - len(present)
    numbers = [value for value in present if isinstance(value, float) and math.isfinite(value)]
    if not numbers:
        counted: dict[str, int] = {}
        for value in present:
            counted[str(value)] = counted.get(str(value), 0) + 1
        top = dict(sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:_CHOICES])
        return ColumnProfile(
            kind="category",
            count=len(values),
            missing=missing,
            categories=top,
            other=len(present) - sum(top.values()),
        )
    low, high = min(numbers), max(numbers)
    counts, edges = numpy.histogram(numbers, bins=_BINS if high > low else 1)
    return ColumnProfile(
        kind="number",
        count=len(values),
        missing=missing,
        min=low,
        max=high,
        quantiles={
            str(q): float(value) for q, value in zip(_QUANTILES, numpy.quantile(numbers, _QUANTILES), strict=True)
        },
        edges=[float(edge) for edge in edges],
        counts=[int(number) for number in counts],
    )
