"""`policyguard policy explain`: why a policy decides a call as it does, and what would turn the decision."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from td_extension.policy.source import text_of

from . import policy_file
from .terminal import shown, stop


def explain(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A policy: .json, .yaml or .yml, or .tsv for a table saved from TouchDesigner."
        ),
    ],
    call: Annotated[Path, typer.Option("--call", metavar="CALL.JSON", help="The call: an object with tool and args.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, for a program.")] = False,
) -> None:
    """Say why a policy allows or refuses a call, and what would turn it.

    CALL.JSON holds "tool" and, where they matter, "args", "grant", "overlay",
    "caller", "perform_mode", "frame_rate", "hour" and "targets". A script in
    "args" is judged, not run. What is used up of a limit, and what an operator
    is that nothing tells, is decided in TouchDesigner only.

    Printed are the decision with the rule that made it, everything that was
    looked at, and the smallest changes of the call and of the policy that turn
    the decision. Each of them has been decided before it is printed.

    Exits with 0 where the call is allowed, 1 where it is refused or waits for
    a person, 2 where a file cannot be used.
    """
    from .explanation.call_file import CallError, read_call  # only here: the other commands start without it
    from .explanation.report import report_on

    try:
        read = policy_file.read(file)
        text = text_of(call)
    except OSError as error:
        stop(f"{shown(error.filename)}: {error.strerror or error}")
    except UnicodeDecodeError:
        stop(f"{shown(call)}: this is not UTF-8; save the file as UTF-8")
    if read.policy is None:
        for problem in read.problems:
            typer.echo(problem, err=True)
        stop(f"{shown(file)}: the policy does not load")
    try:
        report = report_on(file, read, read_call(text))
    except CallError as error:
        for problem in error.problems:
            typer.echo(f"{shown(call)}: {problem}", err=True)
        stop(f"{shown(call)}: this describes no call")
    typer.echo(report.as_json() if as_json else report.as_text())
    if not report.judgement.is_allowed:
        raise typer.Exit(1)
