"""The scripts that `policyguard check` is given: found, and read no further than the guard itself would read."""

from __future__ import annotations

import errno
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from td_extension.script.text import MAX_BYTES

STANDARD_INPUT = Path("-")


@dataclass(frozen=True, slots=True)
class Found:
    """What was found below a folder.

    Attributes:
        scripts: the files whose name ends with ``.py``, sorted.
        outside: links to files outside the folder, which are not followed; sorted.
        errors: folders that cannot be looked into, and what is no file although it is called like a script.
    """

    scripts: tuple[Path, ...]
    outside: tuple[Path, ...]
    errors: tuple[OSError, ...]


def find(folder: Path) -> Found:
    """Find the scripts below a folder. Links to folders are not followed."""
    inside = os.path.realpath(folder)
    scripts: list[Path] = []
    outside: list[Path] = []
    errors: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=errors.append, followlinks=False):
        here = os.path.realpath(parent)
        # A Windows junction is no link to `os.walk` before Python 3.12.
        folders[:] = [name for name in folders if os.path.dirname(os.path.realpath(os.path.join(parent, name))) == here]
        for file in (Path(parent, name) for name in files if name.lower().endswith(".py")):
            if not Path(os.path.realpath(file)).is_relative_to(inside):
                outside.append(file)
            elif file.exists() and not file.is_file():  # opening a named pipe would wait for its other end
                errors.append(OSError(errno.EINVAL, "it is no regular file", str(file)))
            else:
                scripts.append(file)
    return Found(tuple(sorted(scripts)), tuple(sorted(outside)), tuple(errors))


def read(path: Path) -> bytes:
    """The bytes of a script, or of standard input for ``-``; of a huge one one byte more than the guard accepts.

    Raises:
        OSError: where it cannot be read.
    """
    if path == STANDARD_INPUT:
        if sys.stdin is None:
            raise OSError(errno.EBADF, "there is no standard input")
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with path.open("rb") as stream:
        return stream.read(MAX_BYTES + 1)
