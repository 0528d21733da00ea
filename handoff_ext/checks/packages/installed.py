"""What can be imported where the notebook runs: the kernel's environment, by looking, never by importing."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=32)
def environment_of(kernel: str) -> Path | None:
    """The prefix of the environment that a kernelspec starts, or None where it is ours or nobody knows."""
    if not kernel or "/" in kernel or os.sep in kernel:
        return None
    for folder in _kernel_folders():
        try:
            spec = json.loads((folder / kernel / "kernel.json").read_text(encoding="utf-8"))
            program = spec["argv"][0]
        except (OSError, ValueError, KeyError, IndexError, TypeError):
            continue
        if not isinstance(program, str) or not Path(program).is_absolute():
            return None
        prefix = Path(program).parent.parent
        return None if prefix.resolve() == Path(sys.prefix).resolve() else prefix
    return None


def _kernel_folders() -> list[Path]:
    given = [Path(each) for each in os.environ.get("JUPYTER_PATH", "").split(os.pathsep) if each]
    user = Path(os.environ.get("JUPYTER_DATA_DIR") or Path("~/.local/share/jupyter").expanduser())
    system = [Path(sys.prefix) / "share" / "jupyter", Path("/usr/local/share/jupyter"), Path("/usr/share/jupyter")]
    return [each / "kernels" for each in (*given, user, *system)]


def is_installed(module: str, kernel: str) -> bool:
    """Whether the kernel's environment has the top-level module."""
    if module in sys.stdlib_module_names or module in sys.builtin_module_names:
        return True
    prefix = environment_of(kernel)
    if prefix is not None:
        return module in _modules_below(prefix)
    return module in _own_modules() or _can_be_found(module)


@lru_cache(maxsize=1)
def _own_modules() -> frozenset[str]:
    return frozenset(name for folder in sys.path if folder and "packages" in folder for name in _names_in(Path(folder)))


@lru_cache(maxsize=8)
def _modules_below(prefix: Path) -> frozenset[str]:
    folders = [*prefix.glob("lib/python3*/site-packages"), prefix / "Lib" / "site-packages"]
    return frozenset(name for folder in folders for name in _names_in(folder))


def _names_in(folder: Path) -> list[str]:
    try:
        return [
            entry.name.partition(".")[0]
            for entry in os.scandir(folder)
            if not entry.name.endswith((".dist-info", ".pth"))
        ]
    except OSError:
        return []


@lru_cache(maxsize=1024)
def _can_be_found(module: str) -> bool:
    """Editable installs and import hooks: what no listing shows. Our own working folder does not count."""
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError, AttributeError):
        return False
    here = Path.cwd()
    return spec is not None and not (spec.origin and Path(spec.origin).parent in (here, here / module))


@lru_cache(maxsize=256)
def installed_version(distribution: str, kernel: str) -> str:
    """The version of a distribution where the notebook runs; empty where it is not installed there."""
    from importlib import metadata

    prefix = environment_of(kernel)
    try:
        if prefix is None:
            return metadata.version(distribution)
        folders = [*prefix.glob("lib/python3*/site-packages"), prefix / "Lib" / "site-packages"]
        every = metadata.distributions(name=distribution, path=[str(each) for each in folders])
        return next((each.version for each in every), "")
    except (metadata.PackageNotFoundError, ValueError, OSError):
        return ""
