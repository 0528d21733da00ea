"""Small notebooks run in this process, and the same model asked with raw rows."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pandas as pd

from handoff_ext.cells.read import read_notebook
from handoff_ext.pipeline.features import FILE, feature_files, read_features
from handoff_ext.pipeline.judged import model_of
from handoff_ext.pipeline.models import find_models
from handoff_ext.pipeline.preparing import imported_names, prepare
from handoff_ext.publish.inside.lift import Lifted, lift
from handoff_ext.publish.inside.served import asked_with_tables


@dataclass
class Tried:
    """A notebook's names once it has run, what was written of its features, and the model on raw rows."""

    names: dict[str, Any]
    files: dict[str, str]
    folder: Path
    lifted: Lifted | None = None

    @property
    def features(self) -> Any:
        return read_features(self.folder)


def table(rows: int = 240) -> pd.DataFrame:
    """Houses: numbers, categories, gaps, dates, words, a sum of it all to predict."""
    draw = np.random.RandomState(3)
    town = draw.choice(["Ade", "Bru", "Cor", "Dee"], rows, p=[0.4, 0.3, 0.2, 0.1])
    area = draw.randint(30, 250, rows)
    age = np.where(draw.rand(rows) < 0.1, np.nan, draw.randint(0, 120, rows))
    price = area * 3 + np.nan_to_num(age) * -0.5 + (town == "Ade") * 80 + draw.normal(0, 10, rows)
    return pd.DataFrame(
        {
            "id": np.arange(rows) + 5000,
            "town": town,
            "area": area,
            "age": age,
            "sold": pd.date_range("2020-01-01", periods=rows, freq="D").strftime("%Y-%m-%d"),
            "words": draw.choice(["sunny flat", "old house", "large sunny house", "small"], rows),
            "price": price.round(2),
        }
    )


def run(
    cells: Sequence[str],
    folder: Path,
    unknown: Sequence[str] = (),
    kept: dict[str, str] | None = None,
    learn: bool = False,
) -> Tried:
    """Run a notebook over ``houses.csv`` in ``folder``, lift its features, ask its model with raw rows.

    ``learn``: as the step of a pipeline, training leaves what the features learned.

    Raises:
        NotRaw: they do not come out the same.
    """
    if not (folder / "houses.csv").exists():
        table().to_csv(folder / "houses.csv", index=False)
    tried = written(cells, folder)
    with inside(folder):
        for cell in cells:
            exec(compile(cell, "cell", "exec"), tried.names)
        capture = {
            "model": asked_with_tables(tried.names["model"]),
            "train_x": eval(tried.names["TRAIN"], tried.names),
            "train_y": eval(tried.names["TRUTH"], tried.names) if tried.names["TRUTH"] else None,
            "holdout_x": eval(tried.names["HELD"], tried.names) if tried.names["HELD"] else None,
        }
        features = tried.features
        job = {
            "parameters": {},
            "folder": str(folder),
            "learned": str(folder / "learned.pkl"),
            "answers": features.answers,
            "unknown": list(unknown),
            "resampled": features.resampled,
            "joins": [each.model_dump() for each in features.joins],
            "held_frame": features.held_frame,
            "kept": kept or {},
            "as_of": "2026-03-01",
        }
        if learn:
            importlib.import_module("training_rows").by_features(capture["train_x"], str(folder), {})
        if "features.py" in tried.files:
            tried.lifted = lift(job, capture)
    return tried


def written(cells: Sequence[str], folder: Path) -> Tried:
    """Write what extraction writes of the features."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell, id=f"c{n}") for n, cell in enumerate(cells)])
    nbformat.write(book, folder / "book.ipynb")
    notebook = read_notebook(folder / "book.ipynb")
    imports = imported_names(notebook)
    units, drafts = prepare(notebook, imports, ".")
    chosen = find_models(notebook, imports).chosen
    assert chosen is not None
    model = model_of(chosen, lambda index: ("train", notebook.cells[index].id))
    files = feature_files(units.notebook, chosen, model, drafts, ())
    for name, text in files.items():
        (folder / name).write_text(text)
    assert FILE in files and model is not None and model.train is not None
    held = model.holdout.x if model.holdout else ""
    return Tried({"TRAIN": model.train.x, "TRUTH": model.train.y, "HELD": held}, files, folder)


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[None]:
    """With the folder as working folder and its modules, and no others of their names, importable."""
    before, mine = Path.cwd(), ("features", "learned", "training_rows")
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    for name in mine:
        sys.modules.pop(name, None)
    importlib.invalidate_caches()
    sys.dont_write_bytecode, kept = True, sys.dont_write_bytecode
    try:
        yield
    finally:
        sys.dont_write_bytecode = kept
        sys.path.remove(str(folder))
        os.chdir(before)
        for name in mine:
            sys.modules.pop(name, None)
