"""The virtual file system: files kept inside a component (Derivative's VFS and VFSFile Class)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from td_headless.errors import tdError
from td_headless.names import matches


class VFSFile:
    """One file inside a component."""

    __slots__ = ("_date", "_original", "byteArray", "name", "owner")

    def __init__(self, owner: Any, name: str, data: bytes, original: str = "") -> None:
        self.owner = owner
        self.name = name
        self.byteArray = bytearray(data)
        self._date = datetime.datetime.now()
        self._original = original

    size = property(lambda self: len(self.byteArray), doc="Length in bytes.")
    date = property(lambda self: self._date, doc="When it was added.")
    originalFilePath = property(lambda self: self._original, doc="The path it was added from; empty for bytes.")
    virtualPath = property(lambda self: f"vfs:{self.owner.path}:{self.name}", doc="What a file parameter can hold.")

    def destroy(self) -> None:
        """Remove the file."""
        del self.owner._files[self.name]

    def export(self, folder: str) -> str:
        """Write the file into `folder` and return its path."""
        target = Path(folder) / self.name
        target.write_bytes(self.byteArray)
        return str(target)


class VFS:
    """``COMP.vfs``: the files of one component by their names."""

    __slots__ = ("_owner",)

    def __init__(self, owner: Any) -> None:
        self._owner = owner

    owner = property(lambda self: self._owner, doc="The component.")

    def addByteArray(self, byteArray: bytes | bytearray, name: str) -> VFSFile:
        """Add a file from bytes; a name that is taken raises `tdError`."""
        return self._add(VFSFile(self._owner, name, bytes(byteArray)))

    def addFile(self, filePath: str, overrideName: str | None = None) -> VFSFile:
        """Add a file from the disk, under its own name unless `overrideName` is given."""
        path = Path(filePath)
        return self._add(VFSFile(self._owner, overrideName or path.name, path.read_bytes(), filePath))

    def _add(self, file: VFSFile) -> VFSFile:
        if not file.name or "/" in file.name or "\\" in file.name:
            raise tdError(f"Invalid name of a virtual file: {file.name!r}")
        if file.name in self._owner._files:
            raise tdError(f"{self._owner.path} has a virtual file {file.name!r} already")
        self._owner._files[file.name] = file
        return file

    def find(self, pattern: str = "*") -> list[VFSFile]:
        """Return the files whose name matches a pattern."""
        return [file for name, file in self._owner._files.items() if matches(pattern, name)]

    def export(self, folder: str, pattern: str = "*", overwrite: bool = False) -> list[str]:
        """Write the files that match into `folder` and return their paths; those on disk are kept unless told."""
        return [
            file.export(folder) for file in self.find(pattern) if overwrite or not (Path(folder) / file.name).exists()
        ]

    def __getitem__(self, name: str) -> VFSFile:
        found: VFSFile | None = self._owner._files.get(name)
        if found is None:
            raise tdError(f"{self._owner.path} has no virtual file {name!r}")
        return found

    def __len__(self) -> int:
        return len(self._owner._files)

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._owner._files))
