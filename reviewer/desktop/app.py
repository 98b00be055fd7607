"""The one place where the window's parts are joined.

What the first transcript does not need is imported where it is first wanted: pages, what opens over them, dialogs.
"""

import faulthandler
import gc
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from reviewer.desktop import binding, shown, theme
from reviewer.desktop.bridge import Bridge
from reviewer.desktop.collecting import IdleCollector
from reviewer.desktop.commands.dispatch import OVERLAY, Dispatcher
from reviewer.desktop.commands.keys import PROFILES, Conflict, Keymap, load_profile, with_own
from reviewer.desktop.commands.press import first_cap
from reviewer.desktop.commands.table import Command
from reviewer.desktop.faults import FaultDialogs, report_folder, watch_for_crashes
from reviewer.desktop.pages import LINES, make_page, with_something
from reviewer.desktop.preferences import THEMES, Preferences, ThemeName, login_name
from reviewer.desktop.review.acts import acts
from reviewer.desktop.review.screen import ReviewPage
from reviewer.desktop.theme import Theme
from reviewer.desktop.window import Page, Window
from reviewer.errors import Expected
from reviewer.model.ids import WeekName
from reviewer.verbs import opening
from reviewer.verbs.changes import Changes
from reviewer.verbs.coding import make_room
from reviewer.wording import decimal
from reviewer.workspace.ask.settings import Counts, counts, workspace_name

if TYPE_CHECKING:
    from reviewer.desktop.commands.sheet import Overlay
    from reviewer.desktop.first_run import FirstRunPage
    from reviewer.workspace.file import Workspace

STARTED_MS = 2000  # by then the first transcript is painted and its neighbours are ready
SWITCH_S = 0.0005  # the interface thread gets the interpreter back within half a millisecond


