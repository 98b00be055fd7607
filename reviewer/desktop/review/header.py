"""The line at the top of the review screen: week, progress, verdicts so far, pace, how the read is made."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from reviewer.desktop import shown
from reviewer.desktop.commands.keycap import Keycap
from reviewer.desktop.commands.keys import Keymap
from reviewer.desktop.commands.press import first_cap
from reviewer.desktop.parts.controls import dress
from reviewer.desktop.review import words
from reviewer.desktop.review.definition import Badge
from reviewer.desktop.review.state import ReviewState
from reviewer.desktop.review.verdict_mark import VerdictMark
from reviewer.desktop.theme import Theme


class ProgressBar(QWidget):
    """A flat bar: how much of the week is submitted."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_share(self, share: float, name: str) -> None:
        """Show a share of 0 to 1, and say it in words."""
        if (share, name) != (self._share, self.accessibleName()):
            self._share = share
            self.setAccessibleName(name)
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take another theme."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(144), self._theme.size("progress", "normal"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = self.height() / 2
        painter.setBrush(self._theme.color("line"))
        painter.drawRoundedRect(QRectF(self.rect()), radius, radius)
        if self._share > 0:
            painter.setBrush(self._theme.color("accent"))
            filled = max(self.height(), self.width() * self._share)
            painter.drawRoundedRect(QRectF(0, 0, filled, self.height()), radius, radius)
        painter.end()


class IconButton(QToolButton):
    """A button that is an icon and a name. It draws the picture itself: an icon of Qt's takes longer at the start."""

    def __init__(self, icon: str, name: str, theme: Theme) -> None:
        super().__init__()
        self._icon = icon
        self._theme = theme
        self.setAccessibleName(name)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        shown.tip(self, name)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Take another theme."""
        self._theme = theme
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        side = self._theme.size("icon", "control")
        painter = QPainter(self)
        picture = self._theme.icon(self._icon, "text2", side)
        painter.drawPixmap((self.width() - side) // 2, (self.height() - side) // 2, picture)
        painter.end()


class Header(QWidget):
    """Shows how far the week is; asks for commands by id."""

    asked = Signal(str)

    def __init__(self, theme: Theme, keymap: Keymap) -> None:
        super().__init__()
        self.theme = theme
        self._back = IconButton("arrow-left", self.tr("Back to Home"), theme)
        self._back.clicked.connect(lambda: self.asked.emit("go.home"))
        self._week = shown.label("", theme=theme, weight=600)
        self._name = shown.label("", theme=theme, color="text2")
        self._bar = ProgressBar(theme)
        self._done = shown.label("", theme=theme, weight=600)
        self._of = shown.label("", theme=theme, color="text2")
        self._failed = shown.label("", theme=theme, color="text2")
        self._deferred = shown.label("", theme=theme, color="text2")
        self._pace = shown.label("", theme=theme, color="text2")
        self._shown: tuple[object, ...] = ()
        self._read = Badge(theme, "accentText", "accentTint", "eye-off")
        self._palette_key, self._keys_key = Keycap("", theme), Keycap("", theme)
        self.setAccessibleName(self.tr("Progress"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._build()
        self.set_keymap(keymap)
        self.set_theme(theme)

    def _build(self) -> None:
        px = self.theme.px
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), 0, px(20), 0)
        row.setSpacing(px(8))
        marks = [VerdictMark(mark, name, self.theme) for mark, name in
                 (("fail", self.tr("failed")), ("defer", self.tr("deferred")))]  # fmt: skip
        for part in (self._back, self._week, self._name):
            row.addWidget(part)
        row.addSpacing(px(12))
        row.addWidget(self._bar)
        row.addSpacing(px(4))
        tight = QHBoxLayout()
        tight.setSpacing(0)
        tight.addWidget(self._done)
        tight.addWidget(self._of)
        row.addLayout(tight)
        for mark, label in ((marks[0], self._failed), (marks[1], self._deferred)):
            row.addSpacing(px(8))
            row.addWidget(mark)
            row.addWidget(label)
        row.addSpacing(px(8))
        row.addWidget(self._pace)
        row.addStretch(1)
        row.addWidget(self._read)
        for words_, key in ((self.tr("Go to"), self._palette_key), (self.tr("Keys"), self._keys_key)):
            row.addSpacing(px(12))
            row.addWidget(shown.label(words_, theme=self.theme, role="small", color="text2"))
            row.addWidget(key)

    def set_keymap(self, keymap: Keymap) -> None:
        """Show the keys of another keymap."""
        self._palette_key.say(first_cap(keymap.keys("palette")))
        self._keys_key.say(first_cap(keymap.keys("keys")))

    def set_theme(self, theme: Theme) -> None:
        """Take another theme or scale."""
        self.theme = theme
        self.setFixedHeight(theme.size("header"))
        dress(self, theme)
        self.update()

    def show_state(self, state: ReviewState, workspace: str) -> None:
        """Show the standing of a week."""
        now, kind = state.standing, self._kind(state)
        if (state.week, workspace, now, kind) == self._shown:
            return
        self._shown = (state.week, workspace, now, kind)
        self._week.setText(state.week)
        self._name.setText(workspace)
        said = self.tr("%1 of %2 submitted").replace("%1", str(now.submitted)).replace("%2", str(now.drawn))
        self._bar.show_share(now.submitted / now.drawn if now.drawn else 0.0, said)
        self._done.setText(str(now.submitted))
        of = self.tr("/%1 sessions") if state.of_sessions else "/%1"
        self._of.setText(of.replace("%1", str(now.drawn)))
        self._failed.setText(self.tr("%1 fail").replace("%1", str(now.failed)))
        self._deferred.setText(self.tr("%1 deferred").replace("%1", str(now.deferred)))
        self._pace.setText(words.pace(now.seconds_each) if now.seconds_each else "")
        self._read.say(kind)

    def _kind(self, state: ReviewState) -> str:
        """Return how the week is read, in a few words."""
        kinds = [self.tr("Open coding")] if state.open_coding else []
        if state.blind:
            second = state.current is not None and state.current.purpose == "overlap"
            kinds.append(self.tr("Blind second read") if second else self.tr("Blind read"))
        return ", ".join(kinds)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.color("window"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self.theme.color("line"))
        painter.end()
