"""The component's life in a project: nothing of it leaves a server silently unguarded, or dead."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from td_headless import Runtime
from td_headless.copying import copy_into
from td_headless.expanded import load_expanded
from tests.component.conftest import remove_guards
from tests.component.sample import (
    GUARD,
    GUARDS,
    OWN,
    SERVER,
    call,
    drop,
    is_guarded,
    is_unguarded,
    new_project,
    points_to,
    reopened,
)


def state(guard: Any, server: str = SERVER) -> str | None:
    cell = guard.op("status")[server, "state"]
    return None if cell is None else str(cell.val)


@pytest.fixture
def again(runtime: Runtime, guard: Any, tmp_path: Path) -> Iterator[Runtime]:
    """The project, guarded, saved and opened again; it has started, and no frame has passed."""
    call(runtime)
    opened = reopened(runtime, tmp_path)
    guard.destroy()
    with opened.install() as td:
        opened.start_project()
        yield opened
        remove_guards(td)
    opened.close()


# -- dropped, saved, opened ----------------------------------------------------------------------------------------


def test_dropped_it_guards_by_itself(runtime: Runtime, guard: Any) -> None:
    assert points_to(runtime) == GUARDS
    assert is_guarded(runtime)


def test_its_modules_come_from_its_text_dats(runtime: Runtime, guard: Any) -> None:
    import sys

    module = sys.modules[f"policyguard_{guard.id}.gate"]
    assert module.__spec__ is not None
    assert module.__spec__.origin is None
    assert not hasattr(module, "__file__")


def test_opened_again_it_guards_from_the_start(again: Runtime) -> None:
    assert points_to(again) == GUARDS
    assert is_guarded(again)


def test_opened_again_the_server_refuses_before_the_guard_is_up(
    runtime: Runtime, guard: Any, tmp_path: Path
) -> None:
    opened = reopened(runtime, tmp_path)
    guard.destroy()
    with opened.install() as td:
        td.op(f"{GUARD}/PolicyGuardExt").text = "raise ImportError('gone')"
        assert call(opened)["error"].startswith("GUARD_DOWN: ")
        remove_guards(td)
    opened.close()


def test_opened_where_touchdesigner_does_not_start_extensions_it_guards_from_the_first_frame(
    runtime: Runtime, guard: Any, tmp_path: Path
) -> None:
    """As in a TouchEngine, which never calls `onStart`."""
    opened = reopened(runtime, tmp_path)
    guard.destroy()
    with opened.install() as td:
        td.op(GUARD).par.initextonstart = False
        opened.step()
        assert is_guarded(opened)
        remove_guards(td)
    opened.close()


# -- renamed, moved ------------------------------------------------------------------------------------------------


def test_renamed_it_guards_on(runtime: Runtime, guard: Any) -> None:
    call(runtime)
    guard.name = "Other"
    runtime.step()
    assert points_to(runtime) == "/project1/Other/callbacks"
    assert guard.par.Mode.eval() == "enforce"
    assert is_guarded(runtime)


def test_moved_into_another_component_it_guards_on(runtime: Runtime, guard: Any) -> None:
    """Cut and paste: the copy is another operator, and the first one is deleted."""
    box = runtime.td.root.create("baseCOMP", "box")
    moved = box.copy(guard)
    guard.destroy()
    runtime.announce_created(moved)
    for _ in range(3):
        runtime.step()
    assert points_to(runtime) == "/box/PolicyGuard/callbacks"
    assert is_guarded(runtime)


def test_a_renamed_parent_takes_it_along(runtime: Runtime, guard: Any) -> None:
    call(runtime)
    runtime.td.op("/project1").name = "show"
    runtime.step()
    assert points_to(runtime, "/show/mcp_webserver_base/webserver1") == "/show/PolicyGuard/callbacks"
    assert guard.par.Mode.eval() == "enforce"
    assert is_guarded(runtime, "/show/mcp_webserver_base/webserver1")


# -- duplicated ----------------------------------------------------------------------------------------------------


def test_a_duplicate_stays_passive_and_says_so(runtime: Runtime, guard: Any) -> None:
    second = runtime.td.op("/project1").copy(guard)
    runtime.announce_created(second)
    for _ in range(3):
        runtime.step()
    assert points_to(runtime) == GUARDS
    assert second.comment == "passive: another PolicyGuard guards this project"
    assert second.par.Status.eval().startswith(second.comment)
    assert second.par.Originals.eval() == ""
    assert state(second) == "guarded by another PolicyGuard"
    assert runtime.td.op.PolicyGuard is guard
    assert second.par.opshortcut.eval() == ""
    assert is_guarded(runtime)


def test_a_duplicate_that_is_deleted_changes_nothing(runtime: Runtime, guard: Any) -> None:
    second = runtime.td.op("/project1").copy(guard)
    runtime.announce_created(second)
    runtime.step()
    second.destroy()
    runtime.step()
    runtime.step()
    assert points_to(runtime) == GUARDS
    assert is_guarded(runtime)


def test_a_duplicate_takes_over_when_the_first_is_deleted(runtime: Runtime, guard: Any) -> None:
    second = runtime.td.op("/project1").copy(guard)
    runtime.announce_created(second)
    runtime.step()
    guard.destroy()
    runtime.step()
    # Where a search has taken long, as on a machine that is busy otherwise, the next one is later.
    until = time.monotonic() + 10
    while not is_guarded(runtime) and time.monotonic() < until:
        runtime.step()
    assert points_to(runtime) == f"{second.path}/callbacks"
    runtime.step()
    assert second.par.opshortcut.eval() == "PolicyGuard"
    assert is_guarded(runtime)


def test_a_duplicated_server_is_guarded_with_its_own_callbacks(runtime: Runtime, guard: Any) -> None:
    server = runtime.td.op("/project1").copy(runtime.td.op("/project1/mcp_webserver_base"), name="second")
    assert is_guarded(runtime, f"{server.path}/webserver1")
    until = time.monotonic() + 10
    pair = f"{server.path}/webserver1>{server.path}/mcp_webserver_script"
    while pair not in guard.par.Originals.eval().split() and time.monotonic() < until:
        runtime.step()  # a machine that is busy looks for new servers less often
    assert pair in guard.par.Originals.eval().split()
    assert state(guard, f"{server.path}/webserver1") == "guarded"


# -- bypassed, not cooking -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("flag", "value"), [("bypass", True), ("allowCooking", False)])
def test_bypassed_or_not_cooking_it_guards_on(runtime: Runtime, guard: Any, flag: str, value: bool) -> None:
    setattr(guard, flag, value)
    runtime.step()
    assert points_to(runtime) == GUARDS
    assert is_guarded(runtime)


def test_with_its_execute_dat_off_it_still_decides(runtime: Runtime, guard: Any) -> None:
    guard.op("frame_callbacks").par.active = False
    runtime.step()
    assert is_guarded(runtime)


# -- deleted -------------------------------------------------------------------------------------------------------


def test_deleted_it_gives_the_servers_their_own_callbacks_back(runtime: Runtime, guard: Any) -> None:
    guard.destroy()
    runtime.step()
    assert points_to(runtime) == OWN
    assert runtime.td.op(SERVER).storage == {}
    assert is_unguarded(runtime)


def test_made_anew_the_extension_leaves_no_gap(runtime: Runtime, guard: Any) -> None:
    for _ in range(3):
        guard.initializeExtensions()
        assert points_to(runtime) == GUARDS
        runtime.step()
        assert points_to(runtime) == GUARDS


def test_an_extension_that_breaks_refuses_and_says_so(runtime: Runtime, guard: Any) -> None:
    guard.op("PolicyGuardExt").text = "raise ImportError('gone')"
    runtime.step()
    assert points_to(runtime) == GUARDS
    assert call(runtime)["error"].startswith("GUARD_DOWN: ")
    assert guard.comment.startswith("broken: ")
    assert guard.color == (0.8, 0.1, 0.1)


# -- saved without the guard ---------------------------------------------------------------------------------------


def test_a_server_that_was_saved_alone_is_guarded_where_another_guard_is(
    runtime: Runtime, guard: Any, contents: Path, tmp_path: Path
) -> None:
    """Its callbacks point to a guard that is not there: it does not stay dead."""
    other = Runtime(folder=tmp_path)
    copy_into(other.root, runtime.td.op("/project1/mcp_webserver_base"), "server")
    guard.destroy()
    with other.install() as td:
        load_expanded(td.root, contents)
        other.step()
        assert points_to(other, "/server/webserver1") == "/PolicyGuard/callbacks"
        assert is_guarded(other, "/server/webserver1")
        td.op("/PolicyGuard").Uninstall()
        assert points_to(other, "/server/webserver1") == "/server/mcp_webserver_script"
        remove_guards(td)
    other.close()


def test_a_project_that_was_saved_after_uninstall_opens_unguarded_and_whole(
    runtime: Runtime, guard: Any, tmp_path: Path
) -> None:
    guard.Uninstall()
    opened = reopened(runtime, tmp_path)
    guard.destroy()
    with opened.install() as td:
        opened.start_project()
        opened.step()
        assert points_to(opened) == OWN
        assert is_unguarded(opened)
        remove_guards(td)
    opened.close()


def test_a_project_without_a_server_has_nothing_to_say(contents: Path, tmp_path: Path) -> None:
    runtime = new_project(tmp_path)
    with runtime.install() as td:
        td.op(SERVER).destroy()
        guard = drop(runtime, contents)
        assert guard.comment == "enforcing: 0 servers guarded"
        remove_guards(td)
    runtime.close()


def test_what_a_script_stores_on_a_server_makes_no_text_into_its_callbacks(runtime: Runtime, guard: Any) -> None:
    comp = runtime.td.op("/project1").create("baseCOMP", "other")
    comp.create("textDAT", "evil").text = "def onHTTPRequest(dat, request, response):\n    return response\n"
    server = comp.create("webserverDAT", "web", initialize=False)
    server.par.callbacks = ""
    server.store("policyguard_callbacks", "evil")
    for _ in range(2):
        runtime.step()
    assert server.par.callbacks.val == ""
    assert state(guard, server.path) == "not guarded: it has no callbacks"


# -- given up ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["enforce", "monitor", "lockdown"])
def test_enable_is_honoured_in_every_mode(runtime: Runtime, guard: Any, mode: str) -> None:
    guard.par.Mode = mode
    guard.par.Enable = False
    runtime.step()
    assert points_to(runtime) == OWN
    guard.par.Enable = True
    runtime.step()
    assert points_to(runtime) == GUARDS


def test_enable_is_honoured_where_nobody_tells_the_guard_of_it(runtime: Runtime, guard: Any) -> None:
    guard.op("parameter_callbacks").par.active = False
    guard.par.Enable = False
    runtime.step()
    assert points_to(runtime) == OWN


@pytest.mark.parametrize("part", ["PolicyGuardExt", "embedded", "source/gate", "source/td_hook"])
def test_enable_and_uninstall_are_honoured_where_the_guard_does_not_load(
    runtime: Runtime, guard: Any, part: str
) -> None:
    guard.op(part).text = "raise ImportError('gone')"
    guard.initializeExtensions()
    runtime.step()
    assert points_to(runtime) == GUARDS
    guard.par.Uninstall.pulse()
    runtime.step()
    assert points_to(runtime) == OWN
    assert guard.par.Enable.eval() is False


def test_enable_is_honoured_where_the_guard_does_not_load(runtime: Runtime, guard: Any) -> None:
    guard.op("source/gate").text = "raise ImportError('gone')"
    guard.initializeExtensions()
    guard.par.Enable = False
    runtime.step()
    assert points_to(runtime) == OWN


def test_uninstall_frees_also_a_server_whose_own_callbacks_are_gone(runtime: Runtime, guard: Any) -> None:
    runtime.td.op(OWN).destroy()
    runtime.step()
    assert state(guard) == "guarded, but its own callbacks DAT is gone: every call is refused"
    guard.par.Uninstall.pulse()
    runtime.step()
    assert points_to(runtime) is None
    assert str(runtime.td.op(SERVER).par.callbacks.val) == OWN


def test_renamed_and_uninstalled_in_one_frame_it_lets_go(runtime: Runtime, guard: Any) -> None:
    guard.name = "Other"
    guard.Uninstall()
    assert points_to(runtime) == OWN


# -- the audit of it -----------------------------------------------------------------------------------------------


def test_the_audit_stays_whole_through_all_of_it(runtime: Runtime, guard: Any, tmp_path: Path) -> None:
    from td_extension.audit_verify import verify

    second = runtime.td.op("/project1").copy(guard)
    runtime.announce_created(second)
    call(runtime)
    guard.initializeExtensions()
    call(runtime)
    second.destroy()
    guard.destroy()
    runtime.step()
    report = verify(tmp_path / ".policyguard" / "audit")
    assert report.problems == ()
    lines = [line for file in (tmp_path / ".policyguard/audit").glob("*.jsonl") for line in file.read_text().splitlines()]
    assert [json.loads(line)["outcome"] for line in lines if json.loads(line)["event"] == "decision"] == ["allow"] * 2
