"""The page *Home*: how far the week is, what the last one said, and what to do next."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.home_looks import Looks
from reviewer.desktop.home_state import HomeState, WeekStanding, look
from reviewer.desktop.parts.controls import Button, Column, Hairline, dress
from reviewer.desktop.review.controls import PrimaryButton
from reviewer.desktop.review.verdict_mark import VerdictMark
from reviewer.desktop.theme import Theme
from reviewer.desktop.window import Page
from reviewer.exports.scorecard.lines import alert_reason
from reviewer.jobs.messages import Done, Message
from reviewer.jobs.running import without_channel
from reviewer.model.number import Scorecard
from reviewer.verbs.cadences import cadences, mark_done, take_back
from reviewer.verbs.revisits import Look, look_of
from reviewer.verbs.scorecards import scorecard_of
from reviewer.wording import days, decimal, headline, moment, what_moved

if TYPE_CHECKING:
    from reviewer.desktop.bridge import Bridge, Ticket
    from reviewer.verbs.changes import Changes


LOOK_MS = 600  # who only passes Home need not wait for a process
SETTLE_MS = 500  # an import says many times a second that something changed


class SplitBar(QWidget):
    """One bar of the week: passed, failed, deferred, and what is left."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shares: tuple[float, float, float] = (0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_standing(self, standing: WeekStanding, words: str) -> None:
        """Show a standing, and say it in words."""
        whole = max(1, standing.drawn)
        self._shares = (standing.passed / whole, standing.failed / whole, standing.deferred / whole)
        self.setAccessibleName(words)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take another theme."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, self._theme.size("progress", "large"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = self.height() / 2
        painter.setBrush(self._theme.color("line"))
        painter.drawRoundedRect(QRectF(self.rect()), radius, radius)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()), radius, radius)
        painter.setClipPath(shape)
        left = 0.0
        for share, role in zip(self._shares, ("passed", "failed", "defer"), strict=True):
            if share > 0:
                width = self.width() * share
                painter.fillRect(QRectF(left, 0, width, self.height()), self._theme.color(role))
                left += width
        painter.end()


