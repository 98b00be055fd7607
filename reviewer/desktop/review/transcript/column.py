"""A pane of items that are laid out when they are seen: scrolling, painting, selecting. Shared by both reading panes."""

from collections.abc import Iterator
from time import perf_counter

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from reviewer.desktop.review.transcript.items import Item
from reviewer.desktop.review.transcript.layout import Layout, Spot
from reviewer.desktop.review.transcript.listening import install
from reviewer.desktop.review.transcript.paint import Focus, ItemPainter
from reviewer.desktop.review.transcript.scrollbar import FlatScrollBar
from reviewer.desktop.review.transcript.selection import End, Selection
from reviewer.desktop.review.transcript.strips import Cell, Opened, Strip
from reviewer.desktop.review.transcript.style import Style
from reviewer.desktop.theme import Theme

IDLE_AFTER_MS = 20  # what was asked for is painted first
SLICE_S = 0.004  # of idle work between two looks at the event queue
DRAG_EDGE = 24


class Page:
    """What a column shows: layout, painter and selection of one transcript at one size; a picture once painted."""

    def __init__(self, layout: Layout, painter: ItemPainter, size: QSize, ratio: float) -> None:
        self.layout = layout
        self.painter = painter
        self.size = size
        self.ratio = ratio
        self.picture: QPixmap | None = None
        self.selection = Selection(painter.reading)
        self.selection.items_between = lambda first, last: layout.items[first.index : last.index + 1]  # type: ignore[method-assign]
        painter.width = layout.width

    def paint(self, painter: QPainter, area: QRect) -> None:
        """Paint the part of the page that lies inside ``area`` (of the viewport)."""
        style = self.painter.style
        painter.fillRect(area, style.color["surface"])
        clip = QRectF(area)
        for item, y in self.layout.seen(area.bottom() + 1):
            if y + item.height <= area.top():
                continue
            opened = self.layout.open(item)
            self.painter.draw(painter, item, opened, y, clip)

    def work(self) -> Iterator[None]:
        """Lay out and paint the first screen, in steps of about a millisecond."""
        view = self.size.height()
        y = 0.0
        for item in list(self.layout.items):
            if y >= view:
                break
            for bottom in range(200, int(item.height) + 400, 200):
                self.layout.ensure(item, 0, min(bottom, view - y))
                yield
                if bottom >= view - y:
                    break
            y += item.height
        self.layout.settle(view)
        yield
        picture = QPixmap(self.size * self.ratio)
        picture.setDevicePixelRatio(self.ratio)
        painter = QPainter(picture)
        self.paint(painter, QRect(QPoint(0, 0), self.size))
        painter.end()
        self.picture = picture


