"""The hook survives a project's life (DESIGN section 7): each turn of it, one frame later."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from policyguard_cli import component, project
from td_headless import Runtime

SERVER = "/project1/mcp_webserver_base/webserver1"
OWN = "/project1/mcp_webserver_base/mcp_webserver_script"
GUARDS = "/project1/PolicyGuard/callbacks"
KNOWN = 'POLICYGUARD_DIALECT = "touchdesigner-mcp"\n\ndef onHTTPRequest(dat, request, response):\n    return response\n'
UNKNOWN = "def onHTTPRequest(dat, request, response):\n    return response\n"


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[Runtime]:
    """A running project with the guard dropped in, as a .tox is dropped: onCreate fires, onStart does not."""
    runtime = Runtime(folder=tmp_path)
    with runtime.install() as td:
        _, guard = project.build(td.root, port=0, touchdesigner_mcp=None)
        runtime.announce_created(guard)
        frame(runtime)
        yield runtime
        for one in td.root.findChildren(name="PolicyGuard*", type=td.baseCOMP, depth=2):
            one.destroy()
    runtime.close()


def frame(runtime: Runtime) -> None:
    runtime.step()


def at(runtime: Runtime, path: str) -> Any:
    return runtime.td.op(path)


def points_to(runtime: Runtime, server: str = SERVER) -> str | None:
    dat = at(runtime, server).par.callbacks.eval()
    return None if dat is None else str(dat.path)


def state(runtime: Runtime, server: str = SERVER, guard: str = "/project1/PolicyGuard") -> str | None:
    cell = at(runtime, f"{guard}/status")[server, "state"]
    return None if cell is None else str(cell.val)


def events(tmp_path: Path, *kinds: str) -> list[dict[str, Any]]:
    folder = tmp_path / ".policyguard" / "audit"
    lines = [line for file in sorted(folder.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    return [record for record in map(json.loads, lines) if record["event"] in kinds]


def call(runtime: Runtime, server: str = SERVER, script: str = "1") -> dict[str, Any]:
    dat = at(runtime, server)
    request = {"method": "POST", "uri": "/api/td/server/exec", "pars": {}, "data": json.dumps({"script": script})}
    request |= {"clientAddress": "127.0.0.1", "serverAddress": ""}
    request |= {"Host": "127.0.0.1:9981", "Content-Type": "application/json"}
    response = dat.par.callbacks.eval().module.onHTTPRequest(dat, request, {"statusCode": 404, "data": ""})
    envelope: dict[str, Any] = json.loads(response["data"])
    return envelope


def test_a_dropped_guard_guards_what_it_recognises_by_itself(runtime: Runtime, tmp_path: Path) -> None:
    assert points_to(runtime) == GUARDS
    assert state(runtime) == "guarded"
    assert ("guarded", SERVER) in [(e["state"], e["server"]) for e in events(tmp_path, "hook")]


def test_an_unknown_server_is_listed_and_left_alone(runtime: Runtime) -> None:
    comp = at(runtime, "/project1").create("baseCOMP", "other")
    comp.create("textDAT", "script").text = UNKNOWN
    server = comp.create("webserverDAT", "web", initialize=False)
    server.par.callbacks = f"{comp.path}/script"
    at(runtime, "/project1/PolicyGuard").Install()
    assert points_to(runtime, server.path) == f"{comp.path}/script"
    assert state(runtime, server.path) == "not guarded: unknown"


def test_an_unknown_server_that_is_named_is_guarded(runtime: Runtime) -> None:
    comp = at(runtime, "/project1").create("baseCOMP", "other")
    comp.create("textDAT", "script").text = UNKNOWN
    server = comp.create("webserverDAT", "web", initialize=False)
    server.par.callbacks = f"{comp.path}/script"
    at(runtime, "/project1/PolicyGuard").par.Servers = server.path
    frame(runtime)
    at(runtime, "/project1/PolicyGuard").Install()
    assert points_to(runtime, server.path) == GUARDS


def test_a_server_that_is_created_later_is_guarded(runtime: Runtime) -> None:
    comp = at(runtime, "/project1").create("baseCOMP", "later")
    comp.create("textDAT", "script").text = KNOWN
    server = comp.create("webserverDAT", "web", initialize=False)
    server.par.callbacks = f"{comp.path}/script"
    frame(runtime)
    assert points_to(runtime, server.path) == GUARDS
    assert state(runtime, server.path) == "guarded"


def test_callbacks_that_the_artist_points_elsewhere_are_followed_and_guarded(runtime: Runtime) -> None:
    at(runtime, "/project1").create("textDAT", "mine").text = KNOWN
    at(runtime, SERVER).par.callbacks = "/project1/mine"
    frame(runtime)
    assert points_to(runtime) == GUARDS
    assert at(runtime, "/project1/PolicyGuard").par.Originals.eval() == f"{SERVER}>/project1/mine"


def test_callbacks_that_the_artist_points_to_an_unknown_script_are_reported_as_not_guarded(
    runtime: Runtime, tmp_path: Path
) -> None:
    at(runtime, "/project1").create("textDAT", "mine").text = UNKNOWN
    at(runtime, SERVER).par.callbacks = "/project1/mine"
    frame(runtime)
    assert points_to(runtime) == "/project1/mine"
    assert state(runtime) == "not guarded: unknown"
    assert events(tmp_path, "hook")[-1]["state"] == "not guarded: unknown"


def test_a_component_that_touchdesigner_reloads_is_guarded_again(runtime: Runtime) -> None:
    comp = at(runtime, "/project1/mcp_webserver_base")
    text = at(runtime, OWN).text
    for child in list(comp.children):
        if child.valid:  # a server takes its docked DAT with it
            child.destroy()
    comp.create("textDAT", "mcp_webserver_script").text = text
    comp.create("webserverDAT", "webserver1", initialize=False).par.callbacks = OWN
    frame(runtime)
    assert points_to(runtime) == GUARDS
    assert call(runtime)["success"] is True


def test_a_pointer_that_a_guarded_call_undid_is_restored_and_the_guard_locks_down(
    runtime: Runtime, tmp_path: Path
) -> None:
    call(runtime)
    at(runtime, "/project1").create("textDAT", "evil").text = KNOWN
    at(runtime, SERVER).par.callbacks = "/project1/evil"
    frame(runtime)
    assert points_to(runtime) == GUARDS
    assert at(runtime, "/project1/PolicyGuard").par.Mode.eval() == "lockdown"
    assert events(tmp_path, "tamper")[0]["pointed_to"] == "/project1/evil"
    assert "Code lockdown" in call(runtime)["error"]


def test_without_its_own_callbacks_a_server_refuses_and_says_so(runtime: Runtime) -> None:
    at(runtime, OWN).destroy()
    frame(runtime)
    assert call(runtime)["error"].startswith("GUARD_DOWN: ")
    assert state(runtime) == "guarded, but its own callbacks DAT is gone: every call is refused"


def test_a_deleted_server_is_forgotten(runtime: Runtime, tmp_path: Path) -> None:
    at(runtime, SERVER).destroy()
    frame(runtime)
    assert at(runtime, "/project1/PolicyGuard").par.Originals.eval() == ""
    assert state(runtime) is None
    assert events(tmp_path, "hook")[-1] | {"server": SERVER, "state": "gone"} == events(tmp_path, "hook")[-1]


@pytest.mark.parametrize("path", ["/project1/mcp_webserver_base", SERVER, OWN])
def test_a_renamed_part_of_a_server_stays_guarded(runtime: Runtime, path: str) -> None:
    at(runtime, path).name = "renamed"
    frame(runtime)
    guard = at(runtime, "/project1/PolicyGuard")
    [pair] = guard.par.Originals.eval().split()
    server, _, callbacks = pair.partition(">")
    assert points_to(runtime, server) == GUARDS
    assert at(runtime, callbacks) is not None
    assert call(runtime, server)["success"] is True


def test_a_second_guard_stays_passive_and_says_so(runtime: Runtime) -> None:
    second = component.build(at(runtime, "/project1"), "PolicyGuard2")
    runtime.announce_created(second)
    frame(runtime)
    frame(runtime)
    assert points_to(runtime) == GUARDS
    assert state(runtime, SERVER, second.path) == "guarded by another PolicyGuard"
    assert second.par.Originals.eval() == ""
    assert call(runtime)["success"] is True


def test_the_second_takes_over_once_the_first_is_uninstalled(runtime: Runtime) -> None:
    second = component.build(at(runtime, "/project1"), "PolicyGuard2")
    runtime.announce_created(second)
    frame(runtime)
    at(runtime, "/project1/PolicyGuard").Uninstall()
    frame(runtime)
    assert points_to(runtime) == f"{second.path}/callbacks"


def test_an_uninstalled_guard_stays_out_of_the_way(runtime: Runtime, tmp_path: Path) -> None:
    at(runtime, "/project1/PolicyGuard").Uninstall()
    frame(runtime)
    assert points_to(runtime) == OWN
    assert [event["state"] for event in events(tmp_path, "hook")][-1] == "released"
    at(runtime, "/project1/PolicyGuard").Install()
    assert points_to(runtime) == GUARDS


EVENTS = [
    ("onServerStart", ()), ("onServerStop", ()),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments"), EVENTS, ids=[name for name, _ in EVENTS])
def test_the_servers_own_life_reaches_its_own_callbacks(runtime: Runtime, name: str, arguments: tuple[object, ...]) -> None:
    own = at(runtime, OWN)
    own.text += f"\n\nseen = []\n\ndef {name}(*arguments):\n    seen.append(arguments[1:])\n"
    dat = at(runtime, SERVER)
    getattr(at(runtime, GUARDS).module, name)(dat, *arguments)
    assert own.module.seen == [arguments]


@pytest.mark.parametrize("kind", ["Open", "ReceiveText", "ReceiveBinary", "ReceivePing", "ReceivePong"])
def test_nothing_of_a_websocket_is_passed_on(runtime: Runtime, tmp_path: Path, kind: str) -> None:
    closed: list[str] = []

    class Server:
        path = SERVER
        webSocketConnections = ("127.0.0.1:5",)

        def webSocketClose(self, client: str) -> None:
            closed.append(client)

    at(runtime, OWN).text += f"\n\ndef onWebSocket{kind}(*arguments):\n    raise AssertionError('passed on')\n"
    getattr(at(runtime, GUARDS).module, f"onWebSocket{kind}")(Server(), "127.0.0.1:5", b"x")
    assert closed == ["127.0.0.1:5"]
    assert events(tmp_path, "websocket")[0]["outcome"] == "deny"


def test_looking_after_the_wiring_of_ten_servers_costs_a_small_part_of_a_frame(runtime: Runtime) -> None:
    import time

    for number in range(9):
        comp = at(runtime, "/project1").create("baseCOMP", f"s{number}")
        comp.create("textDAT", "script").text = KNOWN
        comp.create("webserverDAT", "web", initialize=False).par.callbacks = f"{comp.path}/script"
    guard = at(runtime, "/project1/PolicyGuard")
    look: Callable[[], None] = guard.ext.PolicyGuardExt.OnFrame
    guard.Install()
    best = min(_timed(look, time.perf_counter) for _ in range(50))
    assert best < 0.002


def _timed(act: Callable[[], None], clock: Callable[[], float]) -> float:
    started = clock()
    act()
    return clock() - started


def test_what_a_servers_callbacks_may_import_is_spared_as_they_are(runtime: Runtime) -> None:
    comp = at(runtime, "/project1/mcp_webserver_base")
    comp.create("textDAT", "import_modules").text = "x = 1"
    at(runtime, "/project1/PolicyGuard").Uninstall()
    at(runtime, "/project1/PolicyGuard").Install()
    told = call(runtime, script="op('/project1/mcp_webserver_base/import_modules').text = 'plain words'")
    assert "touches PolicyGuard or the server it guards" in told["error"]
    assert at(runtime, "/project1/mcp_webserver_base/import_modules").text == "x = 1"
