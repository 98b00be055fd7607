"""Segments: a rule is written, seen before it counts, applied, and taken back; from the page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from reviewer.desktop.bridge import Bridge
from reviewer.desktop.imports.page import ImportPage
from reviewer.desktop.segment_rules.page import SegmentsPage
from reviewer.desktop.segment_rules.state import Phase, SegmentsState
from reviewer.desktop.theme import Theme
from reviewer.errors import Expected
from reviewer.jobs.messages import Progress
from reviewer.model.segment_rules import MOST_NAMES
from reviewer.model.week import SEGMENTS
from reviewer.verbs.importing import Report
from reviewer.verbs.segments import Preview, Survey, Tally
from reviewer.workspace.ask.segments import rules
from reviewer.workspace.ask.traces import facet
from tests.builders import a_trace
from tests.desktop.opened import a_bridge

TENANT = SEGMENTS.index("tenant")


def a_state(*names: str) -> SegmentsState:
    state = SegmentsState()
    tallies = {name: Tally() for name in names}
    for name, tally in tallies.items():
        tally.add(f"Value of {name}")
    state.survey.ask()
    state.survey.take("", Survey(1, 0, tallies))
    return state


def test_what_was_not_seen_cannot_be_applied() -> None:
    state = a_state("team")
    state.choose("tenant")
    assert not state.begin(), "nothing to apply"
    assert state.use("team") and not state.use("team")
    assert not state.begin(), "not seen yet"
    assert state.preview.ask()
    assert state.preview.take(state.rules, Preview(state.rules))
    assert state.begin()
    assert not state.use("desk") and not state.begin()
    state.hear(Progress(3, 6))
    assert state.part == 0.5
    state.stop()
    assert not state.write(), "a cancel that came in time counts"
    state.end()
    assert state.is_changed


def test_rules_being_written_stay_when_others_are_learnt_and_go_on_undo() -> None:
    state = a_state("team")
    state.learn({"model": ("m",)})
    assert state.rules == {"model": ("m",)}
    state.choose("tenant")
    state.use("team")
    state.learn({"model": ("other",)})
    assert state.rules == {"model": ("m",), "tenant": ("team",)}
    state.undo()
    assert state.rules == {"model": ("other",)} and not state.is_changed
    state.as_found()
    assert state.rules == {} and state.is_changed


def test_attributes_are_found_by_name_and_value_and_not_offered_twice() -> None:
    state = a_state("team.name", "desk")
    assert [name for name, _ in state.listed()] == ["team.name", "desk"]
    state.words = "VALUE desk"
    assert [name for name, _ in state.listed()] == ["desk"]
    state.use("desk")
    assert state.listed() == []
    state.drop("desk")
    assert state.rules == {}
    assert all(state.use(str(n)) for n in range(MOST_NAMES)) and not state.use("one more")


@pytest.fixture
def bridge(tmp_path: Path, qtbot: QtBot) -> Iterator[Bridge]:
    made = [a_trace(n, attributes={"team": ("blue", "green")[n % 2], "desk": "<b>one</b>"}) for n in range(4)]
    with a_bridge(tmp_path, made) as found:
        yield found


@pytest.fixture
def page(bridge: Bridge, qtbot: QtBot) -> SegmentsPage:
    made = SegmentsPage(bridge, Theme.light())
    bridge.changed.connect(made.refresh)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    made.activated()
    qtbot.waitUntil(lambda: made.state.seen is not None and made.state.survey.found is not None, timeout=20_000)
    return made


def take_tenant_from_team(page: SegmentsPage, qtbot: QtBot) -> None:
    page.segments.setCurrentIndex(page.segments.rows.index(TENANT, 0))
    page.words.setText("blue")
    QTest.keyClick(page.words, Qt.Key.Key_Return)
    QTest.keyClick(page.attributes, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.state.may_apply, timeout=20_000)


def tenants(page: SegmentsPage) -> list[tuple[str | None, int]]:
    return facet(page.bridge.reader, "tenant")


def test_a_rule_is_seen_before_it_counts_then_applied_then_reset(page: SegmentsPage, qtbot: QtBot) -> None:
    take_tenant_from_team(page, qtbot)
    assert (
        page.segments.rows.spoken(TENANT)
        == "segment tenant; taken from team; values blue, green; do not say 0; would change 4"
    )
    assert page.rule.values.rows.spoken(0) == "value blue; traces 2"
    assert "not recorded → " in page.rule.examples.rows.spoken(0)
    assert tenants(page) == [(None, 4)]
    page.apply.click()
    qtbot.waitUntil(lambda: not page.state.busy and not page.state.is_changed, timeout=20_000)
    assert tenants(page) == [("blue", 2), ("green", 2)]
    assert rules(page.bridge.reader) == {"tenant": ("team",)}
    qtbot.waitUntil(lambda: page.state.seen is not None and page.state.seen.changed == 0, timeout=20_000)
    page.reset.click()
    qtbot.waitUntil(lambda: page.state.may_apply, timeout=20_000)
    page.apply.click()
    qtbot.waitUntil(lambda: not page.state.busy and not page.state.is_changed, timeout=20_000)
    assert tenants(page) == [(None, 4)]


def test_an_attribute_is_removed_and_the_writing_undone(page: SegmentsPage, qtbot: QtBot) -> None:
    take_tenant_from_team(page, qtbot)
    page.rule.drops[0].click()
    assert page.state.rules == {} and not page.undo.isVisible()
    page.words.clear()
    page.use.click()
    assert page.state.names and page.undo.isVisible()
    page.undo.click()
    assert page.state.rules == {}


def test_a_cancel_writes_nothing(page: SegmentsPage, qtbot: QtBot) -> None:
    take_tenant_from_team(page, qtbot)
    page.apply.click()
    assert page.cancel.isVisible()
    page.cancel.click()
    assert page.state.phase is Phase.STOPPING
    qtbot.waitUntil(lambda: not page.state.busy, timeout=20_000)
    assert tenants(page) == [(None, 4)] and page.state.is_changed


def test_a_refusal_is_told_and_the_rules_stay_written(page: SegmentsPage, qtbot: QtBot) -> None:
    take_tenant_from_team(page, qtbot)
    with qtbot.waitSignal(page.bridge.went_wrong) as told:
        page.state.begin()
        page._failed(Expected("Traces came in.", "Apply again."))
    assert str(told.args[0]).startswith("Traces came in.")
    assert not page.state.busy and page.state.is_changed


def test_foreign_text_is_shown_as_letters(page: SegmentsPage, qtbot: QtBot) -> None:
    page.words.setText("desk")
    assert "<b>one</b> 4" in page.attributes.rows.spoken(0)


def test_sources_lead_to_it_after_an_import(bridge: Bridge, qtbot: QtBot) -> None:
    imports = ImportPage(bridge, Theme.light())
    qtbot.addWidget(imports)
    imports.show()
    assert not imports.segments.isVisible()
    imports.state.begin([Path("a.jsonl")])
    imports._ended(Report(imported=5, state="done"))
    assert imports.segments.isVisible()
    with qtbot.waitSignal(imports.asked) as asked:
        imports.segments.click()
    assert asked.args == ["segments", None]
