"""Judges what operators and formats make: numbers, texts and lists of a size that stands in the script."""

from __future__ import annotations

import ast
from collections.abc import Set

from .constants import Constants
from .given import largest_number
from .limits_of_cost import MAX_IN_LOOPS, MAX_ITEMS, MAX_RESULT, MAX_WIDTH
from .loop_costs import Note
from .magnitudes import Kind, Many, Rough, as_many, as_size, weight
from .too_large import is_large_reply, why_too_large
from .turns import Turns

_UNSIZED = (ast.Attribute, ast.Subscript)
_LARGE = 100_000
_SMALLER = "Use a smaller size, or work on parts"
_SLICED = "Take a part of it, such as with itertools.islice(…, n)"


class ValueCosts:
    """Judges the cost of one script's operations.

    Args:
        constants: the values of its expressions.
        turns: how often its loops turn.
        note: where a finding goes.
    """

    def __init__(self, constants: Constants, turns: Turns, note: Note) -> None:
        self._constants = constants
        self._turns = turns
        self._note = note

    def is_of_sequence(self, node: ast.BinOp, of_sequences: Set[ast.AST]) -> bool:
        """Whether a product may be that of a text or a list, or of a number that is large already.

        Args:
            node: the product.
            of_sequences: the products in it of which that is known.
        """
        if isinstance(node.left, _UNSIZED) or isinstance(node.right, _UNSIZED):
            return False
        for side in (node.left, node.right):
            if isinstance(side, ast.Name):
                value = self._constants.evaluate(side)
                if isinstance(value, Rough | Many | str | bytes):
                    return True
            elif isinstance(side, ast.BinOp):
                if side in of_sequences or not isinstance(side.op, ast.Mult):
                    return True
            elif not isinstance(side, ast.Constant) or isinstance(side.value, str | bytes):
                return True
        return False

    def on_operation(self, node: ast.BinOp) -> None:
        """Judge one operation, the innermost only of several that are too large."""
        value = self._constants.evaluate(node)
        why = why_too_large(value) or self._why_in_loops(node)
        if why is None and isinstance(node.op, ast.Mod) and weight(value) > max(MAX_WIDTH, self._weighs(node.left)):
            why = f"it pads a text to more than {MAX_WIDTH:,} characters"
        parts = [part for part in (node.left, node.right) if isinstance(part, ast.BinOp | ast.Call)]
        if why is not None and not any(why_too_large(self._constants.evaluate(part)) for part in parts):
            self._note(node, "this operation", why, _SMALLER)

    def on_sum(self, node: ast.BinOp) -> None:
        """Judge one addition; only where something large was seen, for nothing else makes a sum large."""
        if any(isinstance(part, ast.Name) and self._weighs(part) > MAX_RESULT for part in (node.left, node.right)):
            self.on_operation(node)

    def _why_in_loops(self, node: ast.BinOp) -> str | None:
        """Why what is made in every turn of a loop is too much, where one of it is not."""
        many = as_many(self._constants.evaluate(node))
        if many is None or many.length <= _LARGE:
            return None
        loop = self._turns.next_around(node)
        made = many.length * (1.0 if loop is None else self._turns.whole(loop))
        return f"with the loops around it, it makes more than {MAX_IN_LOOPS:,} items" if made > MAX_IN_LOOPS else None

    def _weighs(self, node: ast.AST) -> float:
        return weight(self._constants.evaluate(node))

    def on_augmented(self, node: ast.AugAssign) -> None:
        """Judge what an augmented assignment makes of its name, and what it adds to it."""
        if isinstance(node.op, ast.Add):
            many = as_many(self._constants.evaluate(node.value)) if isinstance(node.value, ast.Call) else None
            if many is not None and many.kind is Kind.STREAM and many.length > MAX_ITEMS:
                self._note(node, "this sum", f"it adds more than {MAX_ITEMS:,} items", _SLICED)
        elif isinstance(node.op, ast.Mult | ast.Pow | ast.LShift) and isinstance(node.target, ast.Name):
            value = self._constants.evaluate(node.target)
            why = why_too_large(value)
            if why is not None:
                self._note(node, "this operation", why, _SMALLER)

    def on_field(self, node: ast.FormattedValue) -> None:
        """Judge the width of a field of an f-string."""
        if not isinstance(node.format_spec, ast.JoinedStr):
            return
        specification = self._constants.evaluate(node.format_spec)
        widest = largest_number(specification) if isinstance(specification, str) else 0.0
        for part in node.format_spec.values:
            if isinstance(part, ast.Constant):
                widest = max(widest, largest_number(str(part.value)))
            elif isinstance(part, ast.FormattedValue):
                widest = max(widest, as_size(self._constants.evaluate(part.value)) or 0.0)
        if widest > MAX_WIDTH:
            why = f"it pads a text to more than {MAX_WIDTH:,} characters"
            self._note(node, "this format", why, "Use a smaller width")

    def on_result(self, value: ast.expr) -> None:
        """Judge the size of what a script leaves as its result."""
        found = self._constants.evaluate(value)
        if is_large_reply(found) and not why_too_large(found):
            self._note(value, "this result", f"it is larger than {MAX_RESULT:,}", "Return a part or a summary")

    def on_print(self, node: ast.Call) -> None:
        """Judge the size of what is printed."""
        if any(is_large_reply(self._constants.evaluate(argument)) for argument in node.args):
            self._note(node, "print()", f"it prints more than {MAX_RESULT:,} characters", "Print a part or a summary")

    def on_starred(self, node: ast.Starred, assigned: ast.expr | None) -> None:
        """Judge how much a star unpacks.

        Args:
            node: the starred expression.
            assigned: what is unpacked, where the star stands on the left side of an assignment.
        """
        value = node.value if isinstance(node.ctx, ast.Load) else assigned
        many = as_many(self._constants.evaluate(value)) if value is not None else None
        if many is not None and many.kind is Kind.STREAM and many.length > MAX_ITEMS:
            self._note(node, "this star", f"it unpacks more than {MAX_ITEMS:,} items", _SLICED)

    def on_search(self, node: ast.Compare) -> None:
        """Judge what ``in`` looks through."""
        many = as_many(self._constants.evaluate(node.comparators[0]))
        if many is not None and many.kind is Kind.STREAM and many.length == float("inf"):
            self._note(node, "this search", "what it looks through never ends", _SLICED)
