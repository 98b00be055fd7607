"""The page *Sources*."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.imports.drop import DropPlace
from reviewer.desktop.imports.state import ImportState, Phase
from reviewer.desktop.parts.controls import Button, Ground, dress
from reviewer.desktop.parts.heading import Heading
from reviewer.desktop.parts.table import Cell, Column, Table
from reviewer.desktop.theme import Theme
from reviewer.desktop.window import Page
from reviewer.jobs.messages import Progress
from reviewer.model.problem import Problem
from reviewer.verbs.changes import Changes
from reviewer.wording import decimal, share

if TYPE_CHECKING:
    from reviewer.desktop.bridge import Bridge
    from reviewer.verbs.importing import Import, Report


class Bar(QWidget):
    """A bar that fills from the left."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._part = 0.0
        self.setFixedHeight(theme.size("progress", "large"))

    def say(self, part: float, words: str) -> None:
        """Show how far, 0 to 1, and say it in words."""
        self._part = part
        self.setAccessibleName(words)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        self.setFixedHeight(theme.size("progress", "large"))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint track and bar."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.color("line"))
        painter.fillRect(QRectF(0, 0, self.width() * self._part, self.height()), self.theme.color("accent"))
        painter.end()


class ImportPage(Page):
    """Import traces and see what became of them."""

    name = "imports"

    def __init__(self, bridge: "Bridge", theme: Theme) -> None:
        super().__init__()
        self.bridge = bridge
        self.theme = theme
        self.state = ImportState()
        self._import: Import | None = None
        self._build()
        self._show()

    @property
    def title(self) -> str:
        """Return what the sidebar calls it."""
        return self.tr("Sources")

    @property
    def count(self) -> str:
        """Return how far a running import is."""
        return share(self.state.part, 0) if self.state.busy else ""

    def _build(self) -> None:
        theme = self.theme
        self.heading = Heading(self.title, theme)
        self.cancel = Button(self.tr("Cancel"), theme, "x")
        self.cancel.clicked.connect(self._cancel)
        self.more = Button(self.tr("Import more"), theme, "plus")
        self.more.clicked.connect(self._more)
        for button in (self.more, self.cancel):
            self.heading.add(button)
        self.drop = DropPlace(theme)
        self.drop.dropped.connect(self.start)
        self.drop.files_wanted.connect(self._choose_files)
        self.drop.folder_wanted.connect(self._choose_folder)
        self.figure = shown.label("", theme=theme, role="display")
        self.figure_about = shown.label("", theme=theme, color="text2")
        self.at = shown.label("", theme=theme, role="small", color="text2")
        self.bar = Bar(theme)
        self.outcome = shown.label("", theme=theme, color="text2", wrap=True)
        self.draw = Button(self.tr("Draw a week"), theme, "shuffle", primary=True)
        self.draw.clicked.connect(lambda: self.asked.emit("week", None))
        self.problems_title = shown.label(self.tr("What did not come in as it was"), theme=theme, role="heading")
        self.problems_about = shown.label("", theme=theme, color="text2")
        self.save = Button(self.tr("Save the report"), theme, "file-down")
        self.save.clicked.connect(self._save)
        self.table = Table(self.tr("What did not come in as it was"), self._columns(), theme)
        self._lay_out()

    def _lay_out(self) -> None:
        lines = QVBoxLayout()
        lines.setContentsMargins(28, 20, 28, 8)
        lines.setSpacing(12)
        lines.addWidget(self.drop)
        figures = QHBoxLayout()
        figures.setSpacing(10)
        figures.addWidget(self.figure)
        figures.addWidget(self.figure_about)
        figures.addStretch(1)
        figures.addWidget(self.at)
        figures.addWidget(self.draw)
        lines.addLayout(figures)
        lines.addWidget(self.bar)
        lines.addWidget(self.outcome)
        titles = QHBoxLayout()
        titles.setSpacing(12)
        titles.addWidget(self.problems_title)
        titles.addWidget(self.problems_about, 1)
        titles.addWidget(self.save)
        lines.addSpacing(8)
        lines.addLayout(titles)
        ground = Ground(self.theme)
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.heading)
        column.addLayout(lines)
        column.addWidget(self.table, 1)
        column.addStretch(0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(ground)

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(self.tr("what"), share=3),
            Column(self.tr("file"), share=2),
            Column(self.tr("where"), share=1),
            Column(self.tr("what was done"), 130),
        )

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        dress(self, theme)

    def refresh(self, changes: Changes) -> None:
        """Count what the running import stored."""
        if self.state.busy:
            self.state.stored(len(changes.traces))
            self._show_progress()

    def show_subject(self, subject: object) -> None:
        """Import a list of paths that another page or the desktop handed over."""
        if isinstance(subject, list):
            self.start(subject)

    def start(self, paths: Sequence[Path]) -> None:
        """Import files and folders, unless an import is running."""
        if self.state.begin(paths):
            self._import = self.bridge.importing(list(paths), message=self._heard, done=self._ended)
            self._show()

    def _choose_files(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, self.tr("Choose files"))
        self.start([Path(name) for name in chosen])

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder"))
        self.start([Path(chosen)] if chosen else [])

    def _more(self) -> None:
        self.state.again()
        self._show()

    def _cancel(self) -> None:
        if self._import is not None:
            self._import.cancel()
        self.state.stop()
        self._show()

    def _heard(self, progress: Progress) -> None:
        self.state.hear(progress)
        self._show_progress()

    def _ended(self, report: "Report") -> None:
        self.state.end(report)
        self._import = None
        self._show()
        self.bridge.changed.emit(Changes())  # nothing new, but the figure in the sidebar goes

    def _show(self) -> None:
        state = self.state
        self.drop.setVisible(state.phase is Phase.IDLE)
        self.more.setVisible(state.phase is Phase.ENDED)
        self.cancel.setVisible(state.busy)
        self.cancel.setEnabled(state.phase is Phase.RUNNING)
        for widget in (self.figure, self.figure_about, self.at):
            widget.setVisible(state.phase is not Phase.IDLE)
        self.bar.setVisible(state.busy)
        ended = state.phase is Phase.ENDED and state.report is not None
        self.outcome.setVisible(ended)
        self.draw.setVisible(ended and state.report is not None and state.report.did_anything)
        self._show_progress()
        self._show_problems()
        if ended and state.report is not None:
            self._say_outcome(state.report)

    def _show_progress(self) -> None:
        state = self.state
        if state.phase is Phase.ENDED:
            return
        names = ", ".join(path.name for path in state.paths[:3]) + (" …" if len(state.paths) > 3 else "")
        idle = self.tr("nothing leaves this machine")
        self.heading.about(self.tr("importing {}").format(names) if state.busy else idle)
        self.figure.setText(decimal(state.traces))
        stopping = state.phase is Phase.STOPPING
        self.figure_about.setText(self.tr("traces in, stopping") if stopping else self.tr("traces in, so far"))
        percent = share(state.part, 0)
        self.at.setText(f"{state.file}  ·  {percent}" if state.file else "")
        self.bar.say(state.part, self.tr("{} read").format(percent))

    def _say_outcome(self, report: "Report") -> None:
        self.heading.about(
            {
                "done": self.tr("the import is done"),
                "cancelled": self.tr("the import was stopped; what is in stays"),
                "broken": self.tr("the import broke off; what is in stays"),
            }.get(report.state, "")
        )
        self.figure.setText(decimal(report.imported))
        self.figure_about.setText(self.tr("traces are new"))
        self.at.setText("")
        parts = [
            self.tr("{} read").format(decimal(report.read)),
            self.tr("{} updated").format(decimal(report.updated)),
            self.tr("{} unchanged").format(decimal(report.unchanged)),
            self.tr("{} left out").format(decimal(report.failed)),
            self.tr("{} messages").format(decimal(report.messages)),
            self.tr("{} tool calls").format(decimal(report.tool_calls)),
            self.tr("{} documents").format(decimal(report.documents)),
            self.tr("{} scores").format(decimal(report.scores)),
        ]
        formats = [f"{name} {decimal(times)}" for name, times in report.by_format.most_common()]
        self.outcome.setText("  ·  ".join(parts) + ("\n" + "  ·  ".join(formats) if formats else ""))

    def _show_problems(self) -> None:
        problems = self.state.problems
        for widget in (self.problems_title, self.problems_about, self.save, self.table):
            widget.setVisible(bool(problems))
        reasons = len(self.state.reasons())
        lost = sum(problem.lost for problem in problems)
        said = self.tr("{lost} left out, {kept} taken with a warning, {reasons} reasons")
        kept = decimal(len(problems) - lost)
        self.problems_about.setText(said.format(lost=decimal(lost), kept=kept, reasons=decimal(reasons)))
        self.table.show_rows(len(problems), self._cells)

    def _cells(self, row: int) -> tuple[Cell, ...]:
        problem = self.state.problems[row]
        icon, color = ("circle-alert", "failed") if problem.lost else ("triangle-alert", "defer")
        done = self.tr("left out") if problem.lost else self.tr("kept, with a warning")
        return (
            Cell(problem.reason, weight=500, icon=icon, icon_color=color),
            Cell(Path(problem.file).name, "text2", "mono"),
            Cell(self.place(problem), "text2"),
            Cell(done, "text2"),
        )

    def place(self, problem: Problem) -> str:
        """Return where in its file a problem is: ``line 12``, ``data/a.json``, both or neither."""
        line = "" if problem.line is None else self.tr("line {}").format(decimal(problem.line))
        return ", ".join(filter(None, (line, problem.member)))

    def _save(self) -> None:
        report = self.state.report
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Save the report"), "import-report.json", "JSON (*.json)")
        if not name or report is None:
            return
        try:
            write_report(report, Path(name))
        except OSError as why:
            title = self.tr("The report could not be saved")
            reason = str(why.strerror or why)
            shown.message(self, title, reason, self.tr("Choose another place."), theme=self.theme)


def write_report(report: "Report", path: Path) -> None:
    """Write a report as JSON: the counts, and every problem with its file, line and reason."""
    path.write_text(json.dumps(report.as_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
