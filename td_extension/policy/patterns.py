"""Which files, hosts and modules a pattern covers. Text alone decides: nothing is looked up.

    path    := "/" names | drive ":/" names           /project/data/**    C:/Shows/*/cues.csv
    names   := name ("/" name)*                        "**" as a whole name: any number of folders, also none
                                                       "*" within a name: any characters of this one name
    host    := ("*.")? name (":" port)?                api.example.com    *.example.com:8443
    module  := name ("." name)*                        scipy covers scipy.signal too

A path is covered only where every reading of it lies inside: it is absolute, has no ``..``, and no name that Windows
would read as another one (a dot or a space at its end, ``CON``, ``PROGRA~1``, a stream after a colon; Microsoft's
"Naming Files, Paths, and Namespaces"). A pattern with a drive letter follows the rules of Windows: a backslash is a
slash, and A to Z are a to z. Letters beyond ASCII are compared exactly: to fold them could reach another folder. Any
other pattern is compared exactly, and covers no path with a backslash. Network paths (``//server``) and device paths
(``//?/``) are covered by nothing. A link leads where it leads: whoever asks at run time resolves it first.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from .wording import quoted

MAX_PATTERN = 256
_MAX_RESOURCE = 4096
_MAX_NAMES = 32

_DRIVE = re.compile(r"[A-Za-z]:[/\\]")
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"}
    | {f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"}
)
_NEVER_IN_A_NAME = re.compile(r'[\x00-\x1f\x7f:*?"<>|$]')
"""What Windows forbids or gives a meaning of its own, and ``$``, which begins a variable in TouchDesigner."""
_SHORT_NAME = re.compile(r"~[0-9]")
_ACTING = frozenset("/\\.:~*?")
_READ_AS_ACTING = frozenset("\u00a5\u20a9\u2044\u2215\u2216\u2236")
"""Windows' code pages put ``\\``, ``/`` or ``:`` in their place: signs of yen and won, slashes, set minus, ratio."""
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"({_LABEL}(?:\.{_LABEL})*)(?::([0-9]{{1,5}}))?", re.ASCII)
_URL = re.compile(r"([a-z][a-z0-9+.-]*)://([^/?#\\@\s]+)(?:[/?#][^\\\s]*)?", re.ASCII)
_PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}
_IPV4 = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}", re.ASCII)
_MODULE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*", re.ASCII)


class PatternError(ValueError):
    """A pattern that cannot be used.

    Attributes:
        message: what was found.
        remedy: what to write instead.
    """

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message}; {remedy}")
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class PathPattern:
    """Files below a folder.

    Attributes:
        text: the pattern in its one spelling.
        root: ``/``, or the drive such as ``c:/``.
        names: what follows the root; with a drive, A to Z in lower case.
    """

    text: str
    root: str
    names: tuple[str, ...]

    def covers(self, resource: str) -> bool:
        """Whether a path, however it is spelled, certainly lies inside."""
        found = _path(resource)
        return found is not None and found[0] == self.root and _match(self.names, found[1])


@dataclass(frozen=True, slots=True)
class HostPattern:
    """A host, or all hosts below a name, on one port or on any.

    Attributes:
        text: the pattern in its one spelling.
        name: the host, or what the host's name ends with, which then begins with a dot.
        port: the only port, or None for any.
    """

    text: str
    name: str
    port: int | None

    def covers(self, resource: str) -> bool:
        """Whether a host, ``host:port`` or the address of a page certainly names such a host."""
        found = _host(resource)
        if found is None or (self.port is not None and found[1] != self.port):
            return False
        return found[0].endswith(self.name) if self.name.startswith(".") else found[0] == self.name


@dataclass(frozen=True, slots=True)
class ModulePattern:
    """A module and what lies in it.

    Attributes:
        text: its dotted name.
    """

    text: str

    def covers(self, resource: str) -> bool:
        """Whether a dotted name is the module or lies in it; names that begin with an underscore do not."""
        inside = resource == self.text or resource.startswith(self.text + ".")
        return inside and len(resource) <= MAX_PATTERN and _MODULE.fullmatch(resource) is not None


Pattern: TypeAlias = PathPattern | HostPattern | ModulePattern


def path_pattern(text: str) -> PathPattern:
    """Read the pattern of a path.

    Raises:
        PatternError: with what was found and what to write instead.
    """
    _bounded(text)
    root = _root(text)
    if root is None:
        remedy = "begin it with / or with a drive such as C:/"
        if text.replace("\\", "/").startswith("//"):
            remedy = "give a network folder a drive letter, and write C:/ with it"
        raise PatternError(f"{quoted(text)} does not say where it begins", remedy)
    kept = _names(text, root)
    if not kept or kept[0] == "**":
        message = f"{quoted(text)} covers everything"
        raise PatternError(message, "name a folder, or write the capability without parentheses")
    if len(kept) > _MAX_NAMES:
        raise PatternError(f"{quoted(text)} has {len(kept)} parts", f"keep to {_MAX_NAMES}")
    for name in kept:
        if name == "**":
            continue
        if "**" in name:
            raise PatternError(f"{quoted(name)} mixes ** with a name", "write ** alone between slashes")
        if _is_misleading(name.replace("*", "x")):
            remedy = 'leave out .., dots and spaces at the end of a name, names of devices, and : ? " < > | $ ~1'
            raise PatternError(f"{quoted(name)} is no name that every system reads alike", remedy)
    return PathPattern(root + "/".join(kept), root, _folded(root, kept))


