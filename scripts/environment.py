"""The Python environment of the scripts: made once from the lock, beside the repository, then used.

This module is read by whatever `python3` a person has, so it keeps to a syntax that old versions can parse.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

OLDEST = (3, 11)
_ENTERED = "POLICYGUARD_ENTERED"


def enter(root: Path) -> None:
    """Return inside `root/.venv`, which is set up first where that is needed; else this process is replaced.

    Args:
        root: the repository, with `requirements.lock` and `pyproject.toml`.

    Raises:
        SystemExit: with 1 and one line where no environment can be made; on Windows with the script's exit code.
    """
    if sys.version_info < OLDEST:
        _give_up(f"needs Python {_dotted(OLDEST)} or newer, this is {_dotted(sys.version_info[:2])}")
    venv = root / ".venv"
    entered = os.environ.pop(_ENTERED, None)
    inside = is_inside(venv)
    if not is_ready(root):
        if inside:
            _give_up(f"{venv} has to be set up anew: run this with a Python outside it")
        with _alone(root) as lock:
            if not is_ready(root):
                set_up(root, held=(lock,))
    if inside:
        return
    if entered is not None:
        _give_up(f"{venv} does not start as an environment of its own; delete it and try again")
    python = python_of(venv)
    command = [str(python), *sys.argv]
    environment = {**os.environ, _ENTERED: "1"}
    sys.stdout.flush()
    if os.name == "nt":  # there, exec returns to the caller at once
        sys.exit(subprocess.call(command, env=environment))
    os.execve(python, command, environment)  # noqa: S606


def python_of(venv: Path) -> Path:
    """The environment's interpreter."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def is_inside(venv: Path) -> bool:
    """Whether this process runs in the environment `venv`."""
    return sys.prefix != sys.base_prefix and Path(sys.prefix).resolve() == venv.resolve()


def is_ready(root: Path) -> bool:
    """Whether `root/.venv` was set up whole, from these inputs, at this place."""
    try:
        stamped = _stamp(root).read_text(encoding="utf-8")
    except OSError:
        return False
    return stamped == fingerprint(root) and python_of(root / ".venv").exists()


def fingerprint(root: Path) -> str:
    """SHA-256 of all that an environment depends on: the lock, how the project is installed, and where it lies."""
    import tomllib

    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    inputs = [
        (root / "requirements.lock").read_text(encoding="utf-8"),
        [project.get("build-system"), project.get("project"), project.get("tool", {}).get("setuptools")],
        str(root.resolve()),
    ]
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def set_up(root: Path, *, held: tuple[int, ...] = ()) -> None:
    """Make `root/.venv` anew. Its stamp is written last, so that an interrupted set-up is done again.

    Args:
        root: the repository.
        held: descriptors of locks. The commands inherit them, so that a lock lasts as long as they do, also when this
            process is killed (not on Windows, where a lock belongs to its process).
    """
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            _give_up(f"this Python has no '{module}'; install it (Debian and Ubuntu: apt install python3-venv)")
    venv, unfinished = root / ".venv", root / ".venv.unfinished"
    if venv.exists() and not _stamp(root).exists() and not unfinished.exists():
        _give_up(f"{venv} was not made by this script; move it away")
    print(f"setting up {venv} from requirements.lock, once; this takes a minute", file=sys.stderr, flush=True)
    unfinished.touch()
    _run([sys.executable, "-m", "venv", "--clear", str(venv)], held)
    # Wheels alone: a source distribution would fetch a build backend that is not locked.
    pip = [str(python_of(venv)), "-I", "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet"]
    install = [*pip, "install", "--no-deps"]
    _run([*install, "--only-binary=:all:", "--require-hashes", "-r", str(root / "requirements.lock")], held)
    _run([*install, "--no-build-isolation", "-e", str(root)], held)
    _stamp(root).write_text(fingerprint(root), encoding="utf-8")
    unfinished.unlink()


def _stamp(root: Path) -> Path:
    return root / ".venv" / "policyguard-stamp"


def _run(command: list[str], held: tuple[int, ...]) -> None:
    inherited = () if os.name == "nt" else held
    if subprocess.call(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, pass_fds=inherited) != 0:
        _give_up(f"the set-up failed at: {subprocess.list2cmdline(command)}")


@contextlib.contextmanager
def _alone(root: Path) -> Iterator[int]:
    """Wait until no other process sets the environment up; the lock's descriptor. It ends with those who hold it."""
    with (root / ".venv.lock").open("a") as lock:
        told = False
        while not _locked(lock.fileno()):
            if not told:
                print("waiting for another process that sets up .venv", file=sys.stderr, flush=True)
            told = True
            time.sleep(0.2)
        yield lock.fileno()


def _locked(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _give_up(message: str) -> NoReturn:
    print(f"{Path(sys.argv[0]).name}: {message}", file=sys.stderr)
    sys.exit(1)
