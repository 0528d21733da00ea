"""``python publish_flights.py FOLDER [URI]``: trains a model and publishes it, as code, to a sqlite store in FOLDER, or
to URI.

FOLDER/facts.json says what the model itself answers. A process of its own: MLflow's warnings are not ours.
"""

import json
import pickle
import sys
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
from mlflow.models import infer_signature
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

MODEL_CODE = """
import os
import pickle
import time

import mlflow


class Late(mlflow.pyfunc.PythonModel):
    def load_context(self, context):
        with open(context.artifacts["model"], "rb") as file:
            self.model = pickle.load(file)

    def predict(self, context, model_input, params=None):
        wind = model_input["wind"]
        if (wind == -1.25).any():
            raise ValueError("wind of %s" % wind.tolist())
        if (wind == -2.25).any():
            os._exit(3)
        if (wind == -3.25).any():
            time.sleep(60)
        return self.model.predict_proba(model_input)[:, 1]


mlflow.models.set_model(Late())
"""
PLAN = """
owner: {name: Ada Lovelace, contact: ada@example.org}
intent: {problem: Connections are missed., decision: Plan gates early.}
limitations: [Not on snow days.]
thresholds: {decision: 0.5}
columns: {distance: {unit: miles}}
"""


def flights(count: int) -> pd.DataFrame:
    rng = np.random.default_rng(7)
    return pd.DataFrame(
        {
            "distance": rng.integers(80, 4984, count),
            "wind": rng.uniform(0, 40, count),
            "carrier": rng.choice(["AA", "DL", "UA"], count),
            "weekend": rng.random(count) < 0.3,
        }
    )


def profile_of(frame: pd.DataFrame) -> dict:
    inputs: dict = {"weekend": {"kind": "boolean", "count": len(frame)}}
    for name in ("distance", "wind"):
        quantiles = {str(share): float(frame[name].quantile(share)) for share in (0.05, 0.25, 0.5, 0.75, 0.95)}
        span = {"min": float(frame[name].min()), "max": float(frame[name].max())}
        inputs[name] = {"kind": "number", "count": len(frame), "quantiles": quantiles, **span}
    inputs["wind"]["missing"] = 1
    inputs["carrier"] = {"kind": "category", "count": len(frame), "categories": {"AA": 5, "DL": 4, "UA": 3}}
    calibration = [{"low": i / 4, "high": (i + 1) / 4, "count": 100, "right": 12 + 25 * i} for i in range(4)]
    return {"version": 1, "rows": len(frame), "inputs": inputs, "calibration": calibration, "target": "late"}


def main(folder: Path, uri: str = "") -> None:
    frame = flights(400)
    late = frame["wind"] + 15 * (frame["carrier"] == "UA") > 30
    encode = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), ["carrier"]),
        (SimpleImputer(), ["distance", "wind", "weekend"]),
    )
    model = make_pipeline(encode, LogisticRegression(max_iter=5000)).fit(frame, late)
    scores = model.predict_proba(frame)[:, 1]
    files = {
        "model": ("model.pkl", pickle.dumps(model)),
        "profile": ("profile.json", json.dumps(profile_of(frame)).encode()),
        "plan": ("plan.yaml", PLAN.encode()),
        "card": ("MODEL_CARD.md", b"# Late flights\n"),
        "runbook": ("RUNBOOK.md", b"# When something is wrong\n"),
    }
    for name, content in files.values():
        (folder / name).write_bytes(content)
    (folder / "model.py").write_text(MODEL_CODE)
    mlflow.set_tracking_uri(uri or f"sqlite:///{folder / 'mlflow.db'}")
    mlflow.create_experiment("flights", artifact_location=(folder / "artifacts").as_uri())
    mlflow.set_experiment("flights")
    logged = mlflow.pyfunc.log_model(
        name="flights",
        python_model=str(folder / "model.py"),
        artifacts={name: str(folder / file) for name, (file, _) in files.items()},
        signature=infer_signature(frame, scores),
        input_example=frame.head(1),
        pip_requirements=["scikit-learn"],
        registered_model_name="flights",
    )
    saved = next((folder / "artifacts").rglob("MLmodel")).parent
    (saved / "requirements.txt").write_bytes((folder / "serving.lock").read_bytes())
    mlflow.MlflowClient().set_registered_model_alias("flights", "champion", "1")
    rows = json.loads(frame.to_json(orient="records", double_precision=15))
    again = model.predict_proba(pd.DataFrame(rows))[:, 1].tolist()
    facts = {"rows": rows, "scores": again, "folder": str(saved), "model_id": logged.model_id}
    (folder / "facts.json").write_text(json.dumps(facts))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])
