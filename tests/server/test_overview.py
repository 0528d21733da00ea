"""The overview of a saved notebook: from real files of a pipeline, and what its kernel lacks."""

from __future__ import annotations

import json

import nbformat
import pytest

from handoff_ext.contracts.evidence import MeasuredMetric, Proof, RunRecord, StageRun
from handoff_ext.contracts.shipping import Shipped, Step
from handoff_ext.contracts.sidebar import Job, Overview
from handoff_ext.pipeline import extract
from handoff_ext.server.jobs.place import Place, place_of_failure

IMPORTS = """import pandas as pd
import surely_not_installed
from google.colab import drive
from . import beside
try:
    import neither
except ImportError:
    pass"""
SOURCES = {
    IMPORTS: [],
    'raw = pd.read_csv("flights.csv")': ["stage:load"],
    "mean = raw.mean()": ["stage:train"],
}


@pytest.fixture
def notebook(jp_root_dir):
    cells = [
        nbformat.v4.new_code_cell(source, metadata={"tags": tags}, id=f"c{number}")
        for number, (source, tags) in enumerate(SOURCES.items())
    ]
    path = jp_root_dir / "work" / "flights 2013.ipynb"
    path.parent.mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


@pytest.fixture
def overview(ask):
    async def asking(path="work/flights 2013.ipynb", **more):
        status, answer = await ask("GET", "overview", path=path, **more)
        assert status == 200, answer
        return Overview.model_validate(answer)

    return asking


def edit(path, index, source):
    document = nbformat.read(path, 4)
    document.cells[index].source = source
    nbformat.write(document, path)


def record(folder, **more):
    stages = [
        StageRun(name="load", status="ok", seconds=1.5, notebook="run/executed/10_load.ipynb"),
        StageRun(name="train", status="failed", seconds=2.0, notebook="run/executed/20_train.ipynb", cell_id="c2"),
    ]
    (folder / "evidence").mkdir(exist_ok=True)
    run = RunRecord(
        hash="x", stages=stages, metrics=[MeasuredMetric(name="auc", pipeline=0.7)], proof=Proof(equal=True), **more
    )
    (folder / "evidence" / "run.json").write_text(run.model_dump_json())


async def test_a_notebook_with_nothing_beside_it(overview, notebook, ask):
    answer = await overview()
    assert (answer.pipeline, answer.current, answer.stages, answer.published) == ("", False, [], None)
    assert (answer.model_name, answer.tracking_uri) == ("flights_2013", "")
    assert (await ask("GET", "overview", path="none.ipynb"))[0] == 404


async def test_what_the_notebooks_kernel_lacks(overview, notebook):
    answer = await overview(kernel="python3")
    assert answer.lacks == ["surely-not-installed"]
    assert answer.install.endswith("-m pip install surely-not-installed")
    assert (await overview(kernel="no-such-kernel")).lacks == []


async def test_its_pipeline_is_current_until_the_notebook_changes(overview, notebook):
    extract(notebook)
    folder = notebook.parent / "flights 2013_pipeline"
    assert folder.is_dir()
    record(folder)
    answer = await overview()
    assert (answer.pipeline, answer.current) == ("work/flights 2013_pipeline", True)
    assert [stage.name for stage in answer.stages] == ["load", "train"]
    assert answer.metrics[0].name == "auc" and answer.proof.equal
    assert answer.expected_seconds == {"run": 3.5}
    edit(notebook, 2, "mean = raw.median()")
    assert not (await overview()).current
    (folder / "pipeline.yaml").write_text("{")
    (folder / "evidence" / "run.json").write_text("{")
    answer = await overview()
    assert (answer.pipeline, answer.stages) == ("", [])


