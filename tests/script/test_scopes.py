"""What a policy grants for some files, hosts and modules only is decided by the very name, while the script runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from td_extension.policy.script_rule import parse_rule
from td_extension.script.analyse import analyse
from td_extension.script.catalog import Catalog
from td_extension.script.media import host_of
from td_extension.script.outcomes import Finished, Raised, Stopped
from td_extension.script.report import refused_uses

Run = Callable[..., Finished | Raised | Stopped]


def stopped(outcome: Finished | Raised | Stopped) -> str:
    assert isinstance(outcome, Stopped), outcome
    return outcome.refusal.message


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "data"
    folder.mkdir()
    (folder / "a.txt").write_text("first\nsecond\n", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    return folder


def test_a_granted_folder_is_read_and_no_other(run: Run, data: Path) -> None:
    rule = f"edit +file.read({data}/**)"
    outcome = run(f"with open({str(data / 'a.txt')!r}) as f:\n    result = f.readlines()", rule)
    assert isinstance(outcome, Finished), outcome
    assert outcome.result == ["first\n", "second\n"]
    for path in (data.parent / "secret.txt", data / ".." / "secret.txt"):
        assert "file.read" in stopped(run(f"f = open({str(path)!r})", rule, judged=False))
    assert "file.write" in stopped(run(f"f = open({str(data / 'b.txt')!r}, 'w')", rule, judged=False))


def test_a_link_out_of_a_granted_folder_leads_nowhere(run: Run, data: Path) -> None:
    (data / "link.txt").symlink_to(data.parent / "secret.txt")
    path = str(data / "link.txt")
    assert "file.read" in stopped(run(f"f = open({path!r})", f"edit +file.read({data}/**)"))


def test_what_is_opened_is_known_before_where_the_text_tells_it(catalog: Catalog) -> None:
    grants = parse_rule("edit +file.read(/data/**)")

    def refused(text: str) -> bool:
        return bool(refused_uses(analyse(text, catalog, ()), grants.granted, grants.scopes))

    assert not refused("open('/data/a.txt')")
    assert not refused("p = '/data/' + 'a.txt'\nopen(p, mode='rb')")
    assert refused("open('/etc/passwd')")
    assert refused("open('/data/a.txt', 'w')")
    assert refused("m = op('n').name\nopen('/data/a.txt', m)")
    assert refused("f = open")


def test_a_parameter_may_name_what_the_policy_grants(run: Run, td: Any, data: Path) -> None:
    rule = f"edit +file.read({data}/**)"
    make = "m = op('/project1').create(moviefileinTOP, 'm')\n"
    assert isinstance(run(f"{make}m.par.file = {str(data / 'x.bin')!r}", rule), Finished)
    assert "file.read" in stopped(run(f"{make}m.par.file = '/etc/passwd'", rule, judged=False))


def test_a_module_that_the_policy_names_is_imported(run: Run) -> None:
    outcome = run("import plistlib\nresult = plistlib.dumps({'a': 1}).decode()[:5]", "edit +import(plistlib)")
    assert isinstance(outcome, Finished), outcome
    assert outcome.result == "<?xml"
    assert isinstance(run("import plistlib", "edit", judged=False), Raised)
    assert isinstance(run("import os", "edit +import(os)", judged=False), Raised)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://api.example.com/v1?x=1", "api.example.com"),
        ("http://user:pass@evil.example:80/", "evil.example"),
        ("http://good.example\\@evil.example/", None),
        ("127.0.0.1:9980", "127.0.0.1"),
        ("ws://[::1]:9980/x", "[::1]"),
        ("two words", None),
        ("", None),
    ],
)
def test_the_host_of_an_address(address: str, host: str | None) -> None:
    assert host_of(address) == host
