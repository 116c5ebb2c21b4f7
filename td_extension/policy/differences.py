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
        "a value that the operator cannot compare, in deny_if or in an approval's conditions",
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
        "a counter that is compared otherwise than by lte or lt, or in another rule than its own",
        "is compared with what was counted so far",
        "is refused when the policy loads",
        "a limit is reserved in one step; what is compared before may be past when it counts",
    ),
    Difference(
        "whose calls count together",
        "all callers of the tool",
        "state: all callers of the tool; rate_limit: each grant by itself",
        "one agent must not use up what another was promised; the hosted form counts by grant too",
    ),
    Difference(
        "a limit of more than 10,000 calls",
        "is accepted",
        "is refused when the policy loads; amounts go up to 1e12",
        "every call in the window is remembered, so that none is counted wrong",
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
    Difference(
        "a rule without a name",
        "is refused",
        "is accepted",
        "the rules that PolicyLayer publishes have none; what decided is named by its place",
    ),
    Difference(
        "approvals, approval_timeout and spend",
        "notify by webhook, time out, tie a rule to payments",
        "keep the policy from loading",
        "a policy is never applied in part; approvals are given in TouchDesigner only",
    ),
    Difference(
        "a rule for get_td_info",
        "applies",
        "has no effect, and a warning says so",
        "touchdesigner-mcp asks it before every session and gives up on all tools without it",
    ),
)
"""All deliberate differences, in the order of the documentation."""


def as_markdown() -> str:
    """The differences as a table of the documentation."""
    head = "| what | Intercept | PolicyGuard | why |\n| --- | --- | --- | --- |\n"
    return head + "".join(f"| {one.what} | {one.intercept} | {one.policyguard} | {one.why} |\n" for one in DIFFERENCES)
