from __future__ import annotations

from typing import Any

import pytest

from td_headless import Runtime

_EXTENSION = """
class GuardExt:
    def __init__(self, ownerComp):
        self.ownerComp = ownerComp
        self.events = ['init']
        self.Level = 1
    def onInitTD(self):
        self.events.append('ready')
    def onDestroyTD(self):
        self.ownerComp.store('gone', True)
    def Check(self, number):
        return number + 1
    def secret(self):
        return 2
"""


@pytest.fixture
def guard(project: Any) -> Any:
    comp = project.create("baseCOMP", "guard")
    comp.create("textDAT", "GuardExt").text = _EXTENSION
    comp.par.ext0object = "op('./GuardExt').module.GuardExt(me)"
    comp.par.ext0promote = True
    return comp


def test_capitalised_members_are_promoted_and_others_are_not(guard: Any) -> None:
    assert guard.Check(1) == 2
    assert not hasattr(guard, "secret")
    assert guard.ext.GuardExt.secret() == 2
    guard.Level = 5
    assert guard.ext.GuardExt.Level == 5


def test_without_promotion_only_ext_reaches_it(guard: Any) -> None:
    guard.par.ext0promote = False
    assert not hasattr(guard, "Check")
    assert guard.ext.GuardExt.Check(1) == 2


def test_an_extension_is_found_from_inside_and_from_below(guard: Any) -> None:
    inner = guard.create("baseCOMP")
    assert inner.ext.GuardExt.ownerComp is guard
    assert inner.create("noiseTOP").ext.GuardExt.ownerComp is guard


@pytest.mark.parametrize("source", ["me.mod('GuardExt').GuardExt(me)", "me.mod.GuardExt.GuardExt(me)"])
def test_other_ways_to_name_the_extension(guard: Any, source: str) -> None:
    guard.par.ext0object = source
    guard.par.ext0name = "Other"
    assert guard.ext.Other.Check(1) == 2


def test_it_is_made_when_first_used_and_ready_at_the_end_of_the_frame(guard: Any, runtime: Runtime) -> None:
    assert guard.extensionsReady is False
    extension = guard.ext.GuardExt
    assert (guard.extensionsReady, extension.events) == (True, ["init"])
    runtime.step()
    assert extension.events == ["init", "ready"]


def test_a_changed_source_makes_a_new_one_and_tells_the_old(guard: Any) -> None:
    old = guard.ext.GuardExt
    guard.op("GuardExt").text = _EXTENSION.replace("number + 1", "number + 10")
    assert guard.Check(1) == 11
    assert guard.ext.GuardExt is not old
    assert guard.fetch("gone") is True


def test_initialize_extensions_makes_a_new_one(guard: Any) -> None:
    old = guard.ext.GuardExt
    assert guard.initializeExtensions(0) is not old


def test_destroying_the_component_tells_its_extension(guard: Any, project: Any) -> None:
    guard.op("GuardExt").text = _EXTENSION.replace("self.ownerComp.store", "self.ownerComp.parent().store")
    guard.Check(1)
    guard.destroy()
    assert project.fetch("gone") is True


def test_one_that_fails_is_none_and_a_script_error(guard: Any) -> None:
    guard.op("GuardExt").text = "raise ValueError('broken')"
    assert guard.extensions == [None]
    assert "broken" in guard.scriptErrors()
    assert not hasattr(guard, "Check")


def test_its_own_promoted_members_cannot_be_used_while_it_starts(guard: Any) -> None:
    guard.op("GuardExt").text = _EXTENSION.replace("self.Level = 1", "ownerComp.Check(1)")
    assert guard.extensions == [None]
    assert "during its initialization" in guard.scriptErrors()


def test_two_extensions(guard: Any) -> None:
    guard.create(
        "textDAT", "SecondExt"
    ).text = "class SecondExt:\n    def __init__(self, owner): pass\n    def Twice(self, x): return 2 * x"
    guard.seq.ext.numBlocks = 2
    guard.par.ext1object = "op('./SecondExt').module.SecondExt(me)"
    guard.par.ext1promote = True
    assert (guard.Check(1), guard.Twice(4)) == (2, 8)


def test_init_on_start_makes_it_when_the_component_comes_into_being(guard: Any, runtime: Runtime) -> None:
    guard.par.initextonstart = True
    runtime.announce_created(guard)
    assert guard.extensionsReady is True


def test_an_error_in_on_init_is_a_script_error_and_the_show_goes_on(guard: Any, runtime: Runtime) -> None:
    guard.op("GuardExt").text = _EXTENSION.replace("self.events.append('ready')", "raise ValueError('late')")
    guard.Check(1)
    runtime.step()
    assert "late" in guard.scriptErrors()
