"""A view with one transcript on screen, for tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from reviewer.desktop.review.transcript.items import Unit
from reviewer.desktop.review.transcript.view import TranscriptView
from reviewer.desktop.theme import Theme
from reviewer.model.trace import Document, Message, Part, Thread, ToolCall, Trace
from reviewer.workspace.ask.transcript import Transcript, open_transcript
from tests.builders import MONDAY_US, a_trace, a_workspace, own_id, put, said

RESULT = '{"rows": [' + ", ".join(f'{{"id": {n}, "text": "row {n} of the parcel list"}}' for n in range(40)) + "]}"


@dataclass
class Desk:
    """The view, and what it shows."""

    view: TranscriptView
    transcript: Transcript

    def screen(self) -> bytes:
        """Return what is painted now."""
        image = self.view.viewport().grab().toImage()
        return bytes(image.constBits())

    def drag(self, start: QPointF, end: QPointF) -> None:
        """Select with the mouse."""
        port = self.view.viewport()
        QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=start.toPoint())
        QTest.mouseMove(port, ((start + end) / 2).toPoint())
        QTest.mouseMove(port, end.toPoint())
        QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=end.toPoint())

    def click(self, point: QPointF) -> None:
        """Click with the mouse."""
        QTest.mouseClick(self.view.viewport(), Qt.MouseButton.LeftButton, pos=point.toPoint())

    def place(self, unit: Unit, start: int, end: int) -> tuple[QPointF, QPointF]:
        """Return where stored characters of a text that is on screen begin and end there."""
        page = self.view.current
        assert page is not None
        for item, y in page.layout.seen(self.view.view_height):
            opened = page.layout.open(item)
            for strip, top in zip(opened.strips, opened.tops, strict=False):
                cell = strip.cell
                if (
                    cell is None
                    or not cell.exact
                    or cell.unit != unit
                    or not cell.base <= start < cell.base + cell.size
                ):
                    continue
                rects = cell.rects(*cell.to_shown(start, end))
                corner = QPointF(self.view.style_of_text.left + strip.indent, y + top)
                first, last = rects[0], rects[-1]
                return corner + QPointF(first.left() + 1, first.center().y()), corner + QPointF(
                    last.right(), last.center().y()
                )
        raise AssertionError(f"{unit} {start} is not on the screen")

    def of(self, unit: Unit, words: str) -> tuple[QPointF, QPointF]:
        """Return where some words of a part or a result are on the screen."""
        if unit.kind == "part":
            span = self.transcript.message(unit.at, unit.thread).parts[unit.part].blocks
        else:
            call = self.transcript.calls[unit.at]
            result = call.result if unit.kind == "result" else call.arguments
            assert result is not None
            span = result
        at = self.transcript.text_of(span).index(words)
        return self.place(unit, at, at + len(words))


def a_conversation() -> Trace:
    """Return a trace with a system prompt, prose, a group of three calls, an error, a sub-agent and documents."""
    calls = [
        ToolCall("get_order", '{"order": "48213"}', call_id="1", latency_ms=184, result="delivered 19 Oct"),
        ToolCall("list_parcels", '{"query": "open items", "k": 40}', call_id="2", latency_ms=236, result=RESULT),
        ToolCall(
            "create_return", '{"order": "48213"}', call_id="3", result="window closed", is_error=True, error="409"
        ),
    ]
    stamp = MONDAY_US
    main = [
        said("system", "You answer about returns. " * 40),
        said("user", "Hi, can I return **order** 48213?\n\nIt was opened.", ts_us=stamp),
        Message("assistant", [], calls, ts_us=stamp + 1_000_000),
        *(said("tool", call.result or "", answers=call, is_error=call.is_error) for call in calls),
        said(
            "assistant",
            "Opened items go back within *30 days* [1]. Your [label](http://example.org/l) is ready.",
            ts_us=stamp + 9_000_000,
        ),
        said("user", "Thanks, please start."),
        said("assistant", "Done: the label is on its way."),
    ]
    planner = Thread(
        [said("user", "plan the parcel", ts_us=stamp + 2_000_000), said("assistant", "two boxes")], title="planner"
    )
    documents = [
        Document("Opened items go back within 30 days of delivery.", "faq/returns.md", score=0.82, turn=6),
        Document(
            "We ship on Mondays.",
            "faq/shipping.md",
            score=0.4,
            rank=1,
            turn=6,
            updated_us=MONDAY_US - 900 * 86_400_000_000,
        ),
    ]
    return a_trace(1, threads=[Thread(main), planner], documents=documents)


def one_message(text: str, role: str = "assistant") -> Trace:
    """Return a trace whose one message has this text."""
    return Trace(kind="test", native_id="one", format="plain", threads=[Thread([Message(role, [Part("text", text)])])])  # type: ignore[arg-type]


def a_desk(qtbot: QtBot, folder: Path, trace: Trace, height: int = 900) -> Iterator[Desk]:
    """Give a view that shows a trace; what it leaves behind is a failure."""
    workspace = a_workspace(folder)
    put(workspace, [trace])
    reader = workspace.reader()
    view = TranscriptView(Theme.light())
    qtbot.addWidget(view)
    view.resize(583, height)
    view.show()
    qtbot.waitExposed(view)
    transcript = open_transcript(reader, own_id(trace))
    view.show_transcript(transcript)
    yield Desk(view, transcript)
    view.clear()
    reader.close()
    workspace.close()
