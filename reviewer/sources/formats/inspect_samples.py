"""One sample of an Inspect log as a trace."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reviewer.model.trace import Message, Score, Thread, Trace, Usage
from reviewer.sources.assemble.about import describe, read_usage
from reviewer.sources.assemble.about import score as plain_score
from reviewer.sources.assemble.messages import to_messages
from reviewer.sources.building import Refused, what_it_is
from reviewer.sources.formats.inspect_history import compactions, whole_history
from reviewer.sources.jsontext import Warn, dump
from reviewer.sources.times import moment_us

KIND = "inspect"

_GRADES = {"C": ("correct", 1.0), "I": ("incorrect", 0.0), "P": ("partial", 0.5), "N": ("no answer", None)}
_ATTACHED = ("attachment://", "tc://")


@dataclass(slots=True)
class Sample:
    """A sample as written, with the ``eval`` part of the log's header and the log's status."""

    evaluation: dict[str, Any]
    status: Any
    held: Any


def sample_trace(sample: Sample, warn: Warn) -> Trace:
    """Return the trace of a sample; raise ``Refused`` if it holds neither messages nor an input."""
    held, evaluation = sample.held, sample.evaluation
    if not isinstance(held, dict):
        raise Refused(f"{what_it_is(held)} is no sample")
    messages = _messages(held)
    if not messages:
        raise Refused("the sample has neither messages nor an input")
    name = held.get("uuid") or f"{evaluation.get('run_id', '')}/{held.get('id')}/{held.get('epoch')}"
    trace = Trace(KIND, str(name), "inspect", threads=[Thread(messages)], transcript_how="messages")
    trace.name = f"{evaluation.get('task', 'sample')} {held.get('id')}, epoch {held.get('epoch')}"
    _add_evaluation(trace, evaluation)
    describe(trace, {key: held[key] for key in ("metadata", "error") if key in held}, warn)
    _add_scores(trace, held)
    _add_usage(trace, held)
    _add_course(trace, held, evaluation)
    if trace.status != "error" and sample.status == "success":
        trace.status = "ok"
    if (times := compactions(_entries(held))) > 0:
        trace.metadata["compactions"] = times
    if held.get("limit"):
        trace.metadata["limit"] = held["limit"]
    return trace


def _messages(held: dict[str, Any]) -> list[Message]:
    attachments = held.get("attachments")
    recorded = _attached(whole_history(held, _entries(held)), attachments if isinstance(attachments, dict) else {})
    if recorded:
        return to_messages(recorded, "user")[0]
    return to_messages(held.get("input"), "user")[0] + to_messages(held.get("output"), "assistant")[0]


def _attached(value: Any, attachments: dict[str, Any]) -> Any:
    """Return the value with references to attachments replaced by what they hold."""
    if isinstance(value, str):
        for scheme in _ATTACHED:
            if value.startswith(scheme):
                return attachments.get(value.removeprefix(scheme), value)
        return value
    if isinstance(value, list):
        return [_attached(item, attachments) for item in value]
    if isinstance(value, dict):
        return {key: _attached(item, attachments) for key, item in value.items()}
    return value


def _add_evaluation(trace: Trace, evaluation: dict[str, Any]) -> None:
    task, model = evaluation.get("task"), evaluation.get("model")
    trace.workflow = task if isinstance(task, str) else None
    if isinstance(model, str):
        trace.model = model
        trace.provider = model.split("/")[0] if "/" in model else None
    revision = evaluation.get("revision")
    if isinstance(revision, dict) and isinstance(revision.get("commit"), str):
        trace.release = revision["commit"]
    if isinstance(evaluation.get("tags"), list):
        trace.tags += [str(tag) for tag in evaluation["tags"]]


def _add_scores(trace: Trace, held: dict[str, Any]) -> None:
    scores = held.get("scores")
    for name, given in scores.items() if isinstance(scores, dict) else ():
        if isinstance(given, dict):
            trace.scores.append(_score(str(name), given))
    target = held.get("target")
    if target not in (None, "", []):
        text = target if isinstance(target, str) else dump(target)
        trace.scores.append(Score("target", None, text, "expectation", "human"))


def _score(name: str, given: dict[str, Any]) -> Score:
    value = given.get("value")
    by_model = "model_graded" in name
    if isinstance(value, str) and value in _GRADES:
        word, number = _GRADES[value]
        made = Score(name, number, word, "category", "llm" if by_model else "code")
    else:
        made = plain_score(name, value, "llm" if by_model else "code")
    explanation = given.get("explanation")
    made.comment = explanation if isinstance(explanation, str) else None
    return made


def _add_usage(trace: Trace, held: dict[str, Any]) -> None:
    """Sum the tokens and the cost over the models of a sample; Inspect counts cache tokens beside the input."""
    by_model = held.get("model_usage")
    sums = Usage()
    for usage in by_model.values() if isinstance(by_model, dict) else ():
        if not isinstance(usage, dict):
            continue
        one = Trace(KIND, "", "inspect")
        read_usage(one, usage, input_has_cache=False)
        for key in ("input", "output", "total", "cache_read", "cache_write", "reasoning"):
            if (count := getattr(one.usage, key)) is not None:
                setattr(sums, key, (getattr(sums, key) or 0) + count)
        if isinstance(usage.get("total_cost"), (int, float)):
            trace.cost_usd = (trace.cost_usd or 0.0) + usage["total_cost"]
    trace.usage = sums


def _add_course(trace: Trace, held: dict[str, Any], evaluation: dict[str, Any]) -> None:
    """Times, retries, and how long each tool took, from the sample's log of what happened."""
    latest = None
    calls = {call.call_id: call for call in trace.calls() if call.call_id}
    for entry in _entries(held):
        at = moment_us(entry.get("timestamp"))
        if trace.started_us is None:
            trace.started_us = at
        latest = moment_us(entry.get("completed")) or at or latest
        if entry.get("event") == "model":
            trace.n_retries += entry["retries"] if isinstance(entry.get("retries"), int) else 0
            if entry.get("cache") in ("read", "write"):
                trace.cache_hit = entry["cache"] == "read" or bool(trace.cache_hit)
        elif entry.get("event") == "tool" and (call := calls.get(str(entry.get("id")))) is not None:
            call.started_us = at
            took = entry.get("working_time")
            call.latency_ms = took * 1000 if isinstance(took, (int, float)) else None
    if isinstance(held.get("error_retries"), list):
        trace.n_retries += len(held["error_retries"])
    if trace.started_us is None:
        trace.started_us = moment_us(evaluation.get("created"))
    trace.ended_us = latest
    trace.time_basis = "import" if trace.started_us is None else "trace"
    took = held.get("total_time")
    trace.latency_ms = took * 1000 if isinstance(took, (int, float)) else None


def _entries(held: dict[str, Any]) -> Iterator[dict[str, Any]]:
    entries = held.get("events")
    transcript = held.get("transcript")
    if entries is None and isinstance(transcript, dict):
        entries = transcript.get("events")
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict):
            yield entry
