"""The page before any workspace is open: make one, open one, or drop files to begin with."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimeZone, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.imports.drop import DropPlace
from reviewer.desktop.parts.controls import Button, Column, Hairline, dress
from reviewer.desktop.parts.fields import Choice
from reviewer.desktop.theme import Theme
from reviewer.desktop.window import Page
from reviewer.verbs.opening import BUILT_IN

SUFFIX = ".review"
WIDTH = 760


def own_timezone() -> str:
    """Return the IANA name of this machine's time zone, or UTC where it has none."""
    return bytes(QTimeZone.systemTimeZoneId().data()).decode() or "UTC"


class FirstRunPage(Page):
    """What a window without a workspace shows."""

    name = "home"
    make_wanted = Signal(object, str, str)
    """The path of a new workspace, its taxonomy and its time zone."""
    open_wanted = Signal(object)
    files_dropped = Signal(list)
    sample_wanted = Signal()

    def __init__(self, theme: Theme, recent: Sequence[Path]) -> None:
        super().__init__()
        self.theme = theme
        self.files: list[Path] = []
        self.taxonomy = Choice(self.tr("List of failure modes"), theme)
        self.timezone = Choice(self.tr("Time zone in which weeks begin"), theme)
        self.timezone.setEditable(True)
        self._dropped = shown.label("", theme=theme, color="accentText", weight=600, wrap=True)
        self._dropped.hide()
        self._fill()
        self._lay_out(recent)

    @property
    def title(self) -> str:
        return self.tr("Home")

    def _fill(self) -> None:
        titles = {
            "default": self.tr("General assistant: ten modes"),
            "support": self.tr("Customer support"),
            "extraction": self.tr("Extraction and structured output"),
        }
        lines = [(titles.get(name, name), name) for name in BUILT_IN]
        self.taxonomy.offer([*lines, (self.tr("No list yet: open coding"), "none")], "default")
        own = own_timezone()
        zones = sorted({bytes(zone.data()).decode() for zone in QTimeZone.availableTimeZoneIds()} | {own, "UTC"})
        self.timezone.offer([(zone, zone) for zone in zones], own)

    def _lay_out(self, recent: Sequence[Path]) -> None:
        theme, px = self.theme, self.theme.px
        column = Column(self.title, theme, (px(28), px(72), px(28), px(28)))
        inner = QWidget()
        inner.setMaximumWidth(px(WIDTH))
        lines = QVBoxLayout(inner)
        lines.setSpacing(px(10))
        lines.addWidget(shown.label(self.tr("Read sixty conversations a week"), theme=theme, role="display"))
        lines.addWidget(
            shown.label(
                self.tr("Bring in the traces of your chat, RAG or agent system. Draw a fair sample, read it, name what "
                        "goes wrong, and see whether it gets better."),
                theme=theme, role="heading", color="text2", weight=400, wrap=True,
            )
        )  # fmt: skip
        lines.addSpacing(px(6))
        drop = DropPlace(theme)
        drop.dropped.connect(self._drop)
        drop.files_wanted.connect(self._choose_files)
        drop.folder_wanted.connect(self._choose_folder)
        lines.addWidget(drop)
        lines.addWidget(self._dropped)
        lines.addSpacing(px(6))
        lines.addWidget(Hairline(theme))
        lines.addWidget(shown.label(self.tr("New workspace"), theme=theme, role="heading"))
        lines.addLayout(self._form())
        lines.addWidget(Hairline(theme))
        lines.addWidget(shown.label(self.tr("Workspaces"), theme=theme, role="heading"))
        lines.addLayout(self._openings(recent))
        lines.addWidget(
            shown.label(
                self.tr("Traces are shown as text and never run. No link opens by itself, no image is fetched, and "
                        "nothing leaves this computer."),
                theme=theme, role="small", color="text2", wrap=True,
            )
        )  # fmt: skip
        lines.addStretch(1)
        centred = QHBoxLayout()
        centred.addStretch(1)
        centred.addWidget(inner, 100)
        centred.addStretch(1)
        column.lines.addLayout(centred)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(column)

    def _form(self) -> QVBoxLayout:
        theme = self.theme
        form = QVBoxLayout()
        fields = QHBoxLayout()
        fields.setSpacing(12)
        for title, field in ((self.tr("Failure modes"), self.taxonomy), (self.tr("Time zone"), self.timezone)):
            pair = QVBoxLayout()
            pair.addWidget(shown.label(title, theme=theme, role="small", color="text2"))
            pair.addWidget(field)
            fields.addLayout(pair, 1)
        form.addLayout(fields)
        self.make = Button(self.tr("Make a workspace"), theme, "plus", primary=True)
        self.make.clicked.connect(self.choose_new)
        form.addSpacing(6)
        form.addWidget(self.make, 0, Qt.AlignmentFlag.AlignLeft)
        return form

    def _openings(self, recent: Sequence[Path]) -> QVBoxLayout:
        column = QVBoxLayout()
        for path in recent:
            button = Button(path.name, self.theme, "folder-open")
            shown.tip(button, str(path))
            button.clicked.connect(lambda _=False, path=path: self.open_wanted.emit(path))
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout()
        other = Button(self.tr("Open a workspace"), self.theme, "folder-open")
        other.clicked.connect(self.choose_existing)
        sample = Button(self.tr("Open the sample workspace"), self.theme, "flask-conical")
        sample.clicked.connect(self.sample_wanted)
        for button in (other, sample):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        return column

    def choose_new(self) -> None:
        """Ask where the new workspace is to lie, and want it made."""
        chosen, _ = QFileDialog.getSaveFileName(
            self, self.tr("Make a workspace"), "reviews" + SUFFIX, self.tr("Workspaces (*.review)")
        )
        if chosen:
            path = Path(chosen)
            path = path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)
            self.make_wanted.emit(path, self.taxonomy.currentData(), self.timezone.currentText())

    def choose_existing(self) -> None:
        """Ask for a workspace and want it opened."""
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("Open a workspace"), "", self.tr("Workspaces (*.review)"))
        if chosen:
            self.open_wanted.emit(Path(chosen))

    def _drop(self, paths: list[Path]) -> None:
        workspaces = [path for path in paths if path.suffix == SUFFIX]
        if workspaces:
            self.open_wanted.emit(workspaces[0])
            return
        self.files = paths
        names = ", ".join(path.name for path in paths[:3])
        self._dropped.setText(self.tr("%1: make a workspace for it, and it is brought in.").replace("%1", names))
        self._dropped.show()
        self.files_dropped.emit(paths)

    def _choose_files(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, self.tr("Choose files"))
        if chosen:
            self._drop([Path(name) for name in chosen])

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder"))
        if chosen:
            self._drop([Path(chosen)])

    def activated(self) -> None:
        self.make.setFocus()

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        dress(self, theme)
