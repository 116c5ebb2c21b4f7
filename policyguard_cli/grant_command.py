"""`policyguard grant`: the keys by which agents are told apart."""

from __future__ import annotations

import re
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from td_extension.grant_file import FILE, GrantError, NewGrant, add_grant, list_grants, remove_grant

from .terminal import shown, stop

app = typer.Typer(no_args_is_help=True, help="Make, list and revoke grants.")

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_SPAN = re.compile(r"([0-9]{1,6})([smhd])")
_FOLDER = typer.Option(file_okay=False, help="The state folder beside the project.")
_EXPIRES = typer.Option(help="A span such as 8h or 7d, or a time such as 2026-03-01T18:00+00:00; else never.")


@app.callback()
def grant() -> None:
    """Make, list and revoke grants."""


@app.command("new")
def new(
    name: Annotated[str, typer.Argument(help="Letters, digits, _ . and -, at most 64.")],
    expires: Annotated[str, _EXPIRES] = "",
    overlay: Annotated[str, typer.Option(help="The name of the grant's overlay in the policy.")] = "",
    folder: Annotated[Path, _FOLDER] = Path(".policyguard"),
) -> None:
    """Make a grant and print its secret, once.

    The secret is kept nowhere; only its SHA-256 is. A running PolicyGuard
    takes the grant up by itself. Exits with 0, 1 where it cannot be made,
    2 where the folder cannot be used.
    """
    now_s = time.time()
    try:
        made = add_grant(folder, name, expires_s=_instant_s(expires, now_s), overlay=overlay, wall_s=now_s)
    except GrantError as error:
        stop(str(error), 1)
    except (OSError, ValueError) as error:
        stop(f"{shown(folder / FILE)}: {error}")
    typer.echo(_told(made))


@app.command("list")
def list_(folder: Annotated[Path, _FOLDER] = Path(".policyguard")) -> None:
    """List the grants: name, end, overlay. Exits with 0, or 2 where the file cannot be read."""
    try:
        entries = list_grants(folder, time.time())
    except (OSError, ValueError) as error:
        stop(f"{shown(folder / FILE)}: {error}")
    for entry in entries:
        ends = f"{'expired' if entry.expired else 'expires'} {entry.expires}" if entry.expires else "does not expire"
        typer.echo("\t".join([entry.name, ends, f"overlay {entry.overlay}" if entry.overlay else "no overlay"]))
    if not entries:
        typer.echo("no grants")


@app.command("revoke")
def revoke(
    name: Annotated[str, typer.Argument(help="The name of the grant.")],
    folder: Annotated[Path, _FOLDER] = Path(".policyguard"),
) -> None:
    """Take a grant away: its key is refused from then on. Exits with 0, 1 where there is none, 2 as `new` does."""
    try:
        remove_grant(folder, name)
    except GrantError as error:
        stop(str(error), 1)
    except (OSError, ValueError) as error:
        stop(f"{shown(folder / FILE)}: {error}")
    typer.echo(f"revoked {name}")


def _instant_s(text: str, now_s: float) -> float | None:
    if not text:
        return None
    span = _SPAN.fullmatch(text)
    if span is not None:
        return now_s + int(span[1]) * _UNITS[span[2]]
    try:
        instant = datetime.fromisoformat(text)
        found = instant.timestamp()
    except (ValueError, OverflowError):
        instant, found = datetime.min, 0.0
    if instant.tzinfo is None:
        remedy = "write a span such as 8h or 7d, or a time with its zone such as 2026-03-01T18:00+00:00"
        raise GrantError(f"{text!r} is no time; {remedy}")
    return found


def _told(made: NewGrant) -> str:
    return (
        f"grant {made.name}\n"
        f"secret {made.secret}\n"
        "It is shown this once. touchdesigner-mcp sends it where it is started with\n"
        f"  --host=http://{made.name}:{made.secret}@127.0.0.1"
    )
