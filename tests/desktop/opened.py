"""A bridge to a small workspace, for tests of pages."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from reviewer.desktop.bridge import Bridge
from reviewer.model.hint import Hint
from reviewer.model.ids import TraceId, WeekName
from reviewer.model.trace import Trace
from reviewer.model.week import Plan
from reviewer.verbs import weeks
from reviewer.verbs.coding import Wanted, code
from reviewer.workspace.ask.population import items
from reviewer.workspace.file import Workspace
from tests.builders import HOUR_US, MONDAY_US, a_trace, a_workspace, put


@contextmanager
def a_bridge(folder: Path, traces: Sequence[Trace] | int = 0, hints: Sequence[Hint] = ()) -> Iterator[Bridge]:
    """Give a bridge to a workspace that holds some traces, and close both."""
    made = [a_trace(n) for n in range(traces)] if isinstance(traces, int) else traces
    with a_workspace(folder) as workspace:
        if made:
            put(workspace, made, hints=hints)
        bridge = Bridge(workspace)
        try:
            yield bridge
        finally:
            bridge.close()


def reviewed(workspace: Workspace, name: str = "2026-W47", size: int = 8, modes: Sequence[str] = ()) -> list[TraceId]:
    """Draw a week of the builders' traces and review all of it: every third fails, with ``modes``."""
    start = MONDAY_US
    plan = Plan(size, "seed")
    reader = workspace.reader()
    try:
        workspace.write(weeks.open_week, reader, name, start, start + 7 * 24 * HOUR_US, plan).result()
        drawn = [item.trace for item in items(reader, WeekName(name))]
        for n, trace in enumerate(drawn):
            wanted = Wanted(trace, "anna", "pass") if n % 3 else Wanted(trace, "anna", "fail", tuple(modes))
            workspace.write(code, reader, name, wanted).result()
    finally:
        reader.close()
    return drawn
