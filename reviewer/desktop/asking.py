"""The one question that the window asks before anything can be coded: who reads."""

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.parts.controls import Button
from reviewer.desktop.theme import Theme


class ReviewerDialog(QDialog):
    """Asks for the name under which codings are kept."""

    def __init__(self, parent: QWidget | None, theme: Theme, name: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Who is reviewing?"))
        self.setMinimumWidth(440)
        self.field = QLineEdit(name)
        self.field.setAccessibleName(self.tr("Your name"))
        self.field.selectAll()
        said = self.tr("Every coding carries the name of its reviewer. Blind second reads and agreement depend on it.")
        ok = Button(self.tr("Use this name"), theme, primary=True)
        ok.setDefault(True)
        ok.clicked.connect(self.accept)
        self.field.textChanged.connect(lambda text: ok.setEnabled(bool(text.strip())))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(8)
        column.addWidget(shown.label(self.tr("Who is reviewing?"), theme=theme, role="heading"))
        column.addWidget(shown.label(said, theme=theme, color="text2", wrap=True))
        column.addWidget(self.field)
        column.addSpacing(12)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(ok)
        column.addLayout(row)

    @property
    def name(self) -> str:
        """Return the name as it was written, without space around it."""
        return " ".join(self.field.text().split())


def ask_reviewer(parent: QWidget | None, theme: Theme, name: str) -> str | None:
    """Ask and wait; return the name, or None when the dialog was closed."""
    dialog = ReviewerDialog(parent, theme, name)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted and bool(dialog.name)
    chosen = dialog.name if accepted else None
    dialog.deleteLater()
    return chosen
