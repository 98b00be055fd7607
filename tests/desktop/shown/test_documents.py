"""A document from a trace reads no file, shows raw HTML as letters, and is laid out in time whatever it holds."""

from pathlib import Path
from time import perf_counter

import pytest
from PySide6.QtGui import QColor, QImage

from reviewer.desktop import shown
from reviewer.desktop.theme import Theme

pytestmark = pytest.mark.usefixtures("qapp")


def laid_out(text: str) -> shown.SafeDocument:
    document = shown.document(Theme.light())
    document.set_prose(text)
    document.setTextWidth(500)
    document.size()
    return document


@pytest.mark.parametrize("form", ["file://{}", "{}", "qrc:{}", "data:image/svg+xml;base64,{}"])
def test_an_image_of_the_text_is_never_loaded(tmp_path: Path, form: str) -> None:
    canary = tmp_path / "canary.png"
    picture = QImage(300, 200, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    assert picture.save(str(canary))
    document = laid_out(f"before ![a]({form.format(canary)}) after")
    assert document.refused
    assert document.size().height() < 60


def test_raw_html_is_shown_as_letters() -> None:
    document = laid_out("a <b>bold</b> <script>alert(1)</script> <img src=x onerror=y>")
    assert "<script>" in document.toPlainText()
    assert not document.refused


@pytest.mark.parametrize(
    "text",
    [
        ">" * 20_000 + " deep",
        "\n".join("  " * n + "- item" for n in range(400)),
        "- " * 5000 + "deep",
        "![](data:image/png;base64,AAAA)" * 2000,
        "| a " * 500 + "|\n" + "|---" * 500 + "|\n" + ("| x " * 500 + "|\n") * 3,
        "`" * 50_000,
        "[" * 50_000,
        "*a **b " * 7000,
        "a" * 1999 + " " + "b" * 1999,
    ],
    ids=["quotes", "lists", "markers", "images", "wide table", "ticks", "brackets", "stars", "long words"],
)
def test_a_hostile_text_is_laid_out_within_a_second(text: str) -> None:
    start = perf_counter()
    laid_out(text)
    assert perf_counter() - start < 1.0


def test_lines_and_code_have_the_designs_fonts() -> None:
    theme = Theme.light()
    document = laid_out("Two lines: " + "word " * 30 + "\n\n```\ncode()\n```\n\nand `inline` code\n\n# Heading")
    lines = document.begin().layout()
    assert lines.lineAt(1).y() - lines.lineAt(0).y() == theme.line("reading")
    families = set()
    block = document.begin()
    while block.isValid():
        pieces = block.begin()
        while not pieces.atEnd():
            font = pieces.fragment().charFormat().font()
            families.add((pieces.fragment().text().strip(), font.families()[0], font.pixelSize()))
            pieces += 1
        block = block.next()
    assert ("code()", "JetBrains Mono", 12) in families
    assert ("inline", "JetBrains Mono", 12) in families
    assert ("Heading", "Inter", 16) in families
