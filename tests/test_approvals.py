"""Approvals: for one very call, used once, never re-armed."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from td_extension.approvals import Approvals, QueueFull, call_digest
from td_extension.values import Capability, Json, ToolCall


def counted() -> Approvals:
    ids: Iterator[int] = iter(range(10**6))
    return Approvals(lambda: f"{next(ids):08x}")


def test_an_approved_call_passes_exactly_once() -> None:
    approvals = counted()
    asked = approvals.request("d", "delete", 0.0)
    assert approvals.take("d", 1.0) is None
    assert approvals.approve(asked.id, 2.0)
    assert [approvals.take("d", 3.0) is not None for _ in range(2)] == [True, False]


def test_a_denied_call_does_not_pass() -> None:
    approvals = counted()
    asked = approvals.request("d", "delete", 0.0)
    assert approvals.deny(asked.id, 1.0)
    assert approvals.take("d", 2.0) is None


def test_an_approval_lets_no_other_call_pass() -> None:
    approvals = counted()
    approvals.approve(approvals.request("d", "delete", 0.0).id, 1.0)
    assert approvals.take("e", 2.0) is None
    assert approvals.take("d", 2.0) is not None


def test_the_same_call_is_asked_about_once_while_it_waits() -> None:
    approvals = counted()
    first = approvals.request("d", "delete", 0.0)
    assert approvals.request("d", "another text", 5.0) == first
    approvals.approve(first.id, 6.0)
    assert approvals.request("d", "delete", 7.0) == first
    assert approvals.pending(7.0) == ()


@pytest.mark.parametrize("answered", [False, True])
def test_a_call_expires_after_600_seconds_approved_or_not(answered: bool) -> None:
    approvals = counted()
    asked = approvals.request("d", "delete", 0.0)
    if answered:
        assert approvals.approve(asked.id, 599.9)
    assert not approvals.approve(asked.id, 600.0)
    assert approvals.take("d", 600.0) is None


def test_an_approved_call_passes_until_just_before_it_expires() -> None:
    approvals = counted()
    approvals.approve(approvals.request("d", "delete", 0.0).id, 1.0)
    assert approvals.take("d", 599.9) is not None


def test_a_clock_that_steps_back_revives_nothing() -> None:
    approvals = counted()
    asked = approvals.request("d", "delete", 0.0)
    assert approvals.pending(700.0) == ()
    assert not approvals.approve(asked.id, 1.0)
    assert approvals.request("e", "delete", 1.0).expires_s == 1300.0


@pytest.mark.parametrize("end", ["taken", "denied", "expired"])
def test_an_id_that_was_answered_or_expired_is_never_re_armed(end: str) -> None:
    approvals = counted()
    asked = approvals.request("d", "delete", 0.0)
    now_s = 1.0
    if end == "taken":
        approvals.approve(asked.id, now_s)
        approvals.take("d", now_s)
    elif end == "denied":
        approvals.deny(asked.id, now_s)
    else:
        now_s = 601.0
    assert not approvals.approve(asked.id, now_s)
    assert not approvals.deny(asked.id, now_s)
    again = approvals.request("d", "delete", now_s)
    assert again.id != asked.id
    assert not approvals.approve(asked.id, now_s)
    assert approvals.take("d", now_s) is None


def test_an_approved_call_cannot_be_denied_or_approved_again() -> None:
    approvals = counted()
    asked = approvals.request("d", "delete", 0.0)
    assert approvals.approve(asked.id, 1.0)
    assert not approvals.approve(asked.id, 1.0)
    assert not approvals.deny(asked.id, 1.0)
    assert approvals.take("d", 1.0) is not None


def test_a_hundred_calls_wait_and_no_further_one_pushes_them_out() -> None:
    approvals = counted()
    first = [approvals.request(f"d{index}", "delete", 0.0).id for index in range(100)]
    with pytest.raises(QueueFull):
        approvals.request("one more", "delete", 0.0)
    assert [waiting.id for waiting in approvals.pending(1.0)] == first
    approvals.deny(first[0], 1.0)
    assert approvals.request("one more", "delete", 1.0)


def test_an_approved_call_still_takes_a_place() -> None:
    approvals = counted()
    for index in range(100):
        approvals.approve(approvals.request(f"d{index}", "delete", 0.0).id, 0.0)
    with pytest.raises(QueueFull):
        approvals.request("one more", "delete", 0.0)


def test_an_id_can_be_typed_in_capitals_with_spaces_around() -> None:
    approvals = Approvals(lambda: "a1b2")
    approvals.request("d", "delete", 0.0)
    assert approvals.approve(" A1B2 ", 1.0)


def test_an_id_is_not_given_again_while_it_could_be_mistaken() -> None:
    ids = iter(["a1b2", "a1b2", "c3d4", "a1b2", "c3d4", "e5f6"])
    approvals = Approvals(lambda: next(ids))
    assert approvals.request("d", "delete", 0.0).id == "a1b2"
    approvals.deny("a1b2", 1.0)
    assert approvals.request("e", "delete", 1.0).id == "c3d4"
    assert approvals.request("f", "delete", 1.0).id == "e5f6"


def test_without_a_free_id_the_call_is_refused() -> None:
    approvals = Approvals(lambda: "a1b2")
    approvals.request("d", "delete", 0.0)
    with pytest.raises(QueueFull, match="no free id"):
        approvals.request("e", "delete", 0.0)


def test_ids_drawn_by_themselves_are_4_to_8_hexadecimal_digits() -> None:
    id = Approvals().request("d", "delete", 0.0).id
    assert 4 <= len(id) <= 8
    assert set(id) <= set("0123456789abcdef")


def test_the_summary_is_one_visible_line_of_200_characters() -> None:
    shown = counted().request("d", "delete\n\u202e" + "x" * 500, 0.0).summary
    assert shown.startswith("delete xxx")
    assert len(shown) == 200


@pytest.mark.parametrize("now_s", [math.nan, math.inf])
def test_a_clock_that_is_not_finite_is_an_error(now_s: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        counted().request("d", "delete", now_s)


def test_an_approval_carries_what_the_person_was_asked_for() -> None:
    approvals = counted()
    uses = frozenset({Capability.TD_DELETE})
    approvals.approve(approvals.request("d", "delete", 0.0, uses).id, 1.0)
    taken = approvals.take("d", 2.0)
    assert taken is not None
    assert taken.uses == uses
    assert approvals.take("d", 2.0) is None


@pytest.mark.parametrize("answered", [False, True])
def test_who_asks_for_more_asks_anew_and_the_earlier_question_counts_no_more(answered: bool) -> None:
    approvals = counted()
    few, more = frozenset({Capability.TD_DELETE}), frozenset({Capability.TD_DELETE, Capability.TD_CODE})
    first = approvals.request("d", "delete", 0.0, few)
    if answered:
        approvals.approve(first.id, 1.0)
    second = approvals.request("d", "delete and code", 1.0, more)
    assert second.id != first.id
    assert not approvals.approve(first.id, 1.0)
    assert approvals.take("d", 1.0) is None
    assert approvals.request("d", "delete", 1.0, few) == second


# -- what an approval is bound to --------------------------------------------------------------------------------------

CALL = ToolCall("delete_td_node", {"nodePath": "/a", "more": {"x": [1, 2], "y": None}})


def test_the_digest_does_not_depend_on_the_order_of_arguments() -> None:
    turned = ToolCall("delete_td_node", {"more": {"y": None, "x": [1, 2]}, "nodePath": "/a"})
    assert call_digest(CALL, grant="g", policy_digest="p") == call_digest(turned, grant="g", policy_digest="p")


@pytest.mark.parametrize(
    ("call", "grant", "policy_digest"),
    [
        (ToolCall("create_td_node", CALL.args), "g", "p"),
        (ToolCall("delete_td_node", {"nodePath": "/b"}), "g", "p"),
        (ToolCall("delete_td_node", {**CALL.args, "more": {"x": [2, 1], "y": None}}), "g", "p"),
        (ToolCall("delete_td_node", {**CALL.args, "more": {"x": [True, 2], "y": None}}), "g", "p"),
        (ToolCall("delete_td_node", CALL.args, code="pass"), "g", "p"),
        (CALL, "h", "p"),
        (CALL, "g", "q"),
    ],
)
def test_the_digest_changes_with_everything_that_is_bound(call: ToolCall, grant: str, policy_digest: str) -> None:
    bound = call_digest(CALL, grant="g", policy_digest="p")
    assert call_digest(call, grant=grant, policy_digest=policy_digest) != bound


@pytest.mark.parametrize("value", [math.nan, math.inf, object(), {1, 2}])
def test_arguments_that_are_not_json_have_no_digest(value: Json) -> None:
    with pytest.raises(ValueError, match=r"JSON|float"):
        call_digest(ToolCall("t", {"a": value}), grant="g", policy_digest="p")


@given(st.dictionaries(st.text(), st.none() | st.text() | st.integers()), st.text())
def test_every_call_has_a_digest(args: dict[str, Json], grant: str) -> None:
    assert len(call_digest(ToolCall("t", args), grant=grant, policy_digest="p")) == 64


# -- any order of requests and answers ---------------------------------------------------------------------------------

CALLS = st.sampled_from(["a", "b", "c"])


class ApprovalStates(RuleBasedStateMachine):
    """Compares `Approvals` with the plainest account of what each request has come to."""

    def __init__(self) -> None:
        super().__init__()
        self.approvals = counted()
        self.now_s = 0.0
        self.state: dict[str, str] = {}
        self.digest_of: dict[str, str] = {}
        self.asked_s: dict[str, float] = {}

    def alive(self, digest: str, *states: str) -> list[str]:
        return [id for id, own in self.digest_of.items() if own == digest and self.state[id] in states]

    @rule(seconds=st.sampled_from([1.0, 200.0, 600.0, -300.0]))
    def wait(self, seconds: float) -> None:
        self.now_s = max(self.now_s, self.now_s + seconds)
        for id, asked_s in self.asked_s.items():
            if self.state[id] in ("pending", "approved") and asked_s + 600.0 <= self.now_s:
                self.state[id] = "expired"

    @rule(digest=CALLS)
    def request(self, digest: str) -> None:
        known = self.alive(digest, "pending", "approved")
        asked = self.approvals.request(digest, "a call", self.now_s)
        if known:
            assert [asked.id] == known
        else:
            assert asked.id not in self.state
            self.state[asked.id], self.digest_of[asked.id], self.asked_s[asked.id] = "pending", digest, self.now_s

    @precondition(lambda self: bool(self.state))
    @rule(data=st.data(), answer=st.sampled_from(["approved", "denied"]))
    def answer(self, data: st.DataObject, answer: str) -> None:
        id = data.draw(st.sampled_from(sorted(self.state)))
        say = self.approvals.approve if answer == "approved" else self.approvals.deny
        counts = self.state[id] == "pending"
        assert say(id, self.now_s) == counts
        if counts:
            self.state[id] = answer

    @rule(digest=CALLS)
    def take(self, digest: str) -> None:
        approved = self.alive(digest, "approved")
        assert (self.approvals.take(digest, self.now_s) is not None) == bool(approved)
        for id in approved:
            self.state[id] = "taken"

    @invariant()
    def those_that_wait_are_shown(self) -> None:
        waiting = {one.id for one in self.approvals.pending(self.now_s)}
        assert waiting == {id for id, state in self.state.items() if state == "pending"}


TestApprovalStates = ApprovalStates.TestCase
