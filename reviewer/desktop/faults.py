"""What happens when the program itself is wrong: a report in a file, and a plain dialog instead of silence."""

import faulthandler
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from reviewer import __version__
from reviewer.desktop import shown
from reviewer.errors import Expected

if TYPE_CHECKING:
    from reviewer.desktop.theme import Theme


def report_folder() -> Path:
    """Return the folder of crash reports, made when it is missing."""
    import platformdirs

    folder = Path(platformdirs.user_log_dir("transcript-reviewer", appauthor=False))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def watch_for_crashes(folder: Path) -> IO[str]:
    """Have the interpreter write a trace of every thread when it dies; the file must stay open as long as it runs."""
    file = (folder / "crash.txt").open("a", encoding="utf-8")
    faulthandler.enable(file)
    return file


def write_report(folder: Path, kind: type[BaseException], why: BaseException, where: TracebackType | None) -> Path:
    """Write a report of a bug and return its path. It holds no text of a trace but what a message may quote."""
    now = datetime.now(UTC)
    path = folder / f"report-{now:%Y%m%dT%H%M%S}.txt"
    lines = [f"Transcript Reviewer {__version__}, Python {sys.version.split()[0]}, {sys.platform}", now.isoformat(), ""]
    path.write_text("\n".join(lines) + "".join(traceback.format_exception(kind, why, where)), encoding="utf-8")
    return path


class FaultDialogs:
    """Takes exceptions that nobody caught: shows expected ones as a sentence, others with the path of their report."""

    def __init__(self, folder: Callable[[], Path], theme: Callable[[], "Theme"]) -> None:
        """``folder`` is asked when a report is written, ``theme`` gives the one of that moment."""
        self._folder = folder
        self._theme = theme
        self._open = False

    def install(self) -> None:
        """Become the program's last resort."""
        sys.excepthook = self.take

    def take(self, kind: type[BaseException], why: BaseException, where: TracebackType | None) -> None:
        """Tell of an exception; while one is on screen, others are only written down."""
        if issubclass(kind, KeyboardInterrupt):
            QCoreApplication.quit()
            return
        path = None if isinstance(why, Expected) else write_report(self._folder(), kind, why, where)
        if self._open or QApplication.instance() is None:
            return
        self._open = True
        try:
            self._tell(why, path)
        finally:
            self._open = False

    def _tell(self, why: BaseException, path: Path | None) -> None:
        def tr(text: str) -> str:
            return QCoreApplication.translate("Faults", text)

        parent = QApplication.activeWindow()
        if isinstance(why, Expected):
            shown.message(parent, tr("That did not work"), why.sentence, why.next_step, theme=self._theme())
            return
        sentence = tr("A fault in the program: %1.").replace("%1", type(why).__name__)
        step = tr("What you coded is saved. A report lies in %1.").replace("%1", str(path))
        shown.message(parent, tr("Something went wrong"), sentence, step, theme=self._theme())
