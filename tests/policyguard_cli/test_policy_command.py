"""`policyguard policy validate`: its exit codes and what it prints."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import td_extension.policy
from policyguard_cli.application import app
from td_extension.policy.load import load_json
from td_extension.policy.table import COLUMNS

HEADER = "\t".join(COLUMNS)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["policy", "validate", *map(str, arguments)])


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the policies; it is the current one, so that names are short."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(name: str, text: str) -> Path:
    Path(name).write_text(text, encoding="utf-8")
    return Path(name)


# -- what loads --------------------------------------------------------------------------------------------------------

JSON = '{"version": "1", "hide": ["get_top_image"], "tools": {"get_td_nodes": {}, "create_td_node": {"rate_limit": "1/s"}}}'
YAML = "version: '1'\nhide: [get_top_image]\ntools:\n  get_td_nodes: {}\n  create_td_node: {rate_limit: 1/s}\n"


@pytest.mark.parametrize(("name", "text"), [("p.json", JSON), ("p.yaml", YAML), ("p.yml", YAML), ("P.YML", YAML)])
@pytest.mark.usefixtures("file")
def test_a_document_that_loads_is_one_line_and_exit_0(name: str, text: str) -> None:
    result = run(written(name, text))
    digest = load_json(JSON, "p").policy.digest
    assert result.exit_code == 0
    assert result.output == f"valid: 2 tools, 1 hidden, 1 limit, default deny, digest {digest}\n"


def test_the_shipped_table_is_valid() -> None:
    result = run(Path(td_extension.policy.__file__).parent / "presets" / "default.tsv")
    assert result.exit_code == 0
    assert result.output.startswith("valid: 14 tools, 0 hidden, ")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.usefixtures("file")
def test_a_table_is_read_as_touchdesigner_saves_it(end: str) -> None:
    Path("p.tsv").write_bytes(f"\ufefftool\taction{end}*\tdeny{end}get_td_nodes\tallow{end}".encode())
    assert run("p.tsv").output.startswith("valid: 1 tool, 0 hidden, 0 limits, default deny, ")


@pytest.mark.usefixtures("file")
def test_warnings_are_printed_and_the_exit_is_still_0() -> None:
    result = run(written("p.yaml", "tools:\n  get_td_nods: {}\n"))
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == 'p.yaml:1:1: warning: "version" is missing and is read as "1"; write "version": "1"'
    assert lines[1].startswith("p.yaml:2:3: warning: 'get_td_nods' is no tool of touchdesigner-mcp; did you mean")
    assert lines[2].startswith("valid: ")


# -- what does not -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["p.json", "p.yaml"])
@pytest.mark.usefixtures("file")
def test_each_problem_is_one_line_with_its_place_and_remedy_and_the_exit_is_1(name: str) -> None:
    result = run(written(name, '{"version": "1",\n "defualt": "deny",\n "hide": 1}'))
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        f"{name}:2:2: error: unknown key 'defualt' in the document; did you mean 'default'?",
        f'{name}:3:10: error: expected a list of tool names or "*" for hide, found 1; write ["delete_td_node"]',
    ]


@pytest.mark.usefixtures("file")
def test_errors_come_before_warnings() -> None:
    kinds = [line.split(": ")[1] for line in run(written("p.yaml", "default: maybe\n")).output.splitlines()]
    assert kinds == ["error", "warning"]


@pytest.mark.usefixtures("file")
def test_a_problem_of_a_table_names_its_cell_and_the_place_in_the_file() -> None:
    table = f"{HEADER}\n\nget_td_nodes\tallow\nexec_node_method\tallow\t10/fortnight\n"
    result = run(written("p.tsv", table))
    assert result.exit_code == 1
    assert result.output == (
        "p.tsv:4:24: error: row 3, column limit: 'fortnight' is no unit of time; use second, minute, hour or day\n"
    )


@pytest.mark.parametrize(
    ("table", "start"),
    [
        ("tool\taction\tlimti\nx\tdeny", "p.tsv:1:13: error: row 0, column 2: unknown column 'limti'; did you mean"),
        ("tool\n", "p.tsv:1:1: error: row 0: the column action is missing"),
        ("", "p.tsv:1:1: error: row 0: the column tool is missing"),
        ("tool\taction\nx\tallow\tstray", "p.tsv:2:9: error: row 1, column 2: 'stray' stands in no column"),
        ("tool\taction\nget_td_nodes", "p.tsv:2:14: error: row 1, column action: the cell is empty"),
        ("x" * 1_048_577, "p.tsv:1:1: error: row 0: 1,048,577 characters are too many"),
    ],
)
@pytest.mark.usefixtures("file")
def test_a_broken_table_is_exit_1(table: str, start: str) -> None:
    result = run(written("p.tsv", table))
    assert result.exit_code == 1
    assert result.output.startswith(start)


@pytest.mark.parametrize("name", ["p.yaml", "p.json", "p.tsv"])
@pytest.mark.usefixtures("file")
def test_a_file_that_is_not_utf_8_is_exit_1_with_the_place(name: str) -> None:
    Path(name).write_bytes("a\nü".encode() + b"\xff")
    result = run(name)
    assert (result.exit_code, result.output) == (1, f"{name}:2:2: error: this is not UTF-8; save the file as UTF-8\n")


@pytest.mark.usefixtures("file")
def test_a_file_of_another_kind_is_exit_1_with_the_remedy() -> None:
    result = run(written("policy.toml", ""))
    assert result.exit_code == 1
    assert result.output.startswith("policy.toml: error: the file's name: the ending '.toml' does not say")
    assert ".yaml" in result.output


@pytest.mark.usefixtures("file")
def test_without_pyyaml_a_yaml_policy_is_exit_1_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "td_extension.policy.yaml_text", None)
    monkeypatch.delattr("td_extension.policy.yaml_text", raising=False)
    result = run(written("p.yaml", "version: '1'"))
    assert result.exit_code == 1
    assert "install PyYAML" in result.output


@pytest.mark.skipif(sys.platform == "win32", reason="Windows allows no such names")
@pytest.mark.usefixtures("file")
def test_a_name_that_would_break_the_line_is_escaped() -> None:
    result = run(written("a\nb\x1b[31m.yaml", "default: 1"))
    assert result.output.startswith("a\\nb\\x1b[31m.yaml:1:10: error: ")


# -- what cannot be opened ---------------------------------------------------------------------------------------------


def test_a_missing_file_is_exit_2(tmp_path: Path) -> None:
    result = run(tmp_path / "missing.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "missing.json" in result.stderr


def test_a_folder_is_exit_2(tmp_path: Path) -> None:
    assert run(tmp_path).exit_code == 2
