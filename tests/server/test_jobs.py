"""Jobs: run, told, queued, cancelled, remembered."""

from __future__ import annotations

import asyncio
import json
import os
import stat
from pathlib import Path

import psutil
import pytest

from handoff_ext.contracts.sidebar import Job
from handoff_ext.server.jobs.events import JOB_EVENT, JOB_SCHEMA, job_schema
from handoff_ext.server.jobs.request import without_login
from handoff_ext.server.jobs.store import JobStore


@pytest.fixture
def notebook(jp_root_dir, jp_create_notebook):
    jp_create_notebook("work/a.ipynb")
    return jp_root_dir / "work" / "a.ipynb"


@pytest.fixture
def start(ask, notebook):
    async def starting(name="done", **more):
        status, job = await ask("POST", "jobs", {"kind": "test-run", "path": "work/a.ipynb", "name": name, **more})
        assert status == 200, job
        return job["id"]

    return starting


@pytest.fixture
def until(ask):
    """The job once it has reached one of the states (and satisfies ``also``)."""

    async def waiting(job_id, *states, also=lambda job: True):
        while True:
            _, answer = await ask("GET", "jobs")
            job = next(job for job in answer["jobs"] if job["id"] == job_id)
            if job["state"] in states and also(job):
                return job
            assert job["state"] not in {"done", "failed", "cancelled"} - set(states), job
            await asyncio.sleep(0.02)

    return waiting


async def test_a_job_runs_to_its_end_and_tells_each_change_as_an_event(jp_serverapp, start, until):
    heard = []

    async def listener(logger, schema_id, data):
        heard.append(data)

    jp_serverapp.event_logger.add_listener(schema_id=JOB_EVENT, listener=listener)
    job = await until(await start(), "done")
    assert job["result"]["verdict"] == "handed over"
    assert [(p["step"], p["part"], p["status"]) for p in job["progress"]] == [
        ("check", "", "ok"),
        ("run", "load", "running"),
    ]
    assert job["seconds"] > 0
    states = [data["state"] for data in heard]
    assert states[0] == "queued" and states[-1] == "done" and "running" in states
    last = {key: value for key, value in heard[-1].items() if not key.startswith("__")}
    assert Job.model_validate(last) == Job.model_validate(job)


@pytest.mark.parametrize(
    ("name", "more", "error"),
    [
        ("gate", {}, "Train failed in cell 14: KeyError."),
        ("sentence", {}, "There is no kernel py27. Choose another."),
        ("killed", {}, "The job was ended from outside (SIGKILL)."),
        ("draft", {}, "The job ended without an answer (exit code 1)."),
    ],
)
async def test_a_failed_job_says_one_sentence(start, until, name, more, error):
    job = await until(await start(name, **more), "failed")
    assert job["error"] == error


async def test_a_bug_is_logged_by_its_place_without_its_words(start, until, caplog):
    job = await until(await start("bug"), "failed")
    assert job["error"] == "The job ended without an answer (exit code 1)."
    assert "exit code 1: KeyError" in caplog.text and "fake_ship.py" in caplog.text
    assert "hunter2" not in caplog.text + str(job)


async def test_a_draft_that_was_published_is_done(start, until):
    job = await until(await start("draft", draft=True, kind="publish"), "done")
    assert job["result"]["verdict"] == "not handed over"


async def test_a_command_that_cannot_start_fails_with_a_sentence(services, start, until):
    services.jobs._argv = lambda request, notebook: ["/no/such/program"]
    job = await until(await start(), "failed")
    assert "could not be started" in job["error"]


async def test_the_next_job_of_a_notebook_waits_and_other_notebooks_do_not(
    ask, start, until, notebook, jp_create_notebook
):
    first, second = await start("wait"), await start("done", kind="publish")
    await until(first, "running")
    jp_create_notebook("other.ipynb")
    _, other = await ask("POST", "jobs", {"kind": "test-run", "path": "other.ipynb"})
    await until(other["id"], "done")
    await until(second, "queued")
    assert await start("done", kind="publish") == second, "the same request twice is one job"
    (notebook.parent / "go").touch()
    await until(first, "done")
    await until(second, "done")
    _, answer = await ask("GET", "jobs")
    assert [job["id"] for job in answer["jobs"]] == [other["id"], second, first], "newest first"


async def test_publishing_waits_for_the_test_run_and_not_for_its_failure(start, until, notebook, ask):
    first, second = await start("wait"), await start("done", kind="publish")
    await until(first, "running")
    await ask("DELETE", f"jobs/{first}")
    await until(first, "cancelled")
    job = await until(second, "failed")
    assert job["error"] == "The test run before it did not succeed, so nothing was published."


