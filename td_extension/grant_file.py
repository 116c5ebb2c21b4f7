"""The file of the grants, ``.policyguard/grants.json``: a grant is made, taken away, and taken up while TD runs.

The secret is 160 random bits in base32, shown once and never kept. The file is replaced as a whole, so that whoever
reads it finds the old one or the new one.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import hashlib
import json
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .grants import NAME, Grants, load_grants
from .values import ANONYMOUS

FILE = "grants.json"
_SECRET_BYTES = 20
_MAX_BYTES = 1_048_576


class GrantError(ValueError):
    """A grant that cannot be made or taken away; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class NewGrant:
    """A grant that was made.

    Attributes:
        name: its name.
        secret: its secret, which is known nowhere else.
    """

    name: str
    secret: str


@dataclass(frozen=True, slots=True)
class GrantEntry:
    """A grant as it is listed.

    Attributes:
        name: its name.
        expires: when it ends, as it is written in the file; empty where it does not.
        overlay: its overlay in the policy; empty where it has none.
        expired: whether it has ended.
    """

    name: str
    expires: str
    overlay: str
    expired: bool


def new_secret() -> str:
    """160 random bits in base32: 32 letters and digits, none of which means anything in an address."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode("ascii")


def add_grant(folder: Path, name: str, *, expires_s: float | None, overlay: str, wall_s: float) -> NewGrant:
    """Make a grant.

    Args:
        folder: where the file is, or is to be.
        name: letters, digits, ``_``, ``.`` and ``-``; at most 64.
        expires_s: when it ends, in seconds of the wall clock; None for never.
        overlay: its overlay in the policy; empty for none.
        wall_s: the wall clock in seconds.

    Raises:
        GrantError: where the name is taken or cannot be one, or the end is past.
        OSError: where the file cannot be read or written.
        ValueError: where the file is broken.
    """
    entries = _entries(folder)
    if not NAME.fullmatch(name) or name == ANONYMOUS:
        remedy = "use letters, digits, _ . and -, at most 64 of them"
        raise GrantError(f"{name!r} cannot be the name of a grant; {remedy}")
    if name in entries:
        raise GrantError(f"there is a grant {name} already; revoke it first, or choose another name")
    if overlay and not NAME.fullmatch(overlay):
        raise GrantError(f"{overlay!r} cannot be the name of an overlay")
    if expires_s is not None and not expires_s > wall_s:
        raise GrantError("the grant would have expired already; choose a later time")
    secret = new_secret()
    entry: dict[str, str] = {"sha256": hashlib.sha256(secret.encode("ascii")).hexdigest()}
    if expires_s is not None:
        entry["expires"] = _written(expires_s)
    if overlay:
        entry["overlay"] = overlay
    _replace(folder, {**entries, name: entry})
    return NewGrant(name, secret)


def remove_grant(folder: Path, name: str) -> None:
    """Take a grant away.

    Raises:
        GrantError: where there is none of that name.
        OSError: where the file cannot be read or written.
        ValueError: where the file is broken.
    """
    entries = _entries(folder)
    if name not in entries:
        known = ", ".join(sorted(entries)) or "none"
        raise GrantError(f"there is no grant {name!r}; known are: {known}")
    _replace(folder, {other: entry for other, entry in entries.items() if other != name})


def list_grants(folder: Path, wall_s: float) -> tuple[GrantEntry, ...]:
    """The grants, by name. Raises as `remove_grant` does."""
    entries = _entries(folder)
    grants = load_grants(_document(entries))
    return tuple(
        GrantEntry(
            name,
            entries[name].get("expires", ""),
            entries[name].get("overlay", ""),
            not wall_s < grants.expires_s.get(name, float("inf")),
        )
        for name in sorted(entries)
    )


class GrantFile:
    """The grants of a folder as they stand, read anew when the file has changed.

    Attributes:
        grants: the grants in force. A file that is broken grants nothing to anybody, and lets nobody in without a key.
        problem: what is wrong with the file; empty where nothing is.
    """

    def __init__(self, folder: Path, wall_s: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._wall_s = wall_s
        self._seen: object = None
        self.grants = Grants({}, wall_s=wall_s)
        self.problem = ""
        self.check()

    def check(self) -> bool:
        """Look whether the file has changed, and read it if so; return whether it was read. One look at the disk."""
        seen = self._state()
        if seen == self._seen:
            return False
        self._seen = seen
        try:
            self.grants = load_grants(_document(_entries(self._folder)), self._wall_s)
            self.problem = ""
        except (OSError, ValueError) as error:
            # Who was told apart by a key must not come in as if keys had never been used.
            self.grants = dataclasses.replace(Grants({}, wall_s=self._wall_s), required=True)
            self.problem = f"no grant counts, and nobody is let in without one: {error}"
        return True

    def _state(self) -> object:
        try:
            found = (self._folder / FILE).stat()
        except FileNotFoundError:
            return "missing"
        except OSError as error:
            return str(error)
        return (found.st_mtime_ns, found.st_size, found.st_ino)


def _entries(folder: Path) -> dict[str, dict[str, str]]:
    """What the file holds, checked; nothing where there is none."""
    try:
        with (folder / FILE).open("rb") as stream:
            data = stream.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        return {}
    if len(data) > _MAX_BYTES:
        raise ValueError(f"{FILE} is larger than {_MAX_BYTES:,} bytes")
    text = data.decode("utf-8")
    load_grants(text)
    found: dict[str, dict[str, str]] = json.loads(text)["grants"]
    return found


def _document(entries: dict[str, Any]) -> str:
    return json.dumps({"version": 1, "grants": entries}, indent=2, sort_keys=True) + "\n"


def _replace(folder: Path, entries: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{FILE}.{secrets.token_hex(4)}.new"
    try:
        # 0600 where the system knows it: digests of strong secrets give nothing away, but are nobody's business.
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
            stream.write(_document(entries))
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(folder / FILE)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise


def _written(instant_s: float) -> str:
    return datetime.fromtimestamp(instant_s, tz=UTC).isoformat(timespec="seconds")