class HomePage(Page):
    """Where the window begins."""

    name = "home"

    def __init__(self, bridge: "Bridge", theme: Theme, reviewer: str) -> None:
        super().__init__()
        self.bridge = bridge
        self.theme = theme
        self.reviewer = reviewer
        self.state: HomeState = look(bridge.reader, reviewer)
        self._asked_for: tuple[str, int] | None = None
        self._looked_at: tuple[int, int, int] | None = None
        self.stale = False
        """Whether something changed since it was read."""
        self._ticket: Ticket | None = None
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._look)
        self._look_later = QTimer(self)
        self._look_later.setSingleShot(True)
        self._look_later.setInterval(LOOK_MS)
        self._look_later.timeout.connect(self._look_closer)
        self._build()
        self._show()

    @property
    def title(self) -> str:
        return self.tr("Home")

    @property
    def waiting(self) -> bool:
        """Whether a fresh look is on its way."""
        return self.stale or self._ticket is not None

    @property
    def busy(self) -> bool:
        """Whether a closer look is about to begin."""
        return self._look_later.isActive()

    def left(self) -> None:
        """Leave what was not begun for the next time."""
        self._look_later.stop()

    def _build(self) -> None:
        theme = self.theme
        self._heading = shown.label("", theme=theme, role="title")
        self._about = shown.label("", theme=theme, color="text2")
        self._figure = shown.label("", theme=theme, role="figure")
        self._of = shown.label("", theme=theme, role="heading", color="text2", weight=400)
        self._bar = SplitBar(theme)
        self._legend = {name: shown.label("", theme=theme, color="text2") for name in ("pass", "fail", "defer", "open")}
        self.go = PrimaryButton("", theme)
        self.go.clicked.connect(self._go)
        self.deferred = Button("", theme)
        self.deferred.clicked.connect(lambda: self.asked.emit("review", "deferred"))
        self._advice = shown.label("", theme=theme, role="heading", color="text2", weight=400, wrap=True)
        self._before = shown.label("", theme=theme, weight=600)
        self._said = shown.label("", theme=theme, color="text2", wrap=True)
        self._raised = shown.label("", theme=theme, color="failed", wrap=True)
        self._raised.hide()
        self._card = Button(self.tr("Open the scorecard"), theme)
        self._card.clicked.connect(lambda: self.asked.emit("scorecard", None))
        self._traces = shown.label("", theme=theme, color="text2")
        self._bring = Button(self.tr("Bring traces in"), theme, "download")
        self._bring.clicked.connect(lambda: self.asked.emit("imports", None))
        self._draw = Button(self.tr("Draw a week"), theme, "shuffle")
        self._draw.clicked.connect(lambda: self.asked.emit("week", None))
        self.looks = Looks(theme, self.state.timezone)
        self.looks.asked.connect(self.asked)
        self.looks.done.connect(lambda name: self.bridge.write(mark_done, name, self.reviewer))
        self.looks.taken_back.connect(lambda name: self.bridge.write(take_back, name))
        self._lay_out()

    def _lay_out(self) -> None:
        px = self.theme.px
        column = Column(self.tr("Home"), self.theme, (px(28), px(20), px(28), px(28)))
        lines = column.lines
        head = QHBoxLayout()
        head.setSpacing(px(12))
        head.addWidget(self._heading)
        head.addWidget(self._about, 0, Qt.AlignmentFlag.AlignBottom)
        head.addStretch(1)
        lines.addLayout(head)
        lines.addSpacing(px(8))
        upper = QHBoxLayout()
        upper.setSpacing(px(28))
        upper.addLayout(self._week_column(), 3)
        upper.addWidget(Hairline(self.theme, standing=True))
        upper.addLayout(self._before_column(), 2)
        lines.addLayout(upper)
        lines.addSpacing(px(16))
        lines.addWidget(self.looks)
        lines.addSpacing(px(8))
        lines.addWidget(Hairline(self.theme))
        lines.addSpacing(px(8))
        lines.addWidget(shown.label(self.tr("Traces"), theme=self.theme, role="heading"))
        lines.addWidget(self._traces)
        buttons = QHBoxLayout()
        for button in (self._bring, self._draw):
            buttons.addWidget(button)
        buttons.addStretch(1)
        lines.addSpacing(px(4))
        lines.addLayout(buttons)
        lines.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(column)

    def _week_column(self) -> QVBoxLayout:
        px = self.theme.px
        column = QVBoxLayout()
        column.setSpacing(px(8))
        figures = QHBoxLayout()
        figures.setSpacing(px(10))
        figures.addWidget(self._figure)
        figures.addWidget(self._of, 0, Qt.AlignmentFlag.AlignBottom)
        figures.addStretch(1)
        column.addLayout(figures)
        column.addWidget(self._bar)
        self._legend_row = QWidget()
        legend = QHBoxLayout(self._legend_row)
        legend.setContentsMargins(0, px(4), 0, px(8))
        legend.setSpacing(px(6))
        for name, label in self._legend.items():
            legend.addWidget(VerdictMark(name, "", self.theme))  # the label beside it says the same
            legend.addWidget(label)
            legend.addSpacing(px(14))
        legend.addStretch(1)
        column.addWidget(self._legend_row)
        column.addWidget(self._advice)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(10))
        buttons.addWidget(self.go)
        buttons.addWidget(self.deferred)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addStretch(1)
        return column

    def _before_column(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(self.theme.px(8))
        last = shown.label(self.tr("Last week read"), theme=self.theme, role="small", color="text2", weight=600)
        column.addWidget(last)
        for part in (self._before, self._said, self._raised):
            column.addWidget(part)
        column.addWidget(self._card, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return column

    # Showing

    def _show(self) -> None:
        state, now = self.state, self.state.now
        tr = self.tr
        if now is None:
            self._heading.setText(state.name)
            self._about.setText("")
        else:
            self._heading.setText(tr("Week %1").replace("%1", now.week.name))
            of = tr("%1 traces") if now.week.plan.unit == "trace" else tr("%1 sessions")
            said = of.replace("%1", decimal(now.week.population))
            self._about.setText(f"{days(now.week.start_us, now.week.end_us, state.timezone)}, {said}")
        self._show_standing(now)
        self._show_next()
        self._show_before()
        n = state.counts
        said = tr("%1 traces are here").replace("%1", decimal(n.traces)) if n.traces else tr("No traces are here yet")
        if n.last_us is not None:
            said += tr(", the latest of %1").replace("%1", moment(n.last_us, state.timezone))
        self._traces.setText(said)

    def _show_standing(self, now: WeekStanding | None) -> None:
        for part in (self._figure, self._of, self._bar, self._legend_row):
            part.setVisible(now is not None)
        if now is None:
            return
        self._figure.setText(str(now.submitted))
        self._of.setText(self.tr("of %1 read").replace("%1", str(now.drawn)))
        words = {
            "pass": self.tr("%1 pass").replace("%1", str(now.passed)),
            "fail": self.tr("%1 fail").replace("%1", str(now.failed)),
            "defer": self.tr("%1 deferred").replace("%1", str(now.deferred)),
            "open": self.tr("%1 to read").replace("%1", str(now.left)),
        }
        for name, label in self._legend.items():
            label.setText(words[name])
        self._bar.show_standing(now, ", ".join(words.values()))

    def _show_next(self) -> None:
        state, now = self.state, self.state.now
        words = {
            "bring_traces": self.tr("Bring traces in"),
            "draw_week": self.tr("Draw a week"),
            "read": self.tr("Start to read") if now and not now.submitted else self.tr("Continue"),
            "deferred": self.tr("Read what was deferred"),
            "done": self.tr("Open the scorecard"),
        }
        advice = {
            "bring_traces": self.tr("Traces of your chat, RAG or agent system come first. Drop a file, or choose one."),
            "draw_week": self.tr("A week is a fair sample of the traces. Draw one, then read it."),
            "done": self.tr("Every item of this week is submitted."),
        }
        self.go.setText(words[state.next])
        self.go.setAccessibleName(words[state.next])
        self.go.set_key(self.tr("Enter"))
        self.go.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.go.updateGeometry()
        self._advice.setText(advice.get(state.next, ""))
        self._advice.setVisible(state.next in advice)
        deferred = now.deferred if now else 0
        self.deferred.setVisible(deferred > 0 and state.next == "read")
        self.deferred.say(self.tr("See the %1 deferred").replace("%1", str(deferred)))

    def _show_before(self) -> None:
        before = self.state.before
        self._card.setVisible(before is not None)
        if before is None:
            self._before.setText(self.tr("None yet"))
            self._said.setText(self.tr("Its scorecard stands here in one line, once a week is read."))
            return
        self._before.setText(before.week.name)
        counts = self.tr("%1 of %2 read, %3 fail").replace("%1", str(before.submitted))
        self._said.setText(counts.replace("%2", str(before.drawn)).replace("%3", str(before.failed)))

    def _ask_for_headline(self) -> None:
        """Have the last week's numbers worked out in another process; the counts stand there until then."""
        before = self.state.before
        if before is None or self._asked_for == (before.week.name, before.submitted):
            return
        self._asked_for = (before.week.name, before.submitted)
        path = str(self.bridge.workspace_path)
        self.bridge.job(
            without_channel, scorecard_of, path, before.week.name, message=lambda _said: None, done=self._headline
        )

    def _ask_for_looks(self) -> None:
        """Read the regular looks, and have what is new and the latest day worked out where traces or reviews changed."""
        self.bridge.ask(cadences, then=lambda found: self.looks.show_cadences(found, self.bridge.clock()))
        n = self.state.counts
        if n.traces and self._looked_at != (n.traces, n.codings, n.weeks):
            self._look_later.start()

    def _look_closer(self) -> None:
        n = self.state.counts
        self._looked_at = (n.traces, n.codings, n.weeks)
        path = str(self.bridge.workspace_path)
        self.bridge.job(without_channel, look_of, path, message=lambda _said: None, done=self._take_look)

    def _take_look(self, end: Message) -> None:
        if isinstance(end, Done) and isinstance(end.result, Look):
            self.looks.show_novelties(end.result.novelties)
            self.looks.show_glance(end.result.glance)

    def _headline(self, end: Message) -> None:
        if isinstance(end, Done) and isinstance(end.result, Scorecard):
            card = end.result
            self._said.setText(" ".join(filter(None, (headline(card.headline), what_moved(card.headline)))))
            raised = [row for field in card.fields for row in field.rows if row.alert is not None]
            self._raised.setText("\n".join(f"{row.label}: {alert_reason(row)}" for row in raised))
            self._raised.setVisible(bool(raised))

    # Page

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        dress(self, theme)

    def refresh(self, changes: "Changes") -> None:
        self.stale = True
        if changes.checklists and self.isVisible():
            self._ask_for_looks()
        if self.isVisible() and self._ticket is None:
            self._settle.start()

    def activated(self) -> None:
        if self.stale:
            self._look()
        self._ask_for_headline()
        self._ask_for_looks()
        self.go.setFocus()

    def _look(self) -> None:
        """Read anew aside; what changes meanwhile is read once more."""
        self.stale = False
        self._ticket = self.bridge.ask(look, self.reviewer, then=self._looked)

    def _looked(self, state: HomeState) -> None:
        self.state, self._ticket = state, None
        self._show()
        if self.stale and self.isVisible():
            self._settle.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self._go()
        else:
            super().keyPressEvent(event)

    def _go(self) -> None:
        now = self.state.now
        match self.state.next:
            case "bring_traces":
                self.asked.emit("imports", None)
            case "draw_week":
                self.asked.emit("week", None)
            case "read":
                self.asked.emit("review", now.week.name if now else None)
            case "deferred":
                self.asked.emit("review", "deferred")
            case "done":
                self.asked.emit("scorecard", None)
