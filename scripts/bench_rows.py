"""The rows of `bench.py`: each measures one thing, on the real parts."""

from __future__ import annotations

import ast
import gc
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from RestrictedPython import compile_restricted

from policyguard_cli import project
from policyguard_cli.component import SOURCE
from td_extension.approvals import Approvals
from td_extension.audit import AuditLog
from td_extension.containment import contained
from td_extension.gate import Gate
from td_extension.grants import Grants
from td_extension.limits import Limits
from td_extension.policy.decide import decide, decide_call
from td_extension.policy.facts import Facts
from td_extension.policy.load import load_json
from td_extension.policy.script_rule import PROFILES
from td_extension.policy.table import load_table
from td_extension.protocols.top_image import load_templates
from td_extension.protocols.touchdesigner_mcp import TouchDesignerMcp
from td_extension.script.analyse import analyse
from td_extension.script.bridge import SCRIPT
from td_extension.script.cache import Basis, JudgedScripts
from td_extension.script.catalog import Catalog
from td_extension.script.catalog_text import load_catalog
from td_extension.script.instrument import instrument, watched_members
from td_extension.script.run import Executor
from td_extension.script.watch import Watch
from td_extension.show import Show
from td_extension.td_bridge import TdBridge
from td_extension.td_call_seal import CallSeal, settings_of
from td_extension.td_reading import TdReading
from td_extension.transport import Rules, admit
from td_extension.values import Mode
from td_headless import Runtime

GUARD = ("/project1/PolicyGuard",)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `measured`, `floor` and `budget` are in `unit`; ``x`` is a ratio. Without a budget the
    line is there to be compared."""

    what: str
    measured: float
    floor: float | None
    budget: float | None
    unit: str


def best_us(act: Callable[[], Any], repeat: int = 200) -> float:
    """Microseconds of one `act`: the best of five rounds, each the mean of `repeat`."""
    rounds = []
    gc.disable()
    try:
        for _ in range(5):
            started = time.perf_counter()
            for _ in range(repeat):
                act()
            rounds.append((time.perf_counter() - started) / repeat * 1e6)
    finally:
        gc.enable()
    return min(rounds)


def calibration_us() -> float:
    """Microseconds of a fixed loop of a thousand turns."""

    def loop() -> int:
        total = 0
        for index in range(1000):
            total = total + index * index
        return total

    return best_us(loop)


def rows() -> Iterator[Row]:
    """Measure everything, one row after the other."""
    catalog = load_catalog((SOURCE / "script" / "catalog.json").read_text(encoding="utf-8"))
    runtime = Runtime()
    with runtime.install() as td, tempfile.TemporaryDirectory() as folder:
        server, guard = project.build(td.root, port=0, touchdesigner_mcp=None)
        bridge = TdBridge(td, guard)
        audit = AuditLog.open(Path(folder), wall_s=time.time)
        yield from _stages(bridge, audit)
        yield _containment(bridge, guard, server)
        yield from _calls(catalog, bridge, audit, server.par.callbacks.eval())
        yield from _ticks(catalog, bridge)
        yield from _executions(catalog, bridge, server.par.callbacks.eval())
        audit.close()
    runtime.close()
    yield from _scripts(catalog)
    yield _start_up()


def request(uri: str = "/api/nodes/errors", **query: str) -> dict[str, Any]:
    """A request as touchdesigner-mcp's client sends it."""
    return {
        "method": "GET",
        "uri": uri,
        "pars": query,
        "data": "",
        "clientAddress": "127.0.0.1",
        "serverAddress": "127.0.0.1",
        "Accept": "application/json, text/plain, */*",
        "User-Agent": "axios/1.18.1",
        "Accept-Encoding": "gzip, compress, deflate, br",
        "Host": "127.0.0.1:9981",
        "Connection": "keep-alive",
    }


def _dialect() -> TouchDesignerMcp:
    return TouchDesignerMcp(load_templates((SOURCE / "protocols" / "top_image.json").read_text(encoding="utf-8")))


def _shipped() -> Any:
    lines = (SOURCE / "policy" / "presets" / "default.tsv").read_text(encoding="utf-8").splitlines()
    return load_table([line.split("\t") for line in lines], "default").policy


def _conditional(count: int) -> Any:
    """A policy of so many rules for one tool; all but one have a condition that does not hold."""
    rules: list[Any] = [
        {"action": "deny", "when": {"path": "args.nodePath", "op": "eq", "value": f"/project1/n{number}"}}
        for number in range(count - 1)
    ]
    return load_json(json.dumps({"version": "1", "tools": {"x": {"rules": [*rules, {}]}}}), "x").policy


