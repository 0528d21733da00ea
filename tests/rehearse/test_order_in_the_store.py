"""What happens in the store, in which order: a model, its rehearsal, one version with all its tags, the alias last."""

from __future__ import annotations

from typing import Any

import mlflow
import pytest
from mlflow import MlflowClient

from handoff_ext.publish import publish
from tests.rehearse.conftest import Handed

CHANGES = ("create", "log_", "finalize", "set_", "delete", "update", "rename", "transition")


def test_one_version_with_all_its_tags_and_the_alias_last(
    handed: Handed, copied: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, dict[str, Any]]] = []

    def watched(name: str, real: Any) -> Any:
        def call(self: MlflowClient, *arguments: Any, **named: Any) -> Any:
            seen.append((name, named))
            return real(self, *arguments, **named)

        return call

    for name in dir(MlflowClient):
        if name.startswith(CHANGES):
            monkeypatch.setattr(MlflowClient, name, watched(name, getattr(MlflowClient, name)))

    def rehearsed(uri: str, *_: object) -> Any:
        assert uri.startswith("models:/m-")
        seen.append(("rehearse", {}))
        return handed.rehearsal

    store = handed.version.tracking_uri
    version = publish(copied, "ordered", store, rehearse=rehearsed)
    names = [name for name, _ in seen]
    assert [name for name in names if name != "create_experiment"] == [
        *("create_logged_model", "log_model_artifacts", "finalize_logged_model", "rehearse", "log_model_artifact"),
        *("create_registered_model", "create_model_version", "set_registered_model_alias"),
    ]
    (given,) = [named for name, named in seen if name == "create_model_version"]
    kept = MlflowClient(store).get_model_version("ordered", str(version.version))
    assert kept.tags == given["tags"]
    for tag in ("owner", "stage", "draft", "parity", "proof", "rehearsed", "rehearsal", "key", "lock", "format"):
        assert kept.tags[f"handoff.{tag}"], tag
    assert kept.description.startswith("---\nlibrary_name:") and "## For those who decide" in kept.description


def test_version_has_signature_and_example_as_mlflow_reads_them(handed: Handed) -> None:
    described = mlflow.models.Model.load(str(handed.files))
    assert described.signature is not None
    assert described.signature.inputs.input_names() == ["distance", "wind", "carrier"]
    assert described.signature.outputs.input_names() == ["prediction", "probability_0", "probability_1"]
    example = described.load_input_example(str(handed.files))
    assert list(example.columns) == ["distance", "wind", "carrier"]
    served = described.get_serving_input(str(handed.files))
    assert '"dataframe_split"' in served
    assert {"model", "profile", "plan", "card", "card_page", "runbook", "reference"} <= set(
        described.flavors["python_function"]["artifacts"]
    )
