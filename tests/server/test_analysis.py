"""The process beside the server."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys

import psutil
import pytest

from handoff_ext.server.analysis.client import Analysis
from handoff_ext.server.failures import AnalysisFailed

SLEEPS = (sys.executable, "-c", "import time; time.sleep(60)")
LEAVES = (sys.executable, "-c", "import sys; sys.stdin.buffer.read(10)")


@pytest.fixture
def log():
    return logging.getLogger("test_analysis")


async def test_it_starts_with_the_first_question_and_stays(services, ask):
    assert services.analysis.pid is None
    await ask("GET", "plan", path="a.ipynb")
    first = services.analysis.pid
    await ask("GET", "plan", path="a.ipynb")
    assert first == services.analysis.pid


async def test_it_starts_again_when_it_has_died(services, ask):
    await ask("GET", "plan", path="a.ipynb")
    first = services.analysis.pid
    os.kill(first, signal.SIGKILL)
    status, _ = await ask("GET", "plan", path="a.ipynb")
    if status == 500:  # the question met the dying process
        status, _ = await ask("GET", "plan", path="a.ipynb")
    assert status == 200
    assert services.analysis.pid not in (None, first)


async def test_questions_wait_for_each_other(services, ask):
    answers = await asyncio.gather(*(ask("GET", "plan", path=f"{name}.ipynb") for name in "abcdef"))
    assert [answer["path"] for _, answer in answers] == [f"{name}.handoff.yaml" for name in "abcdef"]


async def test_an_answer_that_takes_too_long_ends_the_process(log, tmp_path):
    analysis = Analysis(log, 0.2, SLEEPS)
    with pytest.raises(AnalysisFailed, match="took longer"):
        await analysis.ask("check", tmp_path)
    assert analysis.pid is None


async def test_a_process_that_leaves_is_told_in_a_sentence(log, tmp_path):
    analysis = Analysis(log, 20, LEAVES)
    with pytest.raises(AnalysisFailed, match="stopped on this notebook"):
        await analysis.ask("check", tmp_path)
    assert analysis.pid is None


async def test_it_ends_with_the_server(services, ask, jp_serverapp):
    await ask("GET", "plan", path="a.ipynb")
    process = psutil.Process(services.analysis.pid)
    await jp_serverapp.cleanup_extensions()
    assert not process.is_running()


async def test_it_ends_when_the_server_dies(log, tmp_path):
    analysis = Analysis(log, 20)
    await analysis.ask("read_plan", tmp_path, path="a.ipynb")
    analysis._process.stdin.close()  # what the system does for a dead server
    await asyncio.wait_for(analysis._process.wait(), 10)


async def test_what_nobody_foresaw_is_logged_without_its_words(log, tmp_path, caplog):
    analysis = Analysis(log, 20)
    answer = await analysis.ask("read_plan", tmp_path)  # no path: a KeyError
    await analysis.stop()
    assert answer.status == 500 and b"Something went wrong" in answer.body
    assert "KeyError" in caplog.text and "'path'" not in caplog.text
