"""What is stored where TouchDesigner runs it later is judged when it is stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from td_extension.script.outcomes import Finished, Raised, Stopped
from td_extension.values import Code

Run = Callable[..., Finished | Raised | Stopped]


def stopped(outcome: Finished | Raised | Stopped) -> str:
    assert isinstance(outcome, Stopped), outcome
    return outcome.refusal.message


@pytest.fixture
def hook(td: Any) -> Any:
    """An Execute DAT of the project, with a harmless text."""
    made = td.op("/project1").create(td.executeDAT, "hook")
    made.text = "def onStart():\n    return\n"
    return made


def test_text_that_touchdesigner_runs_is_held_to_the_profile_of_who_writes_it(run: Run, hook: Any) -> None:
    before = hook.text
    assert isinstance(run("op('/project1/hook').text = 'def onStart():\\n    op(\"a\").destroy()'", "build"), Finished)
    message = stopped(run("t = 'imp' + 'ort os'\nop('/project1/hook').text = t", "build"))
    assert "line 1: import os needs capability 'process'" in message
    assert hook.text != before
    assert "import os" not in hook.text


WAYS_TO_CHANGE_A_DAT = [
    "d.write('\\n' + code)",
    "d.clear()\nd.appendRow([code])",
    "d.appendRows([[code]])",
    "d.insertRow([code], 0)",
    "d.replaceRow(0, [code])",
    "d[0, 0] = code",
    "d[0, 0].val = code",
    "setattr(d, 'text', code)",
    "d.text += '\\n' + code",
]


@pytest.mark.parametrize("way", WAYS_TO_CHANGE_A_DAT)
def test_however_a_text_that_is_run_is_changed_what_is_refused_is_not_in_it(
    run: Run, td: Any, way: str
) -> None:
    hook = td.op("/project1").create(td.executeDAT, "hook")
    hook.text = "x = 1"
    outcome = run(f"d = op('/project1/hook')\ncode = 'im' + 'port os'\n{way}", "build", judged=False)
    assert not isinstance(outcome, Finished)
    assert hook.text in ("x = 1", "")


def test_a_parameter_is_not_pointed_at_a_text_that_is_refused(run: Run, td: Any) -> None:
    notes = td.op("/project1").create(td.textDAT, "evil")
    notes.text = "import os"
    timer = td.op("/project1").create(td.timerCHOP, "timer9")
    before = timer.par.callbacks.eval()
    message = stopped(run("op('/project1/timer9').par.callbacks = 'evil'", "build"))
    assert "would run the text of /project1/evil" in message
    assert timer.par.callbacks.eval() is before


@pytest.mark.parametrize("member", ["expr", "bindExpr"])
def test_an_expression_is_looked_at_as_it_is_set(run: Run, td: Any, member: str) -> None:
    noise = td.op("/project1/noise1")
    text = f"e = '__imp' + 'ort__(\"os\")'\nop('/project1/noise1').par.period.{member} = e"
    assert "needs capability" in stopped(run(text, judged=False))
    assert "needs capability" in stopped(run(text, "build", judged=False))
    assert "import" not in getattr(noise.par.period, member)


def test_an_expression_with_numbers_and_names_filled_in_is_set(run: Run, td: Any) -> None:
    run("for i in range(3):\n    op('/project1/noise1').par.period.expr = f'absTime.seconds * {i} + 0.5'")
    assert td.op("/project1/noise1").par.period.expr == "absTime.seconds * 2 + 0.5"


def test_what_the_script_made_it_may_destroy_and_nothing_else(run: Run, td: Any) -> None:
    assert isinstance(run("n = op('/project1').create(geometryCOMP, 'g')\nn.destroy()"), Finished)
    inner = "n = op('/project1').create(baseCOMP, 'b')\nn.create(noiseTOP, 'x')\nfor c in n.children:\n    c.destroy()"
    assert isinstance(run(inner, judged=False), Finished)
    swap = "n = op('/project1').create(nullTOP, 'n')\nfor n in [op('/project1/noise1')]:\n    n.destroy()"
    assert "td.delete" in stopped(run(swap, judged=False))
    assert td.op("/project1/noise1").valid


def test_parameters_may_be_set_behind_an_alias(run: Run, td: Any) -> None:
    assert isinstance(run("p = op('/project1/noise1').par\np.period = 7\np.period += 1"), Finished)
    assert td.op("/project1/noise1").par.period.eval() == 8
    message = stopped(run("p = op('/project1').create(baseCOMP).par\np.externaltox = '/tmp/x.tox'", judged=False))
    assert "td.code" in message


def test_asking_whether_there_is_a_method_is_no_use_of_it(run: Run) -> None:
    outcome = run("result = [hasattr(op('/project1/noise1'), 'destroy'), hasattr(op('/project1/noise1'), 'nope')]")
    assert isinstance(outcome, Finished)
    assert outcome.result == [True, False]


def test_every_script_is_the_main_one(run: Run) -> None:
    outcome = run("result = 0\nif __name__ == '__main__':\n    result = 1")
    assert isinstance(outcome, Finished)
    assert outcome.result == 1


def test_a_type_tells_its_name(run: Run) -> None:
    outcome = run("try:\n    1 / 0\nexcept Exception as e:\n    result = type(e).__name__")
    assert isinstance(outcome, Finished)
    assert outcome.result == "ZeroDivisionError"


def test_a_refusal_bears_a_stable_code(run: Run, hook: Any) -> None:
    outcome = run("d = op('/project1/hook')\nd.text = 'im' + 'port os'", "build", judged=False)
    assert isinstance(outcome, Stopped)
    assert outcome.refusal.code is Code.MISSING_CAPABILITY


def test_only_plain_data_is_kept_on_an_operator(run: Run, td: Any) -> None:
    assert isinstance(run("op('/project1').store('a', {'b': [1, (2.0, None)], 'c': op('/project1/noise1')})"), Finished)
    for value in ("lambda: 1", "[print]", "{'a': (x for x in [])}"):
        assert "td.code" in stopped(run(f"op('/project1').store('hook', {value})"))
    assert "hook" not in td.op("/project1").storage


def test_a_text_does_not_become_code_by_a_new_name(run: Run, td: Any) -> None:
    project = td.op("/project1")
    timer = project.create(td.timerCHOP, "timer9")
    timer.par.callbacks = "later"
    notes = project.create(td.textDAT, "notes9")
    notes.text = "import os"
    for rule in ("edit", "build"):
        assert "would be run by TouchDesigner" in stopped(run("op('/project1/notes9').name = 'later'", rule))
        assert notes.name == "notes9"
        copied = "op('/project1').copy(op('/project1/notes9'), name='later')"
        assert "would be run by TouchDesigner" in stopped(run(copied, rule))
        assert project.op("later") is None


def test_a_shader_beside_its_operator_is_no_code(run: Run, td: Any) -> None:
    td.op("/project1").create(td.glslTOP, "shade")
    outcome = run("op('/project1/shade_pixel').text = 'void main() {}'\nui.status = 'done'\nop('/project1').color = (1, 0, 0)")
    assert isinstance(outcome, Finished), outcome


def test_a_script_makes_five_hundred_operators_and_no_more(run: Run, td: Any) -> None:
    before = len(td.op("/project1").children)
    message = stopped(run("for i in range(100000):\n    op('/project1').create(nullTOP)", judged=False, deadline_s=60.0))
    assert "500 operators" in message
    assert len(td.op("/project1").children) == before


@pytest.mark.parametrize("way", ["d.write('\\nx = 2')", "d.text = 'x = 2'", "w = d.write\nw('x = 2')", "d.clear()"])
def test_a_harmless_text_too_is_code_where_touchdesigner_runs_it(run: Run, td: Any, way: str) -> None:
    """Callbacks that an operator beside them names, docked to it, as TouchDesigner makes them."""
    timer = td.op("/project1").create(td.timerCHOP, "timer1")
    hook = td.op("/project1").create(td.textDAT, "text1_callbacks")
    hook.text, hook.dock, timer.par.callbacks = "x = 1", timer, hook.name
    message = stopped(run(f"d = op('/project1/text1_callbacks')\n{way}", judged=False))
    assert "needs capability 'td.code'" in message
    assert hook.text == "x = 1"
