"""The plan: read as a form, given back as text, never written."""

from __future__ import annotations

import subprocess

import pytest


@pytest.fixture
def notebook(jp_root_dir, jp_create_notebook):
    jp_create_notebook("a.ipynb")
    subprocess.run(["git", "init", "-q", jp_root_dir], check=True)
    subprocess.run(["git", "config", "user.name", "Ada"], cwd=jp_root_dir, check=True)
    return jp_root_dir / "a.ipynb"


async def test_an_empty_form_with_suggestions_where_there_is_no_plan(ask, notebook):
    status, answer = await ask("GET", "plan", path="a.ipynb")
    assert (status, answer["path"], answer["exists"], answer["problem"]) == (200, "a.handoff.yaml", False, "")
    assert "owner" in answer["schema"]["properties"]
    assert {"field": "owner.name", "value": "Ada", "source": "from git"} in answer["prefill"]
    assert next(field["field"] for field in answer["missing"] if field["blocks"]) == "owner.name"


async def test_answers_become_the_files_text_with_its_comments_and_the_file_stays(ask, notebook):
    file = notebook.with_name("a.handoff.yaml")
    file.write_text("# ours\nowner:\n  name: Ada  # since May\n")
    _, answer = await ask("GET", "plan", path="a.ipynb")
    assert answer["plan"]["owner"]["name"] == "Ada"
    answer["plan"]["owner"]["contact"] = "ada@example.org"
    status, text = await ask("POST", "plan", {"path": "a.ipynb", "plan": answer["plan"]})
    assert status == 200
    assert text["text"] == "# ours\nowner:\n  name: Ada  # since May\n  contact: ada@example.org\n"
    assert "owner.contact" not in [field["field"] for field in text["missing"]]
    assert "contact" not in file.read_text()


async def test_the_open_editors_text_comes_before_the_files(ask, notebook):
    _, text = await ask("POST", "plan", {"path": "a.ipynb", "plan": {}, "text": "# unsaved\n"})
    assert text["text"].startswith("# unsaved\n")


@pytest.mark.parametrize("broken", ["owner: [", "ownr: Ada\n"])
async def test_a_plan_that_cannot_be_read_is_told_and_never_overwritten(ask, notebook, broken):
    notebook.with_name("a.handoff.yaml").write_text(broken)
    status, answer = await ask("GET", "plan", path="a.ipynb")
    assert status == 200 and answer["problem"]
    status, failure = await ask("POST", "plan", {"path": "a.ipynb", "plan": answer["plan"]})
    assert status == 422 and "a.handoff.yaml" in failure["message"] and failure["hint"]


async def test_the_questions_of_a_review_come_with_the_plans_answers_and_where_to_close_a_gap(ask, notebook):
    notebook.with_name("a.handoff.yaml").write_text("owner:\n  name: Ada\n")
    _, answer = await ask("GET", "plan", path="a.ipynb")
    assert [(row["answer"], row["field"]) for row in answer["review"]] == [
        ("Ada", "owner.name"),
        ("", "retraining.trigger"),
        ("", "monitoring.check_every"),
        ("", "change.affected"),
        ("", "operation.cost"),
    ]
    answer["plan"]["operation"] = {"cost": "1 EUR a day", "who_pays": "Operations"}
    _, text = await ask("POST", "plan", {"path": "a.ipynb", "plan": answer["plan"]})
    assert text["review"][-1]["answer"] == "1 EUR a day Operations"