async def test_the_published_version_its_papers_and_how_stale_it_is(overview, notebook):
    extract(notebook)
    folder = notebook.parent / "flights 2013_pipeline"
    (folder / "evidence").mkdir(exist_ok=True)
    version = {
        "name": "late",
        "version": 2,
        "uri": "models:/late/2",
        "tracking_uri": f"sqlite:///{notebook.parent / 'mlflow.db'}",
        "model_uri": "models:/m-0a1b",
        "draft": False,
        "rehearsed": True,
    }
    (folder / "evidence" / "published.json").write_text(json.dumps(version))
    kept = notebook.parent / "mlruns" / "late" / "models" / "m-0a1b" / "artifacts"
    (kept / "artifacts").mkdir(parents=True)
    for name in ("artifacts/card.html", "artifacts/RUNBOOK.md", "requirements.txt"):
        (kept / name).write_text("x")
    (kept / "notebook.ipynb").write_bytes(notebook.read_bytes())
    found = {
        "model_uri": "models:/m-0a1b",
        "predicts": {"passed": True, "compared_values": 1503, "max_difference": 2e-16},
        "retrains": {"reason": "Not tried: only on the author's computer: data."},
        "isolated": {"network": True, "home": True, "folder": False},
        "steps": {"environment": 3.21, "predicting": 9.5, "predicting: http": 0.4},
    }
    (folder / "evidence" / "rehearsal.json").write_text(json.dumps(found))
    published = (await overview()).published
    assert published.tested == [
        "Predicts: passed, 1,503 values compared, largest difference 2e-16.",
        "Retrains: not tried: only on the author's computer: data.",
        "Cut off: network, home; not cut off: folder",
        "Took: environment 3.2 s, predicting 9.5 s",
    ]
    base = "work/mlruns/late/models/m-0a1b/artifacts"
    assert (published.card, published.lock) == (f"{base}/artifacts/card.html", f"{base}/requirements.txt")
    assert (published.runbook, published.web, published.stale_cells) == (f"{base}/artifacts/RUNBOOK.md", "", 0)
    edit(notebook, 1, "raw = None")
    edit(notebook, 2, "mean = None")
    answer = await overview()
    assert answer.published.stale_cells == 2
    assert (answer.model_name, answer.tracking_uri) == ("late", ""), "the default store needs no name"
    version["tracking_uri"] = "https://mlflow.example.org"
    version["model_uri"] = "models:/m-elsewhere"
    (folder / "evidence" / "published.json").write_text(json.dumps(version))
    answer = await overview()
    assert answer.tracking_uri == "https://mlflow.example.org"
    assert answer.published.web == "https://mlflow.example.org/#/models/late/versions/2"
    assert (answer.published.card, answer.published.stale_cells) == ("", 1)
    assert answer.published.tested == [], "of another model"


async def test_how_long_it_took_last_time(overview, notebook, services):
    steps = [Step(step="run", status="ok", seconds=7), Step(step="prove", status="failed", seconds=9)]
    job = Job(
        id="0a", kind="test-run", path="work/flights 2013.ipynb", state="done", seconds=20, result=Shipped(steps=steps)
    )
    services.jobs._store.save(job, None)
    assert (await overview()).expected_seconds == {"run": 7, "test-run": 20}


def test_a_failed_job_leads_to_the_cell_and_the_executed_step(notebook, jp_root_dir):
    folder = notebook.parent / "flights 2013_pipeline"
    (folder / "run" / "executed").mkdir(parents=True)
    record(folder)
    written = (folder / "evidence" / "run.json").stat().st_mtime
    assert place_of_failure(jp_root_dir, notebook, written) == Place("c2", "")
    (folder / "run" / "executed" / "20_train.ipynb").write_text("{}")
    place = place_of_failure(jp_root_dir, notebook, written)
    assert place.executed == "work/flights 2013_pipeline/run/executed/20_train.ipynb"
    assert place_of_failure(jp_root_dir, notebook, written + 1) == Place(), "of an earlier run"
    assert place_of_failure(jp_root_dir, jp_root_dir / "other.ipynb", 0) == Place()
