"""A list of segments to choose one from."""

from collections.abc import Sequence

from PySide6.QtCore import Signal

from reviewer.desktop.parts.fields import Choice
from reviewer.desktop.segments import Within
from reviewer.desktop.theme import Theme
from reviewer.desktop.week.plan import segment_title
from reviewer.wording import NOT_RECORDED


class SegmentChoice(Choice):
    """``within`` carries the segment with its value, or None for all traffic; without a choice it is not there."""

    within = Signal(object)

    def __init__(self, theme: Theme, letters: int) -> None:
        super().__init__(self.tr("Segment"), theme)
        self.setMinimumContentsLength(letters)
        self._offered: Sequence[Within] = ()
        self.chosen.connect(lambda index: self.within.emit(self._offered[index] if index >= 0 else None))

    def show_choices(self, offered: Sequence[Within], current: Within | None) -> None:
        """Offer segments; ``current`` is the one that is chosen now."""
        self._offered = offered
        named = [
            (f"{segment_title(by)}: {NOT_RECORDED if value is None else value}", index)
            for index, (by, value) in enumerate(offered)
        ]
        at = next((index for index, one in enumerate(offered) if one == current), -1)
        self.offer([(self.tr("all traffic"), -1), *named], at)
        self.setVisible(bool(offered))
