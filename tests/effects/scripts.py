"""The scripts to deny, and how the guards that keep them harmless are opened for the measurement."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CORPUS = Path(__file__).resolve().parents[1] / "corpus"
_NEVER = "id(None) < 0"
"""The guard that is closed in every interpreter; `absTime.frame < 0` opens by a stand-in whose frame is -1."""


@dataclass(frozen=True, slots=True)
class Deny:
    """A script to deny, as the manifest has it."""

    id: str
    family: str
    scope: str
    technique: str
    grey: bool
    runtime_only: bool
    file: str


@cache
def deny_scripts() -> tuple[Deny, ...]:
    """All scripts to deny, grey ones included."""
    return tuple(
        Deny(
            entry["id"], entry["family"], entry["scope"], entry["technique"], entry["grey"],
            entry["static"] != "reasonable", entry["file"],
        )
        for entry in json.loads((CORPUS / "manifest.json").read_text(encoding="utf-8"))
        if entry["expect"] == "deny"
    )  # fmt: skip


def original(name: str) -> str | None:
    """The text of a script; None where its bytes are no UTF-8."""
    file = next(script.file for script in deny_scripts() if script.id == name)
    try:
        return (CORPUS / file).read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None


def opened(name: str) -> str | None:
    """The text with the branch that is never taken open."""
    text = original(name)
    return None if text is None else text.replace(_NEVER, "True")


def allow_scripts() -> list[tuple[str, str]]:
    """Id and file of each script to allow, grey ones included."""
    entries = json.loads((CORPUS / "manifest.json").read_text(encoding="utf-8"))
    return [(entry["id"], entry["file"]) for entry in entries if entry["expect"] == "allow"]
