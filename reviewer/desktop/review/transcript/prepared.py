"""A transcript made ready before it is asked for: laid out and painted in idle moments, so that *next* is a blit."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QSize

from reviewer.desktop.review.transcript.column import Page
from reviewer.desktop.review.transcript.style import Style
from reviewer.workspace.ask.transcript import Transcript


class Prepared:
    """The page of one transcript at one size and theme. Half-done is fine: what is missing is done when it is shown."""

    def __init__(
        self, transcript: Transcript, make: Callable[[], Page], style: Style, size: QSize, ratio: float
    ) -> None:
        self.transcript = transcript
        self.page: Page | None = None
        self.dropped = False
        self._make = make
        self._style = style
        self._size = size
        self._ratio = ratio

    @property
    def ready(self) -> bool:
        """Whether the first screen is painted."""
        return self.page is not None and self.page.picture is not None

    def take(self) -> Page | None:
        """Return the page to show it. What was not done is left undone: the page now changes under its reader."""
        self.dropped = True
        return self.page

    def drop(self) -> None:
        """Stop preparing: it is no longer wanted."""
        self.dropped = True
        self.page = None

    def _given_up(self) -> bool:
        return self.dropped

    def fits(self, transcript: Transcript, style: Style, size: QSize, ratio: float) -> bool:
        """Return whether the page can be shown as it is."""
        return (
            self.page is not None
            and self.transcript is transcript
            and self._style is style
            and self._size == size
            and self._ratio == ratio
        )

    def work(self) -> Iterator[None]:
        """Do the work in steps."""
        if self._given_up():
            return
        self.page = page = self._make()
        yield
        for _ in page.work():
            yield
            if self._given_up():
                return
