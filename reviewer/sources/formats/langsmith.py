"""LangSmith: runs as the SDK posts them, as the API and the bulk export give them, one a row."""

from collections.abc import Iterator, Sequence
from typing import Any

from reviewer.sources.assemble.spans import Span
from reviewer.sources.assemble.unjson import unjson
from reviewer.sources.formats.rows import Row, RowFormat, feedback, inside, present, whole_number
from reviewer.sources.identity import native_id
from reviewer.sources.records import Guess, Value
from reviewer.sources.times import moment_us

NAMES = ("langsmith",)
KIND = "langsmith"


def looks_like(head: Sequence[Value], name: str) -> Guess | None:
    """Return a guess if a value is a run, or a batch of runs."""
    for value in head:
        if any("run_type" in row for row in _rows(value.value)):
            return Guess("langsmith", "runs with run_type and trace_id or dotted_order")
    return None


def _rows(value: Any) -> Iterator[Row]:
    """Yield the runs of a value: itself with the runs nested in it, or those of a batch."""
    if not isinstance(value, dict):
        return
    if isinstance(value.get("post"), list) or isinstance(value.get("patch"), list):
        for key in ("post", "patch"):
            yield from (row for row in value.get(key) or () if isinstance(row, dict))
        return
    if "trace_id" not in value and "dotted_order" not in value:
        return
    yield {key: value[key] for key in value if key != "child_runs"}
    for child in value.get("child_runs") or ():
        if isinstance(child, dict):
            yield from _rows({"trace_id": value.get("trace_id"), **child})


def _trace_id(row: Row) -> str | None:
    if (named := native_id(row.get("trace_id"))) is not None:
        return named
    order = _order(row)
    return order[0] if order else None


def _order(row: Row) -> list[str]:
    """Return the ids of a run and of those above it, the outermost first; each segment is its start, Z, its id."""
    held = row.get("dotted_order")
    return [part.split("Z", 1)[1] for part in held.split(".") if "Z" in part] if isinstance(held, str) else []


def _span_id(row: Row) -> str | None:
    if (named := native_id(row.get("id"))) is not None:
        return named
    order = _order(row)
    return order[-1] if order else None


def _span(row: Row, trace_id: str, span_id: str) -> Span:
    order = _order(row)
    above = row.get("parent_run_ids")
    parent = native_id(row.get("parent_run_id")) or (
        native_id(above[-1]) if isinstance(above, list) and above else None
    )
    if parent is None and len(order) > 1:
        parent = order[-2]
    started, ended = moment_us(row.get("start_time")), moment_us(row.get("end_time"))
    error = row.get("error")
    failed = bool(error) or str(row.get("status")).lower() == "error"
    return Span(
        trace_id,
        span_id,
        parent,
        str(row.get("name") or ""),
        _attributes(row),
        started if started is not None else ended,
        ended if ended is not None else started,
        "error" if failed else "ok" if ended is not None else "unset",
        error if isinstance(error, str) else "",
    )


def _attributes(row: Row) -> dict[str, Any]:
    inputs, outputs, extra = (unjson(row.get(key)) for key in ("inputs", "outputs", "extra"))
    metadata, invocation = inside(extra, "metadata"), inside(extra, "invocation_params")
    usage = inside(outputs, "usage_metadata") or inside(outputs, "usage")
    is_model = str(row.get("run_type")).lower() == "llm"
    counts = {
        "gen_ai.usage.input_tokens": _first(
            row.get("prompt_tokens"), usage.get("input_tokens"), usage.get("prompt_tokens")
        ),
        "gen_ai.usage.output_tokens": _first(
            row.get("completion_tokens"), usage.get("output_tokens"), usage.get("completion_tokens")
        ),
        "gen_ai.usage.cache_read.input_tokens": _first(inside(row, "prompt_token_details").get("cache_read")),
        "llm.cost.total": row.get("total_cost"),
    }
    return present(
        {
            "run_type": str(row.get("run_type") or "").lower(),
            "input": inputs,
            "output": outputs,
            "gen_ai.request.model": metadata.get("ls_model_name") or invocation.get("model"),
            "gen_ai.provider.name": metadata.get("ls_provider"),
            "llm.invocation_parameters": invocation,
            "metadata": metadata,
            "langsmith.span.tags": row.get("tags"),
            # A run above others repeats what they add up to.
            **(counts if is_model else {}),
            **feedback(_scores(row.get("feedback_stats"))),
        }
    )


def _first(*values: Any) -> int | None:
    return next((count for value in values if (count := whole_number(value)) is not None), None)


def _scores(held: Any) -> list[dict[str, Any]]:
    """Return the mean of each kind of feedback: a run carries no more than that."""
    stats = unjson(held)
    return [
        {"name": name, "score": one["avg"], "annotator_kind": "CODE"}
        for name, one in (stats.items() if isinstance(stats, dict) else ())
        if isinstance(one, dict) and isinstance(one.get("avg"), (int, float))
    ]


_EXPORT = RowFormat("langsmith", KIND, _rows, _trace_id, _span_id, _span)
read, read_across = _EXPORT.read, _EXPORT.read_across
