"""What opens over the coding panel to say what should have happened: the answer, and the calls of tools."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtWidgets import QWidget

from reviewer.desktop import shown
from reviewer.desktop.parts.controls import Button
from reviewer.desktop.review.note import NoteField
from reviewer.desktop.review.popover import Popover
from reviewer.desktop.theme import Theme
from reviewer.errors import UsageError
from reviewer.model.calls import calls_from_text
from reviewer.workspace.ask.transcript import Transcript


def calls_made(transcript: Transcript) -> str:
    """Return the calls that were made, in order and one a line, as the field of the expected calls takes them."""
    lines = []
    for call in transcript.calls:
        arguments = " ".join(transcript.text_of(call.arguments).split()) if call.arguments_parse else ""
        lines.append(f"{call.name} {arguments}".rstrip())
    return "\n".join(lines)


class CallsField(NoteField):
    """A note's field in the letters of code."""

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.setFont(theme.font("mono"))
        self._grow()


class ExpectedAnswer(Popover):
    """The answer and the calls that there should have been. ``saved`` and ``calls_saved`` carry the texts.

    Enter saves and Shift+Enter makes a line. Calls that cannot be read keep it open until Esc. ``made`` returns the
    calls of the transcript as text; None where there are none to begin with.
    """

    saved = Signal(str)
    calls_saved = Signal(str)

    def __init__(
        self, theme: Theme, answer: str, calls: str, made: Callable[[], str] | None, parent: QWidget, area: QRectF
    ) -> None:
        super().__init__(theme, parent, area)
        name = self.tr("Expected answer")
        self.field = self._put(name, NoteField(theme), answer, self.tr("What the application should have said or done"))
        self.calls = self._put(
            self.tr("Expected tool calls, one a line"), CallsField(theme), calls, 'search_orders {"order": "0042"}'
        )
        self.why = shown.label("", theme=theme, role="small", color="failed", wrap=True)
        self.why.hide()
        self._column.addWidget(self.why)
        if made is not None:
            self.take_over = Button(self.tr("Begin with the calls that were made"), theme, "wrench")
            self.take_over.clicked.connect(lambda: self._begin_with(made()))
            self._column.addWidget(self.take_over, alignment=Qt.AlignmentFlag.AlignLeft)
        keys = self.tr("Enter saves, Shift and Enter make a new line, Tab goes on, Esc leaves and keeps what is there")
        self._column.addWidget(shown.label(keys, theme=theme, role="small", color="text2", wrap=True))
        self._column.setContentsMargins(12, 8, 12, 12)
        self.fit()
        self.setAccessibleName(name)
        self.setFocusProxy(self.field)

    def _put(self, name: str, field: NoteField, text: str, hint: str) -> NoteField:
        field.setAccessibleName(name)
        field.setPlaceholderText(hint)
        field.setPlainText(text)
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        field.done.connect(self._leave_if_read)
        field.textChanged.connect(self.fit)
        self._column.addWidget(shown.label(name, theme=self.theme, weight=600))
        self._column.addWidget(field)
        return field

    def _begin_with(self, calls: str) -> None:
        self.calls.setPlainText(calls)
        self.calls.setFocus()

    def _leave_if_read(self) -> None:
        try:
            calls_from_text(self.calls.toPlainText())
        except UsageError as refused:
            self.why.setText(str(refused))
            self.why.show()
            self.calls.setFocus()
            self.fit()
        else:
            self.left.emit()

    def keep_draft(self) -> None:
        """Save what is in the fields."""
        self.saved.emit(self.field.toPlainText())
        self.calls_saved.emit(self.calls.toPlainText())
