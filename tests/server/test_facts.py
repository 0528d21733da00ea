"""Steps beside the running kernel: what it is asked, what it leaves as it was, what is said of it."""

from __future__ import annotations

import ast
import json
import textwrap
from contextlib import asynccontextmanager

import pytest
from jupyter_client.manager import start_new_async_kernel

from handoff_ext.contracts.facts import KernelFacts, SharedFact, VariableFact
from handoff_ext.contracts.sidebar import FactsRequest
from handoff_ext.server.analysis.notebooks import Notebooks
from handoff_ext.server.inside import variables as inside
from handoff_ext.server.livekernel import expression

SOURCES = {
    "a": "import numpy as np\nimport helper\nbase = np.arange(6.0)\nview = helper.first(base)\nlines = helper.lines()",
    "b": "view[0] = 99",
    "c": "total = base.sum()\nprint(total, view, list(lines))",
}
TAGS = {"a": ["stage:load"], "b": ["stage:features"], "c": ["stage:train"]}


def request(kernel_id="", sources=SOURCES, tags=TAGS):
    cells = [{"id": key, "kind": "code", "source": text, "tags": tags[key]} for key, text in sources.items()]
    return {"notebook": {"path": "a.ipynb", "order": list(sources), "changed": cells}, "kernel_id": kernel_id}


@pytest.fixture
def compared(tmp_path):
    """The warnings of the notebook above, for these facts."""

    def comparing(*facts, sources=SOURCES, tags=TAGS):
        told = KernelFacts(
            variables=[fact for fact in facts if isinstance(fact, VariableFact)],
            shared=[fact for fact in facts if isinstance(fact, SharedFact)],
        )
        asked = FactsRequest(**request(sources=sources, tags=tags))
        answer = Notebooks().facts(tmp_path, asked, told.model_dump_json())
        return [(each.stage, each.variable, each.text) for each in answer.warnings]

    return comparing


class TestWarnings:
    def test_a_variable_that_cannot_be_saved(self, compared):
        fact = VariableFact(name="lines", type="generator", saved="no", error="TypeError: cannot pickle it")
        [(stage, name, text)] = compared(fact)
        assert (stage, name) == ("train", "lines")
        assert text == (
            "`lines` (generator) goes from Load to Train, but cannot be saved: TypeError: cannot pickle it. "
            "Give the cells that make and use it one step."
        )

    def test_one_that_is_large(self, compared):
        [(_, _, text)] = compared(VariableFact(name="lines", type="list", bytes=1_200_000_000))
        assert "goes from Load to Train with 1.2 GB at every run" in text

    def test_fine_ones_give_none(self, compared):
        assert compared(VariableFact(name="lines", type="list", bytes=9), VariableFact(name="other", type="x")) == []

    def test_arrays_that_share_memory_where_one_is_changed(self, compared):
        [(stage, name, text)] = compared(SharedFact(one="base", other="view", how="memory"))
        assert (stage, name) == ("train", "base")
        assert text == (
            "`view` and `base` share memory in the running kernel. Cell 2 (Prepare) may change `view`, and Train would "
            "not see that in its `base`. Give those cells one step."
        )

    def test_shared_objects_that_travel_together_give_none(self, compared):
        sources = {"a": "import helper\none, other = helper.two()", "b": "one.append(1)\nresult = other"}
        tags = {"a": ["stage:load"], "b": ["stage:train"]}
        pair = SharedFact(one="one", other="other", how="part")
        assert compared(pair, sources=sources, tags=tags) == []
        assert compared(pair.model_copy(update={"how": "memory"}), sources=sources, tags=tags)


async def value_of(client, text):
    """What an expression is, as text, asked silently."""
    content = await ask_kernel(client, "", silent=True, store_history=False, user_expressions={"it": text})
    return content["user_expressions"]["it"]["data"]["text/plain"]


NOTEBOOK = """
import threading
import numpy as np
base = np.arange(6.0)
view = base[:3]
class Own:
    saved = 0
    def __getstate__(self):
        Own.saved += 1
        return {"lock": threading.Lock()} if self.locked else {}
locked, free = Own(), Own()
locked.locked, free.locked = True, False
lines = (line for line in "ab")
shared = [1]
left, right = {"in": shared}, {"in": shared}
rule = lambda x: x + base.sum()
made = [lambda: 1, Own]
"""


