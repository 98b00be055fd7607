"""The evidence of the focused turn: its documents, calls and stored text, its labels, and what lights up."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from reviewer.desktop.review.evidence import DOCUMENTS, RAW, TOOLS, EvidencePane
from reviewer.desktop.review.evidence_items import evidence_of
from reviewer.desktop.review.transcript.view import TranscriptView
from reviewer.desktop.theme import Theme
from reviewer.model.trace import Document, Message, Thread, ToolCall
from reviewer.workspace.ask.transcript import Transcript, open_transcript
from tests.builders import a_trace, a_workspace, own_id, put, said

ANSWER = "Opened items can be returned within 30 days of delivery [1]. As a member you get 45 days, so your return stays open until 3 December [2]."


@dataclass
class Panes:
    """Both panes, joined."""

    view: TranscriptView
    evidence: EvidencePane
    transcript: Transcript

    def shown(self) -> list[str]:
        """Return what the column holds, a word or name an item."""
        page = self.evidence.column.current
        assert page is not None
        out = []
        for item in page.layout.items:
            if item.document is not None:
                out.append(self.transcript.documents[item.document].source)
            elif item.entries:
                out.append(self.transcript.calls[item.entries[0].call or 0].name)
            else:
                out.append(item.text or item.kind)
        return out

    def picture(self) -> bytes:
        """Return what the column paints."""
        image = self.evidence.column.viewport().grab().toImage()  # its bytes live as long as it does
        return bytes(image.constBits())


@pytest.fixture
def panes(qtbot: QtBot, tmp_path: Path) -> Iterator[Panes]:
    calls = [
        ToolCall("search_docs", '{"query": "return"}', result="2 documents"),
        ToolCall("get_order", "{}", result="x", is_error=True),
    ]
    main = [
        said("user", "May I return it?"),
        Message("assistant", [], calls),
        *(said("tool", call.result or "", answers=call) for call in calls),
        said("assistant", ANSWER),
        said("user", "And the shipping?"),
        said("assistant", "It is free."),
    ]
    documents = [
        Document("Opened items can be returned within 30 days of delivery.", "faq/returns.md", score=0.82, turn=4),
        Document("Shipping is free. " * 200, "policy/eu.md", score=0.79, rank=1, turn=4),
    ]
    workspace = a_workspace(tmp_path)
    trace = a_trace(1, threads=[Thread(main)], documents=documents)
    put(workspace, [trace])
    reader = workspace.reader()
    theme = Theme.light()
    view, evidence = TranscriptView(theme), EvidencePane(theme)
    for widget in (view, evidence):
        qtbot.addWidget(widget)
        widget.resize(480, 800)
        widget.show()
    evidence.follow(view)
    transcript = open_transcript(reader, own_id(trace))
    view.turn_focused.connect(lambda turn: evidence.show_turn(transcript, turn))
    view.show_transcript(transcript)
    yield Panes(view, evidence, transcript)
    reader.close()
    workspace.close()


def test_a_question_shows_the_evidence_of_the_answer_that_follows(panes: Panes) -> None:
    assert panes.view.focused_turn == 0
    assert panes.shown() == ["faq/returns.md", "policy/eu.md", "calls", "get_order", "search_docs"]
    assert panes.evidence.tabs.of_turn == "Evidence of turn 5"


def test_an_answer_without_documents_shows_those_of_the_turn_before(panes: Panes) -> None:
    panes.view.focus_turn(6)
    assert panes.shown() == ["earlier", "faq/returns.md", "policy/eu.md"]
    assert evidence_of(panes.transcript, 6).calls == ()


def test_tools_and_raw_show_what_their_names_say(panes: Panes) -> None:
    panes.evidence.tabs.setCurrentIndex(TOOLS)
    assert panes.shown() == ["search_docs", "get_order"]
    panes.evidence.tabs.setCurrentIndex(RAW)
    panes.view.focus_turn(5)
    page = panes.evidence.column.current
    assert page is not None
    cells = [strip.cell for strip in page.layout.open(page.layout.items[0]).strips if strip.cell]
    assert [cell.shown_text() for cell in cells] == ["And the shipping?"]


def test_documents_are_stepped_through_and_labelled(panes: Panes, qtbot: QtBot) -> None:
    evidence = panes.evidence
    assert evidence.focused_document is None
    evidence.next_document()
    evidence.next_document()
    evidence.next_document()
    assert evidence.focused_document == 1
    evidence.previous_document()
    with qtbot.waitSignal(evidence.document_labelled) as labelled:
        evidence.label_focused("relevant")
    assert labelled.args == [0, "relevant"]
    before = panes.picture()
    evidence.set_labels({0: "relevant"})
    assert panes.picture() != before
    with qtbot.waitSignal(evidence.document_labelled) as labelled:
        evidence.label_focused("relevant")
    assert labelled.args == [0, None]


def test_a_click_focuses_a_document(panes: Panes) -> None:
    QTest.mouseClick(panes.evidence.column.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 40))
    assert panes.evidence.focused_document == 0


def test_selected_characters_of_a_document_are_an_anchor(panes: Panes) -> None:
    column = panes.evidence.column
    left = column.style_of_text.left
    row = column.style_of_text.pad + 24 + 10
    QTest.mousePress(column.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(left, row))
    QTest.mouseMove(column.viewport(), QPoint(left + 60, row))
    QTest.mouseMove(column.viewport(), QPoint(left + 120, row))
    QTest.mouseRelease(column.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(left + 120, row))
    anchor = panes.evidence.selection_anchor()
    assert anchor is not None
    assert (anchor.kind, anchor.document, anchor.start) == ("text", 0, 0)
    assert "Opened items can be returned".startswith(anchor.quote)
    assert len(anchor.quote) > 10


def test_a_citation_leads_to_its_document(panes: Panes) -> None:
    panes.view.link_asked.emit("cite:2")
    assert panes.evidence.focused_document == 1
    panes.view.link_asked.emit("cite:9")
    panes.view.link_asked.emit("https://example.org")
    assert panes.evidence.focused_document == 1
    assert panes.evidence.tabs.currentIndex() == DOCUMENTS


def test_support_is_found_when_idle_and_shown_in_both_panes(panes: Panes, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panes.evidence.support_found) as found:
        panes.evidence.show_turn(panes.transcript, 6)
        panes.evidence.show_turn(panes.transcript, 4)
    message, supported, unsupported, thread = found.args
    assert (message, thread) == (4, 0)
    assert [ANSWER[a:b] for a, b in supported] == ["Opened items can be returned within 30 days of delivery"]
    assert [ANSWER[a:b] for a, b in unsupported] == [
        "As a member you get 45 days, so your return stays open until 3 December"
    ]
    view, column = panes.view.current, panes.evidence.column.current
    assert view is not None
    assert column is not None
    assert "support" in view.painter.reading.marks.layers
    assert "support" in column.painter.reading.marks.layers


def test_a_long_document_is_cut_until_it_is_asked_for(panes: Panes) -> None:
    page = panes.evidence.column.current
    assert page is not None
    before = page.layout.items[1].height
    kinds = [strip.kind for strip in page.layout.open(page.layout.items[1]).strips]
    assert "more" in kinds
    page.painter.reading.folding.whole.add(
        next(s.unit for s in page.layout.open(page.layout.items[1]).strips if s.unit)
    )  # type: ignore[arg-type]
    page.layout.close(page.layout.items[1])
    page.layout.open(page.layout.items[1])
    assert page.layout.items[1].height > before * 2


def test_evidence_made_ready_looks_as_it_would_have(panes: Panes, qtbot: QtBot) -> None:
    cold = panes.picture()
    panes.evidence.clear()
    prepared = panes.view.prepare(panes.transcript)
    qtbot.waitUntil(lambda: prepared.ready and bool(panes.evidence._ready))
    panes.evidence.show_turn(panes.transcript, 0)
    page = panes.evidence.column.current
    assert page is not None
    assert page.picture is not None
    assert panes.picture() == cold


def test_a_dark_theme_keeps_the_turn(panes: Panes) -> None:
    light = panes.picture()
    panes.evidence.set_theme(Theme.dark())
    assert panes.picture() != light
    assert panes.shown()[0] == "faq/returns.md"


def test_a_screen_reader_finds_each_document_and_call(panes: Panes) -> None:
    face = QAccessible.queryAccessibleInterface(panes.evidence.column)
    heard = [face.child(n).text(QAccessible.Text.Name) for n in range(face.childCount())]
    assert heard[0] == "Document 1, faq/returns.md: Opened items can be returned within 30 days of delivery."
    assert heard[3].startswith("Tool call get_order")
    panes.evidence.next_document()
    assert face.focusChild().text(QAccessible.Text.Name) == heard[0]
