"""When Python looks for garbage in the window's process: between presses, not within one."""

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_MS = 500
YOUNG = 1000  # objects made since the last look that are worth a look
MANY = 50_000  # objects made since all were looked at
STILL = 100  # no more than so many are made between two looks while nobody does anything


class IdleCollector(QObject):
    """Takes over from Python's own collector, which looks while objects are made: while a press is shown.

    Young objects are looked at twice a second, all of them once many were made and nothing goes on.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seen = 0
        self._since_all = 0
        gc.disable()
        timer = QTimer(self)
        timer.timeout.connect(self.look)
        timer.start(LOOK_MS)

    def look(self) -> None:
        """Collect what is due now."""
        made = gc.get_count()[0]
        still = abs(made - self._seen) < STILL
        if still and self._since_all + made > MANY:
            gc.collect()
            self._since_all = 0
        elif made > YOUNG:
            gc.collect(1)
            self._since_all += made
        self._seen = gc.get_count()[0]
