"""`policyguard audit`: what a person does with an audit log."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from td_extension.audit_verify import Problem, verify

from .terminal import count, shown, stop

app = typer.Typer(no_args_is_help=True, help="Look at an audit log.")


@app.callback()
def audit() -> None:
    """Look at an audit log."""


@app.command("verify")
def verify_folder(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The audit's folder, e.g. .policyguard/audit.")],
) -> None:
    """Check an audit log's chain. Exits with 0 where it is whole, 1 where it is not, 2 where it cannot be read."""
    try:
        report = verify(folder)
    except OSError as error:
        stop(f"{shown(folder)}: {error.strerror or error}")
    for problem in report.problems:
        typer.echo(_line(problem))
    if report.problems:
        raise typer.Exit(1)
    typer.echo(f"whole: {count(report.segments, 'segment')}, {count(report.records, 'record')}")


def _line(problem: Problem) -> str:
    file = shown(problem.file)
    place = f"{file}:{problem.line}" if problem.line else file
    return f"{place}: {problem.what}"
