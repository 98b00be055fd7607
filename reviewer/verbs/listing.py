"""What is stored, as plain values for the command line: traces, one trace, codings, the log, trends.

Times are ISO 8601 in UTC or None; shares are fractions.
"""

import dataclasses
import json
import math
from collections.abc import Iterator
from typing import Any

from reviewer.model.clock import iso
from reviewer.model.number import Number, Point
from reviewer.model.trace import Document, Message, Score, Thread, ToolCall
from reviewer.model.trend import Saturation, Trends
from reviewer.workspace.ask import codings as asked
from reviewer.workspace.ask.population import items
from reviewer.workspace.ask.queue import week as ask_week
from reviewer.workspace.ask.traces import all_traces
from reviewer.workspace.ask.transcript import find_trace, open_transcript
from reviewer.workspace.ask.whole import whole_trace
from reviewer.workspace.file import Reader


def traces(reader: Reader) -> Iterator[dict[str, Any]]:
    """Yield one object a trace, oldest first."""
    for row in all_traces(reader):
        yield {
            "id": row.id,
            "native_id": row.native_id,
            "format": row.format,
            "workflow": row.workflow,
            "model": row.model,
            "prompt_version": row.prompt_version,
            "session_id": row.session_id,
            "started_at": iso(row.started_us),
            "time_basis": row.time_basis,
            "latency_ms": row.latency_ms,
            "status": row.status,
            "cost_usd": row.cost_usd,
        }


def show(reader: Reader, own_or_native_id: str) -> dict[str, Any]:
    """Return one trace: the main thread in order, the other threads, documents and scores."""
    transcript = open_transcript(reader, find_trace(reader, own_or_native_id))
    trace = whole_trace(transcript)
    return {
        "id": transcript.about.id,
        "native_id": trace.native_id,
        "format": trace.format,
        "forgotten": transcript.about.forgotten_us is not None,
        "messages": [_message(m) for m in trace.main],
        "threads": [_thread(t) for t in trace.threads[1:]],
        "documents": [_document(d) for d in trace.documents],
        "scores": [_score(s) for s in trace.scores],
    }


def _thread(thread: Thread) -> dict[str, Any]:
    return {"title": thread.title, "messages": [_message(m) for m in thread.messages]}


def _message(message: Message) -> dict[str, Any]:
    return {
        "role": message.role,
        "text": message.text,
        "parts": [{"kind": p.kind, "text": p.text, "mime": p.mime} for p in message.parts],
        "tool_calls": [_call(c) for c in message.calls],
    }


def _call(call: ToolCall) -> dict[str, Any]:
    return {
        "name": call.name,
        "arguments": arguments(call),
        "result": call.result,
        "error": call.error if call.is_error else None,
    }


def arguments(call: ToolCall) -> Any:
    """Return the arguments of a call as an object, or the text that did not parse."""
    if not call.arguments_parse:
        return call.arguments
    try:
        return json.loads(call.arguments)
    except (ValueError, RecursionError):
        return call.arguments


def _document(document: Document) -> dict[str, Any]:
    return {
        "source": document.source,
        "title": document.title,
        "text": document.text,
        "score": document.score,
        "rank": document.rank,
        "stage": document.stage,
        "inferred": document.inferred,
    }


def _score(score: Score) -> dict[str, Any]:
    value = score.value_text if score.value_num is None else score.value_num
    return {
        "name": score.name,
        "value": value,
        "source": score.source,
        "author": score.author,
        "comment": score.comment,
    }


def codings(reader: Reader) -> Iterator[dict[str, Any]]:
    """Yield the current codings, submitted or not."""
    for key, native_id, coding in asked.codings(reader):
        yield {
            "trace": key.trace,
            "native_id": native_id,
            "week": key.week,
            "reviewer": key.reviewer,
            "verdict": coding.verdict,
            "modes": list(coding.modes),
            "scores": coding.scores,
            "note": coding.note,
            "expected": coding.expected,
            "expected_tools": [call.as_json() for call in coding.expected_calls],
            "taxonomy_version": coding.taxonomy_version,
            "submitted": iso(coding.submitted_us),
        }


def events(reader: Reader) -> Iterator[dict[str, Any]]:
    """Yield the log, oldest first."""
    for event in asked.all_events(reader):
        yield {
            "seq": event.seq,
            "id": event.id,
            "press": event.press,
            "device": event.device,
            "at": iso(event.at_us),
            "trace": event.key.trace,
            "week": event.key.week,
            "reviewer": event.key.reviewer,
            "said": event.said,
            "value": event.value,
            "taxonomy_version": event.taxonomy_version,
            "content_hash": event.content_hash,
            "reading": event.reading,
        }


