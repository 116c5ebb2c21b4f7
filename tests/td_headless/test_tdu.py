from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from td_headless import tdu


def test_expand_reads_ranges_letters_and_lists() -> None:
    assert tdu.expand("a[1-3] b[XY] c") == ["a1", "a2", "a3", "bX", "bY", "c"]


def test_expand_refuses_to_fill_the_memory() -> None:
    with pytest.raises(ValueError, match="more than"):
        tdu.expand("a[1-999999999999]")


@given(st.floats(-1e6, 1e6))
def test_clamp_stays_inside(value: float) -> None:
    assert -1 <= tdu.clamp(value, -1, 1) <= 1


def test_helpers() -> None:
    assert (tdu.base("noise12"), tdu.digits("noise12"), tdu.remap(5, 0, 10, 0, 1)) == ("noise", 12, 0.5)
    assert tdu.match("n*", ["noise", "null", "text"]) == ["noise", "null"]
    assert tdu.rand(1) == tdu.rand(1) != tdu.rand(2)
    assert tdu.tryExcept(lambda: 1 / 0, "none") == "none"


def test_what_is_not_built_says_so() -> None:
    with pytest.raises(NotImplementedError, match=r"TDU\.Matrix"):
        tdu.module().Matrix()
