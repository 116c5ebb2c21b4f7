"""The audit log as it is written: whole or refused, and chained."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from td_extension.audit import AuditLog
from td_extension.audit_chain import CHAIN_START, MAX_LINE_BYTES, AuditError
from td_extension.audit_verify import Problem, VerifyReport, verify
from tests.audit_samples import Clock, json_values, lines, opened, records, told, written

POSIX_FILES = pytest.mark.skipif(os.name == "nt", reason="Windows lets nobody delete or replace an open file")
ROOT = Path(__file__).resolve().parent.parent


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.01)
    return holds()


def test_a_segment_begins_with_who_wrote_it(tmp_path: Path) -> None:
    path = written(tmp_path / "audit", 0, pid=77, version="1.2.3")
    (header,) = records(path)
    assert header["event"] == "segment"
    assert (header["schema"], header["pid"], header["version"], header["seq"]) == (1, 77, "1.2.3", 1)
    assert (header["segment"], header["previous"], header["prev"]) == (path.name, None, CHAIN_START)


def test_a_name_tells_the_instant_and_the_process(tmp_path: Path) -> None:
    path = written(tmp_path, 0, wall_s=Clock(1_700_000_000.25), pid=77)
    assert path.name.startswith("audit-20231114T221320250000Z-77-")


def test_a_record_is_on_file_when_append_returns(tmp_path: Path) -> None:
    with opened(tmp_path) as log:
        assert log.append({"event": "decision", "tool": "get_td_info"}) == 2
        assert records(log.path)[-1]["tool"] == "get_td_info"


def test_each_line_seals_the_one_before_it(tmp_path: Path) -> None:
    whole = lines(written(tmp_path))
    for before, after in itertools.pairwise(whole):
        assert json.loads(after)["prev"] == hashlib.sha256(before[:-1]).hexdigest()


def test_a_new_segment_is_linked_to_the_last_line_of_the_one_before_it(tmp_path: Path) -> None:
    first = written(tmp_path)
    second = written(tmp_path)
    last = hashlib.sha256(lines(first)[-1][:-1]).hexdigest()
    header = records(second)[0]
    assert header["previous"] == {"file": first.name, "sha256": last}
    assert header["prev"] == last


def test_a_new_segment_is_linked_past_a_torn_line(tmp_path: Path) -> None:
    first = written(tmp_path)
    last = hashlib.sha256(lines(first)[-1][:-1]).hexdigest()
    first.write_bytes(first.read_bytes() + b'{"event":"deci')
    assert records(written(tmp_path))[0]["previous"]["sha256"] == last


def test_time_does_not_go_back_with_the_clock_but_the_clock_is_told(tmp_path: Path) -> None:
    clock = Clock()
    with opened(tmp_path, clock) as log:
        clock.now_s -= 3600
        log.append({"event": "decision"})
        record = records(log.path)[-1]
    assert record["ts"] == "2023-11-14T22:13:20.000000Z"
    assert record["clock"] == "2023-11-14T21:13:20.000000Z"


def test_time_does_not_go_back_from_one_segment_to_the_next(tmp_path: Path) -> None:
    first = written(tmp_path, wall_s=Clock())
    second = written(tmp_path, wall_s=Clock(1_600_000_000.0))
    assert records(second)[0]["ts"] == records(first)[-1]["ts"]
    assert told(tmp_path) == ""


free_names = st.text().filter(lambda name: name not in {"seq", "ts", "prev", "clock"})


@given(record=st.dictionaries(free_names, json_values, max_size=6))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json_is_read_back_as_it_was(tmp_path: Path, record: dict[str, Any]) -> None:
    with opened(tmp_path) as log:
        log.append(record)
        read = records(log.path)[-1]
    assert {name: read[name] for name in record} == record


@pytest.mark.parametrize(
    "value", [float("nan"), {1, 2}, b"bytes", object(), 10**5000, {"a": {None: 1, "b": 2}}], ids=type
)
def test_what_is_not_json_is_refused_and_the_log_goes_on(tmp_path: Path, value: object) -> None:
    with opened(tmp_path) as log:
        with pytest.raises(AuditError, match="not JSON"):
            log.append({"value": value})
        assert log.append({"value": 1}) == 2


def test_a_record_too_deep_for_json_is_refused(tmp_path: Path) -> None:
    deep: list[Any] = []
    for _ in range(200_000):
        deep = [deep]
    with opened(tmp_path) as log, pytest.raises(AuditError, match="not JSON"):
        log.append({"value": deep})


def test_a_record_cannot_choose_its_own_place_in_the_chain(tmp_path: Path) -> None:
    with opened(tmp_path) as log, pytest.raises(AuditError, match="prev, seq"):
        log.append({"seq": 9, "prev": "0" * 64})


def test_a_clock_that_shows_no_time_is_an_audit_error(tmp_path: Path) -> None:
    clock = Clock()
    with opened(tmp_path, clock) as log:
        clock.now_s = float("nan")
        with pytest.raises(AuditError, match="clock"):
            log.append({})


def test_a_long_text_keeps_its_beginning_its_length_and_its_hash(tmp_path: Path) -> None:
    text = "ä" * 100_000
    with opened(tmp_path) as log:
        log.append({"short": "as it is", "script": text})
        record = records(log.path)[-1]
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert record["script"] == {"cut": "ä" * 256, "length": 100_000, "sha256": digest}
    assert record["short"] == "as it is"


@pytest.mark.parametrize(
    "value",
    [["item"] * 50_000, {"k" * 200_000: 1}, [["\ud800" * 900] * 99], [{"text": "x" * 9000}] * 900, 10**4000],
    ids=["many items", "a long key", "lone surrogates", "many long texts", "a long number"],
)
def test_a_line_is_bounded_whatever_the_record(tmp_path: Path, value: object) -> None:
    with opened(tmp_path) as log:
        log.append({"value": value})
        assert len(lines(log.path)[-1]) <= MAX_LINE_BYTES + 1
    assert told(tmp_path) == ""


@POSIX_FILES
def test_folder_and_segment_are_for_their_owner_alone(tmp_path: Path) -> None:
    path = written(tmp_path / "audit")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_many_threads_write_one_chain(tmp_path: Path) -> None:
    with opened(tmp_path) as log:
        threads = [threading.Thread(target=lambda: [log.append({}) for _ in range(50)]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (verify(tmp_path).records, told(tmp_path)) == (201, "")


# -- failing closed ----------------------------------------------------------------------------------------------------


def test_a_folder_that_cannot_be_made_is_an_audit_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AuditError, match="file"):
        AuditLog.open(tmp_path / "file" / "audit", wall_s=time.time)


def test_an_earlier_segment_that_cannot_be_read_is_an_audit_error(tmp_path: Path) -> None:
    (tmp_path / "audit-20231114T221320250000Z-7-0123abcd.jsonl").mkdir()
    with pytest.raises(AuditError, match="move them away"):
        AuditLog.open(tmp_path, wall_s=time.time)


def test_a_short_write_is_refused_and_so_is_the_next_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path, sync_every_s=60) as log:
        whole = os.write
        monkeypatch.setattr(os, "write", lambda descriptor, data: whole(descriptor, data[:10]))
        with pytest.raises(AuditError, match="only 10 of"):
            log.append({})
        monkeypatch.undo()
        with pytest.raises(AuditError, match="only 10 of"):
            log.append({})
    assert "torn" in told(tmp_path)


def test_a_full_disk_is_an_audit_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    with opened(tmp_path, sync_every_s=60) as log:
        monkeypatch.setattr(os, "write", full)
        with pytest.raises(AuditError, match="No space left"):
            log.append({})
        monkeypatch.undo()


def test_the_log_goes_on_when_the_disk_has_room_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = os.write
    with opened(tmp_path, sync_every_s=0.01) as log:
        broken = log.path
        monkeypatch.setattr(os, "write", lambda descriptor, data: whole(descriptor, data[:10]))
        with pytest.raises(AuditError):
            log.append({})
        monkeypatch.undo()
        assert eventually(lambda: log.failure is None)
        log.append({"event": "decision"})
        assert records(log.path)[0]["previous"]["file"] == broken.name
    assert told(tmp_path) == f"{broken.name}:2: torn: it has no end"


@POSIX_FILES
def test_a_deleted_file_is_noticed_and_its_loss_is_found(tmp_path: Path) -> None:
    with opened(tmp_path, sync_every_s=0.01) as log:
        lost = log.path
        lost.unlink()
        with pytest.raises(AuditError, match="No such file"):
            log.append({})
        assert eventually(lambda: log.failure is None)
    assert f"{lost.name!r}, is missing" in told(tmp_path)


@POSIX_FILES
def test_a_replaced_file_is_noticed(tmp_path: Path) -> None:
    with opened(tmp_path, sync_every_s=60) as log:
        copy = tmp_path / "copy"
        copy.write_bytes(log.path.read_bytes())
        copy.replace(log.path)
        with pytest.raises(AuditError, match="replaced"):
            log.append({})


@pytest.mark.parametrize("change", [b"", b"{}\n"], ids=["cut", "written to"])
def test_a_file_that_somebody_else_changed_is_noticed(tmp_path: Path, change: bytes) -> None:
    with opened(tmp_path, sync_every_s=60) as log:
        log.path.open("ab" if change else "wb").write(change)
        with pytest.raises(AuditError, match="somebody else"):
            log.append({})


def test_a_failed_sync_refuses_the_next_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", failing)
    with opened(tmp_path, sync_every_s=0.01) as log:
        assert eventually(lambda: log.failure is not None)
        with pytest.raises(AuditError, match="Input/output error"):
            log.append({})


def test_a_closed_log_refuses(tmp_path: Path) -> None:
    with opened(tmp_path) as log:
        pass
    with pytest.raises(AuditError, match="closed"):
        log.append({})


def test_closing_syncs_what_was_appended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: sizes.append(os.fstat(descriptor).st_size))
    path = written(tmp_path, sync_every_s=60)
    assert path.stat().st_size in sizes


def test_nothing_is_synced_on_the_calling_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: set[int] = set()
    monkeypatch.setattr(os, "fsync", lambda descriptor: threads.add(threading.get_ident()))
    written(tmp_path, sync_every_s=0.01)
    assert threads
    assert threading.get_ident() not in threads


def test_a_full_segment_is_followed_by_a_linked_one(tmp_path: Path) -> None:
    with opened(tmp_path, sync_every_s=0.01, segment_bytes=2000) as log:
        for _ in range(3):
            first = log.path
            while log.path == first:
                log.append({"event": "decision"})
                time.sleep(0.0005)
    report = verify(tmp_path)
    assert report.segments >= 4
    assert report.problems == ()


def test_two_processes_beside_each_other_make_one_whole_log(tmp_path: Path) -> None:
    with opened(tmp_path, pid=1) as one, opened(tmp_path, pid=2) as other:
        for _ in range(5):
            one.append({})
            other.append({})
    assert (verify(tmp_path).segments, told(tmp_path)) == (2, "")


_APPENDS = """
import sys, time
from pathlib import Path
from td_extension.audit import AuditLog
log = AuditLog.open(Path(sys.argv[1]), wall_s=time.time)
for _ in range(int(sys.argv[2])):
    sys.stdout.write(f"{log.append({'event': 'decision', 'text': 'x' * 300})}\\n")
    sys.stdout.flush()
