"""The page for people who don't code, as a browser without scripts would get it."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from tests.serve.conftest import Published


class Seen(HTMLParser):
    """What a page holds: its form's fields with their values, its ids, what they refer to, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.ids: list[str] = []
        self.referred: set[str] = set()
        self.text = ""
        self._select = self._option = ""
        self._skip = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = dict(attrs)
        self.ids += [given["id"]] if "id" in given else []
        self.referred |= {given[name] for name in ("for", "aria-describedby", "aria-labelledby") if name in given}
        if given.get("href", "").startswith("#"):
            self.referred.add(given["href"][1:])
        if tag == "input" and "name" in given:
            self.fields[given["name"]] = given.get("value", "")
        if tag == "select":
            self._select = given["name"]
        if tag == "option" and ("selected" in given or self._select not in self.fields):
            self._option = self._select
            self.fields[self._select] = given.get("value", "")
        self._skip = tag in {"style", "script"}

    def handle_data(self, data: str) -> None:
        if self._option:
            self.fields[self._option] = data.strip()
            self._option = ""
        if not self._skip:
            self.text += " " + " ".join(data.split())

    def handle_endtag(self, tag: str) -> None:
        self._option = ""


@pytest.fixture
def form(served: httpx.Client) -> Seen:
    response = served.get("/")
    assert response.status_code == 200
    assert "script" not in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]
    return Seen(response.text)


def test_the_form_is_made_from_the_version(form: Seen) -> None:
    # By influence: wind decides, then the carrier; the others hardly count.
    assert list(form.fields)[:2] == ["wind", "carrier"]
    assert form.fields["carrier"] == "AA"
    assert 80 <= int(form.fields["distance"]) <= 4984
    for said in (
        "Plan gates early.",
        "Watches only",
        "Distance: 95 to 4979 miles",
        "Not on snow days.",
        "Ada Lovelace",
    ):
        assert said in form.text
    assert len(form.ids) == len(set(form.ids))
    assert form.referred <= set(form.ids)


def test_the_answer_is_in_words_with_what_would_change_it(served: httpx.Client, form: Seen) -> None:
    response = served.post("/", data={**form.fields, "wind": "39", "carrier": "UA"})
    assert response.status_code == 200
    answer = Seen(response.text)
    assert "Likely late: 9 of 10 such cases were." in answer.text
    assert "100 known cases scored like this." in answer.text
    assert "What would change it" in answer.text
    assert "Wind 2" in answer.text  # the lower end of what is usual
    assert answer.fields["wind"] == "39"
    assert answer.fields["carrier"] == "UA"
    assert answer.referred <= set(answer.ids)


def test_an_unlike_case_is_a_guess(served: httpx.Client, form: Seen) -> None:
    text = Seen(served.post("/", data={**form.fields, "distance": "9000"}).text).text
    assert "Unlike known cases: treat as a guess." in text
    assert "distance: known are 95 to 4979 miles." in text


def test_a_wrong_entry_is_named_at_its_field_and_kept(served: httpx.Client, form: Seen) -> None:
    response = served.post("/", data={**form.fields, "distance": '"><b>far'})
    assert response.status_code == 422
    page = Seen(response.text)
    assert "Please correct 1 field" in page.text
    assert "Please give a whole number, usually 95 to 4979 miles." in page.text
    assert 'aria-invalid="true"' in response.text
    assert page.fields["distance"] == '"><b>far'
    assert "<b>far" not in response.text


def test_a_value_that_may_be_unknown_can_be_left_empty(served: httpx.Client, form: Seen) -> None:
    assert served.post("/", data={**form.fields, "wind": ""}).status_code == 200
    assert served.post("/", data={**form.fields, "distance": ""}).status_code == 422


def test_programs_are_sent_elsewhere(served: httpx.Client) -> None:
    response = served.post("/", json={})
    assert response.status_code == 415
    assert "/predict" in response.json()["hint"]


def test_a_csv_file_comes_back_with_answers(served: httpx.Client, published: Published) -> None:
    rows = [*published.rows[:3], {**published.rows[3], "distance": 9000}]
    lines = [",".join(rows[0])] + [",".join(str(value) for value in row.values()) for row in rows]
    response = served.post("/score", files={"file": ("cases.csv", "\ufeff" + "\n".join(lines), "text/csv")})
    assert response.status_code == 200
    assert response.headers["content-disposition"] == 'attachment; filename="flights-answers.csv"'
    answered = list(csv.DictReader(io.StringIO(response.text)))
    assert [float(row["prediction"]) for row in answered[:3]] == pytest.approx(published.scores[:3])
    assert [row["in_scope"] for row in answered] == ["True", "True", "True", "False"]
    assert [row["distance"] for row in answered] == [str(row["distance"]) for row in rows]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"distance,wind\n1,2", "Row 1, carrier: is missing; give text, usually AA, DL, UA."),
        (b"distance", "The CSV has no rows below its first line."),
        (b"\xff\xfe1", "This file is not UTF-8 text."),
        (b"", "No file was chosen."),
    ],
)
def test_a_csv_file_that_does_not_fit_is_said_on_the_page(served: httpx.Client, content: bytes, said: str) -> None:
    response = served.post("/score", files={"file": ("cases.csv", content, "text/csv")})
    assert response.status_code == 422
    assert said in Seen(response.text).text


def test_was_it_right_is_put_on_record(served: httpx.Client, form: Seen, published: Published) -> None:
    from handoff_ext.ledger.place import ledger_of
    from handoff_ext.ledger.store import Store

    answered = served.post("/", data=form.fields)
    page = Seen(answered.text)
    assert "Was it right?" in page.text and "Asked before (" in page.text
    sent = {"id": page.fields["id"], "truth": "false", "decision": "called in"}
    thanked = served.post("/outcome", data=sent)
    assert f"Noted for answer {sent['id'][:8]}" in Seen(thanked.text).text
    assert "it was: no" in Seen(thanked.text).text
    kept = Store(ledger_of(published.tracking_uri).database).outcomes("flights")[sent["id"]]
    assert (kept.truth, kept.decision) == (False, "called in")
    assert served.post("/outcome", data={"id": "<script>", "truth": "true"}).status_code == 422
