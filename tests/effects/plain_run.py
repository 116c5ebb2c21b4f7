"""One allowed script, run twice from the same project: plainly, and under the guard."""

from __future__ import annotations

import ast
import contextlib
import io
import random
import time
from dataclasses import dataclass
from typing import Any

from td_extension.policy.script_rule import PROFILES
from td_extension.script.analyse import analyse
from td_extension.script.catalog import Catalog
from td_extension.script.execute import with_code
from td_extension.script.outcomes import Finished, Raised, Stopped
from td_extension.script.reduce import reduce
from td_extension.script.report import first_refused
from td_extension.script.run import Executor
from td_extension.td_bridge import ParentPath, TdBridge
from td_headless import Runtime
from td_headless.finders import names_for
from tests.corpus_runs.project import build

from .recorder import SCRIPT
from .snapshot import snapshot


@dataclass(frozen=True, slots=True)
class Ran:
    """What one run came to.

    Attributes:
        end: ``finished``, or the last line of what it raised or why it was stopped.
        result: its result as plain data.
        output: what it printed.
        project: what `snapshot` tells afterwards.
        seconds: how long it ran.
    """

    end: str
    result: Any
    output: str
    project: dict[str, dict[str, Any]]
    seconds: float


def run_plainly(text: str) -> Ran:
    """Run `text` with all of Python and TouchDesigner's own names, as a server without PolicyGuard would, but once."""
    with Runtime() as runtime, runtime.install() as td:
        bridge, me = _prepare(runtime, td)
        names = {**names_for(runtime.world, me), "parent": ParentPath(me.parent()), "__name__": "__main__"}
        tree = ast.parse(text)
        last = ast.Expression(tree.body.pop().value) if tree.body and isinstance(tree.body[-1], ast.Expr) else None  # type: ignore[attr-defined]
        body = compile(tree, SCRIPT, "exec", dont_inherit=True)
        ending = compile(last, SCRIPT, "eval", dont_inherit=True) if last is not None else None
        end, output, begin = "finished", io.StringIO(), time.thread_time()
        with runtime.world.inside(me), contextlib.redirect_stdout(output):
            try:
                exec(body, names)
                value = eval(ending, names) if ending is not None else None
                result = reduce(names.setdefault("result", value), bridge.describe)
            except Exception as error:
                end, result = f"{type(error).__name__}: {error}", None
        seconds = time.thread_time() - begin
        return Ran(end, result, output.getvalue(), snapshot(runtime), seconds)


def run_guarded(text: str, catalog: Catalog) -> Ran | None:
    """Run `text` as PolicyGuard does under the profile `edit`; None where it is refused before anything runs."""
    with Runtime() as runtime, runtime.install() as td:
        bridge, me = _prepare(runtime, td)
        executor = Executor(catalog, bridge, time.monotonic)
        report = analyse(text, catalog, bridge.protected_paths())
        if first_refused(report, PROFILES["edit"]) is not None:
            return None
        report = with_code(report, executor.watched)  # as it stands in the cache of judged scripts
        nothing = analyse("None", catalog, bridge.protected_paths())  # for an executor lives long: it has run before
        executor.run(nothing, source="None", granted=PROFILES["edit"], allowed="edit", me=me)
        random.seed(1)
        begin = time.thread_time()
        with runtime.world.inside(me):
            outcome = executor.run(report, source=text, granted=PROFILES["edit"], allowed="edit", me=me)
        seconds = time.thread_time() - begin
        match outcome:
            case Finished(result=result, stdout=output):
                return Ran("finished", result, output, snapshot(runtime), seconds)
            case Raised(error=error):
                return Ran(error.splitlines()[-1], None, "", snapshot(runtime), seconds)
            case Stopped(refusal=refusal):
                return Ran(f"stopped: {refusal.message}", None, "", snapshot(runtime), seconds)


def differences(plain: Ran, guarded: Ran) -> list[str]:
    """Where the two runs part."""
    found = [name for name in ("end", "result", "output") if getattr(plain, name) != getattr(guarded, name)]
    if plain.end != "finished":
        return found  # the guard takes back what a script that raised had made
    for path in sorted(plain.project.keys() | guarded.project.keys()):
        one, other = plain.project.get(path), guarded.project.get(path)
        if one is None or other is None:
            found.append(f"{path} is {'missing' if other is None else 'there'} under the guard")
        else:
            found += [f"{path}: {key}" for key in one if one[key] != other[key]]
    return found


def _prepare(runtime: Runtime, td: Any) -> tuple[TdBridge, Any]:
    """The project of the allow corpus, with a server's callbacks DAT in ``/project1`` and PolicyGuard beside it."""
    random.seed(1)
    project = build(runtime)
    me = project.create("textDAT", "mcp_webserver_script")
    guard = project.create("baseCOMP", "PolicyGuard")
    bridge = TdBridge(td, guard)
    bridge.protect([me])
    return bridge, me
