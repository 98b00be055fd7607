"""Export: the rows are shown before they are written, losses are named, and a failure is said."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from reviewer.desktop.bridge import Bridge
from reviewer.desktop.exports.page import ExportPage
from reviewer.desktop.exports.state import ExportState, Target, pretty, value_of
from reviewer.desktop.theme import Theme
from reviewer.exports.sets.choosing import Choice
from reviewer.jobs.messages import Broke, Done
from reviewer.verbs.changes import Changes
from reviewer.verbs.datasets import candidates, keep, plan
from tests.builders import a_trace
from tests.desktop.opened import a_bridge, reviewed

TARGETS = (Target("jsonl", "JSON lines", ("nothing",)), Target("inspect", "Inspect", ("scores",)))


def test_the_folder_is_named_after_weeks_and_target() -> None:
    state = ExportState(Path("/data/bot.review"), TARGETS)
    assert state.out == Path("/data/bot-all-weeks-jsonl")
    state.choose(week="2026-W47", target="inspect")
    state.folder = Path("/out")
    assert state.out == Path("/out/bot-2026-W47-inspect")
    state.choose(week="../../etc/x")
    assert state.out == Path("/out/bot-etc-x-inspect")
    state.choose(every_week=True)
    assert state.week is None


def test_a_row_to_look_at_is_cut_and_says_by_how_much() -> None:
    row = {"input": "x" * 1000, "tags": list(range(40)), "deep": {"text": "short"}}
    assert "… 840 more characters" in pretty(row)
    assert "… 28 more" in pretty(row)
    assert len(pretty(row)) < 600


def test_what_a_row_asks_is_found_wherever_the_target_puts_it() -> None:
    messages = [{"role": "user", "content": "one"}, {"role": "assistant"}, {"role": "user", "content": "two"}]
    assert value_of({"input": "plain"}, "input") == "plain"
    assert value_of({"vars": {"trace": {"input": "deep"}}}, "input") == "deep"
    assert value_of({"input": messages}, "input") == "two"
    assert value_of({"input": [1, 2]}, "input") == "[1, 2]"
    assert value_of({"expected": None}, "expected") == ""


def test_what_is_chosen_adds_passes_only_where_they_would_be_missing() -> None:
    state = ExportState(Path("/data/bot.review"), TARGETS)
    assert (state.choice.verdict, state.choice.modes, state.choice.passes) == ("", (), 0)
    state.narrow(verdict="fail", mode="looping")
    assert (state.choice.verdict, state.choice.modes) == ("fail", ("looping",))
    assert state.choice.passes > 0
    state.narrow(passes=False)
    assert state.choice.passes == 0
    state.narrow(verdict="pass", passes=True)
    assert state.choice.passes == 0


def test_nothing_can_be_written_without_rows_or_while_writing() -> None:
    state = ExportState(Path("/data/bot.review"), TARGETS)
    assert not state.can_write
    state.show_rows([{}], 1)
    assert state.can_write
    state.begin()
    assert not state.can_write
    state.refuse("The disk is full.")
    assert not state.can_write
    state.choose(target="inspect")
    assert state.can_write


@pytest.fixture
def bridge(tmp_path: Path, qtbot: QtBot) -> Iterator[Bridge]:
    with a_bridge(tmp_path, 12) as made:
        reviewed(made._workspace)
        yield made


@pytest.fixture
def page(bridge: Bridge, qtbot: QtBot) -> ExportPage:
    made = ExportPage(bridge, Theme.light())
    qtbot.addWidget(made)
    made.resize(1232, 900)
    made.show()
    made.activated()
    qtbot.waitUntil(lambda: bool(made.state.rows))
    return made


def test_the_first_rows_are_shown_as_they_will_be_written(page: ExportPage) -> None:
    assert len(page.state.rows) == 8
    assert "May I return an opened headset?" in page.table.rows.spoken(0)
    shown = json.loads(page.row.full_text)
    assert shown.keys() == page.state.rows[0].keys()
    assert page.chosen.count.full_text == "8 codings submitted"


def test_each_target_names_what_it_loses(page: ExportPage, qtbot: QtBot) -> None:
    before = page.losses.full_text
    page.cards.cards["promptfoo"].click()
    qtbot.waitUntil(lambda: page.losses.full_text != before)
    assert page.state.out.name.endswith("-promptfoo")
    assert "promptfoo" in page.row_title.full_text


def test_the_chosen_target_is_written_into_the_chosen_folder(
    page: ExportPage, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_once(self: Bridge, run: Any, function: Any, *args: Any, message: Any, done: Any) -> None:
        done(Done(function(*args)))

    monkeypatch.setattr(Bridge, "job", at_once)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *args: str(tmp_path / "out"))
    page.folder.click()
    page.write.click()
    out = tmp_path / "out" / "test-all-weeks-jsonl"
    qtbot.waitUntil(lambda: "Wrote 8 rows" in page.outcome.full_text)
    assert (out / "manifest.json").exists()
    assert "version 1 of test" in page.outcome.full_text


def test_a_failure_is_said_and_another_target_can_be_tried(page: ExportPage) -> None:
    page.state.begin()
    page._ended(Broke("The folder holds other files.", "Choose an empty or a new folder."))
    assert "Choose an empty or a new folder." in page.outcome.full_text
    assert not page.write.isEnabled()
    page.cards.cards["inspect"].click()
    assert page.write.isEnabled()


def test_without_reviews_there_is_nothing_to_write(tmp_path: Path, qtbot: QtBot) -> None:
    with a_bridge(tmp_path, 2) as bridge:
        page = ExportPage(bridge, Theme.dark())
        qtbot.addWidget(page)
        page.activated()
        qtbot.waitUntil(lambda: "no rows" in page.rows_about.full_text)
        assert not page.write.isEnabled()
        page.refresh(Changes(codings=frozenset()))


def test_the_version_is_known_before_it_is_written_and_its_splits_are_those_of_the_rows(
    page: ExportPage, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: "version 1" in page.rows_about.full_text, timeout=30_000)
    plan = page.state.plan
    assert plan is not None
    assert page.write.text().strip() == "Write version 1"
    splits = {row.id: row.split for row in plan.rows}
    qtbot.waitUntil(lambda: {row["example_id"]: row["split"] for row in page.state.rows} == splits)
    assert sum(page.more.bar.counts.values()) == 8
    assert f"train {plan.version.splits.get('train', 0)}" in page.more.splits.full_text


def test_a_verdict_narrows_the_rows_and_passes_can_be_left_out(page: ExportPage, qtbot: QtBot) -> None:
    page.chosen.verdicts.setCurrentIndex(1)
    page.chosen.verdicts.activated.emit(1)
    page.chosen.passes.setChecked(False)
    qtbot.waitUntil(lambda: {row["verdict"] for row in page.state.rows} == {"fail"})
    assert not page.chosen.passes.isChecked()
    page.chosen.verdicts.setCurrentIndex(2)
    page.chosen.verdicts.activated.emit(2)
    qtbot.waitUntil(lambda: {row["verdict"] for row in page.state.rows} == {"pass"})
    assert not page.chosen.passes.isEnabled()


def test_redaction_is_seen_in_the_rows_and_counted(tmp_path: Path, qtbot: QtBot) -> None:
    traces = [a_trace(n, question="Write to carla@example.org, please.") for n in range(4)]
    with a_bridge(tmp_path, traces) as bridge:
        reviewed(bridge._workspace, size=4)
        page = ExportPage(bridge, Theme.light())
        qtbot.addWidget(page)
        page.activated()
        qtbot.waitUntil(lambda: bool(page.state.rows))
        page.more.tick.setChecked(True)
        qtbot.waitUntil(lambda: "<EMAIL_" in page.row.full_text, timeout=30_000)
        assert "carla" not in page.row.full_text
        qtbot.waitUntil(lambda: "email 8 in 4 traces" in page.more.found.full_text, timeout=30_000)


def test_versions_are_listed_with_what_changed_and_what_is_missing(page: ExportPage, qtbot: QtBot) -> None:
    reader = page.bridge.reader
    for choice in (Choice(verdict="fail"), Choice()):
        page.bridge._workspace.write(keep, plan(reader, choice)).result()
    page.shown.setCurrentIndex(1)
    page.shown.activated.emit(1)
    table = page.versions.tables[0]
    qtbot.waitUntil(lambda: table.rows.rowCount() == 2, timeout=30_000)
    assert "all weeks" in table.rows.spoken(0)
    assert "5" in table.rows.spoken(0)
    assert "No example of these failure modes" in page.versions.add.full_text
    page.set_theme(Theme.dark())


def test_further_conditions_are_counted_and_reach_the_choice() -> None:
    state = ExportState(Path("/data/bot.review"), TARGETS)
    state.demand(where=("workflow", "refunds"), readers="disputed", balance=10)
    state.demand(score="groundedness")
    assert state.conditions.said == 3, "a score without a limit asks for nothing"
    state.demand(limit="<=2", hint="tool_error", once=True)
    assert (state.choice.where, state.choice.hints) == ((("workflow", "refunds"),), ("tool_error",))
    assert (state.choice.scores, state.choice.readers) == (("groundedness<=2",), "disputed")
    assert (state.choice.balance, state.choice.once, state.choice.expected) == (10, True, False)
    state.demand(where=None, score="", limit="", readers="", balance=0, hint="", once=False)
    assert state.choice == Choice()


def choose_by_hand(field: Any, value: object) -> None:
    index = field.findData(value)
    field.setCurrentIndex(index)
    field.activated.emit(index)


def test_a_segment_chosen_by_hand_narrows_the_rows_and_a_balance_is_kept(page: ExportPage, qtbot: QtBot) -> None:
    more = page.chosen.more
    assert not more.fields.isVisible()
    more.fold.click()
    assert more.fields.isVisible()
    offered = [more.segments.itemData(n) for n in range(1, more.segments.count())]
    choose_by_hand(more.segments, offered[0])
    by, _, value = offered[0].partition("=")
    held = {one.trace for one in candidates(page.bridge.reader) if one.segments[by] == value}
    qtbot.waitUntil(lambda: {row["trace_id"] for row in page.state.rows} == held)
    choose_by_hand(more.balances, 5)
    more.fold.click()
    assert "2" in more.fold.text()
    qtbot.waitUntil(
        lambda: page.state.plan is not None and "5 of each" in page.state.plan.version.query, timeout=30_000
    )


def test_a_row_is_pinned_and_let_go_until_a_version_holds_it(page: ExportPage, qtbot: QtBot) -> None:
    def pinned_to(split: str) -> bool:
        plan = page.state.plan
        return plan is not None and plan.rows[0].split == split and page.pin.splits.isEnabled()

    qtbot.waitUntil(lambda: page.state.plan is not None and page.pin.splits.isEnabled(), timeout=30_000)
    choose_by_hand(page.pin.splits, "dev")
    qtbot.waitUntil(lambda: pinned_to("dev"), timeout=30_000)
    choose_by_hand(page.pin.splits, "test")
    qtbot.waitUntil(lambda: pinned_to("test"), timeout=30_000)
    assert page.state.rows[0]["split"] == "test"
    choose_by_hand(page.pin.splits, "")
    qtbot.waitUntil(lambda: page.pin.splits.currentText() == "by chance", timeout=30_000)
    qtbot.waitUntil(lambda: page.state.plan is not None, timeout=30_000)
    page.bridge._workspace.write(keep, page.state.plan).result()
    page.pin.show_trace(page.pin.trace)
    qtbot.waitUntil(lambda: "stays in" in page.pin.splits.currentText())
    assert not page.pin.splits.isEnabled()


def test_results_of_an_eval_are_read_and_lead_to_the_trend(
    page: ExportPage, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = plan(page.bridge.reader, Choice())
    page.bridge._workspace.write(keep, planned).result()
    page.shown.setCurrentIndex(1)
    page.shown.activated.emit(1)
    results = page.versions.results
    qtbot.waitUntil(results.isVisible, timeout=30_000)
    file = tmp_path / "results.jsonl"
    file.write_text("".join(json.dumps({"example_id": row.id, "pass": True}) + "\n" for row in planned.rows[:5]))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *args: (str(file), ""))
    results.read.click()
    qtbot.waitUntil(lambda: "5 examples of test 1" in results.outcome.full_text, timeout=30_000)
    with qtbot.waitSignal(page.asked) as asked:
        results.see.click()
    assert asked.args[0] == "scorecard"
    file.write_text('{"example_id": "ex-0000000000000000", "pass": true}\n')
    results.read.click()
    qtbot.waitUntil(lambda: "No example of results.jsonl" in results.outcome.full_text, timeout=30_000)
    assert results.read.isEnabled()
