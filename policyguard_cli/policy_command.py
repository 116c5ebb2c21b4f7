"""`policyguard policy validate`: whether a policy would load, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from td_extension.policy.model import Policy

from . import policy_file
from .terminal import count, shown

app = typer.Typer(no_args_is_help=True, help="Look at a policy.")


@app.callback()
def policy() -> None:
    """Look at a policy."""


@app.command("validate")
def validate(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A policy: .json, .yaml or .yml, or .tsv for a table saved from TouchDesigner."
        ),
    ],
) -> None:
    """Say whether a policy would load, and where it is wrong.

    Every problem is one line: FILE:LINE:COLUMN, what was found, and what to
    write instead. Warnings do not keep a policy from loading.

    Exits with 0 where it loads, 1 where it does not, 2 where the file cannot
    be opened.
    """
    try:
        read = policy_file.read(file)
    except OSError as error:
        typer.echo(f"policyguard: {shown(file)}: {error.strerror or error}", err=True)
        raise typer.Exit(2) from error
    for problem in read.problems:
        typer.echo(problem)
    if read.policy is None:
        raise typer.Exit(1)
    typer.echo(_summary(read.policy))


def _summary(policy: Policy) -> str:
    rules = [*policy.every_tool, *(rule for own in policy.tools.values() for rule in own)]
    limits = len(policy.all_tools) + sum(len(rule.limits) for rule in rules)
    hidden = "every tool hidden" if "*" in policy.hide else f"{len(policy.hide)} hidden"
    parts = (count(len(policy.tools), "tool"), hidden, count(limits, "limit"), f"default {policy.default.value}")
    return f"valid: {', '.join(parts)}, digest {policy.digest}"
