"""The look: colours, fonts, sizes and icons by role, from the design's tokens. Handed to each widget, never global."""

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from reviewer import resources

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

Name = Literal["light", "dark"]
STYLE = "Fusion"
SCALES = (90, 100, 115, 130)
CAP_HEIGHT = 0.727  # of Inter, in em: what text is centred on

COLOR_ROLES: dict[QPalette.ColorRole, str] = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "sunken",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "raised",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "onAccent",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "onAccent",
    QPalette.ColorRole.Link: "accentText",
    QPalette.ColorRole.LinkVisited: "accentText",
    QPalette.ColorRole.ToolTipBase: "tooltip",
    QPalette.ColorRole.ToolTipText: "onTooltip",
    QPalette.ColorRole.PlaceholderText: "text3",
    QPalette.ColorRole.Light: "surface",
    QPalette.ColorRole.Midlight: "hover",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Dark: "lineStrong",
    QPalette.ColorRole.Shadow: "shadow",
    QPalette.ColorRole.Accent: "accent",
}
FADED = (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText)

SHEET = """
* {{ outline: none; }}
QToolTip {{ background: {tooltip}; color: {onTooltip}; border: 0; padding: 4px 8px; }}
QPushButton {{ background: {raised}; color: {text}; border: 1px solid {line}; border-radius: 6px;
  padding: 0 12px; min-height: {control}px; }}
QPushButton:hover {{ background: {hover}; }}
QPushButton:disabled {{ color: {disabled}; }}
QPushButton:focus {{ border: 2px solid {accent}; padding: 0 11px; }}
QPushButton[primary="true"] {{ background: {accent}; color: {onAccent}; border-color: {accent}; font-weight: 600; }}
QPushButton[primary="true"]:focus {{ border: 2px solid {text}; }}
QPushButton[primary="true"]:disabled {{ background: {line}; color: {disabled}; border-color: {line}; }}
QPushButton[danger="true"] {{ color: {failed}; border-color: {failed}; }}
QLineEdit, QTextEdit, QPlainTextEdit, QSpinBox, QDateEdit, QComboBox {{ background: {surface}; color: {text};
  border: 1px solid {lineStrong}; border-radius: 6px; padding: 3px 8px; selection-background-color: {accent};
  selection-color: {onAccent}; }}
QLineEdit, QSpinBox, QDateEdit, QComboBox {{ min-height: {field}px; }}
QLineEdit:focus, QTextEdit:focus, QPlainTextEdit:focus, QSpinBox:focus, QDateEdit:focus, QComboBox:focus {{
  border: 2px solid {accent}; padding: 2px 7px; }}
QMenu {{ background: {raised}; color: {text}; border: 1px solid {line}; padding: 4px; }}
QMenu::item {{ padding: 5px 16px; border-radius: 4px; }}
QMenu::item:selected {{ background: {accentTint}; color: {accentText}; }}
QScrollBar:vertical {{ background: transparent; width: 16px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {thumb}; border-radius: 2px; margin: 2px 6px; min-height: 24px; }}
QScrollBar:horizontal {{ background: transparent; height: 16px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {thumb}; border-radius: 2px; margin: 6px 2px; min-width: 24px; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ background: none;
  border: 0; width: 0; height: 0; }}
QSplitter::handle {{ background: {line}; }}
"""


@cache
def tokens() -> dict[str, Any]:
    """Return the design's tokens: colours by theme, the type scale, sizes, space and radii."""
    read: dict[str, Any] = json.loads(resources.text("themes", "tokens.json"))
    return read


@cache
def load_fonts() -> None:
    """Make the shipped fonts known to Qt. Needs a QApplication; a second call does nothing."""
    for folder in ("inter", "jetbrains-mono"):
        for file in sorted(resources.path("fonts", folder).iterdir()):
            if file.suffix in (".otf", ".ttf") and QFontDatabase.addApplicationFont(str(file)) < 0:
                raise RuntimeError(f"the font {file.name} could not be loaded")


@cache
def _icon_text(name: str) -> str:
    svg = resources.text("icons", f"{name}.svg")
    return re.sub(r'stroke-width="[^"]*"', f'stroke-width="{tokens()["size"]["iconStroke"]}"', svg)


