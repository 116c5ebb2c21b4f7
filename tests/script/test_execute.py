"""The judged tree runs in a world of its own, watched."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from td_extension.policy.script_rule import PROFILES
from td_extension.script.analyse import analyse
from td_extension.script.catalog import Catalog
from td_extension.script.outcomes import Finished, Raised, Stopped
from td_extension.script.report import first_refused
from td_extension.values import Code

Run = Callable[..., Finished | Raised | Stopped]


def result(outcome: Finished | Raised | Stopped) -> Any:
    assert isinstance(outcome, Finished), outcome
    return outcome.result


def code(outcome: Finished | Raised | Stopped) -> Code:
    assert isinstance(outcome, Stopped), outcome
    return outcome.refusal.code


# -- the result ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 1", 2),
        ("a = 1\na + 1", 2),
        ("result = 5\nprint('x')", 5),
        ("a = 5", None),
        ("result = 5\n7", 5),
        ("(result := 5)", 5),
        ("if True:\n    7", None),
        ("x = '''\nop('/project1/noise1').destroy() #'''", None),
        ("def f():\n    op('/project1').create(noiseTOP, 'evil')", None),
    ],
)
def test_the_last_expression_is_the_result_unless_one_is_set(run: Run, text: str, expected: object) -> None:
    assert result(run(text)) == expected


def test_an_expression_runs_exactly_once(run: Run) -> None:
    outcome = run("seen = []\nseen.append('d')\nprint(len(seen))\nseen.append('e')")
    assert isinstance(outcome, Finished)
    assert outcome.stdout == "1\n"
    assert result(run("seen = []\ndef f():\n    seen.append(1)\n    return len(seen)\nf()")) == 1


@pytest.mark.parametrize(
    "text",
    ["note = '''\nop('/project1').create(noiseTOP, 'evil') #'''", "def f():\n    op('/project1').create(noiseTOP, 'evil')",
     "if False:\n    op('/project1').create(noiseTOP, 'evil')"],
)  # fmt: skip
def test_what_stands_in_the_last_line_only_has_no_effect(run: Run, td: Any, text: str) -> None:
    result(run(text))
    assert td.op("/project1/evil") is None


def test_output_is_captured_and_capped(run: Run) -> None:
    outcome = run("for i in range(30000):\n    print('0123456789')")
    assert isinstance(outcome, Finished)
    assert len(outcome.stdout) < 300_000
    assert "cut here by PolicyGuard" in outcome.stdout


def test_an_operator_is_told_as_the_server_tells_it(run: Run) -> None:
    told = result(run("op('/project1/noise1')"))
    assert (told["path"], told["opType"]) == ("/project1/noise1", "noiseTOP")
    assert told["properties"]["resolutionw"] == 320


# -- the world -----------------------------------------------------------------------------------------------------


def test_paths_are_seen_from_the_servers_component(run: Run) -> None:
    assert result(run("[parent, parent().name, me.name, op('webserver1').name, op('..').name, op('../../noise1').name]")) == [
        "/project1/mcp_webserver_base", "mcp_webserver_base", "mcp_webserver_script", "webserver1", "mcp_webserver_base", "noise1",
    ]  # fmt: skip


def test_modules_are_read_only_views_of_their_listed_members(run: Run) -> None:
    assert isinstance(run("import json\njson.codecs", judged=False), Raised)
    assert isinstance(run("import json\njson.loads = None", judged=False), Stopped)
    assert isinstance(run("import os", judged=False), Raised)
    assert result(run("import numpy.random\nimport math as m\nfrom math import pi\n[m.pi == pi]")) == [True]


@pytest.mark.parametrize(
    "name", ["open", "eval", "exec", "compile", "__import__('os').system", "globals", "vars", "input", "breakpoint"]
)
def test_what_is_not_granted_is_not_even_there(run: Run, name: str) -> None:
    outcome = run(f"print({name})", judged=False)
    assert isinstance(outcome, Raised)


def test_a_module_of_the_server_does_not_leak_into_the_script(run: Run) -> None:
    assert isinstance(run("sys", judged=False), Raised)


# -- the watch -----------------------------------------------------------------------------------------------------


LOOPS = [
    "while True:\n    pass",
    "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        continue",
    "def f():\n    return f2()\ndef f2():\n    return 1\nwhile f():\n    pass",
    "[0 for i in iter(int, 1)]",
    "class E:\n    def __iter__(self):\n        return self\n    def __next__(self):\n        return 1\nfor x in E():\n    pass",
    "def g():\n    while True:\n        yield 1\nsum(g())",
    "f = lambda: 0\nwhile not f():\n    pass",
]


@pytest.mark.parametrize("text", LOOPS)
def test_a_script_that_does_not_end_is_stopped(run: Run, text: str) -> None:
    assert code(run(text, judged=False, deadline_s=0.05)) is Code.DEADLINE


def test_a_swallowed_stop_is_still_a_stop(run: Run) -> None:
    guard = "try:\n    op('/project1').children[-1].par.Mode = 'monitor'\nexcept BaseException:\n    pass\nresult = 1"
    assert code(run(guard)) is Code.MISSING_CAPABILITY


GUARD = "[o for o in op('/project1').children if o.name.startswith('Policy')][0]"


@pytest.mark.parametrize(
    "act",
    [
        "g.par.Mode = 'monitor'",
        "g.par['Mode'].val = 'monitor'",
        "g.par['Mode'] = 'monitor'",
        "setattr(g.par, 'Mode', 'monitor')",
        "for g.par.Mode in ['monitor']:\n    pass",
        "p = g.par.Mode\np.val = 'monitor'",
        "g.name = 'x'",
        "g.comment = 'x'",
        "g.op('policy')[1, 1] = 'allow'",
        "t = g.op('policy')\nt.clear()",
        "g.op('policy').appendRow(['*', 'allow'])",
        "c = g.op('policy').cell(1, 1)\nc.val = 'allow'",
        "op('/project1').copy(g, name='twin')",
        "g.create(noiseTOP, 'inside')",
        "g.pulse()",
        "op('/project1/mcp_webserver_base/webserver1').par.port = 1",
        "op('webserver1').par.callbacks = ''",
        "w = [o for o in op('.').parent().children if o.type == 'webserver'][0]\nw.par.active = False",
        "del g.par.Mode",
    ],
)
def test_the_guard_and_its_wiring_are_spared_however_they_are_reached(run: Run, td: Any, act: str) -> None:
    before = [[cell.val for cell in row] for row in td.op("/project1/PolicyGuard/policy").rows()]
    comment = td.op("/project1/PolicyGuard").comment
    outcome = run(f"g = {GUARD}\n{act}", rule="trusted", judged=False)
    assert isinstance(outcome, Stopped | Raised), outcome
    guard = td.op("/project1/PolicyGuard")
    assert guard.par.Mode.eval() == "enforce"
    assert (guard.name, guard.comment) == ("PolicyGuard", comment)
    assert [[cell.val for cell in row] for row in guard.op("policy").rows()] == before
    assert td.op("/project1/twin") is None
    assert guard.op("inside") is None
    assert td.op("/project1/mcp_webserver_base/webserver1").par.callbacks.eval().name == "mcp_webserver_script"


@pytest.mark.parametrize("what", [GUARD, "op('/project1')", "op('/')", "op('/project1/mcp_webserver_base')"])
def test_nothing_that_holds_the_guard_is_destroyed(run: Run, td: Any, what: str) -> None:
    assert code(run(f"{what}.destroy()", rule="build", judged=False)) is Code.MISSING_CAPABILITY
    assert td.op("/project1/PolicyGuard").valid


def test_text_that_touchdesigner_runs_needs_td_code(run: Run, td: Any) -> None:
    td.op("/project1").create(td.executeDAT, "hook")
    write = "op('/project1/hook').text = 'def start(): pass'"
    assert code(run(write)) is Code.MISSING_CAPABILITY
    assert isinstance(run(write, rule="build"), Finished)
    assert isinstance(run("op('/project1/notes').text = 'def start(): pass'"), Finished)


EXTERNAL_TOX = "op('/project1/mcp_webserver_base').par.externaltox = '/tmp/evil.tox'"


def test_a_parameter_that_runs_code_needs_more_than_td_write(run: Run) -> None:
    assert code(run(EXTERNAL_TOX, judged=False)) is Code.MISSING_CAPABILITY
    assert code(run("for p in op('/project1').pars('ext0object'):\n    p.val = 'x'")) is Code.MISSING_CAPABILITY
    assert isinstance(run("op('/project1/noise1').par.period = 3"), Finished)


@pytest.mark.parametrize(
    "text",
    [
        "t = '{0.' + 'path}'\nt.format(op('/project1'))",
        "f = '{0[x]}'.format\nf({'x': 1})",
        "x = str\nx.format('{}', 1)",
        "class S(str):\n    pass\nS.format('{0.real}', 1)",
        "'{:{0.real}}'.format(1)",
    ],
)
def test_a_format_that_reaches_into_its_value_is_stopped(run: Run, text: str) -> None:
    assert code(run(text, judged=False)) is Code.MISSING_CAPABILITY


def test_a_text_that_lies_about_its_start_opens_no_door(run: Run) -> None:
    text = "class L(str):\n    def startswith(self, x):\n        return False\ngetattr((), L('__class__'))"
    assert isinstance(run(text, judged=False), Raised)
    lie = "class L(str):\n    def lower(self):\n        return 'noisetop'\nop('/project1').create(L('executeDAT'), 'evil')"
    assert code(run(lie)) is Code.MISSING_CAPABILITY


def test_type_of_a_class_is_not_handed_out(run: Run) -> None:
    assert isinstance(run("type(int)", judged=False), Raised)
    assert result(run("type(1) == int")) is True


# -- containment ---------------------------------------------------------------------------------------------------


def test_a_failed_script_leaves_no_operator_of_its_own_behind(run: Run, td: Any) -> None:
    before = {o.path for o in td.op("/project1").findChildren()}
    text = "p = op('/project1')\na = p.create(noiseTOP, 'a1')\nb = p.copy(op('/project1/level1'), name='b1')\nraise ValueError('late')"
    outcome = run(text)
    assert isinstance(outcome, Raised)
    assert outcome.destroyed == 2
    assert outcome.error.endswith("ValueError: late")
    assert {o.path for o in td.op("/project1").findChildren()} == before


@pytest.mark.parametrize(
    "text", ["raise SystemExit", "raise KeyboardInterrupt", "def f():\n    return f()\nf()", "1 / 0"]
)
def test_whatever_a_script_raises_is_told_and_goes_no_further(run: Run, text: str) -> None:
    outcome = run(text, judged=False)
    assert isinstance(outcome, Raised)
    assert 'File "<script>", line' in outcome.error


def test_the_traceback_shows_the_scripts_own_lines(run: Run) -> None:
    outcome = run("def f(x):\n    return 1 / x\n\nf(0)")
    assert isinstance(outcome, Raised)
    lines = outcome.error.splitlines()
    assert lines[-1] == "ZeroDivisionError: division by zero"
    assert lines[2:6] == [
        '  File "<script>", line 4, in <module>',
        "    f(0)",
        '  File "<script>", line 2, in f',
        "    return 1 / x",
    ]


def test_nothing_of_a_script_runs_after_it_ended(run: Run) -> None:
    text = "class T:\n    def __eq__(self, other):\n        print('late')\n        return True\nresult = {'a': T()}"
    outcome = run(text)
    assert isinstance(outcome, Finished)
    assert (outcome.result, outcome.stdout) == ({"a": "<T>"}, "")


def test_stdout_is_given_back(run: Run) -> None:
    before = sys.stdout
    run("raise ValueError")
    assert sys.stdout is before


def test_what_c_code_imports_for_itself_is_let_in_and_not_handed_out(run: Run) -> None:
    assert result(run("from datetime import datetime\ndatetime.strptime('2026-11-22', '%Y-%m-%d').year")) == 2026
    assert result(run("import numpy as np\nfloat(np.arange(4).mean())")) == 1.5
    assert isinstance(run("from numpy import f2py", judged=False), Raised)


def test_an_operator_is_not_turned_into_one_that_runs_code(run: Run, td: Any) -> None:
    change = "op('/project1/notes').changeType({})"
    assert code(run("kind = 'exec' + 'uteDAT'\n" + change.format("kind"))) is Code.MISSING_CAPABILITY
    assert td.op("/project1/notes").OPType == "textDAT"


def test_classes_of_a_script_belong_to_no_module(run: Run) -> None:
    text = "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int = 1\nresult = P(2).x"
    assert result(run(text)) == 2


# -- what an attack on the guard has found: one test for each root ------------------------------------------------------


def stopped_or_raised(outcome: Finished | Raised | Stopped) -> bool:
    return isinstance(outcome, Stopped | Raised)


FIND = f"g = {GUARD}\nt = g.op('policy')\np = op('/project1')\n"


@pytest.mark.parametrize(
    "act",
    [
        "DAT.appendRow(t, ['*', 'allow'])",
        "type(t).appendRow(t, ['*', 'allow'])",
        "super(type(t), t).appendRow(['*', 'allow'])",
        "type(op)(t, None).appendRow(['*', 'allow'])",
        "f = t.appendRow\nf(['*', 'allow'])",
        "getattr(t, 'appendRow')(['*', 'allow'])",
        "class F:\n    def create(self, kind):\n        return g\nF().create('noiseTOP')\nraise ValueError('x')",
        "p.name = 'elsewhere'",
        "p.allowCooking = False",
        "g.seq.ext.numBlocks = 5",
        "g.parGroup.Mode.val = 'monitor'",
    ],
)
def test_the_guard_is_spared_whatever_stands_between(run: Run, td: Any, act: str) -> None:
    before = [[cell.val for cell in row] for row in td.op("/project1/PolicyGuard/policy").rows()]
    assert stopped_or_raised(run(FIND + act, judged=False))
    guard = td.op("/project1/PolicyGuard")
    assert [[cell.val for cell in row] for row in guard.op("policy").rows()] == before
    assert guard.par.Mode.eval() == "enforce"
    assert guard.seq.ext.numBlocks == 1
    assert td.op("/project1").allowCooking is True


@pytest.mark.parametrize(
    "act",
    [
        "getattr(p, 'create')('executeDAT', 'evil')",
        "p.create(name='noiseTOP', OPtype='executeDAT')",
        "COMP.create(p, 'executeDAT', 'evil')",
        "p.par['ext0object'[:]] = 'x'",
        "def f():\n    try:\n        {}[1 / 0] = 1\n    except Exception:\n        pass\n    return 'ext0object'\np.par[f()] = 'x'",
        "p.parGroup.ext0object.val = 'x'",
        "p.parGroup['ext0object'].val = 'x'",
        "import collections\ncollections.ChainMap(p.par)['ext0object'] = 'x'",
        "p.copyParameters(op('/project1/level1'))",
    ],
)
def test_no_form_of_a_call_or_a_store_makes_something_that_runs_code(run: Run, td: Any, act: str) -> None:
    assert stopped_or_raised(run(FIND + act, judged=False))
    executing = [o.path for o in td.op("/project1").findChildren() if o.OPType == "executeDAT"]
    assert executing == ["/project1/PolicyGuard/frame_callbacks"]
    assert td.op("/project1").par.ext0object.eval() == ""


@pytest.mark.parametrize(
    "text",
    [
        "import enum\nenum.Enum('E', {'__call__': print, 'a': 1})",
        "import enum\nclass B(enum.Enum):\n    pass\nB('E', {'__getattr__': print})",
        "import typing\ntyping.TypedDict('T', {'a b': int})",
        "import dataclasses\nclass A:\n    x: int\n@dataclasses.dataclass\nclass B(A):\n    pass\ndataclasses.make_dataclass('C', ['x'])",
        "import numpy as np\nnp.ndarray((1,), dtype='O')",
        "import numpy as np\ntype(np.zeros(1))((1,), dtype='O')",
        "class S(str):\n    def go(self, *a):\n        return super().format(*a)\nS('{0.real}').go(1)",
        "import functools\nclass A:\n    func = 1\nfunctools.partial(print, 1).func",
        "class A:\n    owner2 = 1\nop('/project1').par.owner2 = 1",
    ],
)
def test_no_library_hands_out_more_than_it_should(run: Run, text: str) -> None:
    assert stopped_or_raised(run(text, judged=False))


def test_what_a_scripts_own_classes_define_is_theirs(run: Run) -> None:
    text = (
        "import enum\nfrom dataclasses import dataclass\n"
        "class Look(enum.Enum):\n    DARK = 'dark'\n    BRIGHT = 'bright'\n"
        "@dataclass\nclass Cue:\n    label1: str\n    seconds1: float = 1.5\n    def twice(self):\n        return self.seconds1 * 2\n"
        "class Long(Cue):\n    pass\n"
        "c = Long('a')\nc.seconds1 += 1\nresult = [c.label1, c.twice(), Look.DARK.value, Look('bright').name]"
    )
    assert result(run(text)) == ["a", 5.0, "dark", "BRIGHT"]


@pytest.mark.parametrize(
    ("expression", "harmless"),
    [
        ("absTime.frame / 60", True),
        ("math.sin(absTime.seconds) * 0.5 + 0.5", True),
        ("op('noise1').par.period * 2", True),
        ("me.parent().width if me.digits == 1 else 0", True),
        ("max(op('a')[0], op('b')[0])", True),
        ("print('x', file=op('exec1'))", False),
        ("sum(1 for a in range(3000))", False),
        ("(lambda: 1)()", False),
        ("[x for x in (1, 2)]", False),
        ("op('x').destroy()", False),
        ("op.PolicyGuard.par.Mode", False),
        ("9 ** 9 ** 9", False),
        ("'a' * 10 ** 9", False),
        ("__import__('os')", False),
        ("max(key=print)", False),
        ("op('x').module.y", False),
    ],
)
def test_an_expression_is_harmless_only_where_it_merely_looks_and_reckons(
    run: Run, expression: str, harmless: bool
) -> None:
    outcome_text = f"op('/project1/noise1').par.period.expr = {expression!r}"
    if harmless:
        assert isinstance(run(outcome_text), Finished)
    else:
        with pytest.raises(AssertionError):
            run(outcome_text)


def test_items_of_every_kind_are_stored_as_python_stores_them(run: Run) -> None:
    text = (
        "import numpy as np\na = [0, 1, 2, 3]\na[1:3] = [9]\na[-1] += 1\ndel a[0]\nd = {}\nd['k'] = 1\nd['k'] += 1\n"
        "m = np.zeros((2, 3))\nm[:, 1] = 5\nm[1, ...] = 7\nfor d['i'] in range(3):\n    pass\n"
        "result = [a, d, m.tolist()]"
    )
    assert result(run(text)) == [[9, 4], {"k": 2, "i": 2}, [[0, 5, 0], [7, 7, 7]]]


def test_the_guard_may_be_laid_out_with_the_rest_of_the_network(run: Run) -> None:
    text = "for i, o in enumerate(op('/project1').children):\n    o.nodeX = i * 150\nresult = len({o.nodeX for o in op('/project1').children})"
    assert result(run(text)) == 9


def test_protected_text_may_be_read(run: Run) -> None:
    assert isinstance(run("[d.text for d in op('/project1').findChildren(type=DAT)]"), Finished)


@pytest.mark.parametrize(
    "wire",
    [
        "op('/project1/runs').inputConnectors[0].connect(op('/project1/cues'))",
        "op('/project1/cues').outputConnectors[0].connect(op('/project1/runs'))",
        "op('/project1/runs').setInputs([op('/project1/cues')])",
    ],
)
def test_nothing_is_wired_into_an_operator_that_evaluates_it(run: Run, td: Any, wire: str) -> None:
    td.op("/project1").create(td.evaluateDAT, "runs")
    assert code(run(wire, judged=False)) is Code.MISSING_CAPABILITY
    assert td.op("/project1/runs").inputs == []
    assert isinstance(run("op('/project1/out1').inputConnectors[0].connect(op('/project1/noise1'))"), Finished)


HELD = [
    "class A:\n    def __init__(self, v):\n        self.par = v\ng = A((x for x in [1]))\nresult = g.par.gi_frame",
    "class A:\n    def __init__(self, v):\n        self.par = v\nn = 'gi_' + chr(102) + 'rame'\n"
    "result = getattr(A((x for x in [1])).par, n)",
    "from collections import namedtuple\nimport numpy as np\nS = namedtuple('S', 'par')\nresult = S(np.zeros(2)).par.data",
    "import numpy as np\nclass A:\n    def __init__(self, v):\n        self.par = v\n"
    "p = A(np.zeros(2)).par\nresult = p.data",
    "import numpy as np\nclass A:\n    def __init__(self, v):\n        self.panel = v\nresult = A(np.zeros(2)).panel.data",
]


@pytest.mark.parametrize("text", HELD)
def test_any_name_behind_par_is_for_touchdesigners_objects_only(run: Run, catalog: Catalog, text: str) -> None:
    refused = first_refused(analyse(text, catalog, ("/project1/PolicyGuard",)), PROFILES["edit"])
    assert refused is not None or code(run(text)) in (Code.UNKNOWN_MEMBER, Code.MISSING_CAPABILITY)


def test_values_of_panels_and_parameters_are_read_by_any_name(run: Run) -> None:
    outcome = run("c = op('/project1').create(containerCOMP, 'c')\nresult = [c.par.w.eval() > 0, c.panel.field.val]")
    assert isinstance(outcome, Finished), outcome


def test_print_writes_into_the_output_and_into_texts_in_memory(run: Run) -> None:
    outcome = run(
        "import io, sys\nprint('a', file=sys.stderr)\nf = io.StringIO()\nprint('b', file=f)\nresult = f.getvalue()"
    )
    assert isinstance(outcome, Finished)
    assert (outcome.stderr, outcome.result) == ("a\n", "b\n")
    own = "class W:\n    def write(self, text):\n        pass\nprint('a', file=W())"
    assert isinstance(run(own, judged=False), Raised)


def test_print_into_a_dat_is_judged_as_its_write_is(run: Run, td: Any) -> None:
    into = "d = op('/project1').create({}, 'd')\nprint('import os', 'sys', sep=', ', file=d)\nresult = d.text"
    plain = run(into.format("textDAT"))
    assert isinstance(plain, Finished)
    assert plain.result == "import os, sys\n"
    assert code(run(into.format("chopexecuteDAT"), rule="build", judged=False)) is Code.MISSING_CAPABILITY
    td.op("/project1").create(td.executeDAT, "hook")
    assert code(run("print('pass', file=op('/project1/hook'))", judged=False)) is Code.MISSING_CAPABILITY


def test_a_text_that_is_no_python_is_no_code_wherever_it_is_put(run: Run) -> None:
    into = "d = op('/project1').create(chopexecuteDAT, 'd')\nd.text = 'import os 1'\nresult = d.text"
    assert result(run(into, rule="build", judged=False)) == "import os 1"


def test_dir_tells_public_names_only(run: Run) -> None:
    outcome = run("result = dir([])")
    assert isinstance(outcome, Finished)
    assert "append" in outcome.result
    assert not [name for name in outcome.result if name.startswith("_")]


def test_a_default_is_given_for_a_member_that_is_not_known(run: Run, td: Any) -> None:
    type(td.op("/project1/noise1")).newDoor = lambda self: 1
    try:
        assert result(run("result = getattr(op('/project1/noise1'), 'newDoor', 5)")) == 5
        assert result(run("result = getattr(op('/project1/noise1'), 'width', 5) > 5")) is True
    finally:
        del type(td.op("/project1/noise1")).newDoor


NOT_ITS_OWN = [
    "class A:\n    def __init__(self):\n        self.gi_frame = 1\n    def f(self):\n        return self.gi_frame\n"
    "result = A.f((x for x in [1]))",
    "class A:\n    def __init__(self):\n        self.gi_frame = 1\n    def f(self):\n        return getattr(self, 'gi_frame')\n"
    "result = A.f((x for x in [1]))",
    "class A:\n    def __init__(self):\n        self.destroy = 1\n    def f(self):\n        self.destroy()\n"
    "A.f(op('/project1/noise1'))",
    "import random\nclass A:\n    def __init__(self):\n        self._randbelow = 1\nresult = random.Random(1)._randbelow(3)",
]


@pytest.mark.parametrize("text", NOT_ITS_OWN)
def test_a_member_of_the_scripts_classes_is_no_door_on_other_objects(run: Run, td: Any, text: str) -> None:
    assert code(run(text)) in (Code.MISSING_CAPABILITY, Code.UNKNOWN_MEMBER)
    assert td.op("/project1/noise1").valid


def test_a_member_of_the_scripts_own_may_bear_any_plain_name(run: Run) -> None:
    text = "class A:\n    def __init__(self, n):\n        self.run = n\n    def go(self):\n        return self.run\nresult = A(3).go()"
    assert result(run(text)) == 3
