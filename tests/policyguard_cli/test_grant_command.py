"""`policyguard grant`: its exit codes and what it prints."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from policyguard_cli.application import app
from td_extension.grants import identify, load_grants


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / ".policyguard"


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["grant", *arguments, "--folder", str(folder)])


def test_a_new_grants_secret_is_printed_once_and_counts(folder: Path) -> None:
    result = run(folder, "new", "anna", "--expires", "8h", "--overlay", "stage")
    assert result.exit_code == 0
    secret = result.output.splitlines()[1].removeprefix("secret ")
    assert f"--host=http://anna:{secret}@127.0.0.1" in result.output
    grants = load_grants((folder / "grants.json").read_text(encoding="utf-8"))
    assert identify(f"Bearer {secret}", grants) == "anna"
    assert secret not in run(folder, "list").output


def test_the_list_tells_name_end_and_overlay(folder: Path) -> None:
    assert run(folder, "list").output == "no grants\n"
    run(folder, "new", "ben", "--expires", "2999-01-01T00:00:00+00:00", "--overlay", "stage")
    run(folder, "new", "anna")
    assert run(folder, "list").output.splitlines() == [
        "anna\tdoes not expire\tno overlay",
        "ben\texpires 2999-01-01T00:00:00+00:00\toverlay stage",
    ]


def test_a_revoked_grant_is_gone(folder: Path) -> None:
    run(folder, "new", "anna")
    assert run(folder, "revoke", "anna").output == "revoked anna\n"
    assert json.loads((folder / "grants.json").read_text(encoding="utf-8"))["grants"] == {}
    assert run(folder, "revoke", "anna").exit_code == 1


@pytest.mark.parametrize("expires", ["soon", "2026-03-01T18:00", "8", "2001-01-01T00:00+00:00", "0s", "9999999d"])
def test_an_end_that_is_none_is_exit_1(folder: Path, expires: str) -> None:
    result = run(folder, "new", "anna", "--expires", expires)
    assert result.exit_code == 1
    assert not folder.exists()


def test_a_broken_file_is_exit_2_and_stays_as_it_is(folder: Path) -> None:
    folder.mkdir()
    (folder / "grants.json").write_text("{", encoding="utf-8")
    for arguments in (("new", "anna"), ("list",), ("revoke", "anna")):
        assert run(folder, *arguments).exit_code == 2
    assert (folder / "grants.json").read_text(encoding="utf-8") == "{"
