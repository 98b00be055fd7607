"""While there is no list: how many notes there are, and what the last ones said."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.parts.controls import Hairline
from reviewer.desktop.review.header import ProgressBar
from reviewer.desktop.review.state import ReviewState
from reviewer.desktop.review.verdict_mark import VerdictMark
from reviewer.desktop.review.words import verdict
from reviewer.desktop.theme import Theme

NOTES_FOR_A_LIST = 30
MOST_NOTES = 8


class OpenCoding(QWidget):
    """The notes of the week on the way to a list."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._count = shown.label("", theme=theme, role="small", color="text2")
        self._bar = ProgressBar(theme)
        self._bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._advice = shown.label(
            self.tr("Say what went wrong first, in your own words. From %1 notes on, the failure modes that you find "
                    "in them become the list.").replace("%1", str(NOTES_FOR_A_LIST)),
            theme=theme, role="small", color="text2", wrap=True,
        )  # fmt: skip
        self._number = shown.label("", theme=theme, role="small", color="text2")
        self._shown: list[tuple[int, str, str]] = []
        self._rows: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(8))
        self._add_heading(self.tr("Open coding"), self._count)
        self._column.addWidget(self._bar)
        self._column.addWidget(self._advice)
        self._column.addWidget(Hairline(theme))
        self._add_heading(self.tr("Your notes this week"), self._number)
        self.setAccessibleName(self.tr("Open coding"))

    def _add_heading(self, title: str, right: QWidget) -> None:
        row = QHBoxLayout()
        row.addWidget(shown.label(title, theme=self.theme, role="small", color="text2", weight=600))
        row.addStretch(1)
        row.addWidget(right)
        self._column.addLayout(row)

    def set_theme(self, theme: Theme) -> None:
        """Take another theme for rows to come; the parts take it by themselves."""
        self.theme = theme

    def show_state(self, state: ReviewState) -> None:
        """Show the notes of a week."""
        notes = state.notes()
        said = self.tr("%1 of %2 notes").replace("%1", str(len(notes))).replace("%2", str(NOTES_FOR_A_LIST))
        self._count.setText(said)
        self._number.setText(str(len(notes)))
        self._bar.show_share(min(1.0, len(notes) / NOTES_FOR_A_LIST), said)
        if notes[:MOST_NOTES] != self._shown:
            self._shown = notes[:MOST_NOTES]
            for row in self._rows:
                row.hide()
                row.deleteLater()
            self._rows = [self._row(*note) for note in self._shown]

    def _row(self, order: int, mark: str, note: str) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self.theme.px(8))
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(VerdictMark(mark, verdict(mark), self.theme), 0, top)
        number = shown.label(str(order), theme=self.theme, role="small", color="text2")
        number.setFixedWidth(self.theme.px(22))
        row.addWidget(number, 0, top)
        row.addWidget(shown.label(note, theme=self.theme, role="small", wrap=True), 1, top)
        self._column.addWidget(line)
        return line
