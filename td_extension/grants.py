"""Grants: named keys by which callers are told apart.

touchdesigner-mcp shows one unmodified: ``--host=http://NAME:SECRET@127.0.0.1`` makes it send HTTP Basic with
every call (mcp_servers.md section 2.7). Secrets are never kept, only their SHA-256.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .values import ANONYMOUS, Category, Code, Refusal

_MAX_HEADER = 1024


@dataclass(frozen=True, slots=True)
class Grants:
    """The keys that are known.

    Attributes:
        secrets: name of the grant to the SHA-256 (lower-case hex) of its secret in UTF-8.
    """

    secrets: Mapping[str, str]


def load_grants(text: str) -> Grants:
    """Read ``grants.json``: ``{"version": 1, "grants": {"NAME": {"sha256": "<64 hex digits>"}}}``.

    Raises:
        ValueError: with the place and what was expected. A file that does not load grants nothing to anybody.
    """
    try:
        document: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"grants.json is not JSON: {error}") from None
    if not isinstance(document, dict) or set(document) != {"version", "grants"} or document["version"] != 1:
        raise ValueError('grants.json: expected {"version": 1, "grants": {…}}')
    if not isinstance(document["grants"], dict):
        raise ValueError("grants.json: /grants must be an object")
    secrets: dict[str, str] = {}
    for name, entry in document["grants"].items():
        digest = entry.get("sha256") if isinstance(entry, dict) and set(entry) == {"sha256"} else None
        if not isinstance(digest, str) or len(digest) != 64 or set(digest) - set("0123456789abcdef"):
            raise ValueError(f'grants.json: /grants/{name} must be {{"sha256": "<64 lower-case hex digits>"}}')
        if name == ANONYMOUS or not name.isprintable() or not name or ":" in name:
            raise ValueError(f"grants.json: {name!r} cannot be the name of a grant")
        secrets[name] = digest
    return Grants(secrets)


def identify(authorization: str | None, grants: Grants) -> str | Refusal:
    """Tell which grant a request shows.

    Args:
        authorization: the value of the ``Authorization`` header, or None where there is none.
        grants: the keys that are known.

    Returns:
        The grant's name; `ANONYMOUS` without a key; a Refusal for a key that is not known, because a caller who
        shows a wrong key must notice, and must not be served as if it had shown none.
    """
    if authorization is None:
        return ANONYMOUS
    claimed, secret = _credentials(authorization)
    digest = hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
    found = None
    # Every grant is compared, in constant time, so that the time taken tells nothing about the names.
    for name, known in grants.secrets.items():
        same = hmac.compare_digest(digest, known)
        if same and claimed in (None, name):
            found = name
    if found is None or not secret:
        return Refusal(
            Category.PERMISSION, Code.UNKNOWN_GRANT, "the key shown is not a known grant of this PolicyGuard"
        )
    return found


def _credentials(authorization: str) -> tuple[str | None, str]:
    """The claimed name (None for Bearer) and the secret; an empty secret where the header cannot be read."""
    scheme, _, value = authorization[:_MAX_HEADER].partition(" ")
    if scheme.lower() == "bearer":
        return None, value.strip()
    if scheme.lower() != "basic":
        return None, ""
    try:
        name, _, secret = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeError):
        return None, ""
    return name, secret
