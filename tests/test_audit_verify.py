"""The audit log as it is read back: without trust, in bounded memory, and never with a crash."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from td_extension.audit_chain import MAX_LINE_BYTES
from td_extension.audit_verify import Problem, verify
from tests.audit_samples import json_values, lines, records, told, written


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole log of two segments; not to be changed."""
    folder = tmp_path_factory.mktemp("audit")
    written(folder, 6)
    written(folder, 6)
    assert told(folder) == ""
    return folder


@contextlib.contextmanager
def changed(sample: Path, index: int, change: Callable[[list[bytes]], bytes], scratch: Path) -> Iterator[Path]:
    """A copy of the sample in which one segment's lines were changed."""
    paths = sorted(sample.iterdir())
    for path in scratch.iterdir():
        path.unlink()
    for path in paths:
        (scratch / path.name).write_bytes(path.read_bytes())
    (scratch / paths[index].name).write_bytes(change(lines(paths[index])))
    yield scratch


tampering = settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(data=st.data())
@tampering
def test_any_changed_byte_before_the_newest_line_is_found(sample: Path, tmp_path: Path, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, 1))

    def flip(whole: list[bytes]) -> bytes:
        sealed = sum(map(len, whole)) - (len(whole[-1]) if index == 1 else 0)
        content = bytearray(b"".join(whole))
        content[data.draw(st.integers(0, sealed - 1))] ^= data.draw(st.integers(1, 255))
        return bytes(content)

    with changed(sample, index, flip, tmp_path) as folder:
        assert verify(folder).problems


@given(data=st.data())
@tampering
def test_any_removed_line_before_the_newest_is_found(sample: Path, tmp_path: Path, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, 1))
    gone = data.draw(st.integers(0, 6 if index == 0 else 5))
    with changed(sample, index, lambda whole: b"".join(whole[:gone] + whole[gone + 1 :]), tmp_path) as folder:
        assert verify(folder).problems


@given(data=st.data())
@tampering
def test_any_two_swapped_lines_are_found(sample: Path, tmp_path: Path, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, 5))
    second = data.draw(st.integers(first + 1, 6))

    def swap(whole: list[bytes]) -> bytes:
        whole[first], whole[second] = whole[second], whole[first]
        return b"".join(whole)

    with changed(sample, data.draw(st.integers(0, 1)), swap, tmp_path) as folder:
        assert verify(folder).problems


@given(index=st.integers(0, 1), source=st.integers(0, 6), target=st.integers(0, 7))
@tampering
def test_a_line_repeated_anywhere_is_found(sample: Path, tmp_path: Path, index: int, source: int, target: int) -> None:
    with changed(
        sample, index, lambda whole: b"".join([*whole[:target], whole[source], *whole[target:]]), tmp_path
    ) as folder:
        assert verify(folder).problems


@given(index=st.integers(0, 1), garbage=st.binary(min_size=1, max_size=300))
@tampering
def test_garbage_is_a_finding_and_no_crash(sample: Path, tmp_path: Path, index: int, garbage: bytes) -> None:
    with changed(sample, index, lambda whole: b"".join(whole[:3]) + garbage + b"".join(whole[3:]), tmp_path) as folder:
        assert verify(folder).problems


@given(content=st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode() + b"\n"))
@tampering
def test_a_file_that_is_no_segment_at_all_is_a_finding(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "audit-20231114T221320250000Z-7-0123abcd.jsonl").write_bytes(content)
    assert verify(tmp_path).problems


def test_an_edit_is_found_at_the_line_after_it(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_bytes(path.read_bytes().replace(b'"number":1', b'"number":7'))
    assert verify(tmp_path).problems == (
        Problem(path.name, 4, "the line before it is not the one it was written after"),
    )


def test_a_missing_segment_is_found_by_the_next_one(tmp_path: Path) -> None:
    first = written(tmp_path)
    second = written(tmp_path)
    first.unlink()
    assert verify(tmp_path).problems == (Problem(second.name, 1, f"the segment before it, {first.name!r}, is missing"),)


@pytest.mark.parametrize("kept", [0, 1, 4])
def test_an_earlier_segment_that_lost_its_end_is_found(tmp_path: Path, kept: int) -> None:
    first = written(tmp_path)
    written(tmp_path)
    first.write_bytes(b"".join(lines(first)[:kept]))
    assert f"{first.name}, to which it is linked, has no line" in told(tmp_path)


def test_a_copied_segment_is_found(tmp_path: Path) -> None:
    path = written(tmp_path)
    (tmp_path / path.name.replace("audit-2", "audit-3")).write_bytes(path.read_bytes())
    assert "written as the first line of" in told(tmp_path)


def test_a_torn_last_line_is_found(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_bytes(path.read_bytes()[:-5])
    assert verify(tmp_path).problems == (Problem(path.name, 5, "torn: it has no end"),)


def resealed(path: Path, edit: Callable[[list[dict[str, Any]]], None]) -> None:
    """Rewrite a segment with its hashes made right again: what only the other checks can find."""
    whole = records(path)
    edit(whole)
    prev, out = whole[0]["prev"], b""
    for record in whole:
        line = json.dumps({**record, "prev": prev}, sort_keys=True, separators=(",", ":")).encode()
        prev, out = hashlib.sha256(line).hexdigest(), out + line + b"\n"
    path.write_bytes(out)


def test_a_repeated_number_is_found_in_a_chain_that_is_whole(tmp_path: Path) -> None:
    path = written(tmp_path)
    resealed(path, lambda whole: whole[3].update(seq=3))
    assert "its number is 3, expected 4" in told(tmp_path)


def test_a_clock_that_goes_back_is_found_in_a_chain_that_is_whole(tmp_path: Path) -> None:
    path = written(tmp_path)
    resealed(path, lambda whole: whole[3].update(ts="1999-01-01T00:00:00.000000Z"))
    assert "its time 1999-01-01T00:00:00.000000Z is before" in told(tmp_path)


def test_a_link_that_was_taken_out_of_the_first_line_is_found(tmp_path: Path) -> None:
    written(tmp_path)
    path = written(tmp_path)
    resealed(path, lambda whole: whole[0].update(previous=None))
    assert "its link and its `prev` differ" in told(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in folders")
def test_a_pipe_among_the_segments_does_not_stop_the_reader(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "audit-20231114T221320250000Z-7-0123abcd.jsonl")
    assert "not a regular file" in told(tmp_path)


def test_a_line_without_end_is_read_in_bounded_memory(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_bytes(path.read_bytes() + b"x" * (3 * MAX_LINE_BYTES))
    assert f"{path.name}:6: longer than" in told(tmp_path)


def test_the_findings_of_one_segment_are_bounded(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_bytes(path.read_bytes() + b"x\n" * 500)
    assert len(verify(tmp_path).problems) == 51
    assert "450 further problems" in told(tmp_path)


def test_a_folder_without_segments_is_not_whole(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no segment")
    assert verify(tmp_path).problems == (Problem(str(tmp_path), 0, "no audit segment is here"),)


def test_a_missing_folder_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        verify(tmp_path / "missing")
