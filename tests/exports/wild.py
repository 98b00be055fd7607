"""Examples whose texts break careless readers, and what must come out of every library that loads them."""

from collections.abc import Iterable
from typing import Any

from reviewer.exports.sets.canonical import Labelled
from reviewer.exports.sets.targets import preview
from reviewer.model.coding import Verdict
from reviewer.model.trace import Document

from .builders import EXPECTED_CALLS, about, coded, labelled, said, trace, with_tools

TEXTS = (
    '=HYPERLINK("x")', "+1-555", "@SUM(A1)", "'quoted", "{{ 7*7 }} {{ env.HOME }} {% raw %} {# c #}", "${HOME} $(id)",
    "file:///etc/hostname", "javascript:1", "a\u2028b\u2029c\x85d\r\ne\rf\tg", "nul\x00lone\ud800", "NA", "null", "None",
    "007", "1e5", "true", "2026-01-01", "2026-01-01T00:00:00Z", "NaN", '{"a": 1}', "[1, 2]", "a|b;c,d",
    "deepeval_source=s,deepeval_context=c", "🙂👩‍👩‍👧 \u202egnp\u202c", "e\u0301 ﬁ ＝１", "العربية עברית", "हिन्दी ไทย 한국어",
    "漢字かな 𠮷", "<script>alert(1)</script>", "# heading\n```\n---\n", "long " * 8_000,
)  # fmt: skip
"""Formulas, templates, paths, line ends, words for nothing, numbers, dates, scripts, and 40,000 characters."""


def wild_examples() -> list[Labelled]:
    """Return the texts as question, answer, document, note and expected answer, and traces of every shape."""
    talk = [said("user", "Hi"), said("assistant", "Hello"), said("user", "Where?"), said("assistant", "Here")]
    return [
        labelled(
            with_tools(),
            coded(Verdict.FAIL, "looping", note="n", expected="Tomorrow.", expected_calls=EXPECTED_CALLS),
        ),
        labelled(trace("no-input", said("assistant", "Hello!"))),
        labelled(trace("talk", *talk), coded(Verdict.FAIL, "looping", expected="There")),
        *(_wild(number, text) for number, text in enumerate(TEXTS)),
        *(labelled(trace(f"more{i}", said("user", f"q{i}"), said("assistant", "a"))) for i in range(20)),
    ]


def _wild(number: int, text: str) -> Labelled:
    one = trace(f"wild{number}", said("user", text), said("assistant", text), documents=[Document(text)])
    return labelled(
        one, coded(Verdict.FAIL, "unsupported_claim", note=text, expected=f"{text}.", scores={"safety": 2.0})
    )


def assert_same(loaded: Iterable[dict[str, Any]], count: int) -> None:
    """Hold what a library loaded against the records: each field that it names is the same, byte for byte."""
    written = {row["example_id"]: row for row in preview("jsonl", wild_examples(), about())}
    seen = set()
    for row in loaded:
        mine = written[row["example_id"]]
        seen.add(row["example_id"])
        for field, value in row.items():
            assert value == mine[field], (field, mine["trace_id"])
    assert len(seen) == count
