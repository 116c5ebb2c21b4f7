"""The scripts whose verdict is known: the corpus that we were given (`tests/corpus`) and our own (`tests/corpus_own`).

A script of our own stands in `deny`, `allow`, `deny-cost` or `allow-cost`; its first line is a comment that names the
technique, and no check may read it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

GIVEN = Path(__file__).parents[1] / "corpus"
OWN = Path(__file__).parents[1] / "corpus_own"
GUARD = ("/project1/PolicyGuard",)
"""What is protected where these scripts are judged."""


@dataclass(frozen=True, slots=True)
class Script:
    """A script and the verdict that is right for it.

    Attributes:
        id: its name in the manifest, or ``folder/name`` for one of our own.
        family: the kind of technique; the folder for one of our own.
        expect: ``deny`` or ``allow``, under the profile `edit`.
        grey: whether reasonable policies differ about it.
        decidable: whether its text alone can tell.
        text: what would come in; None where its bytes are no UTF-8, which is refused before it is a text.
        own: whether it is one of our own.
    """

    id: str
    family: str
    expect: str
    grey: bool
    decidable: bool
    text: str | None
    own: bool = False


def given() -> list[Script]:
    """The corpus that we were given."""
    return [
        Script(
            entry["id"],
            entry["family"],
            entry["expect"],
            entry["grey"],
            entry["static"] == "reasonable",
            _text(GIVEN / entry["file"]),
        )
        for entry in json.loads((GIVEN / "manifest.json").read_text(encoding="utf-8"))
    ]


def own() -> list[Script]:
    """The scripts of our own."""
    return [
        Script(f"{file.parent.name}/{file.stem}", file.parent.name, file.parent.name.partition("-")[0], False, True,
               _text(file), own=True)
        for file in sorted(OWN.glob("*/*.py"))
    ]  # fmt: skip


def _text(file: Path) -> str | None:
    try:
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None
