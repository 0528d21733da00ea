"""``handoff tag``: suggest what each cell is for; with ``--write``, keep it as tags."""

from __future__ import annotations

from pathlib import Path

import click

from handoff_ext.cli.output import format_option, print_json


@click.command("tag")
@click.argument("notebook", type=click.Path(path_type=Path))
@click.option("--write", is_flag=True, help="Keep the suggestion as tags in NOTEBOOK.")
@click.option("--model", help="The variable of the model to hand over, where there are several.")
@format_option
def command(notebook: Path, write: bool, model: str | None, form: str) -> None:
    """Suggest for each cell of NOTEBOOK what it is for, and which step it belongs to."""
    from handoff_ext.cells.edit import apply_change
    from handoff_ext.cells.read import from_json, read_raw
    from handoff_ext.cells.write import write_notebook
    from handoff_ext.contracts.errors import HandoffError
    from handoff_ext.contracts.words import count
    from handoff_ext.pipeline import change_from, suggest

    raw = read_raw(notebook)
    suggestion = suggest(from_json(str(notebook), raw), model)
    if suggestion.problem:
        raise HandoffError(suggestion.problem, suggestion.hint)
    change = change_from(suggestion)
    if write and change.tags:
        write_notebook(notebook, apply_change(raw, change))
    if form == "json":
        cells = [
            {
                "index": each.index,
                "cell_id": each.cell_id,
                "role": each.role,
                "stage": each.stage,
                "reason": each.reason,
            }
            for each in suggestion.cells
        ]
        models = [
            {"variable": each.variable, "cell_id": each.cell_id, "chosen": each.chosen} for each in suggestion.models
        ]
        tags = {cell_id: list(every) for cell_id, every in change.tags.items()}
        print_json({"cells": cells, "models": models, "tags": tags, "written": write and bool(change.tags)})
        return
    for each in suggestion.cells:
        click.echo(f"cell {each.index + 1:>3}  {each.stage or '-':<10} {each.reason}")
    others = [each.variable for each in suggestion.models if not each.chosen]
    for chosen in (each.variable for each in suggestion.models if each.chosen):
        click.echo(f"Model: {chosen}." + (f" Others: {', '.join(dict.fromkeys(others))} (--model)." if others else ""))
    if write:
        click.echo(f"{count(len(change.tags), 'cell')} tagged in {notebook}.")
    else:
        click.echo(f"Keep it with: handoff tag {notebook} --write")
