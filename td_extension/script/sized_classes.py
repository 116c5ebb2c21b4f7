"""Classes of the library in a form that looks at what it is told: C, or the library, would fill it without a tick."""

from __future__ import annotations

import io
import json
import textwrap
from collections.abc import Iterator
from typing import Any

from .library_sizes import of_json, of_layout
from .limits_of_cost import MAX_TEXT
from .measures import whole


class StringIO(io.StringIO):
    """`io.StringIO`: a place far behind its end would be filled up to there."""

    def seek(self, position: int, whence: int = 0, /) -> int:
        """Go to a position."""
        return super().seek(_near(position), whence)


class BytesIO(io.BytesIO):
    """`io.BytesIO`, as `StringIO`."""

    def seek(self, position: int, whence: int = 0, /) -> int:
        """Go to a position."""
        return super().seek(_near(position), whence)


def _near(position: int) -> int:
    if (whole(position) or 0) > MAX_TEXT:
        raise ValueError(f"a position of more than {MAX_TEXT:,} is not reached here")
    return position


class JSONEncoder(json.JSONEncoder):
    """`json.JSONEncoder`, held to what `json.dumps` is held to."""

    def __init__(self, *, indent: Any = None, separators: Any = None, **options: Any) -> None:
        _unless(of_json((), {"indent": indent, "separators": separators}))
        super().__init__(indent=indent, separators=separators, **options)

    def iterencode(self, o: Any, _one_shot: bool = False) -> Iterator[str]:
        """The text of a value, in parts."""
        _unless(of_json((o,), {"indent": self.indent, "separators": (self.item_separator, self.key_separator)}))
        return super().iterencode(o, _one_shot)


class TextWrapper(textwrap.TextWrapper):
    """`textwrap.TextWrapper`, held to what the functions of `textwrap` are held to."""

    def wrap(self, text: str) -> list[str]:
        """The lines of a text."""
        _unless(of_layout((), {"first": self.initial_indent, "next": self.subsequent_indent}))
        if len(text) + text.count("\t") * (whole(self.tabsize) or 0) > MAX_TEXT:
            _unless("it makes a text that is too long")
        return super().wrap(text)


def _unless(why: str | None) -> None:
    if why is not None:
        raise ValueError(f"this would stall the frame: {why}")