@pytest.mark.parametrize("name", ["polite", "deaf"])
async def test_cancelling_ends_the_process_and_all_that_it_started(ask, start, until, notebook, name):
    job_id = await start(name)
    await until(job_id, "running", also=lambda job: job["progress"] and job["progress"][-1]["part"] == "train")
    child = psutil.Process(int((notebook.parent / "child").read_text()))
    status, job = await ask("DELETE", f"jobs/{job_id}")
    assert (status, job["state"]) == (200, "cancelling")
    await until(job_id, "cancelled")
    _, alive = psutil.wait_procs([child], timeout=5)
    assert not alive
    status, failure = await ask("DELETE", f"jobs/{job_id}")
    assert (status, failure["message"]) == (409, "This job has already ended.")


async def test_a_waiting_job_is_cancelled_at_once(ask, start, until, notebook):
    first, second = await start("wait"), await start("gate", kind="publish")
    _, job = await ask("DELETE", f"jobs/{second}")
    assert job["state"] == "cancelled"
    (notebook.parent / "go").touch()
    await until(first, "done")
    await until(second, "cancelled")


async def test_unknown_jobs_and_notebooks_are_not_found(ask, notebook):
    assert (await ask("DELETE", "jobs/00ff"))[0] == 404
    for path in ("b.ipynb", "work", "../a.ipynb", "/etc/passwd"):
        assert (await ask("POST", "jobs", {"kind": "test-run", "path": path}))[0] == 404


async def test_the_server_ends_its_jobs_and_says_so(services, start, until, notebook):
    first, second = await start("deaf"), await start("wait")
    await until(first, "running", also=lambda job: (notebook.parent / "child").exists())
    await services.jobs.stop()
    for job_id in (first, second):
        assert (await until(job_id, "failed"))["error"] == "Jupyter's server stopped while this ran."


async def test_secrets_go_through_the_environment_and_stay_there(services, start, until, jp_serverapp, caplog):
    secret = "hunter2-hunter2"
    services.secrets["work/a.ipynb"] = {"DB_PASSWORD": secret}
    seen = []
    argv = services.jobs._argv
    services.jobs._argv = lambda request, notebook: seen.append(argv(request, notebook)) or seen[-1]
    job = await until(await start("secret"), "failed")
    assert job["error"] == "cannot connect with [removed]"
    assert secret not in json.dumps(seen)
    written = [path for path in Path(jp_serverapp.runtime_dir).rglob("handoff_ext/**/*") if path.is_file()]
    assert written and all(secret not in path.read_text() for path in written)
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in written)
    assert secret not in caplog.text


def test_a_restarted_server_shows_interrupted_jobs_as_failed_and_ends_what_is_left(tmp_path):
    left = psutil.Popen(["sleep", "60"], start_new_session=True)
    job = Job(id="ab", kind="publish", path="a.ipynb", state="running", started="2026-01-01T00:00:00+00:00")
    JobStore(tmp_path, tmp_path).save(job, left.pid)
    assert JobStore(tmp_path, tmp_path).earlier() == [], "a living server's own"
    [written] = (tmp_path / "handoff_ext").rglob("ab.json")
    record = json.loads(written.read_text())
    record["server"]["created"] -= 1000
    written.write_text(json.dumps(record))
    (written.parent / "broken.json").write_text("{")
    [earlier] = JobStore(tmp_path, tmp_path).earlier()
    assert (earlier.state, earlier.error) == ("failed", "Jupyter's server stopped while this ran.")
    assert left.wait(5) == -9
    assert [job.state for job in JobStore(tmp_path, tmp_path).earlier()] == ["failed"]


def test_only_the_newest_ended_jobs_are_remembered(tmp_path):
    store = JobStore(tmp_path, tmp_path)
    for number in range(55):
        job = Job(
            id=f"{number:02x}", kind="publish", path="a.ipynb", state="done", started=f"2026-01-01T00:00:{number:02}"
        )
        store.save(job, os.getpid())
    assert [job.id for job in store.earlier()] == [f"{number:02x}" for number in range(5, 55)]
    assert len(list((tmp_path / "handoff_ext").rglob("*.json"))) == 50


def test_the_events_schema_is_the_contracts():
    assert JOB_SCHEMA.read_text() == job_schema(), "run python -m handoff_ext.server.jobs.events"


@pytest.mark.parametrize(
    ("uri", "shown", "variables"),
    [
        ("http://h:5000/x", "http://h:5000/x", {}),
        (
            "https://me:p%40ss@h:5000/x",
            "https://h:5000/x",
            {"MLFLOW_TRACKING_USERNAME": "me", "MLFLOW_TRACKING_PASSWORD": "p@ss"},
        ),
        ("postgresql://me:pw@h/db", "", {"MLFLOW_TRACKING_URI": "postgresql://me:pw@h/db"}),
        ("sqlite:///mlflow.db", "sqlite:///mlflow.db", {}),
        ("", "", {}),
    ],
)
def test_a_tracking_stores_password_leaves_the_command_line(uri, shown, variables):
    assert without_login(uri) == (shown, variables)
