"""Read a notebook: any bytes in, a ``Notebook`` or one clear sentence out. Standard library only."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from handoff_ext.cells.identity import cell_ids
from handoff_ext.cells.images import without_images
from handoff_ext.cells.model import Cell, CellKind, Notebook, Output, OutputKind
from handoff_ext.contracts.errors import HandoffError

_OUTPUT_CAP = 20_000
_CELL_OUTPUT_CAP = 100_000
_TAG = re.compile(r"<(?:style|script)\b.*?</(?:style|script)>|<[^<>]*>", re.S)
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_PYTHONS = {"", "python", "python2", "python3", "ipython"}


class UnreadableNotebook(HandoffError):
    """The file is not a notebook that can be read."""


def read_raw(path: str | Path) -> dict[str, Any]:
    """The notebook's JSON as it is stored. Raises ``UnreadableNotebook``."""
    return _raw(_bytes_of(path), Path(path).name)


def _bytes_of(path: str | Path) -> bytes:
    name = Path(path).name
    try:
        data = Path(path).read_bytes()
    except FileNotFoundError:
        raise UnreadableNotebook(f"There is no notebook at {path}.", "Check the path.") from None
    except IsADirectoryError:
        raise UnreadableNotebook(f"{path} is a folder, not a notebook.", "Name the notebook in it.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableNotebook(f"{name} could not be opened: {reason}.", "Check the path and its rights.") from None
    if not data or data.isspace():
        raise UnreadableNotebook(f"{name} is empty.", "Save it again in Jupyter.")
    return data


def _raw(data: bytes, name: str) -> dict[str, Any]:
    try:
        raw = json.loads(data)
    except UnicodeDecodeError:
        raise UnreadableNotebook(f"{name} is not UTF-8 text.", "Save it again in Jupyter.") from None
    except json.JSONDecodeError as error:
        raise UnreadableNotebook(
            f"{name} is not valid JSON (line {error.lineno}): {error.msg}.",
            "It may be cut off or hold marks of a merge conflict; restore it or save it again in Jupyter.",
        ) from None
    except RecursionError:
        raise UnreadableNotebook(f"{name} is nested too deeply to be a notebook.", "Check the file.") from None
    except ValueError as error:
        raise UnreadableNotebook(f"{name} is not valid JSON: {str(error)[:80]}.", "Check the file.") from None
    if not isinstance(raw, dict):
        raise UnreadableNotebook(f"{name} is JSON, but not a notebook.", "Name a file made by Jupyter.")
    return raw


def read_notebook(path: str | Path) -> Notebook:
    """Read the notebook at ``path``. Raises ``UnreadableNotebook``."""
    data, name = _bytes_of(path), Path(path).name
    try:
        raw = _raw(without_images(data), name)
    except UnreadableNotebook:
        raw = _raw(data, name)  # which tells the line in the file as it is
    return from_json(str(path), raw)


def from_json(path: str, raw: dict[str, Any]) -> Notebook:
    """The notebook that nbformat 2 to 5 JSON describes. Raises ``UnreadableNotebook``; ``path`` is only a name here."""
    name = Path(path).name
    stored = raw_cells(raw, name)
    metadata = _dict(raw.get("metadata"))
    kinds = [_kind(cell) for cell in stored]
    sources = [_source(cell) for cell in stored]
    ids = _ids(stored, kinds, sources)
    cells = tuple(_cell(index, ids[index], kinds[index], sources[index], cell) for index, cell in enumerate(stored))
    kernelspec = _dict(metadata.get("kernelspec"))
    return Notebook(
        path=path,
        cells=cells,
        metadata=metadata,
        language=_language(metadata, stored),
        kernel=_text(kernelspec.get("name")),
        nbformat=(_version(raw), raw["nbformat_minor"] if isinstance(raw.get("nbformat_minor"), int) else 0),
    )


def raw_cells(raw: dict[str, Any], name: str = "The file") -> list[dict[str, Any]]:
    """The stored cells, in order: the objects themselves, not copies. Raises ``UnreadableNotebook``."""
    version = _version(raw)
    if version == 0:
        raise UnreadableNotebook(f"{name} is JSON, but not a notebook.", "Name a file made by Jupyter.")
    if version < 2:
        raise UnreadableNotebook(f"{name} is in notebook format {version}, which is too old.", "Convert it in Jupyter.")
    if version > 5:
        raise UnreadableNotebook(f"{name} is in notebook format {version}, which is newer than this program.")
    if version < 4:
        sheets = raw.get("worksheets")
        lists = [_dict(sheet).get("cells") for sheet in sheets] if isinstance(sheets, list) else []
    else:
        lists = [raw.get("cells")]
    if any(not isinstance(cells, list) for cells in lists):
        raise UnreadableNotebook(f"{name} has no list of cells.", "Save it again in Jupyter.")
    cells = [cell for part in lists for cell in part or []]
    if any(not isinstance(cell, dict) for cell in cells):
        raise UnreadableNotebook(f"{name} has a cell that is not an object.", "Save it again in Jupyter.")
    return cells


def ids_of(stored: list[dict[str, Any]]) -> list[str]:
    """The ids under which ``from_json`` knows these stored cells."""
    return _ids(stored, [_kind(cell) for cell in stored], [_source(cell) for cell in stored])


def _ids(stored: list[dict[str, Any]], kinds: Sequence[str], sources: Sequence[str]) -> list[str]:
    return cell_ids([cell.get("id") for cell in stored], lambda index: f"{kinds[index]}\n{sources[index]}")


def source_of(stored: dict[str, Any]) -> str:
    """The source of a stored cell as ``from_json`` gives it."""
    return _source(stored)


def _cell(index: int, id_: str, kind: CellKind, source: str, stored: dict[str, Any]) -> Cell:
    metadata = _dict(stored.get("metadata"))
    tags = metadata.get("tags")
    count = stored.get("execution_count", stored.get("prompt_number"))
    return Cell(
        index=index,
        id=id_,
        kind=kind,
        source=source,
        tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        metadata=metadata,
        execution_count=count if isinstance(count, int) and not isinstance(count, bool) else None,
        outputs=_outputs(stored.get("outputs")) if kind == "code" else _attachments(stored.get("attachments")),
    )


def _outputs(stored: Any) -> tuple[Output, ...]:
    outputs: list[Output] = []
    left = _CELL_OUTPUT_CAP
    for item in stored if isinstance(stored, list) else []:
        if left <= 0:
            break
        output = _output(item) if isinstance(item, dict) else None
        if output and output.text:
            outputs.append(Output(output.kind, output.text[: min(left, _OUTPUT_CAP)]))
            left -= len(outputs[-1].text)
    return tuple(outputs)


def _attachments(stored: Any) -> tuple[Output, ...]:
    bundles = [each for each in stored.values() if isinstance(each, dict)] if isinstance(stored, dict) else []
    texts = [_joined(value) for each in bundles for mime, value in each.items() if str(mime).startswith("text/")]
    return tuple(Output("attachment", text[:_OUTPUT_CAP]) for text in texts[:5] if text)


def _output(item: dict[str, Any]) -> Output | None:
    made = item.get("output_type")
    if made == "stream":
        stream = item.get("name", item.get("stream"))
        kind: OutputKind = "stderr" if stream == "stderr" else "stdout"
        return Output(kind, _joined(item.get("text")))
    if made in ("execute_result", "display_data", "update_display_data", "pyout"):
        data = _dict(item.get("data"))
        plain = _joined(data.get("text/plain", item.get("text")))
        if "text/html" in data and (not plain or plain.startswith("<")):
            return Output("result", _TAG.sub(" ", _joined(data["text/html"])[: 4 * _OUTPUT_CAP]))
        return Output("result", plain or _joined(data.get("text/markdown", data.get("text/latex"))))
    if made in ("error", "pyerr"):
        traceback = item.get("traceback")
        lines = [part for part in traceback if isinstance(part, str)] if isinstance(traceback, list) else []
        head = f"{_text(item.get('ename'))}: {_text(item.get('evalue'))}"
        return Output("error", _ANSI.sub("", "\n".join([head, *lines])[: 2 * _OUTPUT_CAP]))
    return None


def _version(raw: dict[str, Any]) -> int:
    version = raw.get("nbformat")
    if isinstance(version, int) and not isinstance(version, bool):
        return max(version, 0)
    return 4 if isinstance(raw.get("cells"), list) else 0


def _kind(cell: dict[str, Any]) -> CellKind:
    kind = cell.get("cell_type")
    if kind == "code":
        return "code"
    return "markdown" if kind in ("markdown", "heading", "html") else "raw"


def _source(cell: dict[str, Any]) -> str:
    source = cell["source"] if "source" in cell else cell.get("input")
    text = _joined(source)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if cell.get("cell_type") == "heading":
        level = cell.get("level")
        return "#" * (level if isinstance(level, int) and 1 <= level <= 6 else 1) + " " + text
    return text


def _joined(value: Any) -> str:
    if isinstance(value, list):
        try:
            value = "".join(value)
        except TypeError:
            value = "".join(part for part in value if isinstance(part, str))
    return _text(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:  # a lone surrogate: legal in JSON, not in text
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _language(metadata: dict[str, Any], cells: list[dict[str, Any]]) -> str:
    named = (
        _text(_dict(metadata.get("language_info")).get("name"))
        or _text(_dict(metadata.get("kernelspec")).get("language"))
        or next((_text(cell["language"]) for cell in cells if _text(cell.get("language"))), "")
    ).lower()
    return "python" if named in _PYTHONS else named
