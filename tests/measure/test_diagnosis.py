"""Diagnosis: only beside a figure that moved, each cause checked on the traces, and what cannot be told said so."""

from typing import Any

import pandas as pd

from reviewer.measure.diagnosis import diagnoses
from reviewer.measure.recorded import Recorded
from reviewer.measure.sample import sample_of
from reviewer.measure.scorecard import scorecard
from reviewer.model import columns as c
from reviewer.model.diagnosis import Diagnosis, Finding

from .builders import table, taxonomy, week_of
from .recorded import DAY_US, call, document, recorded, retrieval, trace
from .test_scorecard import week

MODES = taxonomy("unsupported_claim", "wrong_language", "looping")


def found(now: Recorded, before: Recorded, rows: list[dict[str, Any]] | None = None) -> dict[str, Diagnosis]:
    sample = sample_of(table(rows or week_of("2026-W48", 5, 1)), week())
    card = scorecard(sample, now.traces, MODES, week(), "UTC", "bot", before=before.traces)
    return {one.id: one for one in diagnoses(card, now, before, sample, MODES)}


def findings(diagnosis: Diagnosis) -> dict[str, Finding]:
    return {cause.id: cause.finding for cause in diagnosis.causes}


def period(n: int = 100, latency: float = 1000.0, tool: float = 100.0, **more: Any) -> Recorded:
    values = {"prompt_chars": 400, "tokens_out": 50, "model": "m1", "n_tool_calls": 1, **more}
    traces = [trace(str(i), latency_ms=latency + i, **values) for i in range(n)]
    return recorded(traces, [call(str(i), 0, "search", latency_ms=tool) for i in range(n)])


def test_slower_tools_explain_a_latency_that_rose() -> None:
    diagnosis = found(period(latency=2000.0, tool=900.0), period())["latency_up"]
    assert diagnosis.title == "Latency up", "too little was read to speak of quality"
    told = findings(diagnosis)
    assert told["tool_latency"] is Finding.HOLDS
    assert told["prompt_length"] is Finding.DOES_NOT
    assert told["cache_misses"] is Finding.CANNOT_TELL
    assert diagnosis.causes[0].traces
    assert diagnosis.causes[-1].finding is Finding.CANNOT_TELL


def test_nothing_is_diagnosed_where_nothing_moved() -> None:
    assert found(period(), period()) == {}
    assert found(period(latency=900.0), period()) == {}


def test_quality_is_called_stable_only_where_enough_was_read() -> None:
    rows = [*week_of("2026-W47", 400, 40), *week_of("2026-W48", 400, 44)]
    assert found(period(latency=2000.0), period(), rows)["latency_up"].title == "Latency up, quality stable"
    worse = [*week_of("2026-W47", 400, 20), *week_of("2026-W48", 400, 120)]
    assert "latency_up" not in found(period(latency=2000.0), period(), worse)


def test_cost_that_rose_with_flat_traffic_is_held_against_tokens_and_routing() -> None:
    before = period(cost_usd=0.01, tokens_in=1000)
    now = period(cost_usd=0.02, tokens_in=1900, model="m2")
    told = findings(found(now, before)["cost_up"])
    assert told["tokens_in"] is told["routing"] is Finding.HOLDS
    assert told["tokens_out"] is Finding.DOES_NOT
    assert "cost_up" not in found(period(n=200, cost_usd=0.02), before), "twice the traffic is not flat"


def test_format_that_fell_names_the_new_prompt() -> None:
    before = period(structured_ok=1, prompt_version="v4")
    now = recorded(
        [trace(str(i), structured_ok=int(i > 30), prompt_version="v5" if i < 50 else "v4") for i in range(100)]
    )
    diagnosis = found(now, before)["format_down"]
    assert diagnosis.title == "Format compliance down after a prompt change"
    cause = next(one for one in diagnosis.causes if one.id == "prompt_change")
    assert (cause.finding, cause.said) == (Finding.HOLDS, "v5")
    assert cause.now is not None
    assert cause.now.value == 0.5
    same = recorded([trace(str(i), structured_ok=int(i > 30), prompt_version="v4") for i in range(100)])
    assert found(same, before)["format_down"].title == "Format compliance down"


def with_documents(old: int, empty: int) -> Recorded:
    traces = [trace(str(i), n_retrievals=1) for i in range(100)]
    documents = [document(str(i), "faq", updated_us=(1000 - old) * DAY_US, score=0.8) for i in range(empty, 100)]
    return recorded(traces, None, documents, [retrieval(str(i), int(i >= empty), 20.0) for i in range(100)])


def test_unsupported_answers_with_stale_documents_are_retrieval_trouble() -> None:
    rows = [*week_of("2026-W47", 300, 9, "unsupported_claim"), *week_of("2026-W48", 300, 75, "unsupported_claim")]
    diagnosis = found(with_documents(400, 20), with_documents(30, 5), rows)["hallucinations_up"]
    assert diagnosis.title == "Hallucinations up, with retrieval trouble"
    told = findings(diagnosis)
    assert told["document_age"] is told["empty_retrieval"] is Finding.HOLDS
    assert told["retrieval_score"] is Finding.DOES_NOT
    calm = found(with_documents(30, 5), with_documents(30, 5), rows)["hallucinations_up"]
    assert calm.title == "Hallucinations up, retrieval as before"


def test_less_content_users_with_green_metrics() -> None:
    before, now = period(n_follow_ups=1, n_corrections=0), period(n_follow_ups=1, n_corrections=1, tokens_out=200)
    diagnosis = found(now, before)["satisfaction_down"]
    assert "User corrections: 0.0 % → 100.0 %" in diagnosis.because
    assert findings(diagnosis)["tokens_out"] is Finding.HOLDS
    slower = period(latency=3000.0, n_follow_ups=1, n_corrections=1)
    assert "satisfaction_down" not in found(slower, before)


def test_without_a_period_before_there_is_no_diagnosis() -> None:
    sample = sample_of(table(week_of("2026-W48", 5, 1)), week())
    now = period()
    card = scorecard(sample, pd.DataFrame(now.traces), MODES, week(), "UTC", "bot")
    assert diagnoses(card, now, None, sample, MODES) == ()
    assert c.LATENCY in now.traces
