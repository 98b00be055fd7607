"""The pages of an open workspace, in the order of the sidebar; each is imported and built when it is first opened."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from reviewer.desktop.bridge import Bridge
    from reviewer.desktop.theme import Theme
    from reviewer.desktop.window import Page


def TR(context: str, text: str) -> str:  # lupdate: -tr-function-alias QT_TRANSLATE_NOOP=TR
    """Mark a text for translation and return it as it is."""
    return text


@dataclass(frozen=True, slots=True)
class PageLine:
    """What the sidebar shows of a page that need not be there yet. Pages of one group stand together."""

    name: str
    icon: str
    text: str
    group: int = 0

    @property
    def title(self) -> str:
        """Return the title, translated."""
        return QCoreApplication.translate("Pages", self.text)


LINES = (
    PageLine("home", "house", TR("Pages", "Home")),
    PageLine("review", "list-checks", TR("Pages", "Review")),
    PageLine("explore", "search", TR("Pages", "Explore")),
    PageLine("week", "shuffle", TR("Pages", "New week")),
    PageLine("trends", "chart-line", TR("Pages", "Trends"), 2),
    PageLine("scorecard", "clipboard-list", TR("Pages", "Scorecard"), 2),
    PageLine("exports", "package-check", TR("Pages", "Export"), 3),
    PageLine("imports", "download", TR("Pages", "Sources"), 3),
)


def make_page(name: str, bridge: "Bridge", theme: "Theme", reviewer: str) -> "Page":
    """Build any page but the review page, which the application keeps at hand itself."""
    match name:
        case "home":
            from reviewer.desktop.home import HomePage

            return HomePage(bridge, theme, reviewer)
        case "explore":
            from reviewer.desktop.explore.page import ExplorePage

            return ExplorePage(bridge, theme)
        case "week":
            from reviewer.desktop.week.page import WeekPage

            return WeekPage(bridge, theme)
        case "trends":
            from reviewer.desktop.trends.page import TrendsPage

            return TrendsPage(bridge, theme)
        case "scorecard":
            from reviewer.desktop.scorecard import ScorecardPage

            return ScorecardPage(bridge, theme)
        case "exports":
            from reviewer.desktop.exports.page import ExportPage

            return ExportPage(bridge, theme)
        case "imports":
            from reviewer.desktop.imports.page import ImportPage

            return ImportPage(bridge, theme)
    raise KeyError(name)
