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

from . import apart, chosen

BATCH = 7


def main(job: dict[str, Any]) -> dict[str, Any]:
    """Ask in each of the job's ``ways``: ``table``, ``rows`` (one by one), ``batches`` (shuffled, of 7).

    The job names ``model`` (the packed folder), ``rows`` (``rows.json``), ``limits`` (of hold-out and of training rows,
    by way; None: all), ``alone`` (how many of the single rows the model too is asked alone; None: all), ``seconds``
    (after which a way stops in any case, None: never), ``share`` (which part of the rows is asked here, of how many),
    ``probe`` (the script that tells what is loaded).

    Returns:
        ``{"answers": {way: {"positions": [...], "outputs": {name: [...]}, "alone": rows, "stopped": bool}}, "facts":
        what this process has loaded}`` or ``{"problem": sentence}``.
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
            if way == "table":
                answers[way] = _ask(model, given, [list(range(len(given["rows"])))], None)
                continue
            parts = batches(way, given, job["limits"][way])[which::of]
            if way == "rows" and "features" in model.described and job["alone"] is not None:
                answers[way] = apart.rows(model, given, parts, job["seconds"], -(-job["alone"] // of))
            else:
                answers[way] = _ask(model, given, parts, job["seconds"])
        except Exception as error:
            return {"problem": "The packed model does not answer (%s): %s." % (way, sentence(error))}
    return {"answers": answers, "facts": runpy.run_path(job["probe"])["facts"]()}


def _load(folder: str) -> Any:
    with open(os.path.join(folder, "model.json"), encoding="utf-8") as file:
        package = json.load(file)["package"]
    sys.path.insert(0, os.path.join(folder, "code"))
    return importlib.import_module(package + ".served").load(folder)


def batches(way: str, given: dict[str, Any], limit: Any) -> list[list[int]]:
    """Positions of the rows that are asked together: each by itself, what is telling first, or seven of any."""
    some = chosen.asked(given, limit)
    if way == "rows":
        early = set(given.get("telling", ()))
        random.Random(3).shuffle(some)
        return [[position] for position in sorted(some, key=lambda each: each not in early)]
    random.Random(7).shuffle(some)
    return [some[start : start + BATCH] for start in range(0, len(some), BATCH)]


def _ask(model: Any, given: dict[str, Any], parts: list[list[int]], seconds: Any) -> dict[str, Any]:
    begun, cpu = time.monotonic(), time.process_time()
    asked: list[int] = []
    outputs: dict[str, list[Any]] = {}
    stopped, alone = False, 0
    for positions in parts:
        if seconds is not None and time.monotonic() - begun > seconds:
            stopped = True
            break
        table = apart.sent(given, positions)
        answered = model.answer(table, inputs=True) if "features" in model.described else model.answer(table)
        for name, values in answered.items():
            outputs.setdefault(name, []).extend(apart.plains(values))
        asked.extend(positions)
        alone += len(positions) == 1
    outputs.pop("in_scope", None)
    used = time.process_time() - cpu
    return {"positions": asked, "outputs": outputs, "cpu_seconds": used, "stopped": stopped, "alone": alone}


def sentence(error: BaseException) -> str:
    """An error in one line."""
    said = " ".join(str(error).split())[:160]
    return "%s: %s" % (type(error).__name__, said) if said else type(error).__name__
