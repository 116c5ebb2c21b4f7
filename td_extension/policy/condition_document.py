"""Conditions from a document: Intercept's lists, and PolicyGuard's own `when`.

    "conditions": [{"path": "args.amount", "op": "lte", "value": 100}]            all must hold
    "when": {"any": [{"perform_mode": true}, {"frame_rate": {"lt": 50}}], "op_type": ["textDAT", "tableDAT"],
             "not": {"path": "args.nodes[all]", "op": "path_in", "value": ["/project1/show"]}}

In a list of ``conditions`` a comparison of an argument has Intercept's meaning; anywhere inside ``when``, ``any``,
``all`` and ``not`` comparisons are typed. An object of ``when`` holds where all of its keys do: ``path`` with ``op``
and ``value``; ``any``, ``all``, ``not``; or a fact's name with a value, a list of values, or operators and values.
"""

from __future__ import annotations

from collections.abc import Collection

from ..values import Json
from .comparison import Meaning, Operator
from .condition import Comparison, Condition, Group, Joint
from .condition_parts import ConditionError, compared, short_path
from .facts import FACTS
from .json_text import Node
from .pointer import pointer_to
from .reading import Reading

MAX_CONDITIONS = 64
"""Entries of one list of conditions."""
MAX_DEPTH = 8
_LEAF = ("path", "op", "value")
_JOINTS = tuple(joint.value for joint in Joint)
_KEYS = (*_LEAF, *_JOINTS, *(name for name in FACTS if name != "args"))
_EXAMPLE = '{"path": "args.nodePath", "op": "path_in", "value": ["/project1/show"]}'


def read_conditions(
    reading: Reading, node: Node | None, pointer: str, passed_over: Collection[int] = ()
) -> Condition | None:
    """Read a list of conditions that all must hold; None where there is none, or where one is wrong, which is noted.

    Args:
        reading: the document.
        node: the value of ``conditions``.
        pointer: the JSON pointer of that value.
        passed_over: places in the list that are read elsewhere.
    """
    if node is None:
        return None
    reading.remember(pointer, node.at)
    parts = _list(reading, node, pointer, Meaning.IMPORTED, MAX_DEPTH, passed_over)
    return _joined(Joint.ALL, parts, pointer) if parts is not None else None


def read_when(reading: Reading, node: Node | None, pointer: str) -> Condition | None:
    """Read a condition of PolicyGuard's own; arguments and answer as of `read_conditions`."""
    if node is None:
        return None
    reading.remember(pointer, node.at)
    if isinstance(node.value, tuple):
        parts = _list(reading, node, pointer, Meaning.TYPED, MAX_DEPTH)
        return _joined(Joint.ALL, parts, pointer) if parts is not None else None
    return _object(reading, node, pointer, Meaning.TYPED, MAX_DEPTH)


def _list(
    reading: Reading, node: Node, pointer: str, meaning: Meaning, depth: int, passed_over: Collection[int] = ()
) -> list[Condition] | None:
    if not isinstance(node.value, tuple):
        reading.expected(node, "a list of conditions", f"[{_EXAMPLE}]")
        return None
    if not node.value:
        reading.error(node.at, "the list of conditions is empty", f"write at least one, such as {_EXAMPLE}")
        return None
    if not reading.few(node, "conditions", MAX_CONDITIONS):
        return None
    parts = [
        _object(reading, one, pointer + pointer_to(index), meaning, depth)
        for index, one in enumerate(node.value)
        if index not in passed_over
    ]
    found = [part for part in parts if part is not None]
    return found if len(found) == len(parts) else None


