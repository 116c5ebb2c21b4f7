"""Reference `td_runtime.md`, section 2 (Extensions): one test a statement; each quotes it.

Not testable on a stand-in, and why:
- the names of builds up to 2022 (``extension1`` …): such builds are refused, which is tested;
- the style of the community's extensions, RayTK's stubs, StubSer, release scripts: habits, not behaviour;
- `findChildren(type=textDAT)` compiling DATs by itself: reported of real TouchDesigner, not imitated;
- the language of an extension DAT: not looked at here.
"""

from __future__ import annotations

from typing import Any

import pytest

from td_headless import Runtime, tdError

_CODE = """class GuardExt:
    def __init__(self, ownerComp):
        self.ownerComp = ownerComp
        ownerComp.store('inits', ownerComp.fetch('inits', 0, search=False) + 1)

    def onInitTD(self):
        self.ownerComp.store('ready', self.ownerComp.fetch('peers', None))

    def onDestroyTD(self):
        root.store('gone', root.fetch('gone', 0) + 1)

    def Check(self):
        return 'checked'

    def hidden(self):
        return 'hidden'
"""


@pytest.fixture
def guard(project: Any) -> Any:
    made = project.create("baseCOMP", "guard")
    made.create("textDAT", "GuardExt").text = _CODE
    made.par.ext0object = "op('./GuardExt').module.GuardExt(me)"
    made.par.ext0promote = True
    return made


def test_builds_before_2023_are_refused() -> None:
    """2: up to 2022 the parameters are extension1, extname1, promoteextension1: not imitated, and said so."""
    with pytest.raises(ValueError, match="before 2023"):
        Runtime(build="2022.35320")


@pytest.mark.parametrize("build", ["2023.12000", "2025.30000", "2025.33070"])
def test_extensions_are_a_parameter_sequence(build: str) -> None:
    """2: 2023 … 2025: ext0object, ext0name, ext0promote, sequence ext, comp.seq.ext.numBlocks; both pulses/toggles."""
    with Runtime(build=build) as runtime:
        comp = runtime.root.create("baseCOMP")
        comp.seq.ext.numBlocks = 2
        for name in ("ext0object", "ext0name", "ext0promote", "ext1object", "reinitextensions", "initextonstart"):
            assert comp.par[name] is not None, name
        assert comp.par.reinitextensions.isPulse
        comp.par.ext = 1
        assert comp.par["ext1object"] is None


@pytest.mark.parametrize(
    "source",
    [
        "op('./GuardExt').module.GuardExt(me)",
        "me.mod('GuardExt').GuardExt(me)",
        "me.mod.GuardExt.GuardExt(me)",
    ],
)
def test_these_forms_make_the_extension(guard: Any, source: str) -> None:
    """2: working forms; `me` is the COMP; the parameter holds source in constant mode."""
    guard.par.ext0object = source
    assert guard.par.ext0object.eval() == source
    assert guard.Check() == "checked"
    assert guard.extensions[0].ownerComp is guard


def test_a_bare_class_name_leaves_none(guard: Any) -> None:
    """2: a bare PolicyGuardExt(me) leaves comp.extensions[0] is None."""
    guard.par.ext0object = "GuardExt(me)"
    assert guard.extensions == [None]


def test_it_is_compiled_when_referenced_and_not_before(guard: Any, runtime: Runtime) -> None:
    """2: compiled lazily, normally only when referenced."""
    runtime.step()
    assert (guard.fetch("inits", 0), guard.extensionsReady) == (0, False)
    guard.Check()
    guard.Check()
    assert (guard.fetch("inits"), guard.extensionsReady) == (1, True)


def test_init_on_start_makes_it_alive_at_load(guard: Any, runtime: Runtime) -> None:
    """2: a guard that must be alive at load sets initextonstart."""
    guard.par.initextonstart = True
    runtime.start_project()
    assert guard.fetch("inits") == 1


