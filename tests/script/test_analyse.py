"""What a script can do, told from its text alone."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from td_extension.policy.script_rule import PROFILES
from td_extension.script import analyse as analyse_module
from td_extension.script.analyse import analyse
from td_extension.script.catalog import Catalog
from td_extension.script.report import Use, first_refused
from td_extension.values import Capability, Code

GUARD = ("/project1/PolicyGuard",)


def refused(catalog: Catalog, text: str, profile: str = "edit") -> Use | None:
    return first_refused(analyse(text, catalog, GUARD), PROFILES[profile])


HONEST = [
    "op('/project1').create(noiseTOP, 'n')",
    "n = op('noise1')\nn.par.period = 2\nn.nodeX = n.nodeX + 100",
    "a, b = op('a'), op('b')\nb.inputConnectors[0].connect(a)",
    "for o in op('/project1').findChildren(type=TOP, depth=1):\n    o.bypass = False",
    "import math\nresult = [math.sin(i / 10) for i in range(100)]",
    "import numpy as np\nresult = float(np.mean(op('noise1').numpyArray()))",
    "class Cue:\n    def __init__(self, name):\n        self.name_of_cue = name\nresult = Cue('a').name_of_cue",
    "t = op('table1')\nt.clear()\nt.appendRow(['a', 1])\nt[0, 1] = 2",
    "setattr(op('n').par, 'tx', 4)\nresult = getattr(op('n').par, 'tx').eval()",
    "result = '{} of {}'.format(1, 2)",
    "op('n').par.tx.expr = 'absTime.frame / 60'",
    "match op('n').family:\n    case 'TOP':\n        result = 1\n    case str(other):\n        result = other",
    "from datetime import datetime\nresult = datetime.now().isoformat()",
    "dir = 'left'\nresult = dir",
    "import td\nresult = td.app.version",
    "class A:\n    def __init__(self, x):\n        self.x1 = x\nclass B(A):\n    def __init__(self):\n        super().__init__(2)\nB().x1",
]


@pytest.mark.parametrize("text", HONEST)
def test_honest_work_passes_under_the_default_profile(catalog: Catalog, text: str) -> None:
    assert refused(catalog, text) is None


NEEDS = [
    ("import os", Capability.PROCESS),
    ("from subprocess import run", Capability.PROCESS),
    ("import socket as s", Capability.NET),
    ("import importlib", Capability.REFLECTION),
    ("import somebodys_package", Capability.IMPORT),
    ("import os.path", Capability.PROCESS),
    ("eval('1')", Capability.DYNAMIC),
    ("f = exec", Capability.DYNAMIC),
    ("open('/etc/passwd')", Capability.FILE_READ),
    ("__import__('os')", Capability.REFLECTION),
    ("().__class__", Capability.REFLECTION),
    ("x = 1\nx.__class__.__base__", Capability.REFLECTION),
    ("def f(): pass\nf.__globals__", Capability.REFLECTION),
    ("getattr((), '__class__')", Capability.REFLECTION),
    ("getattr(op('n'), 'destr' + 'oy')()", Capability.TD_DELETE),
    ("getattr(op('n'), chr(100) + 'estroy')()", Capability.REFLECTION),
    ("g = getattr", Capability.REFLECTION),
    ("class X:\n    def __getattribute__(self, n): return 1", Capability.REFLECTION),
    ("type('X', (), {})", Capability.REFLECTION),
    ("[t for t in [type]]", Capability.REFLECTION),
    ("str.format('{0.x}', 1)", Capability.REFLECTION),
    ("__x = 1", Capability.REFLECTION),
    ("_x_ = 1", Capability.REFLECTION),
    ("class A:\n    _x = 1", Capability.REFLECTION),
    ("def _tick(): pass", Capability.REFLECTION),
    ("import math as _getattr_", Capability.REFLECTION),
    ("class A:\n    def m(self): return super().__getattribute__('x')", Capability.REFLECTION),
    ("super = 1\nsuper().__init__", Capability.REFLECTION),
    ("x = super\nx().__init__", Capability.REFLECTION),
    ("def f(*, __x=1): pass", Capability.REFLECTION),
    ("op('n').destroy()", Capability.TD_DELETE),
    ("for o in op('/').children: o.destroy()", Capability.TD_DELETE),
    ("d = op('n').destroy\nd()", Capability.TD_DELETE),
    ("op('n').par.tx.expr = x = 'open(\"/x\")'", Capability.TD_CODE),
    ("op('n').par.tx.expr = 'op(\"m\").destroy()'", Capability.TD_CODE),
    ("for op('n').par.tx.expr in ['1']: pass", Capability.TD_CODE),
    ("op('/p').create(executeDAT)", Capability.TD_CODE),
    ("op('/p').create('webclientDAT')", Capability.NET),
    ("op('/p').create('noSuchKindDAT')", Capability.TD_CODE),
    ("run('1')", Capability.TD_CODE),
    ("op('t').run()", Capability.TD_RUN),
    ("op('c').Promoted()", Capability.TD_RUN),
    ("op('c').mod.x", Capability.TD_RUN),
    ("project.quit()", Capability.TD_PROJECT),
    ("ui.messageBox('a', 'b')", Capability.TD_UI),
    ("import time\ntime.sleep(9)", Capability.BLOCK),
    ("op('/project1/PolicyGuard').par.Mode = 'monitor'", Capability.GUARD),
    ("op.PolicyGuard.Uninstall()", Capability.GUARD),
    ("op('/project1/PolicyGuard/policy')[1, 1] = 'allow'", Capability.GUARD),
    ("op('/project1').findChildren(name='Policy*')", Capability.GUARD),
]


@pytest.mark.parametrize(("text", "capability"), NEEDS)
def test_each_use_is_refused_for_the_capability_it_needs(catalog: Catalog, text: str, capability: Capability) -> None:
    use = refused(catalog, text)
    assert use is not None
    assert use.needs is capability


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("undefined_name", Code.UNKNOWN_NAME),
        ("op('n').nothingLikeThis", Code.UNKNOWN_MEMBER),
        ("op('n').nothingLikeThis = 1", Code.UNKNOWN_MEMBER),
        ("import math\nmath.nothing", Code.UNKNOWN_MEMBER),
        ("from json import codecs", Code.UNKNOWN_MEMBER),
        ("from math import *", Code.FORBIDDEN_SYNTAX),
        ("import math\nmath = 1", Code.FORBIDDEN_SYNTAX),
        ("import math\nx = math", Code.FORBIDDEN_SYNTAX),
        ("import math\nmath.pi = 3", Code.FORBIDDEN_SYNTAX),
        ("import json\nfor json.loads in [1]: pass", Code.FORBIDDEN_SYNTAX),
        ("from . import x", Code.FORBIDDEN_SYNTAX),
        ("class X(metaclass=int): pass", Code.FORBIDDEN_SYNTAX),
        ("async def f(): pass", Code.FORBIDDEN_SYNTAX),
        ("match 1:\n    case op(x): pass", Code.FORBIDDEN_SYNTAX),
        ("match op('n'):\n    case TOP(destroy=d): d()", Code.FORBIDDEN_SYNTAX),
        ("t = op('t')\nmatch 1:\n    case t.appendRow: pass", Code.FORBIDDEN_SYNTAX),
        ("f = op('p').create", Code.FORBIDDEN_SYNTAX),
        ("list(map(op('p').copy, [1]))", Code.FORBIDDEN_SYNTAX),
        ("x = (", Code.SCRIPT_SYNTAX),
        (" x = 1", Code.SCRIPT_SYNTAX),
        ("x" * 40_000, Code.SCRIPT_TOO_LARGE),
        ("-" * 5000 + "1", Code.SCRIPT_SYNTAX),
        ("ｏｐ('n')", Code.SCRIPT_TEXT),
    ],
)
def test_what_no_profile_allows_is_refused_with_its_code(catalog: Catalog, text: str, code: Code) -> None:
    use = refused(catalog, text, "trusted")
    assert use is not None
    assert use.code is code


@pytest.mark.parametrize(
    "text", ["for x in y: pass", "with y as x: pass", "[x for x in y]", "(x := y)", "del x", "x: int = y"]
)
def test_every_binding_form_makes_a_name_the_scripts_own(catalog: Catalog, text: str) -> None:
    assert refused(catalog, f"y = []\n{text}\nx") is None


def test_a_refusal_names_the_line_the_use_and_what_is_allowed(catalog: Catalog) -> None:
    use = refused(catalog, "a = 1\n\nimport os\n")
    assert use is not None
    refusal = use.refusal("edit")
    assert refusal.line == 3
    assert "import os needs capability 'process'" in refusal.message
    assert "Allowed here: edit" in refusal.message


def test_what_cannot_be_judged_is_refused_whatever_is_granted(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object) -> None:
        raise OverflowError("too large")

    monkeypatch.setattr(analyse_module, "judge", broken)
    report = analyse("x = 1", catalog, GUARD)
    use = first_refused(report, frozenset(Capability))
    assert use is not None
    assert (use.code, report.tree) == (Code.INTERNAL, None)
    assert "(OverflowError)" in use.why


def test_an_unknown_name_comes_with_a_suggestion(catalog: Catalog) -> None:
    use = refused(catalog, "pritn('x')")
    assert use is not None
    assert "'print'" in use.hint


def test_an_unknown_operator_type_comes_with_a_suggestion_where_it_is_created(catalog: Catalog) -> None:
    text = "mat = op('/project1').create(constMAT, 'a')\nmat.par.colorr = 1"
    use = refused(catalog, text)
    assert use is not None
    assert use.hint == "Did you mean constantMAT?"


def test_nothing_grants_the_guard(catalog: Catalog) -> None:
    report = analyse("op.PolicyGuard.Uninstall()", catalog, GUARD)
    use = first_refused(report, frozenset(Capability))
    assert use is not None
    assert use.needs is Capability.GUARD


def test_the_report_tells_lines_imports_and_capabilities(catalog: Catalog) -> None:
    report = analyse("import math\nimport json\nop('n').par.tx = 1\n", catalog, GUARD)
    assert (report.lines, report.imports) == (4, ("json", "math"))
    assert report.capabilities() == {Capability.TD_READ, Capability.TD_WRITE}


@settings(max_examples=150)
@given(st.text(max_size=120) | st.sampled_from(HONEST + [text for text, _ in NEEDS]).flatmap(
    lambda text: st.integers(0, len(text)).map(lambda cut: text[cut:] + text[:cut])
))  # fmt: skip
def test_any_text_gives_a_report(catalog: Catalog, text: str) -> None:
    report = analyse(text, catalog, GUARD)
    assert isinstance(report.tree, ast.Module) or report.uses


PRIVATE = [
    "_p = {'a': 1}\nresult = _p['a']",
    "def _named(o):\n    return o.name\nresult = _named(op('n'))",
    "try:\n    1 / 0\nexcept Exception as _e:\n    result = str(_e)",
    "import json as _json\nresult = _json.dumps(1)",
    "class A:\n    def __init__(self):\n        self._size = 1\n    def _double(self):\n        return self._size * 2\n"
    "result = A()._double()",
    "def chain(kinds: list[type]) -> list[OP]:\n    return []\nresult = chain([])",
]


@pytest.mark.parametrize("text", PRIVATE)
def test_names_that_are_only_the_scripts_own_may_begin_with_an_underscore(catalog: Catalog, text: str) -> None:
    assert refused(catalog, text) is None


@pytest.mark.parametrize(
    "text",
    ["x = op('n')._secret", "import random\nrandom._os", "class A:\n    _b = 1\nresult = A._b", "_x._y", "f(_z=1)"],
)
def test_an_underscore_that_is_not_the_scripts_own_is_refused(catalog: Catalog, text: str) -> None:
    use = refused(catalog, text)
    assert use is not None
    assert use.needs is Capability.REFLECTION or "_" in use.what or use.what == "f"
