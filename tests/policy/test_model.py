"""Profiles, names of tools, and the digest of a policy."""

from __future__ import annotations

import pytest

from td_extension.policy.load import load_json
from td_extension.policy.pointer import pointer_to
from td_extension.policy.script_rule import DEFAULT_PROFILE, PROFILES
from td_extension.policy.tools import TOOLS, Risk
from td_extension.values import Capability


def digest(text: str, origin: str = "a") -> str:
    return load_json(text, origin).policy.digest


def test_each_profile_holds_all_of_the_smaller_one() -> None:
    assert PROFILES["inspect"] < PROFILES["edit"] < PROFILES["build"] < PROFILES["trusted"]


def test_edit_is_the_default_and_can_read_write_and_create() -> None:
    assert DEFAULT_PROFILE == "edit"
    assert PROFILES["edit"] == {Capability.TD_READ, Capability.TD_WRITE, Capability.TD_CREATE}


def test_build_adds_deleting_and_code() -> None:
    assert PROFILES["build"] - PROFILES["edit"] == {Capability.TD_DELETE, Capability.TD_CODE}


def test_no_profile_holds_what_cannot_be_granted() -> None:
    withheld = {Capability.GUARD, Capability.PROCESS, Capability.REFLECTION, Capability.DYNAMIC}
    assert PROFILES["trusted"] == set(Capability) - withheld


def test_touchdesigner_mcp_has_fourteen_tools_of_which_one_destroys() -> None:
    assert len(TOOLS) == 14
    assert [name for name, risk in TOOLS.items() if risk is Risk.DESTRUCTIVE] == ["delete_td_node"]


def test_the_digest_does_not_depend_on_the_order_of_keys_or_on_the_origin() -> None:
    one = '{"version": "1", "default": "deny", "hide": ["x", "y"], "tools": {"a": {"rate_limit": "1/day"}, "b": {}}}'
    other = '{"tools": {"b": {}, "a": {"rate_limit": "1/day"}}, "hide": ["y", "x"], "version": "1"}'
    assert digest(one, "a") == digest(other, "b")


@pytest.mark.parametrize(
    "changed",
    [
        '{"version": "1", "default": "allow", "tools": {"a": {}}}',
        '{"version": "1", "tools": {"a": {"action": "deny"}}}',
        '{"version": "1", "tools": {"a": {"reason": "r"}}}',
        '{"version": "1", "tools": {"a": {"rate_limit": "1/day"}}}',
        '{"version": "1", "tools": {"a": {"script": "edit"}}}',
        '{"version": "1", "tools": {"a": {}}, "hide": ["a"]}',
        '{"version": "1", "tools": {"a": {}, "b": {}}}',
        '{"version": "1", "tools": {"a": {}}, "all_tools": {"limits": [{"counter": "c", "window": 1, "max": 1}]}}',
    ],
)
def test_the_digest_changes_with_every_rule(changed: str) -> None:
    assert digest(changed) != digest('{"version": "1", "tools": {"a": {}}}')


@pytest.mark.parametrize("field", ['"counter": "d"', '"max": 2', '"window": 2', '"scope": "tool"'])
def test_the_digest_covers_every_field_of_a_limit(field: str) -> None:
    limit = {"counter": '"counter": "c"', "max": '"max": 1', "window": '"window": 1', "scope": '"scope": "grant"'}

    def text(fields: dict[str, str]) -> str:
        return '{"version": "1", "tools": {"a": {"limits": [{' + ", ".join(fields.values()) + "}]}}}"

    assert digest(text(limit)) != digest(text({**limit, field.split('"')[1]: field}))


def test_a_loaded_policy_cannot_be_changed() -> None:
    policy = load_json('{"version": "1", "tools": {"a": {}}}', "a").policy
    with pytest.raises(TypeError):
        policy.tools["b"] = policy.tools["a"]  # type: ignore[index]


def test_a_pointer_escapes_tilde_and_slash() -> None:
    assert pointer_to("tools", "a/b~c", 0) == "/tools/a~1b~0c/0"
