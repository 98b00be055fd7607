"""Scores that came with the spans: feedback written on a span, and records of evaluations."""

from collections.abc import Iterable
from typing import Any, Literal

from reviewer.model.trace import Score
from reviewer.sources.assemble.spans import Span
from reviewer.sources.attributes import SCORE, SCORES, first

Target = Literal["span", "trace", "session"]
_BY: dict[str, Literal["human", "llm", "code"]] = {"HUMAN": "human", "LLM": "llm", "CODE": "code"}


def recorded(spans: Iterable[Span]) -> list[Score]:
    """Return the scores of all spans, in order; the same feedback on the trace counts once."""
    found: dict[tuple[Any, ...], Score] = {}
    for span in spans:
        for score in _of(span):
            target = score.target_id if score.target == "span" else None
            found.setdefault((score.name, score.value_num, score.value_text, score.author, target), score)
    return list(found.values())


def _of(span: Span) -> Iterable[Score]:
    for place in SCORES:
        if place.flat in span.shape.flat:
            for raw in span.shape.items(span.attrs, place.flat):
                if isinstance(raw, dict) and (score := _score(raw, span, place.target)) is not None:
                    yield score
    for log in span.logs:
        if log.name in SCORE["log"] and (score := _score(log.attrs, span, "span")) is not None:
            yield score


def _score(raw: dict[str, Any], span: Span, target: Target) -> Score | None:
    name, value = first(raw, SCORE["name"]), first(raw, SCORE["value"])
    label, comment, author = (first(raw, SCORE[key]) for key in ("label", "comment", "author"))
    number = float(value) if isinstance(value, (int, float)) else None
    if not isinstance(name, str) or (number is None and label is None):
        return None
    return Score(
        name,
        number,
        str(label) if label is not None else None,
        "number" if number is not None else "category",
        _BY.get(str(first(raw, SCORE["by"])).upper(), "api"),
        str(author) if author is not None else None,
        str(comment) if comment is not None else None,
        target,
        span.span_id if target == "span" else None,
    )
