"""Where the `policyguard` command begins: sees that its libraries are there, then hands over."""

from __future__ import annotations

import importlib.util
import sys
from io import TextIOWrapper

_LIBRARIES = ("typer", "rich", "aiohttp", "PIL", "numpy")
"""What the extra ``[serve]`` brings; the core itself needs none of it."""


def run() -> None:
    """The console script. Exits with 2 and one line where the command's libraries are not installed."""
    missing = [name for name in _LIBRARIES if importlib.util.find_spec(name) is None]
    if missing:
        print(f"policyguard: {', '.join(missing)} not found: pip install 'policyguard[all]'", file=sys.stderr)
        sys.exit(2)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a folder's name may hold what the terminal cannot show
            stream.reconfigure(errors="backslashreplace")
    from .application import app

    app()
