"""Functions in other processes: their messages, their end, and how they are stopped."""

import os
import signal
import time
from pathlib import Path

import pytest

from reviewer.errors import BadInput, Expected
from reviewer.jobs.messages import Batch, Broke, Cancelled, Done, Progress
from reviewer.jobs.running import Channel, Job, Limits, call, without_channel


def counting(channel: Channel, n: int) -> str:
    for i in range(n):
        channel.send(Progress(i + 1, n, "steps"))
        channel.send(Batch([i] * 10))
    return "counted"


def endless(channel: Channel, mark: str) -> None:
    Path(mark).write_text("running")
    while True:
        channel.send(Progress(0, 0))
        time.sleep(0.01)


def deaf(_: Channel, mark: str) -> None:
    Path(mark).write_text("running")
    time.sleep(60)


def tidy(mark: str) -> None:
    try:
        Path(mark).write_text("running")
        time.sleep(60)
    finally:
        Path(mark).with_suffix(".tidied").write_text("")


def refused(_: Channel) -> None:
    raise BadInput("The file is odd.", "Try another.")


def faulty(_: Channel) -> None:
    raise KeyError("a secret text of a trace")


def dying(_: Channel) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def hungry(_: Channel) -> int:
    return len(b"x" * (1 << 30))


def answer(n: int) -> int:
    return n * 2


def wrong() -> None:
    raise BadInput("No.", "Yes.")


def wait_for(mark: Path) -> None:
    end = time.monotonic() + 20
    while not mark.exists():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_messages_come_in_order_and_end_with_done() -> None:
    heard = list(Job(counting, 3).messages())
    assert [m.done for m in heard if isinstance(m, Progress)] == [1, 2, 3]
    assert [m.content[0] for m in heard if isinstance(m, Batch)] == [0, 1, 2]
    assert heard[-1] == Done("counted")


@pytest.mark.parametrize("function", [endless, deaf])
def test_a_cancelled_job_ends_whether_it_listens_or_not(tmp_path: Path, function) -> None:  # type: ignore[no-untyped-def]
    job = Job(function, str(tmp_path / "mark"))
    wait_for(tmp_path / "mark")
    job.cancel()
    start = time.monotonic()
    assert isinstance(list(job.messages())[-1], Cancelled)
    assert time.monotonic() - start < 6


def test_a_computation_is_stopped_at_once_and_tidies_up(tmp_path: Path) -> None:
    job = Job(without_channel, tidy, str(tmp_path / "mark"))
    wait_for(tmp_path / "mark")
    start = time.monotonic()
    job.cancel()
    assert isinstance(list(job.messages())[-1], Cancelled)
    assert time.monotonic() - start < 1.5
    assert (tmp_path / "mark.tidied").exists()


def test_an_expected_failure_arrives_with_its_next_step() -> None:
    assert list(Job(refused).messages())[-1] == Broke("The file is odd.", "Try another.")


def test_a_fault_is_reported_without_any_text_of_a_trace(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    last = list(Job(faulty).messages())[-1]
    assert isinstance(last, Broke)
    assert "KeyError" in last.sentence
    [report] = tmp_path.rglob("crash-*.txt")
    assert "secret" not in last.sentence + last.next_step + report.read_text()
    assert "faulty" in report.read_text()


def test_a_death_is_told() -> None:
    last = list(Job(dying).messages())[-1]
    assert isinstance(last, Broke)
    assert "SIGSEGV" in last.sentence


def test_memory_is_limited() -> None:
    last = list(Job(hungry, limits=Limits(memory=600 << 20)).messages())[-1]
    assert isinstance(last, Broke)
    assert "memory" in last.sentence


def test_call_returns_or_raises() -> None:
    assert call(answer, 21) == 42
    with pytest.raises(Expected, match=r"No\. Yes\."):
        call(wrong)
