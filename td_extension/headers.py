"""The headers of a request, read out of the dict in which TouchDesigner mixes them with its own keys.

TouchDesigner puts ``method, uri, pars, data, clientAddress, serverAddress`` and every header, in the sender's case,
into one dict (td_runtime.md section 1). Which of two wins is not documented, so a header that bears the name of such
a key, in whatever spelling, is refused; one that bears it letter by letter cannot be told from the key any more, and
what it says is judged like the key.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from .values import Category, Code, Refusal

RESERVED = frozenset({"method", "uri", "pars", "data", "clientAddress", "serverAddress"})
"""The keys that TouchDesigner sets itself."""
_READ_BY_SERVERS = frozenset({"body", "query", "headers"})
"""Keys that TouchDesigner does not set, but that servers read before `data` and `pars` (mcp_servers.md section 2.3)."""
_MAX_HEADERS = 100
_JOINTS = str.maketrans("", "", "-_. ")


def fold(name: str) -> str:
    """A header's name without what readers of headers are known to overlook: case, width, and what joins its words."""
    plain = name if name.isascii() else unicodedata.normalize("NFKC", name)
    return plain.lower().translate(_JOINTS)


_FORBIDDEN = frozenset(fold(key) for key in RESERVED | _READ_BY_SERVERS)

_ORDINARY = frozenset(
    {"host", "connection", "accept", "accept-encoding", "user-agent", "content-type", "content-length"}
)
"""What every client sends, and what is mistaken for nothing: no need to fold these names in every request."""

_TELLING = frozenset(
    {
        "host", "origin", "referer", "content-type", "content-length", "transfer-encoding", "authorization",
    }
)  # fmt: skip
"""Headers by which a request is admitted: sent twice, they could be read in two ways."""


def read_headers(raw: Mapping[str, Any]) -> dict[str, str] | Refusal:
    """Every header of a request, under its name in lower case.

    Args:
        raw: the request dict of the Web Server DAT's ``onHTTPRequest``.
    """
    if len(raw) > _MAX_HEADERS:
        return Refusal(
            Category.PERMISSION, Code.MALFORMED_REQUEST, f"a request has at most {_MAX_HEADERS} headers"
        )
    headers: dict[str, str] = {}
    for key, value in raw.items():
        if key in RESERVED:
            continue
        name = key.lower() if type(key) is str else str(key).lower()
        # Builds may hand over an empty nested dict of their own; a header that was sent is a text.
        if name not in _ORDINARY and (value or isinstance(value, str)) and fold(name) in _FORBIDDEN:
            return Refusal(
                Category.PERMISSION,
                Code.RESERVED_HEADER,
                f"a header named {name[:60]!r} is refused, because servers mistake it for a part of the request",
            )
        if name in _TELLING and (name in headers or not isinstance(value, str)):
            return Refusal(
                Category.PERMISSION, Code.REPEATED_HEADER, f"the header {name} was sent more than once; send it once"
            )
        headers[name] = value if isinstance(value, str) else str(value)
    return headers
