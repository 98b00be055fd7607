"""The hint bar at the foot: the keys that matter now, and whether all is saved."""

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.desktop.commands.keycap import keycap_width, paint_keycap
from reviewer.desktop.commands.keys import Keymap
from reviewer.desktop.commands.press import first_cap
from reviewer.desktop.commands.table import BY_ID
from reviewer.desktop.theme import Theme, baseline

REVIEW: tuple[tuple[str, ...], ...] = (
    ("review.tag.1", "review.tag.10"), ("review.pass",), ("review.fail",), ("review.defer",), ("review.submit",),
    ("turn.next", "turn.previous"), ("document.previous", "document.next"), ("review.first_failure",),
    ("review.all_modes",), ("write.note",), ("write.undo",), ("write.find",), ("item.previous", "item.next"),
)  # fmt: skip
TYPING: tuple[tuple[str, ...], ...] = (("review.submit_typing",), ("palette",), ("leave",))
EVIDENCE: tuple[tuple[str, ...], ...] = (
    ("document.relevant",), ("document.irrelevant",), ("document.missing",), ("document.previous", "document.next"),
    ("leave",),
)  # fmt: skip
Hint = tuple[tuple[str, ...], str]
"""Keycaps, and the word for them."""


@lru_cache(maxsize=16)
def hints(layer: str, keymap: Keymap) -> list[Hint]:
    """Return the hints of a layer, from the live keymap; what has no key is left out."""
    wanted = {"text": TYPING, "evidence": EVIDENCE}.get(layer, REVIEW)
    found: list[Hint] = []
    for commands in wanted:
        caps = tuple(cap for command in commands if (cap := first_cap(keymap.keys(command))))
        if commands[0] == "review.tag.1" and len(caps) == 2:
            caps = (f"{caps[0]} – {caps[1]}",)
        row = BY_ID[commands[0]]
        if caps:
            found.append((caps, QCoreApplication.translate("Commands", row.hint or row.title)))
    return found


class HintBar(QWidget):
    """One line of hints; those that do not fit are left out from the end."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._hints: Sequence[Hint] = ()
        self._saved = True
        self._middle = ""
        self._picture: QPixmap | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Keys"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take another theme or scale."""
        self.theme = theme
        self._picture = None
        self.setFixedHeight(theme.size("hintBar"))
        self.update()

    def say(self, found: Sequence[Hint], typing: bool) -> None:
        """Show other hints."""
        if found == self._hints and typing == bool(self._middle):
            return
        self._hints = found
        self._picture = None
        self._middle = self.tr("Single letters are plain text while you write") if typing else ""
        self.setAccessibleDescription("; ".join(f"{' '.join(caps)} {word}" for caps, word in found))
        self.update()

    def say_saved(self, saved: bool) -> None:
        """Show whether everything is on disk."""
        if saved != self._saved:
            self._saved = saved
            self.update()

    @property
    def saved(self) -> bool:
        """Return whether the tick is shown."""
        return self._saved

    def sizeHint(self) -> QSize:
        return QSize(400, self.theme.size("hintBar"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the hints as a picture that is kept, and the tick anew: it changes with every press."""
        if self._picture is None or self._picture.deviceIndependentSize().toSize() != self.size():
            self._picture = self._draw()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        self._paint_saved(painter)
        painter.end()

    def _draw(self) -> QPixmap:
        theme, ratio = self.theme, self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        painter = QPainter(picture)
        painter.fillRect(self.rect(), theme.color("window"))
        painter.fillRect(0, 0, self.width(), 1, theme.color("line"))
        font = theme.font("small")
        metrics = QFontMetricsF(font)
        right = self.width() - theme.px(90)
        line, top = baseline(font, 0, self.height()), (self.height() - theme.size("keycap")) / 2
        left = float(theme.px(16))
        for caps, word in self._hints:
            width = sum(keycap_width(theme, cap) + theme.px(3) for cap in caps) + metrics.horizontalAdvance(word)
            if left + width + theme.px(6) > right:
                break
            for cap in caps:
                left += paint_keycap(painter, theme, left, top, cap) + theme.px(3)
            left += theme.px(4)
            painter.setFont(font)
            painter.setPen(theme.color("text2"))
            painter.drawText(round(left), round(line), word)
            left += metrics.horizontalAdvance(word) + theme.px(16)
        if self._middle and left + metrics.horizontalAdvance(self._middle) < right:
            painter.setPen(theme.color("text2"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._middle)
        painter.end()
        return picture

    def _paint_saved(self, painter: QPainter) -> None:
        """Draw the tick at the right edge once all is on disk."""
        theme = self.theme
        metrics = QFontMetricsF(theme.font("small"))
        text = self.tr("Saved") if self._saved else self.tr("Saving")
        left = self.width() - theme.px(20) - metrics.horizontalAdvance(text)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text2"))
        painter.drawText(round(left), round(baseline(theme.font("small"), 0, self.height())), text)
        side = theme.size("icon", "inline")
        left -= side + theme.px(6)
        if self._saved:
            painter.drawPixmap(round(left), (self.height() - side) // 2, theme.icon("check", "passed", side))
