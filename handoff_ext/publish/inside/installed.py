"""What an interpreter has installed; and wheels made again of what did not come from an index."""

from __future__ import annotations

import base64
import hashlib
import os
import zipfile
from importlib import metadata
from typing import Any

_NOT_CARRIED = ("INSTALLER", "REQUESTED", "RECORD", "direct_url.json")


def main(job: dict[str, Any]) -> dict[str, Any]:
    """The versions of the job's ``names`` (None: not installed), and wheels of ``repack`` in the folder ``out``."""
    versions: dict[str, Any] = {}
    for name in job["names"]:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = None
    wheels = {name: repack(metadata.distribution(name), job["out"]) for name in job["repack"]}
    return {"versions": versions, "wheels": wheels}


def repack(found: Any, out: str) -> str:
    """A wheel (PEP 427) of an installed distribution's files; its name. Scripts are made again on installation."""
    entries = []
    carried = [file for file in found.files or () if _carried(str(file))]
    info = next(file.parts[0] for file in carried if file.parts[0].endswith(".dist-info"))
    name = "%s-%s.whl" % (info[: -len(".dist-info")], _tag(found.read_text("WHEEL") or ""))
    with zipfile.ZipFile(os.path.join(out, name), "w", zipfile.ZIP_DEFLATED) as wheel:
        for file in sorted(carried, key=str):
            with open(str(found.locate_file(file)), "rb") as source:
                data = source.read()
            _add(wheel, str(file).replace(os.sep, "/"), data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
            entries.append("%s,sha256=%s,%d" % (str(file).replace(os.sep, "/"), digest, len(data)))
        record = info + "/RECORD"
        _add(wheel, record, ("\n".join([*entries, record + ",,"]) + "\n").encode())
    return name


def _carried(path: str) -> bool:
    parts = path.replace(os.sep, "/").split("/")
    return parts[0] != ".." and not os.path.isabs(path) and "__pycache__" not in parts and parts[-1] not in _NOT_CARRIED


def _add(wheel: zipfile.ZipFile, name: str, data: bytes) -> None:
    # The same files give the same wheel, whenever it is made.
    entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    wheel.writestr(entry, data)


def _tag(text: str) -> str:
    """All of the wheel's tags as one compressed tag."""
    tags = [line.partition(":")[2].strip().split("-") for line in text.splitlines() if line.startswith("Tag:")]
    columns = [sorted({tag[index] for tag in tags}) for index in range(3)] if tags else [["py3"], ["none"], ["any"]]
    return "-".join(".".join(column) for column in columns)
