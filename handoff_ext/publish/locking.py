"""Writes the exact package lists of a pipeline: what its steps ran on, and what its model needs to answer."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from handoff_ext.contracts.evidence import Environment
from handoff_ext.contracts.progress import Progress, ProgressSink, silent
from handoff_ext.publish.folder import PipelineFolder, open_folder
from handoff_ext.publish.lockscan import refuse_private
from handoff_ext.publish.packing import pack
from handoff_ext.publish.pins import Wheel, local_wheels, pins
from handoff_ext.publish.uv import Unlockable, compile_pins

PIPELINE, SERVING = "requirements.lock", "serving.lock"
PYLOCK = {PIPELINE: "pylock.toml", SERVING: "pylock.serving.toml"}
_FILES = "https://files.pythonhosted.org/"


@dataclass(frozen=True)
class Locks:
    """The two lists, and how many packages each holds, for which Python. ``notes`` say what is special, in
    sentences."""

    requirements: Path
    serving: Path
    packages: int
    serving_packages: int
    python: str = ""
    notes: tuple[str, ...] = ()


def lock(folder: Path, progress: ProgressSink = silent) -> Locks:
    """Write ``requirements.lock`` and ``serving.lock`` with hashes, and the same as ``pylock.toml``.

    The versions are those of the run, not of a fresh resolution; only what mlflow-skinny needs beside is resolved, to
    what this installation of handoff runs on where that fits. Packages from no index travel as wheels in ``wheels/``.

    Raises:
        HandoffError: there is no run, or a package cannot be locked; the sentence names it.
        GateFailed: a list would give away an index, a password or a path of this computer.
    """
    pipeline = open_folder(folder)
    progress(Progress(step="lock", status="running", part="packages of the model"))
    packed = pack(folder)
    ran, served = pipeline.environment, packed.environment()
    wheels = local_wheels(ran, pipeline.folder / "wheels")
    python = ran.executable if Path(ran.executable).exists() else ran.python
    progress(Progress(step="lock", status="running", part="hashes"))
    texts: dict[str, str] = {}
    notes: list[str] = []
    with ThreadPoolExecutor(2) as pool:
        jobs = [
            pool.submit(_pipeline_list, pipeline, ran, wheels, python),
            pool.submit(_serving_list, pipeline, ran, served, wheels, python),
        ]
        for job in jobs:
            try:
                made, said = job.result()
            except Unlockable as error:
                raise _where_from(error, ran) from error
            texts |= made
            notes += said
    for name, text in texts.items():
        refuse_private(text, name)
    from handoff_ext.run.folder import write_text

    for name, text in texts.items():
        if text != _old(pipeline.folder / name):
            write_text(pipeline.folder / name, text)
    for name in sorted(set(PYLOCK.values()) - set(texts)):
        (pipeline.folder / name).unlink(missing_ok=True)
        notes.append(f"{name} is left out: it would name the private index that the packages come from.")
    return Locks(
        requirements=pipeline.folder / PIPELINE,
        serving=pipeline.folder / SERVING,
        packages=len(locked(texts[PIPELINE])),
        serving_packages=len(locked(texts[SERVING])),
        python=ran.python,
        notes=tuple(notes)
        + tuple(f"{wheel.name} {wheel.version} came from no index: travels as a wheel." for wheel in wheels),
    )


def locked(text: str) -> dict[str, str]:
    """Name to version of every package a lock lists; wheels by the name and version in their file's name."""
    found = dict(re.findall(r"^([A-Za-z0-9][\w.-]*)==([^\s\\;]+)", text, re.MULTILINE))
    for name, number in re.findall(r"^\./wheels/([^-\s]+)-([^-\s]+)-\S+\.whl", text, re.MULTILINE):
        found[name.replace("_", "-").lower()] = number
    return found


def _where_from(error: Unlockable, ran: Environment) -> Unlockable:
    """The same error; of a package that conda installed it says so: conda's builds are on no index."""
    conda = {each.name for each in ran.distributions if each.installer == "conda"}
    if error.package.partition("==")[0] not in conda:
        return error
    said = f"{error.package} came from conda, and no package index has it."
    return Unlockable(said, "Install it with pip in the kernel's environment, then run again.", error.package)


def _pipeline_list(
    pipeline: PipelineFolder, ran: Environment, wheels: Sequence[Wheel], python: str
) -> tuple[dict[str, str], list[str]]:
    return _lists(pipeline, PIPELINE, ran, pins(ran.distributions), wheels, python)


