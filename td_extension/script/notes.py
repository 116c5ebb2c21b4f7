"""The notebook of a judgement: where something stands, what it needs, and what may have been meant instead."""

from __future__ import annotations

import ast
import difflib
import re
from collections.abc import Sequence

from ..values import Capability, Code
from .catalog import Entry
from .report import Use

_PRIVATE = re.compile(r"_[a-zA-Z0-9]\w*(?<!_)")

UNDERSCORE = "what starts with an underscore is Python's own"

_LIKENESS = 0.75
_MAX_HINT_LENGTH, _MAX_HINT_KNOWN = 40, 2500


def is_private(name: str) -> bool:
    """Whether a name is one that people give to what is only theirs (``_size``), and Python gives a meaning to none."""
    return _PRIVATE.fullmatch(name) is not None


class Notes:
    """Everything that was noted of one script, in `uses`, in no particular order.

    Args:
        hints: for how many unknown names what may have been meant is looked up: the search is dear.
    """

    def __init__(self, hints: int) -> None:
        self.uses: list[Use] = []
        self._hints = hints

    def add(
        self,
        node: ast.AST,
        what: str,
        needs: Capability | None,
        why: str,
        *,
        may: Capability | None = None,
        code: Code = Code.MISSING_CAPABILITY,
        hint: str = "",
        resource: str | None = None,
        module: str | None = None,
    ) -> None:
        """Note a use of `node`. `may` counts only where it is another capability than `needs`."""
        if isinstance(node, ast.Attribute) and node.end_lineno is not None and node.end_col_offset is not None:
            # A chain of members begins where its first name does; what a person looks for is the member.
            line, column = node.end_lineno, node.end_col_offset - len(node.attr) + 1
        else:
            line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1
        stronger = None if may is needs else may
        self.uses.append(Use(line, column, what, needs, stronger, code, why, hint, resource, module))

    def entry(self, node: ast.AST, what: str, entry: Entry) -> None:
        """Note what the catalog says of reading or calling something."""
        # Where an entry can be stored, its stronger capability belongs to the store.
        if entry.needs is not None:
            self.add(node, what, entry.needs, entry.why, may=entry.may if entry.store is None else None)

    def refuse(self, node: ast.AST, what: str, why: str, hint: str = "", code: Code = Code.FORBIDDEN_SYNTAX) -> None:
        """Note what is refused whatever is granted."""
        self.add(node, what, None, why, code=code, hint=hint)

    def hint(self, name: str, known: Sequence[str], shown: str) -> str:
        """What may have been meant by `name`, or nothing where too many were asked for."""
        self._hints -= 1
        if self._hints < 0 or len(name) > _MAX_HINT_LENGTH or len(known) > _MAX_HINT_KNOWN:
            return ""
        close = difflib.get_close_matches(name, known, n=1, cutoff=_LIKENESS)
        return f"Did you mean {shown.format(close[0])}?" if close else ""
