"""A policy in another spelling. What is written has been read again: it is the same policy, or nothing is written."""

from __future__ import annotations

from dataclasses import dataclass

from td_extension.policy.document import load_document
from td_extension.policy.model import Policy, make_policy
from td_extension.policy.problems import PolicyError
from td_extension.policy.table import load_table

from .document import document_of
from .json_text import json_text
from .spelling import Spelling
from .table import NotHeld, renamed_rules, table_of


@dataclass(frozen=True, slots=True)
class Converted:
    """A policy in another spelling.

    Attributes:
        text: the text of the file; of a table, as TouchDesigner saves one (``.tsv``).
        notes: what a person should know about it.
    """

    text: str
    notes: tuple[str, ...] = ()


class NotConvertedError(Exception):
    """A policy that the spelling cannot hold.

    Attributes:
        not_held: what it cannot hold, each with its place and the reason; never empty.
    """

    def __init__(self, not_held: tuple[NotHeld, ...]) -> None:
        super().__init__("\n".join(f"{one.pointer}: {one.reason}" for one in not_held))
        self.not_held = not_held


def convert(policy: Policy, to: Spelling) -> Converted:
    """Write a policy in a spelling.

    Raises:
        NotConvertedError: where the spelling cannot hold all of it.
    """
    return _table(policy) if to is Spelling.TABLE else _document(policy, to)


def _document(policy: Policy, to: Spelling) -> Converted:
    document = document_of(policy)
    if to is Spelling.YAML:
        from .yaml_text import yaml_text  # imports PyYAML

        text = yaml_text(document)
    else:
        text = json_text(document)
    try:
        read = load_document(text, f"policy.{to.value}").policy
    except PolicyError as error:
        raise _unreadable(error) from None
    _must_be_same(read, policy)
    return Converted(text)


def _table(policy: Policy) -> Converted:
    table = table_of(policy)
    if table.not_held:
        raise NotConvertedError(table.not_held)
    try:
        read = load_table(table.rows, "policy.tsv").policy
    except PolicyError as error:
        raise _unreadable(error) from None
    _must_be_same(read, make_policy(renamed_rules(policy, table.renamed), ""))
    notes = tuple(
        f"{limit.pointer}: the counter {limit.counter!r} is called {counter!r} in the table, and begins anew"
        for limit, counter in table.renamed
    )
    return Converted("".join("\t".join(row) + "\n" for row in table.rows), notes)


def _unreadable(error: PolicyError) -> NotConvertedError:
    """What was written is beyond a bound of its reader, which another spelling does not have."""
    return NotConvertedError(
        tuple(NotHeld(problem.place, f"as written here, {problem.message}") for problem in error.problems)
    )


def _must_be_same(read: Policy, policy: Policy) -> None:
    if read.digest != policy.digest:
        raise NotConvertedError((NotHeld("/", "what would be written is not the same policy; please report this"),))
