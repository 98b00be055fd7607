"""Below the scores: what the focused failure mode means, and after a blind read how others saw it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.theme import Theme, baseline
from reviewer.model.taxonomy import Mode

SIGNS = {True: ("check", "passed"), False: ("triangle-alert", "defer"), None: ("info", "text3")}


class Badge(QWidget):
    """A small pill with a word."""

    def __init__(self, theme: Theme, ink: str = "text2", ground: str = "sunken", icon: str = "") -> None:
        super().__init__()
        self._theme, self._ink, self._ground, self._icon = theme, ink, ground, icon
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def say(self, text: str) -> None:
        """Show a word, or nothing."""
        self._text = shown.safe(text, 40)
        self.setAccessibleName(self._text)
        self.setVisible(bool(text))
        self.updateGeometry()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take another theme."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        theme = self._theme
        words = QFontMetricsF(theme.font("tiny")).horizontalAdvance(self._text)
        icon = theme.px(18) if self._icon else 0
        return QSize(round(words) + icon + theme.px(16), theme.size("badge"))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(self._ground))
        painter.drawRoundedRect(QRectF(self.rect()), self.height() / 2, self.height() / 2)
        left = theme.px(8)
        if self._icon:
            side = theme.size("icon", "inline")
            painter.drawPixmap(left - 1, (self.height() - side) // 2, theme.icon(self._icon, self._ink, side))
            left += theme.px(18)
        font = theme.font("tiny")
        painter.setFont(font)
        painter.setPen(theme.color(self._ink))
        painter.drawText(left, round(baseline(font, 0, self.height())), self._text)
        painter.end()


class Marked(QWidget):
    """A wrapped line with an icon before it."""

    def __init__(self, icon: str, role: str, theme: Theme, ink: str = "text2") -> None:
        super().__init__()
        self._icon, self._role, self._theme = icon, role, theme
        self.words = shown.label("", theme=theme, role="small", color=ink, wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(24), 0, 0, 0)
        row.addWidget(self.words)

    def say(self, text: str) -> None:
        """Show a text, or nothing."""
        self.words.setText(text)
        self.setAccessibleName(self.words.full_text)
        self.setVisible(bool(text))

    def set_theme(self, theme: Theme) -> None:
        """Take another theme; the label takes it by itself."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = self._theme.size("icon", "inline")
        painter.drawPixmap(0, (self._theme.line("small") - side) // 2, self._theme.icon(self._icon, self._role, side))
        painter.end()


class Definition(QWidget):
    """What one failure mode means: definition, when it counts, when it does not."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._mode: Mode | None = None
        self._title = shown.label("", theme=theme, role="body", weight=600, elide=Qt.TextElideMode.ElideRight)
        self._group = Badge(theme)
        self._meaning = shown.label("", theme=theme, role="small", color="text2", wrap=True)
        self._counts = Marked("check", "passed", theme)
        self._not = Marked("x", "failed", theme)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(self._group)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        for part in (self._meaning, self._counts, self._not):
            column.addWidget(part)
        self.setAccessibleName(self.tr("Definition"))
        self.show_mode(None)

    def show_mode(self, mode: Mode | None) -> None:
        """Show a failure mode, or nothing."""
        self.setVisible(mode is not None)
        if mode is None or mode == self._mode:
            return
        self._mode = mode
        self._title.setText(mode.title)
        self._group.say(mode.group)
        self._meaning.setText(mode.definition)
        self._counts.say(self._when(self.tr("Counts when"), mode.counts_when))
        self._not.say(self._when(self.tr("Not when"), mode.not_when))

    @staticmethod
    def _when(before: str, lines: str) -> str:
        said = "; ".join(line.strip() for line in lines.splitlines() if line.strip())
        return f"{before} {said}." if said else ""


class Comparison(QWidget):
    """What imported scores and other reviewers say, once it may be seen."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._heading = shown.label(
            self.tr("Compared after your submit"), theme=theme, role="small", color="text2", weight=600
        )
        self._column.addWidget(self._heading)
        self._rows: list[tuple[str, str, bool | None]] = []
        self._lines: list[Marked] = []
        self.setAccessibleName(self.tr("Comparison"))
        self.hide()

    @property
    def rows(self) -> list[tuple[str, str, bool | None]]:
        """Return what is compared: who, what, and whether it agrees."""
        return self._rows

    def show_rows(self, rows: list[tuple[str, str, bool | None]]) -> None:
        """Show who said what, and whether it agrees; no rows hide the block."""
        if rows != self._rows:
            self._rows = rows
            for line in self._lines:
                self._column.removeWidget(line)
                line.deleteLater()
            self._lines = []
            for who, what, same in rows:
                line = Marked(*SIGNS[same], self._theme)
                self._column.addWidget(line)
                line.say(f"{who}: {what}" + (self.tr(" (differs)") if same is False else ""))
                self._lines.append(line)
        self.setVisible(bool(rows))

    def set_theme(self, theme: Theme) -> None:
        """Take another theme for lines to come."""
        self._theme = theme
