from __future__ import annotations

from typing import Any

import pytest

from td_headless import Runtime, tdError


@pytest.fixture
def dat(project: Any) -> Any:
    return project.create("baseCOMP", "inner").create("textDAT", "code")


def test_code_of_a_dat_sees_siblings_parents_and_absolute_paths(project: Any, dat: Any) -> None:
    dat.parent().create("noiseTOP")
    dat.text = "found = [op('noise1'), op('..'), parent(), op('../..'), parent(2), op('/project1'), op('nosuch'), me]"
    inner = dat.parent()
    assert dat.module.found == [inner.op("noise1"), inner, inner, project, project, project, None, dat]


def test_code_of_a_component_sees_its_inside_behind_a_dot(project: Any, dat: Any) -> None:
    inner = dat.parent()
    inner.par.externaltox.expr = "op('./code').name"
    assert inner.par.externaltox.eval() == "code"


def test_op_takes_ids_operators_and_patterns_and_nothing_else(runtime: Runtime, project: Any) -> None:
    noise = project.create("noiseTOP")
    op = runtime.td.op
    assert op(noise.id) is noise
    assert op(noise) is noise
    assert op("/project1/noi*") is noise
    assert op("nosuch", "/project1/noise1") is noise
    others: list[Any] = [None, 1.5, [], {}, True, "", noise.par.period]
    assert [op(thing) for thing in others] == [None] * 7
    noise.destroy()
    assert op(noise) is None


def test_ops_returns_all_matches_once(runtime: Runtime, project: Any) -> None:
    first, second = project.create("noiseTOP"), project.create("noiseTOP")
    assert runtime.td.ops("/project1/noise*", "/project1/noise1") == [first, second]


def test_opex_raises_for_a_missing_operator(runtime: Runtime, project: Any) -> None:
    with pytest.raises(tdError, match="nosuch"):
        runtime.td.opex("nosuch")
    with pytest.raises(tdError, match="nosuch"):
        project.opex("nosuch")


def test_global_and_parent_shortcuts(runtime: Runtime, project: Any, dat: Any) -> None:
    project.par.opshortcut = "Show"
    project.par.parentshortcut = "Project"
    assert runtime.td.op.Show is project
    assert dat.parent.Project is project
    assert not hasattr(runtime.td.op, "me")


def test_td_op_is_relative_to_the_running_dat_and_to_the_root_otherwise(
    runtime: Runtime, project: Any, dat: Any
) -> None:
    assert runtime.td.op("..") is None
    assert runtime.td.op("project1") is project
    with runtime.install():
        dat.text = "import td\nhere = td.op('..')\nwho = td.me"
        assert dat.module.here is dat.parent()
        assert dat.module.who is dat


def test_a_dat_imports_its_sibling_and_sees_its_change(project: Any) -> None:
    helper, user = project.create("textDAT", "helper"), project.create("textDAT", "user")
    helper.text = "value = 1"
    user.text = "import helper\nfrom helper import value\ndef now():\n    import helper\n    return helper.value"
    assert user.module.helper is helper.module
    helper.text = "value = 2"
    assert (user.module.value, user.module.now()) == (1, 2)


def test_a_dat_imports_from_local_modules(runtime: Runtime, project: Any) -> None:
    shared = runtime.root.create("baseCOMP", "local").create("baseCOMP", "modules").create("textDAT", "shared")
    shared.text = "value = 3"
    user = project.create("textDAT")
    user.text = "import shared\nvalue = shared.value + mod.shared.value + me.mod('shared').value"
    assert user.module.value == 9


def test_a_standard_module_is_imported_where_no_dat_has_its_name(project: Any) -> None:
    user = project.create("textDAT")
    user.text = "import json\nfrom os import path\nimport xml.dom"
    assert user.module.json.dumps({}) == "{}"


def test_a_missing_module_is_an_import_error(project: Any) -> None:
    user = project.create("textDAT")
    user.text = "import nosuch_module"
    with pytest.raises(ModuleNotFoundError):
        user.module  # noqa: B018
