"""Another language: every word of the window's own goes through the translator; what is left bare is data.

The data of these tests is Greek, so that a Latin word that no bracket holds is one that nobody can translate.
"""

import dataclasses
import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
)

from reviewer import wording
from reviewer.desktop import shown
from reviewer.desktop.bridge import Bridge
from reviewer.desktop.commands.keycap import Keycap
from reviewer.desktop.exports.page import ExportPage
from reviewer.desktop.first_run import FirstRunPage
from reviewer.desktop.offscreen import Player
from reviewer.desktop.overlays import OPEN
from reviewer.desktop.pages import LINES
from reviewer.desktop.parts.table import Table
from reviewer.desktop.scorecard.page import ScorecardPage
from reviewer.desktop.segment_rules.page import SegmentsPage
from reviewer.desktop.theme import Theme
from reviewer.desktop.trends.page import TrendsPage
from reviewer.desktop.trends.state import View
from reviewer.exports.scorecard.lines import footnotes
from reviewer.jobs.messages import Done
from reviewer.model.trace import Score
from reviewer.verbs.coding import Wanted, code
from tests.builders import a_trace, a_workspace, put
from tests.desktop.opened import reviewed
from tests.desktop.windows import WEEK, a_window

WORD = re.compile(r"[A-Za-z]{2,}")
TRANSLATED = re.compile(r"⟦[^⟦⟧]*⟧")
NAMES = {
    "Phoenix",
    "MLflow",
    "Langfuse",
    "LangSmith",
    "Transcript Reviewer",
    "ada",
    "anna",
    "test",
    "JSON",
    "Markdown",
    "HTML",
    "PDF",
    "Enter",
    "Space",
    "Esc",
    "Ctrl",
    "UTC",
    "ok",
}
"""The program, people, the workspace, formats of files, caps of keys, the time zone, and the status that the traces hold."""
LIST = """
name = "test"
title = "Τάξη"
version = 1
[[mode]]
id = "lathos"
title = "Λάθος"
slot = 1
group = "Ομάδα"
definition = "Ορισμός"
counts_when = "ναι"
not_when = "όχι"
[[score]]
id = "bathmos"
title = "Βαθμός"
low = 1
high = 5
low_means = "κακό"
high_means = "καλό"
"""


class Brackets(QTranslator):
    """A language in which every text stands in brackets."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, sourceText: str, disambiguation: str | None = None, n: int = -1) -> str:  # noqa: N803 - Qt's name
        return f"⟦{sourceText}⟧"


class AtOnce:
    """A job that was done in this process."""

    def cancel(self) -> None:
        """There is nothing to end."""


def at_once(self: Bridge, function: Callable[..., Any], *args: Any, message: Any, done: Callable[[Done], None]) -> Any:
    result = function(None, *args)
    # As the real one: an answer that comes when the bridge is closed is dropped.
    self._arrived.emit(lambda: done(Done(result)))
    return AtOnce()


@pytest.fixture
def bracketed(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put brackets round every text of the window and every sentence of ``wording``."""
    for name, value in vars(wording).items():
        if name.isupper() and isinstance(value, str) and WORD.search(value):
            monkeypatch.setattr(wording, name, f"⟦{value}⟧")
    warrants = {basis: f"⟦{said}⟧" for basis, said in wording._WARRANTS.items()}
    monkeypatch.setattr(wording, "_WARRANTS", warrants)
    monkeypatch.setattr(wording, "MONTHS", ("Μήνας",) * 12)
    monkeypatch.setattr(Bridge, "job", at_once)
    brackets = Brackets()
    assert QCoreApplication.installTranslator(brackets)
    yield
    QCoreApplication.removeTranslator(brackets)


@pytest.fixture
def player(tmp_path: Path, bracketed: None) -> Iterator[Player]:
    file = tmp_path / "list.toml"
    file.write_text(LIST, encoding="utf-8")
    more: dict[str, Any] = {
        "workflow": "ροή",
        "model": "μ",
        "prompt_version": "3",
        "session_id": None,
        "scores": [Score("χρήσιμο", 0.8, source="llm")],
    }
    traces = [a_trace(n, native_id=str(n), question="Ερώτηση", answer="Απάντηση", **more) for n in range(6)]
    traces.append(a_trace(7, native_id="7", question="Ερώτηση", started_us=None, time_basis="import", **more))
    with a_workspace(tmp_path, taxonomy=str(file)) as workspace:
        put(workspace, traces)
        drawn = reviewed(workspace, WEEK, 4, ("lathos",))
        reader = workspace.reader()
        for trace in drawn:
            workspace.write(code, reader, WEEK, Wanted(trace, "Νίκη", "fail", ("lathos",))).result()
        reader.close()
    with a_window(workspace.path, WEEK) as made:
        made.wait(lambda: not made.window.waiting, "the pages that appear by themselves")
        yield made


