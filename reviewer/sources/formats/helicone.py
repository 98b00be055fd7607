"""Helicone: requests as its query endpoint and its export give them, one model call a row.

There is no tree of spans: calls that name one session by the property ``Helicone-Session-Id`` are one trace, and
``Helicone-Session-Path`` says what each is for. Fields are those of ``HeliconeRequest`` in its published API.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from reviewer.sources.assemble.spans import Span
from reviewer.sources.assemble.unjson import unjson
from reviewer.sources.formats.rows import Row, RowFormat, feedback, id_in, present
from reviewer.sources.identity import native_id
from reviewer.sources.records import Guess, Value
from reviewer.sources.times import moment_us

NAMES = ("helicone",)
KIND = "helicone"

_SESSION, _PATH, _NAME = "helicone-session-id", "helicone-session-path", "helicone-session-name"
_FIRST_ERROR = 400


def looks_like(head: Sequence[Value], name: str) -> Guess | None:
    """Return a guess if a value is a request with its body and its response, or a page of them."""
    for value in head:
        if any(True for _ in _rows(value.value)):
            return Guess("helicone", "requests with request_id, request_body and response_body")
    return None


def _rows(value: Any) -> Iterator[Row]:
    """Yield the requests of a value: itself, or those of a page."""
    held = value.get("data") if isinstance(value, dict) else None
    for row in held if isinstance(held, list) else (value,):
        if isinstance(row, dict) and {"request_id", "request_body", "response_body"} <= row.keys():
            yield row


def _properties(row: Row) -> dict[str, Any]:
    held = unjson(row.get("request_properties"))
    return {str(key).lower(): value for key, value in held.items()} if isinstance(held, dict) else {}


def _trace_id(row: Row) -> str | None:
    return native_id(_properties(row).get(_SESSION)) or native_id(row.get("request_id"))


def _span(row: Row, trace_id: str, span_id: str) -> Span:
    properties = _properties(row)
    asked, answered = unjson(row.get("request_body")), unjson(row.get("response_body"))
    status = row.get("response_status")
    failed = isinstance(status, (int, float)) and status >= _FIRST_ERROR
    started, ended = moment_us(row.get("request_created_at")), moment_us(row.get("response_created_at"))
    delay = row.get("delay_ms")
    if started is not None and isinstance(delay, (int, float)) and not isinstance(delay, bool):
        ended = started + round(delay * 1000)
    first_token = row.get("time_to_first_token")
    return Span(
        trace_id,
        span_id,
        None,
        str(properties.get(_PATH) or properties.get(_NAME) or row.get("request_path") or "request"),
        present(
            {
                "span.kind": "llm",
                "input": asked,
                "output": None if failed else answered,
                "gen_ai.request.model": row.get("request_model") or row.get("model"),
                "gen_ai.response.model": row.get("response_model"),
                "gen_ai.provider.name": row.get("provider"),
                "gen_ai.usage.input_tokens": row.get("prompt_tokens"),
                "gen_ai.usage.output_tokens": row.get("completion_tokens"),
                "gen_ai.usage.cache_read.input_tokens": row.get("prompt_cache_read_tokens"),
                "llm.cost.total": row.get("cost_usd", row.get("costUSD", row.get("cost"))),
                "gen_ai.response.time_to_first_chunk": first_token / 1000
                if isinstance(first_token, (int, float))
                else None,
                "session.id": properties.get(_SESSION),
                "user.id": row.get("request_user_id"),
                "metadata": {
                    key: value for key, value in properties.items() if not key.startswith("helicone-session-")
                },
                **feedback(_scores(row)),
            }
        ),
        started,
        ended,
        "error" if failed else "ok" if answered is not None else "unset",
        _error(answered) if failed else "",
    )


def _error(answered: Any) -> str:
    held = answered.get("error") if isinstance(answered, dict) else answered
    message = held.get("message") if isinstance(held, dict) else held
    return message if isinstance(message, str) else ""


def _scores(row: Row) -> Iterator[dict[str, Any]]:
    held = unjson(row.get("scores"))
    for name, score in held.items() if isinstance(held, dict) else ():
        value = score.get("value") if isinstance(score, dict) else score
        if isinstance(value, (int, float)):
            yield {"name": name, "score": value, "annotator_kind": "CODE"}
    rating = row.get("feedback_rating")
    if isinstance(rating, bool):
        yield {"name": "feedback", "score": float(rating), "annotator_kind": "HUMAN"}


_EXPORT = RowFormat("helicone", KIND, _rows, _trace_id, id_in("request_id"), _span)
read, read_across = _EXPORT.read, _EXPORT.read_across
