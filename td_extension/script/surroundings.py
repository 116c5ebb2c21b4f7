"""What is asked of TouchDesigner for a script and for its containment."""

from __future__ import annotations

from typing import Any, Protocol

from ..values import Capability, Json
from .bridge import Bridge
from .catalog import Catalog


class Surroundings(Bridge, Protocol):
    """What a script and its containment need of TouchDesigner (`td_bridge.TdBridge`)."""

    def operator_at(self, me: Any, path: str) -> Any | None:
        """The operator that a path names, as seen from `me`; None where there is none."""

    def world(self, me: Any, catalog: Catalog, granted: frozenset[Capability]) -> dict[str, Any]:
        """The TouchDesigner names that a script finds, in a mapping made for this one run."""

    def describe(self, value: object) -> Json:
        """A TouchDesigner object as plain data; None for any other."""

    def protected_paths(self) -> tuple[str, ...]:
        """The paths that no script may name."""

    def start_undo_block(self, name: str) -> None:
        """Begin a block in the undo list."""

    def end_undo_block(self) -> None:
        """End it."""
