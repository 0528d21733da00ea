"""Says what a kernel runs on. Runs inside it (Python 3.8 and up, standard library only), as text."""

from __future__ import annotations

import json
import os
import platform
import sys
import sysconfig


def main(request: dict[str, str]) -> None:
    """Write what is known of this process, as JSON, into ``request["answer"]``."""
    with open(request["answer"], "w", encoding="utf-8") as file:
        json.dump(facts(), file)


def facts() -> dict[str, object]:
    """Interpreter, platform, markers (PEP 508), search path, modules and files seen, peak memory in MB."""
    libc = " ".join(part for part in platform.libc_ver() if part)
    return {
        "executable": sys.executable,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "libc": libc,
        "cuda": cuda(),
        "markers": markers(),
        "path": [os.path.abspath(entry) for entry in sys.path],
        "prefixes": sorted({sys.prefix, sys.base_prefix}),
        "stdlib": sysconfig.get_paths()["stdlib"],
        "modules": modules(),
        "notes": notes(),
        "memory_mb": peak(),
    }


def markers() -> dict[str, str]:
    """The environment that markers of requirements are judged in."""
    info = sys.implementation.version
    version = "{}.{}.{}".format(info.major, info.minor, info.micro)
    if info.releaselevel != "final":
        version += info.releaselevel[0] + str(info.serial)
    return {
        "implementation_name": sys.implementation.name,
        "implementation_version": version,
        "os_name": os.name,
        "platform_machine": platform.machine(),
        "platform_release": platform.release(),
        "platform_system": platform.system(),
        "platform_version": platform.version(),
        "python_full_version": platform.python_version(),
        "platform_python_implementation": platform.python_implementation(),
        "python_version": ".".join(platform.python_version_tuple()[:2]),
        "sys_platform": sys.platform,
    }


def cuda() -> str:
    """The CUDA version that a loaded torch or tensorflow was built for; empty where there is none."""
    try:
        if "torch" in sys.modules:
            return str(sys.modules["torch"].version.cuda or "")
        if "tensorflow" in sys.modules:
            return str(sys.modules["tensorflow"].sysconfig.get_build_info().get("cuda_version", ""))
    except Exception:
        return ""
    return ""


def modules() -> dict[str, list[str]]:
    """The file of each loaded module that has one, by top-level name."""
    found: dict[str, list[str]] = {}
    for name, module in list(sys.modules.items()):
        try:
            spec = module.__spec__
            file = spec.origin if spec is not None and spec.has_location else module.__dict__.get("__file__")
        except Exception:
            continue
        if isinstance(file, str):
            found.setdefault(name.partition(".")[0], []).append(os.path.abspath(file))
    return found


def notes() -> dict[str, list[str]] | None:
    """What ``inside/trace.py`` noted; None where it did not run."""
    noted = sys.modules.get("_handoff_notes")
    if noted is None:
        return None
    return {name: sorted(getattr(noted, name)) for name in ("opened", "listed", "reached")}


def peak() -> float:
    """The most memory this process ever held, in MB."""
    try:
        import resource
    except ImportError:
        return 0.0
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / (1024.0 * 1024.0 if sys.platform == "darwin" else 1024.0)