class Application(QObject):
    """One window and, once one is open, one workspace in it."""

    _sample_made = Signal(object)

    def __init__(self, qt: QApplication, preferences: Preferences, reviewer: str | None = None) -> None:
        super().__init__()
        self.qt = qt
        self.preferences = preferences
        self.reviewer = reviewer or preferences.reviewer
        self.theme = self._chosen_theme()
        self.keymap = self._chosen_keymap()
        self.window = Window(self.theme)
        self.window.closing.connect(self.close_workspace)
        self.window.may_close = self._may_close
        self.workspace: Workspace | None = None
        self.bridge: Bridge | None = None
        self.review: ReviewPage | None = None
        self._overlay: Overlay | None = None
        self._counting = False
        self._waiting_files: list[Path] = []
        self._dispatcher = Dispatcher(self.keymap, self.layer, self.run, self)
        self._sample_made.connect(self._open_sample)
        self.window.sidebar.add_tool("settings", self.tr("Settings"), "", partial(self._over, "menu"))
        self.window.sidebar.add_tool(
            "search", self.tr("Go to anything"), first_cap(self.keymap.keys("palette")), lambda: self.run("palette")
        )
        self._acts = self._own_acts()

    # Start and end

    def show(self) -> None:
        """Show the window, dressed, unless it is shown; its native window exists from here on, and takes keys."""
        if self.window.isVisible():
            return
        theme.apply(self.qt, self.theme)  # here, because what is built under a style sheet is dressed part by part
        self.window.restoreGeometry(self.preferences.layout("window"))
        self.window.winId()
        self.window.windowHandle().installEventFilter(self._dispatcher)
        self.window.show()

    def begin(self) -> None:
        """Show what stands there without a workspace."""
        from reviewer.desktop.first_run import FirstRunPage

        page = FirstRunPage(self.theme, self.preferences.recent)
        page.open_wanted.connect(lambda path: self.open_workspace(path))
        page.make_wanted.connect(self.make_workspace)
        page.files_dropped.connect(self._keep_files)
        page.sample_wanted.connect(self._make_sample)
        self.window.add(LINES[0], page)
        self.window.sidebar.name.say(self.tr("No workspace"), self.tr("make or open one"))
        self.show()
        self.window.open("home")

    def open_workspace(self, path: Path, week: str | None = None) -> bool:
        """Open a workspace in the window; return whether that went well, otherwise the reason was shown."""
        return self._take(lambda: opening.open_workspace(path), week)

    def make_workspace(self, path: Path, taxonomy: str, timezone: str) -> bool:
        """Make a workspace and open it; files that were dropped before are brought in."""
        return self._take(lambda: opening.new(path, taxonomy, timezone), None)

    def _take(self, make: "Callable[[], Workspace]", week: str | None) -> bool:
        try:
            workspace = make()
        except Expected as why:
            self.show()
            shown.message(
                self.window, self.tr("The workspace cannot be opened"), why.sentence, why.next_step, theme=self.theme
            )
            return False
        if self.workspace is not None:
            self.close_workspace()
        self.workspace = workspace
        self.preferences.opened(workspace.path)
        self._name_reviewer()
        self._fill(workspace, week)
        return True

    def _name_reviewer(self) -> None:
        if not self.reviewer:
            from reviewer.desktop.asking import ask_reviewer

            self.show()
            self.reviewer = ask_reviewer(self.window, self.theme, login_name()) or login_name()
            self.preferences.reviewer = self.reviewer

    def _fill(self, workspace: "Workspace", week: str | None) -> None:
        self.bridge = bridge = Bridge(workspace, self)
        bridge.changed.connect(self._changed)
        bridge.went_wrong.connect(self._tell)
        self.window.clear()
        self.review = ReviewPage(bridge, self.theme, self.keymap, self.preferences, self.reviewer, self.window.stack)
        self.review.asked_command.connect(self.run)
        for line in LINES:
            if line.name == self.review.name:
                self.window.add(line, self.review)
            else:
                self.window.add_later(line, partial(self._make_page, line.name), line.has_something is None)
        self._acts = {**self._own_acts(), **acts(self.review), "leave": self._leave}
        self._name_workspace()
        self.show()
        if week is not None:
            self.window.open("review", WeekName(week))
        elif self._waiting_files:
            files, self._waiting_files = self._waiting_files, []
            self.window.open("imports", files)
        else:
            self.window.open("home")
        self._look_when_there_is_time()

    def _look_when_there_is_time(self) -> None:
        """Count, and look for pages with something to show; where a transcript opens, it is painted first."""

        def look() -> None:
            if self.bridge is not None:
                self._count()
                self.bridge.write(make_room)
            self._look_for_pages(imported=True)

        if self.review is not None and self.review.transcript is not None:
            self.review.at_rest.connect(look, Qt.ConnectionType.SingleShotConnection)
        else:
            look()

    def _look_for_pages(self, imported: bool) -> None:
        """Ask which of the pages that wait have something to show by now."""
        if self.window.waiting and self.bridge is not None:
            self.bridge.ask(with_something, tuple(self.window.waiting), imported, then=self._let_appear)

    def _let_appear(self, names: Sequence[str]) -> None:
        for name in names:
            if name in self.window.waiting:
                self.window.appear(name)
                self._acts[f"go.{name}"] = partial(self._go, name)

    def _make_page(self, name: str) -> Page:
        assert self.bridge is not None
        return make_page(name, self.bridge, self.theme, self.reviewer)

    def _may_close(self) -> bool:
        """Write what is not on disk yet; return whether the window may go."""
        why = self.review.flush() if self.review is not None else None
        if why is None:
            return True
        stay, leave = self.tr("Stay and try again"), self.tr("Close and lose it")
        chosen = shown.message(
            self.window, self.tr("Not everything could be saved"), str(why), "", (stay, leave), self.theme
        )
        return chosen == 1

    def close_workspace(self) -> None:
        """Save, and let go of the workspace."""
        self.preferences.keep_layout("window", self.window.saveGeometry())
        if self._overlay is not None:
            self._overlay.leave()
            self._overlay = None
        if self.review is not None:
            self.review.left()
            self.review.flush()
        self.window.clear()
        self.review = None
        if self.bridge is not None:
            self.bridge.close()
            self.bridge.deleteLater()
            self.bridge = None
        if self.workspace is not None:
            self.workspace.close()
            self.workspace = None
        self.preferences.close()

    # Commands

    def layer(self) -> str:
        """Return which keys are live."""
        if self._overlay is not None and self._overlay.isVisible():
            return OVERLAY
        if self.review is not None and self.window.page is self.review and self.review.state is not None:
            return self.review.layer()
        return "pages"

    def run(self, command: str) -> None:
        """Do what a command says, by its id."""
        act = self._acts.get(command)
        if act is not None:
            act()

    def _own_acts(self) -> dict[str, Callable[[], object]]:
        done: dict[str, Callable[[], object]] = {
            "palette": partial(self._over, "palette"),
            "keys": partial(self._over, "keys"),
            "go_to_item": partial(self._over, "go_to_item"),
            "write.search_all": partial(self._go, "explore"),
            "file.new": self._new_workspace,
            "file.open": self._other_workspace,
            "file.reviewer": self._rename_reviewer,
            "file.quit": self.window.close,
        }
        done |= {"view.keys.change": partial(self._over, "view.keys.change"), "view.keys.reset": self._forget_own_keys}
        for name in THEMES:
            done[f"view.theme.{name}"] = partial(self._choose_theme, name)
        for percent in theme.SCALES:
            done[f"view.scale.{percent}"] = partial(self._choose_scale, percent)
        for profile in PROFILES:
            done[f"view.keys.{profile}"] = partial(self._choose_keys, profile)
        for page in self.window.pages:
            done[f"go.{page}"] = partial(self._go, page)
        return done

    def available(self, command: Command) -> bool:
        """Return whether a command can be run now."""
        if command.id not in self._acts:
            return False
        reading = self.review is not None and self.window.page is self.review and self.review.state is not None
        return command.needs in ("", "workspace") or (command.needs == "week" and self.review is not None) or reading

    def _go(self, name: str) -> None:
        if name in self.window.pages:
            self.window.open(name)

    def _leave(self) -> None:
        if self.review is not None and self.window.page is self.review:
            acts(self.review)["leave"]()
        elif self.window.page is not None:
            self.window.page.leave()

    # What opens over the page

    def lay_over(self, overlay: "Overlay") -> None:
        """Open something over the page, in place of what is open there."""
        if self._overlay is not None:
            self._overlay.leave()
        self._overlay = overlay
        overlay.destroyed.connect(lambda: self._forget(overlay))
        overlay.open()

    def _forget(self, overlay: "Overlay") -> None:
        if self._overlay is overlay:
            self._overlay = None

    def _over(self, what: str) -> None:
        from reviewer.desktop.overlays import OPEN

        OPEN[what](self)

    # Preferences

    def _chosen_theme(self) -> Theme:
        name, scale = self.preferences.theme, self.preferences.scale
        return Theme.system(scale) if name == "system" else Theme(name, scale)

    def _dress(self) -> None:
        self.theme = self._chosen_theme()
        theme.apply(self.qt, self.theme)
        self.window.set_theme(self.theme)

    def _choose_theme(self, name: ThemeName) -> None:
        self.preferences.theme = name
        self._dress()

    def _choose_scale(self, percent: int) -> None:
        self.preferences.scale = percent
        self._dress()

    def _chosen_keymap(self) -> Keymap:
        """Return the keymap of the preferences; own keys that do not fit the profile are left out."""
        profile = load_profile(self.preferences.keys)
        try:
            return Keymap(with_own(profile, self.preferences.own_keys))
        except Conflict:
            return Keymap(profile)

    def _choose_keys(self, profile: str) -> None:
        self.preferences.keys = profile
        self._take_keymap(self._chosen_keymap())

    def _take_keymap(self, keymap: Keymap) -> None:
        self.keymap = keymap
        self._dispatcher.set_keymap(keymap)
        if self.review is not None:
            self.review.set_keymap(self.keymap)

    def give_key(self, command: str, key: str) -> None:
        """Give a command a key of the reader's own; a key that another command has is refused."""
        own = {**self.preferences.own_keys, command: (key,)}
        try:
            keymap = Keymap(with_own(load_profile(self.preferences.keys), own))
        except Conflict as why:
            self._tell(why)
            return
        self.preferences.own_keys = own
        self._take_keymap(keymap)

    def _forget_own_keys(self) -> None:
        self.preferences.own_keys = {}
        self._take_keymap(self._chosen_keymap())

    def _rename_reviewer(self) -> None:
        from reviewer.desktop.asking import ask_reviewer

        name = ask_reviewer(self.window, self.theme, self.reviewer)
        if name is not None and name != self.reviewer and self.workspace is not None and self._may_close():
            self.reviewer = self.preferences.reviewer = name
            path = self.workspace.path
            self.close_workspace()
            self.open_workspace(path)

    # Other workspaces

    def _new_workspace(self) -> None:
        page = self._start_page()
        if page is not None:
            page.choose_new()

    def _other_workspace(self) -> None:
        page = self._start_page()
        if page is not None:
            page.choose_existing()

    def _start_page(self) -> "FirstRunPage | None":
        """Return the first page, brought to the front; the workspace that was open is closed, if it may."""
        from reviewer.desktop.first_run import FirstRunPage

        page = self.window.page
        if isinstance(page, FirstRunPage):
            return page
        if not self._may_close():
            return None
        self.close_workspace()
        self.begin()
        found = self.window.page
        assert isinstance(found, FirstRunPage)
        return found

    def _keep_files(self, files: Sequence[Path]) -> None:
        self._waiting_files = list(files)

    def _make_sample(self) -> None:
        """Make the sample workspace aside, and open it when it is there."""

        def make() -> None:
            from reviewer.verbs import sample

            try:
                self._sample_made.emit(sample.make(Path(tempfile.mkdtemp(prefix="reviewer-sample-"))).path)
            except Expected as why:
                self._sample_made.emit(why)

        self.window.sidebar.name.say(self.tr("Making the sample"), self.tr("a few seconds"))
        threading.Thread(target=make, name="sample", daemon=True).start()

    def _open_sample(self, made: object) -> None:
        if isinstance(made, Expected):
            self._tell(made)
        elif isinstance(made, Path):
            self.open_workspace(made)

    # What the workspace tells

    def _changed(self, changes: Changes) -> None:
        self.window.refresh(changes)
        if changes.traces or changes.codings or changes.everything:
            self._look_for_pages(imported=bool(changes.traces) or changes.everything)
        if (changes.traces or changes.weeks or changes.everything) and not self._counting and self.bridge is not None:
            self._count()

    def _count(self) -> None:
        assert self.bridge is not None
        self._counting = True
        self.bridge.ask(counts, then=self._counted)

    def _counted(self, n: Counts) -> None:
        self._counting = False
        traces = self.tr("%1 traces") if n.traces != 1 else self.tr("1 trace")
        weeks = self.tr("%1 weeks") if n.weeks != 1 else self.tr("1 week")
        self._name_workspace(f"{traces.replace('%1', decimal(n.traces))}, {weeks.replace('%1', str(n.weeks))}")

    def _name_workspace(self, detail: str = "") -> None:
        if self.bridge is None:
            return
        name = shown.safe(workspace_name(self.bridge.reader), 60)
        self.window.sidebar.name.say(name, detail)
        self.window.setWindowTitle(f"{name} – Transcript Reviewer")

    def _tell(self, why: Expected) -> None:
        shown.message(self.window, self.tr("That did not work"), why.sentence, why.next_step, theme=self.theme)