def _stages(bridge: TdBridge, audit: AuditLog) -> Iterator[Row]:
    dialect, rules, grants, policy = _dialect(), Rules(), Grants({}), _shipped()
    raw = request(nodePath="/project1/noise1")

    def read() -> None:
        admitted = admit(raw, rules, grants)
        dialect.parse(admitted)  # type: ignore[arg-type]

    yield Row("transport + protocol", best_us(read), best_us(lambda: dict(raw)), 20, "µs")
    yield Row("decide, shipped policy", best_us(lambda: decide(policy, "execute_python_script")), None, 10, "µs")
    for count, budget in ((1, 10.0), (10, 15.0), (100, 60.0)):
        conditional = _conditional(count)
        facts = Facts(tool="x", find_args=lambda: {"nodePath": "/project1/noise1"}, perform_mode=False)
        taken = best_us(lambda policy=conditional, facts=facts: (decide(policy, "x"), decide_call(policy, facts)))
        yield Row(f"decide, {count} conditional rules of one tool", taken, None, budget, "µs")
    limits, held = Limits(), decide(policy, "execute_python_script").limits
    now = iter(range(10**9))

    def count() -> None:
        at = next(now) * 100.0
        limits.exhausted(held, grant="g", tool="t", now_s=at)
        limits.commit(limits.reserve(held, grant="g", tool="t", now_s=at))  # type: ignore[arg-type]

    yield Row("limits", best_us(count), None, 10, "µs")
    record = {f"field{number}": "0123456789abcdef" for number in range(15)}
    line = json.dumps(record).encode()
    with tempfile.TemporaryFile() as bare:

        def two_records() -> None:
            for _ in range(2):
                json.dumps(record)
                hashlib.sha256(line).hexdigest()
                os.write(bare.fileno(), line)

        floor = best_us(two_records)

    def append() -> None:
        audit.append(record)
        audit.append(record)

    yield Row("audit, two records", best_us(append), floor, 25, "µs")


def _containment(bridge: TdBridge, guard: Any, server: Any) -> Row:
    """An undo block, and the integrity of what no call may change: the shipped table, of which the text is compared."""
    settings, policy = settings_of(guard), guard.op("policy")
    text = policy.text

    def contain() -> None:
        contained(int, undo=bridge, decision_id="0", seal=CallSeal(settings, server, (policy, text)))

    floor = best_us(lambda: contained(int, undo=bridge, decision_id="0"))
    return Row("containment and integrity", best_us(contain), floor, 25, "µs")


def _answer(canonical: dict[str, Any]) -> tuple[int, str, str]:
    return 200, "OK", "{}"


class _NoSeal:
    def before(self) -> None:
        pass

    def after(self) -> None:
        pass


def _gate(catalog: Catalog, bridge: TdBridge, audit: AuditLog) -> Gate:
    no_keys = Grants({})
    return Gate(
        dialect=_dialect(),
        grants=lambda: no_keys,
        catalog=catalog,
        bridge=bridge,
        reading=TdReading(sys.modules["td"]),
        limits=Limits(),
        show=lambda: Show(bridge.perform_mode(), 60.0, time.localtime().tm_hour),
        approvals=Approvals(),
        audit=audit,
        clock=time.monotonic,
    )


def _calls(catalog: Catalog, bridge: TdBridge, audit: AuditLog, me: Any) -> Iterator[Row]:
    gate = _gate(catalog, bridge, audit)
    tools = {f"tool_{number}": {"rate_limit": "10/minute"} for number in range(99)}
    policies = {
        "shipped policy": (_shipped(), 100.0),
        "100 rules": (load_json(json.dumps({"version": "1", "default": "allow", "tools": tools}), "x").policy, 150.0),
    }
    for name, (policy, budget) in policies.items():
        taken = []
        for _ in range(3000):
            raw = request(nodePath="/project1/noise1")
            started = time.perf_counter()
            gate.handle(raw, policy=policy, mode=Mode.ENFORCE, me=me, forward=_answer, seal=_NoSeal())
            taken.append((time.perf_counter() - started) * 1e6)
        taken.sort()
        yield Row(f"a call without a script, p50, {name}", taken[1500], None, budget, "µs")
        yield Row(f"a call without a script, p99, {name}", taken[2970], None, 400, "µs")


def _executions(catalog: Catalog, bridge: TdBridge, me: Any) -> Iterator[Row]:
    executor = Executor(catalog, bridge, time.monotonic)
    text = "1 + 1"

    def analysed_and_run() -> None:
        report = analyse(text, catalog, GUARD)
        executor.run(report, source=text, granted=PROFILES["edit"], allowed="edit", me=me)

    scripts = JudgedScripts(lambda basis: analyse(basis.text, catalog, basis.protected), executor.compiled)
    basis = Basis(text, "execute_python_script", catalog.digest, GUARD)
    scripts.runnable(basis, scripts.report(basis))

    def known_and_run() -> None:
        executor.run(scripts.report(basis), source=text, granted=PROFILES["edit"], allowed="edit", me=me)

    floor = best_us(lambda: exec(text))  # noqa: S102
    yield Row("the smallest script, known and run", best_us(known_and_run), floor, 80, "µs")
    yield Row("the smallest script, analysed and run", best_us(analysed_and_run), floor, None, "µs")


