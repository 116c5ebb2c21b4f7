"""A component as an expanded .tox: the files of ``NAME.tox.dir`` and of ``NAME.tox.toc`` (td_runtime.md §6.2).

Nothing that is executed on load or hides something is written: no storage (``dict``), no embedded files (VFS), no
external .tox, no password, no help or enable text.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from . import encoding
from .spec import ComponentSpec, Kind, OperatorSpec

_TIME = "Thu Oct  1 15:32:57 2026"
"""One and the same always, so that the tree is reproducible."""


def files(spec: ComponentSpec) -> dict[str, bytes]:
    """The files of the tree by their path below the folder, in the order of the table of contents.

    Raises:
        encoding.UnknownForm: something in the description needs a form that is not known.
    """
    found = {".build": encoding.build_block(encoding.BUILD, _TIME, "Windows", "10")}
    for path, content in _operator(spec.root, ""):
        found[path] = content
    return found


def table_of_contents(spec: ComponentSpec) -> bytes:
    """The .toc beside the folder."""
    return encoding.table_of_contents(files(spec))


def _operator(spec: OperatorSpec, above: str) -> Iterator[tuple[str, bytes]]:
    """Depth first: all files of an operator, then those of the operators inside."""
    path = above + spec.name
    yield f"{path}.n", encoding.node(spec)
    if spec.pages:
        yield f"{path}.cparm", encoding.values(encoding.definition_lines(spec.pages))
    lines = [encoding.value_line(setting) for setting in spec.settings]
    custom = [parameter for page in spec.pages for parameter in page.parameters if parameter.is_read_only]
    lines += [encoding.custom_value_line(parameter) for parameter in custom]
    if lines:
        yield f"{path}.parm", encoding.values(lines)
    if spec.text is not None:
        yield f"{path}.text", encoding.text(spec.text)
    if spec.rows is not None:
        yield f"{path}.table", encoding.table(spec.rows)
    if spec.kind is Kind.FIFO:
        yield f"{path}.fifo", encoding.EMPTY_FIFO
    for child in sorted(spec.children, key=lambda one: (len(one.name), one.name)):
        yield from _operator(child, f"{path}/")


def write(spec: ComponentSpec, folder: Path) -> None:
    """Write ``NAME.tox.dir`` and ``NAME.tox.toc`` into `folder`, and remove from the former what is no part of it."""
    top = folder / f"{spec.root.name}.tox.dir"
    wanted = files(spec)
    for path in sorted(top.rglob("*"), reverse=True):
        if path.is_file() and path.relative_to(top).as_posix() not in wanted:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    for name, content in wanted.items():
        _write(top / name, content)
    _write(folder / f"{spec.root.name}.tox.toc", table_of_contents(spec))


def stale(spec: ComponentSpec, folder: Path) -> list[str]:
    """What in `folder` is not as `write` would write it: paths below it, sorted."""
    name = spec.root.name
    wanted = {f"{name}.tox.dir/{path}": content for path, content in files(spec).items()}
    wanted[f"{name}.tox.toc"] = table_of_contents(spec)
    found = (path for path in (folder / f"{name}.tox.dir").rglob("*") if path.is_file())
    unwanted = {path.relative_to(folder).as_posix() for path in found} - set(wanted)
    return sorted({path for path, content in wanted.items() if _differs(folder / path, content)} | unwanted)


def _differs(file: Path, content: bytes) -> bool:
    return not file.is_file() or file.read_bytes() != content


def _write(file: Path, content: bytes) -> None:
    if _differs(file, content):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
