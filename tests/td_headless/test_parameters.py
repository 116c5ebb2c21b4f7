from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from td_headless import Runtime, tdAttributeError, tdError
from td_headless.parameters import ParMode


@pytest.fixture
def noise(project: Any) -> Any:
    return project.create("noiseTOP")


def test_a_missing_parameter_raises_as_a_member_and_is_none_as_an_item(noise: Any) -> None:
    assert noise.par["nosuch"] is None
    assert not hasattr(noise.par, "nosuch")
    with pytest.raises(tdAttributeError, match="nosuch"):
        noise.par.nosuch = 1


def test_assigning_the_parameter_sets_its_value_and_constant_mode(noise: Any) -> None:
    noise.par.period.expr = "1 + 1"
    noise.par.period = 5
    assert (noise.par.period.eval(), noise.par.period.mode) == (5.0, ParMode.CONSTANT)


def test_assigning_an_expression_switches_mode_and_keeps_the_constant(noise: Any) -> None:
    noise.par.period = 5
    noise.par.period.expr = "me.digits * 10"
    assert (noise.par.period.eval(), noise.par.period.val, noise.par.period.mode) == (10.0, 5.0, ParMode.EXPRESSION)


def test_an_expression_sees_touchdesigners_names(project: Any, runtime: Runtime) -> None:
    table = project.create("tableDAT", "values")
    table.appendRow(["speed", 4])
    noise = project.create("noiseTOP")
    noise.par.period.expr = "op('values')['speed', 1] * 2 + absTime.frame"
    runtime.step()
    assert noise.par.period.eval() == 9.0


def test_a_failing_expression_is_an_error_of_its_operator(noise: Any) -> None:
    noise.par.period.expr = "nosuch"
    with pytest.raises(NameError):
        noise.par.period.eval()
    assert "nosuch" in noise.errors()


def test_a_bound_parameter_follows_its_master(project: Any, noise: Any) -> None:
    project.appendCustomPage("A").appendFloat("Speed")
    noise.par.period.bindExpr = "parent().par.Speed"
    project.par.Speed = 7
    assert noise.par.period.eval() == 7.0


def test_a_par_computes_and_compares_like_its_value(noise: Any) -> None:
    noise.par.period = 4
    par = noise.par.period
    assert (par + 1, 1 + par, 2 * par, -par, par / 2, par**2) == (5, 5, 8, -4, 2, 16)
    assert par == 4
    assert par > 3
    assert par < noise.par.period + 1
    assert math.sqrt(par) == 2


def test_a_menu_takes_tokens_and_positions_only(noise: Any) -> None:
    noise.par.type = "random"
    assert noise.par.type.menuIndex == noise.par.type.menuNames.index("random")
    noise.par.type = 0
    assert noise.par.type == "sparse"
    with pytest.raises(tdError, match="Invalid menu item"):
        noise.par.type = "nosuch"
    assert noise.par.type == "sparse"


def test_a_number_refuses_what_is_none(noise: Any) -> None:
    with pytest.raises(tdError, match="number"):
        noise.par.period = "fast"


def test_hard_limits_hold_and_slider_limits_do_not(noise: Any) -> None:
    noise.par.harmon = -3
    noise.par.period = 1000
    assert (noise.par.harmon, noise.par.period) == (0, 1000)


def test_an_operator_parameter_evaluates_to_the_operator(project: Any) -> None:
    select, noise = project.create("selectTOP"), project.create("noiseTOP")
    assert select.par.top.eval() is None
    select.par.top = noise
    assert (select.par.top.val, select.par.top.eval()) == ("/project1/noise1", noise)
    select.par.top = "noise1"
    assert select.par.top.eval() is noise
    noise.destroy()
    assert select.par.top.eval() is None


def test_reset_returns_to_the_default(noise: Any) -> None:
    noise.par.period = 9
    assert noise.par.period.reset() is True
    assert (noise.par.period.eval(), noise.par.period.isDefault) == (1.0, True)
    assert noise.par.period.reset() is False


def test_a_built_in_parameter_cannot_be_destroyed(noise: Any) -> None:
    with pytest.raises(tdError, match="built-in"):
        noise.par.period.destroy()


def test_a_sequence_grows_and_shrinks(project: Any) -> None:
    constant = project.create("constantCHOP")
    constant.seq.const.numBlocks = 3
    constant.par.const2value = 4
    assert constant.par["const2name"] is not None
    constant.par["const"] = 1
    assert constant.par["const2name"] is None
    with pytest.raises(tdError, match="blocks"):
        constant.seq.const.numBlocks = 0


def test_local_address_exists_only_in_builds_that_have_it() -> None:
    for build, there in (("2025.32460", False), ("2025.33060", True)):
        with Runtime(build=build) as runtime:
            server = runtime.root.create("webserverDAT")
            assert ("localaddress" in server.par) is there


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_any_float_survives_and_compares_as_itself(first: float, second: float) -> None:
    with Runtime() as runtime:
        par = runtime.root.create("noiseTOP").par.period
        par.val = first
        assert par.eval() == first
        assert (par < second) is (first < second)


@given(st.text())
def test_any_text_survives_in_a_string_parameter(text: str) -> None:
    with Runtime() as runtime:
        par = runtime.root.create("textTOP").par.text
        par.val = text
        assert par.eval() == text
