"""Only this room builds what could take text for markup, read a file or open a link."""

import re

import pytest

from reviewer.resources import PACKAGE

FORBIDDEN = re.compile(
    r"\bQLabel\(|\bQTextBrowser\b|\bQTextEdit\(|\bQTextDocument\(|\bQMessageBox\b|\.setHtml\(|\.setMarkdown\(|\.setToolTip\("
    r"|\.setWhatsThis\(|\.setStatusTip\(|\.setInformativeText\(|\bToolTipRole\b|setOpenExternalLinks|\bQNetwork|QtWebEngine"
)
FILES = sorted(f for f in (PACKAGE / "desktop").rglob("*.py") if "shown" not in f.relative_to(PACKAGE).parts)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_no_other_room_builds_it(file: object) -> None:
    text = file.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    found = [f"line {text.count(chr(10), 0, m.start()) + 1}: {m[0]}" for m in FORBIDDEN.finditer(text)]
    assert not found, "use reviewer.desktop.shown instead"
