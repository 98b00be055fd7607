"""Play the window without a screen: real key presses in, pictures out."""

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic, sleep

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent

from reviewer.desktop.app import Application, make_qt
from reviewer.desktop.commands.press import qt_press
from reviewer.desktop.preferences import Preferences
from reviewer.errors import Expected

WAIT_S = 20.0
WORK_S = 90.0
"""What is worked out in another process may take long where other programs are at work as well."""
LAYOUT_S = 0.05
PAUSE_S = 0.002  # between two looks, so that the other processes get the machine
SIZE = (1440, 900)
SCRIPT: tuple[str, ...] = ("j", "j", "1", "m", "s", "2", "4", "n", "text:Says more than the documents do.", "escape")
"""What a reviewer might press on one item; ``text:`` types letters."""


OPENED: dict[str, tuple[str, ...]] = {
    "type-ahead": ("t", "text:cit"),
    "keys": ("?",),
    "palette": ("ctrl+k", "text:theme"),
}
"""What opens over the review screen, by the name of its picture, and the keys that open it."""


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

    def wait(self, until: Callable[[], bool], what: str = "the window", seconds: float = WAIT_S) -> None:
        """Let the window live until something holds.

        Raises:
            Expected: it does not within so many seconds.
        """
        end = monotonic() + seconds
        while not until():
            if monotonic() > end:
                raise Expected(f"Waited {seconds:.0f} s for {what} in vain.")
            self.application.qt.processEvents()
            sleep(PAUSE_S)

    def settle(self) -> None:
        """Wait until everything is painted, saved, and a submit would be taken."""
        self.application.qt.processEvents()
        review = self.application.review
        if review is None or review.state is None or self.window.page is not review or review.state.current is None:
            return
        state = review.state
        self.wait(lambda: not review.following.waiting, "what follows the paint")
        self.wait(lambda: state.current is None or state.on_screen == state.current.trace, "an item to be painted")
        self.wait(lambda: state.saving.all_saved or state.saving.held, "a write")
        self.wait(lambda: not state.guarded, "the guard after an item appeared")

    def rest(self) -> None:
        """Wait until the page shows all that it asked for: no question, write or job is out."""
        self.settle()
        self.wait(lambda: not self._busy(), "what the page asked for", WORK_S)
        shown_at = monotonic()  # what has just been shown finds its place a few turns later
        self.wait(lambda: monotonic() - shown_at > LAYOUT_S, "the layout")

    def _busy(self) -> bool:
        bridge, page = self.application.bridge, self.window.page
        return (bridge is not None and bridge.busy) or (page is not None and page.busy)

    def close_workspace(self) -> None:
        """Close the workspace, and have its pages gone: without a running event loop nothing else deletes them."""
        self.application.close_workspace()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def close(self) -> None:
        """Close workspace and window, and have both gone."""
        self.application.close_workspace()
        self.window.close()
        self.window.deleteLater()
        self.application.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def grab(self, path: Path) -> Path:
        """Save a picture of the window, once the page rests."""
        self.rest()
        path.parent.mkdir(parents=True, exist_ok=True)
        if not self.window.grab().save(str(path)):
            raise Expected(f"The picture {path} could not be written.")
        return path


def open_player(workspace: Path, week: str | None, reviewer: str, settings: Path) -> Player:
    """Return a player on a window that is open on a workspace."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = Application(make_qt(), Preferences(settings), reviewer)
    application.window.resize(*SIZE)
    if not application.open_workspace(workspace, week):
        raise Expected(f"{workspace} could not be opened.")
    application.window.resize(*SIZE)  # whatever size the settings remember
    return Player(application)


def screenshots(workspace: Path, out: Path, week: str, reviewer: str, script: Sequence[str] = SCRIPT) -> list[Path]:
    """Play a script on the review screen and save a picture of every page in both themes; return the paths."""
    with tempfile.TemporaryDirectory() as folder:
        player = open_player(workspace, week, reviewer, Path(folder) / "settings.ini")
        application = player.application
        try:
            player.play(*script)
            made = [*_review_pictures(player, out), *_page_pictures(player, out)]
            player.close_workspace()
            application.begin()
            made += _in_both_themes(player, out, "first-run")
        finally:
            player.close()
    return made


def _in_both_themes(player: Player, out: Path, name: str) -> list[Path]:
    made = []
    for look in ("light", "dark"):
        player.application.run(f"view.theme.{look}")
        made.append(player.grab(out / f"{name}-{look}.png"))
    return made


def _review_pictures(player: Player, out: Path) -> list[Path]:
    """Save the review screen, and in the light theme what opens over it."""
    made = _in_both_themes(player, out, "review")
    player.application.run("view.theme.light")
    for name, keys in OPENED.items():
        player.play(*keys)
        made.append(player.grab(out / f"review-{name}-light.png"))
        player.press("escape")
    return made


def _page_pictures(player: Player, out: Path) -> list[Path]:
    made = []
    for name in [page for page in player.window.pages if page != "review"]:
        player.application.run(f"go.{name}")
        made += _in_both_themes(player, out, name)
    return made
