"""The reading panes for assistive technology: each message, call and document is a child with a name and a place."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface, QColor
from PySide6.QtWidgets import QAccessibleWidget

from reviewer.desktop.review.transcript import words
from reviewer.desktop.review.transcript.paint import Focus
from reviewer.desktop.shown import safe

if TYPE_CHECKING:
    from PySide6.QtGui import QWindow

    from reviewer.desktop.review.transcript.column import Column
    from reviewer.desktop.review.transcript.view import TranscriptView

SPOKEN = 400  # characters of a message that its name holds


class AccessibleView(QAccessibleWidget):
    """A list whose children are the stops of the focus, in reading order."""

    def __init__(self, view: "Column") -> None:
        super().__init__(view, QAccessible.Role.List, view.accessibleName())
        self._view = view
        self._children: list[AccessibleStop] = []
        self._made_of: tuple[int, int] = (0, 0)

    def _stops(self) -> list["AccessibleStop"]:
        page = self._view.current
        layout = page.layout if page else None
        made_of = (id(layout), len(layout.items) if layout else 0)
        if made_of != self._made_of:
            self._children = [AccessibleStop(self._view, self, stop) for stop in self._view.stops()]
            self._made_of = made_of
        return self._children

    def childCount(self) -> int:
        return len(self._stops())

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        children = self._stops()
        return children[index] if 0 <= index < len(children) else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return next((n for n, stop in enumerate(self._stops()) if stop is child), -1)

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        focus = self._view.focus
        return next((s for s in self._stops() if s.stop.item is focus.item and s.stop.entry is focus.entry), None)

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return next((stop for stop in self._stops() if stop.rect().contains(x, y)), None)


class AccessibleStop(QAccessibleInterface):
    """One message or one tool call."""

    def __init__(self, view: "Column", parent: AccessibleView, stop: Focus) -> None:
        super().__init__()
        self._view = view
        self._parent = parent
        self.stop = stop

    def isValid(self) -> bool:
        return self.stop.item is not None

    def object(self) -> QObject | None:  # type: ignore[override]
        return None

    def window(self) -> "QWindow | None":  # type: ignore[override]
        return self._view.window().windowHandle()

    def relationTo(self, other: Any) -> Any:
        return []

    def backgroundColor(self) -> QColor:
        return self._view.theme.color("surface")

    def foregroundColor(self) -> QColor:
        return self._view.theme.color("text")

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        return None

    def childCount(self) -> int:
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def parent(self) -> QAccessibleInterface:
        return self._parent

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.focusable = 1
        state.selectable = 1
        focus = self._view.focus
        if self.stop.item is focus.item and self.stop.entry is focus.entry:
            state.focused = 1
            state.selected = 1
        return state

    def rect(self) -> QRect:
        page, item = self._view.current, self.stop.item
        if page is None or item is None:
            return QRect()
        y = page.layout.place_of(item, self._view.view_height)
        if y is None:
            return QRect()
        corner = self._view.viewport().mapToGlobal(QPoint(0, int(y)))
        height = item.height
        if self.stop.entry is not None:
            opened = page.layout.open(item)
            for strip, top in zip(opened.strips, opened.tops, strict=False):
                if strip.kind == "call" and strip.entry is self.stop.entry:
                    corner += QPoint(0, int(top))
                    height = strip.height
        return QRect(corner.x(), corner.y(), self._view.viewport().width(), int(height))

    def text(self, which: QAccessible.Text) -> str:
        return self._view.spoken(self.stop) if which is QAccessible.Text.Name else ""

    def setText(self, which: QAccessible.Text, text: str) -> None:
        return None


def name_of(view: "TranscriptView", stop: Focus) -> str:
    """Return what a screen reader says of a stop: who, which turn, and the start of the text."""
    transcript, item = view.transcript, stop.item
    if transcript is None or item is None:
        return ""
    if item.kind == "thread":
        count = words.count(item.last + 1, "1 message", "%n messages")
        return words.tr("Sub-agent {}, {}").format(safe(item.text), count)
    if stop.entry is not None:
        name = words.call_name(transcript, stop.entry, item.thread)
        if stop.entry.call is None:
            return words.tr("Tool result {}").format(name)
        call = transcript.calls[stop.entry.call]
        outcome, failed = words.outcome(transcript, call)
        said = words.tr("Tool call {}, failed: {}") if failed else words.tr("Tool call {}, result: {}")
        return f"{said.format(name, outcome)}, {words.arguments(call)}"
    word, number = words.heading(transcript, item)
    if transcript.of_session:
        word = f"{words.turn_place(transcript, item.thread)}, {word}"
    text = ""
    for part in transcript.message(item.first, item.thread).parts:
        if part.blocks.size and len(text) < SPOKEN:
            text += transcript.text(part.blocks.first)[:SPOKEN]
    return f"{word} {number}: {safe(text, SPOKEN)}"
