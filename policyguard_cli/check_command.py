"""`policyguard check`: judges scripts as the guard would, without TouchDesigner and without running them."""

from __future__ import annotations

import enum
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

import td_extension.script
from td_extension.policy.decide import decide
from td_extension.policy.script_rule import DEFAULT_PROFILE, UNCHANGED, ScriptGrants
from td_extension.script.catalog import Catalog
from td_extension.script.catalog_text import load_catalog
from td_extension.values import Outcome

from . import explain, policy_file, script_files
from .terminal import count, shown, stop
from .verdict import GUARD, Judge

_TOOL = "execute_python_script"
_OPERATOR_PATH = re.compile(r"(?:/[A-Za-z0-9_]+)+")


class Format(enum.Enum):
    """The values of ``--format``."""

    TEXT = "text"
    JSON = "json"


class ProfileName(enum.Enum):
    """The values of ``--profile``."""

    INSPECT = "inspect"
    EDIT = "edit"
    BUILD = "build"
    TRUSTED = "trusted"


def check(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="FILE|DIR|-", help="A script, a folder of scripts, or - for standard input."),
    ],
    policy: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Judge by what this policy grants the scripts of execute_python_script."),
    ] = None,
    profile: Annotated[
        ProfileName | None,
        typer.Option(
            help="Judge by this profile, whatever --policy says. inspect: look. edit (the default): also set and "
            "create. build: also delete, and write code. trusted: also files, network and other modules."
        ),
    ] = None,
    guard: Annotated[
        str, typer.Option(metavar="PATH", help="Where the PolicyGuard component is; scripts may not touch it.")
    ] = GUARD,
    format: Annotated[
        Format, typer.Option(help="text: a line for a person. json: an object for a program. One for each script.")
    ] = Format.TEXT,
    explained: Annotated[
        bool,
        typer.Option("--explain", help="Print each script with what its lines do, and which capability they need."),
    ] = False,
) -> None:
    """Say whether PolicyGuard would let Python scripts run. Nothing is run.

    Of a folder, every *.py file in it and below is judged; links that lead
    out of it are not followed.

    Some things depend on the operators of a project and are decided only
    there: a script that is allowed here may still be stopped while it runs.

    Exits with 0 where every script is allowed, 1 where one is denied or
    would wait for a person, 2 where something cannot be opened.
    """
    if explained and format is Format.JSON:
        stop("--explain is for a person and --format json for a program: leave one out")
    if not _OPERATOR_PATH.fullmatch(guard):
        stop(f"--guard {shown(guard)}: write the path of an operator, such as {GUARD}")
    stated = _granted_by(policy) if policy is not None else UNCHANGED[DEFAULT_PROFILE]
    judge = Judge(_catalog(), UNCHANGED[profile.value] if profile is not None else stated, guard)
    console = Console()
    if explained:
        console.print(explain.legend(), soft_wrap=True)
    counted = dict.fromkeys((Outcome.ALLOW, Outcome.DENY, Outcome.PENDING), 0)
    failures: list[str] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Python's parser would say to the author of a script
        for path, data in _read(paths, failures):
            verdict = judge.verdict(str(path), data)
            counted[verdict.outcome] += 1
            if explained:
                typer.echo()
            typer.echo(verdict.as_json() if format is Format.JSON else verdict.as_text())
            if explained:
                explain.explain(console, data.decode("utf-8", "backslashreplace"), verdict.ruling, verdict.grants)
    if format is Format.TEXT:
        judged = f"{count(sum(counted.values()), 'script')} judged by the profile {judge.grants.text}"
        asked = f", {counted[Outcome.PENDING]} for a person to approve" if counted[Outcome.PENDING] else ""
        typer.echo(f"{judged}: {counted[Outcome.ALLOW]} allowed, {counted[Outcome.DENY]} denied{asked}", err=True)
    if failures or counted[Outcome.DENY] or counted[Outcome.PENDING]:
        raise typer.Exit(2 if failures else 1)


def _catalog() -> Catalog:
    return load_catalog((Path(td_extension.script.__file__).parent / "catalog.json").read_text(encoding="utf-8"))


def _granted_by(file: Path) -> ScriptGrants:
    """What a policy grants scripts. Ends the command where the policy does not load."""
    try:
        read = policy_file.read(file)
    except OSError as error:
        stop(f"{shown(file)}: {error.strerror or error}")
    if read.policy is None:
        for problem in read.problems:
            typer.echo(problem, err=True)
        stop(f"{shown(file)}: the policy does not load")
    decision = decide(read.policy, _TOOL)
    if decision.outcome is Outcome.DENY:
        typer.echo(f"policyguard: {shown(file)}: {_TOOL} is denied altogether ({decision.rule})", err=True)
    return decision.script.grants


def _read(paths: list[Path], failures: list[str]) -> Iterator[tuple[Path, bytes]]:
    """The scripts that paths stand for, each with its bytes. What cannot be opened is said, and put into `failures`."""

    def fail(path: object, why: str) -> None:
        failures.append(f"policyguard: {shown(path)}: {why}")
        typer.echo(failures[-1], err=True)

    for given in paths:
        scripts: tuple[Path, ...] = (given,)
        if given != script_files.STANDARD_INPUT and given.is_dir():
            found = script_files.find(given)
            scripts = found.scripts
            for link in found.outside:
                typer.echo(f"policyguard: {shown(link)}: not judged, for this link leads out of the folder", err=True)
            for error in found.errors:
                fail(error.filename, error.strerror or "it cannot be looked into")
            if not scripts and not found.errors:
                fail(given, "there is no *.py file in this folder")
        for script in scripts:
            try:
                data = script_files.read(script)
            except OSError as error:
                fail(script, error.strerror or str(error))
            else:
                yield script, data
