"""How what a script calls is named: ``range``, ``itertools.count``, ``.ljust`` for a method."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

_MAX_CHAIN = 4
_MAX_ALIASES = 8


class Callees:
    """Names what is called, through imports and other names for the same thing.

    Args:
        modules: the names bound to modules by ``import``, each with the module's dotted name.
        imported: the plain names bound by ``from … import``, each with its dotted name, e.g. ``itertools.count``.
        is_own: whether the script itself binds a name.
        sources: every expression that a name of the script's own may hold; None where that cannot be told.
    """

    def __init__(
        self,
        modules: Mapping[str, str],
        imported: Mapping[str, str],
        is_own: Callable[[str], bool],
        sources: Callable[[str], tuple[ast.expr, ...] | None],
    ) -> None:
        self._modules = modules
        self._imported = imported
        self._sources = sources
        self._known: dict[str, str | None] = {}
        self.is_own = is_own

    def named(self, function: ast.AST) -> str | None:
        """How `function` is named; None for a function of the script's own, and for what has no name."""
        if isinstance(function, ast.NamedExpr):
            function = function.value
        if isinstance(function, ast.Attribute):
            return self._member(function)
        return self.of_name(function.id) if isinstance(function, ast.Name) else None

    def of_name(self, name: str) -> str | None:
        """How the function that `name` stands for is named."""
        if name not in self._known:
            self._known[name] = self._followed(name)
        return self._known[name]

    def _followed(self, name: str) -> str | None:
        waiting = [name]
        for step in range(_MAX_ALIASES):
            if step >= len(waiting):
                break
            name = waiting[step]
            if name in self._imported:
                return self._imported[name]
            if not self.is_own(name):
                return name
            for source in (self._sources(name) or ())[:_MAX_ALIASES]:
                if isinstance(source, ast.Attribute):
                    return self._member(source)
                if isinstance(source, ast.Name):
                    waiting.append(source.id)
        return None

    def origin(self, name: str) -> str:
        """The first name of what `name` is another name for."""
        for _ in range(_MAX_ALIASES):
            sources = self._sources(name) if self.is_own(name) else None
            if sources is None or len(sources) != 1 or not isinstance(sources[0], ast.Name):
                break
            name = sources[0].id
        return name

    def _member(self, node: ast.Attribute) -> str:
        parts = [node.attr]
        value = node.value
        while isinstance(value, ast.Attribute) and len(parts) < _MAX_CHAIN:
            parts.append(value.attr)
            value = value.value
        if isinstance(value, ast.Name):
            module = self._modules.get(value.id) or self._imported.get(value.id)
            if module is not None:
                return ".".join([module, *reversed(parts)])
        return "." + node.attr
