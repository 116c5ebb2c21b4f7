"""Node scopes: which operators a tool may act on, whatever way their paths are spelled."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from td_extension.policy.json_text import parse
from td_extension.policy.nodes import EVERYWHERE, NodeScope, parse_nodes
from td_extension.policy.nodes_document import read_nodes
from td_extension.policy.operator_path import MAX_PATH, OperatorPathError, names_of, normal_path, operator_pattern
from td_extension.policy.reading import Reading


def covers(pattern: str, path: str) -> bool:
    names = names_of(path)
    assert names is not None
    return operator_pattern(pattern).covers(names)


@pytest.mark.parametrize(
    ("path", "normal"),
    [
        ("/", "/"),
        ("/project1", "/project1"),
        ("/project1/", "/project1"),
        ("//project1///a", "/project1/a"),
        ("/project1/./a", "/project1/a"),
        ("/project1/a/../b", "/project1/b"),
        ("/a/b/../..", "/"),
        ("/..", None),
        ("/a/../../b", None),
        ("project1", None),
        ("", None),
        ("./a", None),
        ("/project1/*", None),
        ("/project1/a b", None),
        ("/project1\\a", None),
        ("/project1/a\n", None),
        ("/project1/ａ", None),
        ("/project1/a\0", None),
        ("/" + "a" * MAX_PATH, None),
        ("/a" * 65, None),
    ],
)
def test_a_path_has_one_spelling_or_is_none(path: str, normal: str | None) -> None:
    assert normal_path(path) == normal


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        (
            "/project1/show",
            ["/project1/show", "/project1/show/a/b"],
            ["/project1/showy", "/project1", "/Project1/show"],
        ),
        ("/project1/show/**", ["/project1/show/a", "/project1/show/a/b"], ["/project1/show", "/project1/a"]),
        ("/project1/show/*", ["/project1/show/a"], ["/project1/show", "/project1/show/a/b"]),
        ("/project1/fx*", ["/project1/fx", "/project1/fx12"], ["/project1/fy", "/project1/fx1/a"]),
        ("/**/audio", ["/audio", "/a/audio", "/a/b/audio"], ["/a/audio/b", "/a/audios"]),
        ("/a/**/b/*c*d", ["/a/b/cd", "/a/x/y/b/1c2d"], ["/a/b/dc", "/a/c/d"]),
        ("/", ["/", "/a", "/a/b"], []),
    ],
)
def test_a_pattern_covers_what_it_says(pattern: str, inside: list[str], outside: list[str]) -> None:
    assert all(covers(pattern, path) for path in inside)
    assert not any(covers(pattern, path) for path in outside)


@pytest.mark.parametrize("pattern", ["project1", "", "/a/../b", "/a/**b", "/a b", "/a?", "/[ab]", "/" + "a" * 2000])
def test_a_pattern_that_could_mislead_is_refused(pattern: str) -> None:
    with pytest.raises(OperatorPathError) as caught:
        operator_pattern(pattern)
    assert caught.value.remedy


# -- scopes ------------------------------------------------------------------------------------------------------------


def test_touchdesigners_own_operators_are_left_out_unless_they_are_named() -> None:
    assert EVERYWHERE.allows("/project1/a")
    assert not any(
        EVERYWHERE.allows(path) for path in ("/sys", "/ui/dialogs", "/local/x", "/SYS/a", "//sys", "/a/../sys")
    )
    assert parse_nodes("/local/show").allows("/local/show/a")
    assert not parse_nodes("/*").allows("/local")


def test_what_is_left_out_wins_whatever_its_case() -> None:
    scope = parse_nodes("/project1 -/project1/audio")
    assert scope.allows("/project1/video")
    assert not scope.allows("/project1/audio/a")
    assert not scope.allows("/project1/Audio")
    assert not scope.allows("/project1/video/../audio")
    assert not scope.allows("/Project1/video")


def test_what_holds_something_left_out_is_not_allowed_as_a_whole() -> None:
    scope = parse_nodes("/project1 -/project1/a/*/keep")
    assert scope.allows_whole("/project1/b")
    assert not scope.allows_whole("/project1")
    assert not scope.allows_whole("/project1/a/x")
    assert scope.allows_whole("/project1/a/x/other")
    assert not EVERYWHERE.allows_whole("/")
    assert not parse_nodes("/project1/*").allows_whole("/project1/a")
    assert parse_nodes("/project1/**").allows_whole("/project1/a")


def test_a_line_and_a_document_say_the_same() -> None:
    line = parse_nodes("/project1/show /project1/lights -/project1/show/audio strict")
    document = read(
        {"within": ["/project1/show", "/project1/lights"], "except": ["/project1/show/audio"], "strict": True}
    )
    assert line == document
    assert line.strict
    assert parse_nodes(line.text + " strict") == line
    assert read("/project1/show") == read(["/project1/show"]) == parse_nodes("/project1/show")


def read(value: Any) -> NodeScope:
    text = json.dumps(value)
    reading = Reading(text)
    scope = read_nodes(reading, parse(text).root, "/nodes")
    assert scope is not None
    return scope


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (5, "expected the path of an operator"),
        ([], "nodes is empty"),
        ({"within": []}, "within is empty"),
        ({"inside": ["/a"]}, "unknown key 'inside'"),
        ({"within": ["a"]}, "does not begin with /"),
        ({"within": ["/a"], "strict": "yes"}, "expected true or false for strict"),
    ],
)
def test_a_wrong_scope_is_told(value: Any, told: str) -> None:
    text = json.dumps(value)
    reading = Reading(text)
    read_nodes(reading, parse(text).root, "/nodes")
    assert told in str(reading.findings.failure())


# -- whatever the spelling ---------------------------------------------------------------------------------------------

names = st.sampled_from(["a", "b", "A", "sys", "project1"])
spelled = st.lists(names | st.sampled_from(["..", ".", "", "*", "**", "~"]), max_size=6).map(
    lambda parts: "/" + "/".join(parts)
)
patterns = st.lists(names | st.sampled_from(["*", "**", "a*"]), max_size=4).map(lambda parts: "/" + "/".join(parts))


def resolved(path: str) -> str | None:
    """What a path comes to, step by step."""
    at: list[str] = []
    for part in path[1:].split("/"):
        if part == ".." and not at:
            return None
        if part == "..":
            at.pop()
        elif part not in ("", "."):
            at.append(part)
    return "/" + "/".join(at)


@given(spelled, patterns, patterns)
def test_no_spelling_reaches_what_its_resolved_path_does_not(path: str, within: str, except_: str) -> None:
    scope = parse_nodes(f"{within} -{except_}")
    plain = resolved(path)
    if plain is None or "*" in path or "~" in path:
        assert not scope.allows(path)
    else:
        assert scope.allows(path) == scope.allows(plain)


@given(spelled, patterns)
def test_a_scope_never_allows_what_it_leaves_out(path: str, except_: str) -> None:
    scope = parse_nodes(f"/ -{except_}")
    names = names_of(path)
    assume(names is not None)
    assert not (scope.allows(path) and operator_pattern(except_).covers(names))  # type: ignore[arg-type]


@given(spelled, spelled, patterns, patterns)
def test_what_is_allowed_as_a_whole_holds_nothing_that_is_not(path: str, below: str, within: str, except_: str) -> None:
    scope = parse_nodes(f"{within} -{except_}")
    inside = names_of(below)
    if scope.allows_whole(path) and inside is not None:
        assert scope.allows(f"{normal_path(path)}/{'/'.join(inside)}")


@given(st.text(max_size=40))
def test_any_text_is_a_scope_or_is_refused(text: str) -> None:
    assert EVERYWHERE.allows(text) in (True, False)
    try:
        remedy = parse_nodes(text).text
    except OperatorPathError as error:
        remedy = error.remedy
    assert remedy
