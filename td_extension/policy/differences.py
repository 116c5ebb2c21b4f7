"""Where conditions and limits mean something else than in Intercept, on purpose: data for the documentation.

Facts about Intercept: policy_engines.md sections 1.1, 1.5 and 1.6 (snapshot 77f0429).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """One deliberate difference.

    Attributes:
        what: what it is about.
        intercept: what Intercept does.
        policyguard: what PolicyGuard does.
        why: the reason.
    """

    what: str
    intercept: str
    policyguard: str
    why: str


DIFFERENCES = (
    Difference(
        "a default that is not written",
        "allow",
        "deny",
        "a policy that forgets a tool must not let it through",
    ),
    Difference(
        "a value of more than 4,096 characters, or a list of more entries",
        "is compared",
        "the condition is undecided and the call is refused as value-too-long",
        "a call is decided within a frame",
    ),
    Difference(
        "a value that the operator cannot compare, in deny_if or not",
        "the condition is false, so the call passes",
        "the condition is undecided and the call is refused as value-mistyped",
        "an agent could leave a rule by sending a list in place of a text",
    ),
    Difference(
        "a pattern that may take more than linear time with a backtracking matcher",
        "is accepted: RE2 is linear",
        "is refused when the policy loads, although PolicyGuard's own matcher is linear too",
        "the same policy must be safe in every tool that reads it",
    ),
    Difference(
        "a condition on a state counter",
        "holds where no store is configured",
        "is a limit, and is always counted",
        "a guard without its store must not open",
    ),
    Difference(
        "the window of a limit",
        "begins with the calendar's minute, hour or day",
        "slides: never more than max in any stretch of that length",
        "at a boundary twice the limit could pass",
    ),
    Difference(
        "an amount below zero, not finite or missing in increment_from",
        "a negative amount lowers the counter",
        "the call is refused",
        "a budget could be refilled by a call",
    ),
    Difference(
        "a fractional amount",
        "is cut to a whole number",
        "counts in millionths",
        "0.9 must not be free",
    ),
    Difference(
        "giving back after a failed call",
        "subtracts from whatever window is current then",
        "takes back the call's own entry, and only where nothing ran",
        "a call that began to run has had its effect",
    ),
    Difference(
        "unknown keys of a document",
        "are passed over",
        "keep the policy from loading",
        "a misspelled rule must not be silently absent",
    ),
)
"""All deliberate differences, in the order of the documentation."""
