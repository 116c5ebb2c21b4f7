"""The smallest changes that turn a decision, of the call and of the policy. Each is decided with before it is told."""

from __future__ import annotations

from dataclasses import dataclass, replace

from td_extension.policy.model import Policy

from .call_change import CallChange
from .call_changes import changes_of, comparisons_of
from .call_file import DescribedCall
from .judgement import Judgement, Scripts, judge
from .policy_change import PolicyChange
from .policy_changes import changes_to_allow, changes_to_refuse

MAX_TOLD = 3
"""Changes of the call, and of the policy, that are told."""
_MAX_STEPS = 5
"""Changes that are told together."""
_BREADTH = 6
_CALL_BREADTH = 8
_MAX_JUDGED = 400
_MAX_CALLS_JUDGED = 6_000
_MAX_COMPARED = 300_000


@dataclass(frozen=True, slots=True)
class CallFlip:
    """Changes of the call that together turn the decision.

    Attributes:
        changes: at least one; they are made one after another.
        call: the call with them.
    """

    changes: tuple[CallChange, ...]
    call: DescribedCall


@dataclass(frozen=True, slots=True)
class PolicyFlip:
    """Changes of the policy that together turn the decision.

    Attributes:
        changes: in the order in which they are made.
        policy: the policy with them, as it holds for the caller.
    """

    changes: tuple[PolicyChange, ...]
    policy: Policy


def call_flips(policy: Policy, call: DescribedCall, judgement: Judgement, scripts: Scripts) -> tuple[CallFlip, ...]:
    """The smallest changes of the call, one for each place; several together only where no single one is enough.

    Args:
        policy: the policy in force.
        call: the call.
        judgement: what becomes of it.
        scripts: judges its script.
    """
    found: dict[str, CallFlip] = {}
    for change in changes_of(call, judgement, scripts):
        changed = change.applied_to(call) if change.path not in found else None
        if changed is not None and judge(policy, changed, scripts).is_allowed is not judgement.is_allowed:
            found[change.path] = CallFlip((change,), changed)
    if not found and not judgement.is_allowed:
        together = _together(policy, call, judgement, scripts)
        return (together,) if together is not None else ()
    return tuple(found.values())[:MAX_TOLD]


def _together(policy: Policy, call: DescribedCall, judgement: Judgement, scripts: Scripts) -> CallFlip | None:
    """As few changes as are found that are enough together: each turns the answer of something that was asked."""
    level: list[tuple[CallFlip, Judgement]] = [(CallFlip((), call), judgement)]
    seen = {_answers(judgement)}
    left = _calls_judged(judgement)
    for _ in range(_MAX_STEPS):
        following: list[tuple[bool, int, CallFlip, Judgement]] = []
        for flip, at in level:
            for change in changes_of(flip.call, at, scripts):
                changed = change.applied_to(flip.call)
                if changed is None or any(one.path == change.path for one in flip.changes):
                    continue
                left -= 1
                if left < 0:
                    return None
                then = judge(policy, changed, scripts)
                onward = CallFlip((*flip.changes, change), changed)
                if then.is_allowed:
                    return onward
                answers = _answers(then)
                if answers not in seen:
                    seen.add(answers)
                    following.append(((then.rule, then.code) == (at.rule, at.code), len(following), onward, then))
        level = [(flip, then) for _, _, flip, then in sorted(following, key=lambda one: one[:2])[:_CALL_BREADTH]]
    return None


def _calls_judged(judgement: Judgement) -> int:
    """How many calls are tried: fewer the more is asked of each, so that a person does not wait."""
    policy = judgement.policy
    rules = (*policy.every_tool, *policy.tools.get(judgement.facts.tool, ()))
    return min(_MAX_CALLS_JUDGED, _MAX_COMPARED // (1 + sum(1 for _ in comparisons_of(rules))))


def _answers(judgement: Judgement) -> tuple[object, ...]:
    """What tells apart how far a call comes: what refuses it, and what every comparison says."""
    policy, facts = judgement.policy, judgement.facts
    rules = (*policy.every_tool, *policy.tools.get(facts.tool, ()))
    answers = tuple(comparison.asks(facts) for comparison in comparisons_of(rules))
    return judgement.rule, judgement.code, judgement.reason, answers


def policy_flips(call: DescribedCall, judgement: Judgement, scripts: Scripts) -> tuple[PolicyFlip, ...]:
    """The smallest changes of the policy: as few as are enough, and the smallest of so few.

    Args:
        call: the call.
        judgement: what becomes of it.
        scripts: judges its script.
    """
    if judgement.decision is not None:
        # The policy as it holds for the caller: its overlay, if any, is among its rules.
        call = replace(call, overlay="")
    tried = changes_to_refuse if judgement.is_allowed else changes_to_allow
    level: list[tuple[tuple[PolicyChange, ...], Judgement]] = [((), judgement)]
    judged = 0
    for _ in range(1 if judgement.is_allowed else _MAX_STEPS):
        following: list[tuple[tuple[PolicyChange, ...], Judgement]] = []
        found: list[PolicyFlip] = []
        for made, at in level:
            onward = 0
            for change in tried(call, at) if judged < _MAX_JUDGED else ():
                judged += 1
                then = judge(change.policy, call, scripts)
                if then.is_allowed is not judgement.is_allowed:
                    found.append(PolicyFlip((*made, change), change.policy))
                elif onward < _BREADTH and (then.rule, then.code, then.reason) != (at.rule, at.code, at.reason):
                    onward += 1
                    following.append(((*made, change), then))
        if found:
            found.sort(key=lambda flip: sum(change.size for change in flip.changes))
            return _told_once(found)
        level = following
    return ()


def _told_once(found: list[PolicyFlip]) -> tuple[PolicyFlip, ...]:
    by_place: dict[tuple[str, ...], PolicyFlip] = {}
    for flip in found:
        by_place.setdefault(tuple(sorted(change.pointer for change in flip.changes)), flip)
    return tuple(by_place.values())[:MAX_TOLD]
