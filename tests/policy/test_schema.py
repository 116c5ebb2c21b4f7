"""schema.json describes the documents that load.py accepts."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import td_extension.policy
from td_extension.policy.comparison import Operator
from td_extension.policy.facts import FACTS
from td_extension.policy.load import load_json
from td_extension.policy.model import (
    MAX_LIMIT,
    MAX_LIMITS,
    MAX_REASON,
    MAX_TOOLS,
    MAX_WINDOW_S,
    MIN_WINDOW_S,
    Action,
    Scope,
)  # fmt: skip
from td_extension.policy.problems import PolicyError
from td_extension.policy.rate import WINDOWS
from td_extension.policy.script_rule import CHANGEABLE, PROFILES
from td_extension.policy.tools import MAX_NAME
from td_extension.values import Json

SCHEMA = json.loads((Path(td_extension.policy.__file__).parent / "schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def loads(document: Json) -> bool:
    try:
        load_json(json.dumps(document), "policy.json")
    except PolicyError:
        return False
    return True


def rule(value: Json) -> Json:
    return {"version": "1", "tools": {"create_td_node": value}}


def limit(**changed: Json) -> Json:
    return rule({"limits": [{"counter": "c", "window": "minute", "max": 10, "scope": "grant", **changed}]})


def without(key: str) -> Json:
    document = limit()
    del document["tools"]["create_td_node"]["limits"][0][key]
    return document


GOOD: list[Json] = [
    {},
    {"version": "1", "default": "allow", "description": "d", "hide": "*", "all_tools": {}, "tools": {}},
    {"hide": ["*", "x"]},
    {"hide": []},
    {"all_tools": {"limits": []}},
    rule({}),
    rule({"action": "require_approval", "reason": "r", "script": "edit", "rate_limit": "10/minute"}),
    rule({"script": {"profile": "trusted"}}),
    rule({"script": {"profile": "edit", "allow": [], "deny": [], "ask": [], "modules": []}}),
    rule({"script": {"profile": "edit", "allow": ["td.delete", "file.read(/project/data/**)", "file.write(C:/a b/*.csv)",
                                                  "net(*.example.com:443)", "import(scipy)"],
                     "deny": ["td.create"], "ask": ["td.code"], "modules": ["scipy", "a.b_1"]}}),
    *(rule({"rate_limit": text}) for text in ("10/minute", " 1 / 60 S ", "10000/1.5 hours", "5/60", "9/Sec")),
    rule({"rate_limit": {"max": 1, "window": 60}}),
    limit(),
    limit(max=10.0),
    limit(window=0.001),
    limit(window=MAX_WINDOW_S),
    limit(scope="global"),
    without("scope"),
]
BAD: list[Json] = [
    None, [], "deny", 1,
    {"version": 1}, {"version": "2"}, {"version": None}, {"default": None},
    {"description": 1}, {"unknown": 1}, {"hide": "x"}, {"hide": ["x", "x"]}, {"hide": [""]}, {"hide": [1]},
    {"hide": {}}, {"hide": ["x\n"]}, {"all_tools": []}, {"tools": []},
    {"tools": {"a b": {}}}, {"tools": {"x" * (MAX_NAME + 1): {}}},
    {"tools": {f"t{index}": {} for index in range(MAX_TOOLS + 1)}},
    {"hide": [f"t{index}" for index in range(MAX_TOOLS + 1)]},
    rule(None), rule([]), rule({"action": True}),
    rule({"reason": "x" * (MAX_REASON + 1)}), rule({"reason": 1}), rule({"script": "god"}), rule({"script": {}}),
    rule({"script": {"profile": "edit", "x": 1}}), rule({"script": {"allow": ["td.delete"]}}),
    rule({"script": "edit +td.delete"}),
    *(rule({"script": {"profile": "edit", key: value}}) for key in ("allow", "deny", "ask", "modules")
      for value in (None, "td.delete", {}, [1], ["guard"] if key != "modules" else ["_x"], ["td.delete "], [""], ["td.delete"] * 65)),
    *(rule({"script": {"profile": "edit", "allow": [word]}}) for word in (
        "td.delte", "td.delete(x)", "file.read()", "file.read(data/**)", "file.read(//server/x)", "net()", "import(_x)",
        "file.read(/a)\n", "TD.DELETE", "modules")),
    *(rule({"script": {"profile": "edit", key: ["file.read(/a/**)"]}}) for key in ("deny", "ask", "modules")),
    rule({"nodes": []}), rule({"limits": {}}),
    *(rule({"rate_limit": text}) for text in ("10", "0/minute", "10001/day", "010/minute", "10/", "10/week")),
    rule({"rate_limit": "1/s;2/m"}),
    rule({"rate_limit": 10}), rule({"rate_limit": {"max": 1}}), rule({"rate_limit": {"max": 1, "window": 60, "x": 1}}),
    rule({"rate_limit": "10/minute\n"}),
    limit(max=0), limit(max=MAX_LIMIT + 1), limit(max="10"), limit(max=True), limit(max=1.5), limit(max=None),
    limit(window="week"), limit(window=0), limit(window=-1), limit(window=MAX_WINDOW_S + 1), limit(window=True),
    limit(scope="all"), limit(scope=None), limit(counter=""), limit(counter=1), limit(increment=1),
    without("counter"), without("max"), without("window"),
    rule({"limits": [{"counter": f"c{index}", "window": 1, "max": 1} for index in range(MAX_LIMITS + 1)]}),
]  # fmt: skip


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("document", GOOD, ids=lambda document: json.dumps(document)[:60])
def test_a_good_document_passes_both(document: Json) -> None:
    assert loads(document)
    assert VALIDATOR.is_valid(document)


@pytest.mark.parametrize("document", BAD, ids=lambda document: json.dumps(document)[:60])
def test_a_bad_document_passes_neither(document: Json) -> None:
    assert not loads(document)
    assert not VALIDATOR.is_valid(document)


def test_the_words_and_bounds_of_the_schema_are_those_of_the_model() -> None:
    definitions = SCHEMA["$defs"]
    assert definitions["profile"]["enum"] == list(PROFILES)
    assert definitions["capability"]["enum"] == list(CHANGEABLE)
    assert definitions["limit"]["oneOf"][0]["properties"]["scope"]["enum"] == [scope.value for scope in Scope]
    assert definitions["rule"]["properties"]["action"]["enum"] == [*(action.value for action in Action), "evaluate"]
    assert definitions["tool"]["properties"].items() > definitions["rule"]["properties"].items()
    assert definitions["condition"]["properties"]["op"]["enum"] == [operator.value for operator in Operator]
    assert set(definitions["condition"]["properties"]) > set(FACTS) - {"args"}
    named, seconds = definitions["window"]["oneOf"]
    assert named["enum"] == list(WINDOWS)
    assert (seconds["minimum"], seconds["maximum"]) == (MIN_WINDOW_S, MAX_WINDOW_S)


values: st.SearchStrategy[Json] = st.sampled_from(
    [None, True, 0, 1, 10, 1.5, 10001, "", "x", "minute", "10/minute", "edit", "deny", "allow", "grant", "*", [], {}]
)
lists: st.SearchStrategy[Json] = values | st.lists(
    values | st.sampled_from(["td.delete", "file.read(/a/**)", "net(a.b)", "import(a)", "guard", "scipy"]), max_size=3
)
limits: st.SearchStrategy[Json] = st.fixed_dictionaries(
    {}, optional={"counter": values, "window": values, "max": values, "scope": values, "extra": values}
)
rules: st.SearchStrategy[Json] = st.fixed_dictionaries(
    {},
    optional={
        "action": values,
        "reason": values,
        "rate_limit": values | st.fixed_dictionaries({"max": values, "window": values}),
        "script": values | st.fixed_dictionaries({"profile": values}, optional={"allow": lists, "modules": lists}),
        "limits": values | st.lists(limits, max_size=1),
    },
)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "version": values, "default": values, "hide": values | st.lists(values, max_size=2), "tools": values
            | st.dictionaries(st.sampled_from(["a", "*", "b c"]), values | rules, max_size=1), "description": values,
        },
    )
)  # fmt: skip
def test_schema_and_loader_agree_on_any_document(document: Json) -> None:
    assert loads(document) == VALIDATOR.is_valid(document)
