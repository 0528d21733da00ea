"""Second part of the road: the pipeline runs, and computes what the notebook computed."""

from __future__ import annotations

from handoff_ext.contracts.errors import GateFailed
from handoff_ext.contracts.words import count
from handoff_ext.ship.ahead import ahead
from handoff_ext.ship.journey import Journey, Skipped


def run(journey: Journey) -> str:
    """Run all steps with papermill's parametrisation, unchanged ones from the last run."""
    from handoff_ext.run import run_pipeline

    journey.record = run_pipeline(
        journey.folder,
        parameters=journey.options.parameters,
        progress=journey.progress,
        force=journey.options.force,
        kernel=journey.options.kernel or None,
        environment=journey.secrets,
    )
    return ", ".join(
        f"{stage.name} {'unchanged' if stage.status == 'cached' else f'{stage.seconds:.1f} s'}"
        for stage in journey.record.stages
    )


def prove(journey: Journey) -> str:
    """Compare notebook and pipeline, value by value.

    Raises:
        GateFailed: where they differ or nothing could be compared.
    """
    from handoff_ext.run import prove as compare

    assert journey.record is not None
    before = journey.record.proof if not journey.options.force else None
    journey.proof = before or compare(
        journey.folder,
        journey.notebook,
        progress=journey.progress,
        parameters=journey.options.parameters,
        kernel=journey.options.kernel or None,
        environment=journey.secrets,
    )
    if not journey.proof.equal:
        raise GateFailed(journey.proof.reason or "The pipeline does not compute what the notebook computes.")
    said = f"{count(journey.proof.compared_values, 'value')} equal, largest difference {journey.proof.max_difference:g}"
    return f"{said} (unchanged since)" if before else said


def features(journey: Journey) -> str:
    """The model's inputs traced to raw columns, and the model packed so that it takes those.

    Raises:
        Skipped: the model keeps the rows it was fitted on; the reason says which cell stands in the way.
    """
    from handoff_ext.publish import pack

    packed = pack(journey.folder)
    if packed.level == "prepared":
        raise Skipped(f"the model takes prepared rows. {packed.note}".strip())
    described = packed.described()
    filters = ", with a scope" if described["features"]["scope"] else ""
    return f"{count(len(described['columns']), 'raw column')}{filters}"


def parity(journey: Journey) -> str:
    """The packed model answers, row by row, what it answered in training.

    Raises:
        GateFailed: where an answer differs.
    """
    from handoff_ext.publish import parity as compare
    from handoff_ext.publish.registry import warm

    if journey.options.until not in {"parity", "lock"}:
        ahead(warm)
    journey.parity = compare(journey.folder, progress=journey.progress)
    if not journey.parity.equal:
        raise GateFailed(journey.parity.reason or "The packed model answers otherwise than in training.")
    taken = "raw rows" if journey.parity.level == "raw" else "prepared rows"
    return f"{count(journey.parity.rows, 'row')} ({taken}), {', '.join(journey.parity.ways)}"