class Theme:
    """Colours, fonts, sizes and icons of one theme at one scale.

    A theme is immutable: another theme or scale is another object, which widgets take with ``set_theme``.
    """

    def __init__(self, name: Name = "light", scale: int = 100) -> None:
        load_fonts()
        self.name: Name = name
        self.scale = scale
        self._colors: dict[str, QColor] = {
            role: QColor(value) for role, value in tokens()[name].items() if isinstance(value, str)
        }
        self._type: dict[str, dict[str, Any]] = {row["name"]: row for row in tokens()["type"]["scale"]}
        self._fonts: dict[tuple[str, int], QFont] = {}
        self._icons: dict[tuple[str, str, int, float], QPixmap] = {}

    @classmethod
    def light(cls, scale: int = 100) -> "Theme":
        """Return the light theme. ``scale`` is in percent."""
        return cls("light", scale)

    @classmethod
    def dark(cls, scale: int = 100) -> "Theme":
        """Return the dark theme. ``scale`` is in percent."""
        return cls("dark", scale)

    @classmethod
    def system(cls, scale: int = 100) -> "Theme":
        """Return the theme that the desktop asks for; light where it does not say."""
        dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return cls("dark" if dark else "light", scale)

    @property
    def is_dark(self) -> bool:
        """Whether light text stands on a dark ground."""
        return self.name == "dark"

    def color(self, role: str, alpha: float = 1.0) -> QColor:
        """Return the colour of a role of ``tokens.json``, with an opacity of 0 to 1."""
        color = QColor(self._colors[role])
        if alpha < 1.0:
            color.setAlphaF(alpha)
        return color

    @property
    def band_opacity(self) -> float:
        """The opacity of the band of an interval in a chart."""
        return float(tokens()[self.name]["bandOpacity"])

    def chart(self) -> list[dict[str, Any]]:
        """Return the six series of a chart: ``name``, ``color`` (hex), ``symbol`` and ``dash`` (list or None)."""
        series: list[dict[str, Any]] = tokens()[self.name]["chart"]
        return series

    def font(self, role: str, weight: int | None = None) -> QFont:
        """Return the font of a role of the type scale; ``weight`` (400, 500, 600) instead of the role's own."""
        row = self._type[role]
        key = (role, weight or row["weight"])
        if key not in self._fonts:
            self._fonts[key] = self._make_font(row, key[1])
        return QFont(self._fonts[key])

    def _make_font(self, row: dict[str, Any], weight: int) -> QFont:
        font = QFont()
        font.setFamilies(tokens()["type"]["family"][row["family"]])
        font.setPixelSize(self.px(row["size"]))
        font.setWeight(QFont.Weight(weight))
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        if row["family"] == "mono":
            font.setFixedPitch(True)
            font.setStyleHint(QFont.StyleHint.Monospace)
        for tag, value in tokens()["type"]["features"]["mono" if row["family"] == "mono" else "text"].items():
            font.setFeature(QFont.Tag(tag), value)
        return font

    def line(self, role: str) -> int:
        """Return the line height of a role of the type scale, in pixels."""
        return self.px(self._type[role]["line"])

    def px(self, value: float) -> int:
        """Return a length of the design at this scale, in pixels."""
        return round(value * self.scale / 100)

    def size(self, *path: str) -> int:
        """Return a size of the tokens at this scale, such as ``size("row", "list")`` or ``size("keycap")``."""
        found: Any = tokens()["size"]
        for step in path:
            found = found[step]
        return self.px(found)

    def space(self, step: int) -> int:
        """Return the step of the space scale, 0 (2 px) to 7 (48 px), at this scale."""
        return self.px(tokens()["space"][step])

    def radius(self, what: str) -> int:
        """Return a corner radius: mark, keycap, control, card, dialog, pill."""
        return int(tokens()["radius"][what])

    def icon(self, name: str, color_role: str = "text2", px: int = 16, ratio: float | None = None) -> QPixmap:
        """Return an icon as a picture of ``px`` logical pixels; ``ratio`` is the device pixel ratio (the screen's)."""
        if ratio is None:
            screen = QGuiApplication.primaryScreen()
            ratio = screen.devicePixelRatio() if screen else 1.0
        key = (name, color_role, px, ratio)
        if key not in self._icons:
            self._icons[key] = self._draw_icon(name, self.color(color_role), px, ratio)
        return self._icons[key]

    def qicon(self, name: str, color_role: str = "text2", px: int = 16) -> "QIcon":
        """Return an icon for a button or a menu."""
        from PySide6.QtGui import QIcon  # its list of the desktop's icons takes a millisecond of the start

        return QIcon(self.icon(name, color_role, px))

    @staticmethod
    def _draw_icon(name: str, color: QColor, px: int, ratio: float) -> QPixmap:
        svg = _icon_text(name).replace("currentColor", color.name())
        picture = QPixmap(QSize(round(px * ratio), round(px * ratio)))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, px, px))
        painter.end()
        return picture

    def palette(self) -> QPalette:
        """Return the palette of the whole application."""
        palette = QPalette()
        for role, name in COLOR_ROLES.items():
            palette.setColor(role, self.color(name))
        for role in FADED:
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.color("disabled"))
        return palette

    def sheet(self) -> str:
        """Return the style sheet of buttons, fields, menus and scroll bars."""
        named = {role: color.name() for role, color in self._colors.items()}
        thumb = self.color("lineStrong", 0.35)
        return SHEET.format(
            **named,
            thumb=f"rgba({thumb.red()}, {thumb.green()}, {thumb.blue()}, {thumb.alpha()})",
            control=self.size("control", "medium") - 2,
            field=self.size("control", "medium") - 8,
        )


def apply(app: QApplication, theme: Theme) -> None:
    """Dress the whole application: palette, font and style sheet. The style, ``STYLE``, is given to Qt as it starts."""
    app.setPalette(theme.palette())
    app.setFont(theme.font("body"))
    app.setStyleSheet(theme.sheet())


def baseline(font: QFont, top: float, height: float) -> float:
    """Return the y of the baseline that centres the capitals of a text in a row that starts at ``top``."""
    return top + (height + font.pixelSize() * CAP_HEIGHT) / 2
