"""A published model as MLflow loads it: models from code, without handoff_ext."""

import importlib
import json
import os
import sys

import mlflow
import pandas as pd
from mlflow.models import set_model


class HandedOver(mlflow.pyfunc.PythonModel):  # type: ignore[misc, name-defined]
    """Answers tables of rows with tables of answers."""

    def load_context(self, context):  # type: ignore[no-untyped-def]
        """Load the packed model."""
        folder = context.artifacts["model"]
        with open(os.path.join(folder, "model.json"), encoding="utf-8") as file:
            package = json.load(file)["package"]
        sys.path.insert(0, os.path.join(folder, "code"))
        self.served = importlib.import_module(package + ".served").load(folder)

    def predict(self, context, model_input: pd.DataFrame, params=None):  # type: ignore[no-untyped-def]  # noqa: ARG002
        """One row of answers for each row of ``model_input``."""
        return pd.DataFrame(self.served.answer(model_input))


set_model(HandedOver())
