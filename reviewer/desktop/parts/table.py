"""A table of rows that one delegate paints whole: a million rows cost what is on the screen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from reviewer.desktop import shown
from reviewer.desktop.parts.spark import paint_line
from reviewer.desktop.theme import Theme, baseline

Index = QModelIndex | QPersistentModelIndex
GAP = 16  # between two columns
CUT = 300  # characters of a cell that are looked at


@dataclass(frozen=True, slots=True)
class Column:
    """A column's title and width: ``width`` pixels at 100 %, or, with 0, ``share`` parts of what is left.

    ``least`` leaves the column out of tables that are narrower than that.
    """

    title: str
    width: int = 0
    right: bool = False
    share: int = 1
    least: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one column of one row.

    ``bar`` (0 to 1) is drawn in front of the text, ``chips`` instead of it, ``below`` as a second line; ``lit`` are
    ranges of characters of ``text`` on the ground of a find. ``split`` are mix and within of a change (-1 to 1), drawn
    as two bars on one zero line: an outline and a filled one. ``run`` are values over some periods, drawn as a small
    line.
    """

    text: str = ""
    color: str = "text"
    font: str = "body"
    weight: int | None = None
    icon: str = ""
    icon_color: str = "text2"
    bar: float | None = None
    chips: tuple[str, ...] = ()
    chip_role: str = "neutral"
    lit: tuple[tuple[int, int], ...] = ()
    below: str = ""
    below_lit: tuple[tuple[int, int], ...] = ()
    split: tuple[float, float] | None = None
    run: tuple[float | None, ...] = ()


Cells = Callable[[int], Sequence[Cell]]


class RowModel(QAbstractTableModel):
    """Rows by their number, asked for only when they are painted or read aloud."""

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = tuple(columns)
        self.count = 0
        self.cells: Cells = lambda row: ()

    def show_rows(self, count: int, cells: Cells) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.count, self.cells = count, cells
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return how many rows there are."""
        return 0 if parent.isValid() else self.count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return 1: a row is one cell to Qt."""
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a row as one line of text: what a screen reader says."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.spoken(index.row())
        return None

    def spoken(self, row: int) -> str:
        """Return a row in words, each with its column's title."""
        pairs = zip(self.columns, self.cells(row), strict=False)
        said = ((column.title, ", ".join(filter(None, (cell.text, *cell.chips, cell.below)))) for column, cell in pairs)
        return "; ".join(shown.safe(f"{title} {text}".strip(), CUT) for title, text in said if text)


def places(columns: Sequence[Column], theme: Theme, left: int, width: int) -> list[QRect]:
    """Return where each column stands in a row of a width, as rectangles without height."""
    kept = [column for column in columns if width >= theme.px(column.least)]
    fixed = sum(theme.px(column.width) for column in kept) + GAP * (len(kept) - 1)
    shares = sum(column.share for column in kept if not column.width)
    rest, found = max(0, width - fixed), []
    for column in columns:
        if width < theme.px(column.least):
            found.append(QRect(left, 0, 0, 0))
            continue
        wide = theme.px(column.width) if column.width else rest * column.share // max(1, shares)
        found.append(QRect(left, 0, wide, 0))
        left += wide + GAP
    return found


class RowDelegate(QStyledItemDelegate):
    """Paints one row: ground, cells, hairline."""

    def __init__(self, table: "Table") -> None:
        super().__init__(table)
        self.table = table

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the row at an index."""
        theme, table = self.table.theme, self.table
        rect = QRect(option.rect)
        painter.save()
        if table.can_choose and index.row() == table.currentIndex().row():
            self._paint_ground(painter, rect)
        painter.fillRect(
            rect.left() + table.margin, rect.bottom(), rect.width() - 2 * table.margin, 1, theme.color("line")
        )
        for place, column, cell in zip(table.places(), table.columns, table.rows.cells(index.row()), strict=False):
            if not place.width():
                continue
            box = QRect(place.left(), rect.top(), place.width(), rect.height())
            CellPainter(painter, self.table.ink, box, column.right).paint(cell)
        painter.restore()

    def _paint_ground(self, painter: QPainter, rect: QRect) -> None:
        theme = self.table.theme
        painter.fillRect(rect, theme.color("focusTint"))
        painter.fillRect(rect.left(), rect.top(), theme.size("focusBar"), rect.height(), theme.color("accent"))
        if self.table.hasFocus():
            painter.setPen(QPen(theme.color("accent"), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -2))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of a row; its width is the table's."""
        return QSize(100, self.table.row_height)