def test_on_init_comes_after_all_inits_of_the_frame(guard: Any, project: Any, runtime: Runtime) -> None:
    """2: other COMPs' same-frame __init__s all run before onInitTD, at the end of that frame."""
    other = project.copy(guard, name="other")
    guard.Check()
    assert guard.fetch("ready", "not yet", search=False) == "not yet"
    other.Check()
    project.store("peers", (guard.fetch("inits"), other.fetch("inits")))
    runtime.step()
    assert guard.fetch("ready") == other.fetch("ready") == (1, 1)


def test_the_old_one_is_told_before_it_is_replaced_or_removed(guard: Any, runtime: Runtime) -> None:
    """2: onDestroyTD(self) before replacement/removal."""
    guard.Check()
    guard.initializeExtensions()
    assert runtime.root.fetch("gone") == 1
    guard.destroy()
    assert runtime.root.fetch("gone") == 2


def test_del_td_is_still_honoured(guard: Any, runtime: Runtime) -> None:
    """2: onDestroyTD replaces __delTD__, still honoured."""
    guard.op("GuardExt").text = _CODE.replace("onDestroyTD", "__delTD__")
    guard.Check()
    guard.destroy()
    assert runtime.root.fetch("gone") == 1


def test_ext_searches_upward(guard: Any) -> None:
    """2: COMP.ext.Name searches upward."""
    inner = guard.create("baseCOMP").create("textDAT")
    assert inner.ext.GuardExt.Check() == "checked"


def test_initialize_extensions_returns_the_one_asked_for(guard: Any) -> None:
    """2: COMP.initializeExtensions(index=None)."""
    first = guard.extensions[0]
    assert guard.initializeExtensions() is None
    assert guard.initializeExtensions(0) is guard.extensions[0] is not first


def test_editing_the_source_starts_it_anew_by_itself_and_state_is_lost(guard: Any, runtime: Runtime) -> None:
    """2: editing the source DAT re-inits automatically; state on self is lost."""
    guard.extensions[0].note = 1
    guard.op("GuardExt").text = _CODE + "\n"
    runtime.step()
    assert guard.fetch("inits") == 2
    assert not hasattr(guard.extensions[0], "note")


def test_editing_the_synced_file_starts_it_anew(guard: Any, runtime: Runtime, tmp_path: Any) -> None:
    """2: … (or synced file) re-inits automatically."""
    file = tmp_path / "GuardExt.py"
    file.write_text(_CODE, encoding="utf-8")
    guard.op("GuardExt").par.file = str(file)
    guard.op("GuardExt").par.syncfile = True
    runtime.step()
    guard.Check()
    before = guard.fetch("inits")
    file.write_text(_CODE.replace("'checked'", "'anew'"), encoding="utf-8")
    runtime.step()
    assert (guard.fetch("inits"), guard.Check()) == (before + 1, "anew")


def test_its_own_promoted_members_are_out_of_reach_while_it_starts(guard: Any) -> None:
    """2: error "Cannot use an extension during its initialization"."""
    guard.op("GuardExt").text = _CODE.replace("self.ownerComp = ownerComp\n", "ownerComp.Check()\n", 1)
    assert guard.extensions == [None]
    assert "Cannot use an extension during its initialization" in guard.scriptErrors()


def test_only_capitalised_names_are_promoted(guard: Any) -> None:
    """2: only names starting with a capital are exposed on the COMP."""
    assert guard.Check() == "checked"
    with pytest.raises(AttributeError):
        guard.hidden()
    assert guard.ext.GuardExt.hidden() == "hidden"


def test_without_promotion_ext_reaches_it(guard: Any) -> None:
    """2: without promotion comp.ext.PolicyGuardExt.Check()."""
    guard.par.ext0promote = False
    with pytest.raises(AttributeError):
        guard.Check()
    assert guard.ext.GuardExt.Check() == "checked"


def test_a_blank_name_is_the_class_name(guard: Any) -> None:
    """2: ext0name: blank → class name."""
    assert guard.ext.GuardExt.Check() == "checked"
    guard.par.ext0name = "Short"
    assert guard.ext.Short.Check() == "checked"


