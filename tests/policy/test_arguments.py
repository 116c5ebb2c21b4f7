"""Arguments by JSON Schema: the tools' own, and a policy's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from td_extension.policy.argument_document import read_schema
from td_extension.policy.argument_schema import SchemaError, schema_of
from td_extension.policy.arguments import built_in, check, missing
from td_extension.policy.json_text import parse
from td_extension.policy.reading import Reading
from td_extension.policy.tool_schemas import TOOL_SCHEMAS
from td_extension.policy.tools import CLIENT_TOOL, TOOLS
from td_extension.protocols.routes import ROUTES
from td_extension.values import Code


def code(tool: str, **args: Any) -> Code | None:
    schema = built_in(tool)
    assert schema is not None
    flaw = check(schema, args)
    return flaw.code if flaw else None


# -- the tools' own ----------------------------------------------------------------------------------------------------


def test_every_tool_that_reaches_touchdesigner_has_a_schema() -> None:
    assert set(TOOL_SCHEMAS) == set(TOOLS) - {CLIENT_TOOL}


def test_the_schemas_name_what_the_routes_carry() -> None:
    for route in ROUTES:
        schema = built_in(route.tool)
        assert schema is not None
        assert {name for name, _ in schema.properties} == {argument.name for argument in route.arguments}
        assert set(schema.required) == {argument.name for argument in route.arguments if argument.required}


@pytest.mark.parametrize("tool", TOOL_SCHEMAS)
def test_the_schemas_are_json_schemas_and_close_every_tool(tool: str) -> None:
    Draft202012Validator.check_schema(TOOL_SCHEMAS[tool])
    required = {name: "x" for name in TOOL_SCHEMAS[tool]["required"] if name != "properties"}
    if tool == "update_td_node_parameters":
        required["properties"] = {}
    assert code(tool, **required) is None
    assert code(tool, **required, more=1) is Code.UNKNOWN_ARGUMENT


@pytest.mark.parametrize(
    ("tool", "args", "expected"),
    [
        ("get_td_nodes", {"parentPath": "/a", "includeProperties": "true"}, None),
        ("get_td_nodes", {"parentPath": "/a", "includeProperties": "yes"}, Code.MISTYPED_ARGUMENT),
        ("get_td_nodes", {"parentPath": ["/a"]}, Code.MISTYPED_ARGUMENT),
        ("get_td_nodes", {}, Code.MISSING_ARGUMENT),
        ("get_td_nodes", {"parentpath": "/a"}, Code.MISSING_ARGUMENT),
        ("exec_node_method", {"nodePath": "/a", "method": "x", "args": [1, "a", True]}, None),
        ("exec_node_method", {"nodePath": "/a", "method": "x", "args": [{}]}, Code.MISTYPED_ARGUMENT),
        ("exec_node_method", {"nodePath": "/a", "method": ""}, Code.MISTYPED_ARGUMENT),
        ("get_top_image", {"nodePath": "/a", "maxSize": None}, None),
        ("get_top_image", {"nodePath": "/a", "maxSize": 16385}, Code.MISTYPED_ARGUMENT),
        ("get_top_image", {"nodePath": "/a", "maxSize": True}, Code.MISTYPED_ARGUMENT),
        ("get_top_image", {"nodePath": "/a", "maxSize": 1.5}, Code.MISTYPED_ARGUMENT),
        ("create_td_node", {"parentPath": "/a", "nodeType": "textDAT", "parameters": {"x": 1}}, None),
    ],
)
def test_unknown_missing_and_mistyped_arguments_are_told_apart(tool: str, args: Any, expected: Code | None) -> None:
    assert code(tool, **args) is expected


def test_required_arguments_that_are_missing_are_named() -> None:
    assert missing("create_td_node", {"nodeType": "textDAT"}) == ("parentPath",)
    assert missing("a_tool_that_is_not_known", {}) == ()


# -- a policy's --------------------------------------------------------------------------------------------------------

SCHEMA = {
    "properties": {
        "nodePath": {"type": "string", "pattern": "^/project1/", "maxLength": 40},
        "amount": {"type": "number", "exclusiveMinimum": 0, "maximum": 10},
        "mode": {"enum": ["a", 1, True, None, [1, {"x": 2}]]},
        "list": {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 3},
    },
    "required": ["nodePath"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ({}, "args.nodePath is missing"),
        ({"nodePath": "/other"}, "args.nodePath must match '^/project1/'"),
        ({"nodePath": "/project1/" + "a" * 40}, "args.nodePath must have from 0 to 40 characters"),
        ({"nodePath": "/project1/a", "amount": 0}, "args.amount must be above 0 and below inf"),
        ({"nodePath": "/project1/a", "amount": 11}, "args.amount must be from -inf to 10"),
        ({"nodePath": "/project1/a", "mode": "b"}, "args.mode must be one of 'a', 1, True, None, [1, {'x': 2}]"),
        ({"nodePath": "/project1/a", "list": []}, "args.list must have from 1 to 3 entries"),
        ({"nodePath": "/project1/a", "list": [1, "x"]}, "args.list[1] must be of the type integer"),
        ({"nodePath": "/project1/a", "x": 1}, "args.x is unknown; args takes: nodePath, amount, mode, list"),
    ],
)
def test_a_refused_argument_is_named_with_what_it_must_be(args: Any, message: str) -> None:
    flaw = check(schema_of(SCHEMA), args)
    assert flaw is not None
    assert flaw.message == message


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ('{"properties": {"a": {"$ref": "#"}}}', "line 1, column 31: the keyword '$ref' is not supported"),
        ('{"properties": {"a": {"type": "text"}}}', "line 1, column 31: the type is none of JSON's"),
        ('{"properties": {"a": {"pattern": "(a+)+$"}}}', "cannot be vetted"),
        ('{"properties": {"a": {"minLength": -1}}}', "write a whole number"),
        ('{"properties": {"a": {"enum": []}}}', "an enum has from 1"),
        ('{"required": "a"}', "expected a list of names"),
        ('{"properties": []}', "expected an object"),
        ("[]", "expected a JSON Schema"),
    ],
)
def test_a_wrong_schema_is_told_with_its_place(document: str, told: str) -> None:
    reading = Reading(document)
    assert read_schema(reading, parse(document).root, "/args") is None
    assert told in str(reading.findings.failure())


values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from([0.5, 1.0, 2.5]) | st.text("ab", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3),
    max_leaves=8,
)
kinds = st.sampled_from(["null", "boolean", "integer", "number", "string", "array", "object"])
leaves = st.fixed_dictionaries(
    {},
    optional={
        "type": kinds | st.lists(kinds, min_size=1, max_size=2, unique=True),
        "enum": st.lists(values, min_size=1, max_size=3),
        "minimum": st.integers(-3, 3),
        "exclusiveMaximum": st.integers(-3, 3),
        "minLength": st.integers(0, 2),
        "maxLength": st.integers(0, 3),
        "pattern": st.sampled_from(["^a", "b", "a+b"]),
        "minItems": st.integers(0, 2),
        "required": st.lists(st.sampled_from(["a", "b"]), max_size=2, unique=True),
    },
)
schemas = st.recursive(
    leaves,
    lambda inner: st.builds(
        lambda one, more: {**one, **more},
        leaves,
        st.fixed_dictionaries(
            {},
            optional={
                "items": inner,
                "properties": st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2),
                "additionalProperties": st.booleans() | inner,
            },
        ),
    ),
    max_leaves=4,
)


@settings(max_examples=300)
@given(schemas, st.dictionaries(st.sampled_from(["a", "b", "c"]), values, max_size=3))
def test_the_subset_decides_as_the_library_does(document: Any, args: Any) -> None:
    Draft202012Validator.check_schema(document)
    try:
        flaw = check(schema_of(document), args)
    except SchemaError as error:
        assume("too large" not in error.message)
        raise
    assert (flaw is None) == Draft202012Validator(document).is_valid(args)


@given(
    values
    | st.recursive(
        st.text(max_size=3),
        lambda one: st.dictionaries(st.sampled_from(["type", "enum", "items", "properties", "a"]), one),
    )
)
def test_any_data_is_a_schema_or_a_problem(document: Any) -> None:
    assume(isinstance(document, dict))
    reading = Reading(json.dumps(document))
    schema = read_schema(reading, parse(json.dumps(document)).root, "/args")
    assert (schema is None) == reading.findings.failed
    try:
        schema_of(document)
    except SchemaError:
        assert schema is None
