"""Writes ``policyguard_install.py``: one file that builds the component inside TouchDesigner.

It holds the description as a literal and the code of `building`. Texts stand there line by line, so that what is
installed can be read and compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from . import building
from .description import described_component
from .spec import ComponentSpec

FILE_NAME = "policyguard_install.py"

_HEAD = '''\
# ruff: noqa
# Written by scripts/build_tox.py from td_extension/ and policyguard_cli/component/: do not edit.
"""Installs PolicyGuard {version} into the project that is open in TouchDesigner (2023 or newer).

Drag this file into a network and choose "Run Script" on the Text DAT that it becomes; or paste one line into the
Textport, with the path of this file:

    exec(open(r'PATH/policyguard_install.py', encoding='utf-8').read())

It builds the component PolicyGuard, replaces an older one and keeps its policy and settings, and saves PolicyGuard.tox
beside the project.
"""
'''
_TAIL = """

import td

PLACED = install(td, DESCRIPTION, globals().get("me"))
"""


def installer(spec: ComponentSpec) -> str:
    """The text of the file."""
    assert building.__file__ is not None
    code = Path(building.__file__).read_text(encoding="utf-8")
    # The docstring is the file's own; what follows it begins with the import from __future__, which stands first.
    code = code[code.index("from __future__") :]
    literal = "".join(_literal(described_component(spec), 0))
    return f"{_HEAD.format(version=spec.version)}\n{code}\n\nDESCRIPTION = {literal}\n{_TAIL}"


def _literal(value: object, depth: int) -> Iterator[str]:
    """A value as Python writes it, a line for each line of a text."""
    inside, outside = "\n" + " " * (depth + 1), "\n" + " " * depth
    if isinstance(value, dict):
        yield "{"
        for key, item in value.items():
            yield f"{inside}{key!r}: "
            yield from _literal(item, depth + 1)
            yield ","
        yield outside + "}"
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        yield "["
        for item in value:
            yield inside
            yield from _literal(item, depth + 1)
            yield ","
        yield outside + "]"
    elif isinstance(value, str) and "\n" in value:
        yield "("
        for line in value.split("\n")[:-1]:
            yield f"{inside}{line + chr(10)!r}"
        last = value.rpartition("\n")[2]
        if last:
            yield f"{inside}{last!r}"
        yield outside + ")"
    else:
        yield repr(value)
