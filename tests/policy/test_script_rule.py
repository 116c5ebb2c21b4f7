"""What the scripts of a tool may do: a profile and its changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from td_extension.policy.script_rule import (
    CHANGEABLE,
    PROFILES,
    UNBOUNDED,
    RuleError,
    ScriptGrants,
    parse_addition,
    parse_capability,
    parse_rule,
    script_grants,
)
from td_extension.values import Capability

READ, DELETE, CODE = Capability.FILE_READ, Capability.TD_DELETE, Capability.TD_CODE


def problem(text: str) -> RuleError:
    with pytest.raises(RuleError) as caught:
        parse_rule(text)
    return caught.value


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_alone_grants_what_it_holds(name: str) -> None:
    grants = parse_rule(f" {name.upper()} ")
    assert (grants.profile, grants.granted, grants.ask, grants.text) == (name, PROFILES[name], frozenset(), name)


def test_changes_add_take_away_and_ask() -> None:
    grants = parse_rule("edit  +td.delete\t-TD.create ?td.code")
    assert grants.granted == {Capability.TD_READ, Capability.TD_WRITE, DELETE}
    assert grants.ask == {CODE}
    assert grants.text == "edit +td.delete -td.create ?td.code"


def test_what_is_asked_for_is_not_granted_whoever_else_allows_it() -> None:
    for text in ("build ?td.delete", "edit +td.delete ?td.delete"):
        grants = parse_rule(text)
        assert DELETE not in grants.granted
        assert grants.ask == {DELETE}
        assert not grants.allows(DELETE, "")


def test_a_capability_with_a_pattern_is_granted_only_there() -> None:
    grants = parse_rule("edit +file.read(/project/data/**) +file.read(C:/Program Files (x86)/x/*) +net(*.example.com)")
    assert READ not in grants.granted
    assert grants.allows(READ, "/project/data/a.csv")
    assert grants.allows(READ, "c:\\program files (x86)\\x\\a")
    assert grants.allows(Capability.NET, "api.example.com")
    assert not grants.allows(READ, "/project/data/../secret")
    assert not grants.allows(Capability.FILE_WRITE, "/project/data/a.csv")
    assert grants.scopes.told(READ) == "/project/data/**, c:/Program Files (x86)/x/*"


def test_a_capability_can_be_narrowed_by_denying_the_rest() -> None:
    grants = parse_rule("trusted -file.read +file.read(/project/data/**)")
    assert not grants.allows(READ, "/etc/passwd")
    assert grants.allows(READ, "/project/data/a")


def test_elsewhere_than_the_pattern_a_person_can_be_asked() -> None:
    grants = parse_rule("edit ?file.read +file.read(/project/data/**)")
    assert (grants.ask, grants.allows(READ, "/project/data/a")) == ({READ}, True)


def test_a_module_is_granted_with_what_lies_in_it() -> None:
    grants = parse_rule("edit +import(scipy)")
    assert grants.allows(Capability.IMPORT, "scipy.signal")
    assert not grants.allows(Capability.IMPORT, "scipyx")


@pytest.mark.parametrize(
    ("text", "found", "remedy"),
    [
        ("god", "found 'god', expected inspect, edit, build, trusted", "known are"),
        ("edti", "found 'edti'", "did you mean 'edit'?"),
        ("", "found ''", "known are"),
        ("+td.delete", "'+td.delete' changes no profile", "profile first"),
        ("edit +td.delte", "'td.delte' is no capability", "did you mean 'td.delete'?"),
        ("edit td.delete", "'td.delete' is no change", "write + - or ?"),
        ("edit + td.delete", "'' is no capability", "known are"),
        ("edit +td.delete,td.code", "'td.delete,td.code' is no capability", "known are"),
        ("edit +guard", "guard can never be granted", "remove it"),
        ("edit ?guard", "guard can never be granted", "remove it"),
        ("edit +td.delete -td.delete", "denied, and allowed", "keep one"),
        ("edit -td.delete ?td.delete", "denied, and allowed or asked for", "keep one"),
        ("edit +td.delete(x)", "td.delete takes no pattern", "without parentheses"),
        ("edit -file.read(/a/**)", "has a pattern", "after +"),
        ("edit +file.read(/a/../b)", "file.read: '..'", "leave out .."),
        ("edit +file.read(/a", "'+file.read(/a' is no change", "write +"),
        ("edit +net(http://x.y)", "net: 'http://x.y' is no host", "write a name"),
        ("edit +import(os;x)", "import: 'os;x' is no module", "dotted name"),
        ("trusted +file.read(/a/**)", "allowed everywhere", "deny file.read everywhere else"),
        ("edit +file.read +file.read(/a/**)", "allowed everywhere", "remove it"),
        ("edit " + " ".join(f"+net(h{n}.de)" for n in range(33)), "too many patterns", "keep to 32"),
        ("edit " + "+td.code " * 400, "characters", "keep it to 2,000"),
    ],
)
def test_a_rule_that_is_not_clear_is_refused_with_what_was_found_and_a_remedy(
    text: str, found: str, remedy: str
) -> None:
    error = problem(text)
    assert found in error.message
    assert remedy in error.remedy


def test_what_leads_out_of_the_guard_is_in_no_profile_and_granted_only_by_its_name() -> None:
    for one in UNBOUNDED:
        assert not any(one in granted for granted in PROFILES.values())
        assert one in parse_rule(f"edit +{one.value}").granted


def test_the_guard_is_in_no_list_of_words() -> None:
    assert set(CHANGEABLE) == {one.value for one in Capability} - {"guard"}


@pytest.mark.parametrize(
    "text", ["", "td.delete x", "td.delete(", "(x)", "td.delete()", "file.read(/a/**) ", "net(a.b)x"]
)
def test_what_a_document_lists_is_one_word_or_an_error(text: str) -> None:
    with pytest.raises(RuleError):
        parse_addition(text)
    with pytest.raises(RuleError):
        parse_capability(text)


words = st.sampled_from(
    [one.value for one in Capability] + ["file.read(/a/**)", "net(x.y)", "import(a)", "td.code(/a)"]
)
changes = st.lists(st.tuples(st.sampled_from("+-?"), words).map("".join), max_size=6)


def grants_or_none(text: str) -> ScriptGrants | None:
    try:
        return parse_rule(text)
    except RuleError as refused:
        error = refused
    assert error.message
    assert error.remedy
    return None


@given(st.sampled_from(list(PROFILES)), changes)
def test_any_rule_grants_no_more_than_it_says_and_never_the_guard(profile: str, said: list[str]) -> None:
    grants = grants_or_none(" ".join([profile, *said]))
    if grants is None:
        return
    added = {word[1:] for word in said if word[0] == "+"}
    assert {one.value for one in grants.granted - PROFILES[profile]} <= added
    assert not grants.granted & grants.ask
    assert Capability.GUARD not in grants.granted | grants.ask | set(grants.scopes.patterns)
    assert not any("-" + one.value in said for one in grants.granted)


@given(st.sampled_from(list(PROFILES)), changes)
def test_the_text_of_a_rule_means_the_same_rule(profile: str, said: list[str]) -> None:
    grants = grants_or_none(" ".join([profile, *said]))
    if grants is not None:
        assert parse_rule(grants.text) == grants
        assert parse_rule(grants.text).content() == grants.content()


@given(st.text(st.sampled_from("edit+-?() .*/\\tfilrnpo:C\n\u202e") | st.characters(), max_size=40))
def test_any_text_is_a_rule_or_an_error(text: str) -> None:
    grants_or_none(text)
    grants_or_none("edit +file.read(" + text)


def test_rules_that_differ_have_contents_that_differ_though_their_texts_look_alike() -> None:
    one = script_grants("edit", [parse_addition("net(a.b)"), parse_addition("net(c.d)")])
    other = script_grants("edit", [parse_addition("file.read(/a) +file.read(/b)")])
    both = script_grants("edit", [parse_addition("file.read(/a)"), parse_addition("file.read(/b)")])
    assert other.text == both.text
    assert len({str(rule.content()) for rule in (one, other, both)}) == 3
    assert script_grants("edit").content() == "edit"
