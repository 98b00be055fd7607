"""Before an import: each file with what it seems to be, the columns of a table with their use, and one transcript."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.imports.looking import Looking, uses_of
from reviewer.desktop.parts.controls import Button, Hairline, empty
from reviewer.desktop.parts.controls import Column as Scrolled
from reviewer.desktop.parts.fields import Choice, Tick
from reviewer.desktop.parts.table import Cell, Column, Table
from reviewer.desktop.theme import Theme
from reviewer.wording import decimal

if TYPE_CHECKING:
    from reviewer.sources.preview import ColumnPreview, Example, Preview

MOST_COLUMNS = 120
_FILES_SHOWN = 5


class PreviewPane(QWidget):
    """Shows a ``Looking``. ``format_said`` carries a format or None, ``use_said`` a column and its use.

    ``look_wanted`` asks for a look at the chosen file, ``all_so`` for reading every file as the chosen one.
    """

    format_said = Signal(object)
    all_so = Signal()
    look_wanted = Signal()
    use_said = Signal(str, str)
    wanted = Signal()

    def __init__(self, looking: Looking, theme: Theme) -> None:
        super().__init__()
        self.looking, self.theme = looking, theme
        self.choices: dict[str, Choice] = {}
        self._shown_key = ""
        self.files = Table(self.tr("Files"), self._columns(), theme)
        self.files.chosen.connect(self._choose)
        self.files.opened.connect(lambda row: self.wanted.emit())
        self.format = Choice(self.tr("Read this file as"), theme)
        self.format.setFixedWidth(theme.px(230))
        self.format.chosen.connect(self.format_said)
        self.all = Button(self.tr("Read all files so"), theme)
        self.all.clicked.connect(self.all_so)
        self.codings = Tick(self.tr("Make codings of the labels that people gave"), theme)
        self.codings.toggled.connect(self._want_codings)
        self.hint = shown.label("", theme=theme, color="text2", wrap=True)
        self.columns_title = shown.label(self.tr("What the columns mean"), theme=theme, role="heading")
        self.columns = Scrolled(self.tr("What the columns mean"), theme, (28, 4, 20, 20))
        self.transcript_title = shown.label(self.tr("The first transcript"), theme=theme, role="heading")
        self.transcript = Scrolled(self.tr("The first transcript"), theme, (20, 4, 28, 20))
        self._lay_out()

    def _columns(self) -> tuple[Column, ...]:
        return (
            Column(self.tr("file"), share=2),
            Column(self.tr("recognised as"), 190),
            Column(self.tr("because"), share=3),
            Column(self.tr("records"), 120, right=True),
        )

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(28, 8, 28, 4)
        row.setSpacing(10)
        row.addWidget(shown.label(self.tr("Read this file as"), theme=self.theme, color="text2"))
        row.addWidget(self.format)
        row.addWidget(self.all)
        row.addWidget(self.hint, 1)
        row.addWidget(self.codings)
        self.left = QWidget()
        left = _lines(self.left)
        left.addLayout(_indented(self.columns_title, 28))
        left.addWidget(self.columns, 1)
        right_side = QWidget()
        right = _lines(right_side)
        self.transcript_place = _indented(self.transcript_title, 20)
        right.addLayout(self.transcript_place)
        right.addWidget(self.transcript, 1)
        self.line = Hairline(self.theme, standing=True)
        halves = QHBoxLayout()
        halves.setContentsMargins(0, 8, 0, 0)
        halves.setSpacing(0)
        halves.addWidget(self.left, 1)
        halves.addWidget(self.line)
        halves.addWidget(right_side, 1)
        whole = _lines(self)
        whole.addWidget(self.files)
        whole.addLayout(row)
        whole.addLayout(halves, 1)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        self._size_files()
        self._shown_key = ""  # what is made anew for each file is made in the new theme, and in its size
        self.format.setFixedWidth(theme.px(230))
        self.show_file()

    def offer_formats(self, names: list[str]) -> None:
        """Offer the formats that a file can be read as."""
        lines: list[tuple[str, object]] = [(self.tr("what it is recognised as"), None)]
        self.format.offer([*lines, *((name, name) for name in names)], self.looking.format_here)

    def show_all(self) -> None:
        """Show the files as they are known by now."""
        self.files.show_rows(len(self.looking.files), self._cells)
        self._size_files()
        self.show_file()

    def show_file(self) -> None:
        """Show the chosen file: its columns, and its first transcript."""
        file, table = self.looking.file, self.looking.table
        self.hint.setText(self._hint(file))
        self.codings.setVisible(bool(self.looking.labels))
        self.codings.setChecked(self.looking.wants_codings)
        self.format.setCurrentIndex(self.format.findData(self.looking.format_here))
        self.all.setVisible(bool(self.looking.formats) and len(self.looking.files) > 1)
        for widget in (self.left, self.line):
            widget.setVisible(table is not None)
        edge = 28 if table is None else 20
        self.transcript_place.setContentsMargins(edge, 4, 20, 4)
        self.transcript.lines.setContentsMargins(edge, 4, 28, 20)
        key = f"{file.path}\n{table.key}" if file is not None and table is not None else ""
        if key != self._shown_key:
            self._shown_key = key
            self._make_columns()
        for column, choice in self.choices.items():
            choice.setCurrentIndex(choice.findData(self.looking.use(column)))
        self._show_transcript(file.example if file is not None else None)

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self.looking.files) and row != self.looking.row:
            if self.looking.choose(row):
                self.look_wanted.emit()
            self.show_file()

    def _want_codings(self, wanted: bool) -> None:
        self.looking.wants_codings = wanted

    def _size_files(self) -> None:
        rows = min(max(1, len(self.looking.files)), _FILES_SHOWN)
        self.files.setFixedHeight(self.theme.px(32) + rows * self.files.row_height + 2)

    def _cells(self, row: int) -> tuple[Cell, ...]:
        file = self.looking.files[row]
        name = Cell(Path(file.path).name, font="mono", icon="file-text")
        if file.path in self.looking.waiting:
            return (
                name,
                Cell(self.tr("not looked at yet"), "text2"),
                Cell(self.tr("choose it to look"), "text2"),
                Cell(""),
            )
        if file.example is None:
            known = self.tr("table without a use") if file.table is not None else self.tr("not recognised")
            unknown = Cell(known, "failed", icon="circle-alert", icon_color="failed")
            return (name, unknown, Cell(file.refusal.partition(". ")[0], "text2"), Cell(""))
        return (name, Cell(file.format), Cell(file.why, "text2"), Cell(self._count(file), weight=500))

    def _hint(self, file: "Preview | None") -> str:
        """Return the next step where a file would give nothing."""
        if file is None or file.example is not None or file.path in self.looking.waiting:
            return ""
        if file.table is not None:
            return self.tr("Choose the column that holds what the user says, and the one that holds the answer.")
        return file.refusal

    def _count(self, file: "Preview") -> str:
        return decimal(file.records) if file.is_whole else self.tr("at least {}").format(decimal(file.records))

    def _make_columns(self) -> None:
        empty(self.columns.lines)
        self.choices = {}
        table = self.looking.table
        if table is None:
            return
        for column in table.columns[:MOST_COLUMNS]:
            self.columns.lines.addLayout(self._column_row(column))
        left = len(table.columns) - MOST_COLUMNS
        if left > 0:
            more = self.tr("{} more columns can be named on the command line").format(decimal(left))
            self.columns.lines.addWidget(shown.label(more, theme=self.theme, color="text2"))
        self.columns.lines.addStretch(1)

    def _column_row(self, column: "ColumnPreview") -> QHBoxLayout:
        theme = self.theme
        choice = Choice(self.tr("What {} means").format(column.name), theme)
        choice.setMinimumContentsLength(6)
        choice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        choice.setMaximumWidth(theme.px(240))
        offered = uses_of(column, roles())
        choice.offer([(use_title(use), use) for use in offered], self.looking.use(column.name))
        choice.chosen.connect(lambda use, name=column.name: self.use_said.emit(name, use))
        self.choices[column.name] = choice
        names = QVBoxLayout()
        names.setSpacing(0)
        elide = Qt.TextElideMode.ElideRight
        names.addWidget(shown.label(column.name, theme=theme, role="mono", weight=500, elide=elide))
        cells = "  ·  ".join(column.cells) or self.tr("empty")
        names.addWidget(shown.label(cells, theme=theme, role="small", color="text2", elide=elide))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addLayout(names, 1)
        row.addWidget(choice, 1)
        return row

    def _show_transcript(self, example: "Example | None") -> None:
        lines = self.transcript.lines
        empty(lines)
        for title, text in self._said(example):
            if title:
                lines.addWidget(shown.label(title, theme=self.theme, role="small", color="text2", weight=600))
            lines.addWidget(shown.label(text, theme=self.theme, wrap=True))
            lines.addSpacing(4)
        lines.addStretch(1)

    def _said(self, example: "Example | None") -> Iterator[tuple[str, str]]:
        """Yield what a reader would see of a trace: who speaks or what it is, and the text."""
        if example is None:
            file = self.looking.file
            done = self.looking.is_done and file is not None and file.path not in self.looking.stale
            yield "", self.tr("No transcript: nothing says yet what was said.") if done else self.tr("Looking …")
            return
        for turn in example.turns:
            who = role_title(turn.role)
            yield (f"{who}, {turn.name}" if turn.name else who), turn.text
        if example.more_turns:
            yield self.tr("further messages"), decimal(example.more_turns)
        if example.documents:
            yield self.tr("documents"), "\n\n".join(example.documents)
        if example.scores:
            yield self.tr("labels and scores"), "\n".join(example.scores)
        if example.facts:
            yield self.tr("about it"), "\n".join(f"{name}: {value}" for name, value in example.facts.items())


def roles() -> tuple[str, ...]:
    """Return the uses that a column can have, in the order of the list."""
    from reviewer.sources.tables.columns import ROLES

    return ROLES


def role_title(role: str) -> str:
    """Return what a speaker is called."""
    return {
        "user": QCoreApplication.translate("Preview", "user"),
        "assistant": QCoreApplication.translate("Preview", "assistant"),
        "system": QCoreApplication.translate("Preview", "instructions"),
        "tool": QCoreApplication.translate("Preview", "tool result"),
    }.get(role, role)


def use_title(use: str) -> str:
    """Return what a use is called in the list."""
    role, _, rest = use.partition(":")
    say = QCoreApplication.translate
    name, _, author = rest.partition(":")
    if role in ("label", "score"):
        if not name:
            return say("Preview", "label of a person") if role == "label" else say("Preview", "score of a program")
        title = say("Preview", "label: {}") if role == "label" else say("Preview", "score: {}")
        return title.format(f"{name} ({author})" if author else name)
    titles = {
        "id": say("Preview", "id of the trace"), "session": say("Preview", "session"), "turn": say("Preview", "place of the turn"),
        "messages": say("Preview", "whole conversation"), "system": say("Preview", "instructions"),
        "user": say("Preview", "what the user says"), "assistant": say("Preview", "the answer"),
        "contexts": say("Preview", "documents"), "context_ids": say("Preview", "ids of documents"),
        "expected": say("Preview", "expected answer"), "explanation": say("Preview", "why the label was given"),
        "started": say("Preview", "time"), "latency_ms": say("Preview", "latency in ms"),
        "latency_s": say("Preview", "latency in seconds"), "cost": say("Preview", "cost in US dollars"),
        "tokens_in": say("Preview", "tokens in"), "tokens_out": say("Preview", "tokens out"),
        "model": say("Preview", "model"), "prompt_version": say("Preview", "prompt version"),
        "workflow": say("Preview", "workflow"), "tenant": say("Preview", "tenant"),
        "task_type": say("Preview", "task type"), "environment": say("Preview", "environment"),
        "user_id": say("Preview", "id of the user"), "tags": say("Preview", "tags"),
        "metadata": say("Preview", "metadata"), "ignore": say("Preview", "left out"),
    }  # fmt: skip
    return titles.get(role, role)


def _lines(widget: QWidget) -> QVBoxLayout:
    lines = QVBoxLayout(widget)
    lines.setContentsMargins(0, 0, 0, 0)
    lines.setSpacing(0)
    return lines


def _indented(widget: QWidget, left: int) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(left, 4, 20, 4)
    row.addWidget(widget)
    return row
