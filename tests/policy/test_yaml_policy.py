"""Policies from YAML documents: the same model as JSON, found by the file's name, and without PyYAML where it can."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from td_extension.policy.document import load_document, load_yaml
from td_extension.policy.load import load_json
from td_extension.policy.model import Action, Limit, Loaded, Scope
from td_extension.policy.problems import PolicyError, Problem, Severity
from td_extension.policy.source import PolicySource
from td_extension.values import Json

ROOT = Path(__file__).parents[2]
SPELLED = """\
# What the agent may do on the show machine.
version: "1"
default: deny
hide: [delete_td_node]
all_tools:
  limits:
  - {counter: all, window: minute, max: 120, scope: grant}
tools:
  get_td_nodes: {}
  execute_python_script:
    action: require_approval
    reason: >
      ask me first
    rate_limit: 10/minute
    script:
      profile: inspect
"""


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(PolicyError) as caught:
        load_yaml(text, "policy.yaml")
    return caught.value.problems


def only_problem(text: str) -> Problem:
    found = [problem for problem in problems(text) if problem.severity is Severity.ERROR]
    assert len(found) == 1, found
    return found[0]


def outcome(load: Callable[[str, str], Loaded], text: str) -> tuple[str | None, list[tuple[str, Severity]]]:
    """What loading gives, apart from places, origins and remedies: the digest, or None, and the problems."""
    try:
        loaded = load(text, "p")
    except PolicyError as error:
        return None, [(problem.message, problem.severity) for problem in error.problems]
    return loaded.policy.digest, [(problem.message, problem.severity) for problem in loaded.warnings]


# -- the same model ----------------------------------------------------------------------------------------------------


def test_every_key_of_the_document_has_its_yaml_spelling() -> None:
    loaded = load_yaml(SPELLED, "policy.yaml")
    rule = loaded.policy.tools["execute_python_script"][0]
    assert loaded.warnings == ()
    assert loaded.policy.default is Action.DENY
    assert loaded.policy.hide == {"delete_td_node"}
    assert loaded.policy.all_tools == (Limit("all", 120, 60.0, Scope.GRANT, "/all_tools/limits/0"),)
    assert (rule.action, rule.reason) == (Action.REQUIRE_APPROVAL, "ask me first")
    assert rule.script is not None
    assert rule.script.profile == "inspect"
    assert rule.limits[0].max == 10


def test_a_document_has_the_same_digest_in_both_languages() -> None:
    spelled = yaml.safe_load(SPELLED.replace(">\n", ">-\n"))
    assert load_json(json.dumps(spelled), "p.json").policy.digest == load_yaml(SPELLED, "p.yaml").policy.digest


def test_a_missing_version_is_a_warning() -> None:
    (warning,) = load_yaml("default: deny", "a").warnings
    assert '"version" is missing' in warning.message


def test_an_unknown_key_is_an_error_with_its_place_and_a_suggestion() -> None:
    problem = only_problem('version: "1"\ntools:\n  get_td_nodes:\n    acton: allow\n')
    assert problem.place == "line 4, column 5"
    assert problem.remedy == "did you mean 'action'?"


def test_a_bad_clause_is_refused_where_it_stands() -> None:
    text = 'version: "1"\ntools:\n  get_td_nodes:\n    require:\n    - conditions:\n      - {path: args.x, op: equals, value: 1}\n'
    problem = only_problem(text)
    assert problem.message == "unknown operator 'equals'"
    assert problem.place == "line 6, column 28"


def test_the_published_short_form_under_rules_loads_as_it_stands() -> None:
    text = "tools:\n  create_td_node:\n    rules:\n    - action: allow\n      rate_limit: 30/hour\n"
    (rule,) = load_document(text, "p.yaml").policy.tools["create_td_node"]
    assert [(limit.max, limit.window_s) for limit in rule.limits] == [(30, 3600.0)]


def test_a_tool_without_a_value_is_an_error_that_says_what_to_write() -> None:
    problem = only_problem('version: "1"\ntools:\n  get_td_nodes:\n')
    assert "found null (no value)" in problem.message
    assert problem.remedy == 'write {"action": "allow"}'


def test_a_version_that_is_no_text_is_an_error_that_says_what_to_write() -> None:
    assert only_problem("version: 1").remedy == 'write "version": "1"'


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("default: on", "true or false to others"),
        ("description: 10:30", "a number, a time or a date to others"),
        ("hide: [off]", "true or false to others"),
        ("tools: {no: {}}", "the key 'no' is no text"),
        ("tools: {create_td_node: {rate_limit: {max: 1_000, window: minute}}}", "'1_000' is a text to some"),
        ("tools: {create_td_node: {rate_limit: {max: 0o17, window: minute}}}", "'0o17' is a text to some"),
        ("default: deny\ndefault: allow", "occurs twice"),
        ("tools: {create_td_node: &rule {}}", "anchors"),
        ("hide: *", "aliases"),
        ("<<: {default: allow}", "merge keys"),
        ("default: !!str deny", "tags"),
        ("default: deny\n---\ndefault: allow", "second document"),
        ("default:\tallow", "a tab"),
    ],
)
def test_what_could_surprise_an_author_is_an_error(line: str, word: str) -> None:
    assert any(word in problem.message for problem in problems('version: "1"\n' + line))


def test_everything_that_is_wrong_is_reported_at_once() -> None:
    found = [problem.place for problem in problems('version: "1"\ndefault: on\nhide: [no]\ntools:\n  a:\n    b: 1\n')]
    assert {"line 2, column 10", "line 3, column 8", "line 6, column 5"} <= set(found)


words = st.sampled_from(
    [
        *("version", "default", "hide", "all_tools", "tools", "limits", "counter", "window", "max", "scope", "action"),
        *("reason", "rate_limit", "script", "profile", "rules", "1", "deny", "allow", "grant", "minute", "10/minute"),
        *("edit", "*", "on", "no", "10:30", "2001-12-14", "017"),
    ]
)
documents: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-20_000, 20_000) | st.floats(0.5, 1000, width=16) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=6),
    max_leaves=30,
)


@given(documents, st.booleans())
def test_yaml_and_json_are_decided_alike(document: Json, flow: bool) -> None:
    spelled = yaml.safe_dump(document, default_flow_style=flow, allow_unicode=True, sort_keys=False)
    in_yaml, in_json = outcome(load_yaml, spelled), outcome(load_json, json.dumps(document))
    assert in_yaml == in_json


@given(st.integers(0, len(SPELLED)), st.characters(), st.booleans())
def test_a_policy_with_one_changed_character_loads_or_is_a_policy_error(at: int, new: str, insert: bool) -> None:
    text = SPELLED[:at] + new + SPELLED[at + (not insert) :]
    digest, found = outcome(load_yaml, text)
    assert digest is not None or found[0][1] is Severity.ERROR


# -- which language ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["p.yaml", "p.yml", "P.YAML", "/show/night.2/p.yml"])
def test_a_name_that_ends_with_yaml_is_read_as_yaml(name: str) -> None:
    assert load_document("version: '1'", name).policy.origin == name


@pytest.mark.parametrize("name", ["p.json", "p.JSON", "p.yaml.json"])
def test_a_name_that_ends_with_json_is_read_as_json(name: str) -> None:
    assert load_document('{"version": "1"}', name).policy.origin == name
    with pytest.raises(PolicyError, match="not JSON"):
        load_document("version: '1'", name)


@pytest.mark.parametrize("name", ["p.txt", "p", "yaml", "p.yaml.bak", ".yaml", ""])
def test_any_other_name_is_an_error_with_the_remedy(name: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load_document('{"version": "1"}', name)
    (problem,) = caught.value.problems
    assert problem.remedy == "let it end with .json, .yaml or .yml"


def test_a_yaml_file_is_put_in_force(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(SPELLED, encoding="utf-8")
    source = PolicySource()
    assert source.load_file(tmp_path / "p.yaml")
    assert source.current is not None
    assert source.current.default is Action.DENY


@pytest.mark.parametrize("hidden", [b"# c\rdefault: allow\n", b"# c\xe2\x80\xa8default: allow\n"])
def test_a_line_that_hides_behind_an_odd_line_end_is_not_put_in_force(tmp_path: Path, hidden: bytes) -> None:
    (tmp_path / "p.yaml").write_bytes(b'version: "1"\n' + hidden)
    source = PolicySource()
    assert not source.load_file(tmp_path / "p.yaml")
    assert source.problems[0].place == "line 2, column 4"


def test_a_file_that_is_too_large_is_refused_as_such(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_bytes("é".encode() * 3_000_000)
    source = PolicySource()
    assert not source.load_file(tmp_path / "p.json")
    assert "too many" in source.problems[0].message


def test_a_file_that_is_not_utf_8_is_refused_as_such(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_bytes("version: '1'".encode("utf-16"))
    source = PolicySource()
    assert not source.load_file(tmp_path / "p.yaml")
    assert "UTF-8" in source.problems[0].remedy


# -- PyYAML ------------------------------------------------------------------------------------------------------------


def test_without_pyyaml_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    monkeypatch.delitem(sys.modules, "td_extension.policy.yaml_text")
    monkeypatch.delattr("td_extension.policy.yaml_text")
    problem = only_problem('version: "1"')
    assert "PyYAML" in problem.message
    assert problem.remedy == "install PyYAML in TouchDesigner's Python, or write the policy as JSON or in the table"


def test_the_component_imports_pyyaml_only_for_a_yaml_policy(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("version: '1'\ndefault: deny\n", encoding="utf-8")
    (tmp_path / "p.json").write_text('{"version": "1"}', encoding="utf-8")
    code = """\
import sys
from collections.abc import Callable
from pathlib import Path
from policyguard_cli.project import build
from td_headless import Runtime
folder = Path(sys.argv[1])
runtime = Runtime(folder=folder)
with runtime.install() as td:
    _, guard = build(td.root, port=0, touchdesigner_mcp=None)
    guard.par.Folder = str(folder / "audit")
    guard.Install()
    guard.par.Source, guard.par.File = "file", str(folder / "p.json")
    print(guard.ReloadPolicy(), "yaml" in sys.modules)
    guard.par.File = str(folder / "p.yaml")
    print(guard.ReloadPolicy(), "yaml" in sys.modules)
    guard.destroy()
runtime.close()
"""
    command = [sys.executable, "-c", code, str(tmp_path)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert result.stdout == "True False\nTrue True\n"
