"""A service follows its alias in the registry, without a restart and without a gap."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from handoff_ext.serve.registry import fetch
from handoff_ext.serve.serving import Serving
from tests.serve.conftest import Published

PROMOTE = """
import mlflow, sys
mlflow.set_tracking_uri(sys.argv[1])
client = mlflow.MlflowClient()
first = client.get_model_version("flights", "1")
second = client.create_model_version("flights", first.source, model_id=first.model_id, tags={"handoff.stage": "decide"})
client.set_registered_model_alias("flights", "champion", second.version)
"""


@pytest.mark.slow
def test_a_new_version_is_taken_once_it_answers(published: Published, tmp_path: Path) -> None:
    store = tmp_path / "mlflow.db"
    store.write_bytes(Path(published.tracking_uri.removeprefix("sqlite:///")).read_bytes())
    uri = f"sqlite:///{store}"

    async def follow() -> list[tuple[str, str]]:
        serving = Serving(fetch("models:/flights@champion", uri), tracking_uri=uri, every=0.2)
        serving.start()
        assert await serving.engine.model.settled(60) == "ready"
        promote = [sys.executable, "-W", "ignore", "-c", PROMOTE, uri]
        await asyncio.to_thread(subprocess.run, promote, check=True, capture_output=True)
        said = []
        async with asyncio.timeout(60):
            while not said or said[-1] != ("2", "decide"):
                answer = (await serving.engine.answer([published.rows[0]])).answers[0]
                assert not answer.fallback
                if not said or said[-1] != (answer.version, answer.stage):
                    said.append((answer.version, answer.stage))
                await asyncio.sleep(0.02)
        await serving.stop()
        return said

    assert asyncio.run(follow()) == [("1", "shadow"), ("2", "decide")]
