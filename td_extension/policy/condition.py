"""Conditions: what must be true of a call, as frozen values, and what a call makes of them.

A condition compares one fact (`facts.py`, `comparison.py`), or joins others with `all`, `any` and `not`. The answer
has three values: where a part cannot be decided (a value too long to look at, of a kind that cannot be compared,
unknown to TouchDesigner), the whole is undecided unless its other parts decide it, and the call is refused with the
part's code. What is absent is no such case: nothing is true of it, except that it does not exist.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from ..values import Json
from .comparison import MAX_VALUE, Answer, Meaning, Operator, Test, Undecided
from .facts import FACTS, Entries, FactPath, Facts, Missing, Step
from .wording import quoted


class Joint(enum.Enum):
    """How the parts of a condition are joined."""

    ALL = "all"
    ANY = "any"
    NOT = "not"
    """None of the parts: there is only one."""


Asks: TypeAlias = Callable[[Facts], Answer]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One fact, compared. Built by `condition_document`.

    Attributes:
        path: where the value is found.
        operator: how it is compared.
        meaning: whose comparison it is.
        wanted: what it is compared with, as JSON.
        pointer: JSON pointer of the comparison.
        test: what `operator` asks; for `Operator.EXISTS` it is not asked.
        asks: what a call's facts make of it, without a place: what most rules of most calls come to.
    """

    path: FactPath
    operator: Operator
    meaning: Meaning
    wanted: Json
    pointer: str
    test: Test = field(compare=False, repr=False)
    asks: Asks = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "asks", _comparing(self))

    @property
    def text(self) -> str:
        """The comparison for people, e.g. ``args.amount lte 100``."""
        return f"{self.path.text} {self.operator.value} {_shown(self.wanted)}"

    def told(self) -> str:
        """The same as `text`: there is nothing inside."""
        return self.text

    def facts(self) -> frozenset[str]:
        """The names of the facts that it looks at."""
        return frozenset({self.path.fact})

    def content(self) -> Json:
        """All of it, in one spelling, for a policy's digest."""
        wanted = self.wanted
        if isinstance(wanted, dict | tuple):  # an object's keys have no order
            wanted = [json.dumps(wanted, sort_keys=True)]
        return [self.path.text, self.operator.value, self.meaning.value, wanted]


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions that are joined.

    Attributes:
        joint: how.
        parts: at least one; exactly one for `Joint.NOT`.
        pointer: JSON pointer of the group.
        asks: what a call's facts make of it, without a place.
    """

    joint: Joint
    parts: tuple[Condition, ...]
    pointer: str
    asks: Asks = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "asks", _joining(self))

    @property
    def text(self) -> str:
        """How the parts are joined, for people."""
        return self.joint.value

    def told(self) -> str:
        """The whole condition for people, e.g. ``not (perform_mode eq true and risk neq 'read')``."""
        if self.joint is Joint.NOT:
            return f"not ({self.parts[0].told()})"
        word = " and " if self.joint is Joint.ALL else " or "
        return word.join(f"({part.told()})" if isinstance(part, Group) else part.told() for part in self.parts)

    def facts(self) -> frozenset[str]:
        """The names of the facts that its parts look at."""
        return frozenset[str]().union(*(part.facts() for part in self.parts))

    def content(self) -> Json:
        """All of it, in one spelling, for a policy's digest. The order of the parts does not matter."""
        return [self.joint.value, sorted((part.content() for part in self.parts), key=repr)]


Condition: TypeAlias = Comparison | Group


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a call makes of a condition.

    Attributes:
        answer: whether it holds, or why that cannot be told.
        pointer: JSON pointer of the part that decided.
    """

    answer: Answer
    pointer: str

    @property
    def holds(self) -> bool:
        """Whether it certainly holds."""
        return self.answer is True

    @property
    def undecided(self) -> Undecided | None:
        """Why it cannot be told whether it holds; None where it can."""
        return self.answer if isinstance(self.answer, Undecided) else None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A condition with what a call made of each of its parts.

    Attributes:
        text: the condition for people.
        verdict: what the call made of it.
        found: the value that was found, for people; empty for a group.
        parts: the same for each part of a group.
    """

    text: str
    verdict: Verdict
    found: str
    parts: tuple[Explanation, ...]


def evaluate(condition: Condition, facts: Facts) -> Verdict:
    """Decide a condition. Total: whatever the facts hold, there is a verdict. What need not be looked up is not."""
    if isinstance(condition, Comparison):
        return Verdict(_compared(condition, facts), condition.pointer)
    if condition.joint is Joint.NOT:
        verdict = evaluate(condition.parts[0], facts)
        return verdict if verdict.undecided else Verdict(not verdict.answer, verdict.pointer)
    deciding = condition.joint is Joint.ANY
    left = Verdict(not deciding, condition.pointer)
    for part in condition.parts:
        verdict = evaluate(part, facts)
        if verdict.answer is deciding:
            return verdict
        if verdict.undecided and not left.undecided:
            left = verdict
    return left


