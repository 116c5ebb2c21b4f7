from __future__ import annotations

from typing import Any

from td_headless import Runtime


def test_a_callable_runs_in_its_frame(runtime: Runtime) -> None:
    seen: list[int] = []
    runtime.td.run(lambda number: seen.append(number), 7, delayFrames=2)
    runtime.step()
    assert seen == []
    runtime.step()
    assert seen == [7]


def test_without_a_delay_it_runs_at_once_and_text_has_args(runtime: Runtime, project: Any) -> None:
    runtime.td.run("op('/project1').store('sum', args[0] + args[1])", 2, 3)
    assert project.fetch("sum") == 5


def test_milliseconds_are_counted_in_frames(runtime: Runtime) -> None:
    assert runtime.td.run(lambda: None, delayMilliSeconds=500).remainingFrames == 30


def test_a_killed_run_never_happens(runtime: Runtime) -> None:
    seen: list[int] = []
    waiting = runtime.td.run(lambda: seen.append(1), delayFrames=1)
    assert runtime.td.runs == [waiting]
    waiting.kill()
    runtime.step()
    assert (seen, waiting.active) == ([], False)


def test_an_error_is_kept_by_the_operator_it_came_from(runtime: Runtime, project: Any) -> None:
    runtime.td.run("1 / 0", delayFrames=1, fromOP=project)
    runtime.step()
    assert "ZeroDivisionError" in project.scriptErrors()


def test_a_run_from_a_destroyed_operator_is_dropped(runtime: Runtime, project: Any) -> None:
    noise = project.create("noiseTOP")
    runtime.td.run("root.store('ran', True)", delayFrames=1, fromOP=noise)
    noise.destroy()
    runtime.step()
    assert runtime.root.fetch("ran") is None
