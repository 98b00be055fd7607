"""What the review page shows while no week was drawn: what to do next."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout

from reviewer.desktop import shown
from reviewer.desktop.parts.controls import Button, Ground, dress
from reviewer.desktop.theme import Theme


class NoWeek(Ground):
    """The empty page. ``asked`` carries the page that a button leads to."""

    asked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        title = shown.label(self.tr("No week is drawn yet"), theme=theme, role="title")
        step = shown.label(
            self.tr("A week is a fair sample of the traces. Draw one, then read it here."), theme=theme, color="text2"
        )
        draw = Button(self.tr("Draw a week"), theme, primary=True)
        draw.clicked.connect(lambda: self.asked.emit("week"))
        home = Button(self.tr("Back to Home"), theme)
        home.clicked.connect(lambda: self.asked.emit("home"))
        for part in (title, step, draw, home):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        dress(self, theme)
