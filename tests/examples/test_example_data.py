"""Tables are written once, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest


def lines(path: Path) -> int:
    return path.read_bytes().count(b"\n")


def test_writes_what_is_missing_only(example_data: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "planes.csv").write_text("mine\n")
    written = example_data.write_tables(tmp_path)
    assert set(written) == set(example_data.TABLES) - {"planes.csv"}
    assert {path.name for path in tmp_path.iterdir()} == set(example_data.TABLES)
    assert lines(tmp_path / "flights.csv") == 336_776 + 1
    assert (tmp_path / "surveys.csv").read_text().startswith("record_id,month,day,year,plot_id,species_id,sex,")
    assert (tmp_path / "planes.csv").read_text() == "mine\n"
    assert example_data.write_tables(tmp_path) == []


def test_leaves_no_half_file(example_data: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks_off(_source: Path, _name: str, out: object) -> None:
        out.write(b"half")  # type: ignore[attr-defined]
        raise OSError("disk full")

    monkeypatch.setattr(example_data, "copy", breaks_off)
    with pytest.raises(OSError, match="disk full"):
        example_data.write_tables(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_names_the_package_that_lacks(
    example_data: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(example_data, "TABLES", {"a.csv": ("no_such_package", "a.csv")})
    with pytest.raises(SystemExit, match="no_such_package is not installed"):
        example_data.write_tables(tmp_path)
    assert list(tmp_path.iterdir()) == []
