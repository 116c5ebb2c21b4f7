"""The script rule of a document: a profile's name, or the profile and its changes in lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from .json_text import Node
from .model import ScriptRule
from .reading import Reading
from .script_rule import (
    DEFAULT_PROFILE,
    PROFILES,
    UNCHANGED,
    RuleError,
    parse_addition,
    parse_capability,
    parse_module,
    script_grants,
)
from .wording import quoted

_KEYS = ("profile", "allow", "deny", "ask", "modules")
_MAX_WORDS = 64

T = TypeVar("T")


def read_script(reading: Reading, node: Node | None, pointer: str) -> ScriptRule | None:
    """Read what the scripts of a tool may do: the name of a profile, or an object of `script_rule`'s lists.

    Args:
        reading: the document, in which problems are noted.
        node: the value, or None where the tool has none.
        pointer: its JSON pointer.
    """
    if node is None:
        return None
    if not isinstance(node.value, dict):
        return _profile_alone(reading, node, pointer)
    members = reading.members(node, _KEYS, "script", '{"profile": "edit"}')
    if "profile" not in members:
        reading.error(node.at, "the script rule has no profile", 'write {"profile": "edit"}')
    profile = reading.choice(members.get("profile"), "profile", PROFILES)
    allow = _words(reading, members.get("allow"), "allow", '["td.delete"]', parse_addition)
    deny = _words(reading, members.get("deny"), "deny", '["td.create"]', parse_capability)
    ask = _words(reading, members.get("ask"), "ask", '["td.delete"]', parse_capability)
    modules = _words(reading, members.get("modules"), "modules", '["scipy"]', parse_module)
    if profile is None:
        return None
    try:
        grants = script_grants(profile, [*allow, *modules], deny, ask)
    except RuleError as error:
        reading.error(node.at, error.message, error.remedy)
        return None
    return ScriptRule(grants, reading.remember(pointer, node.at))


def _profile_alone(reading: Reading, node: Node, pointer: str) -> ScriptRule | None:
    if isinstance(node.value, str) and len(node.value.split()) > 1:
        example = f'{{"profile": "{DEFAULT_PROFILE}", "allow": ["td.delete"]}}'
        reading.error(node.at, f"{quoted(node.value)} is the table's way to change a profile", f"write {example}")
        return None
    profile = reading.choice(node, "script", PROFILES)
    return None if profile is None else ScriptRule(UNCHANGED[profile], reading.remember(pointer, node.at))


def _words(reading: Reading, node: Node | None, key: str, example: str, parse: Callable[[str], T]) -> list[T]:
    """What the texts of a list mean, without those that are wrong and noted."""
    found: list[T] = []
    if node is None:
        return found
    if not isinstance(node.value, tuple):
        reading.expected(node, f"a list for {key}", example)
        return found
    if not reading.few(node, f"entries of {key}", _MAX_WORDS):
        return found
    for item in node.value:
        if not isinstance(item.value, str):
            reading.expected(item, f"a text in {key}", example)
            continue
        try:
            found.append(parse(item.value))
        except RuleError as error:
            reading.error(item.at, error.message, error.remedy)
    return found