def _object(reading: Reading, node: Node, pointer: str, meaning: Meaning, depth: int) -> Condition | None:
    if depth == 0:
        reading.error(node.at, "the conditions are nested too deeply", f"nest at most {MAX_DEPTH} levels")
        return None
    reading.remember(pointer, node.at)
    members = reading.members(node, _KEYS, "a condition", _EXAMPLE)
    parts: list[Condition | None] = []
    if any(key in members for key in _LEAF):
        parts.append(_leaf(reading, node, members, pointer, meaning))
    for joint in Joint:
        if joint.value in members:
            parts.append(_joint(reading, members[joint.value], joint, pointer + pointer_to(joint.value), depth))
    for name in FACTS:
        if name in members:
            parts += _fact(reading, members[name], name, pointer + pointer_to(name)) or [None]
    found = [part for part in parts if part is not None]
    if not isinstance(node.value, dict) or len(members) < len(node.value) or len(found) < len(parts):
        return None
    if not found:
        reading.error(node.at, "the condition is empty", f"write {_EXAMPLE}, or remove it")
        return None
    return _joined(Joint.ALL, found, pointer)


def _leaf(reading: Reading, node: Node, members: dict[str, Node], pointer: str, meaning: Meaning) -> Comparison | None:
    for key in _LEAF:
        if key not in members:
            reading.error(node.at, f"the condition has no {key}", f"write {_EXAMPLE}")
            return None
    path, op = members["path"], members["op"]
    for one, what in ((path, "path"), (op, "op")):
        if not isinstance(one.value, str):
            reading.expected(one, f"a text for {what}", _EXAMPLE)
            return None
    if str(path.value).startswith("state."):
        remedy = "write a limit instead: it counts at the moment the call is let in, and a condition could not"
        reading.error(path.at, "a counter can be compared only in a rule with a state of its own", remedy)
        return None
    return _compared(reading, members, (str(path.value), str(op.value)), pointer, meaning)


def _compared(
    reading: Reading, members: dict[str, Node], path_and_op: tuple[str, str], pointer: str, meaning: Meaning
) -> Comparison | None:
    try:
        return compared(*path_and_op, plain(members["value"]), meaning, pointer)
    except ConditionError as error:
        reading.error(members.get(error.key, members["value"]).at, error.message, error.remedy)
        return None


def _joint(reading: Reading, node: Node, joint: Joint, pointer: str, depth: int) -> Condition | None:
    reading.remember(pointer, node.at)
    if joint is Joint.NOT and not isinstance(node.value, tuple):
        one = _object(reading, node, pointer, Meaning.TYPED, depth - 1)
        return Group(joint, (one,), pointer) if one is not None else None
    parts = _list(reading, node, pointer, Meaning.TYPED, depth - 1)
    if parts is None:
        return None
    if joint is Joint.NOT:
        return Group(joint, (_joined(Joint.ALL, parts, pointer),), pointer)
    return _joined(joint, parts, pointer)


def _fact(reading: Reading, node: Node, name: str, pointer: str) -> list[Condition | None]:
    """What a fact's bare name says: its value, one of several values, or operators with their values."""
    reading.remember(pointer, node.at)
    if isinstance(node.value, dict):
        if not node.value:
            reading.error(node.at, f"nothing is said about {name}", 'write an operator and a value: {"lt": 30}')
        found: list[Condition | None] = []
        for word, member in node.value.items():
            place = reading.remember(pointer + pointer_to(word), member.at)
            path = short_path(name, word)
            found.append(_compared(reading, {"value": member.node}, (path, word), place, Meaning.TYPED))
        return found
    op = Operator.PATH_IN if name == "target" else Operator.IN if isinstance(node.value, tuple) else Operator.EQ
    return [_compared(reading, {"value": node}, (short_path(name, op.value), op.value), pointer, Meaning.TYPED)]


def _joined(joint: Joint, parts: list[Condition], pointer: str) -> Condition:
    return parts[0] if len(parts) == 1 else Group(joint, tuple(parts), pointer)


def plain(node: Node) -> Json:
    """A document's value as `json.loads` would give it."""
    match node.value:
        case dict(members):
            return {key: plain(member.node) for key, member in members.items()}
        case tuple(entries):
            return [plain(entry) for entry in entries]
    return node.value
