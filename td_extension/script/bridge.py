"""What the watch needs to know of TouchDesigner's objects. `td_bridge.TdBridge` knows it; the core only asks."""

from __future__ import annotations

from typing import Any, Protocol

SCRIPT = "<script>"
"""The file and the module to which everything belongs that a script defines; no real module can bear this name."""


class Bridge(Protocol):
    """Tells TouchDesigner's objects apart, by their classes and by identity."""

    def is_touchdesigners(self, kind: type) -> bool:
        """Whether a class is one of TouchDesigner's."""

    def operator_of(self, value: object) -> Any | None:
        """The operator that `value` is, or is part of (parameter, page, cell, connector, sequence, …); else None."""

    def parameters_of(self, value: object, name: str) -> list[Any] | None:
        """The parameters behind ``value.name``, where `value` is a collection, a group or one parameter; else None.

        For a group or a single parameter the name does not matter. An empty list: a collection has none of that name.
        """

    def is_protected(self, operator: Any) -> bool:
        """Whether `operator` belongs to PolicyGuard or to the wiring of a server that it guards."""

    def holds_protected(self, operator: Any) -> bool:
        """Whether something protected lies inside `operator`."""

    def protected_paths(self) -> tuple[str, ...]:
        """The paths that no script may name."""

    def in_project(self, path: str) -> str:
        """A path of a file, made relative where it lies in the project folder; unchanged where it does not."""

    def on_disk(self, path: str) -> str:
        """A path of a file as a policy's patterns see it: absolute, links resolved; an address unchanged."""

    def is_guards_file(self, path: str) -> bool:
        """Whether a path as `on_disk` gives it is of the guard's own files: its audit, its grants, its policy."""

    def runs_its_text(self, operator: Any) -> bool:
        """Whether TouchDesigner runs the text of `operator` as code."""

    def has_extensions(self, operator: Any) -> bool:
        """Whether `operator` is a COMP with Python extensions."""

    def operator_type(self, value: object) -> str | None:
        """The type name, e.g. ``noiseTOP``, of an operator or of an operator class; else None."""
