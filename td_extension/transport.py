"""Stage 1: who may speak at all.

Reads the request dict that the Web Server DAT hands over, once, into a frozen `Request`. Where it comes from is told
by several marks together (`senders`), none of which is enough alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .grants import Grants, identify
from .headers import read_headers
from .senders import from_a_browser, from_afar, named_host, peer_address
from .values import ANONYMOUS, Category, Code, Refusal

_MAX_URI = 2048
_MAX_QUERY = 32 * 1024
_JSON = re.compile(r'application/json(?: *; *charset *= *"?utf-8"?)?', re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Rules:
    """What stage 1 lets in.

    Attributes:
        max_body_bytes: the largest body, in bytes of UTF-8. The Web Server DAT itself has no limit.
        peers: addresses of other machines that are admitted, without port, if they show a grant.
        hosts: values of the ``Host`` header admitted beside loopback, in lower case, with their port.
        key_required: whether a caller that shows no grant is refused, also on this machine.
    """

    max_body_bytes: int = 256 * 1024
    peers: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    key_required: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it was admitted: plain strings, read once.

    Attributes:
        method: the HTTP method in upper case.
        uri: the path, without query.
        query: the query fields.
        body: the body as text.
        peer: the peer's address without its port.
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
    headers = read_headers(raw)
    if isinstance(headers, Refusal):
        return headers
    if refusal := from_a_browser(raw.get("method"), headers) or named_host(headers, rules.hosts):
        return refusal
    grant = identify(headers.get("authorization"), replace(grants, required=True) if rules.key_required else grants)
    if isinstance(grant, Refusal):
        return grant
    peer = peer_address(raw.get("clientAddress"))
    known = grant != ANONYMOUS
    if refusal := from_afar(peer, raw.get("clientAddress"), headers, rules.peers, known=known):
        return refusal
    method, uri = raw.get("method"), raw.get("uri")
    if not isinstance(method, str) or not isinstance(uri, str) or len(uri) > _MAX_URI:
        return _malformed(f"method and uri must be texts, the uri of at most {_MAX_URI} characters")
    query = _query(raw.get("pars"))
    if isinstance(query, Refusal):
        return query
    body = _body(raw.get("data"), rules.max_body_bytes)
    if isinstance(body, Refusal):
        return body
    # Other types are what a web page may send without asking first (a form, text/plain).
    if body and not _JSON.fullmatch(headers.get("content-type", "").strip()):
        what = "a request with a body needs the header Content-Type: application/json"
        return Refusal(Category.PERMISSION, Code.CONTENT_TYPE, what)
    return Request(method.upper(), uri, query, body, peer, grant)


def _query(fields: Any) -> dict[str, str] | Refusal:
    if fields is None:
        return {}
    if not isinstance(fields, Mapping):
        return _malformed("the query fields must be texts")
    query, size = dict(fields), 0
    for key, value in query.items():
        if not isinstance(key, str) or not isinstance(value, str):
            return _malformed("the query fields must be texts")
        size += len(key) + len(value)
    return query if size <= _MAX_QUERY else _too_large("query", _MAX_QUERY)


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