def host_pattern(text: str) -> HostPattern:
    """Read the pattern of a host.

    Raises:
        PatternError: with what was found and what to write instead.
    """
    _bounded(text)
    lower = text.translate(_LOWER)
    found = _HOST.fullmatch(lower.removeprefix("*."))
    if found is None:
        remedy = "write a name such as api.example.com, *.example.com or localhost:8080"
        raise PatternError(f"{quoted(text)} is no host", remedy)
    name, port = found[1], _port(found[2])
    if found[2] is not None and port is None:
        raise PatternError(f"{quoted(found[2])} is no port", "write a number from 1 to 65535")
    if lower.startswith("*."):
        if "." not in name or name.rpartition(".")[2].isdecimal():
            raise PatternError(f"{quoted(text)} covers too much", "write at least two parts, such as *.example.com")
        name = "." + name
    elif name.rpartition(".")[2].isdecimal() and not _IPV4.fullmatch(name):
        raise PatternError(f"{quoted(text)} is a number", "write an address as four numbers, such as 127.0.0.1")
    return HostPattern(lower, name, port)


def module_pattern(text: str) -> ModulePattern:
    """Read the name of a module.

    Raises:
        PatternError: with what was found and what to write instead.
    """
    _bounded(text)
    if not _MODULE.fullmatch(text):
        raise PatternError(f"{quoted(text)} is no module", "write its dotted name, such as scipy or scipy.signal")
    return ModulePattern(text)


def _bounded(text: str) -> None:
    if not text.strip() or text != text.strip():
        raise PatternError(f"{quoted(text)} begins or ends with nothing", "write the pattern without spaces around it")
    if len(text) > MAX_PATTERN:
        raise PatternError(f"a pattern has {len(text):,} characters", f"keep it to {MAX_PATTERN}")


# -- paths -------------------------------------------------------------------------------------------------------------


def _path(text: str) -> tuple[str, tuple[str, ...]] | None:
    """Root and names of a path that cannot be read in two ways; None for any other text."""
    if type(text) is not str or len(text) > _MAX_RESOURCE:
        return None
    root = _root(text)
    names = _names(text, root) if root is not None else ()
    if root is None or any(map(_is_misleading, names)):
        return None
    return root, _folded(root, names)


def _root(text: str) -> str | None:
    if _DRIVE.match(text):
        return text[0].lower() + ":/"
    return "/" if text.startswith("/") and not text.startswith("//") and "\\" not in text else None


def _names(text: str, root: str) -> tuple[str, ...]:
    rest = text[len(root) :].replace("\\", "/") if root != "/" else text
    return tuple(name for name in rest.split("/") if name not in ("", "."))


def _folded(root: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return names if root == "/" else tuple(name.translate(_LOWER) for name in names)


def _is_misleading(name: str) -> bool:
    """Whether some system reads the name as another one, or as more than a name."""
    stem = name.partition(".")[0].rstrip(" ").translate(_LOWER)
    if name.endswith((".", " ")) or stem in _DEVICES or _NEVER_IN_A_NAME.search(name) or _SHORT_NAME.search(name):
        return True
    return not name.isascii() and any(map(_is_odd, name))


def _is_odd(character: str) -> bool:
    """Whether a character cannot be seen, or looks or may be read like one that acts."""
    if character.isascii():
        return False
    category = unicodedata.category(character)
    unseen = category.startswith("C") or category in ("Zl", "Zp")
    return unseen or character in _READ_AS_ACTING or bool(_ACTING & set(unicodedata.normalize("NFKC", character)))


def _match(pattern: Sequence[str], names: Sequence[str]) -> bool:
    """Whether names match, each part of the pattern that stands between two ``**`` as far to the left as it can."""
    if pattern[-1] == "**":
        pattern = (*pattern, "*")  # what lies in a folder, and not the folder itself
    chunks: list[list[str]] = [[]]
    for part in pattern:
        if part == "**":
            chunks.append([])
        else:
            chunks[-1].append(part)
    first, last = chunks[0], chunks[-1]
    if len(chunks) == 1:
        return len(names) == len(first) and _match_at(first, names, 0)
    at, end = len(first), len(names) - len(last)
    if at > end or not _match_at(first, names, 0) or not _match_at(last, names, end):
        return False
    for chunk in chunks[1:-1]:
        while at + len(chunk) <= end and not _match_at(chunk, names, at):
            at += 1
        at += len(chunk)
        if at > end:
            return False
    return True


def _match_at(parts: Sequence[str], names: Sequence[str], at: int) -> bool:
    return all(_match_name(part, name) for part, name in zip(parts, names[at : at + len(parts)], strict=True))


def _match_name(pattern: str, name: str) -> bool:
    first, *rest = pattern.split("*")
    if not rest:
        return name == pattern
    *middle, last = rest
    if len(name) < len(first) + len(last) or not name.startswith(first) or not name.endswith(last):
        return False
    at, end = len(first), len(name) - len(last)
    for part in middle:
        found = name.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


# -- hosts -------------------------------------------------------------------------------------------------------------


def _host(text: str) -> tuple[str, int | None] | None:
    """Host and port that a text names; None where it names none, or could be read in two ways."""
    if type(text) is not str or len(text) > _MAX_RESOURCE:
        return None
    lower = text.translate(_LOWER)
    url = _URL.fullmatch(lower)
    found = _HOST.fullmatch(url[2] if url else lower)
    if found is None:
        return None
    port = _port(found[2])
    if found[2] is not None and port is None:
        return None
    return found[1], port if port is not None or url is None else _PORTS.get(url[1])


def _port(digits: str | None) -> int | None:
    return int(digits) if digits is not None and 1 <= int(digits) <= 65535 else None
