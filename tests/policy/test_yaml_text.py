"""YAML's spelling of values: what is read, what is refused, and where."""

from __future__ import annotations

import json
import re
import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from td_extension.policy.json_text import Node, Scalar
from td_extension.policy.yaml_text import MAX_CHARACTERS, MAX_TOKENS, Flaw, YamlDocument, YamlTextError, parse
from td_extension.values import Json


def plain(node: Node) -> Json:
    if isinstance(node.value, dict):
        return {key: plain(member.node) for key, member in node.value.items()}
    return [plain(item) for item in node.value] if isinstance(node.value, tuple) else node.value


def value(text: str) -> Json:
    document = parse(text)
    assert document.flaws == ()
    return plain(document.root)


def read_or_refused(text: str) -> YamlDocument | Flaw:
    try:
        return parse(text)
    except YamlTextError as error:
        return error.flaw


def refusal(text: str) -> Flaw:
    outcome = read_or_refused(text)
    assert isinstance(outcome, Flaw)
    return outcome


# -- what is read ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1", {"a": 1}),
        ("--- \na: 1\n...\n", {"a": 1}),
        ("\ufeffa: 1", {"a": 1}),
        ("a: 1\r\nb: 2\r\n", {"a": 1, "b": 2}),
        ('{"a": [1, {"b": null}], "c": {}}', {"a": [1, {"b": None}], "c": {}}),
        ("a:\n- b\n- - c\n  - d: e", {"a": ["b", ["c", {"d": "e"}]]}),
        ("# nothing\na: b # nothing either", {"a": "b"}),
        ("a:\nb: ''", {"a": None, "b": ""}),
        ("a: one\n  two\n\n  three", {"a": "one two\nthree"}),
        ("a: 'it''s'\nb: \"\\u00e9\\t\"", {"a": "it's", "b": "é\t"}),
        ("? a\n: b", {"a": "b"}),
        ("", None),
        ("# nothing", None),
        ("---", None),
    ],
)
def test_what_json_could_say_is_read(text: str, expected: Json) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("true", True), ("false", False), ("null", None), ("0", 0), ("-7", -7), ("1.5", 1.5), ("1e3", 1000.0),
        ("10/minute", "10/minute"), ("get_td_nodes", "get_td_nodes"), ("1st", "1st"), ("no one", "no one"),
        ("'on'", "on"), ('"1_000"', "1_000"), ("'2001-12-14'", "2001-12-14"), ("'<<'", "<<"), ('"*"', "*"),
    ],
)  # fmt: skip
def test_a_plain_word_is_json_s_or_a_text(written: str, expected: Scalar) -> None:
    found = value("a: " + written)["a"]
    assert (found, type(found)) == (expected, type(expected))


@pytest.mark.parametrize("indicator", [">", "|", ">-", "|-"])
def test_the_last_line_break_of_a_block_is_not_part_of_the_text(indicator: str) -> None:
    assert value(f"a: {indicator}\n  no more today\n") == {"a": "no more today"}


@pytest.mark.parametrize(
    ("text", "key", "at"),
    [("a: 1\nb:   two", "b", 10), ("a: 1\nb:\n  c: d", "b", 10), ("b: [x]", "b", 3), ("b: 'q'", "b", 3)],
)
def test_every_value_has_the_offset_where_it_begins(text: str, key: str, at: int) -> None:
    members = parse(text).root.value
    assert isinstance(members, dict)
    assert members[key].node.at == at
    assert text[members[key].at] == key


# -- what can be read in two ways --------------------------------------------------------------------------------------

