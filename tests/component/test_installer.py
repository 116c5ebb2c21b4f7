"""policyguard_install.py: the same component as the expanded one, and a good guest in a project."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policyguard_cli.component import component_spec
from policyguard_cli.component.installer import installer
from td_headless import Runtime
from td_headless.components import COMP
from td_headless.expanded import load_expanded
from tests.component.sample import GUARD, GUARDS, call, drop, is_guarded, points_to

TOX = b"\x00\x00\x00\x0110" + bytes([0, 0, 0, 8, 0, 0, 0, 9]) + bytes(8)


@pytest.fixture(scope="session")
def text(source: Path) -> str:
    """The installer."""
    return installer(component_spec(source))


@pytest.fixture
def saved(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What was saved where: the custom values of the component at that moment, and the path."""
    found: list[tuple[str, str]] = []

    def save(self: Any, path: str) -> str:
        found.append((f"{self.name} {self.par.Originals.eval()}{self.par.Servers.eval()}", path))
        Path(path).write_bytes(TOX)
        return path

    monkeypatch.setattr(COMP, "save", save)
    return found


@pytest.fixture
def install(runtime: Runtime, text: str, saved: list[tuple[str, str]]) -> Callable[[], Any]:
    """Runs the installer as a Text DAT in /project1."""

    def run() -> Any:
        dat = runtime.td.op("/project1").create("textDAT", "policyguard_install")
        dat.text = text
        try:
            dat.run()
        finally:
            dat.destroy()
        runtime.step()
        return runtime.td.op(GUARD)

    return run


# -- the same component --------------------------------------------------------------------------------------------

NODE = ("OPType", "nodeX", "nodeY", "nodeWidth", "nodeHeight", "comment", "viewer", "tags", "storage")
PARAMETER = (
    "name", "label", "style", "default", "val", "expr", "mode", "readOnly", "order", "min", "max", "normMin", "normMax",
    "clampMin", "clampMax", "menuNames", "menuLabels", "isCustom", "help", "enable",
)  # fmt: skip


def everything(operator: Any) -> dict[str, Any]:
    """All that can be told of an operator and of what is inside it, by name."""
    told: dict[str, Any] = {name: getattr(operator, name) for name in NODE}
    told["color"] = tuple(round(part, 4) for part in operator.color)
    told["pages"] = [page.name for page in operator.customPages]
    told["parameters"] = [{name: getattr(par, name) for name in PARAMETER} for par in operator.par]
    if operator.isDAT:
        told["text"] = operator.text
        told["cells"] = [[cell.val for cell in row] for row in operator.rows()] if operator.isTable else None
    told["inside"] = {child.name: everything(child) for child in operator.children}
    return told


def test_both_ways_give_the_same_component(contents: Path, text: str) -> None:
    with Runtime() as runtime:
        tree = load_expanded(runtime.root.create("baseCOMP", "a"), contents)
        code: dict[str, Any] = {"__name__": "policyguard_install"}
        exec(compile(text[: text.index("\nimport td\n")], "policyguard_install.py", "exec"), code)
        built = code["build"](runtime.root.create("baseCOMP", "b"), code["DESCRIPTION"])
        one, other = everything(tree), everything(built)
    assert one["parameters"] == other["parameters"]
    assert one == other
    assert len(one["inside"]) > 10


# -- in a project --------------------------------------------------------------------------------------------------


def test_it_installs_a_guard_that_guards(install: Callable[[], Any], runtime: Runtime) -> None:
    guard = install()
    assert guard.name == "PolicyGuard"
    assert points_to(runtime) == GUARDS
    assert is_guarded(runtime)
    assert [child.name for child in guard.parent().children if "nstall" in child.name] == []


def test_the_line_for_the_textport_does_the_same(
    runtime: Runtime, saved: list[tuple[str, str]], text: str, tmp_path: Path
) -> None:
    file = tmp_path / "policyguard_install.py"
    file.write_text(text, encoding="utf-8")
    [line] = [line.strip() for line in text.splitlines() if line.startswith("    exec(open(")]
    exec(line.replace("PATH/policyguard_install.py", file.as_posix()), {"me": runtime.td.root})
    runtime.step()
    assert is_guarded(runtime)


