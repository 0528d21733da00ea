"""Everything that a version holds, gathered in one folder before anything is logged."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from handoff_ext.contracts.evidence import ParityRecord
from handoff_ext.plan import plan_text
from handoff_ext.publish.card import CardFacts, InCharge, write_cards
from handoff_ext.publish.folder import PipelineFolder, read_json
from handoff_ext.publish.inputs import carry
from handoff_ext.publish.locking import PYLOCK, SERVING, Locks
from handoff_ext.publish.measure import measure
from handoff_ext.publish.packing import Packed, asked_once
from handoff_ext.publish.profiling import profile
from handoff_ext.publish.provenance import checked, git_commit
from handoff_ext.publish.reference import example, reference
from handoff_ext.publish.signature import signature
from handoff_ext.publish.strip import stripped

_CODE = Path(__file__).parent / "inside" / "model.py"
PIPELINE_PARTS = (
    "pipeline.yaml",
    "definitions.py",
    "features.py",
    "learned.py",
    "training_rows.py",
    "features.yaml",
    "data.yaml",
    "README.md",
    "requirements.lock",
)

_SAMPLES = (
    "*.csv",
    "*.json",
    "*.parquet",
    "*.pkl",
    "*.tsv",
    "*.txt",
    "*.xlsx",
    "*.gz",
    "*.zip",
    "*.jsonl",
    "*.feather",
)


@dataclass(frozen=True)
class Contents:
    """What MLflow is told of a version. Paths are files and folders of the gathered folder."""

    code: Path
    artifacts: Mapping[str, Path]
    signature: Mapping[str, Any]
    lock: Path
    python: str
    mlflow: str
    example: Mapping[str, Any] | None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    card: Path = Path()
    extra: Path = Path()


def gather(
    pipeline: PipelineFolder,
    packed: Packed,
    locks: Locks,
    parity: ParityRecord,
    name: str,
    draft: bool,
    in_charge: InCharge | None,
    out: Path,
) -> tuple[Contents, CardFacts]:
    """Write a version's parts into ``out``: what MLflow copies, and ``extra/``, which lies beside that in the end."""
    described, given = packed.described(), read_json(packed.rows)
    personal = [column for column, said in pipeline.plan.columns.items() if said.personal]
    measures = measure(given, described, personal)
    profiled = profile(packed, measures, pipeline.record.metrics)
    shown = example(given, profiled, personal)
    kept = reference(given, personal)
    if not kept["rows"] and shown:
        kept["example_predictions"] = asked_once(pipeline, packed, shown)
    texts = {
        "profile.json": profiled.model_dump_json(),
        "reference.json": json.dumps(kept),
        "plan.yaml": plan_text(pipeline.plan),
    }
    for file, text in texts.items():
        (out / file).write_text(text, encoding="utf-8")
    shutil.copyfile(_CODE, out / "model.py")
    shutil.copytree(packed.model, out / "model", ignore=shutil.ignore_patterns("__pycache__"))
    facts = CardFacts(
        name=name,
        draft=draft,
        pipeline=pipeline,
        described=described,
        given=given,
        measures=measures,
        profile=profiled,
        parity=parity,
        locks=locks,
        example=shown,
        cost=packed.cost(),
        checked=checked(pipeline.notebook),
        in_charge=in_charge,
        commit=git_commit(pipeline.notebook.parent),
        size=sum(file.stat().st_size for file in packed.model.rglob("*") if file.is_file()),
    )
    write_cards(facts, out)
    _extra(pipeline, out / "extra")
    contents = Contents(
        code=out / "model.py",
        artifacts={
            "model": out / "model",
            "profile": out / "profile.json",
            "reference": out / "reference.json",
            "plan": out / "plan.yaml",
            "card": out / "MODEL_CARD.md",
            "card_page": out / "card.html",
            "runbook": out / "RUNBOOK.md",
        },
        signature=signature(described),
        lock=locks.serving,
        python=str(described["python"]),
        mlflow=version("mlflow-skinny"),
        example=shown,
        metadata={"handoff": {"level": parity.level, "draft": draft}},
        card=out / "MODEL_CARD.md",
        extra=out / "extra",
    )
    return contents, facts


def _extra(pipeline: PipelineFolder, out: Path) -> None:
    """The pipeline without its runs, its evidence, the notebook without outputs, wheels and the PEP 751 list."""
    folder = pipeline.folder
    inside = out / "pipeline"
    inside.mkdir(parents=True)
    for name in (*PIPELINE_PARTS, PYLOCK["requirements.lock"]):
        if (folder / name).is_file():
            shutil.copyfile(folder / name, inside / name)
    personal = any(said.personal for said in pipeline.plan.columns.values())
    for name in ("stages", "tests", "wheels"):
        # Sample rows of the tests are rows of real people, where a column is personal.
        passed = ["__pycache__", ".*", *(_SAMPLES if personal and name == "tests" else ())]
        if (folder / name).is_dir():
            shutil.copytree(folder / name, inside / name, ignore=shutil.ignore_patterns(*passed))
    carry(pipeline, inside)
    if pipeline.evidence.is_dir():
        shutil.copytree(pipeline.evidence, out / "evidence", ignore=shutil.ignore_patterns("rehearsal.json", ".*"))
    if (folder / PYLOCK[SERVING]).is_file():
        shutil.copyfile(folder / PYLOCK[SERVING], out / "pylock.toml")
    if (folder / "wheels").is_dir():
        shutil.copytree(folder / "wheels", out / "wheels")
    if pipeline.notebook.is_file():
        (out / "notebook.ipynb").write_text(stripped(pipeline.notebook), encoding="utf-8")
    for record in (out / "evidence").glob("*.json"):
        record.write_text(_without_places(record.read_text(encoding="utf-8")), encoding="utf-8")


def _without_places(text: str) -> str:
    """A record without the interpreter's path: it is of this computer only."""
    content = json.loads(text)
    environment = content.get("environment")
    if isinstance(environment, dict):
        environment["executable"] = ""
        for found in environment.get("distributions", ()):
            found["direct"] = None
    return json.dumps(content, indent=1)
