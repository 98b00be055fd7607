"""The pages of an open workspace, in the order of the sidebar; each is imported and built when it is first opened."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from reviewer.desktop.bridge import Bridge
    from reviewer.desktop.theme import Theme
    from reviewer.desktop.window import Page
    from reviewer.workspace.file import Reader


def TR(context: str, text: str) -> str:  # lupdate: -tr-function-alias QT_TRANSLATE_NOOP=TR
    """Mark a text for translation and return it as it is."""
    return text


class PageLine(NamedTuple):
    """What the sidebar shows of a page that need not be there yet. Pages of one group stand together."""

    name: str
    icon: str
    text: str
    group: int = 0
    has_something: "Callable[[Reader, bool], bool] | None" = None
    """Whether there is anything for the page to show, which then appears by itself; None: it is always there.

    The second argument says whether traces may have come since it was asked last; else only codings have.
    """

    @property
    def title(self) -> str:
        """Return the title, translated."""
        return QCoreApplication.translate("Pages", self.text)


def _judged_twice(reader: "Reader", imported: bool) -> bool:
    from reviewer.workspace.ask.agreement import is_annotated_twice, is_coded_twice

    return is_coded_twice(reader) or (imported and is_annotated_twice(reader))


def _has_judges(reader: "Reader", imported: bool) -> bool:
    from reviewer.workspace.ask.judges import has_judges

    return imported and has_judges(reader)


LINES = (
    PageLine("home", "house", TR("Pages", "Home")),
    PageLine("review", "list-checks", TR("Pages", "Review")),
    PageLine("explore", "search", TR("Pages", "Explore")),
    PageLine("week", "shuffle", TR("Pages", "New week")),
    PageLine("trends", "chart-line", TR("Pages", "Trends"), 2),
    PageLine("scorecard", "clipboard-list", TR("Pages", "Scorecard"), 2),
    PageLine("agreement", "users", TR("Pages", "Agreement"), 2, _judged_twice),
    PageLine("judges", "bot", TR("Pages", "Judges"), 2, _has_judges),
    PageLine("exports", "package-check", TR("Pages", "Export"), 3),
    PageLine("imports", "download", TR("Pages", "Sources"), 3),
    PageLine("services", "plug", TR("Pages", "Services"), 3),
    PageLine("segments", "layers", TR("Pages", "Segments"), 3),
)


def with_something(reader: "Reader", names: Sequence[str], imported: bool) -> list[str]:
    """Return those of some pages that have anything to show, for all that has changed."""
    return [
        line.name
        for line in LINES
        if line.name in names and line.has_something is not None and line.has_something(reader, imported)
    ]


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
            from reviewer.desktop.scorecard.page import ScorecardPage

            return ScorecardPage(bridge, theme)
        case "agreement":
            from reviewer.desktop.agreement.page import AgreementPage

            return AgreementPage(bridge, theme, reviewer)
        case "judges":
            from reviewer.desktop.judges.page import JudgesPage

            return JudgesPage(bridge, theme)
        case "exports":
            from reviewer.desktop.exports.page import ExportPage

            return ExportPage(bridge, theme)
        case "imports":
            from reviewer.desktop.imports.page import ImportPage

            return ImportPage(bridge, theme)
        case "services":
            from reviewer.desktop.services.page import ServicesPage

            return ServicesPage(bridge, theme)
        case "segments":
            from reviewer.desktop.segment_rules.page import SegmentsPage

            return SegmentsPage(bridge, theme)
    raise KeyError(name)
