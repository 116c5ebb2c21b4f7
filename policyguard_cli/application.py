"""The `policyguard` command's shape: its subcommands and global options."""

from __future__ import annotations

from typing import Annotated

import typer

from td_extension import __version__

from . import audit_command, grant_command, policy_command
from .check_command import check
from .serve import serve

app = typer.Typer(name="policyguard", no_args_is_help=True, add_completion=False, help="Decide what an agent may do.")
app.command()(serve)
app.command()(check)
app.add_typer(policy_command.app, name="policy")
app.add_typer(audit_command.app, name="audit")
app.add_typer(grant_command.app, name="grant")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"policyguard {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """PolicyGuard outside TouchDesigner."""
