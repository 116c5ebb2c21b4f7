from __future__ import annotations

from typing import Any

import pytest

from td_headless import tdError


@pytest.fixture
def page(project: Any) -> Any:
    return project.appendCustomPage("Guard")


def test_a_custom_parameter_is_appended_and_found(project: Any, page: Any) -> None:
    group = page.appendStr("Policyfile", label="Policy File")
    assert group[0] is project.par.Policyfile
    assert (group[0].label, group[0].page, group[0].isCustom) == ("Policy File", page, True)
    assert project.customPars == [group[0]]
    assert project.customPages == [page]


@pytest.mark.parametrize("name", ["policy", "PolicyFile", "Policy_file", "P F", "", "1a"])
def test_a_name_must_be_one_capital_then_lower_case(page: Any, name: str) -> None:
    with pytest.raises(tdError, match="Invalid parameter name"):
        page.appendStr(name)


def test_every_kind_of_parameter_can_be_appended(project: Any, page: Any) -> None:
    styles = "Str StrMenu Menu Toggle Pulse Momentary Int Float File Folder OP COMP DAT Python Header"
    for style in styles.split():
        group = getattr(page, f"append{style}")(style.capitalize())
        assert (len(group), group[0].style) == (1, style)


def test_a_sized_parameter_is_numbered_and_a_colour_lettered(project: Any, page: Any) -> None:
    assert [par.name for par in page.appendFloat("Size", size=3)] == ["Size1", "Size2", "Size3"]
    assert [par.name for par in page.appendRGB("Tint")] == ["Tintr", "Tintg", "Tintb"]


def test_appending_again_replaces_unless_told_not_to(project: Any, page: Any) -> None:
    page.appendInt("Count")[0].val = 3
    page.appendInt("Count")
    assert project.par.Count == 0
    with pytest.raises(tdError, match="already exists"):
        page.appendInt("Count", replace=False)


def test_a_menu_takes_its_tokens_later(project: Any, page: Any) -> None:
    par = page.appendMenu("Mode")[0]
    par.menuNames = ["enforce", "monitor"]
    par.menuLabels = ["Enforce", "Monitor"]
    project.par.Mode = "monitor"
    assert (par.menuIndex, par.isMenu) == (1, True)


def test_destroying_a_page_removes_its_parameters(project: Any, page: Any) -> None:
    page.appendToggle("Active")
    page.destroy()
    assert project.par["Active"] is None
    assert project.customPages == []


def test_what_is_not_built_says_so(page: Any) -> None:
    with pytest.raises(NotImplementedError, match=r"td_headless does not implement Page.appendSequence"):
        page.appendSequence("Items")


def test_destroying_one_of_two_equal_parameters_takes_that_one_off_the_page(page: Any) -> None:
    first, second = page.appendFloat("First")[0], page.appendFloat("Second")[0]
    second.destroy()
    assert [par.name for par in page.pars] == ["First"]
    assert first.valid