def week(reader: Reader, name: str) -> dict[str, Any]:
    """Return a week: its period, population and plan, and its items in reading order."""
    found = ask_week(reader, name)
    plan = found.plan
    return {
        "name": found.name,
        "from": iso(found.start_us),
        "to": iso(found.end_us),
        "unit": plan.unit,
        "plan": plan.kind,
        "by": list(plan.by),
        "seed": plan.seed,
        "anchor": plan.anchor if plan.kind == "risk" else None,
        "where_large": plan.where_large,
        "overlap": plan.overlap,
        "readers": list(plan.readers),
        "population": found.population,
        "late": found.late,
        "untimed": found.untimed,
        "taxonomy_version": found.taxonomy_version,
        "drawn": iso(found.created_us),
        "closed": iso(found.closed_us),
        "items": [
            {
                "trace": i.trace,
                "stratum": i.stratum,
                "N_h": i.N_h,
                "n_h": i.n_h,
                "pi": i.pi,
                "order": i.order,
                "purpose": i.purpose,
                "readers": list(i.readers),
            }
            for i in items(reader, found.name)
        ],
    }


def trends(found: Trends) -> Iterator[dict[str, Any]]:
    """Yield every point of every failure mode: weekly dots and the rolling line."""
    for one in found.modes:
        for point in (*one.weekly, *one.rolling):
            yield {
                **_period(point),
                "mode": one.id,
                "title": one.title,
                **_rate(point, "tagged"),
                **_usual(found, one.id, point),
                **_alert(point),
                "traces": list(point.traces),
            }


def failing_trend(found: Trends) -> Iterator[dict[str, Any]]:
    """Yield every point of the share of traces with the verdict *fail*: no failure mode, so it has rows of its own."""
    if found.failing is not None:
        for point in (*found.failing.weekly, *found.failing.rolling):
            yield {
                **_period(point),
                "verdict": found.failing.id,
                **_rate(point, "failing"),
                **_usual(found, found.failing.id, point),
                **_alert(point),
                "traces": list(point.traces),
            }


def _rate(point: Point, counted: str) -> dict[str, Any]:
    number = point.number
    return {
        "reviewed": number.n,
        counted: number.count,
        "estimate": number.value,
        "low": number.low,
        "high": number.high,
        "suppressed": number.suppressed,
        "basis": number.basis,
        "population": number.population,
        "n_eff": number.n_eff,
        "open": point.is_open,
    }


def _usual(found: Trends, series: str, point: Point) -> dict[str, Any]:
    """Return the control limits and the smoothed line of a week, None where there are none: no alert follows."""
    chart = found.controls.get(series) if point.window_weeks == 1 else None
    week = next((one for one in chart.weeks if one.period == point.period), None) if chart else None
    return {
        "control_mean": chart.mean if chart and week else None,
        "control_low": week.low if week else None,
        "control_high": week.high if week else None,
        "smoothed": week.smooth if week else None,
    }


def _alert(point: Point) -> dict[str, Any]:
    raised = point.alert
    return {
        "alert": raised.level if raised else None,
        "alert_rule": raised.rule if raised else None,
        "alert_baseline": raised.baseline if raised else None,
        "alert_since": raised.since if raised else None,
    }


def score_trends(found: Trends) -> Iterator[dict[str, Any]]:
    """Yield every point of every quality score: the means of single weeks and of four."""
    for one in found.scores:
        for point in (*one.weekly, *one.rolling):
            mean = point.number
            yield {
                **_period(point),
                "score": one.id,
                "scored": mean.n,
                "mean": mean.value,
                "low": mean.low,
                "high": mean.high,
                "basis": mean.basis,
                "population": mean.population,
                "n_eff": mean.n_eff,
                "suppressed": mean.suppressed,
                "open": point.is_open,
                "traces": list(point.traces),
            }


def _period(point: Point) -> dict[str, Any]:
    return {
        "period": point.period,
        "from": iso(point.start_us),
        "to": iso(point.end_us),
        "window_weeks": point.window_weeks,
    }


def stacked_trends(found: Trends) -> Iterator[dict[str, Any]]:
    """Yield the closed weeks with the tags per 100 traces of all failure modes together, and of each; four weeks each."""
    for n, point in enumerate(found.modes[0].rolling if found.modes else ()):
        if point.is_open or point.number.value is None:
            continue
        tags = {one.id: 100 * (one.rolling[n].number.value or 0.0) for one in found.modes}
        yield {**_period(point), "tags_per_100": sum(tags.values()), "by_mode": tags}


def markers(found: Trends) -> Iterator[dict[str, Any]]:
    """Yield what changed in the weeks of the trends, the earliest first."""
    for marker in found.markers:
        yield {"kind": marker.kind, "at": iso(marker.at_us), "label": marker.label}


def saturation(found: Saturation) -> dict[str, Any]:
    """Return whether reading more would find failure modes that were not seen yet."""
    return {
        "read": found.read,
        "failures": found.failures,
        "modes_seen": found.seen,
        "coverage": found.coverage,
        "modes_at_least": found.at_least,
        "read_since_last_new": found.since_last,
        "enough": found.enough,
        "curve": [{"read": step.read, "modes_seen": step.seen} for step in found.curve],
    }


def number(found: Number | None) -> dict[str, Any] | None:
    """Return a number with its interval and what it stands on; None stays None, and NaN becomes it."""
    if found is None:
        return None
    values = dataclasses.asdict(found)
    return {name: None if isinstance(v, float) and not math.isfinite(v) else v for name, v in values.items()}
