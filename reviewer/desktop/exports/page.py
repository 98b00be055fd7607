"""The page *Export*."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout

from reviewer.desktop import shown
from reviewer.desktop.exports.cards import TargetCards
from reviewer.desktop.exports.choices import Choices, SplitsAndRedaction
from reviewer.desktop.exports.pins import PinChoice
from reviewer.desktop.exports.state import ExportState, FirstRows, all_targets, first_rows, pretty, value_of
from reviewer.desktop.exports.upload import UploadView
from reviewer.desktop.exports.versions import VersionsView
from reviewer.desktop.parts.controls import Button, Ground, Hairline, dress
from reviewer.desktop.parts.controls import Column as Scrolled
from reviewer.desktop.parts.fields import Choice
from reviewer.desktop.parts.heading import Heading
from reviewer.desktop.parts.table import Cell, Column, Table
from reviewer.desktop.theme import Theme
from reviewer.desktop.window import Page
from reviewer.errors import Expected
from reviewer.jobs.messages import Broke, Cancelled, Done
from reviewer.jobs.running import without_channel
from reviewer.verbs.changes import Changes
from reviewer.wording import decimal
from reviewer.workspace.ask.queue import weeks
from reviewer.workspace.ask.settings import taxonomy, timezone

if TYPE_CHECKING:
    from reviewer.desktop.bridge import Bridge, Ticket
    from reviewer.jobs.running import Job
    from reviewer.verbs.datasets import Planned

EVERY_WEEK = ""
ROWS, VERSIONS, UPLOAD = "rows", "versions", "upload"


class ExportPage(Page):
    """Choose weeks and a target, look at the rows, write a folder."""

    name = "exports"

    def __init__(self, bridge: "Bridge", theme: Theme) -> None:
        super().__init__()
        self.bridge = bridge
        self.theme = theme
        self.state = ExportState(bridge.workspace_path, ())
        self._ticket: Ticket | None = None
        self._job: Job | None = None
        self._counting: Planned | None = None
        self._stale = True

    @property
    def title(self) -> str:
        """Return what the sidebar calls it."""
        return self.tr("Export")

    def _build(self) -> None:
        theme = self.theme
        self.heading = Heading(self.title, theme)
        self.heading.about(self.tr("a labelled set, written as a folder with its manifest"))
        self.shown = Choice(self.tr("Show"), theme)
        self.shown.offer(self._views(False), ROWS)
        self.shown.chosen.connect(self._turn_to)
        self.heading.add(self.shown)
        self.chosen = Choices(self.state, theme)
        self.chosen.week.connect(self._choose_week)
        self.chosen.narrowed.connect(self._chosen)
        self.more = SplitsAndRedaction(theme)
        self.more.redact.connect(self._redact)
        self.versions = VersionsView(self.bridge, timezone(self.bridge.reader), theme)
        self.versions.results.trend.connect(lambda: self.asked.emit("scorecard", None))
        self.upload = UploadView(self.bridge, theme)
        self.cards = TargetCards(self.state.targets, self._abouts(), theme)
        self.cards.chosen.connect(self._choose_target)
        self.losses = shown.label("", theme=theme, color="text2", wrap=True)
        self.rows_about = shown.label("", theme=theme, color="text2", elide=Qt.TextElideMode.ElideRight)
        self.rows_about.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.table = Table(self.tr("The rows that will be written"), self._columns(), theme, margin=28)
        self.table.chosen.connect(self._show_row)
        self.row_title = shown.label("", theme=theme, weight=600, elide=Qt.TextElideMode.ElideRight)
        self.pin = PinChoice(self.bridge, theme)
        self.pin.moved.connect(self._moved)
        self.row = shown.label("", theme=theme, role="mono", wrap=True)
        self.row.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.row.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.row.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.place = shown.label("", theme=theme, role="small", color="text2", elide=Qt.TextElideMode.ElideMiddle)
        self.outcome = shown.label("", theme=theme, wrap=True)
        self.folder = Button(self.tr("Choose folder"), theme, "folder-open")
        self.folder.clicked.connect(self._choose_folder)
        self.to_upload = Button(self.tr("Upload"), theme, "plug")
        self.to_upload.clicked.connect(lambda: self._turn_to(UPLOAD))
        self.write = Button(self.tr("Write the set"), theme, "package-check", primary=True)
        self.write.clicked.connect(self._write)
        self._lay_out()

    def _lay_out(self) -> None:
        columns = QHBoxLayout()
        columns.setSpacing(0)
        self.choices = self._choices()
        columns.addWidget(self.choices)
        columns.addWidget(Hairline(self.theme, standing=True))
        self.right = QStackedWidget()
        self.right.addWidget(self._right())
        self.right.addWidget(self.versions)
        self.right.addWidget(self.upload)
        columns.addWidget(self.right, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.heading)
        whole.addLayout(columns, 1)
        self._share_width()

    def _choices(self) -> Scrolled:
        left = Scrolled(self.tr("What to export"), self.theme)
        left.lines.addWidget(self.chosen)
        left.lines.addSpacing(8)
        left.lines.addWidget(Hairline(self.theme))
        left.lines.addSpacing(8)
        left.lines.addWidget(shown.label(self.tr("Target"), theme=self.theme, weight=600))
        left.lines.addWidget(self.cards)
        left.lines.addWidget(self.to_upload)
        left.lines.addSpacing(8)
        left.lines.addWidget(Hairline(self.theme))
        left.lines.addSpacing(8)
        left.lines.addWidget(self.more)
        left.lines.addSpacing(8)
        left.lines.addWidget(Hairline(self.theme))
        left.lines.addSpacing(8)
        left.lines.addWidget(shown.label(self.tr("What is not carried over"), theme=self.theme, weight=600))
        left.lines.addWidget(self.losses)
        left.lines.addStretch(1)
        return left

    def _right(self) -> Ground:
        right = Ground(self.theme)
        lines = QVBoxLayout(right)
        lines.setContentsMargins(0, 20, 0, 20)
        lines.setSpacing(8)
        head = QHBoxLayout()
        head.setContentsMargins(28, 0, 28, 0)
        head.addWidget(shown.label(self.tr("The rows that will be written"), theme=self.theme, weight=600))
        head.setSpacing(12)
        head.addWidget(self.rows_about, 1)
        lines.addLayout(head)
        lines.addWidget(self.table, 2)
        inside = QVBoxLayout()
        inside.setContentsMargins(28, 8, 28, 0)
        inside.setSpacing(8)
        of_row = QHBoxLayout()
        of_row.setSpacing(12)
        of_row.addWidget(self.row_title, 3)
        of_row.addWidget(self.pin, 2)
        inside.addLayout(of_row)
        box = Scrolled(self.tr("One row"), self.theme, (14, 10, 14, 10), role="sunken")
        box.lines.addWidget(self.row)
        box.lines.addStretch(1)
        inside.addWidget(box, 1)
        inside.addWidget(self.outcome)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.place, 1)
        foot.addWidget(self.folder)
        foot.addWidget(self.write)
        inside.addLayout(foot)
        lines.addLayout(inside, 3)
        return right

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(self.tr("row"), 28, right=True),
            Column(self.tr("split"), 84, least=420),
            Column(self.tr("input, its last turn"), share=3),
            Column(self.tr("expected"), share=2, least=520),
            Column(self.tr("verdict"), 56),
        )

    def _abouts(self) -> dict[str, str]:
        return {
            "jsonl": self.tr("one row a trace"),
            "inspect": self.tr("samples and a task"),
            "promptfoo": self.tr("tests and a config"),
            "hf": self.tr("folder with card"),
            "deepeval": self.tr("goldens"),
            "langfuse": self.tr("dataset items"),
            "langsmith": self.tr("examples"),
            "phoenix": self.tr("examples"),
            "mlflow": self.tr("dataset records"),
            "braintrust": self.tr("dataset rows"),
            "ragas": self.tr("samples by turns"),
            "openai": self.tr("evals and fine-tuning"),
            "judge": self.tr("one label a mode"),
            "labels": self.tr("a table without texts"),
            "csv": self.tr("tables, two ways"),
        }

    def activated(self) -> None:
        """Look again where something changed."""
        if not self.state.targets:
            # The targets come with their writers: nothing that the window's start should pay for.
            self.state = ExportState(self.bridge.workspace_path, all_targets())
            self._build()
            self._show()
        else:
            self._offer_upload()  # connections may have come or gone on another page
        if self._stale:
            self._ask()

    def refresh(self, changes: Changes) -> None:
        """Learn that codings or weeks changed."""
        if changes.codings or changes.weeks or changes.taxonomy or changes.everything:
            self._stale = True
            self.state.replan()
            if self.isVisible() and self.state.targets:
                self._ask()
        if (changes.datasets or self._stale) and self.state.targets and self.right.currentWidget() is self.versions:
            self._ask_standing()

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        dress(self, theme)
        if self.state.targets:
            self._share_width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the left column less where there is little."""
        super().resizeEvent(event)
        if self.state.targets:
            self._share_width()

    def _share_width(self) -> None:
        self.choices.setFixedWidth(self.theme.px(400 if self.width() >= self.theme.px(1072) else 312))

    def _ask(self) -> None:
        if self._ticket is not None:
            self._ticket.drop()
        self._stale = False
        state = self.state
        known = [str(week.name) for week in reversed(weeks(self.bridge.reader, "trace"))]
        self.chosen.offer(known, taxonomy(self.bridge.reader))
        self._count_found()
        self._ticket = self.bridge.ask(
            first_rows, state.target, state.choice, state.redact, state.plan, then=self._take, failed=self._refused
        )

    def _take(self, answer: FirstRows) -> None:
        self.state.show_rows(answer.rows, answer.labelled, answer.found)
        self.chosen.more.offer(answer.offers, taxonomy(self.bridge.reader))
        self._show()
        if self.state.plan is None and answer.rows:
            self._plan(then=lambda: None)

    def _plan(self, then: Callable[[], None]) -> None:
        """Work out the version in another process: its number, its splits, what is left out."""
        from reviewer.verbs.datasets import plan_of

        if self._job is not None:
            self._job.cancel()
        asked = self.state.choice

        def end(came: Done | Cancelled | Broke) -> None:
            if asked != self.state.choice or isinstance(came, Cancelled):
                return
            self._job = None
            if isinstance(came, Done):
                self.state.plan = came.result
                self._ask()
                self._show()
                then()
            else:
                self._ended(came)

        path = str(self.state.workspace)
        self._job = self.bridge.job(without_channel, plan_of, path, asked, message=lambda _: None, done=end)

    def _count_found(self) -> None:
        """Count what redaction takes out of the whole version, in another process."""
        state, plan = self.state, self.state.plan
        if not state.redact or plan is None or state.found_in_all is not None or self._counting is plan:
            return
        from reviewer.verbs.exporting import found_by_redaction_of

        self._counting = plan

        def end(came: Done | Cancelled | Broke) -> None:
            if isinstance(came, Done) and state.plan is plan:
                state.found_in_all = came.result
                self.more.show_state(state)

        self.bridge.job(
            without_channel, found_by_redaction_of, str(state.workspace), plan, message=lambda _: None, done=end
        )

    def _moved(self) -> None:
        """Plan anew: the session of a row was given another split."""
        self.state.replan()
        self._chosen()

    def _turn_to(self, what: object) -> None:
        """Show the rows to write, the versions and what they cover, or what an upload would change."""
        self.shown.setCurrentIndex(self.shown.findData(what))
        self.right.setCurrentIndex([ROWS, VERSIONS, UPLOAD].index(str(what)))
        if what == VERSIONS:
            self._ask_standing()

    def _views(self, upload: bool) -> list[tuple[str, str]]:
        views = [(self.tr("Rows"), ROWS), (self.tr("Versions"), VERSIONS)]
        return [*views, (self.tr("Upload"), UPLOAD)] if upload else views

    def _offer_upload(self) -> None:
        """Offer to upload where a connection leads to the service of the target."""
        there = self.upload.offer(self.state.target, self.state.plan, self.state.redact)
        self.to_upload.setVisible(there)
        self.to_upload.say(self.tr("Upload to {}").format(shown.safe(self.upload.state.name, 16)))
        now = self.shown.currentData()
        now = ROWS if now == UPLOAD and not there else now
        self.shown.offer(self._views(there), now)
        self.right.setCurrentIndex([ROWS, VERSIONS, UPLOAD].index(now))

    def _ask_standing(self) -> None:
        from reviewer.verbs.coverage import standing_of

        path = str(self.state.workspace)
        self.bridge.job(without_channel, standing_of, path, message=lambda _: None, done=self._take_standing)

    def _take_standing(self, end: Done | Cancelled | Broke) -> None:
        if isinstance(end, Done):
            self.versions.show_standing(end.result)

    def _redact(self, on: bool) -> None:
        self.state.narrow(redact=on)
        self._chosen()

    def _chosen(self) -> None:
        self._ask()
        self._show()

    def _refused(self, why: BaseException) -> None:
        if not isinstance(why, Expected):
            raise why
        self.state.rows = []
        self.state.refuse(str(why))
        self._show()

    def _choose_week(self, week: object) -> None:
        self.state.choose(week=str(week), every_week=week == EVERY_WEEK)
        self._ask()
        self._show()

    def _choose_target(self, name: str) -> None:
        self.state.choose(target=name)
        self._ask()
        self._show()

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder"), str(self.state.out.parent))
        if chosen:
            self.state.folder = Path(chosen)
            self.state.choose()
            self._show()

    def _write(self) -> None:
        state = self.state
        if not state.can_write:
            return
        state.begin()
        self._show()
        if state.plan is not None:
            self._keep()
        else:
            self._plan(then=self._keep)

    def _keep(self) -> None:
        from reviewer.verbs.datasets import keep

        self.bridge.write(keep, self.state.plan, then=lambda _: self._write_planned(), failed=self._refused)

    def _write_planned(self) -> None:
        from reviewer.verbs.exporting import export_of

        state = self.state
        path, out = str(state.workspace), str(state.out)
        self.bridge.job(
            without_channel,
            export_of,
            path,
            state.target,
            out,
            state.plan,
            state.redact,
            message=lambda _: None,
            done=self._ended,
        )

    def _ended(self, end: Done | Cancelled | Broke) -> None:
        if isinstance(end, Done):
            self.state.end(end.result)
            self.pin.show_trace(self.pin.trace)
        elif isinstance(end, Broke):
            self.state.refuse(f"{end.sentence} {end.next_step}".strip())
        else:
            self.state.refuse(self.tr("The export was stopped; nothing was written."))
        self._show()

    def _show(self) -> None:
        state = self.state
        self.cards.mark(state.target)
        self.chosen.show_state()
        self.more.show_state(state)
        self.losses.setText("\n".join(f"– {loss}" for loss in state.chosen.loses))
        self.rows_about.setText(self._rows_about())
        self.table.show_rows(len(state.rows), self._cells)
        self._show_row(self.table.row())
        self.place.setText(str(state.out))
        shown.tip(self.place, str(state.out))
        self.write.setEnabled(state.can_write)
        number = state.plan.version.number if state.plan is not None else 0
        ready = self.tr("Write version {}").format(number) if number else self.tr("Write the set")
        self.write.say(self.tr("Writing") if state.writing else ready)
        self._offer_upload()
        self._say_outcome()

    def _rows_about(self) -> str:
        state = self.state
        if not state.rows:
            return self.tr("no rows: nothing that is submitted matches")
        first = self.tr("the first {} shown").format(decimal(len(state.rows)))
        if state.plan is None:
            return first
        version = state.plan.version
        if version.rows <= len(state.rows):
            first = self.tr("all shown")
        return self.tr("{rows} rows, version {n}; {first}").format(
            first=first, rows=decimal(version.rows), n=version.number
        )

    def _show_row(self, row: int) -> None:
        rows = self.state.rows
        here = 0 <= row < len(rows)
        title = self.tr("Row {n} as {target} will read it").format(n=decimal(row + 1), target=self.state.chosen.title)
        self.row_title.setText(title if here else "")
        self.row.setText(pretty(rows[row]) if here else "")
        examples = self.state.plan.rows if self.state.plan is not None else ()
        trace = str(examples[row].trace) if here and row < len(examples) else ""
        if trace != self.pin.trace:
            self.pin.show_trace(trace)

    def _cells(self, row: int) -> tuple[Cell, ...]:
        found = self.state.rows[row]
        verdict, split = value_of(found, "verdict"), value_of(found, "split")
        return (
            Cell(decimal(row + 1), "text2"),
            Cell(chips=(split,) if split else ()),
            Cell(value_of(found, "input")),
            Cell(value_of(found, "expected") or value_of(found, "target"), "text2"),
            Cell(verdict, {"pass": "passed", "fail": "failed"}.get(verdict, "text2")),
        )

    def _say_outcome(self) -> None:
        state = self.state
        if state.trouble:
            self.outcome.set_color("failed")
            self.outcome.setText(state.trouble)
        elif state.written is not None and state.plan is not None:
            from reviewer.verbs.exporting import sentences

            self.outcome.set_color("passed")
            self.outcome.setText("\n".join(sentences(state.written, state.plan)))
        self.outcome.setVisible(bool(state.trouble or state.written))
