"""What a number or a choice is entered with: lists, ticks, number fields and sliders that wear the theme."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIntValidator, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSlider

from reviewer.desktop import shown
from reviewer.desktop.theme import Theme, baseline


class Choice(QComboBox):
    """A list to choose one from. ``chosen`` carries the value behind the chosen line, after a choice by hand only."""

    chosen = Signal(object)

    def __init__(self, name: str, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.setMaxVisibleItems(16)
        self.setStyleSheet("QComboBox::drop-down { border: 0; width: 26px; } QComboBox::down-arrow { image: none; }")
        self.set_theme(theme)
        self.activated.connect(lambda index: self.chosen.emit(self.itemData(index)))

    def offer(self, lines: Sequence[tuple[str, object]], current: object) -> None:
        """Offer lines, each a text and its value; ``current`` is the value that is chosen now."""
        self.clear()
        for text, value in lines:
            self.addItem(shown.safe(text, 120), value)
        values = [value for _, value in lines]
        self.setCurrentIndex(values.index(current) if current in values else -1)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self._arrow = theme.icon("chevron-down", "text2", 14)
        self.setFont(theme.font("body"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the field and the design's own arrow."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.drawPixmap(self.width() - 24, (self.height() - 14) // 2, self._arrow)
        painter.end()


class Tick(QCheckBox):
    """A box to tick, with its text."""

    def __init__(self, text: str, theme: Theme) -> None:
        super().__init__(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        self.setFont(theme.font("body"))
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for the box and the text."""
        return QSize(self.theme.px(24) + self.fontMetrics().horizontalAdvance(self.text()) + 4, self.theme.px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box, its tick and the text."""
        theme, side = self.theme, self.theme.px(15)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(1.5, (self.height() - side) / 2 + 0.5, side - 1, side - 1)
        edge = theme.color("accent" if self.isChecked() or self.hasFocus() else "lineStrong")
        painter.setPen(QPen(edge, 2 if self.hasFocus() else 1))
        painter.setBrush(theme.color("accent" if self.isChecked() else "surface"))
        painter.drawRoundedRect(box, 4, 4)
        if self.isChecked():
            tick = theme.icon("check", "onAccent", theme.px(12))
            painter.drawPixmap(round(box.center().x() - theme.px(6)), round(box.center().y() - theme.px(6)), tick)
        painter.setFont(self.font())
        painter.setPen(theme.color("text" if self.isEnabled() else "disabled"))
        text = self.text().replace("&&", "&")
        painter.drawText(theme.px(24), round(baseline(self.font(), 0, self.height())), text)
        painter.end()


class NumberField(QLineEdit):
    """A field for a whole number. ``entered`` carries it as soon as it is one that may be asked."""

    entered = Signal(int)

    def __init__(self, name: str, low: int, high: int, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setValidator(QIntValidator(low, high, self))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.set_theme(theme)
        self.textEdited.connect(self._edited)

    def say(self, number: int) -> None:
        """Show a number, unless it is being typed right now."""
        if not self.hasFocus():
            self.setText(str(number))

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.setFont(theme.font("body", 600))
        self.setFixedWidth(theme.px(64))

    def _edited(self, text: str) -> None:
        if self.hasAcceptableInput():
            self.entered.emit(int(text))


class Slider(QSlider):
    """A lying slider of whole numbers."""

    def __init__(self, name: str, low: int, high: int, theme: Theme) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(low, high)
        self.setPageStep(10)
        self.setAccessibleName(name)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        accent, off = theme.color("accent").name(), theme.color("disabled").name()
        surface, track = theme.color("surface").name(), theme.color("line").name()
        self.setStyleSheet(
            f"QSlider {{ min-height: 22px; }} QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; }}"
            f"QSlider::sub-page:horizontal {{ background: {accent}; border-radius: 2px; }}"
            f"QSlider::add-page:horizontal {{ background: {track}; border-radius: 2px; }}"
            f"QSlider::handle:horizontal {{ background: {surface}; border: 2px solid {accent}; width: 13px;"
            f" margin: -7px 0; border-radius: 8px; }}"
            f"QSlider::handle:horizontal:focus {{ border-width: 4px; width: 9px; }}"
            f"QSlider::sub-page:horizontal:disabled {{ background: {track}; }}"
            f"QSlider::handle:horizontal:disabled {{ border-color: {off}; }}"
        )
