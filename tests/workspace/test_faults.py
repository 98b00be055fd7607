"""What a check of the whole file finds."""

import sqlite3
from pathlib import Path

import pytest

from reviewer.model.week import Plan
from reviewer.verbs import coding, opening, weeks
from reviewer.workspace.ask.queue import queue
from tests.builders import HOUR_US, MONDAY_US, a_workspace


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE segment SET body = x'00'", "the body of the trace"),
        ("UPDATE segment SET body = cast(substr(body, 1, 20) || x'ff' || substr(body, 22) AS BLOB)", "the body of the trace"),
        ("UPDATE head SET body = x'28b52ffd00'", "the body of the trace"),
        ("DELETE FROM segment", "the body of the trace"),
        ("DELETE FROM tool_call", "the body of the trace"),
        ("DELETE FROM head WHERE trace = 1", "has no body"),
        ("DELETE FROM week_item WHERE position = 1", "has 2 items"),
        ("DROP TRIGGER coding_event_no_delete", "not guarded"),
        ("UPDATE coding SET verdict = 'pass'", "differs from its events"),
        ("DROP TRIGGER coding_event_no_update; UPDATE coding_event SET value = '{bad'", "cannot be read"),
        ("DROP TRIGGER coding_event_no_update; UPDATE coding_event SET said = 'unheard'", "cannot be read"),
        ("DROP TRIGGER coding_event_no_delete; DELETE FROM coding_event", "has no events"),
    ],
)  # fmt: skip
def test_what_was_tampered_with_is_found(tmp_path: Path, sql: str, said: str) -> None:
    with a_workspace(tmp_path, 5) as workspace:
        reader = workspace.reader()
        week = (MONDAY_US, MONDAY_US + 24 * HOUR_US, Plan(3, "s"))
        workspace.write(weeks.open_week, reader, "W", *week).result()
        wanted = coding.Wanted(queue(reader, "W", "r")[0].trace, "r", "fail", ("looping",))  # type: ignore[arg-type]
        workspace.write(coding.code, reader, "W", wanted).result()
        reader.close()
    path = tmp_path / "test.review"
    assert opening.check(path).faults == ()
    db = sqlite3.connect(path, isolation_level=None)
    for statement in sql.split("; "):
        db.execute(statement)
    db.close()
    assert any(said in fault for fault in opening.check(path).faults)
