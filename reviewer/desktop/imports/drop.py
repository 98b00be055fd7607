"""The place to drop files on, with buttons for those who do not drag."""

from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.parts.controls import Button
from reviewer.desktop.theme import Theme


class DropPlace(QWidget):
    """Carries what was dropped with ``dropped``; the buttons ask for files or for a folder."""

    dropped = Signal(list)
    files_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._over = False
        self.setAcceptDrops(True)
        self.setAccessibleName(self.tr("Drop files or folders here"))
        self.setFixedHeight(theme.px(168))
        files = Button(self.tr("Choose files"), theme, "file-text")
        folder = Button(self.tr("Choose a folder"), theme, "folder-open")
        files.clicked.connect(self.files_wanted)
        folder.clicked.connect(self.folder_wanted)
        formats = self.tr(
            "OpenTelemetry spans, exports of services, logs of agents, chat messages, and tables as CSV or Parquet; also "
            "packed with gzip, zstd or zip. The format is recognised, and shown before anything is written."
        )
        lines = QVBoxLayout(self)
        lines.setContentsMargins(24, 20, 24, 20)
        lines.setSpacing(8)
        lines.addStretch(1)
        lines.addWidget(shown.label(self.tr("Drop files or folders here"), theme=theme, role="heading"))
        lines.addWidget(shown.label(formats, theme=theme, color="text2", wrap=True))
        lines.addSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(files)
        row.addWidget(folder)
        row.addStretch(1)
        lines.addLayout(row)
        lines.addStretch(1)

    def set_theme(self, theme: Theme) -> None:
        """Wear another theme."""
        self.theme = theme
        self.setFixedHeight(theme.px(168))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the dashed edge."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self.theme.color("accent" if self._over else "lineStrong"), 1.5 if self._over else 1)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.setBrush(self.theme.color("focusTint" if self._over else "window"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        painter.end()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files of this machine, nothing else."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._over = True
            self.update()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Look as before."""
        self._over = False
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand over the files and folders."""
        self._over = False
        self.update()
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)