class Ink:
    """Fonts and pens of a theme, made once: a table asks for them some hundred times in a paint."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._fonts: dict[tuple[str, int | None], tuple[QFont, QFontMetricsF]] = {}
        self._pens: dict[str, QPen] = {}

    def font(self, role: str, weight: int | None) -> tuple[QFont, QFontMetricsF]:
        """Return a font of the type scale with its metrics."""
        if (role, weight) not in self._fonts:
            font = self.theme.font(role, weight)
            self._fonts[role, weight] = font, QFontMetricsF(font)
        return self._fonts[role, weight]

    def pen(self, color: str) -> QPen:
        """Return a pen of a colour's role."""
        if color not in self._pens:
            self._pens[color] = QPen(self.theme.color(color))
        return self._pens[color]


class CellPainter:
    """Paints one cell into its box."""

    def __init__(self, painter: QPainter, ink: Ink, box: QRect, right: bool) -> None:
        self.painter, self.ink, self.theme, self.box, self.right = painter, ink, ink.theme, QRect(box), right

    def paint(self, cell: Cell) -> None:
        """Paint what the cell holds, from the left."""
        if cell.icon:
            picture = self.theme.icon(cell.icon, cell.icon_color, 14)
            self.painter.drawPixmap(self.box.left(), self.box.center().y() - 6, picture)
            self.box.setLeft(self.box.left() + 22)
        if cell.bar is not None:
            self._bar(cell.bar)
        if cell.run:
            high = self.theme.px(24)
            top = self.box.center().y() - high / 2
            paint_line(self.painter, self.theme, QRectF(self.box.left(), top, self.box.width(), high), cell.run)
        elif cell.split is not None:
            self._split(*cell.split)
        elif cell.chips:
            self._chips(cell.chips, cell.chip_role)
        elif cell.below:
            upper = self.theme.line("body")
            top = self.box.top() + (self.box.height() - upper - self.theme.line("small")) // 2
            self._text(cell, QRect(self.box.left(), top, self.box.width(), upper))
            lower = QRect(self.box.left(), top + upper, self.box.width(), self.theme.line("small"))
            self._text(Cell(cell.below, "text2", "small", lit=cell.below_lit), lower)
        elif cell.text:
            self._text(cell, self.box)

    def _text(self, cell: Cell, box: QRect) -> None:
        font, metrics = self.ink.font(cell.font, cell.weight)
        known = len(cell.text) <= CUT and cell.text.isascii() and cell.text.isprintable()
        text = plain = cell.text if known else shown.safe(cell.text, CUT)
        wide = metrics.horizontalAdvance(plain)
        if wide > box.width():
            text = metrics.elidedText(plain, Qt.TextElideMode.ElideRight, box.width())
            wide = metrics.horizontalAdvance(text)
        left = box.right() + 1 - wide if self.right else float(box.left())
        self.painter.setFont(font)
        if cell.lit and plain == cell.text:
            self._lit(cell.lit, text, left, box, metrics)
        self.painter.setPen(self.ink.pen(cell.color))
        self.painter.drawText(QPointF(left, round(baseline(font, box.top(), box.height()))), text)

    def _lit(
        self, ranges: Sequence[tuple[int, int]], text: str, left: float, box: QRect, metrics: QFontMetricsF
    ) -> None:
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(self.theme.color("find"))
        for start, end in ranges:
            if start < len(text):
                x = left + metrics.horizontalAdvance(text[:start])
                wide = metrics.horizontalAdvance(text[start:end])
                middle, high = box.center().y(), metrics.height()
                self.painter.drawRoundedRect(QRectF(x - 1, middle - high / 2, wide + 2, high), 2, 2)

    def _bar(self, part: float) -> None:
        height = self.theme.px(8)
        wide = self.box.width() - (self.theme.px(44) if self.right else 0)
        track = QRectF(self.box.left(), self.box.center().y() - height / 2 + 1, wide, height)
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(self.theme.color("sunken"))
        self.painter.drawRoundedRect(track, height / 2, height / 2)
        filled = max(float(height), wide * min(1.0, part)) if part > 0 else 0.0
        self.painter.setBrush(self.theme.color("accent"))
        self.painter.drawRoundedRect(QRectF(track.left(), track.top(), filled, height), height / 2, height / 2)

    def _split(self, mix: float, within: float) -> None:
        zero, reach, top = self.box.center().x() + 0.5, self.box.width() / 2 - 4, self.box.center().y() - 8
        color = QColor(self.theme.chart()[0]["color"])
        self.painter.fillRect(QRectF(zero, top - 1, 1, 19), self.theme.color("text3"))
        for share, down, filled in ((mix, 0, False), (within, 10, True)):
            length = max(1.0, abs(share) * reach)
            bar = QRectF(zero if share >= 0 else zero - length, top + down, length, 7)
            self.painter.setPen(Qt.PenStyle.NoPen if filled else QPen(color, 1.5))
            self.painter.setBrush(color if filled else Qt.BrushStyle.NoBrush)
            self.painter.drawRect(bar)

    def _chips(self, chips: Sequence[str], role: str) -> None:
        left = float(self.box.left())
        self.painter.setClipRect(self.box)
        for chip in chips:
            left += paint_chip(self.painter, self.theme, left, self.box, chip, role) + 6
        self.painter.setClipping(False)


