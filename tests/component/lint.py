"""A lint of an expanded .tox, written from td_runtime.md §6.2 and §7 alone: it shares no code with what writes it."""

from __future__ import annotations

import ast
import itertools
import struct
from collections.abc import Iterator
from pathlib import Path

SUFFIXES = (".n", ".cparm", ".parm", ".text", ".table", ".fifo")
TYPES = {"COMP:base", "DAT:text", "DAT:table", "DAT:execute", "DAT:datexec", "DAT:parexec"}
FORBIDDEN_LINES = ("dict ", "externaltox ", "password ", "dock ")
REFERENCES = {"op": "..", "dat": ""}
"""Parameters that name operators here, and what they may name beside a sibling."""
ENTRY_POINTS = {
    "extension": "PolicyGuardExt", "callbacks": "callbacks", "embedded": "embedded",
    "frame_callbacks": "frame_callbacks", "parameter_callbacks": "parameter_callbacks",
    "policy_callbacks": "policy_callbacks",
}  # fmt: skip


def lint(folder: Path, source: Path) -> list[str]:
    """What is wrong with ``PolicyGuard.tox.dir`` and ``.toc`` in `folder`; `source` is td_extension."""
    tree = folder / "PolicyGuard.tox.dir"
    contents = (folder / "PolicyGuard.tox.toc").read_bytes()
    listed = contents.decode("ascii").split("\n")
    return [
        *_contents(tree, contents, listed),
        *_order([path for path in listed[2:] if path]),
        *_files(tree),
        *_parameters(tree),
        *_extension(tree),
        *_references(tree),
        *_source(tree, source),
    ]


def _contents(tree: Path, contents: bytes, listed: list[str]) -> Iterator[str]:
    if b"\r" in contents or listed[:2] != ["# 4 0 0 0 1", ".build"] or listed[-1]:
        yield "toc: its first lines or its line ends are wrong"
    there = {path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file()}
    for path in sorted(there ^ set(listed[1:-1])):
        yield f"toc: {path} is {'not listed' if path in there else 'not there'}"
    if len(set(listed)) < len(listed):
        yield "toc: something is listed twice"


def _order(paths: list[str]) -> Iterator[str]:
    """Depth first; of one operator by suffix; siblings by the length of their names, then by alphabet."""

    def key(path: str) -> list[tuple[int, int, str, int]]:
        *above, last = path.split("/")
        stem, dot, suffix = last.rpartition(".")
        parts = [(0, len(name), name, 99) for name in above]
        return [*parts, (0, len(stem), stem, SUFFIXES.index(dot + suffix))]

    # An operator's own files come before those inside it: 99 stands behind every suffix.
    for before, after in itertools.pairwise(paths):
        if key(before) >= key(after):
            yield f"toc: {after} comes after {before}"


def _files(tree: Path) -> Iterator[str]:
    for path in sorted(tree.rglob("*")):
        name, data = path.relative_to(tree).as_posix(), path.read_bytes() if path.is_file() else b""
        if path.suffix == ".n":
            yield from _node(name, data.decode("ascii").split("\n"))
        elif path.suffix == ".text":
            length = struct.unpack(">6I", data[3:27])[5] if len(data) >= 27 else -1
            if data[:3] != b"2\n*" or length != len(data) - 27 or struct.unpack(">5I", data[3:23]) != (1, 1, 1, 1, 2):
                yield f"{name}: its head does not fit its {len(data)} bytes"
        elif path.suffix == ".table":
            yield from _table(name, data)
        elif path.suffix in (".parm", ".cparm"):
            lines = data.decode("utf-8").split("\n")
            if b"\r" in data or lines[0] != "?" or lines[-2:] != ["?", ""]:
                yield f"{name}: it does not stand between two lines ?"
        elif path.is_file() and path.name != ".build":
            yield f"{name}: a file of this kind has no place here"


