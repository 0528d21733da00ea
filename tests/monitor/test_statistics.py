"""The statistics, against their formulas written out, and against chance."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon

from handoff_ext.monitor.statistics import (
    by_chance,
    distribution_moved,
    jensen_shannon,
    mean_moved,
    most_days,
    psi,
    rate_moved,
    trend,
)

COUNTS = st.lists(st.integers(1, 10_000), min_size=2, max_size=12)
NONE = np.zeros((0, 4), dtype=int)


def shares(counts: list[int]) -> np.ndarray:
    return np.array(counts) / sum(counts)


@given(COUNTS, st.randoms())
def test_psi_is_its_formula(counts: list[int], random) -> None:  # type: ignore[no-untyped-def]
    p, q = shares(counts), shares(random.sample(counts, len(counts)))
    by_hand = sum((a - b) * math.log(a / b) for a, b in zip(p.tolist(), q.tolist(), strict=True))
    assert psi(p, q) == pytest.approx(by_hand, abs=1e-12)
    assert psi(p, q) == pytest.approx(psi(q, p), abs=1e-12)
    assert psi(p, p) == 0
    assert psi(p, q) >= 0


@given(COUNTS, st.randoms())
def test_jensen_shannon_is_scipys(counts: list[int], random) -> None:  # type: ignore[no-untyped-def]
    p, q = shares(counts), shares(random.sample(counts, len(counts)))
    assert jensen_shannon(p, q) == pytest.approx(float(jensenshannon(p, q, 2)), abs=1e-7)
    assert jensen_shannon(np.array([1.0, 0.0]), np.array([0.0, 1.0])) == 1


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_days_that_differ_by_chance_only_move_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    q = rng.dirichlet(np.full(4, 5.0))
    days = rng.multinomial(300, q, size=35)
    moved = distribution_moved(days[28:], days[:28], q, 10_000)
    assert moved.p > 1e-6
    assert moved.effect < 0.1


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_days_that_differ_as_wholes_move_nothing(seed: int) -> None:
    """Each day has its own shares around the reference's, as weather has: 300 rows are hardly more than one."""
    rng = np.random.default_rng(seed)
    q = rng.dirichlet(np.full(4, 20.0))
    days = np.array([rng.multinomial(300, rng.dirichlet(6 * q)) for _ in range(35)])
    moved = distribution_moved(days[28:], days[:28], q, 10_000)
    assert moved.p > 1e-6
    assert moved.worth < 300, "far fewer than the 2,100 rows"


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_a_real_change_is_found(seed: int) -> None:
    rng = np.random.default_rng(seed)
    q, other = np.array([0.4, 0.3, 0.2, 0.1]), np.array([0.1, 0.2, 0.3, 0.4])
    days = np.concatenate([rng.multinomial(300, q, size=28), rng.multinomial(300, other, size=7)])
    moved = distribution_moved(days[28:], days[:28], q, 10_000)
    assert moved.p < 1e-12
    assert moved.effect == pytest.approx(psi(other, q), rel=0.2)


def test_one_or_two_days_claim_nothing() -> None:
    q = np.full(4, 0.25)
    moved = distribution_moved(np.array([[900, 0, 0, 0], [900, 0, 0, 0]]), NONE, q, 10_000)
    assert moved.p == 1


def test_chance_is_never_less_than_independent_rows_give() -> None:
    days = np.full((20, 4), 25)
    chance = by_chance(days, NONE, np.full(4, 0.25))
    assert chance.mean == pytest.approx(3 / 2000)


def test_bad_days_count_not_their_rows() -> None:
    rows, none = np.full(7, 1000), np.zeros(28)
    before = np.full(28, 1000)
    one = rate_moved(np.array([0, 0, 0, 1000, 0, 0, 0]), rows, none, before, 0.05)
    three = rate_moved(np.array([0, 0, 0, 0, 200, 200, 200]), rows, none, before, 0.05)
    assert one.p > 0.01 > 1e-4 > three.p
    often = rate_moved(np.array([0, 0, 0, 0, 200, 200, 200]), rows, np.tile([200, 0, 0, 0], 7), before, 0.05)
    assert often.p > 0.01, "what happens every fourth day is usual"


def sums(values: list[np.ndarray]) -> np.ndarray:
    return np.array([[len(day), day.sum(), (day**2).sum()] for day in values])


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_a_mean_moves_only_when_it_does(seed: int) -> None:
    rng = np.random.default_rng(seed)
    before = sums([rng.binomial(1, 0.2, 500).astype(float) for _ in range(28)])
    same = sums([rng.binomial(1, 0.2, 500).astype(float) for _ in range(7)])
    worse = sums([rng.binomial(1, 0.26, 500).astype(float) for _ in range(7)])
    assert mean_moved(same, before, 0.2).p > 1e-6
    found = mean_moved(worse, before, 0.2)
    assert found.p < 1e-4
    assert found.effect == pytest.approx(0.06, abs=0.04)


@given(st.integers(0, 10_000), st.floats(-0.01, 0.01))
@settings(max_examples=40, deadline=None)
def test_a_trend_is_its_slope(seed: int, slope: float) -> None:
    rng = np.random.default_rng(seed)
    days = sums([rng.normal(0.5 + slope * day, 0.2, 400) for day in range(42)])
    days[5] = 0  # a day without rows
    found, p = trend(days)
    assert found == pytest.approx(slope, abs=0.001)
    assert p > 1e-7 or abs(slope) > 1e-4


def test_few_days_have_no_trend() -> None:
    assert trend(sums([np.ones(10)] * 10)) == (0.0, 1.0)


def test_strange_days_are_no_change_but_most_days_are() -> None:
    usual, strange = np.array([900, 90, 10]), np.array([100, 200, 700])
    reference = np.array([0.8, 0.1, 0.1])  # every eighth day is strange
    before = np.stack([strange if day % 8 == 0 else usual for day in range(56)])
    calm, storm = np.stack([usual] * 7), np.stack([usual] * 5 + [strange] * 2)
    assert most_days(calm, before, reference) > 0.1
    assert most_days(storm, before, reference) > 0.1
    assert most_days(np.stack([strange] * 7), before, reference) < 1e-5
    assert most_days(storm[:2], before, reference) == 1, "two days say nothing"


def test_a_change_that_goes_on_does_not_become_the_usual() -> None:
    reference = np.array([0.5, 0.3, 0.2])
    moved = np.stack([np.array([100, 200, 700])] * 56)
    assert most_days(moved[:7], np.concatenate([moved[:5, ::-1], moved[5:]]), reference) < 1e-3
    rows, bad = np.full(7, 1000), np.full(7, 300)
    before = np.concatenate([np.zeros(16), np.full(40, 300)])
    assert rate_moved(bad, rows, before, np.full(56, 1000), 0.05).p < 1e-6
    first_week = rate_moved(bad, rows, np.zeros(0), np.zeros(0), 0.2, often=0.5)
    assert first_week.p > 1e-3, "where the reference has such days, one week of them is none too many"
