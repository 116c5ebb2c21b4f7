"""Which values of a file parameter are media of the project: what a script may load without reading the disk at large.

A file parameter of TouchDesigner takes much besides a file of the project: a path anywhere, a folder of another machine
(which hands the user's password hash to it), an address of the web, a variable, an alias of `project.paths`.
"""

from __future__ import annotations

import re

MEDIA_SUFFIXES = frozenset(
    {
        "bmp", "dds", "dpx", "exr", "gif", "hdr", "jpeg", "jpg", "png", "tga", "tif", "tiff", "webp",
        "avi", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "mts", "mxf", "webm", "wmv",
        "aif", "aifc", "aiff", "flac", "m4a", "mid", "mp3", "ogg", "wav",
        "abc", "fbx", "obj", "pcd", "ply", "pts", "stl", "usd", "usda", "usdc", "usdz", "xyz",
        "bchan", "bclip", "chan", "clip", "otf", "ttf",
    }
)  # fmt: skip
"""Endings of pictures, movies, sounds, geometry, channels and fonts (docs.derivative.ca/File_Types), lower case."""

_HOST = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://)?(?:[^/@?#\\\s]*@)?(\[[0-9a-f:.]+\]|[^/:?#@\s\\]+)(?::[0-9]+)?(?:[/?#][^\s\\]*)?",
    re.IGNORECASE,
)
_MAX_LENGTH = 500
_PARTS = re.compile(r"[/\\]")
_NEVER = re.compile(r"[:$`~%*?\"<>|\x00-\x1f\x7f]")


def is_media_inside(value: object) -> bool:
    """Whether `value`, as the value of a file parameter, is empty or names a file of media inside the project folder.

    Args:
        value: a path relative to the project folder, as a file parameter takes it.
    """
    if not isinstance(value, str):
        return False
    path = str.__str__(value)
    if not path:
        return True
    if len(path) > _MAX_LENGTH or _NEVER.search(path):
        return False
    *folders, name = _PARTS.split(path)
    if not all(folder.strip(" ") for folder in folders) or any(part.strip(" ").startswith("..") for part in folders):
        return False
    stem, dot, suffix = name.rpartition(".")
    return bool(stem.strip(" .")) and bool(dot) and suffix.lower() in MEDIA_SUFFIXES


def host_of(address: str) -> str | None:
    """The host that an address names (``https://user@host:80/page``, ``host:80``); None where that is not plain."""
    match = _HOST.fullmatch(address) if len(address) <= _MAX_LENGTH else None
    return match.group(1) if match is not None else None
