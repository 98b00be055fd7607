"""The start: nothing heavy before the first transcript, a sound binding, and words instead of silence."""

import builtins
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from reviewer.desktop import binding
from reviewer.desktop.faults import FaultDialogs, write_report
from reviewer.desktop.preferences import Preferences
from reviewer.desktop.review.transcript.layout import Layout
from reviewer.desktop.theme import Theme
from tests.desktop.windows import WEEK, a_week, a_window, review_of

HEAVY = (
    "pandas", "numpy", "scipy", "pyqtgraph", "sqlite_utils", "multiprocessing.context", "statistics",
    "reviewer.jobs.running", "reviewer.sources", "tomllib", "reviewer.desktop.home", "reviewer.desktop.overlays",
    "reviewer.desktop.commands.palette", "reviewer.desktop.parts.fields",
    "reviewer.desktop.explore.page", "reviewer.desktop.week.page", "reviewer.desktop.trends.page", "platformdirs", "hashlib",
    "html", "orjson", "reviewer.desktop.review.transcript.accessible", "reviewer.model.number", "reviewer.model.agreement", "reviewer.cli.weeks",
)  # fmt: skip
SHOW = """
import os, sys
from pathlib import Path
from reviewer.desktop.offscreen import open_player
from reviewer.desktop.review.state import ReviewState
def painted(state, trace):
    print(",".join(name for name in %r if name in sys.modules), flush=True)
    os._exit(0)
ReviewState.painted = painted
open_player(Path(sys.argv[1]), sys.argv[2], "ada", Path(sys.argv[3])).settle()
"""


def test_nothing_heavy_is_imported_before_the_first_transcript_is_painted(tmp_path: Path) -> None:
    path = a_week(tmp_path, 2)
    done = subprocess.run(
        [sys.executable, "-c", SHOW % (HEAVY,), str(path), WEEK, str(tmp_path / "settings.ini")],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == ""


def test_no_widget_comes_up_as_a_window_of_its_own(tmp_path: Path, qtbot: QtBot) -> None:
    with a_window(a_week(tmp_path, 2)) as player:
        tops = [w for w in player.application.qt.topLevelWidgets() if w.isVisible()]
        assert tops == [player.window]


def test_no_text_is_laid_out_for_a_width_that_it_does_not_keep(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    again: list[tuple[float, float]] = []
    set_width = Layout.set_width

    def watched(layout: Layout, width: float) -> None:
        if width != layout.width:
            again.append((layout.width, width))
        set_width(layout, width)

    monkeypatch.setattr(Layout, "set_width", watched)
    with a_window(a_week(tmp_path, 2)):
        assert again == []


def test_no_import_reads_the_sources_of_modules(qtbot: QtBot) -> None:
    assert builtins.__import__.__name__ != "__feature_import__"


STUBS = """
import sys
import reviewer.desktop.binding
from PySide6.QtCore import QTimer
from PySide6.support.signature.lib import pyi_generator
print("argparse" in vars(pyi_generator))
try:
    QTimer().start("soon")
except TypeError as why:
    print("msec: int" in str(why))
print(callable(pyi_generator.generate_pyi), "argparse" in vars(pyi_generator))
try:
    pyi_generator.not_there
except AttributeError:
    print("absent")
"""


def test_what_the_binding_brings_for_stub_files_is_compiled_when_it_is_asked_for_and_errors_keep_their_words() -> None:
    done = subprocess.run([sys.executable, "-c", STUBS], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["False", "True", "True", "True", "absent"]


def test_the_binding_that_runs_this_is_sound() -> None:
    assert binding.is_sound()


def test_a_bug_is_written_down_with_its_trace(tmp_path: Path) -> None:
    try:
        raise RuntimeError("planted")
    except RuntimeError as why:
        report = write_report(tmp_path, type(why), why, why.__traceback__).read_text(encoding="utf-8")
    assert "RuntimeError: planted" in report
    assert "test_start.py" in report


def test_an_interrupt_is_no_bug(tmp_path: Path, qtbot: QtBot) -> None:
    FaultDialogs(lambda: tmp_path, Theme.light).take(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert list(tmp_path.iterdir()) == []


def test_the_window_remembers_how_it_looked(tmp_path: Path, qtbot: QtBot) -> None:
    path = a_week(tmp_path, 2)
    with a_window(path) as player:
        player.application.run("view.theme.dark")
        player.application.run("view.scale.115")
        player.application.run("view.keys.prodigy")
    with a_window(path) as player:
        assert player.application.theme.is_dark
        assert player.application.theme.scale == 115
        assert review_of(player).keymap.profile.name == "prodigy"


@pytest.mark.parametrize(("stored", "read"), [("900", 100), ("x", 100), ("130", 130)])
def test_spoilt_preferences_fall_back(tmp_path: Path, stored: str, read: int) -> None:
    file = tmp_path / "settings.ini"
    file.write_text(f"[General]\nscale={stored}\ntheme=plaid\nrecent=/no/such.review\n")
    preferences = Preferences(file)
    assert preferences.scale == read
    assert preferences.theme == "system"
    assert preferences.recent == []
