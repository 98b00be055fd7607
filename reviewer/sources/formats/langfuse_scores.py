"""Langfuse's scores: those that stand with a trace, and rows of its score table, which name their trace."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Literal

from reviewer.model.trace import Score

_SCORE_BY: dict[str, Literal["human", "llm", "code", "api"]] = {"ANNOTATION": "human", "EVAL": "llm", "API": "api"}
_SCORE_TYPE: dict[str, Literal["number", "bool", "category", "text", "correction"]] = {
    "NUMERIC": "number",
    "BOOLEAN": "bool",
    "CATEGORICAL": "category",
    "TEXT": "text",
    "CORRECTION": "correction",
}
_CAMEL = {
    "data_type": "dataType", "string_value": "stringValue", "long_string_value": "longStringValue",
    "observation_id": "observationId", "session_id": "sessionId", "trace_id": "traceId", "author_user_id": "authorUserId",
}  # fmt: skip


def is_score(record: dict[str, Any]) -> bool:
    """Return whether a record is a row of the score table."""
    row = as_written_by_the_api(record)
    return {"traceId", "name", "value", "dataType"} <= row.keys() and isinstance(row.get("name"), str)


def as_written_by_the_api(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of the score table, perhaps in snake case and with its number as text, as the API gives it."""
    named = {_CAMEL.get(key, key): value for key, value in row.items()}
    value = named.get("value")
    if isinstance(value, str) and named.get("dataType") in ("NUMERIC", "BOOLEAN"):
        words = {"true": 1.0, "false": 0.0}
        with suppress(ValueError):
            named["value"] = words[value.lower()] if value.lower() in words else float(value)
    return named


def scores(raws: Any) -> Iterator[Score]:
    """Yield the scores of a list; what has no name is none."""
    for raw in raws if isinstance(raws, list) else ():
        if isinstance(raw, dict) and isinstance(raw.get("name"), str):
            yield score(raw)


def scores_in_columns(row: dict[str, Any]) -> Iterator[Score]:
    """Yield the scores of an exported trace row: a column for each name, which holds the list of its numbers.

    Words are not taken: a list of words may be anything.
    """
    for name, held in row.items():
        if isinstance(held, list) and held and all(isinstance(value, (int, float)) for value in held):
            for value in held:
                yield score(
                    {"name": name, "value": value, "dataType": "BOOLEAN" if isinstance(value, bool) else "NUMERIC"}
                )


def score(raw: dict[str, Any]) -> Score:
    """Return a score as the API gives it: with camel case, its value a number or a text."""
    data_type = _SCORE_TYPE.get(str(raw.get("dataType")), "number")
    value = raw.get("value")
    text = raw.get("longStringValue") if data_type == "correction" else raw.get("stringValue")
    if isinstance(value, str) and not text:
        text = value
    observation, session = raw.get("observationId"), raw.get("sessionId")
    return Score(
        name=raw["name"],
        value_num=float(value) if isinstance(value, (int, float)) and data_type in ("number", "bool") else None,
        value_text=text if isinstance(text, str) and text else None,
        data_type=data_type,
        source=_SCORE_BY.get(str(raw.get("source")), "api"),
        author=raw.get("authorUserId") if isinstance(raw.get("authorUserId"), str) else None,
        comment=raw.get("comment") if isinstance(raw.get("comment"), str) else None,
        target="span" if observation else "session" if session and not raw.get("traceId") else "trace",
        target_id=str(observation or session) if observation or session else None,
    )
