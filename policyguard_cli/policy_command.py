"""`policyguard policy`: whether a policy would load, the same in another spelling, and why it decides as it does."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from td_extension.policy.model import Policy

from . import policy_file
from .explain_policy_command import explain
from .policy_writer.spelling import Spelling
from .terminal import count, shown, stop

app = typer.Typer(no_args_is_help=True, help="Look at a policy.")


@app.callback()
def policy() -> None:
    """Look at a policy."""


_FILE = typer.Argument(
    metavar="FILE", help="A policy: .json, .yaml or .yml, or .tsv for a table saved from TouchDesigner."
)


@app.command("validate")
def validate(
    file: Annotated[Path, _FILE],
) -> None:
    """Say whether a policy would load, and where it is wrong.

    Every problem is one line: FILE:LINE:COLUMN, what was found, and what to
    write instead. Warnings do not keep a policy from loading.

    Exits with 0 where it loads, 1 where it does not, 2 where the file cannot
    be opened.
    """
    read = _read(file)
    for problem in read.problems:
        typer.echo(problem)
    if read.policy is None:
        raise typer.Exit(1)
    typer.echo(_summary(read.policy))


@app.command("convert")
def convert(
    file: Annotated[Path, _FILE],
    to: Annotated[Spelling, typer.Option("--to", help="yaml or json: a document. table: a table for a Table DAT.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="OUT", help="Where to; standard output otherwise.")
    ] = None,
) -> None:
    """Write a policy in another spelling.

    What is written decides every call as FILE does, and has the same digest.
    Where a table cannot hold something, its JSON pointer and the reason are
    said, and nothing is written. A table names its counters itself: one that
    has another name is renamed, which is said.

    Exits with 0 where it was written, 1 where FILE does not load or the
    spelling cannot hold it, 2 where a file cannot be opened.
    """
    # Only here: the other commands start without it.
    from .policy_writer.convert import NotConvertedError
    from .policy_writer.convert import convert as converted

    read = _read(file)
    for problem in read.problems:
        typer.echo(problem, err=True)
    if read.policy is None:
        raise typer.Exit(1)
    try:
        written = converted(read.policy, to)
    except NotConvertedError as error:
        for one in error.not_held:
            typer.echo(f"{shown(file)}: {shown(one.pointer)}: {one.reason}", err=True)
        typer.echo(f"policyguard: nothing is written, for {to.value} cannot hold all of the policy", err=True)
        raise typer.Exit(1) from None
    for note in written.notes:
        typer.echo(f"{shown(file)}: note: {shown(note)}", err=True)
    if output is None:
        typer.get_binary_stream("stdout").write(written.text.encode("utf-8"))  # whatever the terminal's own encoding
        return
    try:
        output.write_bytes(written.text.encode("utf-8"))
    except OSError as error:
        stop(f"{shown(output)}: {error.strerror or error}")


app.command("explain")(explain)


def _read(file: Path) -> policy_file.PolicyFile:
    try:
        return policy_file.read(file)
    except OSError as error:
        stop(f"{shown(file)}: {error.strerror or error}")


def _summary(policy: Policy) -> str:
    rules = [*policy.every_tool, *(rule for own in policy.tools.values() for rule in own)]
    limits = len(policy.all_tools) + sum(len(rule.limits) for rule in rules)
    hidden = "every tool hidden" if "*" in policy.hide else f"{len(policy.hide)} hidden"
    parts = (count(len(policy.tools), "tool"), hidden, count(limits, "limit"), f"default {policy.default.value}")
    return f"valid: {', '.join(parts)}, digest {policy.digest}"