def honest_text(lines: int) -> str:
    """An ordinary script of about so many lines."""
    block = (
        "n{0} = op('/project1').create(noiseTOP, 'n{0}')\nn{0}.par.period = {0} * 0.5 + 1\nn{0}.nodeX = {0} * 150\n"
        "if n{0}.width > 100:\n    print(f'{{n{0}.name}} is {{n{0}.width}} wide')\n"
    )
    return "".join(block.format(number) for number in range(lines // 5))


def _scripts(catalog: Catalog) -> Iterator[Row]:
    watched = watched_members(catalog)
    for lines, repeat in ((10, 50), (100, 10), (1000, 1)):
        yield from _script(honest_text(lines), lines, repeat, catalog, watched)
    accepted = ("x=1;" * 1499, "f'" + "{x}" * 400 + "'", honest_text(500), "[" + "1," * 2900 + "]")
    yield Row("any accepted text, cold", _worst_ms(accepted, catalog), None, 60, "ms")
    refused = ("x" * 33_000, "x;" * 4000, "{" * 600, "(" * 5000, "-" * 5900 + "1", "x = (", "\0" * 1000)
    yield Row("any refused text", _worst_ms(refused, catalog), None, 10, "ms")


def _script(text: str, lines: int, repeat: int, catalog: Catalog, watched: frozenset[str]) -> Iterator[Row]:
    if analyse(text, catalog, GUARD).tree is None:
        return  # past the cap on tokens: it is refused before anything is spent on it

    def whole() -> None:
        report = analyse(text, catalog, GUARD)
        assert report.tree is not None
        compile(instrument(report.tree, watched), SCRIPT, "exec")

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # it remarks on print
        other_us = best_us(lambda: compile_restricted(text, "<x>", "exec"), repeat)
    parse_us = best_us(lambda: ast.parse(text), repeat)
    ours_us = best_us(lambda: analyse(text, catalog, GUARD), repeat)
    whole_us = best_us(whole, repeat)
    yield Row(f"analyse, {lines} lines, against ast.parse", ours_us / parse_us, 1, 4, "x")
    yield Row(f"analyse, {lines} lines, against RestrictedPython", ours_us / other_us, None, 0.7, "x")
    yield Row(f"analyse + instrument + compile, {lines} lines, against it", whole_us / other_us, None, 1, "x")


def _worst_ms(texts: tuple[str, ...], catalog: Catalog) -> float:
    return max(best_us(partial(analyse, text, catalog, GUARD), 1) for text in texts) / 1e3


def _ticks(catalog: Catalog, bridge: TdBridge) -> Iterator[Row]:
    watched = watched_members(catalog)
    watch = Watch(
        granted=PROFILES["edit"],
        catalog=catalog,
        bridge=bridge,
        clock=time.monotonic,
        deadline_s=time.monotonic() + 3600,
        allowed="edit",
    )
    for name, text, budget in (
        ("a loop with ticks", "t = 0\nfor i in range(20000):\n    t = t + i * i", 2.0),
        ("a comprehension with ticks", "t = [i * i for i in range(20000)]", 3.0),
    ):
        names: dict[str, Any] = {}
        watch.ticks.enter(names)
        bare = compile(text, SCRIPT, "exec")
        watchful = compile(instrument(ast.parse(text), watched), SCRIPT, "exec")
        # In turns, for a machine's pace changes meanwhile.
        pairs = [(best_us(partial(exec, bare, {}), 3), best_us(partial(exec, watchful, names), 3)) for _ in range(5)]
        bare_us, watchful_us = map(min, zip(*pairs, strict=True))
        yield Row(f"{name}, against without", watchful_us / bare_us, 1, budget, "x")


_START = """
import sys, tempfile, time
from td_headless import Runtime
from policyguard_cli import project as sample
runtime = Runtime()
with runtime.install() as td:
    _, guard = sample.build(td.root, port=0, touchdesigner_mcp=None)
    guard.par.Folder = tempfile.mkdtemp()
    started = time.perf_counter()
    guard.Install()
    print((time.perf_counter() - started) * 1e3)
    assert not {"yaml", "jsonschema"} & set(sys.modules)
    guard.destroy()
runtime.close()
"""


def _start_up() -> Row:
    times = [
        float(subprocess.run([sys.executable, "-c", _START], capture_output=True, text=True, check=True).stdout)
        for _ in range(5)
    ]
    return Row("start-up, without PyYAML and jsonschema", min(times), None, 150, "ms")
