"""The page *Services*."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from reviewer.desktop import shown
from reviewer.desktop.imports.page import Bar
from reviewer.desktop.parts.controls import Button, Ground, Hairline, dress
from reviewer.desktop.parts.controls import Column as Scrolled
from reviewer.desktop.parts.fields import Choice
from reviewer.desktop.parts.heading import Heading
from reviewer.desktop.parts.table import Cell, Column, Table
from reviewer.desktop.services.form import Connecting, ConnectionForm, PullForm, Pulling
from reviewer.desktop.services.state import Phase, ServicesState
from reviewer.desktop.theme import Theme
from reviewer.desktop.week.plan import segment_title
from reviewer.desktop.window import Page
from reviewer.errors import Expected, UsageError
from reviewer.jobs.messages import Batch, Broke, Done, Progress
from reviewer.model.clock import day_start
from reviewer.model.pull import Wanted
from reviewer.model.week import SEGMENTS
from reviewer.verbs.changes import Changes
from reviewer.wording import decimal, share
from reviewer.workspace.ask.queue import weeks
from reviewer.workspace.ask.settings import timezone

if TYPE_CHECKING:
    from reviewer.desktop.bridge import Bridge
    from reviewer.jobs.messages import Message
    from reviewer.sources.services.connections import Connection
    from reviewer.verbs.pulling import Pull, PullReport
    from reviewer.verbs.pushing import PushPlan

WIDTH, NARROW = 400, 312
ROOMY = 1072


class ServicesPage(Page):
    """Connect to a service, pull a sample of its traces, push codings back."""

    name = "services"

    def __init__(self, bridge: "Bridge", theme: Theme) -> None:
        super().__init__()
        self.bridge = bridge
        self.theme = theme
        self.state = ServicesState()
        self._pull: Pull | None = None
        self._build()
        self._offer_weeks()
        self._offer()

    @property
    def title(self) -> str:
        """Return what the sidebar calls it."""
        return self.tr("Services")

    @property
    def count(self) -> str:
        """Return how far a running pull is."""
        return share(self.state.part, 0) if self.state.phase is Phase.PULLING and self.state.total else ""

    def _build(self) -> None:
        from reviewer.sources.services import SERVICES, has_tenants

        theme = self.theme
        self.heading = Heading(self.title, theme)
        self.cancel = Button(self.tr("Cancel"), theme, "x")
        self.cancel.clicked.connect(self._cancel)
        self.heading.add(self.cancel)
        self.chosen = Choice(self.tr("Connection"), theme)
        self.chosen.activated.connect(lambda _: self._choose(str(self.chosen.currentData())))
        self.where = shown.label("", theme=theme, color="text2", wrap=True)
        self.test = Button(self.tr("Test"), theme, "plug")
        self.test.clicked.connect(self._test)
        self.form = PullForm([(segment_title(name), name) for name in SEGMENTS], theme)
        self.form.wanted.connect(self._start)
        titles = [(entry.service.TITLE, name) for name, entry in SERVICES.items()]
        self.new = ConnectionForm(titles, [name for name in SERVICES if has_tenants(name)], theme)
        self.new.wanted.connect(self._add)
        self.outcome = shown.label("", theme=theme, wrap=True)
        self.bar = Bar(theme)
        strata = (Column(self.tr("stratum"), share=3), *(Column(name, 110, right=True) for name in self._figures()))
        self.strata = Table(self.tr("Strata"), strata, theme, margin=0, fits=True, can_choose=False)
        changes = (
            Column(self.tr("change"), 100),
            Column(self.tr("trace"), share=3),
            Column(self.tr("reviewer"), 110),
            Column(self.tr("label"), share=2),
            Column(self.tr("value"), 90),
            Column(self.tr("explanation"), share=3, least=560),
        )
        self.changes = Table(self.tr("What a push would change"), changes, theme, margin=0, can_choose=False)
        self.changes_about = shown.label("", theme=theme, color="text2", wrap=True)
        self.week = Choice(self.tr("Week to push"), theme)
        self.week.setMinimumContentsLength(8)
        self.week.chosen.connect(lambda week: self._choose_week(str(week)))
        self.look = Button(self.tr("What would change?"), theme, "list")
        self.look.clicked.connect(self._look)
        self.push = Button(self.tr("Push"), theme, "file-output")
        self.push.clicked.connect(self._push)
        self._lay_out()

    def _figures(self) -> tuple[str, ...]:
        return self.tr("in the service"), self.tr("drawn"), self.tr("chance")

    def _lay_out(self) -> None:
        left = self.fields = Scrolled(self.tr("Connection"), self.theme)
        for heading, parts in (
            (self.tr("Connection"), (self.chosen, self.where, self.test)),
            (self.tr("Pull"), (self.form,)),
            (self.tr("New connection"), (self.new,)),
        ):
            left.lines.addWidget(shown.label(heading, theme=self.theme, role="heading"))
            for part in parts:
                left.lines.addWidget(part)
            left.lines.addSpacing(8)
            left.lines.addWidget(Hairline(self.theme))
            left.lines.addSpacing(8)
        left.lines.addStretch(1)
        right = Ground(self.theme)
        lines = QVBoxLayout(right)
        lines.setContentsMargins(28, 20, 28, 20)
        lines.setSpacing(12)
        lines.addWidget(self.outcome)
        lines.addWidget(self.bar)
        lines.addWidget(self.strata)
        lines.addSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(shown.label(self.tr("Push codings back"), theme=self.theme, role="heading"))
        head.addStretch(1)
        head.addWidget(self.week)
        lines.addLayout(head)
        lines.addWidget(self.changes_about)
        lines.addWidget(self.changes, 1)
        lines.addStretch(0)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.look)
        foot.addWidget(self.push)
        lines.addLayout(foot)
        columns = QHBoxLayout()
        columns.setSpacing(0)
        columns.addWidget(left)
        columns.addWidget(Hairline(self.theme, standing=True))
        columns.addWidget(right, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.heading)
        whole.addLayout(columns, 1)
        self._share_width()

    def _share_width(self) -> None:
        self.fields.setFixedWidth(self.theme.px(WIDTH if self.width() >= self.theme.px(ROOMY) else NARROW))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the fields less room where there is little."""
        super().resizeEvent(event)
        self._share_width()

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        dress(self, theme)
        self._share_width()

    def _offer(self, name: str = "") -> None:
        from reviewer.verbs import connections

        try:
            self.state.offer({one.name: one for one in connections.listed()}, name)
        except Expected as why:
            self.bridge.went_wrong.emit(why)
        self.chosen.offer([(one, one) for one in self.state.connections], self.state.name)
        self._show()

    def _offer_weeks(self) -> None:
        known = [str(week.name) for week in reversed(weeks(self.bridge.reader, "trace"))]
        if self.state.week not in known:
            self.state.choose_week("")
        self.week.offer([(self.tr("all weeks"), ""), *((week, week) for week in known)], self.state.week)

    def refresh(self, changes: Changes) -> None:
        """Learn which weeks there are, and that what a push would change may be something else now."""
        if changes.weeks or changes.everything:
            self._offer_weeks()
        if changes.codings or changes.everything:
            self.state.outdate()
            self._show()

    def _choose_week(self, week: str) -> None:
        self.state.choose_week(week)
        self._show()

    def _choose(self, name: str) -> None:
        self.state.choose(name)
        self.outcome.setText("")
        self._show()

    def _add(self, entered: Connecting) -> None:
        from reviewer.verbs import connections

        try:
            made = connections.made(entered.name, entered.service, entered.address, entered.project, entered.tenant)
            added = connections.add(made, entered.key or None)
        except Expected as why:
            self.bridge.went_wrong.emit(why)
            return
        told = self.tr("The key is in the system's key store.")
        if added.kept is False:
            told = self.tr("There is no key store here that encrypts: the key is kept until the window closes.")
        self.outcome.setText(self.tr("Added.") + (f" {told}" if added.kept is not None else ""))
        self._offer(added.connection.name)

    def _test(self) -> None:
        from reviewer.verbs import connections

        if self.state.begin(Phase.TESTING):
            self.outcome.setText(self.tr("asking …"))
            self.bridge.job(
                connections.try_out_of, *connections.named(self.state.name), message=lambda _: None, done=self._tested
            )
            self._show()

    def _tested(self, end: "Message") -> None:
        self.state.end()
        if isinstance(end, Done):
            self.outcome.setText(str(end.result))
        elif isinstance(end, Broke):
            self.outcome.setText(f"{end.sentence} {end.next_step}".strip())
        self._show()

    def _start(self, told: Pulling) -> None:
        from reviewer.verbs import connections, pulling

        try:
            wanted = self._wanted(told)
            pulling.refuse(wanted)
            if not self.state.begin(Phase.PULLING):
                return
            connection, key = connections.named(self.state.name)
        except Expected as why:
            self.state.end()
            self.bridge.went_wrong.emit(why)
            return
        self._pull = self.bridge.pulling(connection, key, wanted, message=self._heard, done=self._pulled)
        self._show()

    def _wanted(self, told: Pulling) -> Wanted:
        zone, size = timezone(self.bridge.reader), told.size.strip()
        if size and not size.isdigit():
            raise UsageError(f"{size!r} is no number of traces.", "Leave it empty to read all.")
        period = day_start(told.start.strip(), zone), day_start(told.end.strip(), zone)
        return Wanted(*period, int(size) if size else None, told.by, told.filter.strip(), told.seed)

    def _heard(self, progress: Progress) -> None:
        self.state.hear(progress)
        self._show_progress()

    def _cancel(self) -> None:
        if self._pull is not None:
            self._pull.cancel()
        self.state.stop()
        self._show()

    def _pulled(self, report: "PullReport") -> None:
        self.state.end()
        self.state.report = report
        self._pull = None
        ended = {
            "done": self.tr("{drawn} of {population} traces were drawn: {new} are new, {same} were here."),
            "cancelled": self.tr("Stopped. Pull again, with the same fields, to go on from here."),
        }.get(report.state, self.tr("It broke off. Pull again, with the same fields, to go on from here."))
        said = ended.format(
            drawn=decimal(report.drawn), population=decimal(report.population),
            new=decimal(report.imported.imported), same=decimal(report.imported.unchanged + report.imported.updated),
        )  # fmt: skip
        reasons = [report.sentence, *(problem.reason for problem in report.imported.problems[:3])]
        self.outcome.setText("\n".join([said, *filter(None, reasons)]))
        self._show()
        self.bridge.changed.emit(Changes())  # nothing new, but the figure in the sidebar goes

    def _look(self) -> None:
        from reviewer.verbs import pushing

        if self.state.connection is not None and not self.state.busy:
            asked = self.state.connection, self.state.week or None
            self.bridge.ask(pushing.plan, *asked, then=lambda plan: self._planned(plan, *asked))

    def _planned(self, plan: "PushPlan", connection: "Connection", week: str | None) -> None:
        if (connection, week) == (self.state.connection, self.state.week or None):
            self.state.plan = plan
            self._show()

    def _push(self) -> None:
        from reviewer.verbs import connections, pushing

        plan = self.state.plan
        if plan is None or not plan.changes or not self.state.begin(Phase.PUSHING):
            return
        connection, key = connections.named(self.state.name)

        def heard(said: "Message") -> None:
            if isinstance(said, Batch):
                number, remote_id, refusal = said.content
                if refusal:
                    self.state.failed.append(refusal)
                else:
                    self.bridge.write(
                        pushing.note, connection, plan.changes[number], remote_id, then=lambda _: self._look()
                    )
                self._heard(Progress(number + 1, len(plan.changes)))

        self.bridge.job(pushing.send, connection, key, plan.changes, message=heard, done=self._pushed)
        self._show()

    def _pushed(self, end: "Message") -> None:
        self.state.end()
        reasons = [*dict.fromkeys(self.state.failed)][:3]
        if isinstance(end, Broke):
            reasons.append(f"{end.sentence} {end.next_step}".strip())
        self.outcome.setText("\n".join([self.tr("Pushed."), *reasons] if isinstance(end, Done) else reasons))
        self._look()
        self._show()

    def _show(self) -> None:
        state, plan = self.state, self.state.plan
        there = state.connection
        self.where.setText(f"{there.address}  ·  {there.project}" if there else self.tr("none yet: add one below"))
        for button in (self.test, self.form.pull, self.look):
            button.setEnabled(there is not None and not state.busy)
        self.new.add.setEnabled(not state.busy)
        self.chosen.setEnabled(bool(state.connections) and not state.busy)
        self.week.setEnabled(not state.busy)
        self.cancel.setVisible(state.phase in (Phase.PULLING, Phase.STOPPING))
        self.cancel.setEnabled(state.phase is Phase.PULLING)
        self.push.setEnabled(plan is not None and bool(plan.changes) and not state.busy)
        strata = state.report.strata if state.report else ()
        self.outcome.setVisible(bool(self.outcome.text()))
        self.strata.setVisible(bool(strata))
        self.strata.show_rows(len(strata), self._stratum)
        self.changes.setVisible(plan is not None and bool(plan.changes))
        self.changes.show_rows(len(plan.changes) if plan else 0, self._change)
        self._say_plan()
        self._show_progress()

    def _say_plan(self) -> None:
        plan = self.state.plan
        if plan is None:
            self.changes_about.setText(self.tr("Nothing is sent before you have seen what would change."))
            return
        said = self.tr("{new} would change, {same} stand there already, {files} codings are of traces from files.")
        figures = {"new": len(plan.changes), "same": plan.unchanged, "files": plan.from_files}
        self.changes_about.setText(said.format(**{name: decimal(value) for name, value in figures.items()}))

    def _show_progress(self) -> None:
        state = self.state
        self.bar.setVisible(state.phase in (Phase.PULLING, Phase.STOPPING, Phase.PUSHING))
        self.heading.about(
            {
                Phase.IDLE: self.tr("traces in from where they are, codings back to there"),
                Phase.TESTING: self.tr("asking …"),
                Phase.PULLING: self.tr("{} traces listed").format(decimal(state.done))
                if not state.total
                else self.tr("{} of {} traces read").format(decimal(state.done), decimal(state.total)),
                Phase.STOPPING: self.tr("stopping"),
                Phase.PUSHING: self.tr("{} of {} labels sent").format(decimal(state.done), decimal(state.total)),
            }[state.phase]
        )
        self.bar.say(state.part, share(state.part, 0))

    def _stratum(self, row: int) -> tuple[Cell, ...]:
        assert self.state.report is not None
        one = self.state.report.strata[row]
        return (
            Cell(one.name, weight=500),
            Cell(decimal(one.size)),
            Cell(decimal(one.drawn)),
            Cell(share(one.pi, 1), "text2"),
        )

    def _change(self, row: int) -> tuple[Cell, ...]:
        assert self.state.plan is not None
        push = self.state.plan.changes[row]
        kinds = {"new": self.tr("new"), "changed": self.tr("changed"), "withdrawn": self.tr("taken back")}
        label = push.label
        present = self.tr("present") if label.kind == "mode" else f"{label.value:g}" if label.kind == "score" else ""
        value = label.value if isinstance(label.value, str) else present
        return (
            Cell(kinds[push.kind]),
            Cell(label.trace, "text2", "mono"),
            Cell(label.reviewer),
            Cell(label.name, weight=500),
            Cell(value, "text2"),
            Cell(label.explanation, "text2"),
        )
