"""Questions that lead back to themselves, each answered once.

A value that comes from itself adds nothing to where it comes from: a question that is met while it is being answered
gets the answer that adds nothing. What was answered by the way then leans on less than the whole, so it is not kept,
and is asked again once the question that it leaned on has its answer.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")
Asked = TypeVar("Asked")

_NOTHING_OPEN = 1 << 30
"""Deeper than any question lies."""


class Questions:
    """The questions that are being answered, of all kinds that lead to each other. Each kind keeps its own answers."""

    __slots__ = ("_leans_on", "_open")

    def __init__(self) -> None:
        self._open: dict[tuple[int, ast.AST | str], int] = {}
        # The outermost open question that the answer in the making leans on, by its depth.
        self._leans_on = _NOTHING_OPEN

    def answer(
        self,
        known: dict[ast.AST | str, Answer],
        key: ast.AST | str,
        nothing: Answer,
        asked: Asked,
        find: Callable[[Asked], Answer],
    ) -> Answer:
        """The answer to a question that is not in `known`; put there once it leans on no open question.

        Args:
            known: the answers to questions of this kind.
            key: what tells them apart.
            nothing: the answer that adds nothing.
            asked: what `find` is given.
            find: finds the answer.
        """
        question = id(known), key
        depth = self._open.get(question)
        if depth is not None:
            self._leans_on = min(self._leans_on, depth)
            return nothing
        outer, self._leans_on = self._leans_on, _NOTHING_OPEN
        depth = self._open[question] = len(self._open)
        found = find(asked)
        del self._open[question]
        if self._leans_on >= depth:
            known[key] = found
            self._leans_on = outer
        else:
            self._leans_on = min(self._leans_on, outer)
        return found
