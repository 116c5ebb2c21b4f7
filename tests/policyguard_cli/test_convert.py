"""`policyguard policy convert`: every spelling is written so that it reads as the same policy."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from policyguard_cli import policy_file
from policyguard_cli.application import app
from policyguard_cli.policy_writer.convert import NotConvertedError, convert
from policyguard_cli.policy_writer.spelling import Spelling
from policyguard_cli.policy_writer.table import renamed_rules, table_of
from policyguard_cli.policy_writer.yaml_text import yaml_text
from td_extension.policy.document import load_document
from td_extension.policy.model import Policy, make_policy
from td_extension.policy.table import COLUMNS, load_table

from . import policies

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
PRESET = Path(policy_file.__file__).parent.parent / "td_extension" / "policy" / "presets" / "default.tsv"


def policy_of(document: Any) -> Policy:
    return load_document(json.dumps({"version": "1", **document}), "p.json").policy


def rows_of(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.removesuffix("\n").split("\n")]


def not_held(document: Any) -> dict[str, str]:
    with pytest.raises(NotConvertedError) as caught:
        convert(policy_of(document), Spelling.TABLE)
    return {one.pointer: one.reason for one in caught.value.not_held}


# -- documents ---------------------------------------------------------------------------------------------------------


@given(st.one_of(policies.documents, policies.counting))
@SLOW
def test_a_policy_reads_as_the_same_from_json_and_yaml(document: Any) -> None:
    policy = policies.loaded(document)
    assume(policy is not None)
    assert policy is not None
    for to in (Spelling.JSON, Spelling.YAML):
        text = convert(policy, to).text
        read = load_document(text, f"p.{to.value}").policy
        assert read.digest == policy.digest
        assert read.description == policy.description
        assert names_of(read) == names_of(policy)


def names_of(policy: Policy) -> list[str]:
    every = [*policy.every_tool, *(rule for rules in policy.tools.values() for rule in rules)]
    return sorted(rule.name for rule in every)


@given(policies.tables)
@SLOW
def test_a_table_reads_as_the_same_from_json_and_the_table_made_of_that(rows: Any) -> None:
    policy = policies.loaded_table(rows)
    assume(policy is not None)
    assert policy is not None
    document = load_document(convert(policy, Spelling.JSON).text, "p.json").policy
    assert document.digest == policy.digest
    table = convert(document, Spelling.TABLE)
    assert (load_table(rows_of(table.text), "t").policy.digest == policy.digest) == (table.notes == ())


@given(policies.documents)
@SLOW
def test_what_a_table_holds_of_a_document_is_the_same_policy_but_for_the_names_of_counters(document: Any) -> None:
    policy = policies.loaded({**document, "grants": {}})
    assume(policy is not None)
    assert policy is not None
    table = table_of(policy)
    if table.not_held:
        with pytest.raises(NotConvertedError):
            convert(policy, Spelling.TABLE)
        return
    read = load_table(rows_of(convert(policy, Spelling.TABLE).text), "t").policy
    assert read.digest == make_policy(renamed_rules(policy, table.renamed), "").digest


@given(st.recursive(policies.values, lambda inner: st.dictionaries(policies.texts, inner, max_size=3), max_leaves=8))
def test_yaml_means_the_same_to_pyyaml_whatever_a_text_looks_like(value: Any) -> None:
    text = yaml_text({"value": value})
    assert yaml.safe_load(text) == {"value": value}


@pytest.mark.parametrize(
    "word", ["yes", "No", "on", "y", "1", "1.5", "null", "~", "2024-01-01", "0o17", "10:30", "=", "<<"]
)
def test_a_text_that_a_yaml_reader_could_take_for_something_else_is_quoted(word: str) -> None:
    assert yaml_text({"k": word, word: "v"}) == f'k: "{word}"\n"{word}": v\n'


@pytest.mark.parametrize("to", [Spelling.JSON, Spelling.YAML])
def test_what_cannot_be_seen_is_escaped_and_what_can_is_not(to: Spelling) -> None:
    policy = policy_of(
        {"tools": {"create_td_node": {"require": [{"conditions": [
            {"path": "args.a", "op": "in", "value": ["日本", "\u202e\u2028\ufeff\x7f\U000e0001😀"]}]}]}}}
    )  # fmt: skip
    text = convert(policy, to).text
    assert "日本" in text
    assert "😀" in text
    assert not re.search("[\u202e\u2028\ufeff\x7f\U000e0001]", text)


def test_conditions_nested_to_the_bound_stay_within_it() -> None:
    inner: Any = {"perform_mode": True, "path": "args.a", "op": "eq", "value": 1}
    for _ in range(7):
        inner = {"any": [inner, {"hour": 3}], "not": {"risk": "read"}, "frame_rate": {"lt": 3, "gt": 1}}
    for document in ({"when": inner}, {"require": [{"conditions": [inner]}]}, {"when": {"not": [inner["any"][0]] * 2}}):
        policy = policy_of({"tools": {"create_td_node": document}})
        assert load_document(convert(policy, Spelling.JSON).text, "p.json").policy.digest == policy.digest


def test_a_fact_that_is_asked_much_about_stays_one_object() -> None:
    asked = {fact: {"eq": 1, "neq": 2, "lt": 3, "lte": 3, "gt": 0, "gte": 0, "in": [1]} for fact in
             ("hour", "frame_rate", "script.lines")}  # fmt: skip
    texts = {fact: {"eq": "a", "neq": "b", "in": ["a"], "not_in": [], "regex": "a", "contains": "a", "exists": True}
             for fact in ("tool", "risk", "caller", "grant", "op_type", "op_family", "parameter_kind")}  # fmt: skip
    for key in ("when", "conditions"):
        value = {**asked, **texts} if key == "when" else [{**asked, **texts}]
        policy = policy_of({"tools": {"create_td_node": {key: value}}})
        assert load_document(convert(policy, Spelling.JSON).text, "p.json").policy.digest == policy.digest


def test_intercept_s_conditions_keep_their_meaning() -> None:
    policy = policy_of({"tools": {"create_td_node": {"rules": [
        {"action": "require_approval", "conditions": [{"path": "args.a", "op": "eq", "value": 1}]},
        {"conditions": [{"path": "args.b", "op": "eq", "value": "1"}, {"any": [{"path": "args.b", "op": "eq", "value": 1}]}]},
    ]}}})  # fmt: skip
    document = json.loads(convert(policy, Spelling.JSON).text)
    first, second = document["tools"]["create_td_node"]["rules"]
    assert first == {"action": "require_approval", "conditions": [{"path": "args.a", "op": "eq", "value": 1}]}
    assert second["require"][0]["conditions"][1] == {"all": [{"path": "args.b", "op": "eq", "value": 1}]}


def test_an_overlay_is_written_as_what_it_adds() -> None:
    grants = {
        "required": True,
        "overlays": {
            "stage": {
                "hide": ["get_top_image"],
                "tools": {"delete_td_node": {}},
                "all_tools": {"nodes": {"within": ["/a"]}},
            },
            "same": {},
        },
    }
    document = {
        "default": "deny",
        "hide": ["get_td_info"],
        "all_tools": {"limits": [{"counter": "c", "window": "minute", "max": 3}, {"frame_rate": 30}]},
        "tools": {"delete_td_node": {"action": "deny"}, "get_td_nodes": {}},
        "grants": grants,
    }
    assert json.loads(convert(policy_of(document), Spelling.JSON).text) == {"version": "1", **document}


# -- tables ------------------------------------------------------------------------------------------------------------


def test_a_table_s_row_comes_back_as_it_was() -> None:
    rows = [
        COLUMNS,
        ("*", "deny", "120/minute; 50 fps", "global", "", "/project1 -/project1/ui2", "", "not listed"),
        ("*", "deny", "", "", "", "", "perform_mode; risk != read", "the show runs"),
        ("execute_python_script", "allow", "10/minute; 2000 ms/minute", "", "edit +td.delete ?td.code", "", "", ""),
        (
            "execute_python_script",
            "ask",
            "3/90 s",
            "tool",
            "",
            "",
            "not hour < 18; op_type in textDAT, tableDAT",
            "late",
        ),
        ("get_td_classes", "hide", "", "", "", "", "", ""),
    ]
    assert convert(load_table(rows, "t").policy, Spelling.TABLE).text == "".join("\t".join(row) + "\n" for row in rows)


def test_what_a_table_cannot_hold_is_named_with_its_pointer() -> None:
    clause = [{"conditions": [{"path": "args.a", "op": "exists", "value": True}]}]
    document = {
        "description": "d",
        "hide": "*",
        "grants": {"required": True, "overlays": {"stage": {}}},
        "all_tools": {"deny_if": clause},
        "tools": {
            "create_td_node": {
                "name": "n", "require": clause, "args": {"required": ["a"]}, "validate": {"required_args": True},
                "limits": [{"counter": "c", "window": 60, "max": 1, "on_deny": "no"}],
            },
            "delete_td_node": {"rules": [{}, {}, {"when": {"any": [{"perform_mode": True}, {"hour": 3}]}, "reason": " r"}]},
            "exec_node_method": {"action": "require_approval", "conditions": clause[0]["conditions"]},
            "get_td_nodes": {"script": {"profile": "edit", "allow": ["file.read(/a) b)"]}},
        },
    }  # fmt: skip
    found = not_held(document)
    assert set(found) == {
        "/description", "/hide", "/grants/required", "/grants/overlays/stage", "/all_tools", "/all_tools/deny_if/0",
        "/tools/create_td_node/name", "/tools/create_td_node/require/0", "/tools/create_td_node/args",
        "/tools/create_td_node/validate", "/tools/create_td_node/limits/0/on_deny", "/tools/delete_td_node/rules/1",
        "/tools/delete_td_node/rules/2/when/any", "/tools/delete_td_node/rules/2/reason",
        "/tools/exec_node_method/conditions/0", "/tools/get_td_nodes/script",
    }  # fmt: skip
    assert all(found.values())


@pytest.mark.parametrize(
    ("limits", "pointer"),
    [
        ([{"counter": "a", "max": 1, "window": 60}, {"counter": "b", "max": 2, "window": 60}], "/1"),
        ([{"counter": "a", "max": 1, "window": 60}, {"counter": "b", "max": 2, "window": 1, "scope": "tool"}], "/1"),
        ([{"counter": "a", "max": 1, "window": 0.1 + 0.2}], "/0"),
        ([{"counter": "a", "max": 1, "window": 60, "cost": "args.a b"}], "/0"),
        ([{"frame_rate": 12.3456789}], "/0"),
    ],
)
def test_a_limit_that_no_cell_holds_is_named(limits: Any, pointer: str) -> None:
    assert set(not_held({"tools": {"create_td_node": {"limits": limits}}})) == {
        f"/tools/create_td_node/limits{pointer}"
    }


def test_a_shared_counter_is_not_renamed() -> None:
    shared = {"limits": [{"counter": "c", "window": 60, "max": 3, "scope": "global"}]}
    found = not_held({"tools": {"create_td_node": shared, "delete_td_node": shared}})
    assert set(found) == {"/tools/create_td_node/limits/0", "/tools/delete_td_node/limits/0"}


def test_a_counter_of_its_own_is_renamed_and_said() -> None:
    written = convert(
        policy_of({"tools": {"create_td_node": {"limits": [{"counter": "c", "window": 60, "max": 3}]}}}), Spelling.TABLE
    )
    assert "create_td_node\tallow\t3/minute" in written.text
    assert written.notes == (
        "/tools/create_td_node/limits/0: the counter 'c' is called 'create_td_node/60s' in the table, and begins anew",
    )


# -- the command -------------------------------------------------------------------------------------------------------


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["policy", "convert", *map(str, arguments)])


@pytest.mark.parametrize(("to", "suffix"), [("json", ".json"), ("yaml", ".yml"), ("table", ".tsv")])
def test_the_shipped_table_is_written_in_every_spelling(to: str, suffix: str, tmp_path: Path) -> None:
    out = tmp_path / f"out{suffix}"
    result = run(PRESET, "--to", to, "-o", out)
    assert (result.exit_code, result.output) == (0, "")
    written, preset = policy_file.read(out), policy_file.read(PRESET)
    assert written.policy is not None
    assert preset.policy is not None
    assert written.policy.digest == preset.policy.digest


def test_without_a_place_it_is_printed() -> None:
    result = run(PRESET, "--to", "json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["default"] == "deny"


def test_what_cannot_be_held_is_exit_1_and_nothing_is_written(tmp_path: Path) -> None:
    file, out = tmp_path / "p.json", tmp_path / "out.tsv"
    file.write_text('{"version": "1", "description": "d"}', encoding="utf-8")
    result = run(file, "--to", "table", "-o", out)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{file}: /description: a table has no description\n" in result.stderr
    assert not out.exists()


def test_a_policy_beyond_yaml_s_bounds_is_exit_1(tmp_path: Path) -> None:
    file = tmp_path / "p.json"
    tools = {
        f"tool_{index}": {"limits": [{"counter": f"c{index}", "window": 60, "max": 1}] * 1} for index in range(1000)
    }
    tools = {
        name: {**rule, "reason": "x" * 450, "require": [{"conditions": [{"hour": 1}]}]} for name, rule in tools.items()
    }
    file.write_text(json.dumps({"version": "1", "tools": tools}), encoding="utf-8")
    result = run(file, "--to", "yaml")
    assert result.exit_code == 1
    assert "are too many for YAML" in result.stderr


def test_a_policy_that_does_not_load_is_exit_1(tmp_path: Path) -> None:
    file = tmp_path / "p.json"
    file.write_text("{", encoding="utf-8")
    result = run(file, "--to", "yaml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"{file}:1:2: error: ")


def test_files_that_cannot_be_opened_are_exit_2(tmp_path: Path) -> None:
    assert run(tmp_path / "missing.json", "--to", "yaml").exit_code == 2
    assert run(PRESET, "--to", "json", "-o", tmp_path).exit_code == 2


@pytest.mark.parametrize(
    "text",
    [
        '{"version":"1","tools":{"create_td_node":{"when":{"hour":{"in":[]}}}}}',
        '{"version":"1","tools":{"create_td_node":{"when":{"not":{"risk":"a"},"all":[{"hour":1},{"hour":2}]}}}}',
    ],
)
def test_a_contradiction_within_a_fact_or_a_group_is_a_warning_with_its_place(text: str, tmp_path: Path) -> None:
    file = tmp_path / "p.json"
    file.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(app, ["policy", "validate", str(file)])
    assert result.exit_code == 0
    assert re.match(rf"{re.escape(str(file))}:1:\d+: warning: .* can never hold", result.output)
