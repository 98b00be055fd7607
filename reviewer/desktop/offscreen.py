"""Play the window without a screen: real key presses in, pictures out."""

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent

from reviewer.desktop.app import Application, make_qt
from reviewer.desktop.commands.press import qt_press
from reviewer.desktop.preferences import Preferences
from reviewer.errors import Expected

WAIT_S = 20.0
SIZE = (1440, 900)
SCRIPT: tuple[str, ...] = ("j", "j", "1", "m", "s", "2", "4", "n", "text:Says more than the documents do.", "escape")
"""What a reviewer might press on one item; ``text:`` types letters."""


class Player:
    """Presses keys on an application's window and waits for what follows."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.window = application.window

    def press(self, *keys: str) -> None:
        """Press keys, such as ``1``, ``ctrl+enter`` or ``text:a few words``, one after the other, without waiting."""
        for key in keys:
            if key.startswith("text:"):
                for letter in key.removeprefix("text:"):
                    self._send(ord(letter.upper()), letter)
            else:
                code, modifiers, text = qt_press(key)
                self._send(code, text, modifiers)

    def _send(self, code: int, text: str, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        target = self.window.windowHandle()
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(target, QKeyEvent(kind, code, held, text))

    def play(self, *keys: str) -> None:
        """Press keys at a person's pace: each one waits until the item is painted and the guard against haste is over."""
        for key in keys:
            self.settle()
            self.press(key)
        self.settle()

    def wait(self, until: Callable[[], bool], what: str = "the window") -> None:
        """Let the window live until something holds.

        Raises:
            Expected: it does not within twenty seconds.
        """
        end = monotonic() + WAIT_S
        while not until():
            if monotonic() > end:
                raise Expected(f"Waited {WAIT_S:.0f} s for {what} in vain.")
            self.application.qt.processEvents()

    def settle(self) -> None:
        """Wait until everything is painted, saved, and a submit would be taken."""
        self.application.qt.processEvents()
        review = self.application.review
        if review is None or review.state is None or self.window.page is not review or review.state.current is None:
            return
        state = review.state
        self.wait(lambda: state.current is None or state.on_screen == state.current.trace, "an item to be painted")
        self.wait(lambda: state.saving.all_saved or state.saving.held, "a write")
        self.wait(lambda: not state.guarded, "the guard after an item appeared")

    def grab(self, path: Path) -> Path:
        """Save a picture of the window."""
        self.application.qt.processEvents()
        path.parent.mkdir(parents=True, exist_ok=True)
        if not self.window.grab().save(str(path)):
            raise Expected(f"The picture {path} could not be written.")
        return path


def open_player(workspace: Path, week: str | None, reviewer: str, settings: Path) -> Player:
    """Return a player on a window that is open on a workspace."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = Application(make_qt(), Preferences(settings), reviewer)
    application.window.resize(*SIZE)
    application.show()
    application.window.resize(*SIZE)
    if not application.open_workspace(workspace, week):
        raise Expected(f"{workspace} could not be opened.")
    return Player(application)


def screenshots(workspace: Path, out: Path, week: str, reviewer: str, script: Sequence[str] = SCRIPT) -> list[Path]:
    """Play a script on the review screen and save a picture of every page in both themes; return the paths."""
    made: list[Path] = []
    with tempfile.TemporaryDirectory() as folder:
        player = open_player(workspace, week, reviewer, Path(folder) / "settings.ini")
        application = player.application
        try:
            player.play(*script)
            for look in ("light", "dark"):
                application.run(f"view.theme.{look}")
                made.append(player.grab(out / f"review-{look}.png"))
            for name in application.window.pages:
                if name == "review":
                    continue
                application.run(f"go.{name}")
                for look in ("light", "dark"):
                    application.run(f"view.theme.{look}")
                    player.settle()
                    made.append(player.grab(out / f"{name}-{look}.png"))
        finally:
            application.close_workspace()
            application.window.close()
            application.window.deleteLater()
    return made
