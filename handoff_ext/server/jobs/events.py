"""The Jupyter event that tells each change of a job.

Its schema is a file, so that the server starts without building the contract. After a change of ``Job`` run
``python -m handoff_ext.server.jobs.events``.
"""

from __future__ import annotations

from pathlib import Path

JOB_EVENT = "https://handoff-ext.org/events/job"
JOB_SCHEMA = Path(__file__).parent.parent / "events" / "job.yaml"


def job_schema() -> str:
    """The event's schema as YAML, made from the contract."""
    import io

    from ruamel.yaml import YAML

    from handoff_ext.contracts.sidebar import Job

    schema = Job.model_json_schema(mode="serialization")
    head = {"$id": JOB_EVENT, "version": "1", "title": "Handoff job", "personal-data": True}
    text = io.StringIO()
    yaml = YAML(typ="safe")
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.dump(head | {key: value for key, value in schema.items() if key != "title"}, text)
    return text.getvalue()


if __name__ == "__main__":
    JOB_SCHEMA.write_text(job_schema(), encoding="utf-8")
