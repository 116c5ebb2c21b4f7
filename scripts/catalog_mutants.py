"""Mutants of the catalog: copies in which one group of entries, or one name, asks for less."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from mutants import Mutant

FILE = "script/catalog.json"
_FREE = {"builtins": "free", "td_globals": "free", "members": "free", "parameters": "td.write"}
"""What asks for nothing, by section. Every edit of an operator is a `td.write` at least."""

_Change = Callable[[Any], None]


def mutants_of(text: str, *, by_name: bool) -> Iterator[Mutant]:
    """Every mutant of the catalog.

    Args:
        text: the catalog's JSON.
        by_name: also one for each single name of a group; there are more than a thousand.
    """
    for number, (what, says, single, _) in enumerate(_changes(json.loads(text))):
        if by_name or not single:
            yield Mutant(FILE, 0, what, number, 0, says)


def mutated(text: str, mutant: Mutant) -> str:
    """The catalog's JSON with the mutant's one change."""
    document = json.loads(text)
    _, _, _, change = next(found for number, found in enumerate(_changes(document)) if number == mutant.node)
    change(document)
    return json.dumps(document)


def _changes(document: Any) -> Iterator[tuple[str, str, bool, _Change]]:
    """What is changed, what the entry says, whether it is about a single name, and the change."""
    for section in _FREE:
        yield from _in_groups(section, document[section], _FREE[section])
    for classes, groups in document["members_of"].items():
        yield from _in_groups(f"members of {classes.split()[0]}", groups, "free")
    for name, module in document["modules"].items():
        for capability, members in module.get("needing", {}).items():
            yield f"{name}: free", f"{capability}: {members}", False, _needing_free(name, capability)
        for capability, members in module.get("may", {}).items():
            yield f"{name}: certain", f"may {capability}: {members}", False, _may_left_out(name, capability)
    for capability, families in document["operator_types"].items():
        for family, names in families.items():
            if capability != "td.create":
                yield f"{family} types harmless", f"{capability}: {names}", False, _harmless(capability, family)


def _in_groups(section: str, groups: Any, free: str) -> Iterator[tuple[str, str, bool, _Change]]:
    for group in groups:
        names = group["names"].split()
        about = f"{section} {names[0]} …"
        says = ", ".join(f"{word} {group[word]}" for word in ("needs", "store", "may") if word in group)
        says += f": {group['why']}"
        if group["needs"] not in (free, "td.read"):
            yield f"{about} free", says, False, _set(group, "needs", free)
            if len(names) > 1:
                for name in names:
                    yield f"{section} {name} free", says, True, _single(groups, group, name, free)
        if "may" in group:
            yield f"{about} certain", says, False, _unset(group, "may")
        if "store" in group and group["store"] != "td.write":
            yield f"{about} free to store", says, False, _set(group, "store", "td.write")


# The groups of the document that is changed are those that were walked: a change needs no path to them.


def _set(group: Any, word: str, value: str) -> _Change:
    return lambda document: group.update({word: value})


def _unset(group: Any, word: str) -> _Change:
    return lambda document: group.pop(word)


def _single(groups: Any, group: Any, name: str, free: str) -> _Change:
    def change(document: Any) -> None:
        group["names"] = " ".join(other for other in group["names"].split() if other != name)
        groups.append({**group, "names": name, "needs": free})

    return change


def _needing_free(name: str, capability: str) -> _Change:
    def change(document: Any) -> None:
        module = document["modules"][name]
        module["members"] = f"{module.get('members', '')} {module['needing'].pop(capability)}".strip()

    return change


def _may_left_out(name: str, capability: str) -> _Change:
    def change(document: Any) -> None:
        module = document["modules"][name]
        module["members"] = f"{module.get('members', '')} {module['may'].pop(capability)}".strip()

    return change


def _harmless(capability: str, family: str) -> _Change:
    def change(document: Any) -> None:
        types = document["operator_types"]
        names = f"{types['td.create'].get(family, '')} {types[capability].pop(family)}"
        types["td.create"][family] = names.strip()

    return change