def test_it_saves_the_component_beside_the_project_without_anything_of_the_project(
    install: Callable[[], Any], saved: list[tuple[str, str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    guard = install()
    guard.par.Servers = "/project1/x"
    install()
    path = tmp_path.as_posix() + "/PolicyGuard.tox"
    assert saved == [("PolicyGuard ", path)] * 2
    assert capsys.readouterr().out.splitlines() == [f"PolicyGuard 0.1.0: {GUARD}; saved as {path}"] * 2
    assert (tmp_path / "PolicyGuard.tox").read_bytes() == TOX


def test_a_component_that_cannot_be_saved_is_installed_all_the_same(
    install: Callable[[], Any], runtime: Runtime, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(self: Any, path: str) -> str:
        raise OSError("disk full")

    monkeypatch.setattr(COMP, "save", refuse)
    install()
    assert is_guarded(runtime)
    assert "not saved as" in capsys.readouterr().out


def test_a_save_that_made_no_tox_is_told(
    install: Callable[[], Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(COMP, "save", lambda self, path: Path(path).write_text("x" * 99))
    install()
    assert "does not look like a .tox" in capsys.readouterr().out


def test_an_old_touchdesigner_is_refused_in_words(
    install: Callable[[], Any], runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(runtime.td.app), "build", "2022.35320")
    with pytest.raises(RuntimeError, match=r"needs TouchDesigner 2023 or newer; this is 2022\.35320"):
        install()
    assert runtime.td.op(GUARD) is None


def test_an_old_touchdesigners_python_can_parse_it(text: str) -> None:
    # The annotations are not evaluated; Python 3.7 is what TouchDesigner 2021 has.
    ast.parse(text, feature_version=(3, 7))


# -- in place of an older one --------------------------------------------------------------------------------------


def test_an_older_one_is_replaced_and_its_policy_and_settings_are_kept(
    install: Callable[[], Any], runtime: Runtime, contents: Path, tmp_path: Path
) -> None:
    old = drop(runtime, contents)
    old.name, old.nodeX, old.nodeY = "Waechter", 300, 40
    old.par.Version = "0.0.1"
    names = [cell.val for cell in old.op("policy").col("tool")]
    old.op("policy")[names.index("delete_td_node"), "action"] = "allow"
    old.par.Mode, old.par.Servers, old.par.Folder = "monitor", "/project1/other", str(tmp_path / "audit")
    grants = tmp_path / ".policyguard" / "grants.json"
    grants.write_text('{"version": 1, "grants": {}}', encoding="utf-8")
    runtime.step()
    number = old.id
    install()
    runtime.step()
    new = runtime.td.op("/project1/Waechter")
    assert new.id != number
    assert (new.nodeX, new.nodeY, new.par.Version.eval()) == (300, 40, "0.1.0")
    assert new.op("policy")[names.index("delete_td_node"), "action"].val == "allow"
    assert (new.par.Mode.eval(), new.par.Servers.eval()) == ("monitor", "/project1/other")
    assert new.par.Folder.eval() == str(tmp_path / "audit")
    assert grants.exists()
    assert list((tmp_path / "audit").glob("*.jsonl"))
    assert points_to(runtime) == "/project1/Waechter/callbacks"
    assert call(runtime)["success"] is True
    assert runtime.td.op.PolicyGuard is new


def test_an_upgrade_never_leaves_the_server_unguarded(
    install: Callable[[], Any], runtime: Runtime, contents: Path
) -> None:
    drop(runtime, contents)
    install()
    for _ in range(3):
        assert is_guarded(runtime)
        runtime.step()


def test_a_new_one_that_does_not_load_leaves_the_older_one_in_place(
    runtime: Runtime, saved: list[tuple[str, str]], contents: Path, text: str
) -> None:
    old = drop(runtime, contents)
    broken = text.replace("class PolicyGuardExt:", "class SomethingElse:")
    assert broken != text
    dat = runtime.td.op("/project1").create("textDAT", "policyguard_install")
    dat.text = broken
    with pytest.raises(RuntimeError, match="does not load here, nothing was changed"):
        dat.run()
    dat.destroy()
    runtime.step()
    assert old.valid
    assert is_guarded(runtime)
    assert [child.name for child in old.parent().children if "PolicyGuard" in child.name] == ["PolicyGuard"]


def test_several_older_ones_are_not_chosen_among(
    install: Callable[[], Any], runtime: Runtime, contents: Path
) -> None:
    first = drop(runtime, contents)
    runtime.td.op("/project1").copy(first)
    with pytest.raises(RuntimeError, match="there are several: /project1/PolicyGuard, /project1/PolicyGuard1"):
        install()


def test_a_disabled_older_one_stays_disabled(install: Callable[[], Any], runtime: Runtime, contents: Path) -> None:
    drop(runtime, contents).Uninstall()
    guard = install()
    assert guard.par.Enable.eval() is False
    assert points_to(runtime) == "/project1/mcp_webserver_base/mcp_webserver_script"
