"""A document's text in JSON. What cannot be seen, or turns the direction of text, is escaped."""

from __future__ import annotations

import json
import re

from td_extension.values import Json

_NOT_ASCII = re.compile(r"[^\x20-\x7e\n]")


def json_text(document: Json) -> str:
    """The document as JSON, indented, its keys in their order."""
    return with_escapes(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)) + "\n"


def json_string(text: str) -> str:
    """One text as a JSON string on one line."""
    return with_escapes(json.dumps(text, ensure_ascii=False))


def with_escapes(written: str) -> str:
    r"""JSON with every character that is not plainly seen as ``\uXXXX``: beyond ASCII they stand in its texts only."""
    return _NOT_ASCII.sub(lambda found: found[0] if found[0].isprintable() else json.dumps(found[0])[1:-1], written)
