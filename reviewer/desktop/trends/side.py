"""The column beside the charts: what the mode is, who owns it, its weeks, and the traces of a point."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from reviewer import wording
from reviewer.desktop import shown
from reviewer.desktop.explore.state import Listed
from reviewer.desktop.parts.controls import Button, Ground, Hairline, dress
from reviewer.desktop.parts.controls import Column as Scrolled
from reviewer.desktop.parts.table import Cell, Column, Table
from reviewer.desktop.theme import Theme
from reviewer.desktop.trends.behind import BehindPanel
from reviewer.desktop.trends.marks import marker_sentence
from reviewer.desktop.trends.state import TrendsState, has_line, latest_alert, short
from reviewer.model.alert import Alert, Level
from reviewer.model.trend import Behind
from reviewer.wording import share


class Side(Ground):
    """``trace_wanted`` carries the id of a trace to read; ``list_wanted`` asks for all of them as a list."""

    trace_wanted = Signal(str)
    list_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.rows: Sequence[Listed] = ()
        self.title = shown.label("", theme=theme, role="heading", wrap=True)
        self.alert = shown.label("", theme=theme, color="failed", wrap=True)
        self.watch = shown.label("", theme=theme, color="defer", wrap=True)
        self.figure = shown.label("", theme=theme, wrap=True)
        self.changes = shown.label("", theme=theme, role="small", color="text2", wrap=True)
        self.definition = shown.label("", theme=theme, color="text2", wrap=True)
        self.facts = shown.label("", theme=theme, role="small", color="text2", wrap=True)
        self.traces_title = shown.label("", theme=theme, weight=600)
        self.behind = BehindPanel(theme)
        columns = (Column(self.tr("conversation")),)
        self.table = Table(self.tr("Traces of the point"), columns, theme, margin=24, row_height=44, fits=True)
        self.table.chosen.connect(self._follow)
        self.table.horizontalHeader().hide()
        self.table.opened.connect(self._open)
        self.list = Button(self.tr("Open as a list"), theme, "list")
        self.list.clicked.connect(self.list_wanted)
        self._lay_out(theme)

    def _lay_out(self, theme: Theme) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(24, 20, 24, 8)
        head.setSpacing(8)
        for widget in (self.title, self.alert, self.watch, self.figure, self.changes, self.definition):
            head.addWidget(widget)
        head.addSpacing(4)
        self.parted = Hairline(theme)
        head.addWidget(self.parted)
        head.addWidget(self.behind)
        head.addWidget(Hairline(theme))
        head.addSpacing(4)
        head.addWidget(self.traces_title)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 12, 24, 20)
        foot.addWidget(self.list)
        foot.addStretch(1)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        self.column = Scrolled(self.tr("The point"), theme, (0, 0, 0, 0))
        self.column.lines.setSpacing(0)
        self.column.lines.addLayout(head)
        self.column.lines.addWidget(self.table)
        self.facts.setContentsMargins(24, 16, 24, 16)
        self.column.lines.addWidget(self.facts)
        self.column.lines.addStretch(1)
        lines.addWidget(self.column, 1)
        lines.addLayout(foot)

    def show_state(self, state: TrendsState) -> None:
        """Show the mode and the point that are looked at; its traces follow with ``show_traces``."""
        series, point, mode = state.chosen, state.point, state.described
        if series is None or point is None:
            return
        name = short(point.period)
        if state.week < 0:
            name = self.tr("{n} weeks to {week}").format(n=point.window_weeks, week=name)
        self.title.setText(f"{shown.safe(series.title, 80)}, {name}")
        number = point.number
        warrant = wording.too_few(number) or wording.interval(number)
        said = [
            wording.counts(number) if number.suppressed else wording.value(number),
            warrant,
            wording.warrant(number),
        ]
        if point.is_open:
            said.append(self.tr("the week is still open"))
        self.figure.setText(" · ".join(filter(None, said)))
        self._show_alert(state)
        self.definition.setText(mode.definition if mode else "")
        facts = []
        if mode and mode.counts_when:
            facts.append(self.tr("Counts when: {}").format(in_one(mode.counts_when)))
        if mode and mode.not_when:
            facts.append(self.tr("Does not count when: {}").format(in_one(mode.not_when)))
        if mode and mode.severity:
            facts.append(self.tr("Severity: {}").format(mode.severity))
        if mode and mode.owner:
            facts.append(self.tr("Owner: {}").format(mode.owner))
        if mode and mode.runbook:
            facts.append(self.tr("Runbook: {}").format(mode.runbook))
        self.facts.setText("\n".join(facts))
        for label in (self.alert, self.watch, self.changes, self.definition, self.facts):
            label.setVisible(bool(label.full_text))

    def _show_alert(self, state: TrendsState) -> None:
        """Say why the point carries an alert, and what changed in its weeks."""
        series, point = state.chosen, state.point
        if series is None or point is None:
            return
        raised = point.alert if state.week >= 0 else latest_alert(series)
        said = alert_sentence(raised) if raised else ""
        is_alert = raised is not None and raised.level is Level.ALERT
        self.alert.setText(said if is_alert else "")
        self.watch.setText("" if is_alert else said)
        inside = [one for one in state.visible.markers if point.start_us <= one.at_us < point.end_us]
        self.changes.setText("\n".join(marker_sentence(one) for one in inside))

    def show_traces(self, rows: Sequence[Listed], count: int, sessions: bool = False) -> None:
        """Show the traces of the point; ``count`` is how many there are in all, ``sessions`` that each stands for one."""
        self.rows = rows
        if sessions:
            more, whole = self.tr("{} sessions carry it, {} are shown"), self.tr("{} sessions carry it")
        else:
            more, whole = self.tr("{} traces carry it, {} are shown"), self.tr("{} traces carry it")
        more, whole = (said.format(wording.decimal(count), wording.decimal(len(rows))) for said in (more, whole))
        self.traces_title.setText(more if count > len(rows) else whole)
        self.table.show_rows(len(rows), self._cells)
        self.list.setEnabled(bool(rows))

    def show_behind(self, state: TrendsState, found: Behind | None) -> None:
        """Show where the mode of the point happens and what moved it, None while that is computed."""
        split = state.split
        for widget in (self.parted, self.behind):
            widget.setVisible(split is not None)
        if split is not None:
            self.behind.offer(state.splits, split)
            point = state.point
            self.behind.show_behind(found, state.scale(state.mode), point is not None and has_line(point.number))

    def _follow(self, row: int) -> None:
        """Keep the chosen trace in sight."""
        if not self.table.hasFocus():
            return
        middle = self.table.y() + round((row + 0.5) * self.table.row_height)
        self.column.ensureVisible(0, middle, 0, self.table.row_height)

    def _cells(self, row: int) -> tuple[Cell, ...]:
        found = self.rows[row]
        return (Cell(found.title, weight=500, below=" · ".join(filter(None, (found.workflow, found.prompt_version)))),)

    def _open(self, row: int) -> None:
        self.trace_wanted.emit(self.rows[row].id)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        super().set_theme(theme)
        dress(self, theme)


def alert_sentence(raised: Alert) -> str:
    """Return what an alert says, in a sentence or two."""
    said = QCoreApplication.translate
    names = {"week": shown.safe(short(raised.week), 20), "rate": share(raised.baseline)}
    if raised.level is Level.WATCH:
        text = said(
            "Alerts", "WATCH in {week}: more than the usual {rate}, which may be chance. Look at what carries it."
        )
    elif raised.rule == "spike":
        text = said("Alerts", "ALERT in {week}: far more than the usual {rate} in this one week.")
    else:
        text = said("Alerts", "ALERT in {week}: more than the usual {rate} since {since}.")
        names["since"] = shown.safe(short(raised.since), 20)
    if raised.level is Level.ALERT:
        rare = said(
            "Alerts",
            "Across all failure modes, one quarter in six sees an ALERT by chance; where rates swing, one in four.",
        )
        text = f"{text} {rare}"
    return text.format(**names)


def in_one(lines: str) -> str:
    """Return several lines as one sentence."""
    return "; ".join(filter(None, (line.strip() for line in lines.splitlines())))
