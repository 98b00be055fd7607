"""The reading panes against their floor F: drawing the visible, already laid-out text of both once, in the same run.

Times are CPU time of the interface thread, from the call to the end of the paint events.
"""

import gc
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QImage, QPainter, QTextLayout
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from reviewer.desktop.collecting import IdleCollector
from reviewer.desktop.review.evidence import EvidencePane
from reviewer.desktop.review.screen import ReviewPage
from reviewer.desktop.review.transcript.column import Column
from reviewer.desktop.review.transcript.prose import ProseCell
from reviewer.desktop.review.transcript.rows import RowsCell
from reviewer.desktop.review.transcript.style import Style
from reviewer.desktop.review.transcript.view import TranscriptView
from reviewer.desktop.theme import Theme, apply
from reviewer.model.coding import Anchor
from reviewer.workspace.ask.transcript import Transcript, open_transcript
from reviewer.workspace.file import Reader
from tests.benchmarks.measured import Measured
from tests.benchmarks.transcripts import transcript
from tests.builders import a_workspace, own_id, put

TYPICAL, HUGE = 24, 6
ROUNDS = 3


class Desk(QWidget):
    """Both panes as in the review screen at 1440 x 900."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.view = TranscriptView(theme)
        self.evidence = EvidencePane(theme)
        self.evidence.follow(self.view)
        self.shown: Transcript | None = None
        self.view.turn_focused.connect(lambda turn: self.evidence.show_turn(self.shown, turn) if self.shown else None)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.view.setFixedWidth(583)
        row.addWidget(self.view)
        row.addWidget(self.evidence)
        self.setFixedSize(583 + 419, 740)


def cpu(work: Callable[[], object]) -> float:
    """Return the milliseconds of this thread that some work and the painting after it take."""
    app = QApplication.instance()
    assert app is not None
    start = time.thread_time()
    work()
    app.sendPostedEvents()  # the paint events are among them; timers, and so idle work, are not
    taken = (time.thread_time() - start) * 1e3
    app.processEvents()
    return taken


def settle() -> None:
    """Let all idle work be done."""
    app = QApplication.instance()
    assert app is not None
    end = time.monotonic() + 0.25
    while time.monotonic() < end:
        app.processEvents()


def floor_ms(desk: Desk | ReviewPage) -> float:
    """Return F: the visible text of both panes, shaped and laid out before, drawn once (the best of seven)."""
    pieces = [*_visible(desk.view), *_visible(desk.evidence.column)]
    picture = QImage(desk.size(), QImage.Format.Format_RGB32)
    best = []
    for _ in range(7):
        start = time.thread_time()
        painter = QPainter(picture)
        for draw in pieces:
            draw(painter)
        painter.end()
        best.append((time.thread_time() - start) * 1e3)
    return min(best)


def _visible(column: Column) -> list[Callable[[QPainter], Any]]:
    """Return the drawing of every text that a column shows, by watching it paint once."""
    page = column.current
    assert page is not None
    made: list[Callable[[QPainter], Any]] = []
    kept = (Style.draw, RowsCell.draw, ProseCell.draw)

    def words(
        style: Style, painter: QPainter, font: Any, color: str, x: float, row: tuple[float, float], text: str
    ) -> None:
        layout = _shaped(text, font)
        spot = painter.worldTransform().map(QPointF(x, row[0]))
        made.append(lambda p: layout.draw(p, spot))

    def rows(cell: RowsCell, painter: QPainter, style: Style, clip: QRectF) -> None:
        line = style.mono_line
        corner = painter.worldTransform().map(QPointF(0, 0))
        for row in range(max(0, int(clip.top() // line)), min(cell.rows, int(clip.bottom() // line) + 1)):
            start, end = cell._row(row)
            layout = _shaped(cell.text[start:end], style.mono)
            spot = corner + QPointF(0, row * line)
            made.append(lambda p, layout=layout, spot=spot: layout.draw(p, spot))

    def prose(cell: ProseCell, painter: QPainter, style: Style, clip: QRectF) -> None:
        spot = painter.worldTransform().map(QPointF(0, 0))

        def draw(p: QPainter) -> None:
            p.save()
            p.translate(spot)
            kept[2](cell, p, style, clip)
            p.restore()

        made.append(draw)

    Style.draw, RowsCell.draw, ProseCell.draw = words, rows, prose  # type: ignore[method-assign, assignment]
    try:
        picture = QImage(column.viewport().size(), QImage.Format.Format_RGB32)
        painter = QPainter(picture)
        page.paint(painter, QRect(0, 0, picture.width(), picture.height()))
        painter.end()
    finally:
        Style.draw, RowsCell.draw, ProseCell.draw = kept  # type: ignore[method-assign]
    return made


def _shaped(text: str, font: Any) -> QTextLayout:
    layout = QTextLayout(text, font)
    layout.setCacheEnabled(True)
    layout.beginLayout()
    line = layout.createLine()
    if line.isValid():
        line.setLineWidth(1e6)
    layout.endLayout()
    return layout


def rss_bytes() -> int:
    """Return the memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def show(desk: Desk, wanted: Transcript, prepared: Any = None) -> None:
    """Do what *next* does."""
    desk.shown = wanted
    desk.view.show_transcript(wanted, prepared)


