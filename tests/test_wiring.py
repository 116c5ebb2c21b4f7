"""What is done about a Web Server DAT, for everything that can be seen of it."""

from __future__ import annotations

import dataclasses
import itertools

import pytest

from td_extension.wiring import Seen, State, Step, judge

NEW = Seen(
    has_callbacks=True, points_here=False, points_to_another_guard=False, recognised=True, wanted=False, is_kept=False,
    original_exists=False, called=False,
)  # fmt: skip
GUARDED = dataclasses.replace(NEW, points_here=True, recognised=False, is_kept=True, original_exists=True)
REPOINTED = dataclasses.replace(GUARDED, points_here=False)


@pytest.mark.parametrize(
    ("what", "seen", "state", "step"),
    [
        ("a recognised server", NEW, State.GUARDED, Step.HOOK),
        ("an unknown one", dataclasses.replace(NEW, recognised=False), State.UNKNOWN, Step.NOTHING),
        ("an unknown one that is named", dataclasses.replace(NEW, recognised=False, wanted=True), State.GUARDED, Step.HOOK),
        ("one without callbacks", dataclasses.replace(NEW, has_callbacks=False), State.NOT_SERVING, Step.NOTHING),
        ("one of another guard", dataclasses.replace(NEW, points_to_another_guard=True), State.ELSEWHERE, Step.NOTHING),
        ("a guarded one", GUARDED, State.GUARDED, Step.NOTHING),
        ("after a call", dataclasses.replace(GUARDED, called=True), State.GUARDED, Step.NOTHING),
        ("own callbacks deleted", dataclasses.replace(GUARDED, original_exists=False), State.ORPHANED, Step.NOTHING),
        ("re-pointed to a known script", dataclasses.replace(REPOINTED, recognised=True), State.GUARDED, Step.HOOK),
        ("re-pointed to an unknown script", REPOINTED, State.UNKNOWN, Step.FORGET),
        ("pointer lost", dataclasses.replace(REPOINTED, has_callbacks=False), State.GUARDED, Step.RESTORE),
        ("re-pointed by a call", dataclasses.replace(REPOINTED, called=True), State.GUARDED, Step.RESTORE),
    ],
)
def test_each_situation_has_its_answer(what: str, seen: Seen, state: State, step: Step) -> None:
    verdict = judge(seen)
    assert (verdict.state, verdict.step) == (state, step), what


def every_situation() -> list[Seen]:
    return [Seen(*values) for values in itertools.product((False, True), repeat=len(dataclasses.fields(Seen)))]


def test_only_a_change_right_after_a_call_is_tampering() -> None:
    for seen in every_situation():
        tampered = judge(seen).tampered
        assert not tampered or (seen.called and not seen.points_here)


def test_a_guarded_server_is_let_go_only_for_what_is_not_for_this_guard() -> None:
    for seen in every_situation():
        if judge(seen).step is Step.FORGET:
            assert seen.is_kept
            assert not seen.points_here
            assert not (seen.recognised and seen.has_callbacks and not seen.points_to_another_guard)


def test_nothing_is_hooked_that_is_neither_recognised_nor_named() -> None:
    for seen in every_situation():
        if judge(seen).step is Step.HOOK:
            assert seen.has_callbacks
            assert seen.recognised or seen.wanted
            assert not seen.points_to_another_guard
