"""Tries mutants in processes of their own, and ends those that do not end: a mutant may loop for ever, in C too."""

from __future__ import annotations

import collections
import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Generic, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

MAX_S = 90.0
"""What a task may take, start of its process included."""
_TASKS_OF_A_PROCESS = 150
"""After so many a process is started anew: what a mutant leaves behind must not add up."""


@dataclass(slots=True)
class _Worker(Generic[Task]):
    """A process, the way to it, and what it is at."""

    process: SpawnProcess
    link: Connection
    task: Task
    ends_at: float
    done: int = field(default=0)


def results(
    work: Callable[[Task], Result], given_up: Callable[[Task], Result], tasks: Iterable[Task], processes: int
) -> Iterator[Result]:
    """The result of each task, in no particular order.

    Args:
        work: does a task; it is sent to the processes once, and each task and result singly.
        given_up: the result of a task that does not end within `MAX_S`, or takes its process down.
        tasks: what is to be done.
        processes: how many work at a time.
    """
    waiting = collections.deque(tasks)
    workers: list[_Worker[Task]] = []
    try:
        while waiting or workers:
            while waiting and len(workers) < processes:
                workers.append(_started(work, waiting.popleft()))
            nearest = min(worker.ends_at for worker in workers) - time.monotonic()
            ready = connection.wait([worker.link for worker in workers], timeout=max(0.0, nearest))
            for worker in list(workers):
                if worker.link in ready:
                    try:
                        yield worker.link.recv()
                    except EOFError:
                        yield given_up(worker.task)
                        worker.done = _TASKS_OF_A_PROCESS
                    worker.done += 1
                    if waiting and worker.done < _TASKS_OF_A_PROCESS:
                        _give(worker, waiting.popleft())
                        continue
                elif time.monotonic() < worker.ends_at:
                    continue
                else:
                    yield given_up(worker.task)
                workers.remove(worker)
                _end(worker)
    finally:
        for worker in workers:
            _end(worker)


def _started(work: Callable[[Task], Result], task: Task) -> _Worker[Task]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, work), daemon=True)
    process.start()
    theirs.close()
    worker = _Worker(process, ours, task, 0.0)
    _give(worker, task)
    return worker


def _give(worker: _Worker[Task], task: Task) -> None:
    worker.task, worker.ends_at = task, time.monotonic() + MAX_S
    worker.link.send(task)


def _end(worker: _Worker[Task]) -> None:
    worker.link.close()
    worker.process.kill()
    worker.process.join()


def _serve(link: Connection, work: Callable[[Task], Result]) -> None:
    while True:
        try:
            task = link.recv()
        except EOFError:
            return
        link.send(work(task))
