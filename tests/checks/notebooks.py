"""Small notebooks and values in the shape of secrets, made when the tests run."""

from __future__ import annotations

import random
import string
from pathlib import Path
from typing import Any

from handoff_ext.cells.model import Notebook
from handoff_ext.cells.read import from_json
from handoff_ext.checks import Checker
from handoff_ext.checks.settings import Settings
from handoff_ext.contracts.finding import Finding

LETTERS = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
CHECKER = Checker()


def made_up(length: int, alphabet: str = LETTERS, seed: int = 7) -> str:
    """A random text, the same in every run."""
    rng = random.Random(f"{length}{alphabet}{seed}")
    text = "".join(rng.choice(alphabet) for _ in range(length))
    digit = "7" if "7" in alphabet else ""
    return digit + text[len(digit) :]


def code(source: str, output: str = "", count: int | None = None, **metadata: Any) -> dict[str, Any]:
    outputs = [{"output_type": "stream", "name": "stdout", "text": output}] if output else []
    return {
        "cell_type": "code", "metadata": metadata, "source": source, "outputs": outputs, "execution_count": count,
    }  # fmt: skip


def markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def raw_of(*cells: str | dict[str, Any], language: str = "python", **metadata: Any) -> dict[str, Any]:
    made = [code(cell) if isinstance(cell, str) else dict(cell) for cell in cells]
    for index, cell in enumerate(made):
        cell.setdefault("id", f"c{index}")
    return {
        "nbformat": 4, "nbformat_minor": 5, "cells": made,
        "metadata": {"kernelspec": {"name": "python3", "language": language, "display_name": "x"}, **metadata},
    }  # fmt: skip


def notebook_of(*cells: str | dict[str, Any], path: str | Path = "nowhere/a.ipynb", **rest: Any) -> Notebook:
    return from_json(str(path), raw_of(*cells, **rest))


def found(
    *cells: str | dict[str, Any], path: str | Path = "nowhere/a.ipynb", select: str = "", **rest: Any
) -> list[Finding]:
    settings = Settings(select=tuple(select.split(",")) if select else ())
    return list(CHECKER.check(notebook_of(*cells, path=path, **rest), None, settings).findings)


def rules(*cells: str | dict[str, Any], select: str = "", **rest: Any) -> list[str]:
    return [finding.rule for finding in found(*cells, select=select, **rest)]