def paint_chip(painter: QPainter, theme: Theme, left: float, box: QRect, text: str, role: str) -> float:
    """Paint a badge with its left edge at ``left``, in the middle of a box, and return its width."""
    icon = BADGE_ICONS.get(role, "")
    font = theme.font("tiny", 600 if icon else 500)
    plain = shown.safe(text, 60)
    wide, high = chip_width(theme, text, role), theme.size("badge")
    pill = QRectF(left, box.center().y() - high / 2 + 1, wide, high)
    fill, front = BADGES[role]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(fill))
    painter.drawRoundedRect(pill, high / 2, high / 2)
    inset = 8.0
    if icon:
        side = theme.px(BADGE_ICON)
        painter.drawPixmap(QPointF(left + 7, round(pill.center().y() - side / 2)), theme.icon(icon, front, side))
        inset = 7.0 + side + 3
    painter.setFont(font)
    painter.setPen(theme.color(front))
    painter.drawText(left + inset, round(baseline(font, pill.top(), high)), plain)  # type: ignore[call-overload]
    return wide


def chip_width(theme: Theme, text: str, role: str = "neutral") -> float:
    """Return how wide the badge of a text is, in pixels; WATCH and ALERT carry an icon."""
    icon = role in BADGE_ICONS
    wide = QFontMetricsF(theme.font("tiny", 600 if icon else 500)).horizontalAdvance(shown.safe(text, 60)) + 16
    return wide + theme.px(BADGE_ICON) + 2 if icon else wide


BADGES = {
    "neutral": ("sunken", "text2"),
    "estimate": ("accentTint", "accentText"),
    "fixed": ("anchor", "text"),
    "watch": ("deferTint", "defer"),
    "alert": ("failedTint", "failed"),
}
BADGE_ICONS = {"watch": "eye", "alert": "triangle-alert"}
BADGE_ICON = 12  # pixels at 100 %


