"""What is shown on a terminal stays on its line, whatever a file's name holds."""

from __future__ import annotations


def shown(path: object) -> str:
    """A path as it is printed: as it is where it can be seen, else with every odd character escaped."""
    text = str(path)
    return text if text.isprintable() else text.encode("unicode_escape").decode("ascii")


def count(number: int, noun: str) -> str:
    """``1 script``, ``2 scripts``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
