"""Cells that pass values from stage to stage, as extraction writes them."""

from __future__ import annotations

READ = """import pickle
with open(f"{{run_dir}}/{0}-{1}.pkl", "rb") as file:
    globals().update(pickle.load(file))
"""
WRITE = """import os, pickle
os.makedirs(run_dir, exist_ok=True)
with open(f"{{run_dir}}/{0}-{1}.pkl", "wb") as file:
    pickle.dump({{name: globals()[name] for name in {2!r}}}, file)
"""


def reads(writer: str, reader: str) -> str:
    """Source of a cell that takes a bundle in."""
    return READ.format(writer, reader)


def writes(writer: str, reader: str, *names: str) -> str:
    """Source of a cell that puts a bundle out."""
    return WRITE.format(writer, reader, list(names))
