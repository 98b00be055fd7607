"""Services: add a connection, test it, pull a sample, cancel, push back; from the page."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from reviewer.desktop.bridge import Bridge
from reviewer.desktop.services.page import ServicesPage
from reviewer.desktop.services.state import Phase, ServicesState
from reviewer.desktop.theme import Theme
from reviewer.jobs.messages import Progress
from reviewer.model.clock import day_start
from reviewer.model.week import Plan
from reviewer.sources.services import connections
from reviewer.sources.services.connections import Connection
from reviewer.verbs import coding, listing, weeks
from tests.desktop.opened import a_bridge
from tests.sources.services.fake_phoenix import FakePhoenix
from tests.sources.services.servers import Served, serve

SHOP = {"shop": Connection("shop", "phoenix", "http://localhost:1", "shop")}
CANARY = "canary-31aa"


def test_one_thing_at_a_time_and_none_without_a_connection() -> None:
    state = ServicesState()
    assert not state.begin(Phase.PULLING)
    state.offer(SHOP)
    assert state.begin(Phase.PULLING) and not state.begin(Phase.PUSHING)
    state.hear(Progress(7, 0))
    assert state.part == 0, "nobody knows yet how many there are"
    state.stop()
    assert state.phase is Phase.STOPPING
    state.end()
    assert state.begin(Phase.PUSHING)


def test_another_connection_forgets_what_was_said_of_the_first() -> None:
    state = ServicesState()
    state.offer({**SHOP, "other": SHOP["shop"]}, "shop")
    state.failed.append("no")
    state.choose("other")
    assert state.name == "other" and not state.failed
    state.offer(SHOP)
    assert state.name == "shop"


@pytest.fixture
def bridge(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr("reviewer.sources.services.credentials.key_store", lambda: None)
    monkeypatch.setattr("reviewer.sources.services.credentials._held", {})
    with a_bridge(tmp_path) as made:
        yield made


@pytest.fixture
def server() -> Iterator[Served]:
    with serve(FakePhoenix()) as served:
        yield served


def a_page(bridge: Bridge, qtbot: QtBot, url: str, key: str = "") -> ServicesPage:
    page = ServicesPage(bridge, Theme())
    qtbot.addWidget(page)
    bridge.changed.connect(page.refresh)
    page.new.name.setText("shop")
    page.new.address.setText(url)
    page.new.project.setText("shop")
    page.new.key.setText(key)
    page.new.add.click()
    return page


def test_a_sample_is_pulled_and_its_strata_are_shown(
    bridge: Bridge, qtbot: QtBot, server: Served, tmp_path: Path
) -> None:
    page = a_page(bridge, qtbot, server.url, CANARY)
    assert page.new.key.text() == "" and CANARY not in page.outcome.text()
    assert CANARY not in connections.place().read_text()
    page.test.click()
    qtbot.waitUntil(lambda: not page.state.busy, timeout=30_000)
    assert "answers" in page.outcome.text()
    page.form.start.setText("2026-11-24")
    page.form.end.setText("2026-11-25")
    page.form.size_asked.setText("8")
    page.form.by["workflow"].setChecked(True)
    page.form.pull.click()
    assert page.state.phase is Phase.PULLING and not page.cancel.isHidden()
    qtbot.waitUntil(lambda: not page.state.busy, timeout=60_000)
    assert page.outcome.text().startswith("8 of 24 traces were drawn: 8 are new"), page.outcome.text()
    assert page.state.report is not None and len(page.state.report.strata) == 2
    assert {asked.headers["authorization"] for asked in server.asked} == {f"Bearer {CANARY}"}
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert connections.place() in written and bridge.workspace_path in written
    assert not [path for path in written if CANARY.encode() in path.read_bytes()]


def test_filter_seed_and_several_strata_are_those_that_were_entered(
    bridge: Bridge, qtbot: QtBot, server: Served
) -> None:
    page = a_page(bridge, qtbot, server.url)
    page.form.start.setText("2026-11-24")
    page.form.end.setText("2026-11-25")
    page.form.size_asked.setText("6")
    page.form.filter.setText(" name == 'billing' ")
    page.form.seed.setText("second")
    for segment in ("environment", "workflow"):
        page.form.by[segment].setChecked(True)
    page.form.pull.click()
    qtbot.waitUntil(lambda: not page.state.busy, timeout=60_000)
    listing_asked = [asked for asked in server.asked if asked.path.endswith("/traces")]
    assert {asked.query["filter"] for asked in listing_asked} == {"name == 'billing'"}
    begun = bridge.reader.db.execute("SELECT wanted FROM pull").fetchall()
    wanted = json.loads(begun[0][0])
    assert (wanted["seed"], wanted["by"], wanted["size"]) == ("second", ["workflow", "environment"], 6)


def test_the_workspace_of_an_organization_is_asked_for_where_there_is_such_a_thing(
    bridge: Bridge, qtbot: QtBot, server: Served
) -> None:
    page = a_page(bridge, qtbot, server.url)
    assert page.new.tenant.isHidden()
    page.new.tenant.setText("forgotten")
    page.new.service.setCurrentIndex(page.new.service.findData("langsmith"))
    assert not page.new.tenant.isHidden()
    page.new.tenant.setText("0b1c")
    page.new.name.setText("smith")
    page.new.add.click()
    assert {one.name: one.tenant for one in connections.load().values()} == {"shop": "", "smith": "0b1c"}


def test_nothing_is_pushed_before_it_was_shown(bridge: Bridge, qtbot: QtBot, server: Served) -> None:
    page = a_page(bridge, qtbot, server.url)
    page.form.start.setText("2026-11-24")
    page.form.end.setText("2026-11-25")
    page.form.size_asked.setText("2")
    page.form.pull.click()
    qtbot.waitUntil(lambda: not page.state.busy, timeout=60_000)
    days = (day_start("2026-11-24", "UTC"), day_start("2026-11-25", "UTC"))
    native = next(iter(listing.traces(bridge.reader)))["native_id"]
    with qtbot.waitSignal(bridge.changed):
        bridge.write_with_reader(weeks.open_week, "w1", *days, Plan(2, "s"))
    with qtbot.waitSignal(bridge.changed):
        wanted = coding.Wanted(str(native), "ana", "fail", ("looping",), {}, "Round and round.")
        bridge.write_with_reader(coding.code, "w1", wanted)
    assert not page.push.isEnabled()
    page.look.click()
    qtbot.waitUntil(lambda: page.state.plan is not None, timeout=10_000)
    assert page.changes_about.text().startswith("2 would change, 0 stand there already")
    assert not [asked for asked in server.asked if asked.method == "POST"]
    page.push.click()
    qtbot.waitUntil(lambda: not page.state.busy and not bridge.busy, timeout=30_000)
    assert page.outcome.text() == "Pushed."
    assert len([asked for asked in server.asked if asked.method == "POST"]) == 2
    assert page.changes_about.text().startswith("0 would change, 2 stand there already")
    with qtbot.waitSignal(bridge.changed):
        bridge.write_with_reader(weeks.open_week, "w2", *days, Plan(2, "t"))
    assert page.week.findData("w2") >= 0
    page.week.setCurrentIndex(page.week.findData("w2"))
    page.week.chosen.emit("w2")
    assert page.state.plan is None, "what was seen was of other weeks"
    page.look.click()
    qtbot.waitUntil(lambda: page.state.plan is not None, timeout=10_000)
    assert page.changes_about.text().startswith("0 would change, 0 stand there already")


def test_a_refusal_is_said(bridge: Bridge, qtbot: QtBot) -> None:
    with serve(lambda _: (401, {})) as refusing:
        page = a_page(bridge, qtbot, refusing.url)
        page.test.click()
        qtbot.waitUntil(lambda: not page.state.busy, timeout=30_000)
    assert "refused the key" in page.outcome.text()


def test_what_cannot_be_meant_is_said_and_nothing_begins(bridge: Bridge, qtbot: QtBot, server: Served) -> None:
    page = a_page(bridge, qtbot, server.url)
    with qtbot.waitSignal(bridge.went_wrong):
        page.form.size_asked.setText("many")
        page.form.pull.click()
    assert not page.state.busy
    with qtbot.waitSignal(bridge.went_wrong):
        page.new.address.setText("http://example.org")
        page.new.add.click()
    assert json.loads(connections.place().read_text())[0]["address"] == server.url
