"""What judging a script leaves behind besides its verdict: marks for the watch, and what a report tells its reader.

No verdict shows these, so no script of a corpus can; `scripts/reviewed_rules.yaml` names the tests here.
"""

from __future__ import annotations

import ast
import gc

import pytest

from td_extension.script import analyse as module
from td_extension.script.analyse import analyse
from td_extension.script.catalog import Catalog
from td_extension.script.hooks import HELD_BY_TOUCHDESIGNER, MAY_BE_LARGE, OWNED_BY_THE_SCRIPT
from td_extension.script.lookups import lookups_of
from td_extension.script.text import prepare

GUARD = ("/project1/PolicyGuard",)


def marked(catalog: Catalog, text: str, mark: str) -> list[str]:
    """The marked expressions and statements of a script."""
    tree = analyse(text, catalog, GUARD).tree
    assert tree is not None
    return [ast.unparse(node) for node in ast.walk(tree) if getattr(node, mark, False)]


def told(catalog: Catalog, text: str) -> list[str]:
    """What the report says that the script uses."""
    return [use.what for use in analyse(text, catalog, GUARD).uses]


def test_any_name_behind_par_is_marked_for_the_watch(catalog: Catalog) -> None:
    assert marked(catalog, "op('geo1').par.Speed", HELD_BY_TOUCHDESIGNER) == ["op('geo1').par.Speed"]


def test_any_name_behind_what_holds_parameters_is_marked_for_the_watch(catalog: Catalog) -> None:
    assert marked(catalog, "held = op('geo1').par\nheld.Speed", HELD_BY_TOUCHDESIGNER) == ["held.Speed"]


def test_a_member_of_the_scripts_own_objects_is_marked_for_the_watch(catalog: Catalog) -> None:
    text = "class Mover:\n    def destroy(self):\n        return 1\n\nMover().destroy()"
    assert marked(catalog, text, OWNED_BY_THE_SCRIPT) == ["Mover().destroy"]


def test_an_operation_of_unknown_size_is_marked_for_the_watch(catalog: Catalog) -> None:
    assert marked(catalog, "n = op('n').digits\nn ** n\nn + 1", MAY_BE_LARGE) == ["n ** n"]


def test_what_an_f_string_shows_is_marked_for_the_watch_unless_it_holds_no_parts(catalog: Catalog) -> None:
    text = "noise = op('noise1')\nkept = op('base1').fetch('kept')\nprint(f'{noise.name} {kept} {len(noise.name)}')"
    assert marked(catalog, text, MAY_BE_LARGE) == ["{kept}"]


def test_a_comparison_of_two_unknown_values_is_marked_for_the_watch(catalog: Catalog) -> None:
    text = "kept = op('base1').fetch('kept')\nkept == op('base2').fetch('kept')\nkept == 1"
    assert marked(catalog, text, MAY_BE_LARGE) == ["kept == op('base2').fetch('kept')"]


def test_a_class_that_walks_through_values_is_marked_where_it_is_called_by_another_name(catalog: Catalog) -> None:
    text = "told = str\ntold(op('base1').fetch('kept'))\nprint(1)"
    assert marked(catalog, text, MAY_BE_LARGE) == ["told(op('base1').fetch('kept'))"]


def test_a_slice_is_marked_where_something_may_hand_it_out(catalog: Catalog) -> None:
    assert marked(catalog, "import numpy as np\nnp.s_[1:2]", MAY_BE_LARGE) == ["np.s_[1:2]"]
    assert marked(catalog, "[1, 2, 3][1:2]", MAY_BE_LARGE) == []


def test_a_member_that_is_asked_for_before_is_told_and_marked_for_the_watch(catalog: Catalog) -> None:
    text = "noise = op('noise1')\nif hasattr(noise, 'wobble'):\n    print(noise.wobble)"
    assert marked(catalog, text, OWNED_BY_THE_SCRIPT) == ["noise.wobble"]
    assert ".wobble" in told(catalog, text)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("op('/project1/a').par.tx = 1", [("op('/project1/a')", "/project1/a")]),
        ("find = op", [("op", None)]),
        ("me.parent()", [("me", None), (".parent", None)]),
        ("from td import op as find", [("import of op", None)]),
        ("getattr(thing, 'x')", [("a member by its name", None)]),
    ],
)
def test_strict_scopes_are_told_where_a_script_gets_hold_of_operators(
    text: str, places: list[tuple[str, str | None]]
) -> None:
    assert sorted((one.what, one.path) for one in lookups_of(ast.parse(text))) == sorted(places)


def test_a_report_tells_which_value_behind_par_is_read(catalog: Catalog) -> None:
    assert ".par.Speed" in told(catalog, "op('geo1').par.Speed")


def test_a_report_tells_which_global_shortcut_is_looked_up(catalog: Catalog) -> None:
    assert "op.Mixer" in told(catalog, "op.Mixer")


def test_a_report_tells_the_uses_in_the_order_of_the_text(catalog: Catalog) -> None:
    uses = analyse("op('a').destroy()\nimport os\nopen('b')\nop('c').par.tx = 1", catalog, GUARD).uses
    assert [use.line for use in uses] == sorted(use.line for use in uses)


def test_a_report_tells_the_modules_that_are_imported(catalog: Catalog) -> None:
    assert analyse("import math\nfrom json import loads", catalog, GUARD).imports == ("json", "math")


def test_a_report_tells_a_module_that_is_used_without_an_import_of_its_own(catalog: Catalog) -> None:
    assert analyse("import numpy\nnumpy.random.rand(2)", catalog, GUARD).imports == ("numpy", "numpy.random")


def test_half_of_a_surrogate_pair_is_refused_before_it_is_parsed() -> None:
    assert not isinstance(prepare("'\ud800'"), str)


def test_the_collector_rests_while_a_script_is_judged_and_goes_on_afterwards(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    collecting: list[bool] = []

    def asked(text: str) -> object:
        collecting.append(gc.isenabled())
        return prepare(text)

    monkeypatch.setattr(module, "prepare", asked)
    gc.enable()
    analyse("op('a')", catalog, GUARD)
    assert (collecting, gc.isenabled()) == ([False], True)
