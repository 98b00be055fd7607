"""Traces that an import meets in pieces: what is counted, and what stands in the end."""

from pathlib import Path

from reviewer.workspace.ask import search
from reviewer.workspace.ask.transcript import open_transcript
from reviewer.workspace.packing import pack
from reviewer.workspace.traces import Origin, store
from tests.builders import a_trace, a_workspace


def test_a_trace_that_comes_in_pieces_is_unchanged_when_it_comes_again(tmp_path: Path) -> None:
    part, whole = pack(a_trace(1, threads=[], documents=[]), []), pack(a_trace(1), [])
    whole.replaces_earlier = True
    with a_workspace(tmp_path) as workspace:
        for run, (imported, unchanged) in ((1, (1, 0)), (2, (0, 1))):
            origin = Origin(run, run, "pieces.jsonl", workspace.clock())
            told = [workspace.write(store, [([one], origin)]).result()[0] for one in (part, whole)]
            assert sum(s.imported for s in told) == imported
            assert sum(s.updated for s in told) == 0
            assert sum(s.unchanged for s in told) == unchanged
            sizes = [sum(getattr(s, name) for s in told) for name in ("messages", "tool_calls", "documents", "scores")]
            assert sizes == ([5, 1, 2, 1] if imported else [0, 0, 0, 0])
        assert open_transcript(workspace.reader(), whole.id).count() == 5


def test_a_whole_replaces_the_part_that_came_in_the_same_transaction(tmp_path: Path) -> None:
    part, whole = pack(a_trace(1, answer="A walrus."), []), pack(a_trace(1, answer="A zebra."), [])
    whole.replaces_earlier = True
    with a_workspace(tmp_path) as workspace:
        origin = Origin(1, 1, "pieces.jsonl", workspace.clock())
        told = workspace.write(store, [([part, pack(a_trace(2), [])], origin), ([whole], origin)]).result()
        reader = workspace.reader()
        assert [s.imported for s in told] == [2, 0]
        assert [sum(getattr(s, name) for s in told) for name in ("messages", "tool_calls", "documents")] == [10, 2, 4]
        assert (search.count(reader, "walrus"), search.count(reader, "zebra")) == (0, 1)
        assert search.index_is_whole(reader)
