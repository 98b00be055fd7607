"""How a page's numbers are made, in plain words, behind a question mark."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout

from reviewer.desktop import shown
from reviewer.desktop.parts.controls import Button, Ground
from reviewer.desktop.theme import Theme


class Method(Ground):
    """Paragraphs that ``button`` opens and closes; the page puts the button into its heading, and this below it."""

    def __init__(self, question: str, paragraphs: Sequence[str], theme: Theme) -> None:
        super().__init__(theme, "window")
        self.button = Button("?", theme)
        self.button.setAccessibleName(question)
        shown.tip(self.button, question)
        self.button.setCheckable(True)
        self.button.toggled.connect(self.setVisible)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(28, 12, 28, 12)
        lines.setSpacing(6)
        lines.addWidget(shown.label(question, theme=theme, weight=600))
        for paragraph in paragraphs:
            lines.addWidget(shown.label(paragraph, theme=theme, color="text2", wrap=True))
        self.hide()
