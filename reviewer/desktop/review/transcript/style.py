"""Fonts, colours and measures of the reading panes, looked up once per theme."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPalette, QPen

from reviewer.desktop.theme import CAP_HEIGHT, Theme

FEWEST_COLUMNS = 20


class Style:
    """What painting needs at hand: colours by role as attributes of a dict, fonts, character widths, line heights."""

    def __init__(self, theme: Theme, role: str = "reading", left: int = 28, right: int = 24) -> None:
        self.theme = theme
        self.role = role
        roles = (
            "surface", "window", "sunken", "raised", "line", "lineStrong", "text", "text2", "text3", "accent", "accentText",
            "onAccent", "accentTint", "focusTint", "passed", "failed", "defer", "lit", "litEdge", "unsup", "find", "anchor",
            "roleUser", "roleAssistant", "roleTool", "roleSystem", "hover",
        )  # fmt: skip
        self.color = {role: theme.color(role) for role in roles}
        self.selection = theme.color("accent", 0.35 if theme.is_dark else 0.22)
        self.mono = theme.font("mono")
        self.small = theme.font("small")
        self.strong = theme.font("small", 600)
        self.tiny = theme.font("tiny")
        self.chip = theme.font("tiny", 600)
        self.reading = theme.font(role)
        self.metrics = {
            id(font): QFontMetricsF(font)
            for font in (self.mono, self.small, self.strong, self.tiny, self.chip, self.reading)
        }
        self.cell = self.metrics[id(self.mono)].horizontalAdvance("M")
        self.mono_line = theme.line("mono")
        self.reading_line = theme.line(role)
        self.letter = self.metrics[id(self.reading)].averageCharWidth()
        self.left = theme.px(left)
        self.right = theme.px(right)
        self.pad = theme.px(7)
        self.head = theme.px(22)
        self.palette = QPalette()
        self.palette.setColor(QPalette.ColorRole.Text, self.color["text"])

    def columns(self, width: float) -> int:
        """Return how many characters of the monospaced font fit into a width."""
        return max(FEWEST_COLUMNS, int(width / self.cell))

    def width(self, font: QFont, text: str) -> float:
        """Return the width of a text in one of this style's fonts."""
        return self.metrics[id(font)].horizontalAdvance(text)

    def elide(self, font: QFont, text: str, width: float, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> str:
        """Return the text, cut with an ellipsis where it is wider than ``width``."""
        return self.metrics[id(font)].elidedText(text, mode, max(0.0, width))

    def draw(self, painter: QPainter, font: QFont, color: str, x: float, row: tuple[float, float], text: str) -> None:
        """Draw one line at ``x``, its capitals centred in a row given as (top, height)."""
        painter.setFont(font)
        painter.setPen(self.color[color])
        painter.drawText(QPointF(x, row[0] + (row[1] + font.pixelSize() * CAP_HEIGHT) / 2), text)


def fill_bar(painter: QPainter, bar: QRectF, color: QColor) -> None:
    """Fill a narrow bar with softened corners; a path with rounded corners costs a third of a millisecond."""
    if bar.width() <= 2 or bar.height() <= 2:
        painter.fillRect(bar, color)
        return
    across = QRectF(bar.left() + 1, bar.top(), bar.width() - 2, bar.height())
    painter.fillRect(across, color)
    for x in (bar.left(), bar.right() - 1):
        painter.fillRect(QRectF(x, bar.top() + 1, 1, bar.height() - 2), color)


def rounded(painter: QPainter, box: QRectF, radius: float, ground: QColor, outline: QColor | None = None) -> None:
    """Draw a box with rounded corners, its hairline inside. Smoothing is on for this alone: it slows plain fills."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(outline, 1) if outline is not None else Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5) if outline is not None else box, radius, radius)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
