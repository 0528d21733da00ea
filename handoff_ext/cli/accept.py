"""``handoff accept``: the owner answers for the model."""

from __future__ import annotations

import click

from handoff_ext.cli.output import format_option, print_json


@click.command("accept")
@click.argument("target")
@click.option("--as", "by", default="", help="Who accepts. Default: the name git knows.")
@click.option("--login", default="", help="JupyterLab's user. Default: JupyterHub's, else the registry's.")
@click.option(
    "--tracking-uri", default="", help="MLflow's store. Default: MLFLOW_TRACKING_URI, else mlflow.db in this folder."
)
@format_option
def command(target: str, by: str, login: str, tracking_uri: str, form: str) -> int:
    """Say that you, the owner the plan names, answer for the model. Until then it only watches.

    TARGET: a notebook (its plan is written), or models:/NAME/VERSION.
    """
    from handoff_ext.publish.acceptance import ONLY_SAID, accept

    owner = accept(target, by, tracking_uri, login)
    if form == "json":
        print_json(
            {"target": target, "owner": owner.name, "accepted_on": str(owner.accepted_on), "as": owner.accepted_as}
        )
    else:
        click.echo(f"{owner.name} answers for {target} since {owner.accepted_on} ({owner.accepted_as or ONLY_SAID}).")
    return 0
