"""The parts of the review screen and where they stand; they show and tell, the page decides."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from reviewer.desktop.commands.hints import HintBar
from reviewer.desktop.commands.keys import Keymap
from reviewer.desktop.preferences import Preferences
from reviewer.desktop.review.coding import CodingPanel
from reviewer.desktop.review.evidence import EvidencePane
from reviewer.desktop.review.find import FindBar
from reviewer.desktop.review.header import Header
from reviewer.desktop.review.note import NoteRow
from reviewer.desktop.review.queue import QueueRail
from reviewer.desktop.review.title import TitleLine
from reviewer.desktop.review.transcript.view import TranscriptView
from reviewer.desktop.theme import Theme

if TYPE_CHECKING:
    from reviewer.desktop.review.session import SessionLine

NARROW = 1280  # below this, evidence is a tab
NARROWER = 1100  # below this, the queue rail goes


class Panes(QWidget):
    """Header, queue rail, transcript, evidence, coding, note and hints."""

    def __init__(self, theme: Theme, keymap: Keymap, preferences: Preferences, timezone: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.header = Header(theme, keymap)
        self.rail = QueueRail(theme)
        self.title_line = TitleLine(theme, timezone)
        self.find_bar = FindBar(theme)
        self.view = TranscriptView(theme, zone=timezone)
        self.evidence = EvidencePane(theme)
        self.coding = CodingPanel(theme, keymap)
        self.note = NoteRow(theme, keymap)
        self.hints = HintBar(theme)
        self._reading = QWidget()
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._evidence_wanted = False
        self.above_transcript: SessionLine | None = None
        self.evidence.follow(self.view)
        self._build(theme)

    def _build(self, theme: Theme) -> None:
        column = QVBoxLayout(self._reading)
        middle = QHBoxLayout()
        whole = QVBoxLayout(self)
        for layout in (column, middle, whole):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        column.addWidget(self.title_line)
        column.addWidget(self.find_bar)
        column.addWidget(self.view, 1)
        self._column = column
        self.splitter.setAccessibleName(self.tr("Transcript, evidence, coding"))
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        sizes = [theme.size(name) for name in ("transcript", "evidence", "coding")]
        for part, size, least in ((self._reading, sizes[0], 0.6), (self.evidence, sizes[1], 0.6),
                                  (self.coding, sizes[2], 0.85)):  # fmt: skip
            self.splitter.addWidget(part)
            part.setMinimumWidth(round(size * least))
        self.splitter.setSizes(sizes)
        for i, stretch in enumerate((3, 2, 0)):
            self.splitter.setStretchFactor(i, stretch)
        self.splitter.restoreState(self._preferences.layout("review"))
        middle.addWidget(self.rail)
        middle.addWidget(self.splitter, 1)
        whole.addWidget(self.header)
        whole.addLayout(middle, 1)
        whole.addWidget(self.note)
        whole.addWidget(self.hints)

    def put_above_transcript(self, line: "SessionLine") -> None:
        """Give the line that tells of a session its place; it is made when a session is first read."""
        self.above_transcript = line
        self._column.insertWidget(1, line)

    def set_theme(self, theme: Theme) -> None:
        """Take another theme or scale."""
        for part in (self.header, self.rail, self.title_line, self.find_bar, self.view, self.evidence, self.coding,
                     self.note, self.hints):  # fmt: skip
            part.set_theme(theme)
        if self.above_transcript is not None:
            self.above_transcript.set_theme(theme)

    def set_keymap(self, keymap: Keymap) -> None:
        """Show the keys of another keymap."""
        for part in (self.header, self.coding, self.note):
            part.set_keymap(keymap)

    def keep_layout(self) -> None:
        """Remember how wide the panes are, where all three are shown."""
        if self.width() >= NARROW:
            self._preferences.keep_layout("review", self.splitter.saveState())

    def toggle_evidence(self) -> None:
        """Show or hide the evidence; where there is little room, in place of the transcript."""
        self._evidence_wanted = not self._evidence_wanted
        self.fit()

    def fit(self) -> None:
        """Show what has room. A wide screen begins with the evidence shown, a narrow one without it."""
        wide = self.width() >= NARROW
        self.rail.setVisible(self.width() >= NARROWER)
        self.evidence.setVisible(self._evidence_wanted != wide)
        self._reading.setVisible(wide or not self._evidence_wanted)
        self.splitter.refresh()  # at once: text that is laid out for one width would be laid out again for the next

    def minimumSizeHint(self) -> QSize:
        """Ask for transcript and coding only: what has no room gives way, see ``fit``."""
        return QSize(760, 420)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        before, now = event.oldSize().width(), self.width()
        if any((before >= limit) != (now >= limit) for limit in (NARROW, NARROWER)):
            self._evidence_wanted = False
            self.fit()
