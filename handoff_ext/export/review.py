"""``handoff review-setup``: git shows notebooks as notebooks, and CI says what changed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from handoff_ext import __version__
from handoff_ext.contracts.errors import HandoffError
from handoff_ext.contracts.progress import ProgressSink, silent
from handoff_ext.export.documents import block, yaml_text
from handoff_ext.export.exporting import Exported, Kind, export
from handoff_ext.export.gitlab import MAIN, include_text
from handoff_ext.export.written import repository, write_own
from handoff_ext.publish.locking import PIPELINE
from handoff_ext.run.folder import write_text

COMMAND = "handoff review-setup"
IGNORED = {
    "/cells/*/outputs": True,
    "/cells/*": ["execution_count"],
    "/cells/*/metadata": ["execution", "handoff", "papermill", "scrolled"],
    "/metadata": ["papermill"],
}
"""What is no change to a reader: results, and what papermill and we keep. Tags stay: they make the pipeline."""
# What `nbdime config-git --enable` sets, without the seconds that it takes.
_GIT = {
    "diff.jupyternotebook.command": "git-nbdiffdriver diff",
    "merge.jupyternotebook.driver": "git-nbmergedriver merge %O %A %B %L %P",
    "merge.jupyternotebook.name": "jupyter notebook merge driver",
}
_ATTRIBUTES = ("*.ipynb\tdiff=jupyternotebook", "*.ipynb\tmerge=jupyternotebook")
_CONFIG = "nbdime_config.json"
_FACTS = "handoff-facts.md"
_INSTALL = f"python -m pip install handoff-ext=={__version__}"


def set_up(folder: Path, ci: str = "auto", progress: ProgressSink = silent) -> Exported:
    """Configure nbdime in the repository that ``folder`` lies in, and write CI for it.

    ``ci`` is ``github``, ``gitlab``, ``none`` or ``auto`` (where the repository is pushed to; both where that says
    nothing). Pipelines that have an exact package list get a workflow each.

    Raises:
        HandoffError: no repository, or a file is there that is somebody else's.
    """
    root = repository(folder)
    done = Exported()
    _nbdime(root, done)
    for kind in _kinds(root, ci):
        if kind == "github":
            done.files.append(write_own(root / ".github/workflows/handoff-review.yml", _github(), COMMAND))
        else:
            done.files.append(write_own(root / ".gitlab/ci/handoff-review.yml", _gitlab(), COMMAND))
            _include(root, done)
        for pipeline in _pipelines(root):
            shown = pipeline.relative_to(root).as_posix()
            if not (pipeline / PIPELINE).is_file():
                done.notes.append(f"{shown} has no exact package list yet; then: handoff export {kind} {shown}")
                continue
            made = export(kind, pipeline, progress=progress)
            done.files += [path for path in made.files if path not in done.files]
            done.notes += [note for note in made.notes if note not in done.notes]
    return done


def _nbdime(root: Path, done: Exported) -> None:
    for name, value in _GIT.items():
        subprocess.run(["git", "-C", str(root), "config", "--local", name, value], check=True, capture_output=True)
    attributes = root / ".gitattributes"
    known_lines = attributes.read_text(encoding="utf-8") if attributes.exists() else ""
    missing = [line for line in _ATTRIBUTES if line not in known_lines.splitlines()]
    if missing:
        end = "\n" if known_lines and not known_lines.endswith("\n") else ""
        write_text(attributes, known_lines + end + "\n".join(missing) + "\n")
    config = root / _CONFIG
    try:
        known: dict[str, Any] = json.loads(config.read_text(encoding="utf-8")) if config.exists() else {}
    except ValueError as error:
        raise HandoffError(f"{_CONFIG} cannot be read: {error}.", "Mend it, or move it away.") from None
    ignore = known.setdefault("Diff", {}).setdefault("Ignore", {})
    ignore.update({path: what for path, what in IGNORED.items() if path not in ignore})
    write_text(config, json.dumps(known, indent=2) + "\n")
    done.files += [attributes, config]
    done.notes.append("Each clone sets git up for itself, once: nbdime config-git --enable")


def _kinds(root: Path, ci: str) -> list[Kind]:
    if ci in ("github", "gitlab"):
        return ["github"] if ci == "github" else ["gitlab"]
    if ci == "none":
        return []
    remotes = subprocess.run(["git", "-C", str(root), "remote", "-v"], capture_output=True, text=True, check=False)
    kinds: tuple[Kind, ...] = ("github", "gitlab")
    return [kind for kind in kinds if kind in remotes.stdout] or list(kinds)


def _pipelines(root: Path) -> list[Path]:
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard", "*pipeline.yaml"],
        capture_output=True,
        text=True,
        check=False,
    )
    found = [root / line for line in listed.stdout.splitlines()]
    return [path.parent for path in found if path.name == "pipeline.yaml" and ".base" not in path.parts]


def _include(root: Path, done: Exported) -> None:
    main, file = root / MAIN, ".gitlab/ci/handoff-review.yml"
    if not main.exists():
        write_text(main, include_text([file]))
        done.files.append(main)
    elif file not in main.read_text(encoding="utf-8"):
        done.notes.append(f"Add to {MAIN}, below include:  - local: /{file}")


def _github() -> str:
    post = f'gh pr comment "$NUMBER" --edit-last --create-if-none --body-file {_FACTS}'
    steps = [
        {"uses": "actions/checkout@v4", "with": {"fetch-depth": 0}},
        {"uses": "actions/setup-python@v5", "with": {"python-version": "3.11"}},
        {"run": _INSTALL},
        {
            "name": "What changed",
            "env": {"BASE": "${{ github.base_ref }}"},
            "run": block(
                [
                    f'handoff diff "origin/$BASE" HEAD --format markdown > {_FACTS}',
                    f'cat {_FACTS} >> "$GITHUB_STEP_SUMMARY"',
                ]
            ),
        },
        {
            "name": "Say it on the pull request",
            "continue-on-error": True,  # From a fork there is no right to.
            "env": {"GH_TOKEN": "${{ github.token }}", "NUMBER": "${{ github.event.number }}"},
            "run": post,
        },
        {
            "name": "Check the notebooks that changed",
            "env": {"BASE": "${{ github.base_ref }}"},
            "run": 'handoff check . --since "origin/$BASE" --format github',
        },
    ]
    return yaml_text(
        {
            "name": "Review of notebooks",
            "on": {"pull_request": {"paths": ["**.ipynb", "**pipeline.yaml", "**.handoff.yaml"]}},
            "permissions": {"contents": "read", "pull-requests": "write"},
            "jobs": {"review": {"runs-on": "ubuntu-latest", "timeout-minutes": 20, "steps": steps}},
        }
    )


def _gitlab() -> str:
    base = '"$CI_MERGE_REQUEST_DIFF_BASE_SHA"'
    note = '"$CI_API_V4_URL/projects/$CI_PROJECT_ID/merge_requests/$CI_MERGE_REQUEST_IID/notes"'
    # A job's own token may not comment; a project access token in this variable may.
    post = (
        'if [ -n "$HANDOFF_COMMENT_TOKEN" ]; then curl --fail --silent --output /dev/null --request POST '
        f'--header "PRIVATE-TOKEN: $HANDOFF_COMMENT_TOKEN" --data-urlencode body@{_FACTS} {note}; fi'
    )
    job = {
        "image": "python:3.11-bookworm",
        "variables": {"GIT_DEPTH": 0},
        "rules": [
            {
                "if": '$CI_PIPELINE_SOURCE == "merge_request_event"',
                "changes": ["**/*.ipynb", "**/pipeline.yaml", "**/*.handoff.yaml"],
            }
        ],
        "script": [
            _INSTALL,
            f"handoff diff {base} HEAD --format markdown > {_FACTS}",
            post,
            f"handoff check . --since {base} --format gitlab > gl-code-quality-report.json",
        ],
        "artifacts": {
            "when": "always",
            "paths": [_FACTS],
            "reports": {"codequality": "gl-code-quality-report.json"},
        },
    }
    return yaml_text({"review of notebooks": job})
