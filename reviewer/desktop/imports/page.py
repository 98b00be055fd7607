"""The page *Sources*."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.imports.drop import DropPlace
from reviewer.desktop.imports.labels import LabelsPane
from reviewer.desktop.imports.labels_state import LabelsState
from reviewer.desktop.imports.looking import MOST_FILES, Looking
from reviewer.desktop.imports.preview import PreviewPane
from reviewer.desktop.imports.state import ImportState, Phase
from reviewer.desktop.parts.controls import Button, Ground, dress
from reviewer.desktop.parts.heading import Heading
from reviewer.desktop.parts.table import Cell, Column, Table
from reviewer.desktop.theme import Theme
from reviewer.desktop.window import Page
from reviewer.errors import Expected
from reviewer.jobs.messages import Batch, Broke, Done, Progress
from reviewer.model.problem import Problem
from reviewer.verbs.changes import Changes
from reviewer.wording import decimal, share
from reviewer.workspace.ask.mappings import mappings
from reviewer.workspace.ask.segments import rules

if TYPE_CHECKING:
    from reviewer.desktop.bridge import Bridge
    from reviewer.jobs.messages import Message
    from reviewer.jobs.running import Job
    from reviewer.sources.tables.columns import Use
    from reviewer.verbs.annotating import Labels
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
        self.looking = Looking()
        self.labels_said = LabelsState()
        self._import: Import | None = None
        self._look: Job | None = None
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
        self.bring = Button(self.tr("Import"), theme, "download", primary=True)
        self.bring.clicked.connect(self._bring_in)
        self.segments = Button(self.tr("Segments"), theme, "layers")
        self.segments.clicked.connect(lambda: self.asked.emit("segments", None))
        self.label = Button(self.tr("Codings of labels"), theme, "tags")
        self.label.clicked.connect(self._ask_of_labels)
        self.code = Button(self.tr("Make codings"), theme, "check", primary=True)
        self.code.clicked.connect(self._code_labels)
        self.labels = LabelsPane(self.labels_said, theme)
        self.labels.changed.connect(lambda: self.code.setEnabled(self.labels_said.may_code))
        for button in (self.label, self.segments, self.more, self.cancel, self.bring, self.code):
            self.heading.add(button)
        self.preview = PreviewPane(self.looking, theme)
        self.preview.format_said.connect(self._say_format)
        self.preview.all_so.connect(self._say_format_of_all)
        self.preview.look_wanted.connect(lambda: self._look_again(self.looking.again_where_stale()))
        self.preview.use_said.connect(self._say_use)
        self.preview.wanted.connect(self._bring_in)
        self.drop = DropPlace(theme)
        self.drop.dropped.connect(self.look_at)
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
        lines.addStretch(1)
        ground = Ground(self.theme)
        column = QVBoxLayout(ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.heading)
        self.outside = QWidget()
        self.outside.setLayout(lines)
        self.outside.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        column.addWidget(self.outside)
        column.addWidget(self.preview, 1)
        column.addWidget(self.labels, 1)
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
        """Look at a list of paths that another page or the desktop handed over."""
        if isinstance(subject, list):
            self.look_at(subject)

    def look_at(self, paths: Sequence[Path]) -> None:
        """Show what files and folders would give, before anything is written, unless an import is running."""
        if not self.state.look(paths):
            return
        from reviewer import sources

        self.looking.begin(paths, mappings(self.bridge.reader))
        self.preview.offer_formats(sources.names())
        self._look_again(paths)
        self._show()
        self.preview.files.setFocus()

    def start(self, paths: Sequence[Path]) -> None:
        """Import files and folders, unless an import is running."""
        if self.state.begin(paths):
            self._import = self.bridge.importing(
                list(paths), message=self._heard, done=self._ended,
                format=self.looking.format, said=self._said(), formats=self.looking.formats,
            )  # fmt: skip
            self._show()

    def _said(self) -> "dict[str, dict[str, Use]]":
        """Return what was said of columns, now and before."""
        from reviewer.verbs.mappings import parsed

        return {key: parsed(uses) for key, uses in self.looking.said.items()}

    def _bring_in(self) -> None:
        if self.state.phase is not Phase.LOOKING or not self.looking.gives_anything:
            return
        from reviewer.verbs.mappings import remember

        self._stop_looking()
        said = self._said()
        for key in self.looking.changed:
            self.bridge.write(remember, key, said[key])
        self.start(self.looking.paths)

    def _say_format(self, format: str | None) -> None:
        if self.looking.say_format(format):
            self._look_again(self.looking.again_where_stale())

    def _say_format_of_all(self) -> None:
        self.looking.say_format_of_all()
        self.looking.again()
        self._look_again(self.looking.paths)

    def _say_use(self, column: str, use: str) -> None:
        if self.looking.say(column, use):
            self._look_again(self.looking.again_where_stale())

    def _look_again(self, paths: Sequence[Path]) -> None:
        """Look at files in another process; what an earlier look still says is not heard any more."""
        from reviewer.verbs.previewing import look

        self._stop_looking()
        turn = self.looking.turn
        self._look = self.bridge.job(
            look, list(paths), self.looking.format, self._said(), MOST_FILES, self.looking.formats,
            rules(self.bridge.reader),
            message=lambda said: self._seen(turn, said), done=lambda end: self._looked(turn, end),
        )  # fmt: skip
        self.preview.show_all()
        self._show_looking()

    def _stop_looking(self) -> None:
        if self._look is not None:
            self._look.cancel()
            self._look = None

    def _seen(self, turn: int, said: "Message") -> None:
        if isinstance(said, Batch) and self.looking.take(turn, said.content):
            self.preview.show_all()
            self._show_looking()

    def _looked(self, turn: int, end: "Message") -> None:
        if turn != self.looking.turn:
            return
        self._look = None
        self.looking.end(turn, end.result if isinstance(end, Done) else [])
        self.preview.show_all()
        self._show_looking()
        if isinstance(end, Broke) and self.state.phase is Phase.LOOKING:
            self.bridge.went_wrong.emit(Expected(end.sentence, end.next_step))

    def _show_looking(self) -> None:
        if self.state.phase is not Phase.LOOKING:
            return
        looking = self.looking
        self.bring.setEnabled(looking.gives_anything)
        files = decimal(len(looking.files))
        about = (
            self.tr("looking …") if not looking.is_done else self.tr("files: {}, nothing is written yet").format(files)
        )
        self.heading.about(about)

    def _choose_files(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, self.tr("Choose files"))
        self.look_at([Path(name) for name in chosen])

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder"))
        self.look_at([Path(chosen)] if chosen else [])

    def _more(self) -> None:
        self.state.again()
        self._show()

    def _cancel(self) -> None:
        if self.state.phase is Phase.LOOKING:
            self._stop_looking()
            self.looking.again()
            self._more()
            return
        if self.state.phase is Phase.LABELS:
            self.state.ask_of_labels(False)
            self._show()
            return
        if self._import is not None:
            self._import.cancel()
        self.state.stop()
        self._show()

    def _heard(self, progress: Progress) -> None:
        self.state.hear(progress)
        self._show_progress()

    def _ended(self, report: "Report") -> None:
        from reviewer.verbs.annotating import labels

        self.state.end(report)
        self._import = None
        self._show()
        if report.scores or self.looking.wants_codings:
            self.bridge.ask(labels, then=self._learn_labels)
        self.bridge.changed.emit(Changes())  # nothing new, but the figure in the sidebar goes

    def _learn_labels(self, found: "list[Labels]") -> None:
        self.labels_said.learn(found)
        self._show()
        if found and self.looking.wants_codings:
            self._ask_of_labels()

    def _ask_of_labels(self) -> None:
        from reviewer.workspace.ask.settings import taxonomy

        self.state.ask_of_labels()
        self.labels.modes = taxonomy(self.bridge.reader).active
        self.labels.show_labels()
        self._show()

    def _code_labels(self) -> None:
        from reviewer.verbs.annotating import code_as_said

        said, labels = self.labels_said, self.labels_said.labels
        if labels is None or not said.may_code:
            return
        said.is_writing, said.trouble = True, ""
        self.bridge.write_with_reader(
            code_as_said, labels.name, said.week, said.meanings(), said.reviewer, True,
            then=self._labels_coded, failed=self._labels_failed,
        )  # fmt: skip
        self._show()

    def _labels_coded(self, changes: Changes) -> None:
        self.labels_said.is_writing = False
        self.state.ask_of_labels(False)
        self._show()
        coded = self.tr("{traces} labelled traces are coded in the week {week}")
        self.heading.about(coded.format(traces=decimal(len(changes.codings)), week=self.labels_said.week.strip()))

    def _labels_failed(self, why: BaseException) -> None:
        self.labels_said.is_writing = False
        if not isinstance(why, Expected):
            raise why
        self.labels_said.trouble = str(why)
        self.labels.show_trouble()
        self._show()

    def _show(self) -> None:
        state = self.state
        self.drop.setVisible(state.phase is Phase.IDLE)
        for button in (self.segments, self.more):
            button.setVisible(state.phase is Phase.ENDED)
        self.label.setVisible(state.phase is Phase.ENDED and bool(self.labels_said.offered))
        looking, labels = state.phase is Phase.LOOKING, state.phase is Phase.LABELS
        self.cancel.setVisible(state.busy or looking or labels)
        self.code.setVisible(labels)
        self.code.setEnabled(self.labels_said.may_code)
        self.labels.setVisible(labels)
        self.cancel.setEnabled(state.phase is not Phase.STOPPING)
        self.bring.setVisible(looking)
        self.preview.setVisible(looking)
        self.outside.setVisible(not looking and not labels)
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
        if state.phase is Phase.LABELS:
            self.heading.about(self.tr("what the labels mean; nothing is written yet"))
        if state.phase in (Phase.ENDED, Phase.LOOKING, Phase.LABELS):
            self._show_looking()
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
        problems = self.state.problems if self.state.phase is not Phase.LABELS else []
        for widget in (self.problems_title, self.problems_about, self.save, self.table):
            widget.setVisible(bool(problems))
        reasons = len(self.state.reasons())
        lost = sum(problem.lost for problem in problems)
        said = self.tr("left out: {lost}  ·  warnings: {kept}  ·  reasons: {reasons}")
        kept = decimal(len(problems) - lost)
        self.problems_about.setText(said.format(lost=decimal(lost), kept=kept, reasons=decimal(reasons)))
        self.table.show_rows(len(problems), self._cells)

    def _cells(self, row: int) -> tuple[Cell, ...]:
        problem = self.state.problems[row]
        icon, color = ("circle-alert", "failed") if problem.lost else ("triangle-alert", "defer")
        done = self.tr("left out") if problem.lost else self.tr("a warning")
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
