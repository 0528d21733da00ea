"""The command line. Each command lives in a module of its own and is imported only when it is asked for."""

from __future__ import annotations

import importlib
import signal
import sys
from typing import Any

import click

from handoff_ext import __version__
from handoff_ext.contracts.errors import Cancelled, GateFailed, HandoffError

COMMANDS = {
    "check": "Find what ties notebooks to one computer.",
    "tag": "Suggest what each cell is for.",
    "extract": "Pull tagged cells out into a Papermill pipeline.",
    "run": "Run a pipeline; with --prove, compare it with its notebook.",
    "features": "Show where the model's inputs come from.",
    "parity": "Show that the packed model answers as in training.",
    "lock": "Write the exact package list of a pipeline.",
    "publish": "Publish a pipeline's model to MLflow.",
    "rehearse": "Try a published model on a clean machine.",
    "ship": "The whole road: check, fix, extract, run, publish, rehearse.",
    "predict": "Ask a published model once.",
    "serve": "Answer predictions over HTTP.",
    "accept": "The owner answers for a model.",
    "monitor": "Check a model in production.",
    "retrain": "Train again on new data, beside the version in charge.",
    "promote": "Give a version more to say: advise, or decide.",
    "rollback": "Put the version before back in charge.",
    "loadtest": "See how much a served model bears.",
    "key": "Make an API key for a served model.",
    "outcomes": "Report what really came of answers.",
    "export": "Write a CI workflow or an Airflow DAG for a pipeline.",
    "review-setup": "Set a repository up for reviewing notebooks.",
    "diff": "Compare notebooks, pipelines or published versions.",
    "status": "What still stands between a model and its users.",
}


class LazyGroup(click.Group):
    """Imports a command's module when the command is used, so that ``handoff check`` starts fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Names of all commands, in the order of the road."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command, imported now; None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"handoff_ext.cli.{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="handoff")
def handoff() -> None:
    """Hand a notebook's model over to people who never met you.

    Exit codes: 0 good, 1 problems that must be fixed or a check that failed, 2 wrong use or unreadable input.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; every foreseen error becomes one sentence on stderr and an exit code.

    Raises:
        SystemExit: always, with the exit code.
    """
    signal.signal(signal.SIGTERM, _terminate)
    try:
        answer: Any = handoff.main(args=arguments, prog_name="handoff", standalone_mode=False)
    except HandoffError as error:
        click.echo(f"handoff: {error.message}" + (f" {error.hint}" if error.hint else ""), err=True)
        sys.exit(1 if isinstance(error, GateFailed | Cancelled) else 2)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(0 if not arguments and len(sys.argv) < 2 else 2)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "handoff"
        click.echo(f"handoff: {error.format_message()} See {command} --help.", err=True)
        sys.exit(2)
    except click.ClickException as error:
        click.echo(f"handoff: {error.format_message()}", err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("handoff: Stopped.", err=True)
        sys.exit(130)
    sys.exit(answer if isinstance(answer, int) else 0)


def _terminate(signum: int, _: object) -> None:
    raise KeyboardInterrupt(signum)
