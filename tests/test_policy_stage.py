"""What the policy says about whole calls: conditions, node scopes, amounts, the show, grants, and who must wait."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from policyguard_cli import project
from td_extension.backoff import FREE
from td_headless import Runtime

Call = Callable[..., dict[str, Any]]


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[Runtime]:
    runtime = Runtime(folder=tmp_path)
    with runtime.install():
        yield runtime
    runtime.close()


@pytest.fixture
def guard(runtime: Runtime, tmp_path: Path) -> Iterator[Any]:
    """The component, installed, with its audit in a folder of the test."""
    import td

    _, component = project.build(td.root, port=0, touchdesigner_mcp=None)
    component.par.Folder = str(tmp_path / "audit")
    component.Install()
    yield component
    if component.valid:
        component.destroy()


@pytest.fixture
def call(guard: Any) -> Call:
    """One call through the server's callbacks."""

    def handle(method: str, uri: str, data: object = None, pars: object = None, **headers: str) -> dict[str, Any]:
        server = guard.parent().op("mcp_webserver_base/webserver1")
        request = {
            "method": method, "uri": uri, "pars": pars or {}, "data": "" if data is None else json.dumps(data),
            "clientAddress": "127.0.0.1", "serverAddress": "", "Host": "127.0.0.1:9981", "Content-Type": "application/json",
            **headers,
        }  # fmt: skip
        reply = server.par.callbacks.eval().module.onHTTPRequest(server, request, {"statusCode": 404, "data": ""})
        envelope: dict[str, Any] = json.loads(reply["data"])
        return envelope

    return handle


@pytest.fixture
def script(call: Call) -> Callable[..., dict[str, Any]]:
    return lambda text, **headers: call("POST", "/api/td/server/exec", {"script": text}, **headers)


def use(guard: Any, folder: Path, **document: object) -> None:
    """Put a policy in force."""
    file = folder / "policy.json"
    file.write_text(json.dumps({"version": "1", **document}), encoding="utf-8")
    guard.par.Source, guard.par.File = "file", str(file)
    assert guard.ReloadPolicy(), [str(problem) for problem in guard.ext.PolicyGuardExt._policies.problems]


def code_of(envelope: dict[str, Any]) -> str:
    """The stable code that a refusal names; empty for what was let through."""
    return "" if envelope["success"] else str(envelope["error"]).partition("Code ")[2].partition(".")[0]


