"""A path that only one hosted platform has.

## What
Folders of Colab (`/content`), Google Drive mounts, Kaggle (`/kaggle/input`, `../input`), Databricks (`/dbfs`,
`dbfs:/`), SageMaker (`/opt/ml`), Fabric and
the like.

## Why
Outside that platform there is no such folder.

## Example
    train = pd.read_csv("/kaggle/input/titanic/train.csv")

## Use instead
    TRAIN_CSV = "data/train.csv"  # in the cell tagged `parameters`
    train = pd.read_csv(TRAIN_CSV)
"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_ext.checks.facts.notebook import NotebookFacts
from handoff_ext.checks.fixing.paths import fix_path
from handoff_ext.checks.paths.hits import path_hit, told
from handoff_ext.checks.rule import Hit, Rule


def check(notebook: NotebookFacts) -> Iterator[Hit]:
    """One hit for each such path that is not written to, imported from or named in a magic."""
    for placed in told(notebook, {"platform"}):
        yield path_hit(placed, MESSAGE)


MESSAGE = "`{path}` exists on one hosted platform only. Make it a parameter."
RULE = Rule(
    code="PATH003",
    name="platform-path",
    severity="warning",
    why="This folder exists on one hosted platform only.",
    notebook=check,
    fix=fix_path,
)
