"""The review screen without widgets: intents go in, events come out, and the answer says what to repaint.

A press belongs to the item that was on screen when it was made. ``current`` is where the reviewer has gone,
``on_screen`` what was painted last; between the two, a press still means the painted one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Flag, auto
from typing import Any, Literal, NamedTuple

from reviewer.desktop.review.log import Log
from reviewer.desktop.review.saving import Saving
from reviewer.errors import UsageError
from reviewer.model.calls import as_text as calls_as_text
from reviewer.model.calls import calls_from_text
from reviewer.model.clock import Clock
from reviewer.model.coding import (
    Anchor,
    Coding,
    CodingEvent,
    CodingKey,
    Said,
    Speaker,
    Verdict,
    missing_before_submit,
    press_mode,
    press_pass,
)
from reviewer.model.ids import ModeId, TraceId, WeekName
from reviewer.model.taxonomy import Mode, ScoreScale, Taxonomy
from reviewer.workspace.ask.queue import QueueRow

SETTLE_MS = 150  # a submit this soon after an item appeared was meant for the one before


class Repaint(Flag):
    """What the screen draws anew."""

    NOTHING = 0
    ITEM = auto()
    CODING = auto()
    NOTE = auto()
    PROGRESS = auto()
    """Header and queue rail."""
    NOTICE = auto()
    SAVING = auto()
    LAYER = auto()
    EVERYTHING = ITEM | CODING | NOTE | PROGRESS | NOTICE | SAVING | LAYER
    MOVED = ITEM | CODING | NOTE | PROGRESS | LAYER
    SAID = CODING | PROGRESS | NOTICE | SAVING


class Notice(NamedTuple):
    """What the note row tells: a press and its item, an undo, or why nothing happened.

    ``said`` are the events of the press; ``order`` the item's place in the queue; ``missing`` ids of scores, or
    ``verdict``.
    """

    kind: Literal[
        "said",
        "undone",
        "redone",
        "missing",
        "nothing_to_undo",
        "nothing_to_redo",
        "week_done",
        "off_scale",
        "half_written",
        "alone",
        "elsewhere",
    ]
    said: tuple[CodingEvent, ...] = ()
    order: int = 0
    missing: tuple[str, ...] = ()


class Standing(NamedTuple):
    """How far the week is for this reviewer; ``seconds_each`` None when too few were read to say."""

    drawn: int
    submitted: int
    passed: int
    failed: int
    deferred: int
    seconds_each: int | None


@dataclass(slots=True)
class ReviewState:
    """One reviewer in one week's queue."""

    week: WeekName
    reviewer: str
    rows: list[QueueRow]
    taxonomy: Taxonomy
    clock: Clock
    ticks: Callable[[], float]
    """Milliseconds of a clock that only goes forward."""
    log: Log = field(default_factory=Log)
    blind: bool = True
    of_sessions: bool = False
    """Whether an item is a whole session, by its first trace."""
    index: int = 0
    on_screen: TraceId | None = None
    saving: Saving = field(default_factory=Saving)
    notice: Notice | None = None
    score_focus: str | None = None
    mode_focus: ModeId | None = None
    half_written: dict[TraceId, str] = field(default_factory=dict)
    """Expected calls that cannot be read yet, as they were typed."""
    _hashes: dict[TraceId, str] = field(default_factory=dict)
    _seen: set[TraceId] = field(default_factory=set)
    _painted_ms: float = float("-inf")

    def __post_init__(self) -> None:
        self._seen |= {event.key.trace for event in self.log.events if event.reading == "assisted"}

    # What stands

    @property
    def current(self) -> QueueRow | None:
        """Return the item that the reviewer has gone to; None in an empty week."""
        return self.rows[self.index] if self.rows else None

    @property
    def target(self) -> TraceId | None:
        """Return the trace that a press means now: what was painted last."""
        if self.on_screen is not None:
            return self.on_screen
        return self.current.trace if self.current else None

    @property
    def coding(self) -> Coding:
        """Return the coding of the current item."""
        return self.log.coding(self.current.trace) if self.current else Coding()

    @property
    def open_coding(self) -> bool:
        """Whether there is no list yet: verdict, first failure and note only."""
        return not self.taxonomy.active

    @property
    def reveals(self) -> bool:
        """Whether imported scores and others' codings of the current item may be shown."""
        return not self.blind or self.coding.submitted

    @property
    def standing(self) -> Standing:
        """Return how far the week is."""
        verdicts = [c.verdict for row in self.rows if (c := self.log.coding(row.trace)).submitted]
        return Standing(
            len(self.rows),
            len(verdicts),
            verdicts.count(Verdict.PASS),
            verdicts.count(Verdict.FAIL),
            verdicts.count(Verdict.DEFER),
            self.log.seconds_each(),
        )

    def notes(self) -> list[tuple[int, str, str]]:
        """Return the notes of the week, the latest item first: its place, its verdict (or ``open``), the note."""
        found = []
        for row in reversed(self.rows):
            coding = self.log.coding(row.trace)
            if coding.note:
                found.append((row.order, str(coding.verdict or "open"), coding.note))
        return found

    def next_index(self) -> int:
        """Return where *go on* would lead: the next item that is not submitted, from here round; else here."""
        for i in self._round():
            if not self.log.coding(self.rows[i].trace).submitted:
                return i
        return self.index

    def order_of(self, trace: TraceId) -> int:
        """Return the place of a trace in the queue, from 1; 0 when it is not there."""
        return next((row.order for row in self.rows if row.trace == trace), 0)

    def mode_in_slot(self, slot: int) -> Mode | None:
        """Return the failure mode on a key."""
        return self.taxonomy.in_slot(slot)

    # What happened around it

    def opened(self, trace: TraceId, content_hash: str) -> None:
        """Learn which text of a trace is read: codings are pinned to it."""
        self._hashes[trace] = content_hash

    def painted(self, trace: TraceId) -> None:
        """Learn that an item is on screen now."""
        if trace != self.on_screen:
            self.on_screen = trace
            self._painted_ms = self.ticks()

    def revealed(self, trace: TraceId) -> None:
        """Learn that the reviewer has seen imported scores or another's coding: what follows is assisted."""
        self._seen.add(trace)

    def reload(self, rows: list[QueueRow], events: Sequence[CodingEvent], taxonomy: Taxonomy) -> Repaint:
        """Take what the workspace holds now; what is not on disk yet is kept."""
        stored = {event.id for event in events}
        here = self.current.trace if self.current else None
        self.rows, self.taxonomy = rows, taxonomy
        self.log = Log([*events, *(event for event in self.saving.unsaved if event.id not in stored)])
        self.index = next((i for i, row in enumerate(rows) if row.trace == here), 0)
        stays = self.current is not None and self.current.trace == here
        return Repaint.EVERYTHING & ~Repaint.ITEM if stays else Repaint.EVERYTHING

    def saved(self) -> Repaint:
        """Learn that the last batch is on disk."""
        self.saving.saved()
        return Repaint.SAVING

    def failed(self, why: BaseException) -> Repaint:
        """Learn that the last batch was not written."""
        self.saving.failed(why)
        return Repaint.SAVING

    # Judge

    def press_pass(self) -> Repaint:
        """Pass and go on; with a tag on it, or a required score missing, only the verdict is set."""
        if self.guarded:
            return Repaint.NOTHING
        assert self.target is not None
        coding = self.log.coding(self.target)
        said, done = press_pass(coding)
        missing = missing_before_submit(coding, self.taxonomy.required_scores)
        lacking = tuple(name for name in missing if name != "verdict")
        if done and lacking:
            return self._say(said[0]) | self._miss(lacking)
        return self._say(*said) | (self._go_on() if done else Repaint.NOTHING)

    def press_fail(self) -> Repaint:
        """Set fail and stay."""
        if self.target is None or self.log.coding(self.target).verdict is Verdict.FAIL:
            return Repaint.NOTHING
        return self._say((Said.VERDICT, Verdict.FAIL.value))

    def press_defer(self) -> Repaint:
        """Put the item off and go on."""
        if self.guarded:
            return Repaint.NOTHING
        return self._say((Said.VERDICT, Verdict.DEFER.value), (Said.SUBMIT, None)) | self._go_on()

    def submit(self) -> Repaint:
        """Submit and go on, if a verdict and the required scores are there."""
        if self.guarded:
            return Repaint.NOTHING
        assert self.target is not None
        missing = missing_before_submit(self.log.coding(self.target), self.taxonomy.required_scores)
        if missing:
            return self._miss(tuple(missing))
        if not self.log.changed_since_submit(self.target):
            return self._go_on()
        return self._say((Said.SUBMIT, None)) | self._go_on()

    def press_slot(self, slot: int, anchor: Anchor | None = None) -> Repaint:
        """Turn the failure mode on a key on or off."""
        mode = self.mode_in_slot(slot)
        return self.press_mode(mode.id, anchor) if mode else Repaint.NOTHING

    def press_mode(self, mode: ModeId, anchor: Anchor | None = None) -> Repaint:
        """Turn a failure mode on or off; sets fail if there is no verdict yet."""
        if self.target is None:
            return Repaint.NOTHING
        self.mode_focus = mode
        if anchor is not None and anchor.trace is not None and not self.of_sessions:
            anchor = None  # what is selected is of another trace than the one that is coded
        return self._say(*press_mode(self.log.coding(self.target), mode, anchor))

    def propose(self, title: str) -> Repaint:
        """Propose a new failure mode, for the taxonomy's owner."""
        title = " ".join(title.split())
        return self._say((Said.PROPOSE, {"title": title})) if title else Repaint.NOTHING

    def first_failure(self, anchor: Anchor) -> Repaint:
        """Say that the first failure is here, and anchor the mode tagged last to it."""
        if self.target is None:
            return Repaint.NOTHING
        if anchor.trace is not None and not self.of_sessions:
            return self.refuse_elsewhere()
        said: list[tuple[Said, Any]] = [(Said.FIRST_FAILURE, anchor.as_json())]
        modes = list(self.log.coding(self.target).modes)
        if modes:
            said.append((Said.MODE_ON, {"mode": modes[-1], "anchor": anchor.as_json()}))
        return self._say(*said)

    def refuse_elsewhere(self) -> Repaint:
        """Say that what is pointed at belongs to another trace of the session than the one that is coded."""
        self.notice = Notice("elsewhere")
        return Repaint.NOTICE

    def stands_alone(self) -> Repaint:
        """Say that the item has no session of more than one trace."""
        self.notice = Notice("alone")
        return Repaint.NOTICE

    # Scores

    def enter_scores(self) -> Repaint:
        """Let digits be scores, from the first that has none."""
        ids = [score.id for score in self.taxonomy.scores]
        self.score_focus = next((name for name in ids if name not in self.coding.scores), ids[0] if ids else None)
        return Repaint.LAYER | Repaint.CODING

    def press_digit(self, digit: int) -> Repaint:
        """Give the focused score and go to the next; a number off its scale is refused."""
        scale = self.taxonomy.score(self.score_focus or "")
        if scale is None:
            return Repaint.NOTHING
        value = 10 if digit == 0 and scale.high == 10 else digit
        if not scale.low <= value <= scale.high:
            self.notice = Notice("off_scale")
            return Repaint.NOTICE
        said = self.press_score(scale.id, value)
        self.score_focus = self._score_after(scale)
        return said | Repaint.LAYER | Repaint.CODING

    def press_score(self, score: str, value: int) -> Repaint:
        """Give a score; what stands already is not said again."""
        if self.target is None or self.log.coding(self.target).scores.get(score) == value:
            return Repaint.NOTHING
        return self._say((Said.SCORE, {"name": score, "value": value}))

    def leave_scores(self) -> Repaint:
        """Let digits be failure modes again."""
        self.score_focus = None
        return Repaint.LAYER | Repaint.CODING

    def _score_after(self, scale: ScoreScale) -> str | None:
        ids = [score.id for score in self.taxonomy.scores]
        rest = ids[ids.index(scale.id) + 1 :]
        return rest[0] if rest else None

    # Write

    def write_note(self, text: str, of: TraceId | None = None) -> Repaint:
        """Save the note of an item (the one on screen), if it differs."""
        trace = of or self.target
        if trace is None or self.log.coding(trace).note == text:
            return Repaint.NOTHING
        return self._say((Said.NOTE, text), of=trace) | Repaint.NOTE

    def write_expected(self, text: str, of: TraceId | None = None) -> Repaint:
        """Save the expected answer of an item (the one on screen), if it differs; an empty one is taken back."""
        trace = of or self.target
        if trace is None or (self.log.coding(trace).expected or "") == text:
            return Repaint.NOTHING
        return self._say((Said.EXPECTED, text or None), of=trace) | Repaint.NOTE

    def expected_calls(self, of: TraceId) -> str:
        """Return the expected calls of an item as text: what was typed last, also where it cannot be read."""
        return self.half_written.get(of) or calls_as_text(self.log.coding(of).expected_calls)

    def write_expected_calls(self, text: str, of: TraceId) -> Repaint:
        """Save the expected calls of an item, if they differ; a text that is none stays to be mended."""
        try:
            calls = calls_from_text(text)
        except UsageError:
            self.half_written[of] = text
            self.notice = Notice("half_written")
            return Repaint.NOTICE
        self.half_written.pop(of, None)
        if calls == self.log.coding(of).expected_calls:
            return Repaint.NOTHING
        return self._say((Said.EXPECTED_CALLS, [call.as_json() for call in calls]), of=of) | Repaint.NOTE

    def label(self, document: int, label: str | None) -> Repaint:
        """Label a document, or take its label back with None."""
        if self.target is None or self.log.coding(self.target).documents.get(document) == label:
            return Repaint.NOTHING
        return self._say((Said.DOCUMENT, {"document": document, "label": label}))

    def flag(self) -> Repaint:
        """Flag for discussion, or take the flag away."""
        if self.target is None:
            return Repaint.NOTHING
        return self._say((Said.FLAG, not self.log.coding(self.target).flagged))

    def undo(self) -> Repaint:
        """Take back the last press of the week, wherever it was, and go there."""
        undoable = self.log.history().undoable
        return self._take_back(undoable[-1], "undone") if undoable else self._nothing("nothing_to_undo")

    def redo(self) -> Repaint:
        """Take back the last undo, and go there."""
        redoable = self.log.history().redoable
        return self._take_back(redoable[-1], "redone") if redoable else self._nothing("nothing_to_redo")

    # Move

    def step(self, by: int) -> Repaint:
        """Go some items on or back; nothing is submitted."""
        return self._go(max(0, min(len(self.rows) - 1, self.index + by)))

    def go_to(self, order: int) -> Repaint:
        """Go to an item by its place in the queue, from 1."""
        found = next((i for i, row in enumerate(self.rows) if row.order == order), None)
        return Repaint.NOTHING if found is None else self._go(found)

    def go_to_first_open(self) -> Repaint:
        """Go to the first item that is not submitted, or stay."""
        found = next((i for i, row in enumerate(self.rows) if not self.log.coding(row.trace).submitted), None)
        return Repaint.NOTHING if found is None else self._go(found)

    def go_to_next_deferred(self) -> Repaint:
        """Go to the next item that was put off, from the current one round, or stay."""
        for i in self._round():
            if self.log.coding(self.rows[i].trace).verdict is Verdict.DEFER:
                return self._go(i)
        return Repaint.NOTHING

    def _round(self) -> list[int]:
        n = len(self.rows)
        return [(self.index + step) % n for step in range(1, n + 1)]

    def _go(self, index: int) -> Repaint:
        if index == self.index or not self.rows:
            return Repaint.NOTHING
        self.index = index
        self.score_focus = None
        self.mode_focus = None
        return Repaint.MOVED

    def _go_on(self) -> Repaint:
        if self.standing.submitted < len(self.rows):
            return self._go(self.next_index())
        self.notice = Notice("week_done")
        return Repaint.NOTICE | Repaint.PROGRESS

    # Say

    @property
    def guarded(self) -> bool:
        """Whether a submit would be ignored: the item is not painted, or was painted a moment ago."""
        if self.current is None:
            return True
        return self.target != self.current.trace or self.ticks() - self._painted_ms < SETTLE_MS

    def _say(self, *said: tuple[Said, Any], of: TraceId | None = None) -> Repaint:
        trace = of or self.target
        if trace is None or trace not in self._hashes:
            return Repaint.NOTHING
        reading: Literal["blind", "assisted"] = "assisted" if trace in self._seen or not self.blind else "blind"
        key = CodingKey(trace, self.week, self.reviewer)
        speaker = Speaker(key, self.taxonomy.version, self._hashes[trace], reading)
        events = speaker.say(self.clock(), *said)
        self._keep(events, Notice("said", tuple(events), self.order_of(trace)))
        return Repaint.SAID

    def _take_back(self, press: str, kind: Literal["undone", "redone"]) -> Repaint:
        taken = self.log.press(press)
        first = taken[0]
        speaker = Speaker(first.key, first.taxonomy_version, first.content_hash, first.reading)
        events = speaker.say(self.clock(), (Said.UNDO, {"press": press}))
        named = self.log.press(first.value["press"]) if first.said is Said.UNDO else taken
        order = self.order_of(first.key.trace)
        self._keep(events, Notice(kind, tuple(named), order))
        return self.go_to(order) | Repaint.EVERYTHING & ~Repaint.ITEM

    def _keep(self, events: list[CodingEvent], notice: Notice) -> None:
        self.log.add(events)
        self.saving.add(events)
        self.notice = notice

    def _miss(self, missing: tuple[str, ...]) -> Repaint:
        self.notice = Notice("missing", missing=missing)
        return Repaint.NOTICE

    def _nothing(self, kind: Literal["nothing_to_undo", "nothing_to_redo"]) -> Repaint:
        self.notice = Notice(kind)
        return Repaint.NOTICE
