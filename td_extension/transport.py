"""Stage 1: who may speak at all.

Reads the request dict that the Web Server DAT hands over, once, into a frozen `Request`. TouchDesigner puts
``method, uri, pars, data, clientAddress, serverAddress`` and every HTTP header, in the sender's case, into the
same dict (td_runtime.md section 1), so a header can bear the name of a reserved key: such a request is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .grants import Grants, identify
from .values import Category, Code, Refusal

_RESERVED = {"method", "uri", "pars", "data", "clientAddress", "serverAddress"}
# Keys that TouchDesigner does not set, but that servers read before `data` and `pars` (mcp_servers.md section 2.3).
_READ_BY_SERVERS = {"body", "query", "headers"}
_FORBIDDEN_FOLDED = {key.lower() for key in _RESERVED | _READ_BY_SERVERS}

_LOOPBACK_HOST = re.compile(r"(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?", re.IGNORECASE | re.ASCII)
_LOOPBACK_PEER = re.compile(
    r"(?:::ffff:)?127(?:\.\d{1,3}){3}(?::\d{1,5})?|::1|\[::1\](?::\d{1,5})?", re.IGNORECASE | re.ASCII
)
_MAX_HEADERS = 100
_MAX_URI = 2048
_MAX_QUERY = 32 * 1024


@dataclass(frozen=True, slots=True)
class Rules:
    """What stage 1 lets in.

    Attributes:
        max_body_bytes: the largest body, in bytes of UTF-8. The Web Server DAT itself has no limit.
        peers: peer addresses admitted beside loopback, without port.
        hosts: values of the ``Host`` header admitted beside loopback, in lower case, with their port.
    """

    max_body_bytes: int = 512 * 1024
    peers: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it was admitted: plain strings, read once.

    Attributes:
        method: the HTTP method in upper case.
        uri: the path, without query.
        query: the query fields.
        body: the body as text.
        peer: the peer's address as TouchDesigner gave it.
        grant: name of the grant whose key was shown, or ``anonymous``.
    """

    method: str
    uri: str
    query: Mapping[str, str]
    body: str
    peer: str
    grant: str


def admit(raw: Mapping[str, Any], rules: Rules, grants: Grants) -> Request | Refusal:
    """Decide whether the sender of `raw` may speak, and read the request.

    Args:
        raw: the request dict of the Web Server DAT's ``onHTTPRequest``.
        rules: sizes, peers and hosts that are admitted.
        grants: the keys that are known.
    """
    headers = _headers(raw)
    if isinstance(headers, Refusal):
        return headers
    if refusal := _from_a_browser(raw, headers) or _from_afar(raw, headers, rules):
        return refusal
    method, uri, query = raw.get("method"), raw.get("uri"), raw.get("pars")
    if not isinstance(method, str) or not isinstance(uri, str) or len(uri) > _MAX_URI:
        return _malformed(f"method and uri must be texts, the uri of at most {_MAX_URI} characters")
    query = {} if query is None else query
    if not isinstance(query, Mapping) or not all(isinstance(k, str) and isinstance(v, str) for k, v in query.items()):
        return _malformed("the query fields must be texts")
    if sum(len(key) + len(value) for key, value in query.items()) > _MAX_QUERY:
        return _too_large("query", _MAX_QUERY)
    body = _body(raw.get("data"), rules.max_body_bytes)
    if isinstance(body, Refusal):
        return body
    grant = identify(headers.get("authorization"), grants)
    if isinstance(grant, Refusal):
        return grant
    return Request(method.upper(), uri, dict(query), body, str(raw.get("clientAddress", "")), grant)


def _headers(raw: Mapping[str, Any]) -> dict[str, str] | Refusal:
    """Every key of `raw` that TouchDesigner does not set itself, under its name in lower case."""
    if len(raw) > _MAX_HEADERS:
        return _malformed(f"a request has at most {_MAX_HEADERS} headers")
    headers: dict[str, str] = {}
    for key, value in raw.items():
        if key in _RESERVED:
            continue
        folded = str(key).lower()
        if folded in _FORBIDDEN_FOLDED:
            # Some builds may hand over an empty nested dict; a header that was sent is a text.
            if not value and not isinstance(value, str):
                continue
            return Refusal(
                Category.PERMISSION,
                Code.RESERVED_HEADER,
                f"a header named {folded!r} is refused, because servers mistake it for a part of the request",
            )
        headers[folded] = value if isinstance(value, str) else str(value)
    return headers


def _from_a_browser(raw: Mapping[str, Any], headers: Mapping[str, str]) -> Refusal | None:
    """MCP clients are no browsers: what only a browser sends comes from a web page."""
    marks = [name for name in ("origin", "referer") if name in headers]
    if headers.get("sec-fetch-site", "none") != "none":
        marks.append("sec-fetch-site")
    if str(raw.get("method", "")).upper() == "OPTIONS":
        marks.append("a preflight")
    if not marks:
        return None
    return Refusal(
        Category.PERMISSION, Code.BROWSER_REQUEST, f"requests from web pages are refused ({', '.join(marks)})"
    )


def _from_afar(raw: Mapping[str, Any], headers: Mapping[str, str], rules: Rules) -> Refusal | None:
    host = headers.get("host")
    if host is not None and not _LOOPBACK_HOST.fullmatch(host) and host.lower() not in rules.hosts:
        return Refusal(Category.PERMISSION, Code.FOREIGN_HOST, "the Host header names another machine than this one")
    peer = raw.get("clientAddress")
    if not isinstance(peer, str) or (not _LOOPBACK_PEER.fullmatch(peer) and peer not in rules.peers):
        return Refusal(
            Category.PERMISSION,
            Code.FOREIGN_PEER,
            f"the peer {str(peer)[:60]!r} is not this machine; connect through 127.0.0.1",
        )
    return None


def _body(data: Any, limit: int) -> str | Refusal:
    if data is None:
        return ""
    if not isinstance(data, str | bytes | bytearray):
        return _malformed("the body must be text or bytes")
    # The length in characters is a lower bound of the length in bytes: a huge text is never encoded.
    if len(data) > limit:
        return _too_large("body", limit)
    try:
        if isinstance(data, str):
            return data if data.isascii() or len(data.encode()) <= limit else _too_large("body", limit)
        return bytes(data).decode()
    except UnicodeError:
        return _malformed("the body is not UTF-8")


def _too_large(what: str, limit: int) -> Refusal:
    return Refusal(
        Category.PERMISSION, Code.BODY_TOO_LARGE, f"the {what} is larger than {limit} bytes; send less at once"
    )


def _malformed(what: str) -> Refusal:
    return Refusal(Category.PERMISSION, Code.MALFORMED_REQUEST, what)
