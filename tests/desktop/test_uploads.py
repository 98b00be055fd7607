"""Uploading a set from the page: offered where a connection fits, shown before it is sent, and told afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from reviewer.desktop.bridge import Bridge
from reviewer.desktop.exports.page import UPLOAD, ExportPage
from reviewer.desktop.exports.upload_state import Phase, UploadState
from reviewer.desktop.theme import Theme
from reviewer.exports.sets.choosing import Choice
from reviewer.sources.services import connections
from reviewer.sources.services.connections import Connection
from reviewer.verbs import datasets
from reviewer.verbs.uploading import RowChange, UploadPlan, UploadReport
from reviewer.workspace.ask.datasets import uploads
from tests.builders import a_workspace
from tests.desktop.opened import a_bridge, reviewed
from tests.sources.services.fake_datasets import LangfuseDatasets
from tests.sources.services.servers import Served, serve

CANARY = "sk-lf-canary-78"
SHOP = Connection("shop", "langfuse", "http://localhost:1", "shop")
PLAN = UploadPlan("test", 1, True, (RowChange("new", "k", "ex-1"),), 0, 0, 0, ())


def test_nothing_is_sent_before_it_was_seen_and_another_set_forgets_what_was_said(tmp_path: Path) -> None:
    with a_workspace(tmp_path, 4) as workspace:
        reviewed(workspace, size=4)
        reader = workspace.reader()
        one, other = datasets.plan(reader, Choice()), datasets.plan(reader, Choice())
        reader.close()
    state = UploadState()
    state.offer([SHOP], None, False)
    assert (state.name, state.can_look) == ("shop", False)
    state.offer([SHOP], one, False)
    assert (state.can_look, state.can_send) == (True, False)
    state.look()
    assert (state.can_look, state.can_send) == (False, False)
    state.show_plan(PLAN)
    assert (state.can_look, state.can_send) == (True, True)
    state.offer([SHOP], one, False)
    assert (state.can_look, state.can_send) == (True, True), "nothing else was offered"
    state.offer([SHOP], one, True)
    assert (state.can_look, state.can_send) == (True, False), "what would be sent is something else now"

    state.look()
    state.show_plan(PLAN)
    report = UploadReport()
    state.send(report)
    state.offer([], other, True)
    assert state.phase is Phase.SENDING and state.plan is PLAN, "what is under way stays"
    state.end("It broke off.")
    assert (state.report, state.trouble, state.name) == (report, "It broke off.", "")
    assert state.planned is other and state.plan is None


@pytest.fixture
def bridge(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("REVIEWER_KEY_SHOP", f"pk-lf-1:{CANARY}")
    with a_bridge(tmp_path, 12) as made:
        reviewed(made._workspace, size=12, modes=("looping",))
        yield made


@pytest.fixture
def server() -> Iterator[Served]:
    with serve(LangfuseDatasets()) as served:
        yield served


def a_page(bridge: Bridge, qtbot: QtBot, url: str) -> ExportPage:
    connections.save({"shop": Connection("shop", "langfuse", url, "shop")})
    page = ExportPage(bridge, Theme.light())
    qtbot.addWidget(page)
    page.resize(1232, 900)
    page.show()
    page.activated()
    qtbot.waitUntil(lambda: page.state.plan is not None, timeout=30_000)
    return page


def test_an_upload_is_offered_only_where_a_connection_fits(bridge: Bridge, qtbot: QtBot, server: Served) -> None:
    page = a_page(bridge, qtbot, server.url)
    assert page.to_upload.isHidden() and page.shown.findData(UPLOAD) == -1
    page.cards.cards["langfuse"].click()
    assert page.to_upload.text().strip() == "Upload to shop" and page.shown.findData(UPLOAD) >= 0
    page.to_upload.click()
    assert page.right.currentWidget() is page.upload
    page.cards.cards["phoenix"].click()
    assert page.right.currentIndex() == 0 and page.to_upload.isHidden()
    assert not server.asked, "nobody is asked before somebody wants to know"


def test_a_set_is_shown_then_sent_and_what_became_of_it_is_said(bridge: Bridge, qtbot: QtBot, server: Served) -> None:
    page = a_page(bridge, qtbot, server.url)
    page.cards.cards["langfuse"].click()
    page.to_upload.click()
    view = page.upload
    qtbot.waitUntil(view.look.isEnabled, timeout=30_000)
    assert not view.send.isEnabled()
    view.look.click()
    assert view.state.phase is Phase.LOOKING and not view.cancel.isHidden()
    qtbot.waitUntil(lambda: view.state.plan is not None, timeout=30_000)
    assert "12 rows would be created" in view.about.full_text
    assert "archived" in view.losses.full_text
    assert "ex-" in view.changes.rows.spoken(0) and "new" in view.changes.rows.spoken(0)
    assert {asked.method for asked in server.asked} == {"GET"}
    view.send.click()
    qtbot.waitUntil(lambda: not view.state.busy and not bridge.busy, timeout=30_000)
    assert view.outcome.full_text.startswith("12 rows created, 0 changed")
    assert "Version 1 was uploaded there" in view.last.full_text
    assert not view.send.isEnabled()
    [told] = uploads(bridge.reader, "test")
    assert (told.created, told.state) == (12, "done")
    view.look.click()
    qtbot.waitUntil(lambda: not view.state.busy, timeout=30_000)
    assert "12 stand there as they are." in view.about.full_text and not view.send.isEnabled()
    assert CANARY not in view.about.full_text + view.outcome.full_text + view.losses.full_text
    page.set_theme(Theme.dark())


def test_a_cancelled_upload_goes_on_where_it_was(bridge: Bridge, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = LangfuseDatasets()
    page: ExportPage

    def slow(asked: object) -> object:
        if getattr(asked, "method", "") == "POST" and len(fake.held.get("test", ())) >= 2:
            return 429, {}, {"retry-after": "1"}
        return fake(asked)  # type: ignore[arg-type]

    with serve(slow) as server:  # type: ignore[arg-type]
        page = a_page(bridge, qtbot, server.url)
        page.cards.cards["langfuse"].click()
        view = page.upload
        qtbot.waitUntil(view.look.isEnabled, timeout=30_000)
        view.look.click()
        qtbot.waitUntil(view.send.isEnabled, timeout=30_000)
        view.send.click()
        qtbot.waitUntil(lambda: view.state.done == 2, timeout=30_000)
        assert not view.bar.isHidden()
        view.cancel.click()
        qtbot.waitUntil(lambda: not view.state.busy and not bridge.busy, timeout=30_000)
        assert "goes on from here" in view.outcome.full_text
        assert [one.state for one in uploads(bridge.reader, "test")] == ["cancelled"]
        view.look.click()
        qtbot.waitUntil(lambda: not view.state.busy, timeout=30_000)
        assert view.state.plan is not None and view.state.plan.counts["new"] == 10


def test_a_connection_that_came_or_went_meanwhile_is_known(bridge: Bridge, qtbot: QtBot, server: Served) -> None:
    page = a_page(bridge, qtbot, server.url)
    page.cards.cards["langfuse"].click()
    qtbot.waitUntil(page.upload.look.isEnabled, timeout=30_000)
    connections.save({})
    page.upload.look.click()
    assert "no connection 'shop'" in page.upload.outcome.full_text and not page.upload.state.busy
    page.activated()
    assert page.to_upload.isHidden()
    connections.save({"other": Connection("other", "langfuse", server.url, "shop")})
    page.activated()
    assert page.to_upload.text().strip() == "Upload to other"


def test_a_refusal_is_said(bridge: Bridge, qtbot: QtBot) -> None:
    with serve(lambda _: (401, {})) as refusing:
        page = a_page(bridge, qtbot, refusing.url)
        page.cards.cards["langfuse"].click()
        qtbot.waitUntil(page.upload.look.isEnabled, timeout=30_000)
        page.upload.look.click()
        qtbot.waitUntil(lambda: not page.upload.state.busy, timeout=30_000)
    assert "refused the key" in page.upload.outcome.full_text and not page.upload.send.isEnabled()
