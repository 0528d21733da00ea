"""``handoff features``: where each of the model's inputs comes from."""

from __future__ import annotations

from pathlib import Path

import click

from handoff_ext.cli.output import format_option, print_json
from handoff_ext.contracts.features import Features, Join, Place, RawColumn


@click.command("features")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--model", help="Which variable is the model, where there are several.")
@format_option
def command(path: Path, model: str | None, form: str) -> int:
    """Show where each input of the model comes from, for a notebook or a pipeline's folder."""
    features = _features(path, model)
    if form == "json":
        print_json(features)
        return 0
    _print(features)
    return 0


def _features(path: Path, model: str | None) -> Features:
    from handoff_ext.publish.origins import inputs_of, known

    if path.is_dir():
        return inputs_of(path)
    from handoff_ext.cells.read import read_notebook
    from handoff_ext.pipeline.features import features_of
    from handoff_ext.plan import read_plan

    return known(features_of(read_notebook(path), model), read_plan(path))


def _print(features: Features) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    if features.frame:
        console.print(f"Rows of `{features.frame}`, {_level(features)}.")
    if features.reason:
        console.print(features.reason)
    for title, rows in (
        (
            "Raw columns",
            [(column.name, column.type, column.doubt or column.mark, _worth(column)) for column in features.columns],
        ),
        (
            "Model inputs",
            [(each.name, each.origin, ", ".join(each.columns), _place(each.place)) for each in features.inputs],
        ),
        (
            "Joined tables",
            [(each.table, ", ".join(each.keys), _had(each), _place(each.place)) for each in features.joins],
        ),
        ("Kept from training", [(each.name, each.kind, "", _place(each.place)) for each in features.state]),
        ("Out of scope unless", [(each.code, "", "", _place(each.place)) for each in features.scope]),
        ("Doubts", [(each.message, each.repair, "", _place(each.place)) for each in features.doubts]),
    ):
        if rows:
            table = Table(title=title, title_justify="left", box=None, pad_edge=False, show_header=False)
            for _ in range(4):
                table.add_column(overflow="fold")
            for row in rows:
                table.add_row(*row)
            console.print(table)


def _level(features: Features) -> str:
    if features.level == "raw":
        return f"asked as they are: same inputs live as in training, {features.compared_rows:,} rows compared"
    return "prepared before the model is asked" if features.level == "prepared" else "not tested yet"


def _worth(column: RawColumn) -> str:
    """Its score by itself, and what the model loses without it."""
    if column.alone is None:
        return ""
    return f"alone {column.alone:.2f}" + (f", model loses {column.without:.2f}" if column.without is not None else "")


def _had(join: Join) -> str:
    """How a joined table is had when serving."""
    if join.kept == "with the row":
        return f"comes with the row: {', '.join(join.columns)}"
    read = f", read {join.as_of}" if join.as_of else ""
    return f"kept, {join.rows:,} rows, {join.sha256[:12]}{read}" if join.sha256 else "kept" if join.kept else ""


def _place(place: Place | None) -> str:
    return f"cell {place.cell}, line {place.line}" if place else ""
