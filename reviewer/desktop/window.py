"""The one window: a sidebar of pages and the page that is open."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QMainWindow,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from reviewer.desktop.pages import PageLine
from reviewer.desktop.theme import Theme, baseline

if TYPE_CHECKING:
    from reviewer.verbs.changes import Changes


PAGES_FROM = 2  # in the sidebar's layout, after the workspace's name and a gap


class Page(QWidget):
    """One page of the window. Subclasses set ``name`` and ``title`` and answer what concerns them."""

    name = ""
    """Its id in commands: ``go.<name>``."""
    covers_sidebar = False
    """Whether the page takes the whole window."""
    asked = Signal(str, object)
    """Another page is wanted, by its name, with what to show there (or None)."""

    @property
    def title(self) -> str:
        """Return what it is called, translated."""
        raise NotImplementedError

    @property
    def count(self) -> str:
        """Return the short figure beside the title in the sidebar, or nothing."""
        return ""

    @property
    def busy(self) -> bool:
        """Whether the page is about to ask or to show more by itself."""
        return False

    def set_theme(self, theme: Theme) -> None:
        """Take another theme or scale."""
        raise NotImplementedError

    def refresh(self, changes: "Changes") -> None:
        """Learn what changed in the workspace. Called for every commit, whether the page is open or not."""

    def activated(self) -> None:
        """Learn that the page is on screen now."""

    def left(self) -> None:
        """Learn that another page comes now."""

    def leave(self) -> None:
        """Leave what is open inside the page: Escape was pressed."""

    def show_subject(self, subject: object) -> None:
        """Show what another page asked for."""


class SidebarRow(QAbstractButton):
    """One line of the sidebar: icon, title, figure."""

    def __init__(self, icon: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = icon
        self._theme = theme
        self.figure = ""
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_theme(self, theme: Theme) -> None:
        """Take another theme."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(192), self._theme.px(34))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, area = self._theme, QRectF(self.rect())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked() or self.underMouse():
            painter.setBrush(theme.color("accentTint" if self.isChecked() else "hover"))
            painter.drawRoundedRect(area, theme.radius("control"), theme.radius("control"))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme.color("accent"))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), theme.radius("control"), theme.radius("control"))
        role = "accentText" if self.isChecked() else "text"
        picture = theme.icon(self._icon, "accentText" if self.isChecked() else "text2", theme.size("icon", "control"))
        top = (area.height() - theme.size("icon", "control")) / 2
        painter.drawPixmap(theme.px(10), round(top), picture)
        font = theme.font("body", 600 if self.isChecked() else 500)
        painter.setFont(font)
        painter.setPen(theme.color(role))
        painter.drawText(theme.px(36), round(baseline(font, 0, area.height())), self.text())
        self._paint_figure(painter)
        painter.end()

    def _paint_figure(self, painter: QPainter) -> None:
        font = self._theme.font("tiny", 400)
        painter.setFont(font)
        painter.setPen(self._theme.color("text3"))
        left = self.width() - self._theme.px(10) - QFontMetrics(font).horizontalAdvance(self.figure)
        painter.drawText(left, round(baseline(font, 0, self.height())), self.figure)


class WorkspaceName(QWidget):
    """The head of the sidebar: the workspace's name and how much it holds."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._name = ""
        self._detail = ""

    def set_theme(self, theme: Theme) -> None:
        """Take another theme."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def say(self, name: str, detail: str) -> None:
        """Show another name, both already safe to show."""
        self._name, self._detail = name, detail
        self.setAccessibleName(f"{name}, {detail}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(192), self._theme.px(44))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = theme.px(28)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent"))
        painter.drawRoundedRect(QRectF(theme.px(8), theme.px(6), side, side), 6, 6)
        mark = theme.icon("list-checks", "onAccent", theme.size("icon", "control"))
        inset = (side - theme.size("icon", "control")) // 2
        painter.drawPixmap(theme.px(8) + inset, theme.px(6) + inset, mark)
        left = theme.px(46)
        room = self.width() - left - 4
        for text, role, color, top in (
            (self._name, theme.font("body", 600), "text", theme.px(2)),
            (self._detail, theme.font("tiny", 400), "text3", theme.px(21)),
        ):
            painter.setFont(role)
            painter.setPen(theme.color(color))
            shown = QFontMetrics(role).elidedText(text, Qt.TextElideMode.ElideMiddle, room)
            painter.drawText(left, round(baseline(role, top, theme.px(18))), shown)
        painter.end()


