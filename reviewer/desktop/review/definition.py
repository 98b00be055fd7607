"""Below the scores: what the focused failure mode means, and after a blind read how others saw it."""

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.parts.pictures import Pictures
from reviewer.desktop.theme import Theme, baseline
from reviewer.model.taxonomy import Mode

GAP = 6  # between the texts of a definition
WRAPPED = Qt.TextFlag.TextWordWrap.value | Qt.AlignmentFlag.AlignLeft.value | Qt.AlignmentFlag.AlignTop.value
SIGNS = {True: ("check", "passed"), False: ("triangle-alert", "defer"), None: ("info", "text3")}


def badge_size(theme: Theme, text: str, icon: str = "") -> QSize:
    """Return how large a badge is."""
    words = QFontMetricsF(theme.font("tiny")).horizontalAdvance(text)
    return QSize(round(words) + (theme.px(18) if icon else 0) + theme.px(16), theme.size("badge"))


def paint_badge(
    painter: QPainter, theme: Theme, area: QRectF, text: str, ink: str = "text2", ground: str = "sunken", icon: str = ""
) -> None:
    """Draw a small pill with a word, and an icon before it where one is named."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(ground))
    painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
    left = area.left() + theme.px(8)
    if icon:
        side = theme.size("icon", "inline")
        top = area.top() + (area.height() - side) // 2
        painter.drawPixmap(round(left) - 1, round(top), theme.icon(icon, ink, side))
        left += theme.px(18)
    font = theme.font("tiny")
    painter.setFont(font)
    painter.setPen(theme.color(ink))
    painter.drawText(round(left), round(baseline(font, area.top(), area.height())), text)


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
        plain = shown.safe(text, 40)
        if plain == self._text:
            return
        self._text = plain
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
        return badge_size(self._theme, self._text, self._icon)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_badge(painter, self._theme, QRectF(self.rect()), self._text, self._ink, self._ground, self._icon)
        painter.end()


class Marked(QWidget):
    """A wrapped line with an icon before it."""

    def __init__(self, icon: str, role: str, theme: Theme, ink: str = "text2") -> None:
        super().__init__()
        self._icon, self._role, self._theme = icon, role, theme
        self._said: str | None = None
        self.words = shown.label("", theme=theme, role="small", color=ink, wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(24), 0, 0, 0)
        row.addWidget(self.words)

    def say(self, text: str) -> None:
        """Show a text, or nothing."""
        if text == self._said:
            return
        self._said = text
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
    """What one failure mode means: definition, when it counts, when it does not.

    It paints its texts itself, and while it is shown it grows but does not shrink: another mode repaints this one
    widget, where labels would have the whole panel laid out anew.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._mode: Mode | None = None
        self._title = ""
        self._group = ""
        self._lines: list[tuple[str, str, str]] = []
        self._tall = 0
        self._needed: dict[tuple[Mode | None, int], int] = {}
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._pictures = Pictures()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Definition"))
        self.hide()

    def show_mode(self, mode: Mode | None) -> None:
        """Show a failure mode, or nothing."""
        if mode is None:
            self._tall = 0
        elif mode != self._mode:
            self._mode = mode
            self._title, self._group = shown.safe(mode.title), shown.safe(mode.group, 40)
            lines = [
                ("", "", shown.paragraphs(mode.definition)),
                ("check", "passed", shown.paragraphs(self._when(self.tr("Counts when"), mode.counts_when))),
                ("x", "failed", shown.paragraphs(self._when(self.tr("Not when"), mode.not_when))),
            ]
            self._lines = [line for line in lines if line[2]]
            self.setAccessibleDescription("\n".join((self._title, self._group, *(text for _, _, text in self._lines))))
            self.update()
        if mode is not None:
            self._grow()
        self.setVisible(mode is not None)

    def set_theme(self, theme: Theme) -> None:
        """Take another theme or scale."""
        self._theme = theme
        self._pictures.forget()
        self._needed.clear()
        self._tall = 0
        self._grow()
        self.update()

    @staticmethod
    def _when(before: str, lines: str) -> str:
        said = "; ".join(line.strip() for line in lines.splitlines() if line.strip())
        return f"{before} {said}." if said else ""

    def _places(self) -> list[QRectF]:
        """Return where each text goes, the last one's foot being the height that is needed."""
        metrics = QFontMetricsF(self._theme.font("small"))
        top = float(self._head())
        places = []
        for icon, _, text in self._lines:
            left = self._theme.px(24) if icon else 0
            room = QRectF(left, top + GAP, max(1, self.width() - left), 10_000)
            height = metrics.boundingRect(room, WRAPPED, text).height()
            places.append(QRectF(left, room.top(), room.width(), round(height)))
            top = places[-1].bottom()
        return places

    def _head(self) -> int:
        return max(self._theme.size("badge"), round(QFontMetricsF(self._theme.font("body", 600)).height()) + 2)

    def _grow(self) -> None:
        known = (self._mode, self.width())
        if known not in self._needed:
            places = self._places()
            self._needed[known] = round(places[-1].bottom()) if places else self._head()
        if self._needed[known] > self._tall:
            self._tall = self._needed[known]
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(200), self._tall)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self._tall = 0
            self._grow()

    def paintEvent(self, event: QPaintEvent) -> None:
        self._pictures.show(self, self._mode, self._theme.color("window"), self._draw)

    def _draw(self, painter: QPainter, _area: QRectF) -> None:
        theme = self._theme
        badge = badge_size(theme, self._group) if self._group else QSize(0, 0)
        area = QRectF(0, 0, self.width() - badge.width() - (8 if self._group else 0), self._head())
        font = theme.font("body", 600)
        painter.setFont(font)
        painter.setPen(theme.color("text"))
        title = QFontMetricsF(font).elidedText(self._title, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
        if self._group:
            corner = QPointF(self.width() - badge.width(), (self._head() - badge.height()) / 2)
            paint_badge(painter, theme, QRectF(corner, QSizeF(badge)), self._group)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text2"))
        side = theme.size("icon", "inline")
        for (icon, role, text), place in zip(self._lines, self._places(), strict=True):
            if icon:
                top = round(place.top()) + (theme.line("small") - side) // 2
                painter.drawPixmap(0, top, theme.icon(icon, role, side))
            painter.drawText(place, WRAPPED, text)


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
