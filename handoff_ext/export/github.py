"""A GitHub workflow that runs a pipeline with papermill alone."""

from __future__ import annotations

from typing import Any

from handoff_ext.export.commands import Work
from handoff_ext.export.documents import block, yaml_text


def workflow_file(name: str) -> str:
    """Where it lies in the repository."""
    return f".github/workflows/handoff-{name}.yml"


def workflow_text(work: Work, folder: str) -> str:
    """The workflow; ``folder`` is the pipeline's in the repository."""
    steps: list[dict[str, Any]] = [
        {"uses": "actions/checkout@v4"},
        {"uses": "actions/setup-python@v5", "with": {"python-version": work.python}},
        *({"name": task.title, "run": block(task.commands)} for task in work.tasks),
        {
            "name": "Keep the executed notebooks",
            "if": "always()",
            "uses": "actions/upload-artifact@v4",
            "with": {"name": f"{work.name}-executed", "path": f"{folder}/{work.keeps}", "if-no-files-found": "ignore"},
        },
    ]
    paths = [f"{folder}/**", workflow_file(work.name)] if folder != "." else ["**"]
    job = {
        "runs-on": "ubuntu-latest",
        "timeout-minutes": 60,
        "defaults": {"run": {"working-directory": folder}},
        "steps": steps,
    }
    return yaml_text(
        {
            "name": f"Pipeline {work.name}",
            "on": {"push": {"paths": paths}, "pull_request": {"paths": paths}, "workflow_dispatch": {}},
            "permissions": {"contents": "read"},
            "jobs": {"pipeline": job},
        }
    )
