"""Which rows are asked one by one where there are too many: the rare ones, others from everywhere."""

from __future__ import annotations

from typing import Any

from handoff_ext.publish.inside import ask, chosen

TOTAL = 1_000


def _given() -> dict[str, Any]:
    rows: list[list[Any]] = [[float(index % 50), "usual", index % 2 == 0] for index in range(TOTAL)]
    rows[321][0], rows[322][0], rows[323][0] = None, -7.0, 1e6
    rows[654][1], rows[655][1] = "seldom", None
    telling = chosen.telling([list(column) for column in zip(*rows, strict=True)])
    which = ["hold-out"] * (TOTAL - 100) + ["training"] * 100
    return {"rows": rows, "which": which, "telling": telling}


RARE = {321, 322, 323, 654, 655}


def test_gaps_extremes_and_rare_choices_are_among_few_rows() -> None:
    given = _given()
    asked = chosen.asked(given, 60)
    assert set(asked) >= RARE
    assert len(asked) == len(set(asked)) == 120
    held = sorted(set(asked) - RARE)
    assert sum(given["which"][each] == "training" for each in asked) == 60
    assert all(any(start <= each < start + 100 for each in held) for start in range(0, TOTAL, 100))
    assert chosen.asked(given, 60) == asked


def test_all_are_asked_where_there_are_few_or_no_bound() -> None:
    given = _given()
    assert sorted(chosen.asked(given, None)) == list(range(TOTAL)) == sorted(chosen.asked(given, TOTAL))
    assert sorted(chosen.asked({"rows": given["rows"]}, 10)) == [100 * each for each in range(10)]


def test_rare_rows_come_first_one_by_one_and_batches_are_mixed() -> None:
    given = _given()
    singles = [position for [position] in ask.batches("rows", given, 60)]
    telling = [position for position in singles if position in given["telling"]]
    assert singles[: len(telling)] == telling and set(telling) >= RARE
    together = ask.batches("batches", given, None)
    assert sorted(position for part in together for position in part) == list(range(TOTAL))
    assert {len(part) for part in together[:-1]} == {7}
    assert any(max(part) - min(part) > 500 for part in together)


def test_rows_that_are_no_plain_values_tell_nothing() -> None:
    assert chosen.telling([[[1.0], [2.0]], [[], []]]) == []
    assert chosen.telling([]) == []
    assert set(chosen.telling([["long", "s", "middle"]])) == {0, 1, 2}
