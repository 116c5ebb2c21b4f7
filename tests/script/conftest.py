"""What the tests of the script room share: the shipped catalog, and a small project on the stand-in."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import td_extension.script
from policyguard_cli import project
from td_extension.policy.script_rule import parse_rule
from td_extension.script.analyse import analyse
from td_extension.script.catalog import Catalog
from td_extension.script.catalog_text import load_catalog
from td_extension.script.outcomes import Finished, Raised, Stopped
from td_extension.script.report import refused_uses
from td_extension.script.run import TIME_LIMIT_S, Executor
from td_extension.td_bridge import TdBridge
from td_headless import Runtime

Outcome = Finished | Raised | Stopped


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The catalog as it ships."""
    file = Path(td_extension.script.__file__).parent / "catalog.json"
    return load_catalog(file.read_text(encoding="utf-8"))


@pytest.fixture
def td() -> Iterator[Any]:
    """TouchDesigner's module, with the project of `policyguard serve` and the guard not installed."""
    runtime = Runtime()
    with runtime.install() as module:
        project.build(module.root, port=0, touchdesigner_mcp=None)
        yield module
    runtime.close()


@pytest.fixture
def run(td: Any, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """Runs a script, judged before under `profile`, or unjudged where a test is about the run time alone."""
    me = td.op("/project1/mcp_webserver_base/mcp_webserver_script")
    bridge = TdBridge(td, td.op("/project1/PolicyGuard"))
    bridge.protect([td.op("/project1/mcp_webserver_base/webserver1"), me])
    executor = Executor(catalog, bridge, time.monotonic)

    def run_script(text: str, rule: str = "edit", judged: bool = True, deadline_s: float = TIME_LIMIT_S) -> Outcome:
        report = analyse(text, catalog, bridge.protected_paths())
        grants = parse_rule(rule)
        if judged:
            assert refused_uses(report, grants.granted, grants.scopes) == []
        monkeypatch.setattr("td_extension.script.run.TIME_LIMIT_S", deadline_s)
        return executor.run(report, source=text, granted=grants.granted, allowed=rule, me=me, scopes=grants.scopes)

    return run_script
