"""What is pressed in the coding panel: verdict, failure modes, scores, submit. Each shows its key."""

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QRadioButton, QSizePolicy, QToolButton, QWidget

from reviewer.desktop.commands.keycap import keycap_width, paint_keycap
from reviewer.desktop.parts.pictures import Picture, Pictures
from reviewer.desktop.shown import safe
from reviewer.desktop.theme import Theme, baseline


def paint_focus(painter: QPainter, theme: Theme, area: QRectF, radius: float) -> None:
    """Draw the ring of keyboard focus inside an area."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color("accent"), theme.size("focusRing")))
    painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), radius, radius)


class VerdictButton(QRadioButton):
    """Pass, Fail or Defer."""

    def __init__(self, title: str, role: str, theme: Theme) -> None:
        super().__init__(title)
        self.setAccessibleName(title)
        self._role = role
        self._theme = theme
        self._key = ""
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._pictures = Pictures()
        self.setAutoExclusive(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Take another theme."""
        self._theme = theme
        self._pictures.forget()
        self.updateGeometry()
        self.update()

    def set_key(self, key: str) -> None:
        """Show another key."""
        self._key = key
        self.setAccessibleDescription(key)
        self.update()

    def nextCheckState(self) -> None:
        """Leave the state alone: the coding decides what is on."""

    def hitButton(self, pos: object) -> bool:
        return True

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(104), self._theme.size("control", "large"))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(72), self._theme.size("control", "large"))

    def paintEvent(self, event: QPaintEvent) -> None:
        self._pictures.show(self, *self._picture(self.isChecked()))

    def prepare(self) -> None:
        """Draw what a press will show, before there is one."""
        self._pictures.of(self, *self._picture(not self.isChecked()))

    def _picture(self, on: bool) -> Picture:
        looks = (on, self.underMouse(), self.hasFocus(), self._key)
        return looks, self._theme.color("window"), partial(self._draw, on)

    def _draw(self, on: bool, painter: QPainter, area: QRectF) -> None:
        theme = self._theme
        radius = theme.radius("control")
        painter.setPen(Qt.PenStyle.NoPen)
        ink = theme.color("text")
        if on:
            painter.setBrush(theme.color(self._role))
            painter.drawRoundedRect(area, radius, radius)
            ink = theme.color("surface")
        else:
            painter.setBrush(theme.color("line"))
            painter.drawRoundedRect(area, radius, radius)
            painter.setBrush(theme.color("hover" if self.underMouse() else "raised"))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), radius - 1, radius - 1)
        if self.hasFocus():
            paint_focus(painter, theme, area, radius)
        font = theme.font("body", 600)
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(round(theme.px(12)), round(baseline(font, 0, area.height())), self.text())
        width = keycap_width(theme, self._key)
        left = area.width() - theme.px(8) - width
        if on:
            font = theme.font("tiny", 600)
            painter.setFont(font)
            left += (width - QFontMetricsF(font).horizontalAdvance(self._key)) / 2
            painter.drawText(round(left), round(baseline(font, 0, area.height())), self._key)
        else:
            paint_keycap(painter, theme, left, (area.height() - theme.size("keycap")) / 2, self._key)


