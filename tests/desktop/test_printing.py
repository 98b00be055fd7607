"""The printed scorecard: one page, our fonts, hostile names as letters, and no window needed."""

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.desktop.printing import Sheet, print_scorecard
from reviewer.errors import Expected
from tests.desktop.cards import a_card


def pages(pdf: bytes) -> int:
    return pdf.count(b"/Type /Page\n")


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that is drawn, line by line, in the order of drawing; each sheet is drawn several times."""
    lines: list[str] = []
    text = Sheet.text

    def listen(self: Sheet, words: str, *more: object, **named: object) -> float:
        lines.append(words)
        return text(self, words, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Sheet, "text", listen)
    return lines


def test_a_scorecard_is_one_page_that_says_its_numbers(qapp: object, tmp_path: Path, said: list[str]) -> None:
    print_scorecard(a_card(), tmp_path / "card.pdf")
    pdf = (tmp_path / "card.pdf").read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert pages(pdf) == 1
    assert b"Inter" in pdf
    for words in ("checkout-bot", "5.4 s", "$0.046 – 0.053", "N 8,000", "not recorded", "1 of 60", "−1.2"):
        assert words in said
    assert any("How Tool success is made." in line for line in said)


def test_a_long_scorecard_stays_one_page(qapp: object, tmp_path: Path, said: list[str]) -> None:
    print_scorecard(a_card("w" * 5000, "n" * 5000, "A reason of many words. " * 400), tmp_path / "card.pdf")
    assert pages((tmp_path / "card.pdf").read_bytes()) == 1


def test_names_of_others_are_printed_as_letters(qapp: object, tmp_path: Path) -> None:
    print_scorecard(
        a_card("<img src=/etc/passwd>\u202egnp", "\x00\ud800 zalgo" + "\u0301" * 500), tmp_path / "card.pdf"
    )
    assert pages((tmp_path / "card.pdf").read_bytes()) == 1


def test_a_place_that_cannot_be_written_is_said(qapp: object, tmp_path: Path) -> None:
    with pytest.raises(Expected, match="could not be written"):
        print_scorecard(a_card(), tmp_path / "missing" / "card.pdf")


def test_the_command_line_prints_without_a_screen(tmp_path: Path) -> None:
    card = tmp_path / "card.pickle"
    card.write_bytes(pickle.dumps(a_card()))
    program = (
        "import pickle, sys; from pathlib import Path; from reviewer.desktop.printing import print_scorecard;"
        "card = pickle.loads(Path(sys.argv[1]).read_bytes());"
        "[print_scorecard(card, Path(sys.argv[2])) for _ in range(2)]"
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("QT_", "DISPLAY", "WAYLAND"))}
    subprocess.run([sys.executable, "-c", program, card, tmp_path / "card.pdf"], check=True, env=environment)
    assert pages((tmp_path / "card.pdf").read_bytes()) == 1
