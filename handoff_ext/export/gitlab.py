"""A GitLab job that runs a pipeline with papermill alone."""

from __future__ import annotations

from handoff_ext.export.commands import Work
from handoff_ext.export.documents import yaml_text

MAIN = ".gitlab-ci.yml"


def job_file(name: str) -> str:
    """Where it lies in the repository."""
    return f".gitlab/ci/handoff-{name}.yml"


def include_text(files: list[str]) -> str:
    """The repository's own file, where it has none yet."""
    return yaml_text({"include": [{"local": f"/{file}"} for file in files]})


def job_text(work: Work, folder: str) -> str:
    """The job; ``folder`` is the pipeline's in the repository."""
    job = {
        "image": f"python:{work.python}-bookworm",
        "timeout": "1 hour",
        "rules": [{"changes": [f"{folder}/**/*" if folder != "." else "**/*"]}],
        "script": [f"cd {folder}", *(command for task in work.tasks for command in task.commands)],
        "artifacts": {"when": "always", "paths": [f"{folder}/{work.keeps}"], "expire_in": "4 weeks"},
    }
    return yaml_text({f"pipeline {work.name}": job})
