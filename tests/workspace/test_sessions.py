"""Sessions: which there are, and in which order their traces stand."""

from pathlib import Path

from reviewer.workspace.ask.sessions import sessions, turns
from tests.builders import HOUR_US, MONDAY_US, a_trace, a_workspace, put


def test_a_session_lists_its_traces_by_their_beginning_then_as_they_came_and_those_without_time_last(
    tmp_path: Path,
) -> None:
    made = [
        a_trace(1, session_id="late", started_us=MONDAY_US + 9 * HOUR_US),
        a_trace(2, session_id="talk", started_us=MONDAY_US + 1, time_basis="import"),
        a_trace(3, session_id="talk", started_us=MONDAY_US + 5 * HOUR_US),
        a_trace(4, session_id="talk", started_us=MONDAY_US + 5 * HOUR_US),
        a_trace(5, session_id="talk", started_us=MONDAY_US + 2 * HOUR_US),
        a_trace(6, session_id=None),
    ]
    with a_workspace(tmp_path) as workspace:
        put(workspace, made)
        reader = workspace.reader()
        natives = [turn.native_id for turn in turns(reader, "talk")]
        found = list(sessions(reader))
        reader.close()
    assert natives == ["native-5", "native-3", "native-4", "native-2"]
    assert [(row.id, len(row.traces)) for row in found] == [("talk", 4), ("late", 1)]
    assert found[0].first_us == MONDAY_US + 2 * HOUR_US
    assert found[0].last_us == MONDAY_US + 5 * HOUR_US


def test_a_session_whose_traces_have_no_time_has_none(tmp_path: Path) -> None:
    with a_workspace(tmp_path) as workspace:
        put(workspace, [a_trace(1, session_id="talk", started_us=5, time_basis="import")])
        reader = workspace.reader()
        [row] = sessions(reader)
        reader.close()
    assert (row.first_us, row.last_us) == (None, None)