def next_prepared(desk: Desk, reader: Reader, ids: list[Any]) -> tuple[list[float], list[float]]:
    """Return the times of *next* when it was made ready, and F after some of them."""
    times, floors = [], []
    for n, trace in enumerate(ids * ROUNDS):
        wanted = open_transcript(reader, trace)
        prepared = desk.view.prepare(wanted)
        while not prepared.ready:
            settle()
        settle()
        times.append(cpu(lambda w=wanted, p=prepared: show(desk, w, p)))
        settle()
        if n % 6 == 0:
            floors.append(floor_ms(desk))
    return times, floors


def next_cold(desk: Desk, reader: Reader, ids: list[Any]) -> list[float]:
    """Return the times of *next* when nothing was made ready, reading the trace included."""
    times = []
    for trace in ids * ROUNDS:
        times.append(cpu(lambda t=trace: show(desk, open_transcript(reader, t))))
        settle()
    return times


def scrolled(desk: Desk) -> list[float]:
    """Return the times of steps of 60 px down and up again."""
    bar = desk.view.verticalScrollBar()
    steps = [60] * 40 + [-60] * 20
    return [cpu(lambda d=step: bar.setValue(bar.value() + d)) for step in steps]


def tagged(desk: Desk) -> list[float]:
    """Return the times of a tag that comes and goes below the focused turn."""
    desk.view.first()
    settle()
    times = []
    for n in range(40):
        tags = [("1", "unsupported claim", Anchor("turn", 0, 0))] if n % 2 else []
        times.append(cpu(lambda t=tags: desk.view.set_tags(t)))
    return times


def run() -> dict[str, Measured]:
    """Measure everything in one process against the F of the same run."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme = Theme.light()
    apply(app, theme)
    with tempfile.TemporaryDirectory() as folder:
        workspace = a_workspace(Path(folder))
        typical = [transcript(n) for n in range(TYPICAL)]
        huge = [transcript(100 + n, 2000, 5_000_000, 2_000_000, one_line=n % 2 == 1) for n in range(HUGE)]
        put(workspace, typical)
        put(workspace, huge, "huge.jsonl")
        reader = workspace.reader()
        ids, huge_ids = [own_id(t) for t in typical], [own_id(t) for t in huge]
        del typical, huge
        try:
            return _measure(Desk(theme), reader, ids, huge_ids)
        finally:
            reader.close()
            workspace.close()


def _measure(desk: Desk, reader: Reader, ids: list[Any], huge_ids: list[Any]) -> dict[str, Measured]:
    desk.show()
    show(desk, open_transcript(reader, ids[0]))
    settle()
    gc.collect()
    gc.freeze()
    IdleCollector(desk)  # as in the program
    ready, floors = next_prepared(desk, reader, ids)
    floor = statistics.median(floors)
    cold = next_cold(desk, reader, ids)
    steps = scrolled(desk)
    tags = tagged(desk)
    before = rss_bytes()
    show(desk, open_transcript(reader, huge_ids[0]))
    settle()
    _read_through(desk)
    grown = (rss_bytes() - before) / 5_000_000
    huge_ready, huge_floors = next_prepared(desk, reader, huge_ids)
    huge_floor = statistics.median(huge_floors)
    huge_cold = next_cold(desk, reader, huge_ids)
    huge_steps = scrolled(desk)
    said = f"F = {floor:.2f} ms, at 5 MB {huge_floor:.2f} ms"
    return {
        "next, made ready, typical p50 / F": Measured(p50(ready) / floor, 1.0, f"{p50(ready):.2f} ms; {said}"),
        "next, made ready, typical p95 / F": Measured(p95(ready) / floor, 1.6, f"{p95(ready):.2f} ms"),
        "next, made ready, 5 MB p50 / F": Measured(p50(huge_ready) / huge_floor, 1.0, f"{p50(huge_ready):.2f} ms"),
        "next, made ready, 5 MB p95 / F": Measured(p95(huge_ready) / huge_floor, 1.6, f"{p95(huge_ready):.2f} ms"),
        "next, cold, typical p50 / F": Measured(p50(cold) / floor, 4.0, f"{p50(cold):.2f} ms"),
        "next, cold, typical p95 / F": Measured(p95(cold) / floor, 5.0, f"{p95(cold):.2f} ms"),
        "next, cold, 5 MB p50 / F": Measured(p50(huge_cold) / huge_floor, 7.0, f"{p50(huge_cold):.2f} ms"),
        "next, cold, 5 MB p95 / F": Measured(p95(huge_cold) / huge_floor, 9.0, f"{p95(huge_cold):.2f} ms"),
        "next, cold, 5 MB / typical": Measured(p50(huge_cold) / p50(cold), 3.0),
        "scroll by 60 px p50 / F": Measured(p50(steps) / floor, 0.3, f"{p50(steps):.2f} ms"),
        "scroll by 60 px, 5 MB p50 / F": Measured(p50(huge_steps) / huge_floor, 0.3, f"{p50(huge_steps):.2f} ms"),
        "tag painted p50 / F": Measured(p50(tags) / floor, 0.25, f"{p50(tags):.2f} ms"),
        "memory grown by opening 5 MB, its 2 MB result whole / its bytes": Measured(grown, 2.0),
    }


def _read_through(desk: Desk) -> None:
    """Open the result of 2 MB whole, look at some of it, and go to the last turn."""
    desk.view.focus_turn(2)
    desk.view.toggle_fold()
    desk.view.toggle_fold()
    for _ in range(20):
        desk.view.page(1)
        settle_briefly()
    desk.view.last()
    settle()


def settle_briefly() -> None:
    """Let what was asked for be painted."""
    app = QApplication.instance()
    assert app is not None
    app.processEvents()


def p50(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def p95(values: Sequence[float]) -> float:
    """Return the 95th percentile."""
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]
