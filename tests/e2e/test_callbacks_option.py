"""`policyguard serve --callbacks` and `--unguarded`: a server that the guard does not know, and the choice to run it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.serving import ROOT, serving

SCRIPT = """
import json
def onHTTPRequest(webServerDAT, request, response):
    response['statusCode'] = 200
    response['data'] = json.dumps([me.path, me.par.file.eval(), webServerDAT.path, request['uri']])
    return response
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    file = tmp_path / "server.py"
    file.write_text(SCRIPT, encoding="utf-8")
    return file


def run(*options: str) -> subprocess.CompletedProcess[str]:
    """A server that must not start."""
    command = [sys.executable, "-m", "policyguard_cli", "serve", "--port", "0", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)


def refused(*options: str) -> str:
    """The one line that says why."""
    result = run(*options)
    assert (result.returncode, result.stdout) == (2, "")
    [line] = [line for line in result.stderr.splitlines() if not line.startswith("not guarded: ")]
    assert line.startswith("policyguard: ")
    return line


def served_data(*options: str, path: str = "/x") -> bytes:
    with serving(Path("none"), *options, guarded=False) as served:
        status, _, data = served.request("GET", path)
    assert status == 200, data
    return data


# -- the decision --------------------------------------------------------------------------------------------------


def test_an_unknown_script_is_not_served_without_saying_so(script: Path) -> None:
    line = refused("--callbacks", str(script))
    assert line.startswith(f"policyguard: unknown callbacks script {script}: PolicyGuard cannot decide ")
    assert line.endswith("; add --unguarded to serve it without a guard")


def test_what_a_script_claims_to_be_changes_nothing(script: Path) -> None:
    script.write_text('POLICYGUARD_DIALECT = "touchdesigner-mcp"\n' + SCRIPT, encoding="utf-8")
    assert "unknown callbacks script" in refused("--callbacks", str(script))


def test_one_line_says_that_it_is_not_guarded(script: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "policyguard_cli",
        "serve",
        "--port",
        "0",
        "--unguarded",
        "--callbacks",
        str(script),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("listening on http://127.0.0.1:")
    process.terminate()
    _, errors = process.communicate(timeout=30)
    assert errors == f"not guarded: unknown callbacks script {script}\n"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--callbacks", "{script}", "--touchdesigner-mcp", "{folder}"], "--callbacks and --touchdesigner-mcp are two servers"),
        (["--unguarded", "--callbacks", "{script}", "--touchdesigner-mcp", "{folder}"], "are two servers"),
        (["--beside", "{script}"], "add --callbacks"),
        (["--unguarded", "--mode", "enforce"], "--mode is for the guard"),
        (["--unguarded", "--policy", "{script}"], "--policy is for the guard"),
        (["--unguarded", "--callbacks", "{script}", "--audit-dir", "{folder}"], "--audit-dir is for the guard"),
    ],
)  # fmt: skip
def test_options_that_contradict_each_other_are_refused(script: Path, options: list[str], reason: str) -> None:
    assert reason in refused(*(option.format(script=script, folder=script.parent) for option in options))


# -- the script ----------------------------------------------------------------------------------------------------


def test_the_script_is_the_text_of_the_servers_callbacks_dat(script: Path) -> None:
    told = json.loads(served_data("--callbacks", str(script)))
    assert told == ["/project1/server/callbacks", str(script), "/project1/server/webserver1", "/x"]


def test_a_relative_path_is_made_absolute(tmp_path: Path, script: Path) -> None:
    relative = Path(*[".."] * len(ROOT.parts[1:])) / script.relative_to(script.anchor)
    assert json.loads(served_data("--callbacks", str(relative)))[1] == str(script)


def test_a_script_finds_modules_by_its_own_files_path(tmp_path: Path, script: Path) -> None:
    (tmp_path / "near.py").write_text("ANSWER = 'from the folder'\n", encoding="utf-8")
    path = (
        "import sys\nfrom pathlib import Path\nsys.path.insert(0, str(Path(me.par.file.eval()).parent))\nimport near\n"
    )
    script.write_text(path + SCRIPT.replace("request['uri']", "near.ANSWER"), encoding="utf-8")
    assert json.loads(served_data("--callbacks", str(script)))[3] == "from the folder"


def test_further_scripts_stand_beside_it_as_dats(tmp_path: Path, script: Path) -> None:
    (tmp_path / "near.py").write_text("ANSWER = me.path\n", encoding="utf-8")
    text = SCRIPT.replace("request['uri']", "op('near').module.ANSWER")
    script.write_text("import near\n" + text, encoding="utf-8")
    told = json.loads(served_data("--callbacks", str(script), "--beside", str(tmp_path / "near.py")))
    assert told[3] == "/project1/server/near"


@pytest.mark.parametrize("name", ["callbacks.py", "webserver1.py", "no-name.py", "日本.py"])
def test_a_file_whose_name_cannot_be_a_dats_is_refused(tmp_path: Path, script: Path, name: str) -> None:
    (tmp_path / name).write_text("", encoding="utf-8")
    line = refused("--unguarded", "--callbacks", str(script), "--beside", str(tmp_path / name))
    assert "rename the file" in line


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"def onHTTPRequest(:", "SyntaxError"),
        (b"import no_such_module_anywhere", "ModuleNotFoundError"),
        (b"raise SystemExit(0)", "SystemExit"),
        (b"x = 1", "defines no callback"),
        (b"onHTTPRequest = None", "defines no callback"),
        (b"\xff\xfe", "server.py"),
    ],
)
def test_a_script_that_cannot_serve_is_refused_with_the_reason(script: Path, content: bytes, reason: str) -> None:
    script.write_bytes(content)
    assert reason in refused("--unguarded", "--callbacks", str(script))


def test_a_script_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    assert run("--unguarded", "--callbacks", str(tmp_path / "none.py")).returncode == 2


def test_a_taken_port_is_told_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        line = refused("--unguarded", "--port", str(taken.getsockname()[1]))
    assert "Cannot listen on port" in line


# -- the ordinary project, unguarded -------------------------------------------------------------------------------


def test_without_the_guard_the_server_runs_what_it_is_sent(tmp_path: Path) -> None:
    with serving(tmp_path / "audit", guarded=False) as served:
        assert served.script("import os\nresult = os.getpid()")["data"]["result"] == served.process.pid
        assert served.call("DELETE", "/api/nodes?nodePath=/project1/notes")["success"] is True


def test_the_unguarded_project_holds_the_same_operators(tmp_path: Path) -> None:
    look = "result = ' '.join(f'{o.name}:{o.OPType}' for o in op('/project1').children)"
    with serving(tmp_path / "audit") as guarded, serving(tmp_path / "none", guarded=False) as unguarded:
        assert guarded.script(look)["data"]["result"] == unguarded.script(look)["data"]["result"]
    assert not (tmp_path / "none").exists()