def _serving_list(
    pipeline: PipelineFolder, ran: Environment, served: Environment, wheels: Sequence[Wheel], python: str
) -> tuple[dict[str, str], list[str]]:
    ours = version("mlflow-skinny")
    exact = pins(served.distributions)
    names = {each.name for each in served.distributions}
    there = {each.name: each for each in ran.distributions}
    # mlflow.pyfunc speaks pandas, whatever the model takes.
    exact += [pins([there[name]])[0] if name in there else name for name in ("numpy", "pandas") if name not in names]
    carried = [wheel for wheel in wheels if wheel.name in names]
    preferred = _preferred(ran)
    key = _key([*exact, ours, *preferred, python], carried)
    kept = _kept(pipeline, SERVING, key)
    if kept:
        return kept, []
    notes = []
    try:
        text = compile_pins([*exact, f"mlflow-skinny=={ours}"], python, preferred, resolve=True)
    except Unlockable:
        # Older kernels: the newest MLflow that stands beside the model's own packages.
        text = compile_pins([*exact, f"mlflow-skinny<={ours}"], python, preferred, resolve=True)
        notes.append(f"mlflow-skinny {locked(text)['mlflow-skinny']} instead of {ours}: the kernel's packages need it.")
    made = [f"{name}=={number}" for name, number in locked(text).items()]
    return _written(SERVING, ran, text, made, carried, python, key, "what the model needs to answer"), notes


def _lists(
    pipeline: PipelineFolder, name: str, ran: Environment, exact: list[str], wheels: Sequence[Wheel], python: str
) -> tuple[dict[str, str], list[str]]:
    key = _key([*exact, python], wheels)
    kept = _kept(pipeline, name, key)
    if kept:
        return kept, []
    return _written(name, ran, compile_pins(exact, python), exact, wheels, python, key, "what every step ran on"), []


def _written(
    name: str, ran: Environment, text: str, exact: list[str], wheels: Sequence[Wheel], python: str, key: str, what: str
) -> dict[str, str]:
    place = _place(ran)
    where = " ".join(part for name, part in place.items() if name != "python")
    head = (
        f"# Exact package list: {what}. Python {ran.python}, {where}.\n"
        f"# Install in a new environment: pip install --require-hashes -r {name}\n# key {key}\n"
    )
    texts = {name: head + text + "".join(wheel.line + "\n" for wheel in wheels)}
    made_on = "".join(f'{name} = "{part}"\n' for name, part in place.items())
    pylock = compile_pins(exact, python, form="pylock.toml") + "".join(wheel.table for wheel in wheels)
    pylock += f"\n[tool.handoff]\n{made_on}"
    # A private index's addresses are nobody else's business; without addresses the format says nothing.
    if all(url.startswith(_FILES) for url in re.findall(r'url = "([^"]*)"', pylock)):
        texts[PYLOCK[name]] = f"# key {key}\n" + pylock
    return texts


def _place(ran: Environment) -> dict[str, str]:
    """What the list holds for: Python, system and processor, C library, CUDA; what is not known is left out."""
    machine = re.search(r"x86_64|aarch64|arm64|amd64", ran.platform, re.IGNORECASE)
    platform = " ".join([ran.platform.partition("-")[0], *([machine[0]] if machine else [])])
    place = {"python": ran.python, "platform": platform, "libc": ran.libc}
    return {name: part for name, part in place.items() if part} | ({"cuda": f"CUDA {ran.cuda}"} if ran.cuda else {})


def _preferred(ran: Environment) -> list[str]:
    """Versions for what mlflow-skinny needs: the kernel's own, else those that handoff itself runs on."""
    from importlib.metadata import distributions

    ours = {found.metadata["Name"].lower().replace("_", "-"): found.version for found in distributions()}
    kernel = {each.name: each.version for each in ran.distributions if each.direct is None}
    return [f"{name}=={number}" for name, number in sorted({**ours, **kernel}.items()) if name != "handoff-ext"]


def _key(parts: Sequence[str], wheels: Sequence[Wheel]) -> str:
    whole = "\n".join([*sorted(parts), *sorted(wheel.sha256 for wheel in wheels)])
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def _kept(pipeline: PipelineFolder, name: str, key: str) -> dict[str, str]:
    """The lists as they stand, where they were made of the same versions."""
    found = {each: _old(pipeline.folder / each) for each in (name, PYLOCK[name])}
    found = {each: text for each, text in found.items() if f"# key {key}\n" in text}
    return found if name in found else {}


def _old(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
