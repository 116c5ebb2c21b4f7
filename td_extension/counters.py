"""The counters of limits with the store behind them, as long as the component lives."""

from __future__ import annotations

import time
from pathlib import Path

from .limits import Limits


class Counters:
    """What has been counted, also before the last start, and where it is kept.

    Args:
        folder: the state folder beside the project.

    Attributes:
        limits: the counters; None where what was counted before cannot be read: then nothing that is limited may pass.
        problem: why they are not kept, for people; empty where they are.
    """

    def __init__(self, folder: Path) -> None:
        self._store = None
        self.limits: Limits | None = None
        self.problem = ""
        try:
            from .limit_store import LimitStore  # only here: a Python without SQLite has no such module

            self._store = LimitStore.open(folder)
        except (OSError, ImportError) as error:
            self.problem = str(error)
        else:
            self.limits = Limits(self._store.stored, (time.time(), time.monotonic()), self._store.note)

    def save(self) -> None:
        """Hand over what was counted; once a frame."""
        if self._store is not None:
            self._store.save()
            self.problem = self._store.problem

    def close(self) -> None:
        """Write what is left."""
        if self._store is not None:
            self._store.close()
