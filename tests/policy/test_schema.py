"""schema.json describes the documents that load.py accepts."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import td_extension.policy
from td_extension.policy import argument_schema
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
    {"default": "require_approval", "default_reason": "r"},
    {"all_tools": {"limits": []}},
    {"all_tools": {"limits": [], "rules": [{"action": "deny", "when": {"perform_mode": True, "risk": {"neq": "read"}}}]}},
    {"all_tools": {"deny_if": [{"conditions": [{"hour": {"gte": 22}}], "on_deny": "too late"}]}},
    {"tools": {"*": {"rules": [{"name": "n", "rate_limit": "60/minute"}]}}},
    {"grants": {"required": True, "overlays": {"stage": {"hide": ["x"], "all_tools": {}, "tools": {"x": {}, "*": {}}}}}},
    {"grants": {}},
    rule({"rules": []}), rule({"rules": [{}, {"reason": "r"}]}), rule({"require": [], "deny_if": []}),
    rule({"rules": [{"action": "evaluate", "rate_limit": {"max": 1, "window": 60}}, {"validate": {"required_args": True}}]}),
    rule({"rules": [{"name": "n", "conditions": [{"path": "args.x", "op": "eq", "value": None}], "on_deny": "no"}]}),
    rule({"action": "require_approval", "conditions": [{"path": "args.x", "op": "gt", "value": 5}]}),
    rule({"conditions": [{"path": "state.create_td_node.c", "op": "lte", "value": 5}],
          "state": {"counter": "c", "window": "day", "increment": 0}}),
    rule({"conditions": [{"path": "state.create_td_node.c", "op": "lt", "value": 500}],
          "state": {"counter": "c", "window": 60, "increment_from": "args.parameters.price"}}),
    rule({"when": [{"grant": ["a", "b"]}, {"op_type": "textDAT"}, {"target": "/project1"}, {"script.lines": {"lt": 9}}]}),
    rule({"when": {"any": [{"perform_mode": False}, {"not": [{"tool": "x"}]}], "all": [{"path": "args.a[all].b", "op": "exists", "value": True}]}}),
    rule({"nodes": "/project1"}), rule({"nodes": ["/project1/**", "/a*"]}),
    rule({"nodes": {"within": "/project1", "except": ["/project1/a"], "strict": True}}), rule({"nodes": {}}),
    rule({"args": {}}), rule({"args": {"properties": {"nodeType": {"enum": ["noiseTOP"]}}, "required": ["nodeType"]}}),
    rule({"limits": [{"frame_rate": 50}, {"counter": "c", "window": "day", "max": 10**12, "cost": "args.parameters.x", "on_deny": "no"},
                     {"counter": "d", "window": 60, "max": 2000, "cost": "main_thread_ms"}]}),
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
    {"version": 1}, {"version": "2"}, {"version": None}, {"default": "ask"}, {"default": None},
    {"description": 1}, {"unknown": 1}, {"hide": "x"}, {"hide": ["x", "x"]}, {"hide": [""]}, {"hide": [1]},
    {"hide": {}}, {"hide": ["x\n"]}, {"all_tools": []}, {"all_tools": {"rules": {}}}, {"tools": []},
    {"tools": {"**": {}}}, {"default_reason": 1}, {"default_reason": "x" * (MAX_REASON + 1)},
    {"grants": []}, {"grants": {"required": 1}}, {"grants": {"x": 1}}, {"grants": {"overlays": []}},
    {"grants": {"overlays": {"a b": {}}}}, {"grants": {"overlays": {"a": {"default": "allow"}}}},
    {"tools": {"a b": {}}}, {"tools": {"x" * (MAX_NAME + 1): {}}},
    {"tools": {f"t{index}": {} for index in range(MAX_TOOLS + 1)}},
    {"hide": [f"t{index}" for index in range(MAX_TOOLS + 1)]},
    rule(None), rule([]), rule({"action": "evaluate"}), rule({"action": "ask"}), rule({"action": True}),
    rule({"reason": "x" * (MAX_REASON + 1)}), rule({"reason": 1}), rule({"script": "god"}), rule({"script": {}}),
    rule({"script": {"profile": "edit", "x": 1}}), rule({"script": {"allow": ["td.delete"]}}),
    rule({"script": "edit +td.delete"}),
    *(rule({"script": {"profile": "edit", key: value}}) for key in ("allow", "deny", "ask", "modules")
      for value in (None, "td.delete", {}, [1], ["guard"] if key != "modules" else ["_x"], ["td.delete "], [""], ["td.delete"] * 65)),
    *(rule({"script": {"profile": "edit", "allow": [word]}}) for word in (
        "td.delte", "td.delete(x)", "file.read()", "file.read(data/**)", "file.read(//server/x)", "net()", "import(_x)",
        "file.read(/a)\n", "TD.DELETE", "modules")),
    *(rule({"script": {"profile": "edit", key: ["file.read(/a/**)"]}}) for key in ("deny", "ask", "modules")),
    rule({"rules": {}}), rule({"require": {}}), rule({"deny_if": [{}]}), rule({"nodes": []}), rule({"limits": {}}),
    rule({"rules": [{"name": "n"}]}), rule({"rules": [{"name": "n", "on_deny": "no"}]}), rule({"rules": [{"rules": []}]}), rule({"rules": [None]}),
    rule({"rules": [{"action": "allow"}] * 101}), rule({"name": 1}), rule({"on_deny": 1}),
    rule({"action": "deny", "conditions": [{"path": "args.x", "op": "eq", "value": 1}]}),
    rule({"action": "deny", "rate_limit": "1/day"}),
    rule({"action": "deny", "conditions": [{"path": "state.create_td_node.c", "op": "lte", "value": 5}], "state": {"counter": "c", "window": "day"}}),
    rule({"rate_limit": "1/day", "conditions": [{"path": "args.x", "op": "eq", "value": 1}]}),
    rule({"rate_limit": "1/day", "state": {"counter": "c", "window": "day"}}),
    rule({"action": "require_approval", "when": {"perform_mode": True}, "conditions": [{"path": "args.x", "op": "eq", "value": 1}]}),
    *(rule({"conditions": value}) for value in ([], {}, [{}], [1], [{"path": "args.x"}], [{"op": "eq", "value": 1}])),
    *(rule({"conditions": [{"path": "args.x", "op": op, "value": value}]}) for op, value in (
        ("equals", 1), ("lt", "5"), ("gte", True), ("in", "a"), ("not_in", {}), ("regex", 1), ("exists", "yes"), ("path_in", 1),
        ("path_in", []), ("path_in", ["a"]))),
    *(rule({"when": value}) for value in ({}, [], 1, {"x": 1}, {"perform_mode": "on"}, {"perform_mode": {}}, {"hour": "9"},
        {"hour": {"regex": "9"}}, {"tool": 1}, {"any": []}, {"any": {}}, {"not": 1}, {"op_type": 1}, {"target": ["a"]})),
    *(rule({"nodes": value}) for value in (1, "project1", {"within": []}, {"strict": 1}, {"x": 1}, ["/a"] * 65)),
    *(rule({"args": value}) for value in (1, [], {"oneOf": []})),
    *(rule({"validate": value}) for value in (True, {"required_args": 1}, {"x": True})),
    *(rule({"state": {"counter": "c", "window": "day", **value}}) for value in (
        {"counter": ""}, {"window": "week"}, {"window": 0}, {"increment": -1}, {"increment": 1.5}, {"increment_from": "price"},
        {"increment_from": "main_thread_ms"}, {"x": 1})),
    *(rule({"limits": [value]}) for value in ({"frame_rate": 0}, {"frame_rate": True}, {"frame_rate": 50, "max": 1})),
    limit(cost="price"), limit(cost="args."), limit(cost=1), limit(on_deny=1), limit(cost="args.x", max=10**12 + 1),
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
    assert definitions["limit"]["properties"]["scope"]["enum"] == [scope.value for scope in Scope]
    actions = [action.value for action in Action]
    assert definitions["keys"]["properties"]["action"]["enum"] == [*actions, "evaluate"]
    assert SCHEMA["properties"]["default"]["enum"] == actions
    assert definitions["condition"]["properties"]["op"]["enum"] == [operator.value for operator in Operator]
    facts = set(definitions["condition"]["properties"]) - {"path", "op", "value", "any", "all", "not"}
    assert facts == set(FACTS) - {"args"}
    assert set(definitions["keys"]["properties"]["args"]["propertyNames"]["enum"]) == set(argument_schema._KEYWORDS)
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


def described() -> list[str]:
    """The names of the schema's keys that have no description of their own nor by their definition."""
    found = []
    for place in [SCHEMA["properties"], *(one.get("properties", {}) for one in SCHEMA["$defs"].values())]:
        for name, key in place.items():
            definition = SCHEMA["$defs"].get(key.get("$ref", "").rpartition("/")[2], {})
            if "description" not in key and "description" not in definition and name not in ("limits", "max"):
                found.append(name)
    return found


