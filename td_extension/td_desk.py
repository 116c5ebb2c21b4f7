"""What a person does at the component: answer the calls that wait, open what there is to see, check the audit."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .approvals import Approvals, Pending

if TYPE_CHECKING:
    from .audit_verify import VerifyReport

READING_S = 0.5
"""For so long a call must have stood first before the buttons answer it: nobody means what has just come up."""

_NOT_ANSWERED = "nothing was answered: no call waits, or it came up just now. Read Pending and press again"


class Desk:
    """The desk of one guard.

    Args:
        td: TouchDesigner's module.
        comp: the PolicyGuard component.
        approvals: the calls that wait.
    """

    def __init__(self, td: Any, comp: Any, approvals: Approvals) -> None:
        self._td = td
        self._comp = comp
        self._approvals = approvals
        self._first = ("", 0.0)
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()

    # -- approvals -------------------------------------------------------------------------------------------------

    def waiting(self) -> Sequence[Pending]:
        """The calls that wait, oldest first."""
        now_s = time.monotonic()
        waiting = self._approvals.pending(now_s)
        first = waiting[0].id if waiting else ""
        if first != self._first[0]:
            self._first = (first, now_s)
        return waiting

    def approve(self, id: str) -> bool:
        """Let the call that waits under `id` pass once; False where none does."""
        return self._approvals.approve(id, time.monotonic())

    def deny(self, id: str) -> bool:
        """Refuse the call that waits under `id`; False where none does."""
        return self._approvals.deny(id, time.monotonic())

    def approve_next(self) -> str:
        """Approve the oldest call; return what the person should know."""
        id = self._read_id()
        return f"{id} is approved" if id and self.approve(id) else _NOT_ANSWERED

    def deny_next(self) -> str:
        """Deny the oldest call; return what the person should know."""
        id = self._read_id()
        return f"{id} is denied" if id and self.deny(id) else _NOT_ANSWERED

    def _read_id(self) -> str:
        """The oldest call, if it has stood there long enough to be read; else nothing."""
        self.waiting()
        id, since_s = self._first
        return id if time.monotonic() - since_s >= READING_S else ""

    # -- looking ---------------------------------------------------------------------------------------------------

    def open_policy(self) -> None:
        """Show what the parameter Source names: the file, or the table. Nothing modal."""
        if self._comp.par.Source.eval() == "file":
            self._td.ui.viewFile(self._comp.par.File.eval())
        else:
            self._comp.op("policy").openViewer()

    def open_log(self, folder: Path) -> None:
        """Show the audit's folder."""
        self._td.ui.viewFile(str(folder))

    # -- the audit -------------------------------------------------------------------------------------------------

    def verify(self, folder: Path) -> None:
        """Check the audit on a thread of its own, for a long log takes longer than a frame; see `take_answer`."""

        def work() -> None:
            from .audit_verify import verify  # only here: each module costs time at the start

            try:
                self._answers.put(_told(verify(folder)))
            except OSError as error:
                self._answers.put(f"the audit cannot be read: {error}")

        threading.Thread(target=work, name="PolicyGuard audit, checking", daemon=True).start()

    def take_answer(self) -> str:
        """What the check found, once; empty where there is nothing new."""
        try:
            return self._answers.get_nowait()
        except queue.Empty:
            return ""


def _told(report: VerifyReport) -> str:
    if not report.problems:
        return f"the audit is whole ({report.records} records)"
    first = report.problems[0]
    place = f"{first.file}, line {first.line}" if first.line else first.file
    return f"the audit is not whole ({len(report.problems)} problems; {place}: {first.what})"
