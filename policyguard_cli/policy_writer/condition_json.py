"""A condition as a document spells it. What is written reads as the same condition, whichever way it was spelled.

A comparison with Intercept's meaning stands in a list ``conditions`` only, directly or in an object of that list;
everything else may stand anywhere (`td_extension/policy/condition_document.py`). Among several spellings the one that
nests least is taken, so that what was within the reader's bound stays there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from td_extension.policy.comparison import Meaning, Operator
from td_extension.policy.condition import Comparison, Condition, Group, Joint
from td_extension.policy.condition_document import MAX_CONDITIONS
from td_extension.policy.condition_parts import short_path
from td_extension.values import Json

_JOINTS = tuple(joint.value for joint in Joint)


def is_typed(condition: Condition) -> bool:
    """Whether all of the condition has PolicyGuard's own meaning, so that it can stand in ``when``."""
    if isinstance(condition, Group):
        return all(map(is_typed, condition.parts))
    return condition.meaning is Meaning.TYPED


def when_json(condition: Condition) -> Json:
    """The value of the key ``when``: an object, or a list whose entries all must hold.

    Args:
        condition: all of it typed.
    """
    return _object_or_list(condition)


def conditions_json(condition: Condition) -> list[Json]:
    """The value of the key ``conditions``."""
    parts = _parts_of_all(condition)
    if len(parts) <= MAX_CONDITIONS:
        return [_object(part, imported=True) for part in parts]
    return [_object(condition, imported=True)]


def value_json(value: Json) -> Json:
    """What a fact is compared with, with lists in place of tuples."""
    if isinstance(value, tuple | list):
        return [value_json(one) for one in value]
    if isinstance(value, dict):
        return {key: value_json(one) for key, one in value.items()}
    return value


def _parts_of_all(condition: Condition) -> tuple[Condition, ...]:
    if isinstance(condition, Group) and condition.joint is Joint.ALL:
        return condition.parts
    return (condition,)


def _object_or_list(condition: Condition) -> Json:
    parts = _parts_of_all(condition)
    if len(parts) == 1:
        return _object(condition, imported=False)
    options: list[Json] = [*_merged(parts, imported=False)]
    if len(parts) <= MAX_CONDITIONS:
        options.append([_object(part, imported=False) for part in parts])
    return min(options, key=_depth)


def _object(condition: Condition, *, imported: bool) -> dict[str, Json]:
    """A condition as an object; `imported` where it is an entry of a list of ``conditions``."""
    if isinstance(condition, Comparison):
        return _leaf(condition, imported=imported)
    if condition.joint is Joint.NOT:
        return {"not": _object_or_list(condition.parts[0])}
    if condition.joint is Joint.ANY:
        return {"any": [_object(part, imported=False) for part in condition.parts]}
    options = [*_merged(condition.parts, imported=imported)]
    if len(condition.parts) <= MAX_CONDITIONS and is_typed(condition):
        options.append(_all(condition))
    return min(options, key=_depth)


def _all(condition: Group) -> dict[str, Json]:
    return {"all": [_object(part, imported=False) for part in condition.parts]}


def _leaf(condition: Comparison, *, imported: bool) -> dict[str, Json]:
    if _is_short(condition):
        return {condition.path.fact: _short({condition.operator: condition})}
    written = {
        "path": condition.path.text,
        "op": condition.operator.value,
        "value": value_json(condition.wanted),
    }
    becomes_imported = condition.path.fact == "args" and condition.operator is not Operator.PATH_IN
    if imported and becomes_imported and condition.meaning is Meaning.TYPED:
        return {"all": [written]}
    return written


def _is_short(condition: Comparison) -> bool:
    """Whether the fact's bare name stands for the path."""
    fact, op = condition.path.fact, condition.operator.value
    return fact != "args" and condition.path.text == short_path(fact, op)


def _short(by_operator: dict[Operator, Comparison]) -> Json:
    """What stands beside a fact's bare name."""
    if len(by_operator) == 1:
        ((operator, only),) = by_operator.items()
        listed = Operator.PATH_IN if only.path.fact == "target" else Operator.IN
        if operator is listed or (operator is Operator.EQ and only.path.fact != "target"):
            return value_json(only.wanted)
    return {operator.value: value_json(one.wanted) for operator, one in by_operator.items()}


def _merged(parts: Sequence[Condition], *, imported: bool) -> Iterable[dict[str, Json]]:
    """Conditions that all must hold as the keys of one object: none where they do not fit into one, else one."""
    facts: dict[str, dict[Operator, Comparison]] = {}
    others: list[Condition] = []
    for part in parts:
        if isinstance(part, Comparison) and _is_short(part) and part.operator not in facts.get(part.path.fact, {}):
            facts.setdefault(part.path.fact, {})[part.operator] = part
        else:
            others.append(part)
    merged: dict[str, Json] = {}
    left: list[Condition] = []
    for part in sorted(others, key=lambda one: (is_typed(one), -_height(one))):
        is_all = isinstance(part, Group) and part.joint is Joint.ALL
        written = _all(part) if isinstance(part, Group) and is_all else _path_leaf_or_object(part, imported=imported)
        if merged.keys() & written.keys() or (is_all and len(written["all"]) > MAX_CONDITIONS):
            left.append(part)
        else:
            merged |= written
    free = [joint for joint in ("all", "any") if joint not in merged]
    if len(left) > len(free) or not all(map(is_typed, left)):
        return
    for joint, part in zip(free, left, strict=False):
        merged[joint] = [_object(part, imported=False)]
    yield merged | {fact: _short(by_operator) for fact, by_operator in facts.items()}


def _path_leaf_or_object(part: Condition, *, imported: bool) -> dict[str, Json]:
    if isinstance(part, Comparison) and _is_short(part):  # the fact's bare name is taken
        return {"path": part.path.text, "op": part.operator.value, "value": value_json(part.wanted)}
    return _object(part, imported=imported)


def _height(condition: Condition) -> int:
    return 0 if isinstance(condition, Comparison) else 1 + max(map(_height, condition.parts))


def _depth(written: Json) -> int:
    """How many levels of conditions the reader counts."""
    if isinstance(written, list):
        return max(map(_depth, written))
    return 1 + max((_depth(written[joint]) for joint in _JOINTS if joint in written), default=0)
