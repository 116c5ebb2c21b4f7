"""Every known trick on every door, over a real socket: its effect does not happen, and the reply says why.

Each is played before the small server, with the reserved-header switch both ways, and through the real td/ code
(``-m upstream``), where it is shown as well which of them work without a guard.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.serving import UPSTREAM, Served, serving
from tests.e2e.tricks import IMPORTED, TRICKS, Trick

TD = ("--touchdesigner-mcp", f"{UPSTREAM}/td")
LOOK = "[o.path for o in op('/project1').findChildren()]"
IDS = [trick.name for trick in TRICKS]


class Project:
    """A served project, with what the tricks could do to it."""

    def __init__(self, served: Served, folder: Path) -> None:
        self.served = served
        self._marker = folder / "imported"
        self._before = self._operators()

    def play(self, trick: Trick) -> tuple[int, str]:
        """Send the trick; status and text of the answer."""
        status, _, data = self.served.request(trick.method, trick.path, trick.body, trick.headers)
        return status, data.decode()

    def changed(self) -> list[str]:
        """What has happened since the project was built: operators that came or went, an import."""
        return sorted(set(self._operators()) ^ set(self._before)) + [IMPORTED] * self._marker.exists()

    def restore(self) -> None:
        """Undo what a trick has done, by scripts that no guard hinders."""
        self._marker.unlink(missing_ok=True)
        for path in set(self._operators()) - set(self._before):
            self.served.script(f"op({path!r}).destroy()")
        for path in set(self._before) - set(self._operators()):
            parent, _, name = path.rpartition("/")
            self.served.script(f"op({parent!r}).create(textDAT, {name!r})")

    def _operators(self) -> list[str]:
        told = self.served.script(LOOK)
        assert told["success"], told
        found: list[str] = told["data"]["result"]
        return found


def project(folder: Path, *options: str, header_wins: bool = False, guarded: bool = True) -> Iterator[Project]:
    (folder / "policy.json").write_text('{"version":"1","default":"allow"}', encoding="utf-8")
    # It forgets itself, so that the next import writes again.
    evil = f"import sys\nopen({str(folder / 'imported')!r}, 'w').close()\ndel sys.modules[__name__]\n"
    (folder / f"{IMPORTED}.py").write_text(evil, encoding="utf-8")
    policy = ("--policy", str(folder / "policy.json")) if guarded else ()
    with serving(
        folder / "audit", *policy, *options, guarded=guarded, header_wins=header_wins, modules=folder
    ) as served:
        yield Project(served, folder)


@pytest.fixture(scope="module", params=[False, True], ids=["key wins", "header wins"])
def small(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The small server, guarded."""
    yield from project(tmp_path_factory.mktemp("small"), header_wins=request.param)


@pytest.fixture(scope="module", params=[False, True], ids=["key wins", "header wins"])
def real(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The real td/ code, guarded."""
    yield from project(tmp_path_factory.mktemp("real"), *TD, header_wins=request.param)


def refused(told: tuple[int, str], trick: Trick) -> None:
    status, text = told
    if trick.code == "403":
        assert (status, text) == (403, "")
        return
    assert status == 200, text
    envelope = json.loads(text)
    if not trick.code:
        return
    assert envelope["success"] is False, text
    found = re.search(r"Code ([a-z-]+)\.", envelope["error"])
    assert found is not None, text
    assert found[1] == trick.code, text


@pytest.mark.parametrize("trick", TRICKS, ids=IDS)
def test_a_trick_has_no_effect_and_is_refused_by_its_code(small: Project, trick: Trick) -> None:
    told = small.play(trick)
    assert small.changed() == []
    refused(told, trick)


@pytest.mark.parametrize("trick", TRICKS, ids=IDS)
@pytest.mark.upstream
@pytest.mark.skipif(not UPSTREAM, reason="POLICYGUARD_UPSTREAM names no build of touchdesigner-mcp")
def test_a_trick_has_no_effect_through_the_real_code(real: Project, trick: Trick) -> None:
    told = real.play(trick)
    assert real.changed() == []
    refused(told, trick)


WORKING = [trick for trick in TRICKS if trick.works]


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The real td/ code without a guard."""
    yield from project(tmp_path_factory.mktemp("bare"), *TD, guarded=False)


@pytest.mark.parametrize("trick", WORKING, ids=[trick.name for trick in WORKING])
@pytest.mark.upstream
@pytest.mark.skipif(not UPSTREAM, reason="POLICYGUARD_UPSTREAM names no build of touchdesigner-mcp")
def test_it_works_on_the_real_code_without_a_guard(bare: Project, trick: Trick) -> None:
    bare.play(trick)
    changed = bare.changed()
    bare.restore()
    assert changed, "the trick no longer works unguarded: the test of its refusal proves nothing"
    assert bare.changed() == []


# Named letter by letter like a key of the request dictionary, a header cannot be told from it: what wins is judged.
NAMED = {
    "data": ('{"script": "import evil_module"}', "missing-capability"),
    "uri": ("/api/td/modules/help", "unknown-route"),
    "method": ("GET", "unknown-route"),
    "pars": ('{"script": "import evil_module"}', "malformed-request"),
    "clientAddress": ("10.0.0.7", "foreign-peer"),
}


@pytest.mark.parametrize("name", NAMED)
def test_a_header_named_exactly_like_a_key_is_judged_where_it_wins(small: Project, name: str) -> None:
    value, code = NAMED[name]
    played = Trick(name, code, "POST", "/api/td/server/exec", {"script": "1"}, {name: value})
    told = small.play(played)
    assert small.changed() == []
    if json.loads(told[1])["success"]:
        played = Trick(name, "", played.method, played.path)  # the key won, and the body is harmless
    refused(told, played)


def test_a_loopback_address_in_a_header_does_not_admit_a_foreign_host(small: Project) -> None:
    headers = {"clientAddress": "127.0.0.1", "Host": "192.168.1.7:9981"}
    refused(small.play(Trick("a claimed address", "403", "POST", "/api/td/server/exec", {"script": "1"}, headers)), Trick("", "403", "", ""))


def test_ordinary_calls_pass_between_the_tricks(small: Project) -> None:
    for path in ("/api/td/server/td", "/api/nodes?parentPath=/project1", "/api/td/classes/noiseTOP", "/api/td/modules/help?moduleName=policyguard"):
        assert small.served.call("GET", path)["success"] is True
