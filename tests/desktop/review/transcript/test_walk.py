"""A long random walk over a wild transcript: nothing breaks, nothing gapes, and what was painted in bands is right."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from reviewer.desktop.review.evidence import EvidencePane
from reviewer.desktop.theme import Theme
from reviewer.model.coding import Anchor
from reviewer.model.trace import Document, Message, Part, Thread, ToolCall, Trace
from tests.builders import MONDAY_US, said
from tests.desktop.review.transcript.desk import RESULT, Desk, a_desk

STEPS = 150
OVERHANG = 200  # pixels of letters that reach out of their row, which a full repaint may lack at the screen's edge
TEXTS = [
    "one line", "", "**bold** words [1] and `code` " * 30, "- item\n" * 40, RESULT, "x\n" * 90, "日本語 \u202e" * 60,
    "| a | b |\n|---|---|\n| 1 | 2 |\n\nafter\n\n# Heading\n\n" + "A paragraph of some length. " * 100,
]  # fmt: skip


def wild(r: random.Random, n: int) -> Trace:
    main = [_message(r, ts) for ts in range(r.randint(2, 12)) for _ in range(2)]
    flat = [message for group in main for message in group] if n else []
    side = Thread([said("user", "a side question"), said("assistant", r.choice(TEXTS))], title="side")
    documents = [
        Document(r.choice(TEXTS), "a.md", rank=k, score=r.choice([None, 0.5, 7.0]), turn=r.choice([None, 1, 3]))
        for k in range(3)
    ]
    return Trace(
        kind="test", native_id=f"wild-{n}", format="plain", threads=[Thread(flat), side], documents=documents,
        started_us=MONDAY_US,
    )  # fmt: skip


def _message(r: random.Random, at: int) -> list[Message]:
    role = r.choice(["system", "user", "assistant", "assistant", "tool"])
    if role == "tool":
        return [said("tool", "an answer to nothing")]
    if role == "assistant" and r.random() < 0.6:
        calls = [
            ToolCall(
                "search",
                r.choice(['{"a": "b"}', "not json"]),
                result=r.choice([None, "", "ok", RESULT]),
                is_error=r.random() < 0.3,
            )
            for _ in range(r.randint(1, 3))
        ]
        answers = [said("tool", call.result, answers=call) for call in calls if call.result is not None]
        return [
            Message("assistant", [Part("text", "calling")] if r.random() < 0.3 else [], calls, ts_us=MONDAY_US + at),
            *answers,
        ]
    kinds = ["text", "text", "reasoning", "media"]
    return [Message(role, [Part(r.choice(kinds), r.choice(TEXTS)) for _ in range(r.randint(0, 2))])]  # type: ignore[arg-type]


def moves(r: random.Random, desk: Desk, evidence: EvidencePane) -> list[Callable[[], object]]:
    view, port = desk.view, desk.view.viewport()

    def point() -> QPoint:
        return QPoint(r.randint(0, port.width() - 1), r.randint(0, port.height() - 1))

    def drag() -> None:
        QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=point())
        QTest.mouseMove(port, point())
        QTest.mouseMove(port, point())
        QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=point())
        assert isinstance(view.selected_text(), str)

    def tags() -> None:
        anchors = [
            None,
            view.anchor(),
            Anchor("turn", 0, r.randrange(20)),
            Anchor("call", call=r.randrange(6)),
            Anchor("text", 0, r.randrange(9), start=0, end=40),
        ]
        view.set_tags([("1", "mode", r.choice(anchors)) for _ in range(r.randint(0, 2))])

    return [
        view.next_turn, view.next_turn, view.previous_turn, view.first, view.last, view.toggle_fold, view.toggle_raw, drag, tags,
        tags, evidence.next_document, evidence.previous_document, view.find_next,
        lambda: QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=point()),
        lambda: QTest.mouseDClick(port, Qt.MouseButton.LeftButton, pos=point()),
        lambda: view.scroll_by(r.randint(-900, 900)),
        lambda: view.scroll_by(r.randint(-60, 60)),
        lambda: view.page(r.choice([1, -1])),
        lambda: view.verticalScrollBar().setValue(r.randint(0, max(1, view.verticalScrollBar().maximum()))),
        lambda: view.find(r.choice(["row 3", "item", "nowhere"])),
        lambda: view.set_zen(not view.zen),
        lambda: view.resize(r.randint(300, 800), r.randint(80, 800)),
        lambda: view.set_theme(Theme(r.choice(["light", "dark"]), r.choice([100, 130]))),
        lambda: view.focus_turn(r.randint(0, 30), r.randint(0, 1)),
        lambda: view.show_transcript(desk.transcript, r.choice([None, view.prepare(desk.transcript)])),
        lambda: evidence.tabs.setCurrentIndex(r.randint(0, 2)),
    ]  # fmt: skip


def on_screen(desk: Desk) -> QImage:
    """Return what the window holds, without painting it anew."""
    app = QApplication.instance()
    assert app is not None
    while desk.view._work:
        app.processEvents()
    app.processEvents()
    return desk.view.screen().grabWindow(desk.view.winId()).toImage()


@pytest.mark.parametrize("seed", [1, 2, 3, 0])
def test_a_random_walk_leaves_the_screen_right(qtbot: QtBot, tmp_path: Path, seed: int) -> None:
    r = random.Random(seed)
    for desk in a_desk(qtbot, tmp_path, wild(r, seed), height=500):
        evidence = EvidencePane(Theme.light())
        qtbot.addWidget(evidence)
        evidence.follow(desk.view)
        desk.view.turn_focused.connect(
            lambda turn, d=desk, e=evidence: e.show_turn(d.transcript, turn, d.view.focused_thread)
        )
        ways = moves(r, desk, evidence)
        for step in range(STEPS):
            r.choice(ways)()
            if step % 3 == 0:
                banded = on_screen(desk)
                desk.view.changed()
                whole = on_screen(desk)
                assert _different(banded, whole) <= OVERHANG, f"step {step}"
                _assert_no_gap(desk)


def _different(a: QImage, b: QImage) -> int:
    if a == b:
        return 0
    return sum(a.pixel(x, y) != b.pixel(x, y) for x in range(a.width()) for y in range(a.height()))


def _assert_no_gap(desk: Desk) -> None:
    page = desk.view.current
    assert page is not None
    layout, view = page.layout, desk.view.view_height
    if layout.items and layout.complete and layout.height > view:
        assert layout.top + view <= layout.height + 1
