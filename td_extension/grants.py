"""Grants: named keys by which callers are told apart.

touchdesigner-mcp shows one unmodified: ``--host=http://NAME:SECRET@127.0.0.1`` makes it send HTTP Basic with
every call (mcp_servers.md section 2.7). Secrets are never kept, only their SHA-256. How a grant is made, kept and taken
away: `grant_file.py`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import math
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .values import ANONYMOUS, Category, Code, Refusal

_MAX_HEADER = 1024
_MAX_NAME = 64
_MAX_GRANTS = 1_000
_KEYS = {"sha256", "expires", "overlay"}
NAME = re.compile(rf"[A-Za-z0-9][A-Za-z0-9_.-]{{0,{_MAX_NAME - 1}}}")
"""What a new grant may be called: it stands in an address, before a colon (mcp_servers.md section 2.7)."""


@dataclass(frozen=True, slots=True)
class Grants:
    """The keys that are known.

    Attributes:
        secrets: name of the grant to the SHA-256 (lower-case hex) of its secret in UTF-8.
        expires_s: until when a grant counts, in seconds of the wall clock; those that are not here have no end.
        overlays: the name of a grant's overlay in the policy; those that are not here have none.
        required: whether a caller that shows no key is refused.
        wall_s: the wall clock in seconds.
    """

    secrets: Mapping[str, str]
    expires_s: Mapping[str, float] = field(default_factory=dict)
    overlays: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    wall_s: Callable[[], float] = time.time


def load_grants(text: str, wall_s: Callable[[], float] = time.time) -> Grants:
    """Read ``grants.json``.

        {"version": 1, "grants": {"NAME": {"sha256": "<64 hex digits>", "expires": "2026-03-01T18:00:00+00:00",
                                           "overlay": "stage"}}}

    Args:
        text: the file's text.
        wall_s: the wall clock in seconds, by which grants end.

    Raises:
        ValueError: with the place and what was expected. A file that does not load grants nothing to anybody.
    """
    try:
        document: Any = json.loads(text, object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"grants.json is not JSON: {error}") from None
    if not isinstance(document, dict) or set(document) != {"version", "grants"} or document["version"] != 1:
        raise ValueError('grants.json: expected {"version": 1, "grants": {…}}')
    if not isinstance(document["grants"], dict) or len(document["grants"]) > _MAX_GRANTS:
        raise ValueError(f"grants.json: /grants must be an object of at most {_MAX_GRANTS:,} grants")
    secrets, expires_s, overlays = dict[str, str](), dict[str, float](), dict[str, str]()
    for name, entry in document["grants"].items():
        digest = entry.get("sha256") if isinstance(entry, dict) and set(entry) <= _KEYS else None
        if not isinstance(digest, str) or len(digest) != 64 or set(digest) - set("0123456789abcdef"):
            raise ValueError(f'grants.json: /grants/{name} must be {{"sha256": "<64 lower-case hex digits>"}}')
        if name == ANONYMOUS or not name.isprintable() or not name or ":" in name:
            raise ValueError(f"grants.json: {name!r} cannot be the name of a grant")
        secrets[name] = digest
        if "expires" in entry:
            expires_s[name] = _instant_s(name, entry["expires"])
        if "overlay" in entry:
            if not isinstance(entry["overlay"], str) or not NAME.fullmatch(entry["overlay"]):
                raise ValueError(f"grants.json: /grants/{name}/overlay must be the name of an overlay of the policy")
            overlays[name] = entry["overlay"]
    return Grants(secrets, expires_s, overlays, False, wall_s)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key occurs twice in its object")
    return found


def _instant_s(name: str, value: Any) -> float:
    """When a grant ends. It must say in which time zone: a local time would end elsewhere at another moment."""
    remedy = f'grants.json: /grants/{name}/expires must be a time such as "2026-03-01T18:00:00+00:00"'
    try:
        instant = datetime.fromisoformat(value)
        found = instant.timestamp()
    except (TypeError, ValueError, OverflowError):
        raise ValueError(remedy) from None
    if instant.tzinfo is None or not math.isfinite(found):
        raise ValueError(remedy)
    return found


def identify(authorization: str | None, grants: Grants) -> str | Refusal:
    """Tell which grant a request shows.

    Args:
        authorization: the value of the ``Authorization`` header, or None where there is none.
        grants: the keys that are known.

    Returns:
        The grant's name; `ANONYMOUS` without a key, unless one is required; a Refusal for a key that is not known or
        has expired, because a caller who shows a wrong key must notice, and must not be served as if it had shown
        none.
    """
    if authorization is None:
        if not grants.required:
            return ANONYMOUS
        message = "this PolicyGuard wants a key; ask the operator for a grant and send it as HTTP Basic or Bearer"
        return Refusal(Category.PERMISSION, Code.UNKNOWN_GRANT, message)
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
    ends_s = grants.expires_s.get(found)
    # Not "before its end": a clock that tells no number must not keep a grant alive.
    if ends_s is not None and not grants.wall_s() < ends_s:
        message = f"the grant {found} has expired; ask the operator for a new one"
        return Refusal(Category.PERMISSION, Code.UNKNOWN_GRANT, message)
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
    except ValueError:  # no base64, no UTF-8, or no ASCII to begin with
        return None, ""
    return name, secret
