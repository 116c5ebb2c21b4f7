"""The scripts that were judged last: a text that comes again is neither judged nor compiled again.

What is kept depends on the text, the catalog and the protected paths, and on nothing that a caller has: what a caller
may do is decided anew in every call. A code object is not changed by running, and each run gives it names of its own;
the hooks in it are such names. The tree is not kept: compiling it for a run changes it, and every collection of garbage
would walk its thousands of nodes.
"""

from __future__ import annotations

import sys
import types
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from .report import ScriptReport

MAX_SCRIPTS = 64
MAX_BYTES = 8 * 1024 * 1024

_USE_BYTES = 500
_NAME_BYTES = 100


@dataclass(frozen=True, slots=True)
class Basis:
    """Everything that a judgement depends on.

    Attributes:
        text: the script. The text itself and no digest of it: comparing texts is exact, and cheaper than hashing them.
        tool: the tool that carries it: a recognised `get_top_image` is judged in a way of its own.
        catalog: the catalog's digest.
        protected: the paths that no script may name.
        with_lookups: whether the operators that it names are wanted too.
    """

    text: str
    tool: str
    catalog: str
    protected: tuple[str, ...]
    with_lookups: bool = False


class JudgedScripts:
    """Judges scripts, and remembers the last ones within two bounds; the least recently used is dropped first.

    Args:
        judge: gives the report of a script, with its tree.
        compiled: gives a report with the code of its tree, which it uses up.
        max_scripts: how many scripts are kept at most.
        max_bytes: what they may take together: texts, code and reports, estimated.
    """

    def __init__(
        self,
        judge: Callable[[Basis], ScriptReport],
        compiled: Callable[[ScriptReport], ScriptReport],
        *,
        max_scripts: int = MAX_SCRIPTS,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self._judge = judge
        self._compiled = compiled
        self._max_scripts = max_scripts
        self._max_bytes = max_bytes
        self._kept: OrderedDict[Basis, tuple[ScriptReport, int]] = OrderedDict()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def report(self, basis: Basis) -> ScriptReport:
        """The judgement. One that is known has no tree; it has its code if the script was to run before."""
        kept = self._kept.get(basis)
        if kept is not None:
            self._kept.move_to_end(basis)
            return kept[0]
        report = self._judge(basis)
        self._keep(basis, replace(report, tree=None))
        return report

    def runnable(self, basis: Basis, report: ScriptReport) -> ScriptReport:
        """The judgement with its code, to be decided about once more; without it where the text does not compile.

        Where `report` is known from a call that was refused, its tree is gone and the text is judged again, so that
        what runs is always what this very judgement is about.

        Args:
            basis: what is to run.
            report: what `report` gave for it.
        """
        if report.code is not None:
            return report
        judged = report if report.tree is not None else self._judge(basis)
        ready = self._compiled(judged) if judged.tree is not None else judged
        self._keep(basis, ready)
        return ready

    def _keep(self, basis: Basis, report: ScriptReport) -> None:
        self._drop(basis)
        size = _size(basis, report)
        if size > self._max_bytes or self._max_scripts < 1:
            return
        while self._kept and (len(self._kept) >= self._max_scripts or self.bytes + size > self._max_bytes):
            self._drop(next(iter(self._kept)))
        self._kept[basis] = (report, size)
        self.bytes += size

    def _drop(self, basis: Basis) -> None:
        _, size = self._kept.pop(basis, (None, 0))
        self.bytes -= size


def _size(basis: Basis, report: ScriptReport) -> int:
    """About what an entry takes, in bytes."""
    code = _size_of_code(report.code) if report.code is not None else 0
    return sys.getsizeof(basis.text) + code + _USE_BYTES * len(report.uses) + _NAME_BYTES * len(report.own_members)


def _size_of_code(code: types.CodeType) -> int:
    total, waiting = 0, [code]
    for one in waiting:  # the list grows while it is read
        total += sys.getsizeof(one) + sum(map(sys.getsizeof, (one.co_consts, one.co_names, one.co_varnames)))
        for constant in one.co_consts:
            if isinstance(constant, types.CodeType):
                waiting.append(constant)
            else:
                total += sys.getsizeof(constant)
    return total
