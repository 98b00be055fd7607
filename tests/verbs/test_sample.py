"""The sample workspace: made by the same verbs, the same every time, with something to see in it."""

from pathlib import Path

from reviewer.model.number import Basis
from reviewer.verbs import measuring, opening, sample, scorecards
from reviewer.workspace.ask.queue import progress, queue
from reviewer.workspace.file import Reader


def test_the_sample_has_five_read_weeks_and_one_that_waits(tmp_path: Path) -> None:
    made = sample.make(tmp_path)
    assert opening.check(made.path).faults == ()
    reader = Reader(made.path)
    done = progress(reader, made.reviewer)
    assert [(p.drawn, p.submitted) for p in sorted(done.values())] == [(40, 40)] * 5 + [(40, 0)]
    assert len(queue(reader, made.week, made.reviewer)) == 40
    series = {one.id: one for one in measuring.trends(reader).modes}
    shown = [one.rolling[-2].number for one in series.values() if not one.rolling[-2].number.suppressed]
    assert shown, "no rate would be shown in the demonstration"
    card = scorecards.scorecard(reader, "2026-W46")
    recorded = [f.id for f in card.fields if any(r.number.basis is not Basis.NOT_RECORDED for r in f.rows)]
    assert set(recorded) >= {
        "top_workflows", "top_failure_modes", "p95_latency", "cost_per_success", "structured_output_pass", "tool_success",
        "empty_retrieval", "escalation",
    }  # fmt: skip
    reader.close()


def test_the_same_seed_writes_the_same_traces(tmp_path: Path) -> None:
    for name in ("a", "b"):
        sample.write_traces(tmp_path / name, 3)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