def _node(name: str, lines: list[str]) -> Iterator[str]:
    if lines[0] not in TYPES:
        yield f"{name}: {lines[0]} is not an allowed type"
    if not any(line.startswith("flags =  ") and line.endswith("parlanguage 0") for line in lines):
        yield f"{name}: its flags are wrong"
    if lines[-2:] != ["end", ""] or not any(line.startswith("color ") and line.endswith(" ") for line in lines):
        yield f"{name}: its colour or its end is wrong"
    yield from (f"{name}: {line}" for line in lines if line.startswith(FORBIDDEN_LINES))


def _table(name: str, data: bytes) -> Iterator[str]:
    version, rows, columns, is_text = struct.unpack(">4I", data[3:19])
    place = 19
    for _ in range(rows * columns):
        mark, length = struct.unpack(">2I", data[place : place + 8])
        place += 8 + length
        if mark != 2:
            yield f"{name}: a cell is wrong"
            return
    if (data[:3], version, is_text, place) != (b"1\n*", 1, 0, len(data)):
        yield f"{name}: its head does not fit its {len(data)} bytes"


def _parameters(tree: Path) -> Iterator[str]:
    for path in sorted(tree.rglob("*.parm")):
        definitions = path.with_suffix(".cparm")
        defined = set()
        if definitions.exists():
            defined = {line.split(" ")[1] for line in definitions.read_text("utf-8").split("\n")[2:-2]}
            if any(int(line.split(" ")[0]) < 0 for line in definitions.read_text("utf-8").split("\n")[2:-2]):
                yield f"{path.name}: a style's number is negative"
        for line in path.read_text("utf-8").split("\n")[1:-2]:
            name, flags, *_ = line.split(" ")
            is_custom = int(flags) & 0x04000040 == 0x04000040
            if is_custom is not (name in defined):
                yield f"{path.name}: {name} is custom without a definition, or defined and not custom"
            if line.startswith(FORBIDDEN_LINES):
                yield f"{path.name}: {line}"


def _extension(tree: Path) -> Iterator[str]:
    values = _values(tree / "PolicyGuard.parm")
    dat, _, rest = values.get("ext0object", "").removeprefix("op('./").partition("').module.")
    class_name = rest.removesuffix("(me)")
    text = tree / "PolicyGuard" / f"{dat}.text"
    body = ast.parse(text.read_bytes()[27:]).body if text.is_file() else []
    if class_name not in [node.name for node in body if isinstance(node, ast.ClassDef)]:
        yield f"PolicyGuard.parm: ext0object names no class: {values.get('ext0object')}"
    if (values.get("ext0promote"), values.get("initextonstart"), values.get("opshortcut")) != ("on", "on", "PolicyGuard"):
        yield "PolicyGuard.parm: the extension is not promoted, not started, or has no shortcut"


def _references(tree: Path) -> Iterator[str]:
    for path in sorted(tree.rglob("*.parm")):
        for name, other in REFERENCES.items():
            value = _values(path).get(name)
            if value is not None and value != other and not (path.parent / f"{value}.n").exists():
                yield f"{path.name}: {name} names {value}, which is not there"


def _values(path: Path) -> dict[str, str]:
    lines = path.read_text("utf-8").split("\n")[1:-2]
    return {line.split(" ", 2)[0]: line.split(" ", 2)[2] for line in lines}


def _source(tree: Path, source: Path) -> Iterator[str]:
    """Every file of td_extension that belongs inside is there, byte for byte, and nothing else."""
    expected = {}
    for path in sorted(source.rglob("*")):
        parts = path.relative_to(source).parts
        if path.suffix in (".py", ".json", ".tsv") and not any(part.startswith((".", "__pycache__")) for part in parts):
            name = path.stem if path.suffix == ".py" else path.name.replace(".", "_")
            is_entry = len(parts) == 1 and name in ENTRY_POINTS
            place = ENTRY_POINTS[name] if is_entry else "/".join(["source", *parts[:-1], name])
            expected[f"PolicyGuard/{place}.text"] = path.read_bytes()
    found = {path.relative_to(tree).as_posix(): path.read_bytes()[27:] for path in tree.rglob("*.text")}
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            yield f"{name}: it is not what td_extension has"
