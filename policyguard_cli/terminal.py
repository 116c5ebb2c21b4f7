"""What the commands tell a person, and how they end. It stays on its line, whatever a file's name holds."""

from __future__ import annotations

from typing import NoReturn

import typer


def shown(path: object) -> str:
    """A path as it is printed: as it is where it can be seen, else with every odd character escaped."""
    text = str(path)
    return text if text.isprintable() else text.encode("unicode_escape").decode("ascii")


def count(number: int, noun: str) -> str:
    """``1 script``, ``2 scripts``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def stop(message: str, code: int = 2) -> NoReturn:
    """End the command with a message on stderr. The exit code is 2 where something cannot be used."""
    typer.echo(f"policyguard: {message}", err=True)
    raise typer.Exit(code)
