"""``pipeline.yaml``: what it says of a cut."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from handoff_ext.cells.model import Notebook
from handoff_ext.contracts.errors import HandoffError, NotFound
from handoff_ext.contracts.pipeline import Manifest, Metric, Model, Parameter, Source, Stage
from handoff_ext.pipeline.stagebook import RUN_DIR, Book


def source_hash(notebook: Notebook) -> str:
    """SHA-256 of the code cells' sources and tags, in order."""
    content = [[cell.source, sorted(cell.tags)] for cell in notebook.code if cell.index >= 0]
    return "sha256:" + hashlib.sha256(json.dumps(content, ensure_ascii=True).encode()).hexdigest()


def make_manifest(name: str, source: Notebook, book: Book, model: Model | None, metrics: list[Metric]) -> Manifest:
    """The manifest of a cut notebook; ``source`` is the notebook as it was given."""
    ids = {cell.index: cell.id for cell in source.cells}
    users: dict[str, list[str]] = {}
    stages = []
    for stage in book.cut.stages:
        for parameter in stage.parameters:
            users.setdefault(parameter, []).append(stage.name)
        stages.append(
            Stage(
                name=stage.name,
                notebook=f"stages/{book.files[stage.name]}",
                after=_after(stage.reads, book),
                reads={other: list(names) for other, names in stage.reads.items() if names},
                writes={other: list(names) for other, names in book.writes(stage).items() if names},
                parameters=list(stage.parameters),
                cells=[ids[cell] for cell in stage.cells],
                pulled=[ids[cell] for cell in stage.pulled],
            )
        )
    drafts = [draft for name, draft in book.drafts.items() if name in users]
    return Manifest(
        name=name,
        source=Source(notebook=Path(source.path).name, hash=source_hash(source)),
        kernel=source.kernel or "python3",
        run_dir=RUN_DIR,
        parameters=[
            Parameter(
                name=draft.name, type=draft.type, default=draft.default, meaning=draft.meaning, stages=users[draft.name]
            )
            for draft in sorted(drafts, key=_rank)
        ],
        stages=stages,
        model=model,
        metrics=metrics,
        definitions=sorted({name for stage in book.cut.stages for name in stage.imported}),
        left_out=[ids[cell] for cell in book.cut.left_out],
    )


def read_manifest(folder: str | Path) -> Manifest:
    """The manifest of the pipeline in a folder. Raises ``NotFound`` or ``HandoffError``."""
    from pydantic import ValidationError
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    path = Path(folder) / "pipeline.yaml"
    try:
        return Manifest.model_validate(YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise NotFound(f"There is no pipeline in {folder}.", "Make one with handoff extract.") from None
    except (OSError, UnicodeDecodeError, YAMLError, ValidationError) as error:
        raise HandoffError(
            f"{path.name} cannot be read: {str(error).splitlines()[0][:80]}.", "Extract it again."
        ) from None


def _after(reads: object, book: Book) -> list[str]:
    assert isinstance(reads, dict)
    return [stage.name for stage in book.cut.stages if stage.name in reads]


def _rank(draft: object) -> int:
    """Paths and dates first, then what else a run may change."""
    kind = getattr(draft, "type", "")
    return {"path": 0, "date": 1}.get(kind, 2)
