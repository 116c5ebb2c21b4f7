"""The texts that an expression may be, where all of them can be put together from what stands in the script."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from .flow import Flow

_MAX_LENGTH = 4096
_MAX_DEPTH = 20


class Folding:
    """Puts texts together. Total, and each node is looked at once.

    Args:
        flow: where the script's values come from.
    """

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._memo: dict[ast.AST, frozenset[str] | None] = {}
        self._depth = 0

    def texts(self, node: ast.AST) -> frozenset[str] | None:
        """Every text that `node` may be; None where that cannot be told."""
        if isinstance(node, ast.Constant):
            text = self._of(node)
            return None if text is None else frozenset({text})
        if node not in self._memo:
            self._memo[node] = None  # while it is being found, and where it is too deep
            if self._depth < _MAX_DEPTH:
                self._depth += 1
                self._memo[node] = self._find(node)
                self._depth -= 1
        return self._memo[node]

    def text(self, node: ast.AST) -> str | None:
        """The one text that `node` is; None where there are several or that cannot be told."""
        texts = self.texts(node)
        return next(iter(texts)) if texts is not None and len(texts) == 1 else None

    def _find(self, node: ast.AST) -> frozenset[str] | None:
        found: set[str] = set()
        for root in self._flow.roots(node) or ():
            text = self._of(root)
            if text is None:
                return None
            found.add(text)
        return frozenset(found) or None

    def _of(self, root: ast.AST) -> str | None:
        match root:
            case ast.Constant(value=str(text)):
                return text if len(text) <= _MAX_LENGTH else None
            case ast.JoinedStr(values=parts):
                return self._concatenated(parts)
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return self._concatenated((left, right))
            case ast.BinOp(op=ast.Mod(), left=template, right=ast.Tuple(elts=parts)):
                return self._filled(template, parts)
            case ast.BinOp(op=ast.Mod(), left=template, right=part):
                return self._filled(template, (part,))
        return None

    def _concatenated(self, parts: Sequence[ast.AST]) -> str | None:
        whole = ""
        for part in parts:
            match part:
                case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
                    text = self.text(value)
                case _:
                    text = self.text(part)
            if text is None or len(whole) + len(text) > _MAX_LENGTH:
                return None
            whole += text
        return whole

    def _filled(self, template: ast.AST, parts: Sequence[ast.AST]) -> str | None:
        """A template of ``%s`` fields alone, filled with texts that are known."""
        pieces = (self.text(template) or "%").split("%s")
        if any("%" in piece for piece in pieces) or len(pieces) != len(parts) + 1:
            return None
        whole = pieces[0]
        for part, piece in zip(parts, pieces[1:], strict=True):
            text = self.text(part)
            if text is None or len(whole) + len(text) + len(piece) > _MAX_LENGTH:
                return None
            whole += text + piece
        return whole
