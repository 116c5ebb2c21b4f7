"""`policyguard audit`: what a person does with an audit log."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from td_extension.audit_verify import Problem, verify

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
        typer.echo(f"policyguard: {folder}: {error.strerror or error}", err=True)
        raise typer.Exit(2) from error
    for problem in report.problems:
        typer.echo(_line(problem))
    if report.problems:
        raise typer.Exit(1)
    typer.echo(f"whole: {_count(report.segments, 'segment')}, {_count(report.records, 'record')}")


def _line(problem: Problem) -> str:
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    return f"{place}: {problem.what}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