class ModeRow(QCheckBox):
    """One failure mode: its key, its name, and what it is anchored to."""

    def __init__(self, title: str, key: str, theme: Theme, quiet: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._key = ""
        self._quiet = quiet
        self._place = ""
        self._stands = (False, "")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._pictures = Pictures()
        self.say(title, key)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Take another theme."""
        self._theme = theme
        self._pictures.forget()
        self.updateGeometry()
        self.update()

    def say(self, title: str, key: str) -> None:
        """Show another name and key."""
        self.setText(safe(title, 120))
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(key)
        self._key = key
        self.update()

    def stand(self, on: bool, place: str) -> None:
        """Show whether the mode is on, and where it is anchored, in words."""
        if (on, place) != self._stands:
            self._stands = (on, place)
            self.setChecked(on)  # paints it anew where that changes it
            if safe(place, 60) != self._place:
                self._place = safe(place, 60)
                self.setAccessibleName(f"{self.text()}, {self._place}" if self._place else self.text())
                self.update()

    def nextCheckState(self) -> None:
        """Leave the state alone: the coding decides what is on."""

    def hitButton(self, pos: object) -> bool:
        return True

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(200), self._theme.size("row", "list"))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(120), self._theme.px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        self._pictures.show(self, *self._picture(self.isChecked()))

    def prepare(self) -> None:
        """Draw what a press will show, before there is one."""
        self._pictures.of(self, *self._picture(not self.isChecked()))

    def _picture(self, on: bool) -> Picture:
        looks = (on, self.underMouse(), self.hasFocus(), self.text(), self._key, self._place)
        return looks, self._theme.color("window"), partial(self._draw, on)

    def _draw(self, on: bool, painter: QPainter, area: QRectF) -> None:
        theme = self._theme
        painter.setPen(Qt.PenStyle.NoPen)
        if on or self.underMouse():
            painter.setBrush(theme.color("accentTint" if on else "hover"))
            painter.drawRoundedRect(area.adjusted(0, 0, 0, -1), theme.radius("control"), theme.radius("control"))
        if self.hasFocus():
            paint_focus(painter, theme, area, theme.radius("control"))
        inset = theme.px(8)
        top = (area.height() - theme.size("keycap")) / 2
        width = paint_keycap(painter, theme, inset, top, self._key, fill="accent" if on else "")
        right = self._paint_place(painter, area)
        font = theme.font("body", 600 if on else 400)
        painter.setFont(font)
        painter.setPen(theme.color("accentText" if on else "text2" if self._quiet else "text"))
        left = inset + max(theme.px(28), width + theme.px(10))
        name = QFontMetricsF(font).elidedText(self.text(), Qt.TextElideMode.ElideMiddle, right - left - 8)
        painter.drawText(round(left), round(baseline(font, 0, area.height())), name)

    def _paint_place(self, painter: QPainter, area: QRectF) -> float:
        """Draw the anchor at the right edge, and return where it begins."""
        theme = self._theme
        right = area.width() - theme.px(8)
        if not self._place:
            return right
        font = theme.font("small")
        metrics = QFontMetricsF(font)
        text = metrics.elidedText(self._place, Qt.TextElideMode.ElideRight, area.width() * 0.4)
        left = right - metrics.horizontalAdvance(text)
        painter.setFont(font)
        painter.setPen(theme.color("text2"))
        painter.drawText(round(left), round(baseline(font, 0, area.height())), text)
        side = theme.size("icon", "inline")
        left -= side + theme.px(6)
        painter.drawPixmap(round(left), round((area.height() - side) / 2), theme.icon("anchor", "accentText", side))
        return left


class ScoreCell(QRadioButton):
    """One number of a scale."""

    def __init__(self, value: int, name: str, theme: Theme) -> None:
        super().__init__(str(value))
        self.setAccessibleName(name)
        self.value = value
        self._theme = theme
        self.setAutoExclusive(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Take another theme."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def nextCheckState(self) -> None:
        """Leave the state alone: the coding decides what is on."""

    def hitButton(self, pos: object) -> bool:
        return True

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(26), self._theme.px(26))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, area = self._theme, QRectF(self.rect())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent" if self.isChecked() else "line"))
        painter.drawRoundedRect(area, 5, 5)
        if not self.isChecked():
            painter.setBrush(theme.color("hover" if self.underMouse() else "raised"))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 4, 4)
        if self.hasFocus():
            paint_focus(painter, theme, area, 5)
        font = theme.font("small", 600 if self.isChecked() else 400)
        painter.setFont(font)
        painter.setPen(theme.color("onAccent" if self.isChecked() else "text2"))
        inside = QFontMetricsF(font).horizontalAdvance(self.text())
        painter.drawText(round((area.width() - inside) / 2), round(baseline(font, 0, area.height())), self.text())
        painter.end()


class ScoreRow(QWidget):
    """One quality score: its name and the numbers of its scale. ``pressed`` carries the number."""

    pressed = Signal(int)

    def __init__(self, title: str, values: range, theme: Theme) -> None:
        super().__init__()
        self._title = safe(title, 80)
        self._theme = theme
        self._value: float | None = None
        self._focused = False
        self.setAccessibleName(self._title)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addStretch(1)
        self.cells = [ScoreCell(value, f"{self._title} {value}", theme) for value in values]
        for cell in self.cells:
            cell.clicked.connect(lambda _=False, value=cell.value: self.pressed.emit(value))
            row.addWidget(cell)

    def set_theme(self, theme: Theme) -> None:
        """Take another theme."""
        self._theme = theme
        for cell in self.cells:
            cell.set_theme(theme)
        self.update()

    def stand(self, value: float | None, focused: bool) -> None:
        """Show the score that stands, and whether digits give it now."""
        if value != self._value:
            self._value = value
            for cell in self.cells:
                cell.setChecked(cell.value == value)
        if focused != self._focused:
            self._focused = focused
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = theme.font("body", 600 if self._focused else 400)
        if self._focused:
            bar = theme.size("focusBar")
            painter.fillRect(QRectF(0, 4, bar, self.height() - 8), theme.color("accent"))
        painter.setFont(font)
        painter.setPen(theme.color("accentText" if self._focused else "text"))
        left = theme.px(10) if self._focused else 0
        room = self.cells[0].x() - left - 8 if self.cells else self.width()
        name = QFontMetricsF(font).elidedText(self._title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(round(left), round(baseline(font, 0, self.height())), name)
        painter.end()


class PrimaryButton(QToolButton):
    """The one button that the panel is about, with its key."""

    def __init__(self, title: str, theme: Theme) -> None:
        super().__init__()
        self.setText(title)
        self.setAccessibleName(title)
        self._theme = theme
        self._key = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_theme(self, theme: Theme) -> None:
        """Take another theme."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def set_key(self, key: str) -> None:
        """Show another key."""
        self._key = key
        self.setAccessibleDescription(key)
        self.update()

    def sizeHint(self) -> QSize:
        theme = self._theme
        words = QFontMetricsF(theme.font("body", 600)).horizontalAdvance(self.text())
        return QSize(round(words + keycap_width(theme, self._key)) + theme.px(32), theme.size("control", "large"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, area = self._theme, QRectF(self.rect())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent"))
        painter.drawRoundedRect(area, theme.radius("control"), theme.radius("control"))
        ink = QColor(theme.color("onAccent"))
        if self.hasFocus():
            paint_focus(painter, theme, area, theme.radius("control"))
        font = theme.font("body", 600)
        words = QFontMetricsF(font).horizontalAdvance(self.text())
        gap = theme.px(12) if self._key else 0
        left = (area.width() - words - gap - keycap_width(theme, self._key)) / 2
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(round(left), round(baseline(font, 0, area.height())), self.text())
        paint_keycap(painter, theme, left + words + gap, (area.height() - theme.size("keycap")) / 2, self._key, on=ink)
        painter.end()
