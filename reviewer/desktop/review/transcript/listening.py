"""The way of assistive technology to the reading panes. What it is shown is made when it first looks."""

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible

if TYPE_CHECKING:
    from PySide6.QtGui import QAccessibleInterface

    from reviewer.desktop.review.transcript.accessible import AccessibleView
    from reviewer.desktop.review.transcript.column import Column


def announce_focus(view: "Column") -> None:
    """Tell assistive technology, if any listens, that another turn has the focus."""
    if QAccessible.isActive():
        from PySide6.QtGui import QAccessibleEvent

        QAccessible.updateAccessibility(QAccessibleEvent(view, QAccessible.Event.Focus))


def install() -> None:
    """Teach Qt to describe the reading panes. A second call does nothing."""
    if not _kept:
        _kept.append(_factory)
        QAccessible.installFactory(_factory)


_kept: list[Any] = []
"""The factory, and the interfaces it made: Qt holds them without a reference that Python counts."""
_views: dict[int, "AccessibleView"] = {}


def _factory(name: str, of: QObject) -> "QAccessibleInterface | None":
    if not name.endswith(("TranscriptView", "EvidenceColumn")):
        return None
    from reviewer.desktop.review.transcript.accessible import AccessibleView
    from reviewer.desktop.review.transcript.column import Column  # which imports this module

    if not isinstance(of, Column):
        return None
    found = _views.get(id(of))
    if found is None:
        found = _views[id(of)] = AccessibleView(of)
        of.destroyed.connect(partial(_forget, id(of)))
    return found


def _forget(key: int, *_: object) -> None:
    _views.pop(key, None)