class _Header(QHeaderView):
    """The titles above the columns."""

    def __init__(self, table: "Table") -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self.table = table
        self.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.setSectionsClickable(False)
        self.setFrameShape(QFrame.Shape.NoFrame)

    def sizeHint(self) -> QSize:
        """Return the height of the titles."""
        return QSize(100, self.table.theme.px(32))

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803 - Qt's name
        """Paint all titles into the one section."""
        theme, margin = self.table.theme, self.table.margin
        painter.fillRect(rect, theme.color("surface"))
        painter.fillRect(rect.left() + margin, rect.bottom(), rect.width() - 2 * margin, 1, theme.color("line"))
        for place, column in zip(self.table.places(), self.table.columns, strict=True):
            if not place.width():
                continue
            box = QRect(place.left(), rect.top(), place.width(), rect.height())
            CellPainter(painter, self.table.ink, box, column.right).paint(Cell(column.title, "text3", "small"))


class Table(QTableView):
    """Rows under titles. ``opened`` carries the row of a double click or Enter, ``chosen`` the row chosen now."""

    opened = Signal(int)
    chosen = Signal(int)

    def __init__(
        self, name: str, columns: Sequence[Column], theme: Theme, *, margin: int = 28, row_height: int = 0,
        fits: bool = False, can_choose: bool = True,
    ) -> None:  # fmt: skip
        """``fits`` makes the table as high as its rows, ``can_choose`` lets one row be the current one."""
        super().__init__()
        self.theme, self.ink, self.columns, self.margin = theme, Ink(theme), tuple(columns), margin
        self._asked_height, self._fits, self.can_choose = row_height, fits, can_choose
        self._placed: tuple[tuple[int, tuple[Column, ...], Theme], list[QRect]] | None = None
        self.rows = RowModel(columns)
        self.setHorizontalHeader(_Header(self))
        self.setModel(self.rows)
        self.setItemDelegate(RowDelegate(self))
        self.setAccessibleName(name)
        self._set_up()
        self.set_theme(theme)
        self.selectionModel().currentRowChanged.connect(self._current_changed)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    def _set_up(self) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        if self._fits:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        if not self.can_choose:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @property
    def row_height(self) -> int:
        """Return the height of a row in pixels."""
        return self.theme.px(self._asked_height) if self._asked_height else self.theme.size("row", "table")

    def places(self) -> list[QRect]:
        """Return where each column stands."""
        wanted = (self.viewport().width(), self.columns, self.theme)
        if self._placed is None or self._placed[0] != wanted:
            found = places(self.columns, self.theme, self.margin, wanted[0] - 2 * self.margin)
            self._placed = wanted, found
        return self._placed[1]

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Show other columns; the rows follow with ``show_rows``."""
        self.columns = self.rows.columns = tuple(columns)

    def show_rows(self, count: int, cells: Cells) -> None:
        """Show ``count`` rows, each made by ``cells(row)`` when it is seen; the current row stays where it can."""
        current = self.currentIndex().row()
        self.rows.show_rows(count, cells)
        self._fit()
        if self.can_choose and count:
            self.setCurrentIndex(self.rows.index(min(max(current, 0), count - 1), 0))
        self.viewport().update()

    def set_row_height(self, height: int) -> None:
        """Give rows another height, in pixels at 100 %; 0 is that of the design."""
        if height != self._asked_height:
            self._asked_height = height
            self.verticalHeader().setDefaultSectionSize(self.row_height)

    def row(self) -> int:
        """Return the current row, -1 without one."""
        return self.currentIndex().row()

    def leave(self) -> None:
        """Have no current row any more: the one that matters is in another table."""
        self.setCurrentIndex(QModelIndex())

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme, self.ink = theme, Ink(theme)
        self.verticalHeader().setDefaultSectionSize(self.row_height)
        self._fit()
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the current row on Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.row() >= 0:
            self.opened.emit(self.row())
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Do nothing: Qt would ask every row for its words, and there may be a million."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the one column as wide as the table."""
        super().resizeEvent(event)
        self.viewport().update()

    def _fit(self) -> None:
        if self._fits:
            head = 0 if self.horizontalHeader().isHidden() else self.horizontalHeader().sizeHint().height()
            self.setFixedHeight(head + self.rows.count * self.row_height)

    def _current_changed(self, now: QModelIndex, before: QModelIndex) -> None:
        self.viewport().update()
        if now.isValid():
            self.chosen.emit(now.row())
