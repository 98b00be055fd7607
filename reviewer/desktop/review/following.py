"""What is shown once the press itself is painted: it waits for the next turn of the event loop."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from reviewer.desktop.review.state import Repaint


class Following(QObject):
    """Gathers what is to be shown after the paint, and has it shown in one go."""

    def __init__(self, show: Callable[[Repaint], None], parent: QObject) -> None:
        super().__init__(parent)
        self._show = show
        self._wanted: Repaint = Repaint.NOTHING
        self._turn = QTimer(self)  # of no length as a rule: it comes after the paint, which is posted
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self.catch_up)

    @property
    def waiting(self) -> bool:
        """Whether something is still to be shown."""
        return self._wanted is not Repaint.NOTHING

    def add(self, what: Repaint, wait_ms: int = 0) -> None:
        """Have something shown in the next turn; with ``wait_ms`` by ``catch_up``, at the latest after that time."""
        if what is Repaint.NOTHING:
            return
        if not self.waiting:
            self._turn.start(wait_ms)
            self._wanted = what
        else:
            self._wanted |= what

    def catch_up(self) -> None:
        """Show now what waits."""
        self._turn.stop()
        wanted, self._wanted = self._wanted, Repaint.NOTHING
        if wanted is not Repaint.NOTHING:
            self._show(wanted)
