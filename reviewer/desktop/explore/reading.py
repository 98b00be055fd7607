"""One trace to read, without coding it: its head, its transcript, and a way back to the table."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from reviewer.desktop import shown
from reviewer.desktop.parts.controls import Button, Ground, dress
from reviewer.desktop.parts.heading import Heading
from reviewer.desktop.review.transcript.view import TranscriptView
from reviewer.desktop.theme import Theme
from reviewer.wording import decimal, dollars, duration, moment

if TYPE_CHECKING:
    from reviewer.workspace.ask.transcript import About, Transcript


class ReadingPane(Ground):
    """A transcript under a heading; ``left`` asks for the table, ``stepped`` for the next trace or the one before.

    ``added`` asks to read it in the week at hand, ``chosen`` to read it for certain in a new one.
    """

    left = Signal()
    stepped = Signal(int)
    added = Signal()
    chosen = Signal()

    def __init__(self, theme: Theme, timezone: str) -> None:
        super().__init__(theme)
        self.timezone = timezone
        self.heading = Heading("", theme)
        self.facts = shown.label("", theme=theme, role="small", color="text2", elide=Qt.TextElideMode.ElideRight)
        self.view = TranscriptView(theme, zone=timezone)
        self.view.setAccessibleName(self.tr("Transcript"))
        self._buttons(theme)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(self.heading)
        row = QHBoxLayout()
        row.setContentsMargins(28, 6, 28, 6)
        row.setSpacing(8)
        row.addWidget(self.facts, 1)
        row.addWidget(self.add)
        row.addWidget(self.choose)
        lines.addLayout(row)
        lines.addWidget(self.view, 1)

    def _buttons(self, theme: Theme) -> None:
        back = Button(self.tr("Back to the table"), theme, "arrow-left")
        back.clicked.connect(self.left)
        self.before = Button(self.tr("Previous"), theme)
        self.before.clicked.connect(lambda: self.stepped.emit(-1))
        self.after = Button(self.tr("Next"), theme)
        self.after.clicked.connect(lambda: self.stepped.emit(1))
        for button in (back, self.before, self.after):
            self.heading.add(button)
        self.add = Button("", theme, "plus")
        self.add.clicked.connect(self.added)
        self.choose = Button(self.tr("Read for certain in a new week"), theme, "shuffle")
        self.choose.clicked.connect(self.chosen)
        for key, wanted in (
            (Qt.Key.Key_Escape, self.left.emit),
            (Qt.Key.Key_Left, lambda: self.stepped.emit(-1)),
            (Qt.Key.Key_Right, lambda: self.stepped.emit(1)),
            (Qt.Key.Key_J, self._next_turn),
            (Qt.Key.Key_K, self._previous_turn),
        ):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(wanted)

    def _next_turn(self) -> None:
        self.view.next_turn()

    def _previous_turn(self) -> None:
        self.view.previous_turn()

    def show_trace(self, transcript: "Transcript", place: int, count: int, word: str = "") -> None:
        """Show a transcript, at the first place of a word; ``place`` of ``count`` is its row in the table, from 0."""
        about = transcript.about
        self.heading.say(about.title or about.name or about.native_id)
        self.heading.about(self.tr("{place} of {count}").format(place=decimal(place + 1), count=decimal(count)))
        self.facts.setText("  ·  ".join(self._facts(about)))
        self.before.setEnabled(place > 0)
        self.after.setEnabled(place + 1 < count)
        self.view.show_transcript(transcript)
        if word:
            self.view.find(word)
        self.view.setFocus()

    def show_week(self, week: str, is_in: bool) -> None:
        """Offer to add the trace to a week that is read now, unless it is in it; without a week, offer nothing."""
        self.add.setVisible(bool(week))
        self.add.setEnabled(not is_in)
        self.add.say((self.tr("In {}") if is_in else self.tr("Add to {}")).format(shown.safe(week, 30)))

    def _facts(self, about: "About") -> list[str]:
        known = (about.workflow, about.model, about.prompt_version, about.status, about.native_id)
        when = moment(about.started_us, self.timezone)
        if about.time_basis == "import":
            when = self.tr("imported {}").format(when)
        facts = [when, *filter(None, known)]
        if about.latency_ms is not None:
            facts.append(duration(about.latency_ms))
        if about.cost_usd is not None:
            facts.append(dollars(about.cost_usd))
        return facts

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        super().set_theme(theme)
        dress(self, theme)
