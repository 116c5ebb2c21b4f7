"""Runs one judged script: its watch, its world, its executor."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..policy.nodes import NodeScope
from ..policy.script_rule import NO_SCOPES, Scopes
from ..values import EVERYTHING, Capability, ToolCall
from .audit_events import AuditEvents, listening
from .catalog import Catalog
from .decimals import bounded_decimals
from .effect import Effect
from .effects import effect_of
from .execute import execute, with_code
from .instrument import watched_members
from .outcomes import Finished, Raised, Stopped
from .report import ScriptReport
from .surroundings import Surroundings
from .watch import Watch
from .world import plain_builtins, safe_builtins

TIME_LIMIT_S = 2.0
"""How long a script may hold the thread that draws the show."""


class Executor:
    """Runs judged scripts. It lives as long as the guard and keeps what is the same for every script.

    Args:
        catalog: what needs which capability.
        surroundings: TouchDesigner.
        clock: monotonic seconds.

    Attributes:
        watched: the members whose receivers are looked at, whatever the script.
    """

    def __init__(self, catalog: Catalog, surroundings: Surroundings, clock: Callable[[], float]) -> None:
        self._catalog = catalog
        self._surroundings = surroundings
        self._clock = clock
        self.watched = watched_members(catalog)
        self._plain: dict[frozenset[Capability], dict[str, Any]] = {}

    def run(
        self,
        report: ScriptReport,
        *,
        source: str,
        granted: frozenset[Capability],
        allowed: str,
        me: Any,
        scopes: Scopes = NO_SCOPES,
        nodes: tuple[NodeScope, ...] = (),
    ) -> Finished | Raised | Stopped:
        """Run a judged script with builtins and imports of its own.

        Args:
            report: the judgement with its code, or with its tree, which is then used up.
            source: the script's text, for tracebacks only.
            granted: what it may do.
            allowed: how that is called, for a refusal's text.
            me: the guarded server's callbacks DAT.
            scopes: what it may do to some files, hosts and modules only.
            nodes: the operators on which it may act lie in each of these.

        Raises:
            ValueError: if the report is of a text that is no script.
        """
        watch = self._watch(granted, allowed, report.own_members, scopes, nodes)
        world = self._surroundings.world(me, self._catalog, granted)
        if granted not in self._plain:
            self._plain[granted] = plain_builtins(self._catalog, granted)
        names = safe_builtins(self._plain[granted], self._catalog, watch, world["td"])
        with listening(AuditEvents(watch, self._catalog)), bounded_decimals(report.imports):
            return self._execute(report, source, watch, world, names)

    def run_unrestricted(
        self, report: ScriptReport, *, source: str, allowed: str, me: Any
    ) -> Finished | Raised | Stopped:
        """Run a script that the policy would refuse, for monitor mode: with Python's own builtins and imports.

        The ticks and the protection of the guard stay on.
        """
        watch = self._watch(EVERYTHING, allowed, report.own_members)
        world = self._surroundings.world(me, self._catalog, EVERYTHING)
        return self._execute(report, source, watch, world, dict(vars(builtins)))

    def compiled(self, report: ScriptReport) -> ScriptReport:
        """The report with the code of its tree, which is instrumented in place and so used up."""
        return with_code(report, self.watched)

    def effect(
        self,
        call: ToolCall,
        target: Any,
        granted: frozenset[Capability],
        allowed: str,
        nodes: tuple[NodeScope, ...] = (),
    ) -> tuple[Effect, Capability | None]:
        """What `call` would do to the operator `target`; and the capability for want of which it may not."""
        watch = self._watch(granted, allowed, nodes=nodes)
        return effect_of(call, target, watch, self._catalog), watch.lacking

    def _watch(
        self,
        granted: frozenset[Capability],
        allowed: str,
        own_members: frozenset[str] = frozenset(),
        scopes: Scopes = NO_SCOPES,
        nodes: tuple[NodeScope, ...] = (),
    ) -> Watch:
        return Watch(
            granted=granted,
            catalog=self._catalog,
            bridge=self._surroundings,
            clock=self._clock,
            deadline_s=self._clock() + TIME_LIMIT_S,
            allowed=allowed,
            own_members=own_members,
            scopes=scopes,
            nodes=nodes,
        )

    def _execute(
        self, report: ScriptReport, source: str, watch: Watch, world: dict[str, Any], names: dict[str, Any]
    ) -> Finished | Raised | Stopped:
        code = report.code if report.code is not None else self.compiled(report).code
        if code is None:
            raise ValueError("a text that does not compile cannot run")
        outcome = execute(
            code,
            source=source,
            world=world,
            builtins=names,
            watch=watch,
            describe=self._surroundings.describe,
        )
        return replace(outcome, lacking=watch.lacking) if isinstance(outcome, Stopped) else outcome
