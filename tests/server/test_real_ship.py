"""The jobs' command line is the real one: ``handoff ship`` takes it, and what it says is understood."""

from __future__ import annotations

import asyncio

import nbformat
import pytest

from handoff_ext.server.jobs.command import ship_argv

MODEL = {
    "import pandas as pd\nfrom sklearn.linear_model import LogisticRegression\n"
    "from sklearn.metrics import accuracy_score": ["imports"],
    'raw = pd.DataFrame({"x": range(60), "late": [n > 29 for n in range(60)]})': ["stage:load"],
    'X, y = raw[["x"]][:40], raw["late"][:40]\nX_test, y_test = raw[["x"]][40:], raw["late"][40:]': ["stage:features"],
    "model = LogisticRegression().fit(X, y)": ["stage:train"],
    "accuracy = accuracy_score(y_test, model.predict(X_test))\nprint(accuracy)": ["stage:evaluate"],
}


@pytest.fixture
def jp_server_config(jp_server_config):
    jp_server_config.HandoffApp.job_argv = ship_argv
    return jp_server_config


@pytest.fixture
def ended(ask, jp_root_dir):
    """The job of a notebook with these cells, once it has ended."""

    async def running(cells, **more):
        document = nbformat.v4.new_notebook(
            cells=[
                nbformat.v4.new_code_cell(source, metadata={"tags": tags}, id=f"c{number}")
                for number, (source, tags) in enumerate(cells.items())
            ]
        )
        nbformat.write(document, jp_root_dir / "-odd name.ipynb")
        _, job = await ask("POST", "jobs", {"path": "-odd name.ipynb", "kind": "test-run", **more})
        while job["state"] not in ("done", "failed", "cancelled"):
            await asyncio.sleep(0.1)
            job = (await ask("GET", "jobs"))[1]["jobs"][0]
        return job

    return running


async def test_its_progress_and_its_verdict_are_understood(ended):
    job = await ended({"a = 1": ["stage:load", "stage:train"]})
    assert job["state"] == "failed"
    assert "two steps" in job["error"], job
    steps = [step["step"] for step in job["result"]["steps"]]
    assert steps[0] == "check" and job["result"]["steps"][-1]["status"] == "failed"
    assert {event["step"] for event in job["progress"]} == set(steps)


async def test_options_are_taken(ended):
    more = {"name": "late", "tracking_uri": "sqlite:///m.db", "draft": True, "model": "rf", "kernel": "python3"}
    job = await ended({"a = 1": ["stage:load", "stage:train"]}, kind="publish", **more)
    assert job["state"] == "failed" and "two steps" in job["error"], job


@pytest.mark.slow
async def test_a_test_run_goes_up_to_parity(ended, ask):
    job = await ended(MODEL)
    assert job["state"] == "done", f"{job}"
    assert [step["step"] for step in job["result"]["steps"]][-1] == "parity"
    assert job["result"]["metric"]["notebook"] == job["result"]["metric"]["pipeline"]
    _, overview = await ask("GET", "overview", path="-odd name.ipynb")
    assert overview["current"] and overview["proof"]["equal"]
    assert overview["expected_seconds"]["test-run"] == job["seconds"]


@pytest.mark.slow
async def test_a_failed_step_leads_to_its_cell(ended):
    job = await ended({**MODEL, "model = LogisticRegression().fit(X, y)": ["stage:train"], "1 / 0": ["stage:train"]})
    assert job["state"] == "failed"
    assert (job["cell_id"], job["executed"].endswith(".ipynb")) == ("c5", True), job
