"""Coding: what a reviewer says about a trace, as events; their fold; and what a press means.

What a reviewer says is a fact, and facts are only added. The current coding is the fold of the events of one key
(trace, week, reviewer). One press may say several things (a mode and, with it, the verdict): they share a press id
and are undone together. Undo is an event that names a press; redo is the undo of an undo.
"""

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Any, Literal, NamedTuple, TypeVar

from reviewer.model.calls import ExpectedCall, calls_from_json
from reviewer.model.ids import EventId, ModeId, TraceId, WeekName, new_event_ids


class Verdict(StrEnum):
    """Pass, fail, or defer: decide later."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    DEFER = "defer"


class Said(StrEnum):
    """What one event says."""

    VERDICT = "verdict"  # value: "pass" | "fail" | "defer" | None
    MODE_ON = "mode_on"  # value: {"mode": id, "anchor": anchor or None}
    MODE_OFF = "mode_off"  # value: {"mode": id}
    SCORE = "score"  # value: {"name": str, "value": number or None}
    NOTE = "note"  # value: str
    EXPECTED = "expected"  # value: str or None
    EXPECTED_CALLS = "expected_calls"  # value: list of {"name": str, "arguments": {}}; an empty one takes them back
    FIRST_FAILURE = "first_failure"  # value: anchor or None
    DOCUMENT = "document"  # value: {"document": n, "label": "relevant" | "irrelevant" | "missing" | None}
    FLAG = "flag"  # value: bool, for discussion
    PROPOSE = "propose"  # value: {"title": str}: a new mode, for the taxonomy's owner
    SUBMIT = "submit"  # value: None
    UNDO = "undo"  # value: {"press": id of the press that is taken back}


class Anchor(NamedTuple):
    """Where in a trace something points.

    ``thread`` and ``message`` are indices; ``call`` and ``document`` are indices of the trace's tool calls and
    documents. ``start`` and ``end`` count code points of the stored text of the message (or of the document when
    ``document`` is set); ``quote`` with ``prefix`` and ``suffix`` finds the place again after a change of the text.
    ``trace`` names the trace where it is another of the item's session.
    """

    kind: Literal["turn", "call", "document", "text"]
    thread: int = 0
    message: int | None = None
    call: int | None = None
    document: int | None = None
    start: int | None = None
    end: int | None = None
    quote: str = ""
    prefix: str = ""
    suffix: str = ""
    trace: TraceId | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the fields that say something, for storage."""
        out: dict[str, Any] = {"kind": self.kind, "thread": self.thread}
        for name in ("message", "call", "document", "start", "end"):
            if getattr(self, name) is not None:
                out[name] = getattr(self, name)
        for name in ("quote", "prefix", "suffix", "trace"):
            if getattr(self, name):
                out[name] = getattr(self, name)
        return out

    @classmethod
    def from_json(cls, stored: dict[str, Any] | None) -> "Anchor | None":
        """Return the anchor that ``as_json`` wrote."""
        return None if stored is None else cls(**stored)


ADJUDICATOR = "adjudicator: "
"""Before the name of whoever decides where readers disagree: a role of its own, also for somebody who read the trace."""

T = TypeVar("T")


def adjudicator(name: str) -> str:
    """Return under which name somebody's decisions stand, apart from what they say as a reader."""
    return ADJUDICATOR + name


def is_adjudicator(reviewer: str) -> bool:
    """Return whether a coding under this name is a decision between readers, and no reading."""
    return reviewer.startswith(ADJUDICATOR)


def decisive(said: Sequence[T], reviewer: Callable[[T], str], submitted_us: Callable[[T], int | None]) -> list[T]:
    """Return those of the submitted codings of one trace that decide: the newest decision, else what all readers said."""
    decisions = [one for one in said if is_adjudicator(reviewer(one))]
    return [max(decisions, key=lambda one: submitted_us(one) or 0)] if decisions else list(said)