def explain(condition: Condition, facts: Facts) -> Explanation:
    """Decide a condition and each of its parts, with what was found, for a person."""
    verdict = evaluate(condition, facts)
    if isinstance(condition, Group):
        return Explanation(condition.text, verdict, "", tuple(explain(part, facts) for part in condition.parts))
    found = condition.path.start(facts)
    for step in condition.path.steps:
        if isinstance(step, Entries) or isinstance(found, Missing):
            break
        found = _onward(found, step, condition.meaning)
    return Explanation(condition.text, verdict, found.value if isinstance(found, Missing) else _shown(found), ())


def _joining(group: Group) -> Asks:
    """What `Group.asks` does: the parts in turn, until one decides."""
    asked = [part.asks for part in group.parts]
    if group.joint is Joint.NOT:
        only = asked[0]

        def negated(facts: Facts) -> Answer:
            answer = only(facts)
            return answer if isinstance(answer, Undecided) else not answer

        return negated
    deciding = group.joint is Joint.ANY

    def joined(facts: Facts) -> Answer:
        left: Answer = not deciding
        for asks in asked:
            answer = asks(facts)
            if answer is deciding:
                return answer
            if answer is not left and not isinstance(left, Undecided):
                left = answer
        return left

    return joined


def _comparing(comparison: Comparison) -> Asks:
    """What `Comparison.asks` does: a short way where one value is compared, `_compared` for everything else."""
    steps, test = comparison.path.steps, comparison.test
    nothing_is_absent = comparison.meaning is Meaning.IMPORTED
    key = steps[0] if len(steps) == 1 and comparison.path.fact == "args" else None
    if comparison.operator is Operator.EXISTS or not (isinstance(key, str) or not steps):
        return lambda facts: _compared(comparison, facts)
    if not isinstance(key, str):
        find = FACTS[comparison.path.fact].find

        def of_fact(facts: Facts) -> Answer:
            found = find(facts)
            if isinstance(found, Missing):
                return Undecided.UNKNOWN if found is Missing.UNKNOWN else False
            return test(found)

        return of_fact

    def of_argument(facts: Facts) -> Answer:
        found = facts.args.get(key, Missing.ABSENT)
        if found is Missing.ABSENT or (found is None and nothing_is_absent):
            return False
        return test(found)

    return of_argument


def _compared(condition: Comparison, facts: Facts) -> Answer:
    start = condition.path.start(facts)
    return _along(start, condition.path.steps, condition)


def _along(found: Json | Missing, steps: Sequence[Step], condition: Comparison) -> Answer:
    """What the comparison makes of what lies at the end of the steps."""
    for index, step in enumerate(steps):
        if isinstance(found, Missing):
            break
        if isinstance(step, Entries):
            return _entries(found, step, steps[index + 1 :], condition)
        found = _onward(found, step, condition.meaning)
    if condition.operator is Operator.EXISTS:
        if found is Missing.UNKNOWN:
            return Undecided.UNKNOWN
        return (found is not Missing.ABSENT and found is not None) is condition.wanted
    if isinstance(found, Missing):
        return Undecided.UNKNOWN if found is Missing.UNKNOWN else False
    if found is None and condition.meaning is Meaning.IMPORTED:
        return False
    return condition.test(found)


def _entries(found: Json, which: Entries, steps: Sequence[Step], condition: Comparison) -> Answer:
    if not isinstance(found, list | tuple):
        return Undecided.MISTYPED
    if len(found) > MAX_VALUE:
        return Undecided.TOO_LONG
    deciding = which is Entries.SOME
    left: Answer = not deciding and bool(found)
    for entry in found:
        answer = _along(entry, steps, condition)
        if answer is deciding:
            return answer
        if isinstance(answer, Undecided) and not isinstance(left, Undecided):
            left = answer
    return left


def _onward(found: Json, step: str | int, meaning: Meaning) -> Json | Missing:
    if isinstance(step, int):
        return found[step] if isinstance(found, list | tuple) and -len(found) <= step < len(found) else Missing.ABSENT
    value = found.get(step, Missing.ABSENT) if isinstance(found, Mapping) else Missing.ABSENT
    return Missing.ABSENT if value is None and meaning is Meaning.IMPORTED else value


def _shown(value: Json) -> str:
    if isinstance(value, list | tuple):
        shown = ", ".join(quoted(one) if isinstance(one, str | int | float) else "…" for one in value[:4])
        return f"[{shown}{', …' if len(value) > 4 else ''}]"
    if isinstance(value, str | int | float) or value is None:
        return "null" if value is None else str(value).lower() if isinstance(value, bool) else quoted(value)
    return "an object"
