"""Pipelines that were run, without the cost of running stages: a real model fitted by a kernel's own Python, captured
as a run captures it.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat

from handoff_ext.contracts.evidence import MeasuredMetric, RunRecord, StageRun
from handoff_ext.contracts.pipeline import Manifest, Metric, Model, Rows, Source, Stage
from handoff_ext.contracts.plan import Plan
from handoff_ext.plan import plan_text
from handoff_ext.publish.kernel import PROBE
from handoff_ext.run.environment import environment

DEFINITIONS = '''
import numpy as np


def shorten(frame):
    """A step of the notebook's own."""
    frame = frame.copy()
    frame["distance"] = np.log1p(frame["distance"])
    return frame
'''

FLIGHTS = """
import numpy as np, pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from definitions import shorten

draw = np.random.RandomState(0)
n = 1500
X = pd.DataFrame({
    "distance": draw.randint(80, 5000, n),
    "wind": np.where(draw.rand(n) < 0.05, np.nan, draw.normal(10, 3, n)),
    "carrier": draw.choice(["AA", "UA", "DL"], n),
})
y = (X["distance"] / 5000 + (X["carrier"] == "AA") + draw.normal(0, 0.5, n) > 1).astype(int)
model = make_pipeline(
    FunctionTransformer(shorten),
    make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), ["carrier"]),
        (make_pipeline(__import__("sklearn.impute").impute.SimpleImputer(), StandardScaler()), ["distance", "wind"]),
    ),
    LogisticRegression(),
)
train_x, train_y, holdout_x, holdout_y = X[:1000], y[:1000], X[1000:], y[1000:]
model.fit(train_x, train_y)
methods = ["predict", "predict_proba"]
"""

_CAPTURE = """
import json, os, runpy, sys
sys.path.insert(0, sys.argv[1])
exec(compile(open(sys.argv[2]).read(), "cell", "exec"))
capture = runpy.run_path(sys.argv[3])
kept = {"model": model, "train_x": train_x, "train_y": train_y, "holdout_x": holdout_x, "holdout_y": holdout_y}
kept["predictions"] = {method: getattr(model, method)(holdout_x) for method in methods}
capture["write"](sys.argv[4], capture["dump"](kept))
json.dump(runpy.run_path(sys.argv[5])["facts"](), sys.stdout)
"""

FULL_PLAN = Plan.model_validate(
    {
        "owner": {"name": "Maya Okafor", "contact": "maya@example.org"},
        "intent": {"decision": "How many people to call in", "good_outcome": "Fewer missed connections"},
        "limitations": ["Not on days when the airport closes."],
        "thresholds": {"decision": 0.35, "normal_low": 0.0, "normal_high": 1.0},
        "fallback": {"kind": "person"},
        "monitoring": {"check_every": "daily", "truth_after_days": 1},
        "change": {"affected": "Duty managers"},
    }
)


def make(
    parent: Path,
    code: str = FLIGHTS,
    python: str = sys.executable,
    methods: tuple[str, ...] = ("predict", "predict_proba"),
    definitions: str = DEFINITIONS,
    plan: Plan | None = FULL_PLAN,
    name: str = "flights",
) -> Path:
    """A pipeline's folder below ``parent``, beside its notebook and plan, as a run leaves it."""
    folder = parent / f"{name}_pipeline"
    run_dir = folder / "run" / "model"
    for each in (run_dir, folder / "stages", folder / "evidence"):
        each.mkdir(parents=True)
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Flights\n\nWhich flights arrive late?"),
            nbformat.v4.new_code_cell(code),
        ]
    )
    nbformat.write(notebook, parent / f"{name}.ipynb")
    nbformat.write(notebook, folder / "stages" / "30_train.ipynb")
    (folder / "definitions.py").write_text(definitions)
    (folder / "data.csv").write_text("a\n1\n")
    if plan:
        (parent / f"{name}.handoff.yaml").write_text(plan_text(plan))
    (run_dir / "cell.py").write_text(code)
    capture = PROBE.with_name("capture.py")
    arguments = [folder, run_dir / "cell.py", capture, run_dir / "capture.pkl", PROBE]
    variables = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    done = subprocess.run(
        [python, "-c", _CAPTURE, *map(str, arguments)], capture_output=True, text=True, check=False, env=variables
    )
    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    manifest = Manifest(
        name=name,
        source=Source(notebook=f"../{name}.ipynb", hash="sha256:" + hashlib.sha256(code.encode()).hexdigest()),
        stages=[Stage(name="train", notebook="stages/30_train.ipynb")],
        model=Model(
            variable="model",
            stage="train",
            cell_id="c1",
            methods=list(methods),
            train=Rows(stage="train", cell_id="c1", x="train_x", y="train_y"),
            holdout=Rows(stage="train", cell_id="c1", x="holdout_x", y="holdout_y"),
        ),
        metrics=[Metric(name="accuracy", expression="0.8", stage="train", cell_id="c1")],
    )
    (folder / "pipeline.yaml").write_text(manifest.model_dump_json())
    record = RunRecord(
        hash="sha256:00",
        parameters={"run_dir": "run"},
        stages=[StageRun(name="train", status="ok", seconds=1.0, notebook="run/executed/30_train.ipynb")],
        metrics=[MeasuredMetric(name="accuracy", pipeline=0.8, notebook=0.8)],
        environment=environment(facts),
        inputs={"data": "sha256:" + hashlib.sha256(b"a\n1\n").hexdigest()},
    )
    (folder / "evidence" / "run.json").write_text(record.model_dump_json())
    return folder
