"""Results of evals that come back: read a file of a tool, say what came in, and lead to the trend."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.parts.controls import Button
from reviewer.desktop.theme import Theme
from reviewer.errors import Expected
from reviewer.jobs.messages import Broke, Cancelled, Done
from reviewer.jobs.running import without_channel

if TYPE_CHECKING:
    from reviewer.desktop.bridge import Bridge
    from reviewer.verbs.results import Imported


class EvalResults(QWidget):
    """A button that reads a file, and what became of it; ``trend`` asks for the page where the results stand."""

    trend = Signal()

    def __init__(self, bridge: "Bridge", theme: Theme) -> None:
        super().__init__()
        self.bridge = bridge
        self.title = shown.label(self.tr("Results of evals"), theme=theme, weight=600)
        self.about = shown.label(
            self.tr("What promptfoo, Inspect or DeepEval wrote about these examples, or JSON lines of your own."),
            theme=theme,
            color="text2",
            wrap=True,
        )
        self.read = Button(self.tr("Read eval results"), theme, "file-down")
        self.read.clicked.connect(self._choose)
        self.see = Button(self.tr("See the trend"), theme, "clipboard-list")
        self.see.clicked.connect(self.trend)
        self.see.hide()
        self.outcome = shown.label("", theme=theme, wrap=True)
        self.outcome.hide()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.read)
        buttons.addWidget(self.see)
        buttons.addStretch(1)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(8)
        for widget in (self.title, self.about, self.outcome):
            lines.addWidget(widget)
        lines.addLayout(buttons)

    def _choose(self) -> None:
        kinds = self.tr("Results of evals (*.json *.jsonl *.eval);;All files (*)")
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a file of results"), "", kinds)
        if chosen:
            self.take(Path(chosen))

    def take(self, path: Path) -> None:
        """Read a file in another process and store the runs in it."""
        from reviewer.verbs.results import read_results_of

        self.read.setEnabled(False)
        self._say(self.tr("Reading"), "text2")
        self.bridge.job(without_channel, read_results_of, str(path), message=lambda _: None, done=self._told)

    def _told(self, end: Done | Cancelled | Broke) -> None:
        if isinstance(end, Done):
            from reviewer.verbs.results import import_results

            self.bridge.write_with_reader(import_results, end.result, then=self._came, failed=self._refused)
            return
        self.read.setEnabled(True)
        stopped = self.tr("Reading was stopped; nothing came in.")
        self._say(f"{end.sentence} {end.next_step}".strip() if isinstance(end, Broke) else stopped, "failed")

    def _came(self, found: "Imported") -> None:
        from reviewer.verbs.results import sentences

        self.read.setEnabled(True)
        self.see.show()
        self._say("\n".join(sentences(found)), "passed" if any(found.new) else "text2")
        self.bridge.changed.emit(found.changes)

    def _refused(self, why: BaseException) -> None:
        self.read.setEnabled(True)
        if not isinstance(why, Expected):
            raise why
        self._say(str(why), "failed")

    def _say(self, text: str, color: str) -> None:
        self.outcome.set_color(color)
        self.outcome.setText(text)
        self.outcome.show()
