"""The review page: a state in plain Python, the widgets that show it, and the way of every press to the disk.

What the first transcript does not need (popovers, the question before a link) is imported where it is first wanted.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, QTimer, Signal
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from reviewer.desktop.commands.dispatch import OVERLAY
from reviewer.desktop.commands.hints import hints
from reviewer.desktop.commands.keys import Keymap
from reviewer.desktop.preferences import Preferences
from reviewer.desktop.review import words
from reviewer.desktop.review.comparing import Comparing
from reviewer.desktop.review.following import Following
from reviewer.desktop.review.loading import latest_week, load
from reviewer.desktop.review.panes import Panes
from reviewer.desktop.review.shelf import Shelf
from reviewer.desktop.review.state import Repaint, ReviewState
from reviewer.desktop.theme import Theme
from reviewer.desktop.window import Page
from reviewer.errors import Expected
from reviewer.model.coding import Anchor
from reviewer.model.ids import ModeId, TraceId, WeekName
from reviewer.verbs.changes import Changes
from reviewer.verbs.coding import record
from reviewer.workspace.ask.codings import reviewer_events
from reviewer.workspace.ask.queue import QueueRow, queue
from reviewer.workspace.ask.settings import taxonomy, timezone
from reviewer.workspace.ask.transcript import Transcript

if TYPE_CHECKING:
    from reviewer.desktop.bridge import Bridge
    from reviewer.desktop.review.no_week import NoWeek
    from reviewer.desktop.review.popover import Popover

OPENING_MS = 200  # at the latest so long after a week is opened, all of the screen is shown


class ReviewPage(Page):
    """Read and code the items of one week."""

    name = "review"
    covers_sidebar = True
    asked_command = Signal(str)
    """A command that was asked for with the mouse."""
    at_rest = Signal()
    """An item is painted, and there is time for what can wait."""

    def __init__(
        self, bridge: "Bridge", theme: Theme, keymap: Keymap, preferences: Preferences, reviewer: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self.theme = theme
        self.reviewer = reviewer
        self.state: ReviewState | None = None
        self.keymap = keymap
        self.shelf = Shelf(bridge.reader)
        self._preferences = preferences
        self._in_evidence = False
        self._focus_in_evidence = False
        self._opening = False
        """Whether the transcript of a week that is being opened is shown alone, to be painted first."""
        self._popover: Popover | None = None
        self._no_week: NoWeek | None = None
        self._note_of: TraceId | None = None
        self._build(keymap)
        self._connect()
        self.following = Following(self._show_rest, self)
        self._comparing = Comparing(bridge, reviewer, self.coding.comparison)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self._prepare_neighbours)

    @property
    def title(self) -> str:
        return self.tr("Review")

    @property
    def count(self) -> str:
        if self.state is None:
            return ""
        standing = self.state.standing
        return f"{standing.submitted}/{standing.drawn}"

    # Widgets

    def _build(self, keymap: Keymap) -> None:
        self._stack = QStackedWidget(self)
        self.panes = Panes(self.theme, keymap, self._preferences, timezone(self.bridge.reader), self._stack)
        self.view, self.evidence = self.panes.view, self.panes.evidence
        self.coding, self.note, self.find_bar = self.panes.coding, self.panes.note, self.panes.find_bar
        self._stack.addWidget(self.panes)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def _connect(self) -> None:
        for part in (self.panes.header, self.coding, self.note):
            part.asked.connect(self.asked_command)
        self.panes.rail.chosen.connect(lambda order: self.do(lambda state: state.go_to(order)))
        self.coding.mode_pressed.connect(lambda mode: self.press_mode(ModeId(mode)))
        self.coding.score_pressed.connect(lambda score, value: self.do(lambda state: state.press_score(score, value)))
        self.note.saved.connect(self._save_note)
        self.note.closed.connect(self.view.setFocus)
        self.note.try_again.connect(self._try_again)
        self.find_bar.wanted.connect(lambda text: self.find_bar.say_hits(self.view.find(text)))
        self.find_bar.step.connect(self.view.find_next)
        qt = QApplication.instance()
        assert isinstance(qt, QApplication)
        qt.focusChanged.connect(self._focus_changed)
        self.view.turn_focused.connect(self._turn_focused)
        self.evidence.document_labelled.connect(self._document_labelled)
        self.view.link_asked.connect(self._link_asked)
        self.evidence.link_asked.connect(self._link_asked)

    # Page

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.panes.set_theme(theme)
        if self._no_week is not None:
            self._no_week.set_theme(theme)
        self.shelf.forget_layouts()
        self.repaint_parts(Repaint.EVERYTHING & ~Repaint.ITEM)

    def set_keymap(self, keymap: Keymap) -> None:
        """Show the keys of another keymap."""
        self.keymap = keymap
        self.panes.set_keymap(keymap)
        if self.state is not None:
            self.repaint_parts(Repaint.CODING | Repaint.LAYER)

    def activated(self) -> None:
        if self.state is None:
            week = latest_week(self.bridge.reader)
            if week is not None:
                self.open_week(week)
            elif self._no_week is None:
                from reviewer.desktop.review.no_week import NoWeek

                self._no_week = NoWeek(self.theme)
                self._no_week.asked.connect(lambda name: self.asked.emit(name, None))
                self._stack.addWidget(self._no_week)
        self._stack.setCurrentIndex(0 if self.state is not None else 1)
        self.panes.fit()
        self.view.setFocus()

    def left(self) -> None:
        self.save_drafts()
        self.following.catch_up()
        self.panes.keep_layout()

    def show_subject(self, subject: object) -> None:
        """Open a week by its name, or the next item that was put off for ``"deferred"``."""
        if subject == "deferred":
            self.activated()
            self.do(lambda state: state.go_to_next_deferred())
        elif self.state is not None and subject == self.state.week:
            self.do(ReviewState.go_to_first_open)
        elif isinstance(subject, str):
            self.open_week(WeekName(subject))

    def refresh(self, changes: Changes) -> None:
        state = self.state
        if state is None:
            return
        ours = changes.codings and state.saving.all_saved is False
        touched = changes.everything or changes.taxonomy or state.week in changes.weeks
        if touched or (changes.codings and not ours and not self.bridge.writes_waiting and self._others_wrote(changes)):
            reader = self.bridge.reader
            events = reviewer_events(reader, state.week, self.reviewer)
            self.repaint_parts(state.reload(queue(reader, state.week, self.reviewer), events, taxonomy(reader)))

    def _others_wrote(self, changes: Changes) -> bool:
        """Whether codings changed that this page did not send: its own are known already."""
        assert self.state is not None
        return not all(self.state.log.of(trace) for trace in changes.codings)

    # Weeks and items

    def open_week(self, week: WeekName) -> None:
        """Show a week at the first item that is not submitted.

        Raises:
            Expected: what was said of the week before cannot be written; it stays on screen.
        """
        why = self.flush()
        if why is not None:
            raise why
        self.state = load(self.bridge.reader, week, self.reviewer, self.bridge.clock)
        self.shelf.clear()
        self.shelf.whole_sessions = self.shelf.sessions_are_items = self.state.of_sessions
        if self.state.of_sessions:
            from reviewer.desktop.review.session import follow_session

            follow_session(self)
        self._stack.setCurrentIndex(0)
        self._opening = True
        self._show_item(self.state)
        self._show_note(self.state)  # what is written belongs to the item from now on
        self._comparing.forget(self.state)
        self.following.add(Repaint.EVERYTHING, OPENING_MS)

    @property
    def transcript(self) -> Transcript | None:
        """Return the transcript of the current item."""
        row = self.state.current if self.state else None
        return self.shelf.transcript(row.trace) if row else None

    def layer(self) -> str:
        """Return which keys are live now."""
        if self._popover is not None:
            return OVERLAY
        if self.state is not None and self.state.score_focus is not None:
            return "scores"
        return "evidence" if self._in_evidence or self._focus_in_evidence else "review"

    def do(self, intent: Callable[[ReviewState], Repaint]) -> None:
        """Let the state take an intent, and show what follows."""
        if self.state is not None:
            self.repaint_parts(intent(self.state))

    # Painting

    def repaint_parts(self, what: Repaint) -> None:
        """Show anew what changed: what is being read and pressed now, the rest once that is painted."""
        state = self.state
        if state is None or what is Repaint.NOTHING:
            return
        if Repaint.ITEM in what:
            self._show_item(state)
        self._show_beside(state, what)
        self.following.add(what)

    def _show_beside(self, state: ReviewState, what: Repaint) -> None:
        if Repaint.CODING in what:
            self.coding.show_state(state)
            self._show_tags(state)
            self._comparing.forget(state)
        if Repaint.NOTE in what:
            self._show_note(state)
        if Repaint.LAYER in what:
            self._show_hints()

    def _repaint_whole(self, what: Repaint) -> None:
        """Show anew what changed, all of it now: nobody waits for a part of it."""
        self.repaint_parts(what)
        self.following.catch_up()

    def _show_rest(self, what: Repaint) -> None:
        """Show what is told beside the transcript and its coding, and send what was said to the disk."""
        state = self.state
        if state is None:
            return
        if self._opening:  # the transcript is painted: now what stands beside it too
            self._opening = False
            self._turn_focused(self.view.focused_turn)
            self._show_beside(state, what)
        if Repaint.SAVING in what:
            self._send(state)
        if Repaint.CODING in what:
            self.coding.show_meaning(state)
            self._comparing.ask(state, self.transcript)
        if Repaint.PROGRESS in what:
            self.panes.header.show_state(state, self.bridge.workspace_path.stem)
            self.panes.rail.show_state(state)
        if Repaint.NOTICE in what:
            self._show_notice(state)

    def _show_item(self, state: ReviewState) -> None:
        row = state.current
        self._in_evidence = False
        self.find_bar.hide()
        if self._popover is not None:
            self.close_popover()
        if row is None:
            return
        prepared = self.shelf.prepared(row.trace)
        transcript = self.shelf.transcript(row.trace)
        state.opened(row.trace, transcript.content_hash)
        self.view.show_transcript(transcript, prepared)
        self.panes.title_line.show_item(transcript.about, row.order, len(state.rows))
        self.view.viewport().installEventFilter(self)
        if self.isVisible():
            self.view.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and watched is self.view.viewport():
            watched.removeEventFilter(self)
            if self.state is not None and self.state.current is not None:
                self.state.painted(self.state.current.trace)
                self._idle.start(0)
        return False

    def _prepare_neighbours(self) -> None:
        """Lay out the next and the previous item while nobody presses a key."""
        if self.state is None:
            return
        self.following.catch_up()
        rows = self.state.rows
        near = [rows[i] for i in dict.fromkeys((self.state.next_index(), self.state.index + 1, self.state.index - 1))
                if 0 <= i < len(rows)]  # fmt: skip
        self.shelf.prepare([row.trace for row in near], self.view)
        self.view.work_later(self._prepare_titles(near, len(rows)))
        self.view.work_later(self.coding.prepare())
        self.at_rest.emit()

    def _prepare_titles(self, near: Sequence[QueueRow], drawn: int) -> Iterator[None]:
        for row in near:
            yield
            self.panes.title_line.prepare(self.shelf.transcript(row.trace).about, row.order, drawn)

    def _show_tags(self, state: ReviewState) -> None:
        self.view.set_tags(words.tags(state.coding, state.taxonomy, self.keymap))
        self.view.set_first_failure(state.coding.first_failure)
        self.evidence.set_labels(state.coding.documents)

    def _show_note(self, state: ReviewState) -> None:
        row = state.current
        if row is None:
            return
        if row.trace != self._note_of and self.note.field.hasFocus():
            self.view.setFocus()
        self._note_of = row.trace
        self.note.show_note(state.coding.note)

    def _show_notice(self, state: ReviewState) -> None:
        told = state.notice
        here = state.current.order if state.current else 0
        self.note.toast.say(
            words.notice(told, state.taxonomy, here) if told else "", told is not None and told.kind == "said"
        )

    def _show_hints(self) -> None:
        typing = self.note.field.hasFocus() or self.find_bar.field.hasFocus()
        layer = "text" if typing else self.layer()
        self.panes.hints.say(hints(layer, self.keymap), typing)

    # Saving

    def _send(self, state: ReviewState) -> None:
        self.note.failure.say(state.saving.failure)
        self.note.field.setVisible(state.saving.failure is None or self.note.field.hasFocus())
        self.panes.hints.say_saved(state.saving.all_saved)
        batch = state.saving.next_batch()
        if batch:
            self.bridge.write(
                record,
                batch,
                then=lambda _changes: self._repaint_whole(state.saved()),
                failed=lambda why: self._not_written(state, why),
            )

    def _not_written(self, state: ReviewState, why: BaseException) -> None:
        self._repaint_whole(state.failed(why))
        if not isinstance(why, Expected):
            raise why  # a bug: the draft is kept all the same, and the report is written

    def flush(self) -> BaseException | None:
        """Write all that is not on disk yet and wait for it; return why it could not be written."""
        self.save_drafts()
        state = self.state
        if state is None:
            return None
        for _ in range(2):
            self.bridge.settle()
            if state.saving.all_saved:
                return None
            state.saving.try_again()
            self._send(state)
        self.bridge.settle()
        return state.saving.failure

    def _try_again(self) -> None:
        if self.state is not None:
            self.state.saving.try_again()
            self._send(self.state)

    def save_drafts(self) -> None:
        """Save what is written in the note and of what was expected."""
        if self._note_of is not None:
            self._save_note(self.note.field.toPlainText())
        if self._popover is not None:
            self._popover.keep_draft()

    def _save_note(self, text: str) -> None:
        of = self._note_of
        if of is not None:
            self.do(lambda state: state.write_note(text, of))
        self._show_hints()

    # What the widgets tell

    def press_mode(self, mode: ModeId) -> None:
        """Turn a failure mode on or off, at the selected characters if there are any."""
        self.do(lambda state: state.press_mode(mode, self.selection()))

    def selection(self) -> Anchor | None:
        """Return the anchor of the selected characters; None when nothing is selected."""
        anchor = self.view.selection_anchor()
        return anchor if anchor is not None and anchor.kind == "text" else None

    def _turn_focused(self, turn: int) -> None:
        self._in_evidence = False
        if self.transcript is not None and not self._opening:
            self.evidence.show_turn(self.transcript, turn, self.view.focused_thread)
        self._show_hints()

    def _focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None:  # what had the focus has it again when the window comes back
            self._focus_in_evidence = self.evidence.isAncestorOf(now)
        if self.state is not None and self.isVisible():
            self._show_hints()

    def _document_labelled(self, document: int, label: str | None) -> None:
        self.do(lambda state: state.label(document, label))

    def _link_asked(self, link: str) -> None:
        if not link.startswith("cite:"):
            from reviewer.desktop.review.links import ask_to_open

            ask_to_open(self, self.theme, link)

    def enter_evidence(self, by: int) -> None:
        """Focus the next or previous document; its labels are live now."""
        if by > 0:
            self.evidence.next_document()
        else:
            self.evidence.previous_document()
        self._in_evidence = self.evidence.focused_document is not None
        self._show_hints()

    def leave_evidence(self) -> None:
        """Give the keys back to the review layer."""
        self._in_evidence = False
        self.evidence.focus_document(None)
        self._show_hints()

    # Popovers

    def open_modes(self) -> None:
        """Open the list over all modes."""
        if self.state is None or self.state.target is None:
            return
        from reviewer.desktop.review.popover import ModeList

        opened = ModeList(self.theme, self.state.taxonomy, self.keymap, self, self._popover_area(0.86))
        opened.taken.connect(self._mode_taken)
        self._open(opened)

    def _mode_taken(self, mode: str, typed: str) -> None:
        self.close_popover()
        from reviewer.desktop.review.popover import PROPOSE

        if mode == PROPOSE:
            self.do(lambda state: state.propose(typed))
        else:
            self.press_mode(ModeId(mode))

    def open_expected(self) -> None:
        """Open the fields for the expected answer and the expected calls."""
        state = self.state
        if state is None or state.target is None:
            return
        from reviewer.desktop.review.expected import ExpectedAnswer, calls_made

        of, read = state.target, self.transcript
        made = partial(calls_made, read) if read is not None and read.calls else None
        texts = state.log.coding(of).expected or "", state.expected_calls(of)
        opened = ExpectedAnswer(self.theme, *texts, made, self, self._popover_area(0.7))
        opened.saved.connect(lambda text: self.do(lambda state: state.write_expected(text, of)))
        opened.calls_saved.connect(lambda text: self.do(lambda state: state.write_expected_calls(text, of)))
        self._open(opened)

    def _popover_area(self, share: float) -> QRectF:
        corner = self.coding.mapTo(self, self.coding.rect().topLeft())
        top = corner.y() + self.theme.px(56)
        return QRectF(corner.x() + 6, top, self.coding.width() - 12, (self.coding.height() - self.theme.px(64)) * share)

    def _open(self, popover: "Popover") -> None:
        self._popover = popover
        popover.left.connect(self.close_popover)
        popover.open()

    def close_popover(self) -> None:
        """Close what is open over the coding panel; a draft is saved."""
        popover, self._popover = self._popover, None
        if popover is None:
            return
        popover.keep_draft()
        popover.hide()
        popover.deleteLater()
        self.view.setFocus()
        self._show_hints()
