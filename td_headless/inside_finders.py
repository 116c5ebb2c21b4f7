"""``OP.op``, ``OP.ops`` and ``OP.opex``: finders that look inside one operator."""

from __future__ import annotations

from typing import Any

from td_headless.finders import AllFinder, Finder, StrictFinder, walk


class _Inside:
    """Finds operators seen from inside its origin: a bare name is a child, ``..`` is the parent."""

    __slots__ = ()
    _origin: Any

    def _all(self, paths: tuple[Any, ...]) -> Any:
        for path in paths:
            if isinstance(path, str):
                for word in path.split():
                    yield from walk(self._origin, word)
            else:
                yield from super()._all((path,))  # type: ignore[misc]


class InsideFinder(_Inside, Finder):
    """``OP.op``."""

    __slots__ = ()


class AllInsideFinder(_Inside, AllFinder):
    """``OP.ops``."""

    __slots__ = ()


class StrictInsideFinder(_Inside, StrictFinder):
    """``OP.opex``."""

    __slots__ = ()
