"""Stage 2: touchdesigner-mcp's REST dialect, read once and strictly (mcp_servers.md sections 2.2 and 2.3)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from td_extension.protocols import top_image
from td_extension.protocols.routes import ROUTES
from td_extension.protocols.touchdesigner_mcp import TouchDesignerMcp
from td_extension.transport import Request
from td_extension.values import Category, Code, Refusal, ToolCall

TEMPLATES = top_image.load_templates(
    (Path(top_image.__file__).parent / "top_image.json").read_text(encoding="utf-8")
)
DIALECT = TouchDesignerMcp(TEMPLATES)


def request(method: str, uri: str, body: str = "", **query: str) -> Request:
    return Request(method, uri, query, body, "127.0.0.1", "anonymous")


def execute(body: str, **query: str) -> ToolCall | Refusal:
    return DIALECT.parse(request("POST", "/api/td/server/exec", body, **query))


def code_of(parsed: ToolCall | Refusal) -> Code | None:
    return parsed.code if isinstance(parsed, Refusal) else None


EVERY_TOOL = [
    (request("GET", "/api/td/server/td"), "get_td_info", {}),
    (request("POST", "/api/td/server/exec", '{"script":"1"}'), "execute_python_script", {"script": "1"}),
    (request("GET", "/api/nodes", parentPath="/p", pattern="n*"), "get_td_nodes", {"parentPath": "/p", "pattern": "n*"}),
    (
        request("POST", "/api/nodes", '{"parentPath":"/p","nodeType":"noiseTOP"}'),
        "create_td_node",
        {"parentPath": "/p", "nodeType": "noiseTOP"},
    ),
    (request("DELETE", "/api/nodes", nodePath="/p/n"), "delete_td_node", {"nodePath": "/p/n"}),
    (request("GET", "/api/nodes/detail", nodePath="/p/n"), "get_td_node_parameters", {"nodePath": "/p/n"}),
    (
        request("PATCH", "/api/nodes/detail", '{"nodePath":"/p/n","properties":{"tx":1}}'),
        "update_td_node_parameters",
        {"nodePath": "/p/n", "properties": {"tx": 1}},
    ),
    (request("GET", "/api/nodes/errors", nodePath="/p"), "get_td_node_errors", {"nodePath": "/p"}),
    (request("GET", "/api/td/classes"), "get_td_classes", {}),
    (request("GET", "/api/td/classes/noiseTOP"), "get_td_class_details", {"className": "noiseTOP"}),
    (request("GET", "/api/td/modules/help", moduleName="tdu"), "get_td_module_help", {"moduleName": "tdu"}),
    (
        request("POST", "/api/td/nodes/exec", '{"nodePath":"/p","method":"cook","args":[],"kwargs":{}}'),
        "exec_node_method",
        {"nodePath": "/p", "method": "cook", "args": [], "kwargs": {}},
    ),
]


@pytest.mark.parametrize(("wire", "tool", "args"), EVERY_TOOL, ids=[tool for _, tool, _ in EVERY_TOOL])
def test_each_route_is_its_tool_with_its_arguments(wire: Request, tool: str, args: dict[str, Any]) -> None:
    call = DIALECT.parse(wire)
    assert isinstance(call, ToolCall)
    assert (call.tool, dict(call.args)) == (tool, args)


def test_there_are_twelve_routes() -> None:
    assert len(ROUTES) == 12
    assert {tool for _, tool, _ in EVERY_TOOL} == {route.tool for route in ROUTES}


@pytest.mark.parametrize(("wire", "tool", "args"), EVERY_TOOL, ids=[tool for _, tool, _ in EVERY_TOOL])
def test_the_forwarded_request_reads_as_the_same_call(wire: Request, tool: str, args: dict[str, Any]) -> None:
    call = DIALECT.parse(wire)
    assert isinstance(call, ToolCall)
    canonical = DIALECT.forwarded(call, wire)
    assert not {"body", "query", "headers"} & set(canonical)
    again = DIALECT.parse(request(canonical["method"], canonical["uri"], canonical["data"], **canonical["pars"]))
    assert again == call


def test_operators_that_a_call_names_are_its_targets() -> None:
    call = DIALECT.parse(request("DELETE", "/api/nodes", nodePath="/p/n"))
    assert isinstance(call, ToolCall)
    assert call.targets == ("/p/n",)


@pytest.mark.parametrize("body", ['{"script":"1","SCRIPT":"2"}', '{"SCRIPT":"2","script":"1"}'])
def test_two_spellings_of_one_argument_are_refused(body: str) -> None:
    assert code_of(execute(body)) is Code.AMBIGUOUS_ARGUMENT


@pytest.mark.parametrize("body", ['{"script":"1","script":"2"}', '{"script":"1","x":{"a":1,"a":2}}'])
def test_a_json_key_that_occurs_twice_is_refused(body: str) -> None:
    assert code_of(execute(body)) is Code.DUPLICATE_KEY


@pytest.mark.parametrize("name", ["SCRIPT", "Script"])
def test_a_spelling_that_only_the_server_understands_is_refused(name: str) -> None:
    assert code_of(execute(json.dumps({name: "1"}))) is Code.MISSPELLED_ARGUMENT


def test_an_argument_may_be_spelled_as_in_mcp_or_in_snake_case() -> None:
    for name in ("nodePath", "node_path"):
        call = DIALECT.parse(request("DELETE", "/api/nodes", **{name: "/p"}))
        assert isinstance(call, ToolCall)
        assert dict(call.args) == {"nodePath": "/p"}


@pytest.mark.parametrize("body", ["", '{"script":"1"}'])
@pytest.mark.parametrize("name", ["script", "SCRIPT", "x"])
def test_a_query_beside_or_in_place_of_the_body_is_refused(body: str, name: str) -> None:
    assert code_of(execute(body, **{name: "2"})) is Code.MISPLACED_ARGUMENT


@pytest.mark.parametrize("name", ["body", "BODY"])
@pytest.mark.parametrize(("method", "uri"), [("POST", "/api/td/server/exec"), ("DELETE", "/api/nodes"), ("GET", "/api/nodes")])
def test_a_query_field_named_body_is_no_body(method: str, uri: str, name: str) -> None:
    wire = Request(method, uri, {name: '{"nodePath":"/p"}'}, "", "127.0.0.1", "anonymous")
    assert code_of(DIALECT.parse(wire)) is Code.BODY_IN_QUERY


def test_a_body_on_a_route_that_takes_none_is_refused() -> None:
    wire = request("DELETE", "/api/nodes", '{"nodePath":"/p"}', nodePath="/q")
    assert code_of(DIALECT.parse(wire)) is Code.MISPLACED_ARGUMENT


def test_a_query_cannot_override_the_class_in_the_path() -> None:
    wire = request("GET", "/api/td/classes/app", className="project")
    assert code_of(DIALECT.parse(wire)) is Code.MISPLACED_ARGUMENT


@pytest.mark.parametrize(
    "path",
    ["/api/nodes/", "//api/nodes", "/api/td/server/exec/", "/api/td/server", "/", "", "/api/td/classes/a/b",
     "/api/td/classes/", "/api/td/classes/__class__", "/api/nodes?x=1", "/API/nodes"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "TRACE"])
def test_whatever_is_no_route_is_refused(method: str, path: str) -> None:
    assert code_of(DIALECT.parse(request(method, path))) is Code.UNKNOWN_ROUTE


@pytest.mark.parametrize(
    "body", ["", "{}", "nonsense", "[]", '"text"', "null", "[" * 10_000, '{"script":' * 5000, '{"script": NaN}', "\0", "\ud800"]
)
def test_a_body_that_is_no_object_or_lacks_the_script_is_refused(body: str) -> None:
    assert isinstance(execute(body), Refusal)


@pytest.mark.parametrize("value", ["1", "null", "true", "[]", "{}", "1e999"])
def test_a_script_that_is_no_text_is_refused(value: str) -> None:
    assert code_of(execute(f'{{"script": {value}}}')) in (Code.MISTYPED_ARGUMENT, Code.MALFORMED_BODY)


def test_half_a_surrogate_pair_is_refused_wherever_it_stands() -> None:
    assert code_of(execute('{"script": "\\ud800"}')) is Code.MALFORMED_BODY
    wire = request("PATCH", "/api/nodes/detail", '{"nodePath":"/p","properties":{"text":"\\udfff"}}')
    assert code_of(DIALECT.parse(wire)) is Code.MALFORMED_BODY


def test_an_id_in_place_of_a_path_is_refused() -> None:
    wire = request("PATCH", "/api/nodes/detail", '{"nodePath":7,"properties":{}}')
    assert code_of(DIALECT.parse(wire)) is Code.MISTYPED_ARGUMENT


@pytest.mark.parametrize(
    ("method", "uri", "args"),
    [
        ("PATCH", "/api/nodes/detail", {"nodePath": "/" + "a" * 1024, "properties": {}}),
        ("PATCH", "/api/nodes/detail", {"nodePath": "/p", "properties": {f"p{n}": 1 for n in range(501)}}),
        ("PATCH", "/api/nodes/detail", {"nodePath": "/p", "properties": {"p" * 201: 1}}),
        ("POST", "/api/td/nodes/exec", {"nodePath": "/p", "method": "copy", "args": [1] * 101}),
        ("POST", "/api/td/nodes/exec", {"nodePath": "/p", "method": "c" * 1025}),
    ],
)
def test_more_than_any_honest_call_has_is_refused(method: str, uri: str, args: dict[str, Any]) -> None:
    assert code_of(DIALECT.parse(request(method, uri, json.dumps(args)))) is Code.TOO_MUCH


def test_a_long_text_for_a_dat_is_no_name() -> None:
    args = {"nodePath": "/p", "properties": {"text": "x" * 100_000}}
    assert isinstance(DIALECT.parse(request("PATCH", "/api/nodes/detail", json.dumps(args))), ToolCall)


def test_the_handshake_is_read_whatever_comes_with_it() -> None:
    call = DIALECT.parse(request("GET", "/api/td/server/td", "garbage", x="y"))
    assert call == ToolCall("get_td_info", {})


def test_a_refusal_reaches_the_agent_as_status_200_with_its_text() -> None:
    refusal = Refusal(Category.RATE_LIMITED, Code.RATE_LIMIT, "10 calls in 60 s are used up", "/tools/x/limits/0", 11.2)
    reply = DIALECT.refused(refusal, "x", "7f3a0000")
    assert reply.status == 200
    assert json.loads(reply.body) == {
        "success": False,
        "data": None,
        "error": "RATE_LIMITED: PolicyGuard limited x: 10 calls in 60 s are used up; retry in 12 s. "
        "Rule /tools/x/limits/0. Code rate-limit. Decision 7f3a0000",
        "errorCategory": "PERMISSION",
    }


def test_a_web_page_gets_nothing_to_read() -> None:
    reply = DIALECT.refused(Refusal(Category.PERMISSION, Code.BROWSER_REQUEST, "no"), "x", "7f3a0000")
    assert (reply.status, reply.body) == (403, "")


@given(
    st.sampled_from(["GET", "POST", "PATCH", "DELETE", "PUT"]),
    st.sampled_from([route.path for route in ROUTES]) | st.text(max_size=20),
    st.text(max_size=60) | st.recursive(
        st.none() | st.booleans() | st.text(max_size=5) | st.integers(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["script", "nodePath", "x"]), inner),
        max_leaves=8,
    ).map(json.dumps),
    st.dictionaries(st.sampled_from(["nodePath", "parentPath", "script", "body"]), st.text(max_size=5), max_size=2),
)  # fmt: skip
def test_any_request_is_a_call_or_a_refusal(method: str, uri: str, body: str, query: dict[str, str]) -> None:
    parsed = DIALECT.parse(Request(method, uri, query, body, "127.0.0.1", "anonymous"))
    if isinstance(parsed, ToolCall):
        assert DIALECT.forwarded(parsed, request("GET", "/"))["method"] == method
