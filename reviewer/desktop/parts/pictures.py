"""Pictures of small parts, kept so that showing one again costs a copy and neither shaping nor a walk up the parents."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

MOST = 24
Picture = tuple[Hashable, QColor, Callable[[QPainter, QRectF], None]]
"""What a picture shows, its ground, and how it is drawn."""


class Pictures:
    """The last pictures of one widget, by what they show. The widget must be opaque: it is painted whole."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, QPixmap] = OrderedDict()

    def forget(self) -> None:
        """Drop all: another theme or keymap."""
        self._kept.clear()

    def of(self, widget: QWidget, shown: Hashable, ground: QColor, draw: Callable[[QPainter, QRectF], None]) -> QPixmap:
        """Return the picture of ``shown`` at the widget's size, drawn over a ground if it is not there yet."""
        ratio = widget.devicePixelRatioF()
        key = (shown, widget.width(), widget.height(), ratio)
        picture = self._kept.get(key)
        if picture is None:
            picture = self._kept[key] = QPixmap(widget.size() * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(ground)
            painter = QPainter(picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw(painter, QRectF(widget.rect()))
            painter.end()
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return picture

    def show(self, widget: QWidget, shown: Hashable, ground: QColor, draw: Callable[[QPainter, QRectF], None]) -> None:
        """Paint a widget from the picture of ``shown``."""
        picture = self.of(widget, shown, ground, draw)
        # The style sheet takes it back when it dresses a button; without it all that lies below is painted too.
        if not widget.testAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent):
            widget.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        painter = QPainter(widget)
        painter.drawPixmap(0, 0, picture)
        painter.end()
