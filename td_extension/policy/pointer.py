"""JSON pointers (RFC 6901): how a rule is named in decisions, in the audit and in problems."""

from __future__ import annotations


def pointer_to(*keys: str | int) -> str:
    """The JSON pointer that these keys make."""
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in keys)


def keys_of(pointer: str) -> tuple[str, ...]:
    """The keys that make a JSON pointer; none for the whole document."""
    return tuple(key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:])
