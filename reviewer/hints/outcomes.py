"""Checks of how a trace ended: its status, its retries, and the scores that came with it."""

import re

from reviewer.model.hint import Hint
from reviewer.model.trace import Score, Trace

_BAD_WORDS = frozenset(
    [
        "negative",
        "bad",
        "poor",
        "fail",
        "failed",
        "incorrect",
        "wrong",
        "no",
        "dislike",
        "down",
        "thumbs_down",
        "thumbs-down",
        "unhelpful",
        "👎",
        "i",
        "false",
    ]
)
_BAD_IF_TRUE = re.compile(
    r"hallucinat|toxic|harm|unsafe|violat|error|bias|jailbreak|injection|security|leak|\bpii\b|fail", re.IGNORECASE
)
_JUDGES_QUALITY = re.compile(
    r"score|reward|correct|success|pass|quality|feedback|rating|thumb|helpful|faithful|relevan|accura|ground|satisf",
    re.IGNORECASE,
)
_STARS = re.compile(r"rating|stars", re.IGNORECASE)


def error_status(trace: Trace) -> Hint | None:
    """Return a hint if the trace ended in an error."""
    if trace.status != "error":
        return None
    return Hint("error_status", _short(trace.error_message or "the trace ended in an error"))


def retries(trace: Trace) -> Hint | None:
    """Return a hint if calls were tried again. No risk by itself: a retry that worked is a good outcome."""
    if trace.n_retries < 1:
        return None
    return Hint("retries", f"{trace.n_retries} {'retry' if trace.n_retries == 1 else 'retries'}", risk=False)


def negative_score(trace: Trace) -> Hint | None:
    """Return a hint if a person, a judge model or a check scored the trace badly.

    Numbers count on the scale they seem to have: below 0, below one half from 0 to 1, up to 2 of 5 stars.
    """
    bad = [score for score in trace.scores if _is_bad(score)]
    if not bad:
        return None
    said = ", ".join(f"{score.name} = {_value(score)}" for score in bad[:3])
    return Hint("negative_score", _short(said if len(bad) <= 3 else f"{said} and {len(bad) - 3} more"))


def _is_bad(score: Score) -> bool:
    if score.data_type in ("correction", "expectation", "text"):
        return False
    bad_if_true = _BAD_IF_TRUE.search(score.name) is not None
    if score.data_type == "bool":
        return score.value_num is not None and (score.value_num > 0) == bad_if_true
    if score.value_num is None:
        return (score.value_text or "").strip().lower() in _BAD_WORDS and not bad_if_true
    if bad_if_true or not (score.source in ("human", "llm") or _JUDGES_QUALITY.search(score.name)):
        return False
    if _STARS.search(score.name) and score.value_num >= 1:
        return score.value_num <= 2
    return score.value_num < 0.5


def _value(score: Score) -> str:
    return score.value_text if score.value_text is not None else f"{score.value_num:g}"


def _short(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:199]}…"
