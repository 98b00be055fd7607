"""The look: every colour pair of the design can be read, fonts are the shipped ones, icons are drawn."""

import pytest
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QApplication

from reviewer import resources
from reviewer.desktop.theme import Theme, apply, tokens

pytestmark = pytest.mark.usefixtures("qapp")


def luminance(hexed: str) -> float:
    parts = [int(hexed[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_pair_of_the_table_has_the_contrast_it_needs(name: str) -> None:
    colors = dict(tokens()[name])
    colors |= {f"cat{n}": series["color"] for n, series in enumerate(colors["chart"], 1)}
    for row in tokens()["checks"]["contrast"][name]:
        a, b = sorted((luminance(colors[row["front"]]), luminance(colors[row["ground"]])))
        assert (b + 0.05) / (a + 0.05) >= row["needed"], row


@pytest.mark.parametrize("role", ["body", "small", "tiny", "reading", "heading", "title", "display", "figure", "mono"])
def test_fonts_are_the_shipped_families(role: str) -> None:
    family = QFontInfo(Theme.light().font(role)).family()
    assert family.startswith("JetBrains Mono" if role == "mono" else "Inter")


def test_scale_grows_fonts_and_lines() -> None:
    small, large = Theme.light(), Theme.light(scale=130)
    assert large.font("reading").pixelSize() == 18
    assert large.line("reading") > small.line("reading")
    assert large.size("row", "list") == 39


def test_every_shipped_icon_is_drawn_in_its_colour() -> None:
    theme = Theme.dark()
    for file in sorted(resources.path("icons").glob("*.svg")):
        picture = theme.icon(file.stem, "failed", 16, ratio=2.0)
        assert picture.size().width() == 32
        image = picture.toImage()
        inked = [image.pixelColor(x, y) for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() > 200]
        assert inked, file.stem
        assert all(abs(c.red() - theme.color("failed").red()) <= 3 for c in inked), file.stem


def test_apply_dresses_the_application(qapp: QApplication) -> None:
    apply(qapp, Theme.dark())
    assert qapp.palette().window().color() == Theme.dark().color("window")
    apply(qapp, Theme.light())
    assert qapp.palette().window().color() == Theme.light().color("window")