def test_an_editor_can_say_of_every_key_what_it_means() -> None:
    assert described() == []


def test_every_example_of_the_schema_validates() -> None:
    def examples(schema: Json) -> list[tuple[Json, Json]]:
        inside = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else []
        found = [pair for one in inside for pair in examples(one)]
        if isinstance(schema, dict) and isinstance(schema.get("examples"), list):
            found += [(schema, example) for example in schema["examples"]]
        return found

    pairs = examples({key: value for key, value in SCHEMA.items() if key != "examples"})
    assert len(pairs) > 15
    for schema, example in pairs:
        assert VALIDATOR.evolve(schema={**schema, "$defs": SCHEMA["$defs"]}).is_valid(example), (schema, example)


# -- any document of the language's keys -------------------------------------------------------------------------------

words: st.SearchStrategy[Json] = values | st.sampled_from(["args.x", "args.a[0]", "state.a.c", "risk", "eq", "lt", "in", "/a", "day"])
leaves: st.SearchStrategy[Json] = st.fixed_dictionaries(
    {"path": st.sampled_from(["args.x", "state.a.c", "state._global.c", "risk", "x"]),
     "op": st.sampled_from(["eq", "in", "lt", "lte", "regex", "exists", "path_in", "x"]),
     "value": values | st.sampled_from([[1], ["/a"], "/a", "a+", -1, 1e30])},
)  # fmt: skip
conditions: st.SearchStrategy[Json] = st.recursive(
    leaves | st.dictionaries(st.sampled_from([*FACTS, "path", "x"]), words | st.dictionaries(words.filter(lambda one: isinstance(one, str)), words, max_size=2), max_size=2),
    lambda inner: st.fixed_dictionaries({}, optional={joint: inner | st.lists(inner, max_size=2) for joint in ("any", "all", "not")}),
    max_leaves=4,
)
clauses: st.SearchStrategy[Json] = values | st.lists(
    st.fixed_dictionaries({}, optional={"conditions": values | st.lists(conditions, max_size=2), "on_deny": values}), max_size=2
)
whole: st.SearchStrategy[Json] = st.fixed_dictionaries(
    {},
    optional={
        "name": words, "action": st.sampled_from(["allow", "deny", "require_approval", "evaluate"]), "reason": words, "on_deny": words,
        "when": conditions | st.lists(conditions, max_size=2), "conditions": st.lists(conditions, max_size=2),
        "require": clauses, "deny_if": clauses,
        "limits": st.lists(limits | st.just({"frame_rate": 5}) | st.just({"counter": "c", "window": 1, "max": 10**9, "cost": "args.x"}), max_size=2),
        "rate_limit": st.sampled_from(["1/day", "x"]),
        "state": st.fixed_dictionaries({}, optional={"counter": st.just("c") | words, "window": words, "increment": words, "increment_from": words}),
        "nodes": words | st.lists(words, max_size=2) | st.fixed_dictionaries({}, optional={"within": words, "except": lists, "strict": words}),
        "args": st.fixed_dictionaries({}, optional={"type": words, "properties": words, "pattern": words, "x": words}),
        "validate": words | st.fixed_dictionaries({}, optional={"required_args": words}),
    },
)  # fmt: skip


@settings(max_examples=200)
@given(whole, st.lists(whole, max_size=2), st.sampled_from(["tool", "rules", "all_tools", "overlay"]))
def test_what_loads_is_what_the_schema_describes(first: Json, listed: Json, where: str) -> None:
    document: Json = {
        "tool": {"tools": {"a": first}},
        "rules": {"tools": {"a": {"rules": listed}}},
        "all_tools": {"all_tools": {**first, "rules": listed}},
        "overlay": {"grants": {"overlays": {"a": {"tools": {"*": first}}}}},
    }[where]
    assert VALIDATOR.is_valid(document) or not loads(document)
