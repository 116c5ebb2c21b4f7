"""Whatever happens inside a containment, the guard goes on."""

from __future__ import annotations

import pytest

from td_extension.containment import Broken, Done, contained


class Undo:
    def __init__(self) -> None:
        self.blocks: list[str] = []

    def start_undo_block(self, name: str) -> None:
        self.blocks.append(name)

    def end_undo_block(self) -> None:
        self.blocks.append("end")


def test_what_is_done_stands_in_one_undo_block_named_by_the_decision() -> None:
    undo = Undo()
    assert contained(lambda: 7, undo=undo, decision_id="7f3a") == Done(7)
    assert undo.blocks == ["PolicyGuard 7f3a", "end"]


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(3), KeyboardInterrupt(), RecursionError(), GeneratorExit()])
def test_every_exception_is_contained_and_the_undo_block_is_closed(error: BaseException) -> None:
    def act() -> None:
        raise error

    undo = Undo()
    ended = contained(act, undo=undo, decision_id="7f3a")
    assert isinstance(ended, Broken)
    assert ended.error.startswith(type(error).__name__)
    assert undo.blocks[-1] == "end"


def test_an_exception_whose_message_cannot_be_told_is_contained() -> None:
    class Mute(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    def act() -> None:
        raise Mute

    assert contained(act, undo=Undo(), decision_id="1") == Broken("Mute")