@asynccontextmanager
async def running_kernel():
    manager, client = await start_new_async_kernel(extra_arguments=["--HistoryManager.enabled=False"])
    try:
        yield client
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)


async def ask_kernel(client, code, **more):
    identity = client.execute(code, **more)
    while (reply := await client.get_shell_msg(timeout=60))["parent_header"].get("msg_id") != identity:
        pass
    assert reply["content"]["status"] == "ok", reply["content"]
    return reply["content"]


async def test_the_kernel_tells_and_stays_as_it_was():
    names = ["base", "view", "locked", "free", "lines", "left", "right", "rule", "made", "nowhere"]
    state = "(sorted(globals()), len(In), list(Out), Own.saved, get_ipython().execution_count)"
    async with running_kernel() as kernel:
        await ask_kernel(kernel, NOTEBOOK)
        before = await value_of(kernel, state)
        told = KernelFacts.model_validate_json(ast.literal_eval(await value_of(kernel, expression(names))))
        assert await value_of(kernel, state) == before
        assert await value_of(kernel, "next(lines)") == "'a'"
    facts = {fact.name: fact for fact in told.variables}
    assert list(facts) == names[:-1]
    assert (facts["base"].type, facts["base"].saved, facts["base"].bytes >= 48) == ("numpy.ndarray", "yes", True)
    assert [facts[name].saved for name in ("free", "rule", "made", "locked", "lines")] == ["yes"] * 3 + ["no"] * 2
    assert "lock" in facts["locked"].error and facts["lines"].type == "generator"
    pairs = {(pair.one, pair.other, pair.how) for pair in told.shared}
    assert pairs == {("base", "view", "memory"), ("left", "right", "part")}


def told(source, *names, seconds=5.0, limit=10**9):
    """What is said of variables that these lines make, in this process."""
    namespace: dict = {}
    exec(textwrap.dedent(source), namespace)
    answer = json.loads(inside.facts(namespace, list(names), seconds, limit))
    return {each["name"]: each for each in answer["variables"]}, answer["shared"]


def test_too_much_is_not_tried_to_the_end():
    assert told("big = bytes(10**6)", "big", limit=10**5)[0]["big"]["saved"] == "large"
    facts, _ = told(
        """
        import time
        class Slow:
            def __reduce__(self):
                time.sleep(30)
                return str, ("",)
        slow, after = Slow(), 1
        """,
        "slow",
        "after",
        seconds=0.0,
    )
    assert facts["slow"]["saved"] == "slow"


def test_code_of_the_users_classes_is_not_run_to_look_inside():
    _, shared = told(
        """
        class Touchy(dict):
            def boom(self, *_):
                raise RuntimeError("run")
            values = items = __iter__ = __getattribute__ = __len__ = __eq__ = __hash__ = boom
        one, other = Touchy(), Touchy()
        dict.__setitem__(one, "x", [1])
        dict.__setitem__(other, "x", dict.__getitem__(one, "x"))
        """,
        "one",
        "other",
    )
    assert shared == [{"one": "one", "other": "other", "how": "part"}]


def test_tables_of_pandas_share_only_where_a_change_shows():
    _, shared = told(
        """
        import pandas as pd
        table = pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]})
        same, apart, part = table, table.copy(), table["a"]
        """,
        "table",
        "same",
        "apart",
    )
    assert shared == [{"one": "table", "other": "same", "how": "same"}]


async def test_the_route_says_kindly_that_no_kernel_runs(ask):
    for kernel_id in ("", "0" * 8):
        status, failure = await ask("POST", "facts", request(kernel_id))
        assert status == 422
        assert failure == {
            "message": "No kernel runs for this notebook.",
            "hint": "Run the notebook's cells, then check again.",
        }


async def test_the_route_asks_the_notebooks_kernel(ask, jp_serverapp):
    manager = jp_serverapp.kernel_manager
    kernel_id = await manager.start_kernel()
    try:
        client = manager.get_kernel(kernel_id).client()
        client.start_channels()
        await client.wait_for_ready(timeout=60)
        await ask_kernel(client, "lines = (line for line in 'ab')")
        client.stop_channels()
        status, answer = await ask("POST", "facts", request(kernel_id))
    finally:
        await manager.shutdown_kernel(kernel_id, now=True)
    assert status == 200
    assert answer["checked"] == 1 and answer["unmade"] == ["base", "view"]
    [warning] = answer["warnings"]
    assert warning["variable"] == "lines" and "cannot be saved" in warning["text"]
