"""A link of a transcript: where it leads, said plainly, and opened only when the reader says so."""

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from reviewer.desktop import shown
from reviewer.desktop.theme import Theme

OPENED = ("http", "https")


def target(link: str) -> QUrl | None:
    """Return where a link leads, without a user's name in it, or None when it is no address of the web."""
    url = QUrl(link, QUrl.ParsingMode.StrictMode)
    if not url.isValid() or url.scheme() not in OPENED or not url.host():
        return None
    url.setAuthority(url.host() + (f":{url.port()}" if url.port() > 0 else ""))
    return url


def host(url: QUrl) -> str:
    """Return the host as the network sees it: letters that only look Latin show as what they are."""
    return bytes(QUrl.toAce(url.host()).data()).decode("ascii", "replace") or url.host()


def ask_to_open(parent: QWidget, theme: Theme, link: str) -> bool:
    """Show where a link leads and open it if the reader wants that; return whether it was opened."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("Links", text)

    url = target(link)
    if url is None:
        shown.message(
            parent, tr("This link is not opened"), shown.safe(link), tr("Only addresses of the web can be opened."),
            theme=theme,
        )  # fmt: skip
        return False
    buttons = (tr("Open in the browser"), tr("Stay here"))
    address = url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
    said = tr("It leads to %1:").replace("%1", host(url)) + f"\n{address}"
    warned = tr("It stands in a transcript: whoever wrote that chose it.")
    if shown.message(parent, tr("Open this link?"), said, warned, buttons, theme) != 0:
        return False
    return QDesktopServices.openUrl(url)
