"""A bridge to a small workspace, for tests of pages."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from reviewer.desktop.bridge import Bridge
from reviewer.model.hint import Hint
from reviewer.model.trace import Trace
from tests.builders import a_trace, a_workspace, put


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