def texts(root: QWidget) -> Iterator[str]:
    """Yield what a widget and those inside it show, say to a screen reader, or offer."""
    for widget in (root, *root.findChildren(QWidget)):
        if isinstance(widget, Keycap):
            continue
        yield from (widget.accessibleName(), widget.accessibleDescription(), widget.windowTitle())
        yield html.unescape(widget.toolTip().removeprefix("<qt>").removesuffix("</qt>"))
        if isinstance(widget, shown.PlainLabel):
            yield widget.full_text
        elif isinstance(widget, QLabel | QAbstractButton):
            yield widget.text()
        elif isinstance(widget, QLineEdit | QPlainTextEdit):
            yield widget.placeholderText()
        elif isinstance(widget, QComboBox):
            yield from (widget.itemText(n) for n in range(widget.count()))
        elif isinstance(widget, QMenu):
            yield from (line.text() for line in widget.actions())
        elif isinstance(widget, Table):
            yield from (column.title for column in widget.columns)
            yield from (widget.rows.spoken(n) for n in range(widget.rows.count))


def strings(value: object) -> Iterator[str]:
    """Yield every text inside a value: what a verb answered is data."""
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from (text for field in dataclasses.fields(value) for text in strings(getattr(value, field.name)))
    elif isinstance(value, dict):
        yield from strings(tuple(value.items()))
    elif isinstance(value, list | tuple):
        yield from (text for part in value for text in strings(part))


def bare(root: QWidget, data: set[str]) -> set[str]:
    """Return the texts with a Latin word that is neither translated nor data."""
    return {text for text in texts(root) if WORD.search(_without(text, data))}


def _without(text: str, data: set[str]) -> str:
    for known in sorted(data, key=len, reverse=True):
        text = text.replace(known, "")
    while TRANSLATED.search(text):
        text = TRANSLATED.sub("", text)
    return re.sub("|".join(rf"\b{name}\b" for name in NAMES), "", text)


def answers(page: QWidget) -> set[str]:
    """Return what a page was told and shows as it is: sentences of a scorecard, losses of a dataset, attributes."""
    if isinstance(page, ScorecardPage):
        assert page.state.found is not None
        told = {*strings(page.state.found), *footnotes(page.state.found)}
    elif isinstance(page, ExportPage):
        told = {*strings(page.state.targets), *strings(page.state.rows), page.row.full_text, page.place.full_text}
    elif isinstance(page, SegmentsPage):
        told = {*strings(page.state.survey.found), *strings(page.state.seen)}
    else:
        told = set()
    return {text for text in told if WORD.search(text)}


def test_a_bare_word_is_found(bracketed: None) -> None:
    label = shown.label("⟦3 of 8⟧ · words left bare", theme=Theme.light())
    assert bare(label, set()) == {"⟦3 of 8⟧ · words left bare"}
    label.setText("⟦3 of ⟦8⟧⟧ · Απάντηση · UTC · 12:30")
    assert bare(label, set()) == set()


@pytest.mark.parametrize("name", [line.name for line in LINES])
def test_every_word_of_a_page_can_be_translated(player: Player, name: str) -> None:
    player.application.run(f"go.{name}")
    player.rest()
    page = player.window.page
    assert page is not None
    assert page.name == name
    player.wait(lambda: not isinstance(page, ScorecardPage) or page.state.found is not None, "the scorecard")
    assert bare(player.window, answers(page)) == set()


@pytest.mark.parametrize("keys", ["?", "ctrl+k", "ctrl+g", "t", "n", "e", "f", "1"])
def test_every_word_over_the_review_page_can_be_translated(player: Player, keys: str) -> None:
    player.play(keys)
    assert bare(player.window, set()) == set()


def test_every_word_of_the_menu_can_be_translated(player: Player) -> None:
    OPEN["menu"](player.application)
    (opened,) = player.window.findChildren(QMenu)
    assert len(opened.actions()) > 10
    assert bare(opened, set()) == set()
    opened.close()


def test_every_word_of_the_first_page_can_be_translated(player: Player, tmp_path: Path) -> None:
    player.application.close_workspace()
    player.application.begin()
    page = player.window.page
    assert isinstance(page, FirstRunPage)
    zones = {page.timezone.itemText(n) for n in range(page.timezone.count())}
    assert bare(player.window, zones | {str(tmp_path)} | {"test.review"}) == set()


def test_a_message_without_buttons_of_its_own_says_ok_in_the_readers_language(bracketed: None) -> None:
    dialog = shown.MessageDialog(None, "⟦Τίτλος⟧", "Λόγος", theme=Theme.light())
    assert [button.text() for button in dialog.findChildren(QAbstractButton)] == ["⟦OK⟧"]


@pytest.mark.parametrize("view", ["large", "stack", "saturation"])
def test_every_word_of_the_other_views_of_trends_can_be_translated(player: Player, view: View) -> None:
    player.application.run("go.trends")
    player.rest()
    page = player.window.page
    assert isinstance(page, TrendsPage)
    assert view in page.state.views
    page._choose_view(view)
    player.rest()
    assert bare(player.window, set()) == set()
