"""The lower half of Home: what is new, the regular looks, the latest day; and what they say."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from reviewer.desktop.explore.state import TraceList
from reviewer.desktop.home_looks import Looks
from reviewer.desktop.home_words import done_words, due_words, figure_words, novelty_words
from reviewer.desktop.parts.controls import Button
from reviewer.desktop.theme import Theme
from reviewer.model.cadence import CHECKLISTS, DAY_US, standing
from reviewer.model.glance import DayFigure, Glance
from reviewer.model.novelty import Novelty
from reviewer.model.number import Basis, Number, Unit
from reviewer.workspace.ask.checklists import last_done
from tests.desktop.test_home import home
from tests.desktop.windows import a_week, a_window

NOW_US = 1_795_392_000_000_000
PROMPT = Novelty("prompt", "v15", NOW_US, 3118, 5, 1, "returns", examples=tuple(f"t{n}" for n in range(40)))
TOOLS = Novelty("tools", "c0ffee", NOW_US, 211, 0, 0, "billing", examples=("a", "b"))
RETRIEVAL = Novelty("retrieval", "top_k=8", NOW_US, 20, 0, before="top_k=4", examples=("a",))


def counted(value: float, unit: Unit = Unit.SHARE) -> Number:
    return Number(value, Basis.ALL_TRAFFIC, unit, n=100, population=100)


def test_a_card_says_what_is_new_since_when_and_how_little_was_read() -> None:
    words = novelty_words(PROMPT, "UTC")
    assert words.title == "New prompt version"
    assert words.lines == ("v15, since 23 Nov 00:00", "3,118 traces, 5 read", "1 of the 5 read fail")
    assert words.shown == 12
    assert novelty_words(RETRIEVAL, "UTC").lines[0] == "top_k=4 → top_k=8, since 23 Nov 00:00"
    tools = novelty_words(TOOLS, "UTC")
    assert "c0ffee" not in " ".join(tools.lines)
    assert tools.lines[1] == "211 traces, none read"


def test_a_look_says_when_it_was_done_and_is_due() -> None:
    never = standing(CHECKLISTS[0], None, "")
    assert (done_words(never, NOW_US, "UTC"), due_words(never, NOW_US, "UTC")) == ("never done", "due now")
    weekly = standing(CHECKLISTS[1], NOW_US, "Ada")
    assert done_words(weekly, NOW_US, "UTC") == "done 23 Nov 00:00 by Ada"
    assert due_words(weekly, NOW_US + DAY_US, "UTC") == "due 30 November 2026"
    assert due_words(weekly, NOW_US + 7 * DAY_US, "UTC") == "due now"


@pytest.mark.parametrize(
    ("value", "said"), [(0.05, "usual"), (0.2, "usually 2.0 – 8.0 %")],
)  # fmt: skip
def test_a_figure_stands_beside_its_usual_range(value: float, said: str) -> None:
    assert figure_words(DayFigure("x", "X", counted(value), 0.02, 0.08)) == said
    assert figure_words(DayFigure("x", "X", counted(value))) == "no usual range yet"


def buttons(looks: Looks, text: str) -> list[Button]:
    return [one for one in looks.findChildren(Button) if one.text().strip() == text and not one.isHidden()]


def test_what_is_not_there_is_absent_and_what_is_leads_to_its_traces(qtbot: QtBot) -> None:
    looks = Looks(Theme.light(), "UTC")
    qtbot.addWidget(looks)
    looks.show_novelties([])
    looks.show_glance(None)
    assert looks.new.isHidden()
    assert looks.day.isHidden()
    looks.show_novelties([PROMPT, TOOLS])
    assert not looks.new.isHidden()
    with qtbot.waitSignal(looks.asked) as asked:
        buttons(looks, "Show 12 of them")[0].click()
    page, wanted = asked.args
    assert page == "explore"
    assert isinstance(wanted, TraceList)
    assert wanted.traces == PROMPT.examples[:12]


def test_steps_open_and_lead_to_their_pages(qtbot: QtBot) -> None:
    looks = Looks(Theme.dark(), "UTC")
    qtbot.addWidget(looks)
    looks.show_cadences([standing(one, None, "") for one in CHECKLISTS], NOW_US)
    looks.show()
    assert not any(button.isVisible() for button in buttons(looks, "Open"))
    buttons(looks, "Steps")[2].click()
    opened = [button for button in buttons(looks, "Open") if button.isVisible()]
    assert len(opened) == len(CHECKLISTS[2].looks)
    with qtbot.waitSignal(looks.asked) as asked:
        opened[0].click()
    assert asked.args == ["scorecard", "month"]
    looks.show_glance(
        Glance(NOW_US, 18, (DayFigure("traces", "Traces", counted(18, Unit.COUNT), history=(1.0, None, 3.0)),))
    )
    looks.grab()


def test_done_is_kept_with_who_did_it(tmp_path: Path, qtbot: QtBot) -> None:
    with a_window(a_week(tmp_path, 2), reviewer="ada") as player:
        page = home(player)
        player.wait(lambda: bool(buttons(page.looks, "Done")), str([b.text() for b in page.looks.findChildren(Button)]))
        buttons(page.looks, "Done")[0].click()
        bridge = page.bridge
        player.wait(lambda: "daily" in last_done(bridge.reader))
        assert last_done(bridge.reader)["daily"][0] == "ada"
        player.wait(lambda: bool(buttons(page.looks, "Not done")), "the way back")
        buttons(page.looks, "Not done")[0].click()
        player.wait(lambda: "daily" not in last_done(bridge.reader), "the press to be taken back")