def make_qt(arguments: Sequence[str] = ()) -> QApplication:
    """Return the Qt application, made when there is none yet.

    Raises:
        Expected: the installed Qt binding would crash at a random moment.
    """
    sys.setswitchinterval(SWITCH_S)
    existing = QApplication.instance()
    qt = (
        existing
        if isinstance(existing, QApplication)
        else QApplication(["transcript-reviewer", "-style", theme.STYLE, *arguments])
    )
    QCoreApplication.setApplicationName("transcript-reviewer")
    if not binding.is_sound():
        raise Expected(
            "This PySide6 is broken on this Python: the window would end at a random moment.",
            "Install PySide6-Essentials 6.11.3 on Python 3.11, or use Python 3.12 or newer.",
        )
    return qt


def _settle_down(application: Application, held: ExitStack) -> None:
    """Do what the first transcript did not wait for.

    What is made from here on is collected, between presses: the start's objects stay as long as the window. Where the
    interpreter dies, a file says it from now on, held open by ``held``.
    """
    gc.freeze()
    IdleCollector(application)
    held.enter_context(watch_for_crashes(report_folder()))


def run(path: Path | None, week: str | None = None, reviewer: str | None = None) -> int:
    """Open the window, on a workspace and a week where they are given, and return the exit code when it closes."""
    if sys.stderr is not None:
        faulthandler.enable()  # until there is a file
    qt = make_qt()
    application = Application(qt, Preferences(), reviewer)
    FaultDialogs(report_folder, lambda: application.theme).install()
    with ExitStack() as held:
        held.callback(setattr, sys, "excepthook", sys.__excepthook__)
        if path is None or not application.open_workspace(path, week):
            application.begin()
        QTimer.singleShot(STARTED_MS, partial(_settle_down, application, held))
        code = qt.exec()
        application.close_workspace()
    return code