class Column(QAbstractScrollArea):
    """The scroll area. Sub-classes give it pages and say what a click means."""

    selection_changed = Signal()
    link_asked = Signal(str)
    """An address, or ``cite:2``. Nothing opens by itself."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        install()
        self.theme = theme
        self.style_of_text = self.make_style(theme)
        self.current: Page | None = None
        self._value = 0
        self._dragging = False
        self._pressed: QPointF | None = None
        self._work: list[Iterator[None]] = []
        self._unpainted = False
        self.setViewport(QWidget())  # one that Qt makes itself costs the start a look at every kind of widget
        self._bar = FlatScrollBar(theme)
        self.setVerticalScrollBar(self._bar)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setMouseTracking(True)
        self._idle = QTimer(self)
        self._idle.timeout.connect(self._work_a_little)

    def set_theme(self, theme: Theme) -> None:
        """Take another theme or scale; the place stays."""
        self.theme = theme
        self.style_of_text = self.make_style(theme)
        self._bar.set_theme(theme)
        self._work.clear()

    def make_style(self, theme: Theme) -> Style:
        """Return the fonts and margins of this pane in a theme."""
        return Style(theme)

    @property
    def focus(self) -> Focus:
        """What has the focus."""
        return self.current.painter.focus if self.current else Focus()

    def stops(self) -> list[Focus]:
        """Return what assistive technology finds here, in reading order."""
        return [Focus(item) for item in self.current.layout.items] if self.current else []

    def spoken(self, stop: Focus) -> str:
        """Return what a screen reader says of one of the stops."""
        return stop.item.text if stop.item else ""

    # Pages

    def set_page(self, page: Page | None) -> None:
        """Show another page from its top."""
        if self.current is not None:
            self.work_later(_let_go(self.current))
        self.current = page
        self._unpainted = page is not None
        self._sync()
        self.viewport().update()

    def changed(self) -> None:
        """Paint anew: something on the page is not as it was."""
        if self.current is not None:
            self.current.picture = None
        self.viewport().update()

    def text_area(self) -> QSize:
        """Return the size of the viewport as it will be shown."""
        return self.viewport().size()

    def work_later(self, work: Iterator[None]) -> None:
        """Do some work in idle slices, after what is already waiting, and not before the page that is seen is painted."""
        self._work.append(work)
        if not self._idle.isActive():
            self._idle.start(IDLE_AFTER_MS)

    def _work_a_little(self) -> None:
        if self._unpainted and self.isVisible():
            self._idle.stop()  # until the paint
            return
        self._idle.setInterval(0)
        end = perf_counter() + SLICE_S
        while self._work and perf_counter() < end:
            if next(self._work[0], self) is self:
                self._work.pop(0)
        if not self._work:
            self._idle.stop()

    # Scrolling

    @property
    def view_height(self) -> int:
        """The height of what is seen, in pixels."""
        return self.viewport().height()

    def _sync(self) -> None:
        """Give the scroll bar the numbers of the layout."""
        bar = self._bar
        bar.blockSignals(True)
        if self.current is None:
            bar.setRange(0, 0)
        else:
            layout = self.current.layout
            bar.setRange(0, max(0, int(layout.height) - self.view_height))
            bar.setPageStep(self.view_height)
            bar.setSingleStep(self.style_of_text.reading_line)
            bar.setValue(int(layout.top))
        self._value = bar.value()
        bar.blockSignals(False)
        bar.update()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        if self.current is not None:
            self.scroll_by(self._bar.value() - self._value)

    def scroll_by(self, delta: float) -> None:
        """Scroll by some pixels, as far as there is something."""
        page = self.current
        if page is None or not delta:
            return
        before, height = page.layout.top, page.layout.height
        page.layout.move(delta, self.view_height)
        page.picture = None
        moved = page.layout.top - before
        if page.layout.height == height and abs(moved) < self.view_height and moved == int(moved):
            self.viewport().scroll(0, -int(moved))
        else:
            self.viewport().update()
        self._sync()

    def show_item(self, item: Item, strip: Strip | None = None) -> None:
        """Scroll as little as needed to show an item, or one strip of it."""
        if self.current is not None:
            self.current.layout.show_item(item, self.view_height, strip)
            self._sync()
            self.changed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        page = self.current
        if page is None:
            return
        page.layout.set_width(self.viewport().width())
        page.painter.width = page.layout.width
        page.layout.settle(self.view_height)
        self._sync()
        self.changed()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        page = self.current
        if page is None:
            painter.fillRect(event.rect(), self.style_of_text.color["surface"])
        elif page.picture is not None and page.size == self.viewport().size():
            painter.drawPixmap(0, 0, page.picture)
        else:
            height = page.layout.height
            page.layout.settle(self.view_height)
            for area in _areas(event.region()):
                painter.setClipRect(area)
                page.paint(painter, area)
            if page.layout.height != height:
                self._sync()
        painter.end()
        self._painted()

    def _painted(self) -> None:
        self._unpainted = False
        if self._work and not self._idle.isActive():
            self._idle.start(IDLE_AFTER_MS)

    # Mouse and selection

    def end_at(self, point: QPointF) -> End | None:
        """Return the character nearest to a point of the viewport, or None where there is no text."""
        spot = self._spot(point)
        if spot is None or self.current is None:
            return None
        found = _nearest_cell(self.current.layout.open(spot.item), spot)
        if found is None:
            return None
        cell, y, indent = found
        cell.ensure(self.style_of_text, self.current.layout.text_width - indent)
        at = cell.hit(point.x() - self.style_of_text.left - indent, y)
        return End(spot.item, cell.unit, cell.to_stored(at), cell.end_to_stored(at))

    def _spot(self, point: QPointF) -> Spot | None:
        return self.current.layout.spot(point.y(), self.view_height) if self.current else None

    def select(self, fixed: End | None, moving: End | None) -> None:
        """Select what lies between two ends; None selects nothing."""
        if self.current is None:
            return
        self.current.selection.fixed, self.current.selection.moving = fixed, moving
        self.current.painter.reading.marks.put("selection", self.current.selection.marks())
        self.changed()
        self.selection_changed.emit()

    def selected_text(self) -> str:
        """Return the stored characters that are selected."""
        return self.current.selection.text() if self.current else ""

    def copy(self) -> None:
        """Put the selected characters, as they are stored, on the clipboard."""
        text = self.selected_text()
        if text:
            QGuiApplication.clipboard().setText(text)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self.current is None:
            return
        end = self.end_at(event.position())
        extend = (
            bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) and self.current.selection.fixed is not None
        )
        self._pressed = event.position()
        self._dragging = False
        self.select(self.current.selection.fixed if extend else end, end if extend else None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.current is None or self._pressed is None:
            self.viewport().setCursor(self._cursor_at(event.position()))
            return
        if not self._dragging and (event.position() - self._pressed).manhattanLength() < 4:
            return
        self._dragging = True
        y = event.position().y()
        if y < 0 or y > self.view_height:
            self.scroll_by(max(-60, min(60, y if y < 0 else y - self.view_height)))
        self.select(self.current.selection.fixed, self.end_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._pressed is None:
            return
        self._pressed = None
        spot = self._spot(event.position())
        if self._dragging or spot is None:
            return
        link = self._link_at(event.position())
        if link:
            self.link_asked.emit(link)
        else:
            self.clicked(spot)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        spot = self._spot(event.position())
        if self.current is None or spot is None or spot.strip is None or spot.strip.cell is None:
            return
        cell, indent = spot.strip.cell, spot.strip.indent
        cell.ensure(self.style_of_text, self.current.layout.text_width - indent)
        at = cell.hit(event.position().x() - self.style_of_text.left - indent, spot.y)
        text = cell.shown_text()
        low = high = at
        while low > 0 and (text[low - 1].isalnum() or text[low - 1] == "_"):
            low -= 1
        while high < len(text) and (text[high].isalnum() or text[high] == "_"):
            high += 1
        ends = [End(spot.item, cell.unit, cell.to_stored(n), cell.end_to_stored(n)) for n in (low, high)]
        self.select(ends[0], ends[1])

    def _cursor_at(self, point: QPointF) -> Qt.CursorShape:
        spot = self._spot(point)
        if spot is None or spot.strip is None:
            return Qt.CursorShape.ArrowCursor
        if spot.strip.kind in ("call", "fold", "more", "thread") or self._link_at(point):
            return Qt.CursorShape.PointingHandCursor
        return Qt.CursorShape.IBeamCursor if spot.strip.cell else Qt.CursorShape.ArrowCursor

    def _link_at(self, point: QPointF) -> str:
        spot = self._spot(point)
        if spot is None or spot.strip is None or spot.strip.cell is None or not spot.strip.cell.exact:
            return ""
        return spot.strip.cell.link(point.x() - self.style_of_text.left - spot.strip.indent, spot.y)

    def clicked(self, spot: Spot) -> None:
        """React to a click that selected nothing."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the keys to the window's command layer, but for copying."""
        from PySide6.QtGui import QKeySequence  # its many keys are made when it is named

        if event.matches(QKeySequence.StandardKey.Copy) and self.selected_text():
            self.copy()
            return
        event.ignore()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.changed()
        return super().event(event)


def _areas(region: QRegion) -> list[QRect]:
    """Return the rectangles of a region: two narrow bands must not cost what lies between them."""
    return list(region)  # type: ignore[call-overload, no-any-return]


def _nearest_cell(opened: Opened, spot: Spot) -> tuple[Cell, float, float] | None:
    """Return the cell at a spot or next to it: the cell, the y inside it and its indent."""
    if spot.strip is not None and spot.strip.cell is not None:
        return spot.strip.cell, spot.y, spot.strip.indent
    at = opened.strips.index(spot.strip) if spot.strip in opened.strips else 0
    for strip in opened.strips[at:]:
        if strip.cell is not None:
            return strip.cell, 0.0, strip.indent
    for strip in reversed(opened.strips[:at]):
        if strip.cell is not None:
            return strip.cell, strip.height, strip.indent
    return None


def _let_go(page: Page) -> Iterator[None]:
    """Hold a page until nobody waits: taking it apart is a tenth of showing the next."""
    yield
    del page