class Sidebar(QWidget):
    """The list of pages."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.name = WorkspaceName(theme, self)
        self._rows: dict[str, SidebarRow] = {}
        self._tools: dict[str, SidebarRow] = {}
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(8, 8, 8, 12)
        self._lines.setSpacing(0)
        self._lines.addWidget(self.name)
        self._lines.addSpacing(12)
        self._lines.addStretch(1)
        self._group = 0
        self.setAccessibleName(self.tr("Pages"))
        self.set_theme(theme)

    def add(self, line: PageLine) -> None:
        """Add the line of a page."""
        row = SidebarRow(line.icon, self._theme, self)
        row.setText(line.title)
        row.setAccessibleName(line.title)
        row.clicked.connect(lambda _=False, name=line.name: self.chosen.emit(name))
        place = self._lines.count() - 1 - len(self._tools)
        if line.group != self._group:
            self._lines.insertSpacing(place, 12)
            place += 1
            self._group = line.group
        self._lines.insertWidget(place, row)
        self._rows[line.name] = row

    def add_tool(self, icon: str, title: str, key: str, act: Callable[[], object]) -> None:
        """Add a line at the foot that does something instead of opening a page."""
        row = SidebarRow(icon, self._theme, self)
        row.setCheckable(False)
        row.setText(title)
        row.setAccessibleName(title)
        row.figure = key
        row.clicked.connect(lambda: act())
        self._lines.addWidget(row)
        self._tools[icon] = row

    def tool_corner(self, icon: str) -> QPoint:
        """Return where a menu of a line at the foot opens, on the screen."""
        return self._tools[icon].mapToGlobal(QPoint(0, 0))

    def clear(self) -> None:
        """Take the lines of all pages away."""
        for row in self._rows.values():
            self._lines.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows.clear()
        for i in reversed(range(PAGES_FROM, self._lines.count() - 1 - len(self._tools))):
            self._lines.takeAt(i)
        self._group = 0

    def show_line(self, name: str, there: bool) -> None:
        """Show or hide the line of a page; its place stays its own."""
        self._rows[name].setVisible(there)

    def mark(self, name: str) -> None:
        """Show which page is open."""
        for other, row in self._rows.items():
            row.setChecked(other == name)

    def say_figure(self, page: Page) -> None:
        """Show the figure of a page."""
        row, figure = self._rows[page.name], page.count
        if figure != row.figure:
            row.figure = figure
            row.setAccessibleDescription(figure)
            row.update()

    def set_theme(self, theme: Theme) -> None:
        """Take another theme."""
        self._theme = theme
        self.setFixedWidth(theme.size("sidebar"))
        self.name.set_theme(theme)
        for row in (*self._rows.values(), *self._tools.values()):
            row.set_theme(theme)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("window"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), self._theme.color("line"))
        painter.end()


class Pages(Mapping[str, Page]):
    """The pages by name, in the order of the sidebar; one that is not there yet is made when it is asked for."""

    def __init__(self) -> None:
        self._make: dict[str, Callable[[], Page]] = {}
        self._made: dict[str, Page] = {}

    def put(self, name: str, make: Callable[[], Page]) -> None:
        """Learn how a page is made."""
        self._make[name] = make

    @property
    def made(self) -> list[Page]:
        """Return the pages that are there."""
        return list(self._made.values())

    def clear(self) -> None:
        """Forget all pages."""
        self._make.clear()
        self._made.clear()

    def __getitem__(self, name: str) -> Page:
        if name not in self._made:
            self._made[name] = self._make[name]()
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._make

    def __iter__(self) -> Iterator[str]:
        return iter(self._make)

    def __len__(self) -> int:
        return len(self._make)


class Window(QMainWindow):
    """The window of one workspace: pages in a stack, one of them open."""

    page_opened = Signal(str)
    closing = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.pages = Pages()
        self.page: Page | None = None
        """The page that is open."""
        self.waiting: dict[str, Callable[[], Page]] = {}
        """Pages that have nothing to show yet: absent, not greyed."""
        self.may_close: Callable[[], bool] = lambda: True
        self.stack = QStackedWidget()
        """Where the pages lie. A page that has it as its parent from the start is dressed once only."""
        self.sidebar = Sidebar(theme)
        self.sidebar.chosen.connect(self.open)
        whole = QWidget()
        self._columns = QHBoxLayout(whole)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(0)
        self._columns.addWidget(self.sidebar)
        self._columns.addWidget(self.stack, 1)
        self.setCentralWidget(whole)
        self.setWindowTitle("Transcript Reviewer")
        self.resize(1440, 900)

    def add(self, line: PageLine, page: Page) -> None:
        """Add a page at the end of the sidebar."""
        self.pages.put(line.name, lambda: page)
        self.sidebar.add(line)
        self._take(self.pages[line.name])

    def add_later(self, line: PageLine, make: Callable[[], Page], there: bool = True) -> None:
        """Add a page that is made when it is first opened; one that is not ``there`` waits for ``appear``."""
        self.sidebar.add(line)
        if there:
            self.pages.put(line.name, lambda: self._take(make()))
        else:
            self.waiting[line.name] = make
            self.sidebar.show_line(line.name, False)

    def appear(self, name: str) -> None:
        """Put a page that has waited into its place."""
        make = self.waiting.pop(name)
        self.pages.put(name, lambda: self._take(make()))
        self.sidebar.show_line(name, True)

    def _take(self, page: Page) -> Page:
        page.asked.connect(self.open)
        self.stack.addWidget(page)
        self.sidebar.say_figure(page)
        return page

    def open(self, name: str, subject: object = None) -> None:
        """Bring a page to the front, with what it is to show."""
        page = self.pages[name]
        before = self.page
        was_beside = self._is_beside()
        if before is not None and before is not page:
            before.left()
        self.sidebar.setVisible(not page.covers_sidebar)
        self.sidebar.mark(name)
        for other in self.pages.made:  # a page that is not shown must not keep the window large
            policy = QSizePolicy.Policy.Preferred if other is page else QSizePolicy.Policy.Ignored
            other.setSizePolicy(policy, policy)
        self.stack.setCurrentWidget(page)
        self.page = page
        self._columns.activate()  # so that the page lays its text out once, at the size that it has from now on
        if subject is not None:
            page.show_subject(subject)
        page.activated()
        if self._is_beside() and not was_beside:
            page.setFocus()  # the keys were in the page that went: they follow, and do not end in the sidebar
        self.page_opened.emit(name)

    def _is_beside(self) -> bool:
        """Whether the keyboard is in the sidebar."""
        focused = self.focusWidget()
        return focused is not None and self.sidebar.isAncestorOf(focused)

    def clear(self) -> None:
        """Take all pages away."""
        self.page = None
        self.sidebar.clear()
        self.sidebar.show()
        for page in self.pages.made:
            self.stack.removeWidget(page)
            page.hide()
            page.deleteLater()
        self.pages.clear()
        self.waiting.clear()

    def refresh(self, changes: "Changes") -> None:
        """Tell every page what changed."""
        for page in self.pages.made:
            page.refresh(changes)
            self.sidebar.say_figure(page)

    def set_theme(self, theme: Theme) -> None:
        """Dress the window and all its pages anew."""
        self.theme = theme
        self.sidebar.set_theme(theme)
        for page in self.pages.made:
            page.set_theme(theme)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.may_close():
            self.closing.emit()
            event.accept()
        else:
            event.ignore()
