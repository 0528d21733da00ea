"""An Airflow DAG of PapermillOperators."""

from __future__ import annotations

import pprint
from typing import Any

from handoff_ext.contracts.pipeline import Manifest, Parameter

_DAG = '''"""{name}: one PapermillOperator a step. Needs Airflow with apache-airflow-providers-papermill, and a kernel
`{kernel}` with the packages of requirements.lock. The pipeline's folder is found beside this file, or named by the
variable {variable}.
"""

import os
from datetime import datetime
from pathlib import Path

from airflow.providers.papermill.operators.papermill import PapermillOperator

try:
    from airflow.sdk import DAG, Param
except ImportError:  # Airflow 2
    from airflow import DAG
    from airflow.models.param import Param

PIPELINE = Path(os.environ.get("{variable}") or Path(__file__).resolve().parent.parent)
RUN_DIR = "{run_dir}/{{{{ run_id.replace(':', '').replace('+', '_') }}}}"
PARAMETERS = {parameters}
TAKES = {takes}


class Step(PapermillOperator):
    """Runs in the pipeline's folder, as `papermill --cwd` does: Airflow gives each task a process of its own."""

    def execute(self, context):
        os.chdir(PIPELINE)
        Path(self.output_nb).parent.mkdir(parents=True, exist_ok=True)
        given = {{name: context["params"][name] for name in TAKES[self.task_id]}}
        self.parameters = {{**self.parameters, **{{k: v for k, v in given.items() if v is not None}}}}
        return super().execute(context)


with DAG(
    dag_id="{name}",
    schedule=None,
    start_date=datetime(2024, 1, 1),
    catchup=False,
    params={{name: Param(**about) for name, about in PARAMETERS.items()}},
):
    steps = {{
        name: Step(
            task_id=name,
            input_nb=str(PIPELINE / notebook),
            output_nb=f"{{RUN_DIR}}/executed/{{Path(notebook).name}}",
            parameters={{"run_dir": RUN_DIR}},
        )
        for name, notebook in {notebooks}.items()
    }}
    for name, before in {after}.items():
        for other in before:
            steps[other] >> steps[name]
'''
_TYPES = {
    "str": "string",
    "path": "string",
    "date": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "list": "array",
    "dict": "object",
}


def dag_file(name: str) -> str:
    """Where it lies in the pipeline's folder."""
    return f"airflow/{name}_dag.py"


def dag_text(manifest: Manifest) -> str:
    """The file's text."""
    return _DAG.format(
        name=manifest.name,
        kernel=manifest.kernel,
        variable=f"{manifest.name.upper()}_PIPELINE",
        run_dir=manifest.run_dir,
        parameters=_shown({each.name: _param(each) for each in manifest.parameters}),
        takes=_shown({stage.name: stage.parameters for stage in manifest.stages}),
        notebooks=_shown({stage.name: stage.notebook for stage in manifest.stages}),
        after=_shown({stage.name: stage.after for stage in manifest.stages}),
    )


def _param(parameter: Parameter) -> dict[str, Any]:
    known = _TYPES.get(parameter.type)
    found: dict[str, Any] = {"default": parameter.default, "type": ["null", known] if known else None}
    if parameter.default is not None and known:
        found["type"] = known
    if parameter.meaning:
        found["description"] = parameter.meaning
    return {key: value for key, value in found.items() if key == "default" or value is not None}


def _shown(value: Any) -> str:
    return pprint.pformat(value, width=110, sort_dicts=False)
