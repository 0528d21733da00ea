"""What docs/scale.md says of other engines: its code is run as it stands there."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest
from uv import find_uv_bin

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.serve.asgi import make
from tests.serve.conftest import Published

PAGE = Path(__file__).parents[2] / "docs" / "scale.md"


def code_below(heading: str) -> str:
    """The first Python block below a heading of the page."""
    found = re.search(rf"## {re.escape(heading)}\n.*?```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert found
    return found.group(1)


@pytest.mark.slow
def test_dask_scores_a_table_as_the_model_does(published: Published, tmp_path: Path) -> None:
    rows = pd.DataFrame(published.rows)
    (tmp_path / "rows").mkdir()
    for place in range(4):
        rows.iloc[place * 100 : place * 100 + 100].to_parquet(tmp_path / "rows" / f"{place}.parquet")
    (tmp_path / "score.py").write_text(code_below("Many rows: Dask"))
    command = [sys.executable, "-W", "ignore", "score.py", str(published.folder), "rows", "scored"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    scored = pd.read_parquet(tmp_path / "scored")
    assert len(list((tmp_path / "scored").glob("*.parquet"))) == 4
    assert scored["answer"].tolist() == pytest.approx(published.scores, rel=1e-12)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java")
def test_spark_scores_a_table_as_the_model_does(published: Published, tmp_path: Path) -> None:
    beside = tmp_path / "pyspark"
    subprocess.run(
        [find_uv_bin(), "pip", "install", "-q", "--python", sys.executable, "--target", str(beside), "pyspark"],
        check=True,
    )
    pd.DataFrame(published.rows).assign(place=range(len(published.rows))).to_parquet(tmp_path / "rows.parquet")
    code = code_below("Many rows: Spark").replace("struct(*rows.columns)", "struct(*rows.drop('place').columns)")
    (tmp_path / "score.py").write_text(code)
    command = [sys.executable, "-W", "ignore", "score.py", str(published.folder), "rows.parquet", "scored"]
    environment = {**os.environ, "PYTHONPATH": str(beside), "SPARK_LOCAL_IP": "127.0.0.1"}
    environment |= {"PYSPARK_PYTHON": sys.executable, "PYSPARK_DRIVER_PYTHON": sys.executable}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    scored = pd.read_parquet(tmp_path / "scored").sort_values("place")
    assert scored["answer"].tolist() == pytest.approx(published.scores, rel=1e-12)


def test_any_asgi_server_gets_the_application(
    published: Published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HANDOFF_SERVE", raising=False)
    with pytest.raises(HandoffError, match="names no model"):
        make()
    monkeypatch.setenv("HANDOFF_SERVE", "models:/flights@champion")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", published.tracking_uri)
    monkeypatch.setenv("HANDOFF_LOG", str(tmp_path))

    async def ask() -> dict[str, Any]:
        app = make()
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client,
        ):
            assert (await client.get("/health")).status_code == 200
            answers: list[dict[str, Any]] = (await client.post("/predict", json=published.rows[0])).json()["answers"]
            return answers[0]

    answer = asyncio.run(ask())
    assert (answer["fallback"], answer["version"]) == (False, "1")
    assert answer["prediction"] == pytest.approx(published.scores[0])