class CodingKey(NamedTuple):
    """Whose words on what: one reviewer on one trace in one week."""

    trace: TraceId
    week: WeekName
    reviewer: str


class CodingEvent(NamedTuple):
    """One fact. ``seq`` is the order on this device and None until it is stored."""

    id: EventId
    press: str
    key: CodingKey
    said: Said
    value: Any
    taxonomy_version: int
    content_hash: str
    at_us: int
    reading: Literal["blind", "assisted"] = "blind"
    seq: int | None = None
    device: str = ""


class Coding(NamedTuple):
    """What a reviewer says now. ``modes`` keeps the order in which they were tagged; values are anchors.

    Submitting states the falses too: every active mode of ``taxonomy_version`` that is not in ``modes`` is absent.
    Nothing in it is ever changed in place: the empty dictionaries of the defaults are everybody's. A tuple, because
    every press makes a new one before it is painted.
    """

    verdict: Verdict | None = None
    modes: dict[ModeId, Anchor | None] = {}  # noqa: RUF012 - never changed, see above
    scores: dict[str, float] = {}  # noqa: RUF012
    note: str = ""
    expected: str | None = None
    first_failure: Anchor | None = None
    documents: dict[int, str] = {}  # noqa: RUF012
    flagged: bool = False
    proposed: tuple[str, ...] = ()
    submitted_us: int | None = None
    taxonomy_version: int | None = None
    content_hash: str = ""
    reading: str = "blind"
    expected_calls: tuple[ExpectedCall, ...] = ()

    @property
    def submitted(self) -> bool:
        """Whether the reviewer has said that this is the coding."""
        return self.submitted_us is not None

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been said."""
        return self._replace(taxonomy_version=None, content_hash="", reading="blind") == Coding()

    @property
    def counts(self) -> bool:
        """Whether the coding counts as a review: submitted, and not put off."""
        return self.submitted and self.verdict in (Verdict.PASS, Verdict.FAIL)


def active(events: Sequence[CodingEvent]) -> list[CodingEvent]:
    """Return the events that hold, in order: undone presses and the undos themselves are left out."""
    undone: set[str] = set()
    # From the newest back: an undo that was itself undone takes nothing back.
    for event in reversed(events):
        if event.said is Said.UNDO and event.press not in undone:
            undone.add(event.value["press"])
    return [e for e in events if e.said is not Said.UNDO and e.press not in undone]


def fold(events: Sequence[CodingEvent], since: Coding | None = None) -> Coding:
    """Return the current coding of one key from its events, oldest first.

    With ``since``, the coding that stood before ``events``, the older ones need not be read again, unless one of
    ``events`` is an undo. After a submit, any later change keeps the coding submitted: it is a correction, and the
    time of the submit stays.
    """
    coding = since or Coding()
    for event in active(events):
        coding = coding._replace(
            taxonomy_version=event.taxonomy_version,
            content_hash=event.content_hash,
            reading=event.reading,
            **_said(coding, event),
        )
    return coding


def _said(coding: Coding, event: CodingEvent) -> dict[str, Any]:
    value = event.value
    match event.said:
        case Said.VERDICT:
            return {"verdict": None if value is None else Verdict(value)}
        case Said.MODE_ON:
            anchor = Anchor.from_json(value.get("anchor"))
            return {"modes": {**coding.modes, ModeId(value["mode"]): anchor}}
        case Said.MODE_OFF:
            return {"modes": {m: a for m, a in coding.modes.items() if m != value["mode"]}}
        case Said.SCORE:
            scores = {n: v for n, v in coding.scores.items() if n != value["name"]}
            return {"scores": scores if value["value"] is None else {**scores, value["name"]: value["value"]}}
        case Said.NOTE:
            return {"note": value}
        case Said.EXPECTED:
            return {"expected": value}
        case Said.EXPECTED_CALLS:
            return {"expected_calls": calls_from_json(value)}
        case Said.FIRST_FAILURE:
            return {"first_failure": Anchor.from_json(value)}
        case Said.DOCUMENT:
            labels = {n: v for n, v in coding.documents.items() if n != value["document"]}
            return {"documents": labels if value["label"] is None else {**labels, value["document"]: value["label"]}}
        case Said.FLAG:
            return {"flagged": bool(value)}
        case Said.PROPOSE:
            return {"proposed": (*coding.proposed, value["title"])}
        case Said.SUBMIT:
            return {"submitted_us": event.at_us}
        case Said.UNDO:
            return {}


class Speaker(NamedTuple):
    """Who speaks, on which text, under which taxonomy: all that the events of a press have in common."""

    key: CodingKey
    taxonomy_version: int
    content_hash: str
    reading: Literal["blind", "assisted"] = "blind"

    def say(self, at_us: int, *said: tuple[Said, Any]) -> list[CodingEvent]:
        """Return the events of one press."""
        press, *ids = new_event_ids(1 + len(said))
        return [
            CodingEvent(
                event_id,
                press,
                self.key,
                what,
                value,
                self.taxonomy_version,
                self.content_hash,
                at_us,
                self.reading,
            )
            for event_id, (what, value) in zip(ids, said, strict=True)
        ]


def press_mode(coding: Coding, mode: ModeId, anchor: Anchor | None = None) -> list[tuple[Said, Any]]:
    """Return what pressing a failure mode says: on or off, and *fail* with it if there is no verdict yet.

    Turning the last mode off takes back a *fail* only by undo: the reviewer may have meant it.
    """
    if mode in coding.modes:
        return [(Said.MODE_OFF, {"mode": mode})]
    said: list[tuple[Said, Any]] = [(Said.MODE_ON, {"mode": mode, "anchor": anchor.as_json() if anchor else None})]
    if coding.verdict is None:
        said.append((Said.VERDICT, Verdict.FAIL.value))
    return said


def press_pass(coding: Coding) -> tuple[list[tuple[Said, Any]], bool]:
    """Return what ``P`` says and whether the item is done: with a tag on it, it only sets the verdict."""
    said: list[tuple[Said, Any]] = [(Said.VERDICT, Verdict.PASS.value)]
    if coding.modes:
        return said, False
    return [*said, (Said.SUBMIT, None)], True


def missing_before_submit(coding: Coding, required_scores: Iterable[str]) -> list[str]:
    """Return what is still missing before ``Enter`` may submit: ``verdict`` and names of required scores."""
    missing = [] if coding.verdict is not None else ["verdict"]
    return missing + [name for name in required_scores if name not in coding.scores]


def presses(events: Iterable[CodingEvent]) -> list[tuple[str, list[CodingEvent]]]:
    """Group events into presses, in the order in which the presses began."""
    grouped: dict[str, list[CodingEvent]] = {}
    for event in events:
        grouped.setdefault(event.press, []).append(event)
    return list(grouped.items())


class History(NamedTuple):
    """What undo and redo would take back next: press ids, the newest last."""

    undoable: tuple[str, ...]
    redoable: tuple[str, ...]
    """Press ids of undos that hold and after which nothing new was said."""


def history(events: Sequence[CodingEvent]) -> History:
    """Return the undo history of one reviewer's events, oldest first; it outlives a restart because the log does."""
    done: list[str] = []
    taken_back: list[str] = []
    names: dict[str, str] = {}  # an undo's press -> the press that it names
    for press, said in presses(events):
        if said[0].said is not Said.UNDO:
            done.append(press)
            taken_back.clear()
            continue
        names[press] = target = said[0].value["press"]
        if target in names:  # the undo of an undo: redo
            if target in taken_back:
                taken_back.remove(target)
            done.append(names[target])
        else:
            if target in done:
                done.remove(target)
            taken_back.append(press)
    return History(tuple(done), tuple(taken_back))
