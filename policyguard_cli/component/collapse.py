"""``PolicyGuard.tox`` from its expanded tree, through TouchDesigner's own ``toecollapse``.

The container has no public writer (td_runtime.md §6.1), so without that program there is no .tox. Its exit codes say
nothing: it is judged by what it made, whose header, size and content must be right, and by what ``toeexpand`` makes of
that. Nothing bears the name .tox outside a temporary folder before it has passed.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import tree
from .spec import ComponentSpec

_TIMEOUT_S = 120
_HEADER = b"\x00\x00\x00\x0110"
_HEADER_BYTES = 14
_BLOCK = 8


class CollapseError(Exception):
    """The programs did not make a .tox that can be trusted; the message says what was wrong with it."""


@dataclass(frozen=True, slots=True)
class Tools:
    """The two programs, each as the beginning of a command line."""

    collapse: tuple[str, ...]
    expand: tuple[str, ...]


def find_tools(given: Path | None = None, environment: Mapping[str, str] = os.environ) -> Tools | None:
    """The programs of an installed TouchDesigner; None where there is none.

    Args:
        given: the path of ``toecollapse``; ``toeexpand`` lies beside it.
        environment: of the process.
    """
    candidates = [given] if given is not None else _candidates(environment)
    for collapse in candidates:
        expand = collapse.with_name(collapse.name.replace("toecollapse", "toeexpand"))
        if collapse.is_file() and expand.is_file() and collapse != expand:
            before = _before(collapse, environment)
            if before is not None:
                return Tools((*before, str(collapse)), (*before, str(expand)))
    return None


def _candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    """On PATH; then where Derivative's installers put TouchDesigner, the newest first; then Wine's drive."""
    found = shutil.which("toecollapse", path=environment.get("PATH"))
    if found is not None:
        yield Path(found)
    home = Path(environment.get("HOME") or Path.home())
    wine = Path(environment.get("WINEPREFIX") or home / ".wine")
    windows = environment.get("ProgramFiles")
    for folder, pattern in (
        (Path(windows) if windows else None, "Derivative/TouchDesigner*/bin/toecollapse.exe"),
        (Path("/Applications"), "TouchDesigner*.app/Contents/MacOS/toecollapse"),
        (home / "Applications", "TouchDesigner*.app/Contents/MacOS/toecollapse"),
        (wine / "drive_c" / "Program Files", "Derivative/TouchDesigner*/bin/toecollapse.exe"),
    ):
        if folder is not None and folder.is_dir():
            yield from sorted(folder.glob(pattern), reverse=True)


def _before(program: Path, environment: Mapping[str, str]) -> tuple[str, ...] | None:
    """What stands before the program in a command line: Wine, for a Windows program elsewhere; None without it."""
    if os.name == "nt" or program.suffix.lower() != ".exe":
        return ()
    wine = shutil.which("wine", path=environment.get("PATH")) or shutil.which("wine64", path=environment.get("PATH"))
    return None if wine is None else (wine,)


def make_tox(spec: ComponentSpec, tools: Tools, target: Path) -> None:
    """Write the component as a .tox to `target`.

    Raises:
        CollapseError: what the programs made is not the component. `target` is as before then.
    """
    name = f"{spec.root.name}.tox"
    with tempfile.TemporaryDirectory(prefix="policyguard-") as folder:
        there, back = Path(folder, "there"), Path(folder, "back")
        there.mkdir()
        back.mkdir()
        tree.write(spec, there)
        _run([*tools.collapse, name], there)
        data = _checked(there / name)
        (back / name).write_bytes(data)
        _run([*tools.expand, name], back)
        _compare(spec, back)
    waiting = target.with_name(f".{target.name}.part")
    waiting.write_bytes(data)
    waiting.replace(target)


def _run(command: Sequence[str], folder: Path) -> None:
    try:
        subprocess.run(command, cwd=folder, capture_output=True, timeout=_TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CollapseError(f"{command[-2]} did not run: {error}") from error


def _checked(file: Path) -> bytes:
    """The bytes of a .tox whose header fits its size (td_runtime.md §6.1)."""
    if not file.is_file():
        raise CollapseError("toecollapse made no file")
    data = file.read_bytes()
    if len(data) <= _HEADER_BYTES:
        raise CollapseError(f"toecollapse made a file of {len(data)} bytes")
    if not data.startswith(_HEADER):
        raise CollapseError(f"toecollapse made a file that begins with {data[:6].hex(' ')}, which no .tox does")
    payload, unpacked = struct.unpack(">2I", data[6:_HEADER_BYTES])
    if payload != len(data) - _HEADER_BYTES or payload % _BLOCK or not unpacked:
        raise CollapseError(f"toecollapse made {len(data)} bytes whose header says {payload} and {unpacked}")
    return data


def _compare(spec: ComponentSpec, folder: Path) -> None:
    """Whether `toeexpand` gave the tree back; .build is each build's own."""
    build = f"{spec.root.name}.tox.dir/.build"
    different = [path for path in tree.stale(spec, folder) if path != build]
    if different:
        raise CollapseError(f"toeexpand gave another component back: {len(different)} files differ, {different[0]}")
