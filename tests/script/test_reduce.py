"""A result becomes plain data before it leaves the guard."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from td_extension.script.reduce import MAX_ITEMS, MAX_TEXT, TooLarge, reduce

EXACT = (type(None), bool, int, float, str, list, dict)


def plain(value: object) -> Any:
    return reduce(value, lambda _: None)


class LyingText(str):
    def encode(self, *arguments: Any) -> Any:
        raise AssertionError("a method of the script ran")

    __str__ = __repr__ = __format__ = encode


class LyingList(list[int]):
    def __iter__(self) -> Any:
        raise AssertionError("a method of the script ran")


class LyingDict(dict[str, int]):
    def items(self) -> Any:
        raise AssertionError("a method of the script ran")


class LyingInt(int):
    def __index__(self) -> int:
        raise AssertionError("a method of the script ran")

    __int__ = __index__


PAIRS: list[tuple[object, object]] = [
    (LyingText("a"), "a"),
    (LyingList([1]), [1]),
    (LyingDict({"a": 1}), {"a": 1}),
    (LyingInt(7), 7),
    ((1, (2, 3)), [1, [2, 3]]),
    ({1: "a", None: "b", LyingText("k"): 0}, {"1": "a", "None": "b", "k": 0}),
    ({4}, [4]),
    (range(3), [0, 1, 2]),
    (b"\x00\xff", "AP8="),
    (math.inf, "inf"),
    (math.nan, "nan"),
    ("\ud800", "\\ud800"),
    (10**400, f"<int of {(10**400).bit_length()} bits>"),
    (object(), "<object>"),
    (len, "<builtin_function_or_method>"),
]


@pytest.mark.parametrize("index", range(len(PAIRS)))
def test_a_value_is_reduced_by_its_true_type(index: int) -> None:
    value, expected = PAIRS[index]
    assert plain(value) == expected


def test_numpy_values_become_numbers_and_lists() -> None:
    numpy = pytest.importorskip("numpy", reason="numpy is not installed")
    assert plain({"a": numpy.float32(0.5), "b": numpy.arange(3)}) == {"a": 0.5, "b": [0, 1, 2]}
    with pytest.raises(TooLarge):
        plain(numpy.zeros(MAX_ITEMS + 1))


def test_a_list_that_holds_itself_ends() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert "nested too deeply" in json.dumps(plain(endless))


@pytest.mark.parametrize("value", [[0] * (MAX_ITEMS + 1), ["x" * MAX_TEXT, "y"], "x" * (MAX_TEXT + 1)])
def test_a_result_over_the_caps_says_so(value: object) -> None:
    with pytest.raises(TooLarge, match="return less"):
        plain(value)


def test_what_the_bridge_describes_is_reduced_as_well() -> None:
    class Operator:
        pass

    assert reduce([Operator()], lambda value: {"path": LyingText("/p")} if isinstance(value, Operator) else None) == [
        {"path": "/p"}
    ]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)) | st.binary(),
        lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text() | st.integers(), inner),
        max_leaves=20,
    )
)
def test_whatever_goes_in_exact_builtins_come_out(value: object) -> None:
    stack = [plain(value)]
    json.dumps(stack[0], allow_nan=False).encode()
    while stack:
        part = stack.pop()
        assert type(part) in EXACT
        stack.extend(part if type(part) is list else part.values() if type(part) is dict else ())
