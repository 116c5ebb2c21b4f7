"""No call touches the guard, its wiring, or what they lie in: by any tool, any form of path, whatever the policy grants."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from policyguard_cli import project
from td_headless import Runtime
from tests.waiting import without_waiting

GUARD = "/project1/PolicyGuard"
BASE = "/project1/mcp_webserver_base"
SERVER = f"{BASE}/webserver1"
OWN = f"{BASE}/mcp_webserver_script"
SPARED = "touches PolicyGuard or the server it guards, which no policy can allow"
Call = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def td(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A guarded project whose policy trusts every tool with everything but the guard."""
    folder = tmp_path_factory.mktemp("protection")
    trust = {"action": "allow", "script": {"profile": "trusted"}}
    tools = ["execute_python_script", "exec_node_method", "update_td_node_parameters", "create_td_node", "delete_td_node"]
    policy = {"version": "1", "default": "allow", "tools": dict.fromkeys(tools, trust)}
    (folder / "p.json").write_text(json.dumps(policy), encoding="utf-8")
    runtime = Runtime(build="2025.33230", folder=folder)
    with runtime.install() as module:
        _, guard = project.build(module.root, port=0, touchdesigner_mcp=None)
        guard.par.Source, guard.par.File = "file", str(folder / "p.json")
        guard.Install()
        without_waiting(guard)
        yield module
        guard.destroy()
    runtime.close()


@pytest.fixture(scope="module")
def call(td: Any) -> Call:
    server = td.op(SERVER)

    def handle(method: str, uri: str, data: object = None, **pars: str) -> dict[str, Any]:
        request = {
            "method": method, "uri": uri, "pars": pars, "data": "" if data is None else json.dumps(data),
            "clientAddress": "127.0.0.1", "serverAddress": "", "Host": "127.0.0.1:9981", "Content-Type": "application/json",
        }  # fmt: skip
        reply = server.par.callbacks.eval().module.onHTTPRequest(server, request, {"statusCode": 404, "data": ""})
        envelope: dict[str, Any] = json.loads(reply["data"])
        return envelope

    return handle


def script(call: Call, text: str) -> dict[str, Any]:
    return call("POST", "/api/td/server/exec", {"script": text})


def update(call: Call, path: str, **properties: Any) -> dict[str, Any]:
    return call("PATCH", "/api/nodes/detail", {"nodePath": path, "properties": properties})


def method(call: Call, path: str, name: str, *args: Any) -> dict[str, Any]:
    return call("POST", "/api/td/nodes/exec", {"nodePath": path, "method": name, "args": list(args), "kwargs": {}})


def test_it_is_trusted_with_all_else(td: Any, call: Call) -> None:
    assert script(call, "op('/project1').create(executeDAT, 'free').text = 'x = 1'\nop('/project1/free').destroy()")["success"] is True
    assert method(call, "/project1", "create", "baseCOMP", "free")["success"] is True
    assert update(call, "/project1/free", externaltox="x.tox", enableexternaltox=False)["success"] is True
    assert call("DELETE", "/api/nodes", nodePath="/project1/free")["success"] is True


FORMS = {
    GUARD: (GUARD, f"{BASE}/../PolicyGuard", "/project1/Pol*", "../../PolicyGuard", "/project1/PolicyGuar?"),
    f"{GUARD}/policy": (f"{GUARD}/policy", f"{GUARD}/pol*y", f"{GUARD}/source/../policy"),
    SERVER: (SERVER, "./../webserver1", f"{BASE}/web*", "webserver1"),
    OWN: (OWN, f"{BASE}/*script", "mcp_webserver_script"),
}
WRITES = ({"name": "gone"}, {"comment": "x"}, {"nodeX": 5, "name": "gone"}, {"file": "x.py"}, {"externaltox": "x.tox"})


@pytest.mark.parametrize("path", [form for forms in FORMS.values() for form in forms])
def test_nothing_of_the_guard_or_the_wiring_is_written_driven_or_destroyed(td: Any, call: Call, path: str) -> None:
    told = [update(call, path, **properties) for properties in WRITES]
    told += [method(call, path, name, *args) for name, *args in (["destroy"], ["changeType", "textDAT"], ["store", "a", 1], ["clear"], ["run"])]
    told += [call("DELETE", "/api/nodes", nodePath=path)]
    told += [call("POST", "/api/nodes", {"parentPath": path, "nodeType": "noiseTOP", "nodeName": "x"})] if path.startswith(GUARD) else []
    wrong = [envelope for envelope in told if envelope["success"] or "PolicyGuard denied" not in envelope["error"]]
    assert wrong == []
    assert all(td.op(one) is not None for one in FORMS)


