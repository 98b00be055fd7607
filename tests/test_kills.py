"""Killed at any moment: what was acknowledged is there, nothing is half there, and the same command again completes it."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from reviewer.exports.sets.writing import whole_folder
from reviewer.model.week import Plan
from reviewer.verbs import opening, weeks
from reviewer.workspace.ask import codings
from reviewer.workspace.file import Reader, Workspace
from tests.builders import HOUR_US, MONDAY_US, a_workspace

CODE = """
import sys
from pathlib import Path
from reviewer.verbs import coding
from reviewer.workspace.ask.queue import queue
from reviewer.workspace.file import Workspace
workspace = Workspace(Path(sys.argv[1]))
reader = workspace.reader()
for count in range(10**6):
    row = queue(reader, "W", "ann")[count % 40]
    wanted = coding.Wanted(row.trace, "ann", "fail", ("looping",), {}, f"{sys.argv[2]}-{count}")
    workspace.write(coding.code, reader, "W", wanted).result()
    print(row.trace, f"{sys.argv[2]}-{count}", flush=True)
"""


def test_fifty_kills_while_coding_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    chance = random.Random(1)
    with a_workspace(tmp_path, 40) as workspace:
        path = workspace.path
        plan = Plan(40, "s")
        end = MONDAY_US + 7 * 24 * HOUR_US
        workspace.write(weeks.open_week, workspace.reader(), "W", MONDAY_US, end, plan).result()
    acknowledged: dict[str, str] = {}
    total = 0
    for kill in range(50):
        child = subprocess.Popen([sys.executable, "-c", CODE, str(path), str(kill)], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        lines = [child.stdout.readline()]
        time.sleep(chance.uniform(0, 0.15))
        child.send_signal(signal.SIGKILL)
        lines += child.stdout.read().split("\n")
        child.wait()
        child.stdout.close()
        whole = [(line.split()[0], line.split()[1]) for line in lines if len(line.split()) == 2 and line.strip()]
        acknowledged.update(dict(whole))
        total += len(whole)
        reader = Reader(path)
        stands = {row.key.trace: row.coding.note for row in codings.codings(reader)}
        said = {e.value for e in codings.all_events(reader) if e.said == "note"}
        reader.close()
        assert {note for _, note in whole} <= said
        for trace, note in acknowledged.items():
            # The one after the last acknowledged may be on disk too: it was written, and nobody heard of it.
            assert _number(stands[trace]) >= _number(note)
    assert total > 50
    assert opening.check(path).faults == ()


def _number(note: str) -> tuple[int, int]:
    run, count = note.split("-")
    return int(run), int(count)


def test_fifty_kills_while_importing_leave_no_half_trace_and_the_rest_follows(tmp_path: Path) -> None:
    chance = random.Random(2)
    file = tmp_path / "many.jsonl"
    with file.open("w") as out:
        for n in range(3000):
            messages = [
                {"role": "user", "content": f"question {n} " + "word " * 60},
                {"role": "assistant", "content": f"answer {n}"},
            ]
            out.write(json.dumps({"id": f"m-{n}", "messages": messages}) + "\n")
    path = tmp_path / "w.review"
    opening.new(path).close()
    command = [sys.executable, "-m", "reviewer", "import", str(file), "--workspace", str(path)]
    counts = [0]
    for _ in range(50):
        child = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.1, 0.9))
        child.send_signal(signal.SIGKILL)
        child.wait()
        result = _checked(path)
        assert result.faults == ()
        assert result.traces >= counts[-1]
        counts.append(result.traces)
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    assert report["read"] == 3000
    assert report["imported"] + report["unchanged"] == 3000
    assert _checked(path).traces == 3000


def _checked(path: Path) -> opening.CheckResult:
    Workspace(path).close()  # opening repairs what a kill left in the log
    return opening.check(path)


WRITE = """
import sys
from pathlib import Path
from reviewer.exports.sets.writing import whole_folder
for count in range(10**6):
    with whole_folder(Path(sys.argv[1])) as folder:
        text = f"{sys.argv[2]}-{count} ".encode()
        folder.add("data/dataset.jsonl", text * 500)
        folder.add("manifest.json", b'{"made_by": "transcript-reviewer", "of": "' + text.strip() + b'"}')
    print(f"{sys.argv[2]}-{count}", flush=True)
"""


def test_a_hundred_kills_while_exporting_leave_the_old_files_or_the_new_and_never_a_part(tmp_path: Path) -> None:
    chance = random.Random(3)
    out = tmp_path / "set"
    for kill in range(100):
        child = subprocess.Popen([sys.executable, "-c", WRITE, str(out), str(kill)], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        lines = [child.stdout.readline()]
        time.sleep(chance.uniform(0, 0.03))
        child.send_signal(signal.SIGKILL)
        lines += child.stdout.read().split("\n")
        child.wait()
        child.stdout.close()
        acknowledged = [line.strip() for line in lines if line.strip()][-1]
        written = json.loads((out / "manifest.json").read_text())["of"]
        assert _number(written) >= _number(acknowledged)
        assert set((out / "data" / "dataset.jsonl").read_text().split()) == {written}
        assert sorted(path.name for path in out.rglob("*")) == ["data", "dataset.jsonl", "manifest.json"]


def test_what_killed_exports_left_is_swept_by_the_next_one_a_day_later(tmp_path: Path) -> None:
    old, young = tmp_path / ".transcript-reviewer-a.part", tmp_path / ".transcript-reviewer-b.part"
    for left in (old, young):
        left.mkdir()
        (left / "dataset.jsonl").write_text("{}")
    yesterday = time.time() - 25 * 3600
    os.utime(old, (yesterday, yesterday))
    with whole_folder(tmp_path / "set") as folder:
        folder.add("manifest.json", b"{}")
    assert not old.exists()
    assert young.exists()
