"""Bad challengers stay out, good ones come in."""

from __future__ import annotations

import numpy as np
import pytest

from handoff_ext.retrain.judging import Rule, groups_of, judge

ROWS = 8000


def errors(rng: np.random.Generator, share: float, rows: int = ROWS) -> np.ndarray:
    return (rng.random(rows) < share).astype(float)


def improved(champion: np.ndarray, rng: np.random.Generator, by: float) -> np.ndarray:
    """Errs less by ``by``, mostly on other rows: what another fit of the same model does."""
    moved = rng.random(len(champion)) < 0.05
    again = np.where(moved, errors(rng, champion.mean(), len(champion)), champion)
    wrong = np.flatnonzero(again)
    mended = rng.choice(wrong, round(by * len(champion)) if by > 0 else 0, replace=False)
    again[mended] = 0
    right = np.flatnonzero(again == 0)
    again[rng.choice(right, round(-by * len(champion)) if by < 0 else 0, replace=False)] = 1
    return again


def groups(rng: np.random.Generator) -> dict[str, np.ndarray]:
    return groups_of({"carrier": rng.choice(["AA", "DL", "UA"], ROWS).tolist(), "wind": rng.gamma(4, 4, ROWS).tolist()})


def bad(kind: int, seed: int) -> bool:
    """Whether one of the bad challengers gets in."""
    rng = np.random.default_rng(seed)
    champion, members = errors(rng, 0.25), groups(rng)
    if kind == 0:  # worse
        challenger = improved(champion, rng, -rng.uniform(0.0, 0.1))
    elif kind == 1:  # leaky: knows nearly all answers
        challenger = errors(rng, rng.uniform(0.0, 0.08))
    elif kind == 2:  # broken: no answer for some rows
        challenger = improved(champion, rng, 0.05)
        challenger[rng.random(ROWS) < rng.uniform(0.001, 0.5)] = np.nan
    elif kind == 3:  # poisoned: better overall, ruined for one group
        challenger = improved(champion, rng, 0.06)
        challenger[members["carrier is UA"] & (rng.random(ROWS) < 0.25)] = 1
    else:  # the same, by another seed
        challenger = improved(champion, rng, 0.0)
    return judge(champion, challenger, members, Rule()).opens


def test_of_a_hundred_bad_challengers_none_is_let_in() -> None:
    assert [seed for seed in range(100) if bad(seed % 5, seed)] == []


def test_of_fifty_good_ones_at_least_nine_in_ten_are() -> None:
    let_in = 0
    for seed in range(50):
        rng = np.random.default_rng(1000 + seed)
        champion = errors(rng, 0.25)
        let_in += judge(champion, improved(champion, rng, rng.uniform(0.02, 0.08)), groups(rng), Rule()).opens
    assert let_in >= 45


def test_the_verdict_says_why() -> None:
    rng = np.random.default_rng(0)
    champion = errors(rng, 0.25)
    few = judge(champion[:50], champion[:50], {}, Rule())
    assert few.reasons[0].startswith("only 50 rows")
    none = judge(champion, np.full(ROWS, np.nan), {}, Rule())
    assert none.reasons == (f"it gave no answer for {ROWS} of {ROWS} rows",)
    same = judge(champion, champion, {}, Rule())
    assert same.reasons == (
        "it is not surely better: +0.0 of 100, between +0.0 of 100 and +0.0 of 100, where +1.0 of 100 are asked for",
    )


def test_numbers_are_judged_in_parts_of_the_error() -> None:
    rng = np.random.default_rng(0)
    champion = np.abs(rng.normal(0, 10, ROWS))
    verdict = judge(champion, champion * 0.9, {}, Rule(), number=True)
    assert verdict.opens and verdict.gain == pytest.approx(0.1)


def test_groups_are_values_and_quarters() -> None:
    found = groups_of({"a": ["x", "y", "x"] * 20, "b": list(range(60)), "c": [f"free {i}" for i in range(60)]})
    assert list(found)[:2] == ["a is x", "a is y"]
    assert len([name for name in found if name.startswith("b ")]) == 4
    assert not [name for name in found if name.startswith("c ")]
    assert sum(members.sum() for name, members in found.items() if name.startswith("b ")) == 60


def test_a_broken_champion_may_be_halved_a_healthy_one_not() -> None:
    rng = np.random.default_rng(0)
    broken, mended = errors(rng, 0.5), errors(rng, 0.2)
    assert judge(broken, mended, {}, Rule(), usual=0.21).opens
    assert "too good" in judge(broken, mended, {}, Rule()).reasons[0]
