"""What docs/policy.md says is so."""

from __future__ import annotations

import re
from pathlib import Path

from td_extension.policy.condition_document import _KEYS
from td_extension.policy.document import load_yaml
from td_extension.policy.facts import FACTS
from td_extension.policy.table import COLUMNS, load_table

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")


def test_the_example_of_a_document_loads_without_a_warning() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.S)
    assert load_yaml(example, "example.yaml").warnings == ()


def test_the_example_of_a_table_loads_without_a_warning() -> None:
    lines = [line for line in TEXT.splitlines() if line.startswith("| ")]
    begin = lines.index("| " + " | ".join(COLUMNS) + " |")
    cells = [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines[begin : begin + 9]]
    assert load_table([cells[0], *cells[2:]], "table").warnings == ()


def test_every_fact_is_named() -> None:
    for name in FACTS:
        assert f"`{name}" in TEXT
    assert set(FACTS) - {"args"} < set(_KEYS)
