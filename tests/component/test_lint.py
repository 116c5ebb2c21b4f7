"""The independent lint passes, and finds what it is there to find."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.component.lint import lint


def test_the_component_passes(contents: Path, source: Path) -> None:
    assert lint(contents.parent, source) == []


def _replace(name: str, old: bytes, new: bytes) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        file = folder / name
        assert old in file.read_bytes()
        file.write_bytes(file.read_bytes().replace(old, new, 1))

    return change


IN = "PolicyGuard.tox.dir/"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_replace("PolicyGuard.tox.toc", b"PolicyGuard/callbacks.text\n", b""), "callbacks.text is not listed"),
        (_replace("PolicyGuard.tox.toc", b"\n", b"\r\n"), "its line ends are wrong"),
        (lambda folder: (folder / IN / "PolicyGuard/policy.table").unlink(), "policy.table is not there"),
        (
            _replace("PolicyGuard.tox.toc", b"PolicyGuard.n\nPolicyGuard.cparm\n", b"PolicyGuard.cparm\nPolicyGuard.n\n"),
            "PolicyGuard.n comes after PolicyGuard.cparm",
        ),
        (
            _replace(
                "PolicyGuard.tox.toc",
                b"PolicyGuard/policy.n\nPolicyGuard/policy.table\n",
                b"",
            ),
            "policy.n is not listed",
        ),
        (_replace(IN + "PolicyGuard/callbacks.text", b"def ", b"def  "), "its head does not fit"),
        (_replace(IN + "PolicyGuard/source/gate.text", b"import", b"impart"), "it is not what td_extension has"),
        (_replace(IN + "PolicyGuard/policy.table", b"deny", b"den"), "policy.table: "),
        (_replace(IN + "PolicyGuard.parm", b"ext0object 0 op('./PolicyGuardExt').module.PolicyGuardExt", b"ext0object 0 op('./PolicyGuardExt').module.Other"), "names no class"),
        (_replace(IN + "PolicyGuard.cparm", b" Status Status ", b" Statue Status "), "custom without a definition"),
        (_replace(IN + "PolicyGuard.parm", b"opshortcut 0", b"externaltox 0"), "externaltox 0 PolicyGuard"),
        (_replace(IN + "PolicyGuard/policy_callbacks.parm", b"dat 0 policy", b"dat 0 gone"), "names gone, which is not there"),
        (_replace(IN + "PolicyGuard.n", b"tile", b"dict 80\ntile"), "dict 80"),
        (_replace(IN + "PolicyGuard.n", b"COMP:base", b"COMP:engine"), "not an allowed type"),
    ],
)  # fmt: skip
def test_it_finds_what_is_wrong(
    tmp_path: Path, contents: Path, source: Path, change: Callable[[Path], None], told: str
) -> None:
    shutil.copytree(contents.parent, tmp_path / "tree")
    change(tmp_path / "tree")
    assert told in "\n".join(lint(tmp_path / "tree", source))
