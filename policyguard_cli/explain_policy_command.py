"""`policyguard policy explain`: why a policy decides a call as it does, and what would turn the decision."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

import td_extension.script
from td_extension.policy.source import text_of
from td_extension.script.catalog_text import load_catalog

from . import policy_file
from .explanation.call_file import CallError, DescribedCall, read_call
from .explanation.flips import call_flips, policy_flips
from .explanation.judgement import Scripts, judge
from .explanation.places import places_in
from .explanation.report import Report
from .explanation.trace import trace_of
from .terminal import shown

_GUARD = "/project1/PolicyGuard"


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
    try:
        read = policy_file.read(file)
    except OSError as error:
        _stop(f"{shown(file)}: {error.strerror or error}")
    if read.policy is None:
        for problem in read.problems:
            typer.echo(problem, err=True)
        _stop(f"{shown(file)}: the policy does not load")
    described = _described(call)
    catalog = load_catalog((Path(td_extension.script.__file__).parent / "catalog.json").read_text(encoding="utf-8"))
    scripts = Scripts(catalog, _GUARD)
    judgement = judge(read.policy, described, scripts)
    report = Report(
        described,
        judgement,
        trace_of(described, judgement),
        call_flips(read.policy, described, judgement, scripts),
        policy_flips(described, judgement, scripts),
        shown(file),
        places_in(file, read),
    )
    typer.echo(report.as_json() if as_json else report.as_text())
    if not judgement.is_allowed:
        raise typer.Exit(1)


def _described(file: Path) -> DescribedCall:
    try:
        return read_call(text_of(file))
    except OSError as error:
        _stop(f"{shown(file)}: {error.strerror or error}")
    except UnicodeDecodeError:
        _stop(f"{shown(file)}: this is not UTF-8; save the file as UTF-8")
    except CallError as error:
        for problem in error.problems:
            typer.echo(f"{shown(file)}: {problem}", err=True)
        _stop(f"{shown(file)}: this describes no call")


def _stop(message: str) -> NoReturn:
    typer.echo(f"policyguard: {message}", err=True)
    raise typer.Exit(2)
