"""A published notebook is trained again on new data: better ones may be promoted, worse ones stay out."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pandas as pd
import pytest

from handoff_ext.plan import plan_text
from handoff_ext.publish.acceptance import accepted_tags
from tests.publish.made import FULL_PLAN

# A whole road and two trainings, each with its clean machine.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
CELLS = [
    ("parameters", 'ORDERS_CSV = "orders.csv"'),
    ("", "import pandas as pd\nfrom sklearn.linear_model import LogisticRegression"),
    ("stage:load", "orders = pd.read_csv(ORDERS_CSV)"),
    (
        "stage:train",
        'X, y = orders[["a", "b"]], orders["late"]\n'
        "cut = int(len(orders) * 0.6)\n"
        "X_train, X_test, y_train, y_test = X[:cut], X[cut:], y[:cut], y[cut:]\n"
        "model = LogisticRegression().fit(X_train, y_train)",
    ),
    ("stage:evaluate", "accuracy = model.score(X_test, y_test)\nprint(accuracy)"),
]


def orders(seed: int, flipped: bool) -> pd.DataFrame:
    """3,000 orders; where flipped, ``a`` means the opposite: the relation itself changed."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"a": rng.normal(size=3000), "b": rng.normal(size=3000)})
    frame["late"] = ((-1 if flipped else 1) * frame["a"] + frame["b"] + rng.normal(size=3000) > 0).astype(int)
    return frame.round(4)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Callable[..., Any]]:
    """Version 1, published, in charge, and a function that runs ``handoff`` there."""
    folder = tmp_path_factory.mktemp("orders")
    cells = []
    for tag, source in CELLS:
        cell = nbformat.v4.new_code_cell(source)
        cell.metadata["tags"] = [tag] if tag else []
        cells.append(cell)
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "orders.ipynb")
    plan = FULL_PLAN.model_copy(deep=True)
    plan.retraining.every = "month"
    (folder / "orders.handoff.yaml").write_text(plan_text(plan))
    orders(0, flipped=False).to_csv(folder / "orders.csv", index=False)
    store = f"sqlite:///{folder / 'mlflow.db'}"

    def handoff(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "handoff_ext", *arguments, "--tracking-uri", store, "--format", "json"]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)

    shipped = handoff("ship", "orders.ipynb", "--name", "orders", "--yes")
    assert shipped.returncode == 0, shipped.stdout + shipped.stderr[-2000:]
    accepted = handoff("accept", "models:/orders/1", "--as", FULL_PLAN.owner.name)
    assert accepted.returncode == 0, accepted.stderr
    assert accepted_tags(FULL_PLAN.owner) == {}
    promoted = handoff("promote", "orders", "--to", "advise", "--approver", "Ravi")
    assert promoted.returncode == 0, promoted.stderr
    return folder, handoff


def test_after_the_relation_changed_a_better_one_may_be_promoted(project) -> None:  # type: ignore[no-untyped-def]
    folder, handoff = project
    orders(1, flipped=True).to_csv(folder / "new.csv", index=False)
    done = handoff("retrain", "orders", "--data", "new.csv", "--by", "a test")
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    said = json.loads(done.stdout)
    assert (said["version"], said["instead_of"], said["gate"], said["promoted"]) == ("2", "1", "open", False)
    assert said["figures"]["challenger's error"] < said["figures"]["champion's error"] - 0.1
    (model,) = json.loads(handoff("status").stdout)["live"]["models"]
    assert (model["version"], model["candidate"]["version"]) == ("1", "2")
    refused = handoff("promote", "orders", "--to", "advise", "--approver", "Ravi")
    assert "has not accepted" in refused.stderr
    assert handoff("accept", "models:/orders/2", "--as", FULL_PLAN.owner.name).returncode == 0
    assert handoff("promote", "orders", "--to", "advise", "--approver", "Ravi").returncode == 0
    assert json.loads(handoff("status").stdout)["live"]["models"][0]["version"] == "2"


def test_one_that_is_no_better_stays_out_and_bad_data_never_runs(project) -> None:  # type: ignore[no-untyped-def]
    folder, handoff = project
    in_charge = json.loads(handoff("status").stdout)["live"]["models"][0]["version"]
    orders(2, flipped=in_charge == "2").to_csv(folder / "same.csv", index=False)
    done = handoff("retrain", "orders", "--data", "same.csv")
    assert done.returncode == 1, done.stdout + done.stderr[-3000:]
    said = json.loads(done.stdout)
    assert "not surely better" in said["gate"]
    refused = handoff("promote", "orders", "--to", "advise", "--approver", "Ravi", "--version", said["version"])
    assert refused.returncode == 1 and "not surely better" in refused.stderr
    pd.DataFrame({"a": [1.0]}).to_csv(folder / "bad.csv", index=False)
    bad = handoff("retrain", "orders", "--data", "bad.csv")
    assert bad.returncode in {1, 2} and bad.stderr.strip().splitlines()[-1].startswith("handoff: ")
    (model,) = json.loads(handoff("status").stdout)["live"]["models"]
    assert model["version"] == in_charge
    assert model["last_decision"]["action"] == "refuse"


def test_a_check_trains_again_when_the_time_is_over(project) -> None:  # type: ignore[no-untyped-def]
    folder, handoff = project
    orders(3, flipped=False).to_csv(folder / "month.csv", index=False)
    before = json.loads(handoff("status").stdout)["live"]["models"][0]
    begun = datetime.datetime.now(datetime.UTC)
    soon, later = (str((begun + datetime.timedelta(days=days)).isoformat()) for days in (1, 40))
    first = handoff("monitor", "orders", "--retrain-with", "month.csv", "--at", soon)
    assert "Trained again" not in first.stderr, "the month is not over"
    done = handoff("monitor", "orders", "--retrain-with", "month.csv", "--at", later)
    assert "Trained again (handoff monitor, every month): orders, version" in done.stderr
    after = json.loads(handoff("status").stdout)["live"]["models"][0]
    assert after["version"] == before["version"], "it only watches"
    assert after["candidate"]["version"] > before["version"]