TWO_WAYS = [
    *("y", "n", "Y", "N", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF"),
    *("True", "TRUE", "False", "FALSE", "~", "Null", "NULL", "=", "<<"),
    *("1_000", "0o17", "017", "0x1F", "0b11", "+1", "+12", "10:30", "190:20:30", "-1:30", "190:20:30.15", "0:0"),
    *(".5", "1.", "-.5", "1.2.3", "6_8.5", "1_0e+3", ".inf", "-.Inf", "+.INF", ".nan", ".NaN"),
    *("2001-12-14", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.10 -5", "2002-1-1 1:1:1Z"),
]


@pytest.mark.parametrize("word", TWO_WAYS)
def test_a_word_that_readers_disagree_about_is_a_flaw_where_it_stands(word: str) -> None:
    (flaw,) = parse(f"default: {word}").flaws
    assert flaw.at == len("default: ")
    assert repr(word) in flaw.message
    assert f"write it in quotes: {word!r}" in flaw.remedy


@pytest.mark.parametrize("word", [*TWO_WAYS, "true", "false", "null", "1", "-1.5", "1e3"])
def test_a_key_that_is_no_plain_text_is_a_flaw(word: str) -> None:
    (flaw,) = parse(f"{word}: deny").flaws
    assert flaw.at == 0
    assert "key" in flaw.message


@pytest.mark.parametrize("word", [*TWO_WAYS, "true", "1", "null"])
def test_in_quotes_any_word_is_a_text(word: str) -> None:
    assert value(f"'{word}': \"{word}\"") == {word: word}


def test_all_flaws_are_found() -> None:
    messages = " | ".join(flaw.message for flaw in parse("a: on\na: 1_0\nyes: [~, x]\n?\n: y").flaws)
    for word in ("'on'", "'a' occurs twice", "'1_0'", "'yes'", "'~'", "a key is missing"):
        assert word in messages


YAML_1_2 = re.compile(
    r"null|Null|NULL|~|true|True|TRUE|false|False|FALSE|[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
    r"|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
"""What YAML 1.2.2, section 10.3.2, does not take for a text."""

plain_words = (
    st.text(alphabet="0123456789_.:+-eExob", min_size=1, max_size=8)
    | st.text(alphabet="yesnoffultrYNOETF~<=", min_size=1, max_size=5)
    | st.from_regex(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ][0-9:.+Zz -]{0,12})?", fullmatch=True)
    | st.from_regex(YAML_1_2, fullmatch=True)
)


@given(plain_words)
def test_no_word_means_here_what_it_does_not_mean_to_every_yaml_reader(word: str) -> None:
    try:
        document = parse(f"a: {word}")
        theirs = yaml.safe_load(f"a: {word}")
    except (YamlTextError, yaml.YAMLError, ValueError):  # PyYAML raises the last one for a day that does not exist
        return
    ours = plain(document.root)
    if document.flaws or not isinstance(ours, dict):
        return
    if isinstance(ours["a"], str):
        assert theirs == ours
        assert not YAML_1_2.fullmatch(word)
    else:
        assert json.loads(word) == ours["a"]


# -- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "at", "message", "remedy"),
    [
        ("a: &x 1", 3, "anchors", "write the value out"),
        ("hide: *", 6, "aliases", 'write "*"'),
        ("a: *x", 3, "aliases", "write the value out"),
        ("a: !!str 1", 3, "tags", "quotes"),
        ("a: !!python/object/apply:os.system ['true']", 3, "tags", "remove"),
        ("a: !<tag:yaml.org,2002:str> 1", 3, "tags", "remove"),
        ("%YAML 1.2\n---\na: 1", 0, "directives", "remove the line"),
        ("%TAG ! tag:x,2000:\n--- !a b", 0, "directives", "remove the line"),
        ("a: 1\n---\nb: 2", 5, "second document", "keep one"),
        ("a:\n\tb: 1", 3, "a tab", "indent with spaces"),
        ("a: 1\rb: 2", 4, "U+000D", "remove it"),
        ("a: 1 # \u2028b: 2", 7, "U+2028", "remove it"),
        ("a: 1 \x85b: 2", 5, "U+0085", "remove it"),
        ("a: 1 # \u202e", 7, "U+202E", "remove it"),
        ("a: \0", 3, "U+0000", "remove it"),
        ("a: \ud800", 3, "U+D800", "remove it"),
        ('a: "\\UFFFFFFFF"', 3, "names no character", "write the character"),
        ('a: "\\q"', 5, "not YAML here", "quotes"),
        ("a: 'x", 5, "not YAML here", "quotes"),
        ("a: b: c", 4, "not YAML here", "colons"),
        ("a: [1", 5, "not YAML here", "look at"),
        ("a: @x", 3, "not YAML here", "look at"),
        ("? [a]\n: b", 2, "stands where a key is expected", "key: value"),
        ("{a: b}: c", 0, "stands where a key is expected", "key: value"),
        ("a: " + "9" * 41, 3, "too long", "smaller number"),
        ("a: 1e999", 3, "too large", "smaller number"),
        ("[" * 100_000, 32, "nested too deeply", "32 levels"),
        ("- " * 100_000, 64, "nested too deeply", "32 levels"),
        ("x" * (MAX_CHARACTERS + 1), 0, "too many", "524,288"),
        ("[" + "a," * MAX_TOKENS + "]", MAX_TOKENS, "30,000 parts", "smaller policy"),
    ],
)  # fmt: skip
def test_what_a_policy_may_not_use_is_refused_where_it_stands(text: str, at: int, message: str, remedy: str) -> None:
    flaw = refusal(text)
    assert flaw.at == at
    assert message in flaw.message
    assert remedy in flaw.remedy


def test_half_a_character_is_a_flaw() -> None:
    (flaw,) = parse('a: "\\ud83d"').flaws
    assert (flaw.at, "lone surrogate" in flaw.message) == (3, True)


def test_a_key_that_occurs_twice_is_a_flaw_and_the_first_one_counts() -> None:
    document = parse("a: 1\n'a': 2\n")
    assert plain(document.root) == {"a": 1}
    assert [flaw.at for flaw in document.flaws] == [5]


HALF = MAX_CHARACTERS // 2 - 10
HOSTILE = {
    "comments": "# x\n" * (MAX_CHARACTERS // 4),
    "blank lines": "\n" * MAX_CHARACTERS,
    "a text of many lines": "a: " + "x\n " * (MAX_CHARACTERS // 3 - 2),
    "a block of many lines": "a: |\n" + "  x\n" * (MAX_CHARACTERS // 4 - 2),
    "quotes": "a: '" + "''" * HALF + "'",
    "keys": "".join(f"k{index}: on\n" for index in range(40_000)),
    "the same key": "k: on\n" * 80_000,
    "many parts and a long text": "k: on\n" * 9_990 + "z: " + "x\n " * 150_000,
    "brackets": "[" * MAX_CHARACTERS,
    "closing brackets": "]" * MAX_CHARACTERS,
    "braces": "{a: " * (MAX_CHARACTERS // 4),
    "dashes": "- " * HALF,
    "question marks": "? " * HALF,
    "steps": "".join(" " * step + "a:\n" for step in range(1_000)),
    "directives": "%A\n" * (MAX_CHARACTERS // 3),
    "documents": "---\n" * (MAX_CHARACTERS // 4),
    "laughs": "a: &a [x]\n" + "".join(f"a{i}: &a{i} [{', '.join(['*a'] * 9)}]\n" for i in range(9)),
    "a number": "a: " + "9" * (MAX_CHARACTERS - 3),
    "a megabyte": "a: " + "x " * 524_288,
}


@pytest.fixture(scope="module")
def second() -> float:
    """A second of processor time; more on a machine that needs more than 0.1 s for an honest policy of 1,000 tools."""
    begun = time.process_time()
    parse("".join(f"tool_{index}: {{action: allow, rate_limit: 10/minute, script: edit}}\n" for index in range(1_000)))
    return max(1.0, (time.process_time() - begun) / 0.1)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_costs_at_most_a_second(name: str, second: float) -> None:
    begun = time.process_time()
    assert read_or_refused(HOSTILE[name])
    assert time.process_time() - begun < second


# -- for any text ------------------------------------------------------------------------------------------------------


def reads_or_refuses(text: str) -> None:
    outcome = read_or_refused(text)
    flaws = (outcome,) if isinstance(outcome, Flaw) else outcome.flaws
    assert all(0 <= flaw.at <= len(text) and flaw.message and flaw.remedy for flaw in flaws)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    reads_or_refuses(text)


@given(st.text(alphabet="[]{}:,-?|>'\"\\ \n\t#&*!%@~.019abexU_+=<\x85\u2028\ufeff\ud800\0\r"))
def test_any_text_of_yaml_s_own_signs_is_read_or_refused(text: str) -> None:
    reads_or_refuses(text)


json_values: st.SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=20), inner)
    ),
    max_leaves=20,
)


@given(json_values, st.sampled_from([None, 1]))
def test_json_is_read_as_json_reads_it(document: Json, indent: int | None) -> None:
    assert value(json.dumps(document, indent=indent)) == document