time.sleep(60)
"""


def killed_while_it_appends(folder: Path, *, records: int, after: int) -> int:
    """Run a process that appends `records`, kill it once `after` are reported; return the last number it reported."""
    command = [sys.executable, "-c", _APPENDS, str(folder), str(records)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        reported = [process.stdout.readline() for _ in range(after)]
        process.kill()
        reported += [line for line in process.stdout if line.endswith(b"\n")]
    return int(reported[-1])


def test_nothing_reported_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    last = [killed_while_it_appends(tmp_path, records=kill, after=kill) for kill in range(1, 21)]
    assert last == list(range(2, 22))
    assert verify(tmp_path) == VerifyReport(segments=20, records=sum(last), problems=())


def test_a_kill_in_the_middle_of_a_write_tears_at_most_the_line_that_was_not_reported(tmp_path: Path) -> None:
    reported = [killed_while_it_appends(tmp_path, records=1_000_000, after=10 * kill) for kill in range(1, 11)]
    report = verify(tmp_path)
    assert report.segments == 10
    assert report.records >= sum(reported)
    for problem in report.problems:
        whole = lines(tmp_path / problem.file)[:-1]
        assert problem == Problem(problem.file, len(whole) + 1, "torn: it has no end")
    for path, last in zip(sorted(tmp_path.iterdir()), reported, strict=True):
        assert path.read_bytes().count(b"\n") >= last