def records(guard: Any) -> list[dict[str, Any]]:
    files = sorted(Path(guard.par.Folder.eval()).glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def grant(folder: Path, **grants: dict[str, str]) -> None:
    """Write the file of the grants; each one's secret is its name."""
    state = folder / ".policyguard"
    state.mkdir(exist_ok=True)
    entries = {name: {"sha256": hashlib.sha256(name.encode()).hexdigest(), **more} for name, more in grants.items()}
    (state / "grants.json").write_text(json.dumps({"version": 1, "grants": entries}), encoding="utf-8")


def key(name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {name}"}


EVERYTHING = {"default": "allow"}


# -- who must wait -------------------------------------------------------------------------------------------------


def test_a_caller_that_is_refused_again_and_again_waits(call: Call) -> None:
    codes = [code_of(call("DELETE", "/api/nodes", pars={"nodePath": "/project1/x"})) for _ in range(FREE + 2)]
    assert codes == ["tool-denied"] * (FREE + 1) + ["back-off"]
    assert "retry in 1 s" in call("GET", "/api/td/classes")["error"]
    assert call("GET", "/api/td/server/td")["success"] is True


def test_a_call_that_passes_makes_the_refusals_forgotten(call: Call) -> None:
    for _ in range(2):
        for _ in range(FREE - 1):
            call("DELETE", "/api/nodes", pars={"nodePath": "/project1/x"})
        assert call("GET", "/api/td/classes")["success"] is True


def test_garbage_makes_a_caller_wait_too(call: Call) -> None:
    codes = [code_of(call("POST", "/api/td/server/exec", {"scripts": "x"})) for _ in range(FREE + 2)]
    assert codes[-1] == "back-off"


def test_another_policy_lets_everybody_begin_anew(guard: Any, call: Call, tmp_path: Path) -> None:
    for _ in range(FREE + 1):
        call("DELETE", "/api/nodes", pars={"nodePath": "/project1/x"})
    assert code_of(call("GET", "/api/td/classes")) == "back-off"
    use(guard, tmp_path, **EVERYTHING)
    assert call("GET", "/api/td/classes")["success"] is True


def test_one_grants_refusals_do_not_make_another_wait(guard: Any, call: Call, tmp_path: Path) -> None:
    grant(tmp_path, anna={}, ben={})
    guard.OnFrame()
    for _ in range(FREE + 1):
        call("DELETE", "/api/nodes", pars={"nodePath": "/project1/x"}, **key("anna"))
    assert code_of(call("GET", "/api/td/classes", **key("anna"))) == "back-off"
    assert call("GET", "/api/td/classes", **key("ben"))["success"] is True


# -- the show ------------------------------------------------------------------------------------------------------

SHOW_LOCK = {"deny_if": [{"conditions": [{"perform_mode": True, "not": {"risk": "read"}}], "on_deny": "the show runs"}]}


def test_the_show_lock_makes_agents_read_only_in_perform_mode(guard: Any, call: Call, script: Any, tmp_path: Path) -> None:
    import td

    use(guard, tmp_path, **EVERYTHING, all_tools=SHOW_LOCK)
    assert script("1")["success"] is True
    td.ui.performMode = True
    refused = script("op('/project1').create(noiseTOP, 'late')")
    assert code_of(refused) == "condition-not-met"
    assert "the show runs" in refused["error"]
    assert guard.parent().op("late") is None
    assert call("GET", "/api/td/classes")["success"] is True
    td.ui.performMode = False
    assert script("1")["success"] is True


def test_where_touchdesigner_cannot_tell_the_call_is_refused(guard: Any, script: Any, tmp_path: Path) -> None:
    use(guard, tmp_path, **EVERYTHING, all_tools={"deny_if": [{"conditions": [{"frame_rate": {"lt": 20}}]}]})
    assert code_of(script("1")) == "fact-unknown"


def test_below_the_frame_rate_floor_nothing_may_be_called(guard: Any, script: Any, tmp_path: Path) -> None:
    use(guard, tmp_path, **EVERYTHING, all_tools={"limits": [{"frame_rate": 50}]})
    refused = script("1")
    assert (code_of(refused), "retry in 1 s" in refused["error"]) == ("frame-rate-low", True)


def test_main_thread_time_is_counted_once_a_call_has_run(guard: Any, script: Any, tmp_path: Path) -> None:
    limit = {"counter": "frame", "window": 3600, "max": 1, "cost": "main_thread_ms"}
    use(guard, tmp_path, **EVERYTHING, tools={"execute_python_script": {"limits": [limit]}})
    assert script("x = 0\nfor i in range(20000):\n    x += i")["success"] is True
    refused = script("1")
    assert code_of(refused) == "rate-limit"
    assert "1 ms of the main thread in 3600 s are used up" in refused["error"]


# -- arguments and conditions --------------------------------------------------------------------------------------


def test_a_condition_on_an_argument_decides(guard: Any, call: Call, tmp_path: Path) -> None:
    clause = {"conditions": [{"path": "args.pattern", "op": "regex", "value": "^noise"}], "on_deny": "only noises"}
    use(guard, tmp_path, **EVERYTHING, tools={"get_td_nodes": {"require": [clause]}})
    assert call("GET", "/api/nodes", pars={"parentPath": "/project1", "pattern": "noise*"})["success"] is True
    refused = call("GET", "/api/nodes", pars={"parentPath": "/project1", "pattern": "*"})
    assert (code_of(refused), "only noises" in refused["error"]) == ("condition-not-met", True)
    assert records(guard)[-1]["rule"] == "/tools/get_td_nodes/require/0/conditions/0"


@pytest.mark.parametrize("path", ["/project1/notes", "/project1/./notes", "//project1/notes", "/project1/x/../notes", "/project1/note*"])
def test_a_condition_sees_the_operator_whatever_way_it_is_spelled(guard: Any, call: Call, tmp_path: Path, path: str) -> None:
    clause = {"conditions": [{"path": "args.nodePath", "op": "eq", "value": "/project1/notes"}]}
    use(guard, tmp_path, **EVERYTHING, tools={"get_td_node_parameters": {"deny_if": [clause]}})
    assert code_of(call("GET", "/api/nodes/detail", pars={"nodePath": path})) == "condition-not-met"


def test_a_value_too_long_to_look_at_is_refused_with_its_own_code(guard: Any, script: Any, tmp_path: Path) -> None:
    clause = {"conditions": [{"path": "args.script", "op": "contains", "value": "secret"}]}
    use(guard, tmp_path, **EVERYTHING, tools={"execute_python_script": {"deny_if": [clause]}})
    assert script("1")["success"] is True
    assert code_of(script("#" * 5000)) == "value-too-long"


def test_a_policy_may_look_at_what_a_script_does(guard: Any, script: Any, tmp_path: Path) -> None:
    rule = {"action": "require_approval", "when": {"script.capabilities": ["td.create"]}}
    use(guard, tmp_path, **EVERYTHING, tools={"execute_python_script": {"rules": [rule, {}]}})
    assert script("op('/project1').name")["success"] is True
    assert script("op('/project1').create(noiseTOP, 'n')")["error"].startswith("APPROVAL_REQUIRED: ")
    assert guard.parent().op("n") is None


def test_a_policy_may_look_at_the_parameters_that_are_set(guard: Any, call: Call, tmp_path: Path) -> None:
    use(
        guard,
        tmp_path,
        **EVERYTHING,
        tools={"update_td_node_parameters": {"script": "trusted", "deny_if": [{"conditions": [{"parameter_kind": "file"}]}]}},
    )
    guard.parent().create("moviefileinTOP", "movie")
    body = {"nodePath": "/project1/movie", "properties": {"file": "a.mov"}}
    assert code_of(call("PATCH", "/api/nodes/detail", body)) == "condition-not-met"
    body = {"nodePath": "/project1/movie", "properties": {"speed": 2.0}}
    assert call("PATCH", "/api/nodes/detail", body)["success"] is True


# -- amounts -------------------------------------------------------------------------------------------------------


def spend(guard: Any, tmp_path: Path) -> None:
    limit = {"counter": "rows", "window": 3600, "max": 100, "cost": "args.properties.rows"}
    use(guard, tmp_path, **EVERYTHING, tools={"update_td_node_parameters": {"limits": [limit]}})


def test_a_budget_is_used_up_by_what_an_argument_states(guard: Any, call: Call, tmp_path: Path) -> None:
    spend(guard, tmp_path)

    def ask(amount: float) -> str:
        body = {"nodePath": "/project1/nowhere", "properties": {"rows": amount}}
        return code_of(call("PATCH", "/api/nodes/detail", body))

    assert ask(60) != "rate-limit"
    assert ask(60) == "rate-limit"
    assert ask(40) != "rate-limit"


@pytest.mark.parametrize("amount", [-90, "sixty", None, True])
def test_an_amount_that_cannot_be_counted_is_refused(guard: Any, call: Call, tmp_path: Path, amount: object) -> None:
    spend(guard, tmp_path)
    body = {"nodePath": "/project1/nowhere", "properties": {"rows": amount}}
    assert code_of(call("PATCH", "/api/nodes/detail", body)) == "uncountable-amount"


# -- what lasts ----------------------------------------------------------------------------------------------------


def test_what_was_counted_counts_after_the_extension_was_made_anew(guard: Any, script: Any) -> None:
    for _ in range(10):
        script("1")
    guard.initializeExtensions()
    guard.Install()
    assert code_of(script("1")) == "rate-limit"


def test_counters_that_cannot_be_read_refuse_what_is_limited(guard: Any, call: Call, script: Any, tmp_path: Path) -> None:
    (tmp_path / ".policyguard" / "limits.sqlite").write_bytes(b"no database at all" * 100)
    guard.initializeExtensions()
    guard.Install()
    assert code_of(script("1")) == "limits-unknown"
    assert call("GET", "/api/td/classes")["success"] is True
    assert "what is limited is refused" in guard.par.Status.eval()


# -- node scopes ---------------------------------------------------------------------------------------------------


@pytest.fixture
def scoped(guard: Any, tmp_path: Path) -> Any:
    """Every tool may act inside /project1/show, but not on what lies in its audio."""
    show = guard.parent().create("baseCOMP", "show")
    show.create("noiseTOP", "noise")
    show.create("baseCOMP", "audio").create("noiseCHOP", "loud")
    guard.parent().create("noiseTOP", "other")
    use(
        guard,
        tmp_path,
        **EVERYTHING,
        tools={"execute_python_script": {"script": "build"}, "exec_node_method": {"script": "build"}},
        all_tools={"nodes": {"within": ["/project1/show"], "except": ["/project1/show/audio"]}},
    )
    return guard


@pytest.mark.parametrize(
    "path",
    ["/project1/other", "/project1/show/../other", "/project1/show/audio/loud", "/project1/show/audio", "/project1"],
)
def test_a_tool_that_names_an_operator_outside_is_refused(scoped: Any, call: Call, path: str) -> None:
    assert code_of(call("GET", "/api/nodes/detail", pars={"nodePath": path})) == "outside-nodes"
    assert code_of(call("DELETE", "/api/nodes", pars={"nodePath": path})) == "outside-nodes"
    assert code_of(call("PATCH", "/api/nodes/detail", {"nodePath": path, "properties": {"x": 1}})) == "outside-nodes"


def test_what_holds_something_left_out_is_not_deleted_as_a_whole(scoped: Any, call: Call) -> None:
    assert call("GET", "/api/nodes/detail", pars={"nodePath": "/project1/show"})["success"] is True
    assert code_of(call("DELETE", "/api/nodes", pars={"nodePath": "/project1/show"})) == "outside-nodes"


@pytest.mark.parametrize(
    "text",
    [
        "op('/project1/other').par.period = 5",
        "op('/project1/show').parent().create(noiseTOP, 'x')",
        "for o in op('/project1').findChildren(name='other'):\n    o.par.period = 5",
        "setattr(op('/project1/other').par, 'period', 5)",
        "op('/project1/show/audio/loud').par.period = 5",
        "op('/project1/other').name = 'x'",
        "op('/project1/show').copy(op('/project1/other'))",
        "op('/project1/show/noise').outputConnectors[0].connect(op('/project1/other'))",
        "op('/project1/show').destroy()",
    ],
)
def test_a_script_that_acts_outside_is_stopped_by_identity(scoped: Any, script: Any, text: str) -> None:
    before = scoped.parent().op("other").par.period.eval(), sorted(one.path for one in scoped.parent().findChildren())
    told = script(text)
    assert code_of(told) == "outside-nodes", told
    after = scoped.parent().op("other").par.period.eval(), sorted(one.path for one in scoped.parent().findChildren())
    assert after == before


def test_a_script_works_inside(scoped: Any, script: Any) -> None:
    text = "s = op('/project1/show')\nn = s.create(noiseTOP, 'made')\nn.par.period = 2\ns.op('noise').par.period = 3\nn.destroy()"
    assert script(text)["success"] is True
    assert scoped.parent().op("show/noise").par.period.eval() == 3


def test_touchdesigners_own_operators_are_left_out_of_every_scope(guard: Any, call: Call, tmp_path: Path) -> None:
    use(guard, tmp_path, **EVERYTHING)
    assert code_of(call("GET", "/api/nodes/detail", pars={"nodePath": "/sys"})) == "outside-nodes"


def strictly(guard: Any, tmp_path: Path) -> None:
    guard.parent().create("baseCOMP", "show").create("noiseTOP", "noise")
    rule = {"nodes": {"within": ["/project1/show"], "strict": True}}
    use(guard, tmp_path, **EVERYTHING, tools={"execute_python_script": rule})


@pytest.mark.parametrize(
    "text",
    [
        "op('/project1/notes').text",
        "op('show/noise').par.period",
        "name = '/project1/show'\nop(name).name",
        "op('/project1/show/*').name",
        "f = op\nf('/project1/show')",
        "op('/project1/show').parent().name",
        "op('/project1/show').children",
        "me.name",
        "import td\ntd.op('/project1/notes').text",
        "getattr(op('/project1/show'), 'parent')().name",
    ],
)
def test_a_strict_scope_refuses_what_a_text_does_not_tell(guard: Any, script: Any, tmp_path: Path, text: str) -> None:
    strictly(guard, tmp_path)
    told = script(text)
    assert code_of(told) == "outside-nodes", told


def test_a_strict_scope_lets_pass_what_a_text_tells(guard: Any, script: Any, tmp_path: Path) -> None:
    strictly(guard, tmp_path)
    made = "op('/project1/show').create(noiseTOP, 'n').par.period = 2\nop('/project1/show/noise').par.period = 4"
    assert script(made)["success"] is True


# -- grants --------------------------------------------------------------------------------------------------------


def test_a_grant_has_what_its_overlay_says_in_place_of_the_policy(guard: Any, call: Call, tmp_path: Path) -> None:
    guard.parent().create("noiseTOP", "gone")
    grant(tmp_path, anna={"overlay": "stage"}, ben={})
    guard.OnFrame()
    use(guard, tmp_path, tools={"get_td_classes": {}}, grants={"overlays": {"stage": {"tools": {"delete_td_node": {}}}}})
    delete = {"nodePath": "/project1/gone"}
    assert code_of(call("DELETE", "/api/nodes", pars=delete, **key("ben"))) == "default-deny"
    assert call("DELETE", "/api/nodes", pars=delete, **key("anna"))["success"] is True
    assert call("GET", "/api/td/classes", **key("anna"))["success"] is True


def test_a_grant_whose_overlay_the_policy_does_not_have_is_refused(guard: Any, call: Call, tmp_path: Path) -> None:
    grant(tmp_path, anna={"overlay": "stage"})
    guard.OnFrame()
    use(guard, tmp_path, **EVERYTHING)
    assert code_of(call("GET", "/api/td/classes", **key("anna"))) == "no-overlay"


def test_a_policy_may_want_a_key(guard: Any, call: Call, tmp_path: Path) -> None:
    grant(tmp_path, anna={})
    guard.OnFrame()
    use(guard, tmp_path, **EVERYTHING, grants={"required": True})
    assert code_of(call("GET", "/api/td/classes")) == "unknown-grant"
    assert call("GET", "/api/td/classes", **key("anna"))["success"] is True


def test_a_grant_that_is_revoked_while_touchdesigner_runs_is_refused_from_the_next_frame(
    guard: Any, call: Call, tmp_path: Path
) -> None:
    grant(tmp_path, anna={})
    guard.OnFrame()
    assert call("GET", "/api/td/classes", **key("anna"))["success"] is True
    grant(tmp_path)
    guard.OnFrame()
    assert code_of(call("GET", "/api/td/classes", **key("anna"))) == "unknown-grant"


# -- monitor -------------------------------------------------------------------------------------------------------


def test_in_monitor_mode_a_call_passes_and_the_audit_says_that_it_would_not(guard: Any, call: Call, tmp_path: Path) -> None:
    clause = {"conditions": [{"path": "args.pattern", "op": "exists", "value": True}]}
    use(guard, tmp_path, **EVERYTHING, tools={"get_td_nodes": {"require": [clause]}})
    guard.par.Mode = "monitor"
    answer = call("GET", "/api/nodes", pars={"parentPath": "/project1"})
    assert answer["success"] is True, answer
    assert [one["would_refuse"] for one in records(guard) if one["event"] == "decision"][-1] is True
