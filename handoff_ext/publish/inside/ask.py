"""Asks a packed model, loaded in this fresh process, through JSON rows as serving does."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import random
import runpy
import sys
import time
import warnings
from typing import Any

from . import apart

BATCH = 7


def main(job: dict[str, Any]) -> dict[str, Any]:
    """Ask in each of the job's ``ways``: ``table``, ``rows`` (one by one), ``batches`` (shuffled, of 7).

    The job names ``model`` (the packed folder), ``rows`` (``rows.json``), ``limit`` (rows asked one by one or in
    batches), ``seconds`` (a way, but ``least`` rows in any case; what is not reached is not answered), ``share`` (which
    part of the rows is asked one by one here, of how many), ``probe`` (the script that tells what is loaded).

    Returns:
        ``{"answers": {way: {"positions": [...], "outputs": {name: [...]}}}, "facts": what this process has
        loaded}`` or ``{"problem": sentence}``.
    """
    warnings.simplefilter("ignore")
    try:
        model = _load(job["model"])
    except Exception as error:
        return {"problem": "The packed model does not load in a fresh process: %s." % sentence(error)}
    with open(job["rows"], encoding="utf-8") as file:
        given = json.load(file)
    answers = {}
    which, of = job.get("share", (0, 1))
    for way in job["ways"]:
        try:
            parts, least = batches(way, len(given["rows"]), job["limit"]), job["least"]
            if way == "rows":
                parts, least = parts[which::of], -(-least // of)
            alone = way == "rows" and "features" in model.described
            ask = apart.rows if alone else _ask
            answers[way] = ask(model, given, parts, job["seconds"], least)
        except Exception as error:
            return {"problem": "The packed model does not answer (%s): %s." % (way, sentence(error))}
    return {"answers": answers, "facts": runpy.run_path(job["probe"])["facts"]()}


def _load(folder: str) -> Any:
    with open(os.path.join(folder, "model.json"), encoding="utf-8") as file:
        package = json.load(file)["package"]
    sys.path.insert(0, os.path.join(folder, "code"))
    return importlib.import_module(package + ".served").load(folder)


def batches(way: str, total: int, limit: int) -> list[list[int]]:
    """Positions of the rows that are asked together."""
    if way == "table":
        return [list(range(total))]
    first = list(range(min(total, limit)))
    if way == "rows":
        random.Random(3).shuffle(first)  # where time runs out, rows from everywhere were asked
        return [[position] for position in first]
    random.Random(7).shuffle(first)
    return [first[start : start + BATCH] for start in range(0, len(first), BATCH)]


def _ask(model: Any, given: dict[str, Any], parts: list[list[int]], seconds: float, least: int) -> dict[str, Any]:
    begun, cpu = time.monotonic(), time.process_time()
    asked: list[int] = []
    outputs: dict[str, list[Any]] = {}
    for positions in parts:
        if len(asked) >= least and time.monotonic() - begun > seconds:
            break
        table = apart.sent(given, positions)
        answered = model.answer(table, inputs=True) if "features" in model.described else model.answer(table)
        for name, values in answered.items():
            outputs.setdefault(name, []).extend(apart.plain(value) for value in values)
        asked.extend(positions)
    outputs.pop("in_scope", None)
    return {"positions": asked, "outputs": outputs, "cpu_seconds": time.process_time() - cpu}


def sentence(error: BaseException) -> str:
    """An error in one line."""
    said = " ".join(str(error).split())[:160]
    return "%s: %s" % (type(error).__name__, said) if said else type(error).__name__
