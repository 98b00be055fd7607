"""Traces and codings as a verb hands them over."""

from typing import Any

from reviewer.exports.sets.canonical import Labelled, SetAbout
from reviewer.model.calls import ExpectedCall
from reviewer.model.coding import Coding, Verdict
from reviewer.model.ids import ModeId, TraceId, WeekName
from reviewer.model.taxonomy import Mode, ScoreScale, Taxonomy
from reviewer.model.trace import Document, Message, Part, Thread, ToolCall, Trace

TAXONOMY = Taxonomy(
    "t",
    "T",
    (
        Mode(ModeId("unsupported_claim"), "Unsupported claim", "Says what <nothing> supports."),
        Mode(ModeId("looping"), "L"),
    ),
    (ScoreScale("safety", "Safety", 1, 5, "harm", "none"),),
)
OFFERED = [
    {"name": "lookup", "description": "Finds an order.", "parameters": {"type": "object", "properties": {"order": {}}}},
    {"name": "escalate"},
]
EXPECTED_CALLS = (ExpectedCall("lookup", {"order": "0042", "note": "a\u2028b"}), ExpectedCall("escalate"))
NOON = 1_795_000_000_000_000


def said(role: Any, text: str, **more: Any) -> Message:
    return Message(role, [Part("text", text)], **more)


def trace(native: str = "n1", *messages: Message, **more: Any) -> Trace:
    talk = list(messages) or [said("user", "Where is my order?"), said("assistant", "It left on Monday.")]
    return Trace("k", native, "chat", threads=[Thread(talk)], **more)


def with_tools(native: str = "tools") -> Trace:
    """Return a trace with a call, its result, a call whose arguments do not parse, and two documents."""
    call = ToolCall("lookup", '{"order": "0042", "deep": {"a": [1, 2.5, null]}}', call_id="c1", result="on its way")
    broken = ToolCall("lookup", "{order:", arguments_parse=False, result="bad arguments", is_error=True)
    return trace(
        native,
        said("system", "You help."),
        said("user", "Where is 0042?"),
        Message("assistant", calls=[call, broken]),
        said("tool", "on its way", answers=call, call_id="c1"),
        said("tool", "bad arguments", answers=broken),
        said("assistant", "It is on its way."),
        documents=[Document("Orders take two days."), Document("Orders take two days."), Document("Returns are free.")],
        tools=OFFERED,
    )


def coded(verdict: Verdict = Verdict.PASS, *modes: str, **more: Any) -> Coding:
    tagged = dict.fromkeys((ModeId(mode) for mode in modes), None)
    return Coding(verdict, tagged, submitted_us=NOON, taxonomy_version=1, **more)


def labelled(one: Trace, coding: Coding | None = None, **more: Any) -> Labelled:
    given = {"week": WeekName("2026-W48"), "reviewer": "anna@example.org", "weight": 12.5, "reviewed_us": NOON}
    return Labelled(one, TraceId(f"id-{one.native_id}"), coding=coding or coded(), **(given | more))


def about(name: str = "late orders", **more: Any) -> SetAbout:
    return SetAbout(name, TAXONOMY, NOON, **more)
