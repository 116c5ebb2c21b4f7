"""`policyguard serve` with the component as a user gets it, and without the source folder.

    python -m tests.e2e.booted tree PolicyGuard.tox.toc serve …             read from the expanded .tox
    python -m tests.e2e.booted installer policyguard_install.py serve …     built by the installer, run in the project
    python -m tests.e2e.booted none - serve --unguarded …                   no component at all

``td_extension`` cannot be imported in this process: what guards is what the component's Text DATs hold. Neither can
what POLICYGUARD_WITHOUT names, e.g. ``yaml,jsonschema``, as in a TouchDesigner that lacks those libraries. With
POLICYGUARD_HEADER_WINS set, a header overwrites the key of the request that it is called like, as it may in
TouchDesigner; without it, the key stays.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

_SOURCE = "td_extension"


_ABSENT = {_SOURCE, *os.environ.get("POLICYGUARD_WITHOUT", "").split(",")}


class Absent:
    """Stands first on the import path, and does not find what is to be absent."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> None:
        if name.partition(".")[0] in _ABSENT:
            raise ModuleNotFoundError(f"No module named {name!r}: it is off the import path here")


def from_tree(parent: Any, file: Path) -> Any:
    """The component, from its expanded .tox."""
    from td_headless.expanded import load_expanded

    return load_expanded(parent, file)


def from_installer(parent: Any, file: Path) -> Any:
    """The component, from the installer as a Text DAT that is run and then deleted.

    It is as after the project was saved and opened again: its extension begins once the parameters are set.
    """
    dat = parent.create("textDAT", "policyguard_install")
    dat.text = file.read_text(encoding="utf-8")
    dat.run()
    dat.destroy()
    installed = parent.op("PolicyGuard")
    opened = parent.copy(installed)
    installed.destroy()
    opened.name = "PolicyGuard"
    return opened


WAYS = {"tree": from_tree, "installer": from_installer}


def main(way: str, file: Path) -> None:
    """Run the command with the component built this way."""
    sys.meta_path.insert(0, Absent())
    import typer

    from policyguard_cli import component
    from policyguard_cli import serve as serving

    if way != "none":
        setattr(component, "build", lambda parent: WAYS[way](parent, file))  # noqa: B010 - mypy knows a function there
    if os.environ.get("POLICYGUARD_HEADER_WINS"):
        setattr(serving, "Runtime", functools.partial(serving.Runtime, header_wins=True))  # noqa: B010
    app = typer.Typer()
    app.command()(serving.serve)
    app.callback()(lambda: None)
    app()


if __name__ == "__main__":
    _, chosen, path, *rest = sys.argv
    sys.argv = ["policyguard", *rest]
    main(chosen, Path(path))
