"""What holds of every text that is judged, whatever it is: asked by the tests and by `scripts/fuzz.py`."""

from __future__ import annotations

import ast

from td_extension.policy.script_rule import PROFILES
from td_extension.script.analyse import analyse
from td_extension.script.catalog import Catalog
from td_extension.script.instrument import instrument
from td_extension.script.report import ScriptReport, first_refused
from td_extension.values import Code

from .corpora import GUARD
from .hostile_texts import MAX_JUDGED_MS, MAX_UNPARSED_MS, clock


def broken_invariants(text: str, catalog: Catalog, watched: frozenset[str]) -> list[str]:
    """Each invariant that does not hold of the text, in words.

    Args:
        text: any text.
        catalog: what needs which capability.
        watched: what `instrument.watched_members` gives for the catalog.
    """
    report = analyse(text, catalog, GUARD)
    found = [*_of_the_report(report)]
    if report.tree is not None:
        found += _of_the_tree(report.tree, watched)
    return found


def _of_the_report(report: ScriptReport) -> list[str]:
    found = []
    if report.tree is None and first_refused(report, PROFILES["trusted"]) is None:
        found.append("a text without a tree is not refused")
    found += [use.why for use in report.uses if use.code is Code.INTERNAL]
    places = [(use.line, use.column) for use in report.uses]
    if places != sorted(places):
        found.append("the uses are not in the order of the text")
    if not all(1 <= line <= report.lines + 1 and column >= 1 for line, column in places):
        found.append(f"a use stands outside the text: {places}, {report.lines} lines")
    if any(not use.what or len(use.refusal("edit").message) > 1000 for use in report.uses):
        found.append("a refusal says nothing, or does not stop talking")
    return found


def _of_the_tree(tree: ast.Module, watched: frozenset[str]) -> list[str]:
    plain = _compiled(tree)
    watched_tree = _compiled(instrument(tree, watched))
    if plain.startswith("SyntaxError") and watched_tree.startswith("SyntaxError"):
        return []  # what only the compiler refuses, such as `return` outside a function, is told when it runs
    if "'__name__' is used prior to global declaration" in plain:
        return []  # refused for binding that name; asking whether it is the main one no longer reads it
    return [] if plain == watched_tree == "" else [f"compiled: {plain or 'yes'}; instrumented: {watched_tree or 'yes'}"]


def _compiled(tree: ast.Module) -> str:
    try:
        compile(tree, "text", "exec", dont_inherit=True)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def over_time(text: str, catalog: Catalog, factor: float) -> str:
    """How long judging the text takes where that is too long, else nothing. The best of three counts.

    Args:
        text: any text.
        catalog: what needs which capability.
        factor: how much slower this machine is than the one for which the bounds hold.
    """
    now = clock()
    took_ms = float("inf")
    for _ in range(3):
        begun = now()
        report = analyse(text, catalog, GUARD)
        took_ms = min(took_ms, (now() - begun) * 1000)
        limit_ms = factor * (MAX_UNPARSED_MS if report.tree is None else MAX_JUDGED_MS)
        if took_ms <= limit_ms:
            return ""
    return f"took {took_ms:.1f} ms of {limit_ms:.1f} ms"
