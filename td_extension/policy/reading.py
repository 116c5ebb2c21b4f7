"""The steps by which a document is read: every value is looked at, and every problem is noted with its place."""

from __future__ import annotations

from collections.abc import Collection

from .findings import Findings
from .json_text import Node, place
from .wording import quoted, suggestion, unseen_character

_LATER_KEYS = frozenset({"tests", "spend", "approvals", "approval_timeout"})
"""Keys of policies (policy_engines.md section 1.4, DESIGN section 4) that this version refuses by name."""


class Reading:
    """One document while it is read.

    Args:
        text: the whole document.

    Attributes:
        findings: what was found so far.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._offsets: dict[str, int] = {}
        self.findings = Findings()

    def remember(self, pointer: str, at: int) -> str:
        """Note at what offset the rule of a JSON pointer stands; return the pointer."""
        self._offsets[pointer] = at
        return pointer

    def place_of(self, pointer: str) -> str:
        """The place of a pointer, or of what is nearest around it that was remembered."""
        while pointer not in self._offsets and pointer:
            pointer = pointer.rpartition("/")[0]
        return place(self._text, self._offsets.get(pointer, 0))

    def error(self, at: int, message: str, remedy: str) -> None:
        """Note an error at an offset."""
        # Counting lines costs a pass over the text, so it is not done for errors that are only counted.
        self.findings.error(message, "" if self.findings.full else place(self._text, at), remedy)

    def warning(self, at: int, message: str, remedy: str) -> None:
        """Note a warning at an offset."""
        self.findings.warning(message, "" if self.findings.sated else place(self._text, at), remedy)

    def expected(self, node: Node, what: str, example: str) -> None:
        """Note that a value is of another kind than it must be."""
        self.error(node.at, f"expected {what}, found {shown(node)}", f"write {example}")

    def members(self, node: Node, known: tuple[str, ...], what: str, example: str) -> dict[str, Node]:
        """The members of an object whose keys are known; an error for each other key, and for what is no object."""
        if not isinstance(node.value, dict):
            self.expected(node, f"an object for {what}", example)
            return {}
        for key, member in node.value.items():
            if key in known:
                continue
            if key in _LATER_KEYS:
                self.error(
                    member.at,
                    f"{quoted(key)} is not supported by this version of PolicyGuard yet",
                    "remove it, or wait for a version that supports it; a policy is never applied in part",
                )
            else:
                remedy = "" if self.findings.full else suggestion(key, known)
                self.error(member.at, f"unknown key {quoted(key)} in {what}", remedy)
        return {key: member.node for key, member in node.value.items() if key in known}

    def choice(self, node: Node | None, what: str, choices: Collection[str]) -> str | None:
        """The value, if it is one of the choices; None where it is missing, or wrong and noted."""
        if node is None:
            return None
        if not isinstance(node.value, str):
            self.expected(node, f"a text for {what}", " or ".join(f'"{choice}"' for choice in choices))
        elif node.value in choices:
            return node.value
        else:
            self.error(node.at, f"unknown {what} {quoted(node.value)}", suggestion(node.value, choices))
        return None

    def text(self, node: Node | None, what: str, max_length: int) -> str:
        """A line of text of at most `max_length` characters; empty where it is missing, or wrong and noted."""
        if node is None:
            return ""
        if not isinstance(node.value, str):
            self.expected(node, f"a text for {what}", "a text in double quotes")
            return ""
        if len(node.value) > max_length:
            self.error(node.at, f"{what} has {len(node.value):,} characters", f"keep it to {max_length:,}")
            return ""
        unseen = unseen_character(node.value)
        if unseen:
            self.error(node.at, f"{what} holds {unseen}, which cannot be seen", "write one line of plain text")
        return node.value

    def few(self, node: Node, what: str, most: int) -> bool:
        """Whether a list or an object has at most so many entries; noted where it has more."""
        count = len(node.value) if isinstance(node.value, tuple | dict) else 0
        if count > most:
            self.error(node.at, f"{count:,} {what} are too many", f"keep to {most:,}")
        return count <= most


def shown(node: Node) -> str:
    """A value as it is shown in a message; lists and objects by their kind only."""
    match node.value:
        case dict():
            return "an object"
        case tuple():
            return "a list"
        case None:
            return "null (no value)"
        case bool(value):
            return "true" if value else "false"
        case value:
            return quoted(value)
