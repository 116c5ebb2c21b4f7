"""What of a judgement is refused, and what an agent is told about it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from td_extension.policy.script_rule import ScriptGrants, parse_rule
from td_extension.script.report import (
    MAX_MESSAGE,
    ScriptReport,
    Use,
    first_refused,
    first_standing,
    refusal_of,
    refused_uses,
)
from td_extension.values import Capability, Code

READ, WRITE, NET = Capability.FILE_READ, Capability.FILE_WRITE, Capability.NET


def report(*uses: Use) -> ScriptReport:
    return ScriptReport("", 1, (), uses)


def refused(use: Use, rule: str) -> Use | None:
    grants: ScriptGrants = parse_rule(rule)
    return next(iter(refused_uses(report(use), grants.granted, grants.scopes)), None)


def opens(path: str | None, may: Capability | None = None) -> Use:
    return Use(1, 1, "open", READ, may, why="opens a file", resource=path)


def test_all_refused_uses_are_given_in_the_order_of_the_text() -> None:
    deletes, reads, unknown = (
        Use(2, 1, ".destroy", Capability.TD_DELETE), Use(3, 1, ".name", Capability.TD_READ), Use(4, 1, "x", None)
    )  # fmt: skip
    assert refused_uses(report(deletes, reads, unknown), frozenset({Capability.TD_READ})) == [deletes, unknown]
    assert first_refused(report(deletes, reads, unknown), frozenset({Capability.TD_READ})) == deletes


def test_the_guard_is_refused_whatever_is_granted() -> None:
    assert refused_uses(report(Use(1, 1, "x", Capability.GUARD)), frozenset(Capability))


def test_a_path_that_a_pattern_covers_is_allowed() -> None:
    assert refused(opens("/project/data/a.csv"), "edit +file.read(/project/data/**)") is None


@pytest.mark.parametrize("path", ["/etc/passwd", "/project/data/../x", "data/a.csv"])
def test_a_path_outside_is_refused_and_it_is_said_what_is_allowed(path: str) -> None:
    use = refused(opens(path), "edit +file.read(/project/data/**)")
    assert use is not None
    assert f"it is allowed for /project/data/** only, and {path!r} is not that" in use.why


def test_a_path_that_is_not_written_out_is_refused_because_nothing_checks_it_later() -> None:
    use = refused(opens(None), "edit +file.read(/project/data/**)")
    assert use is not None
    assert "what this is used on cannot be read here" in use.why
    assert use.hint == "Write it as a literal, right where it is used"


def test_where_nothing_checks_a_stronger_capability_at_run_time_it_is_needed_before() -> None:
    use = refused(opens("/a/b", may=WRITE), "edit +file.read")
    assert use is not None
    assert "it may need 'file.write' too" in use.why
    assert refused(opens("/a/b", may=WRITE), "edit +file.read +file.write") is None
    assert refused(opens("/a/b", may=WRITE), "edit +file.read(/a/**) +file.write(/a/**)") is None


def test_what_the_watch_decides_is_allowed_where_the_weaker_is_granted() -> None:
    use = Use(1, 1, ".par.x =", Capability.TD_WRITE, Capability.TD_CODE)
    assert refused(use, "edit") is None


@pytest.mark.parametrize(
    ("needs", "rule", "allowed"),
    [
        (Capability.IMPORT, "edit +import(scipy)", True),
        (NET, "edit +import(scipy)", True),
        (Capability.IMPORT, "edit +import(numba)", False),
        (Capability.PROCESS, "edit +import(scipy)", False),
        (Capability.DYNAMIC, "edit +import(scipy)", False),
        (NET, "edit +net(scipy.org)", False),
        (NET, "edit +net", True),
    ],
)
def test_a_listed_module_may_be_imported_unless_it_leads_past_the_guard(
    needs: Capability, rule: str, allowed: bool
) -> None:
    use = Use(1, 1, "import scipy.signal", needs, why="not listed", module="scipy.signal")
    assert (refused(use, rule) is None) is allowed


def test_in_every_mode_what_is_no_script_and_what_touches_the_guard_stands() -> None:
    for code in (Code.SCRIPT_SYNTAX, Code.SCRIPT_TEXT, Code.SCRIPT_TOO_LARGE, Code.FORBIDDEN_SYNTAX):
        assert first_standing(report(Use(1, 1, "x", None, code=code))) is not None
    assert first_standing(report(Use(1, 1, "x", Capability.GUARD))) is not None
    assert first_standing(report(Use(1, 1, "x", None, code=Code.UNKNOWN_NAME), Use(2, 1, "y", NET))) is None


# -- what is told --------------------------------------------------------------------------------------------------


def test_a_refusal_names_the_first_use_in_full_and_the_others_in_short() -> None:
    uses = [
        Use(3, 1, ".destroy", Capability.TD_DELETE, why="destroys the operator", hint="Ask for it"),
        Use(5, 1, "x.colour", None, why="unknown"),
        Use(9, 1, "import os", Capability.PROCESS, why="a module"),
    ]
    refusal = refusal_of(uses, "edit")
    assert refusal.line == 3
    assert refusal.message == (
        ".destroy needs capability 'td.delete' (destroys the operator). Allowed here: edit. Ask for it"
        ". Also line 5: x.colour is refused, line 9: import os needs 'process'"
    )


def test_of_many_uses_five_are_named_and_the_rest_counted() -> None:
    uses = [Use(line, 1, ".destroy", Capability.TD_DELETE, why="w") for line in range(1, 20)]
    assert refusal_of(uses, "edit").message.endswith("line 6: .destroy needs 'td.delete' and 13 more")


def test_the_same_use_on_the_same_line_is_named_once() -> None:
    uses = [Use(1, 1, "a", None), Use(2, 1, "b", None), Use(2, 9, "b", None)]
    assert refusal_of(uses, "edit").message.endswith(". Also line 2: b is refused")


texts = st.text(max_size=30) | st.text(min_size=200, max_size=2000)


@given(
    st.lists(
        st.builds(
            Use, st.integers(1, 9999), st.just(1), texts, st.none() | st.sampled_from(Capability), st.none(),
            st.sampled_from(Code), texts, texts
        ),
        min_size=1, max_size=8,
    ),
    st.sampled_from(["", "ask the operator to approve a1b2c3 in TouchDesigner, then repeat the same call"]),
)  # fmt: skip
def test_a_refusal_is_one_line_of_a_thousand_characters_and_ends_with_the_remedy(uses: list[Use], remedy: str) -> None:
    message = refusal_of(uses, "edit", remedy).message
    assert len(message) <= MAX_MESSAGE
    assert len(message.splitlines()) <= 1
    assert message.endswith(remedy)