@pytest.mark.parametrize("name", ["callbacks", "port", "active", "localaddress", "restart", "secure"])
def test_the_servers_own_parameters_are_not_set(call: Call, name: str) -> None:
    assert SPARED in update(call, SERVER, **{name: 1})["error"]
    for text in (
        f"op('{SERVER}').par.{name} = 1", f"op('{SERVER}').par['{name}'] = 1", f"setattr(op('{SERVER}').par, '{name}', 1)",
        f"p = op('{SERVER}').par.{name}\np.val = 1", f"op('{SERVER}').par.{name}.expr = '1'", f"op('{SERVER}').pars('{name}')[0].val = 1",
        f"op('{SERVER}').par.{name}.bindExpr = \"op('/project1/noise1').par.seed\"", f"op('{SERVER}').par.{name}.pulse()",
        f"op('{SERVER}').par.{name}.mode = ParMode.EXPRESSION", f"op('webserver1').par.{name} = 1", f"me.parent().op('webserver1').par.{name} = 1",
        f"[setattr(o.par, '{name}', 1) for o in op('/project1').findChildren(type=webserverDAT)]",
    ):  # fmt: skip
        assert SPARED in script(call, text)["error"], text


HOLDERS = ["/project1", BASE, "/"]
OF_A_HOLDER = {"externaltox": "x.tox", "enableexternaltox": 1, "enableexternaltoxpulse": 1, "clone": "/project1", "enablecloningpulse": 1}


@pytest.mark.parametrize("path", HOLDERS[:2])
@pytest.mark.parametrize("name", OF_A_HOLDER)
def test_what_they_lie_in_is_not_loaded_anew(td: Any, call: Call, path: str, name: str) -> None:
    value = OF_A_HOLDER[name]
    assert SPARED in update(call, path, **{name: value})["error"]
    for text in (
        f"op('{path}').par.{name} = {value!r}", f"op('{path}').par.{name}.val = {value!r}", f"op('{path}').par['{name}'] = {value!r}",
        f"op('{path}').par.{name}.expr = repr({value!r})", f"op('{path}').par.{name}.pulse()",
    ):  # fmt: skip
        assert SPARED in script(call, text)["error"], text


@pytest.mark.parametrize("path", HOLDERS)
def test_what_they_lie_in_is_not_renamed_copied_over_or_destroyed(td: Any, call: Call, path: str) -> None:
    told = [call("DELETE", "/api/nodes", nodePath=path), update(call, path, name="gone"), update(call, path, allowCooking=False)]
    told += [method(call, path, "destroy"), method(call, path, "changeType", "containerCOMP")]
    told += [script(call, f"op('{path}').destroy()"), script(call, f"op('{path}').name = 'gone'"), script(call, f"o = op('{path}')\no.allowCooking = False")]
    told += [script(call, f"op('/project1/noise1').parent().copy(op('{path}'))"), script(call, f"op('/project1/noise1').parent().copyOPs([op('{path}')])")]
    assert [envelope for envelope in told if envelope["success"] or "PolicyGuard" not in envelope["error"]] == []
    assert td.op(GUARD) is not None


def test_a_parameter_that_is_bound_to_the_servers_does_not_drive_it(td: Any, call: Call) -> None:
    td.op("/project1").create("constantCHOP", "driver")
    told = script(call, f"p = op('/project1/driver').par.const0value\np.bindExpr = \"op('{SERVER}').par.port\"\np.val = 1\nresult = 1")
    assert SPARED in told["error"]
    td.op("/project1/driver").par.const0value.bindExpr = f"op('{SERVER}').par.port"  # a person did
    before = td.op(SERVER).par.port.eval()
    assert SPARED in script(call, "op('/project1/driver').par.const0value = 1")["error"]
    assert SPARED in update(call, "/project1/driver", const0value=1)["error"]
    assert td.op(SERVER).par.port.eval() == before


def test_the_guards_files_are_not_opened(td: Any, call: Call) -> None:
    folder = td.project.folder
    for path in (".policyguard/grants.json", "./.policyguard/audit/x.jsonl", f"{folder}/.policyguard/grants.json", ".PolicyGuard/grants.json"):
        for text in (f"open({path!r}, 'w').write('x')", f"from pathlib import Path\nPath({path!r}).write_text('x')", f"open({path!r}).read()"):
            told = script(call, text)
            assert told["success"] is False, text
            assert "PolicyGuard denied" in told["error"], told
        assert SPARED in update(call, "/project1/notes", file=path)["error"]
        assert SPARED in script(call, f"op('/project1/notes').par.file = {path!r}")["error"]
    assert not (Path(folder) / ".policyguard" / "grants.json").exists()
    assert script(call, f"open({folder + '/mine.txt'!r}, 'w').write('x')")["success"] is True


def test_the_policys_own_file_is_not_opened(td: Any, call: Call) -> None:
    path = td.op(GUARD).par.File.eval()
    assert SPARED in script(call, f"open({path!r}, 'a').write(' ')")["error"]
