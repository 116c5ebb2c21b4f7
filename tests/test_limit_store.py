"""The store of limits: SQLite behind the frame."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from td_extension.limit_store import FILE, LimitStore, LimitStoreError
from td_extension.limits import Exceeded, Limits, Reservation
from td_extension.policy.model import Limit, Scope

ONE = Limit("c", 2, 60.0, Scope.GRANT, "/all_tools/limits/0")


def opened(folder: Path, wall_s: float) -> tuple[LimitStore, Limits]:
    store = LimitStore.open(folder)
    return store, Limits(store.stored, (wall_s, 0.0), store.note)


def reserve(limits: Limits, at: float = 0.0) -> Reservation | Exceeded:
    return limits.reserve([ONE], grant="g", tool="t", now_s=at)


def test_a_limit_that_is_used_up_stays_so_over_a_restart(tmp_path: Path) -> None:
    store, limits = opened(tmp_path, 1000.0)
    for _ in range(2):
        reservation = reserve(limits)
        assert isinstance(reservation, Reservation)
        limits.commit(reservation)
    assert store.close()
    store, limits = opened(tmp_path, 1020.0)
    assert reserve(limits) == Exceeded(ONE, 40.0)
    assert isinstance(reserve(limits, at=40.0), Reservation)
    store.close()


def test_what_was_given_back_is_not_stored(tmp_path: Path) -> None:
    store, limits = opened(tmp_path, 1000.0)
    kept, given_back = reserve(limits), reserve(limits)
    assert isinstance(kept, Reservation)
    assert isinstance(given_back, Reservation)
    store.save()
    limits.give_back(given_back)
    store.close()
    _, limits = opened(tmp_path, 1001.0)
    assert limits.remaining([ONE], grant="g", tool="t", now_s=0.0) == (1,)


def test_what_has_passed_is_dropped_from_the_file(tmp_path: Path) -> None:
    store, limits = opened(tmp_path, 1000.0)
    for at in (0.0, 100.0, 200.0):
        reserve(limits, at)
    store.close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        assert connection.execute("SELECT at_s FROM entries").fetchall() == [(1200.0,)]


def test_two_processes_of_one_folder_do_not_overwrite_each_other(tmp_path: Path) -> None:
    for _ in range(2):
        store, limits = opened(tmp_path, 1000.0)
        reserve(limits)
        store.close()
    assert len(next(iter(LimitStore.open(tmp_path).stored.logs.values()))) == 2


def test_a_file_that_is_no_database_is_refused_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database" * 100)
    with pytest.raises(LimitStoreError, match="delete the file"):
        LimitStore.open(tmp_path)


@pytest.mark.parametrize("change", ["units = -5", "at_s = 9e99", "kind = 'x'", "window_s = 'x'", "window_s = -1"])
def test_an_entry_that_nobody_could_have_counted_is_refused(tmp_path: Path, change: str) -> None:
    store, limits = opened(tmp_path, 1000.0)
    reserve(limits)
    store.close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute(f"UPDATE entries SET {change}")
    with pytest.raises(LimitStoreError):
        LimitStore.open(tmp_path)


def test_a_disk_that_fails_is_told_and_tried_again(tmp_path: Path) -> None:
    store, limits = opened(tmp_path / "state", 1000.0)
    for file in (tmp_path / "state").iterdir():
        file.unlink()
    (tmp_path / "state").rmdir()
    reserve(limits)
    assert not store.flush()
    assert "not kept" in store.problem
    (tmp_path / "state").mkdir()
    assert store.flush()
    assert store.problem == ""
    store.close()
    assert len(LimitStore.open(tmp_path / "state").stored.logs) == 1
