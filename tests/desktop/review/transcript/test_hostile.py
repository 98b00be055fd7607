"""Hostile texts on screen: inert, in time, inside their rows, and whole when copied."""

import json
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QColor, QDesktopServices, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from reviewer.desktop.shown import SafeDocument
from reviewer.model.trace import Message, Part, Thread, Trace
from tests.desktop.review.transcript.desk import a_desk, one_message

FILES = [
    "html_active.jsonl", "markdown_active.jsonl", "nested_html_tables.jsonl", "nested_html_tags.jsonl", "long_word.jsonl",
    "zalgo.jsonl", "bidi_trojan.jsonl", "nul_and_controls.jsonl", "line_separators.jsonl", "formula_cells.jsonl",
    "deep_nesting_valid.jsonl", "hostile_names.json",
]  # fmt: skip


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.items() for text in strings(list(item))]
    return [text for item in value for text in strings(item)] if isinstance(value, list) else []


def every_string(path: Path) -> list[str]:
    out: list[str] = []
    for line in path.read_bytes().split(b"\n"):
        try:
            out += strings(json.loads(line))
        except (ValueError, RecursionError):
            out.append(line.decode("utf-8", "replace"))
    return [text.encode("utf-8", "replace").decode() for text in out if text]


@pytest.mark.parametrize("name", FILES)
def test_every_hostile_string_opens_in_time_and_fetches_nothing(
    name: str, shared: Callable[..., Path], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: asked.append(url) or True)
    texts = every_string(shared("hostile", name))
    messages = [Message("assistant", [Part("text", text)], name=text[:50]) for text in texts]
    trace = Trace(kind="test", native_id=name, format="plain", threads=[Thread(messages, title=texts[0])])
    for desk in a_desk(qtbot, tmp_path, trace):
        for turn in range(len(texts)):
            start = perf_counter()
            desk.view.focus_turn(turn)
            desk.screen()
            desk.view.toggle_raw()
            desk.screen()
            assert perf_counter() - start < 1.0, texts[turn][:80]
            assert desk.view.original_text() == texts[turn]
            desk.view.copy_original()
            assert QGuiApplication.clipboard().text() == texts[turn]
        assert asked == []


def test_a_picture_beside_the_transcript_is_not_read(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = tmp_path / "canary.png"
    picture = QImage(200, 200, QImage.Format.Format_RGB32)
    picture.fill(QColor("#ff00ff"))
    assert picture.save(str(canary))
    monkeypatch.chdir(tmp_path)
    refused: list[str] = []
    kept = SafeDocument.loadResource

    def watched(document: SafeDocument, kind: int, name: QUrl | str) -> object:
        refused.append(str(name))
        return kept(document, kind, name)

    monkeypatch.setattr(SafeDocument, "loadResource", watched)
    text = f"![a]({canary}) ![b](canary.png) ![c](file://{canary}) <img src='{canary}'> [d]: {canary}"
    for desk in a_desk(qtbot, tmp_path, one_message(text)):
        image = desk.view.viewport().grab().toImage()
        seen = {image.pixelColor(x, y).name() for x in range(0, 571, 5) for y in range(0, 300, 5)}
        assert "#ff00ff" not in seen
        assert len(refused) >= 3


def test_piled_marks_stay_in_their_cell(qtbot: QtBot, tmp_path: Path) -> None:
    calm = Trace(kind="test", native_id="z", format="plain", threads=[Thread([
        Message("user", [Part("text", "first")]), Message("assistant", [Part("text", "a" + "\u0301\u0323" * 3 + "b")]),
        Message("user", [Part("text", "last")])])])  # fmt: skip
    wild = Trace(kind="test", native_id="z", format="plain", threads=[Thread([
        Message("user", [Part("text", "first")]), Message("assistant", [Part("text", "a" + "\u0301\u0323" * 3000 + "b")]),
        Message("user", [Part("text", "last")])])])  # fmt: skip
    tops = []
    for number, trace in enumerate((calm, wild)):
        (tmp_path / str(number)).mkdir()
        for desk in a_desk(qtbot, tmp_path / str(number), trace):
            image = desk.view.viewport().grab().toImage().copy(28, 0, 500, 66)
            tops.append(bytes(image.constBits()))
    assert tops[0] == tops[1], "what stands above is not painted over"


def test_bidi_controls_are_seen(qtbot: QtBot, tmp_path: Path) -> None:
    for desk in a_desk(qtbot, tmp_path, one_message("pay \u202eevil\u202c now")):
        page = desk.view.current
        assert page is not None
        cells = [strip.cell for strip in page.layout.open(page.layout.items[0]).strips if strip.cell]
        assert cells[0].shown_text() == "pay [U+202E]evil[U+202C] now"
        assert desk.view.original_text() == "pay \u202eevil\u202c now"


def test_a_line_of_two_megabytes_opens_and_is_found(qtbot: QtBot, tmp_path: Path) -> None:
    text = '{"k": "' + "word and, more: " * 125_000 + 'needle"}'
    for desk in a_desk(qtbot, tmp_path, one_message(text)):
        start = perf_counter()
        desk.view.toggle_fold()
        desk.screen()
        assert perf_counter() - start < 1.0
        assert desk.view.find("needle") == 1
        desk.screen()
        assert desk.view.original_text() == text