@pytest.mark.parametrize("access", ["op.TDModules.mod.TDFunctions", "__import__('TDFunctions')"])
def test_create_property_makes_dependable_and_read_only_members(runtime: Runtime, project: Any, access: str) -> None:
    """2: TDF = op.TDModules.mod.TDFunctions or import TDFunctions; createProperty(…); write self._Name.val."""
    runtime.create_system_components()
    code = project.create("textDAT", "code")
    code.text = (
        f"TDF = {access}\nclass A:\n    def __init__(self):\n"
        "        TDF.createProperty(self, 'Speed', value=3, readOnly=True)\n"
        "        TDF.createProperty(self, 'Names', value=[1], dependable='deep')\n"
    )
    made = code.module.A()
    with pytest.raises(AttributeError):
        made.Speed = 4
    made._Speed.val = 5
    assert made.Speed == 5
    told: list[Any] = []
    made._Names.callbacks.append(told.append)
    made.Names.append(2)
    assert (made.Names, len(told)) == ([1, 2], 1)


def test_the_storage_manager_keeps_values_across_instances(runtime: Runtime, project: Any) -> None:
    """2: StorageManager(self, ownerComp, storedItems) with name, default, readOnly, property, dependable."""
    code = project.create("textDAT", "code")
    code.text = (
        "from TDStoreTools import StorageManager\nclass A:\n    def __init__(self, ownerComp):\n"
        "        self.stored = StorageManager(self, ownerComp, [\n"
        "            {'name': 'Speed', 'default': 1, 'dependable': True}, {'name': 'Id', 'default': 7, 'readOnly': True},\n"
        "            {'name': 'Raw', 'default': 0, 'property': False}])\n"
    )
    first = code.module.A(project)
    first.Speed = 9
    second = code.module.A(project)
    assert (second.Speed, second.Id, second.stored["Raw"]) == (9, 7, 0)
    assert not hasattr(second, "Raw")
    with pytest.raises(AttributeError):
        second.Id = 8


def test_what_these_modules_have_not_built_says_so(runtime: Runtime) -> None:
    """2: a headless harness must provide stub modules TDFunctions and TDStoreTools."""
    with runtime.install():
        import TDFunctions  # type: ignore[import-not-found]
        import TDStoreTools  # type: ignore[import-not-found]

        for module in (TDFunctions, TDStoreTools):
            with pytest.raises(NotImplementedError, match=module.__name__.rpartition(".")[2]):
                _ = module.somethingElse


def test_the_parameter_routing_idiom(guard: Any, runtime: Runtime) -> None:
    """2: Parameter Execute DAT with op='..', pars='*', builtin off → parent().ext.X.onParValueChange(par, prev)."""
    guard.op("GuardExt").text = _CODE + (
        "    def onParValueChange(self, par, prev):\n        self.ownerComp.store('seen', (par.name, prev))\n"
    )
    watch = guard.create("parameterexecuteDAT")
    watch.text = "def onValueChange(par, prev):\n    parent().ext.GuardExt.onParValueChange(par, prev)\n"
    watch.par.op, watch.par.pars, watch.par.builtin, watch.par.valuechange = "..", "*", False, True
    guard.appendCustomPage("Guard").appendFloat("Speed")
    guard.par.Speed = 2
    guard.par.opshortcut = "Guard"
    runtime.step()
    assert guard.fetch("seen") == ("Speed", 0.0)


def test_a_parameter_execute_without_op_is_inert(project: Any, runtime: Runtime) -> None:
    """2: Parameter Execute with empty op is silently inert."""
    watch = project.create("parameterexecuteDAT")
    watch.text = "def onValueChange(par, prev):\n    root.store('seen', 1)\n"
    watch.par.builtin = watch.par.valuechange = True
    project.create("noiseTOP").par.period = 3
    runtime.step()
    assert runtime.root.fetch("seen", None) is None


def test_an_extension_cannot_be_made_where_there_is_none(project: Any) -> None:
    """2: callbacks must fail closed when the extension is missing: it raises, it is not None."""
    with pytest.raises((AttributeError, tdError)):
        _ = project.ext.GuardExt
