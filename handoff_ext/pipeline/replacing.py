"""Put a pipeline's files in place: at once where there was none, merged with a person's edits where there was one."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from handoff_ext.contracts.errors import HandoffError
from handoff_ext.pipeline.merging import merge_files

BASE = ".base"


def replace_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Write ``files`` into ``folder`` and a copy of them below ``.base/``.

    Files that a person edited are merged with what ``.base/`` held before; other files in the folder are not touched.
    Raises ``HandoffError`` and writes nothing where that is not possible.
    """
    if folder.exists() and not folder.is_dir():
        raise HandoffError(f"{folder} is a file.", "Name a folder with -o.")
    base = _texts(folder / BASE)
    if folder.exists() and not base and any(folder.iterdir()) and not (folder / "pipeline.yaml").exists():
        raise HandoffError(f"{folder} holds files that are not a pipeline's.", "Name another folder with -o.")
    mine = {path: text for path in {*base, *files} if (text := _text(folder / path)) is not None}
    merged = merge_files(base, mine, files)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
    except OSError as error:
        raise HandoffError(f"{folder.parent} cannot be written: {error.strerror}.", "Name another folder.") from None
    try:
        for path, text in [*merged.items(), *((f"{BASE}/{path}", text) for path, text in files.items())]:
            target = aside / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())
        _move(aside, folder, [path for path in base if path not in files])
    except OSError as error:
        raise HandoffError(f"{folder} was not written: {error.strerror}.", "Extract again.") from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _move(aside: Path, folder: Path, gone: list[str]) -> None:
    if not folder.exists():
        aside.chmod(0o755)
        aside.replace(folder)
        return
    for path in gone:
        (folder / path).unlink(missing_ok=True)
        (folder / BASE / path).unlink(missing_ok=True)
    # the base goes last: whoever is interrupted before it finds edits that equal the new files, and merges them cleanly
    for source in sorted(aside.rglob("*"), key=lambda path: (BASE in path.parts, path.as_posix())):
        if source.is_file():
            target = folder / source.relative_to(aside)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(source, target)  # noqa: PTH105


def _texts(folder: Path) -> dict[str, str]:
    if not folder.is_dir():
        return {}
    found = {path.relative_to(folder).as_posix(): _text(path) for path in folder.rglob("*") if path.is_file()}
    return {path: text for path, text in found.items() if text is not None}


def _text(path: Path) -> str | None:
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return None
