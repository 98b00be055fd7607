"""A rich-text document that fetches nothing, and Markdown that is shown without its dangers."""

import re
from typing import Any

from PySide6.QtCore import QByteArray, QUrl
from PySide6.QtGui import (
    QFont,
    QImage,
    QPainter,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextTable,
)

from reviewer.desktop.theme import Theme

MARKDOWN = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
DEEPEST = 24  # nested quotes and lists: Qt's layout is quadratic in the depth
MOST_BLOCKS = 1500
MOST_IMAGES = 60
MARKER = r"(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))"
NESTED = re.compile(rf"^[ \t]*(?:{MARKER}[ \t]*){{{DEEPEST}}}", re.MULTILINE)
DEEP_INDENT = re.compile(rf"^(?: {{2}}|\t){{{DEEPEST}}}[ \t]*{MARKER}", re.MULTILINE)


class SafeDocument(QTextDocument):
    """A document that reads no file and opens no connection: every image is the same small empty box.

    ``refused`` lists what the text asked for.
    """

    def __init__(self, theme: Theme, role: str = "reading") -> None:
        super().__init__()
        self.refused: list[str] = []
        self.setUndoRedoEnabled(False)
        self.setDocumentMargin(0)
        self.setDefaultFont(theme.font(role))
        self._role = role
        self._theme = theme

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Refuse. Returning None would let Qt load the file itself, so something is always returned."""
        self.refused.append(name.toString() if isinstance(name, QUrl) else name)
        if kind == QTextDocument.ResourceType.ImageResource.value:
            return _empty_box(self._theme)
        return QByteArray()

    def set_prose(self, text: str) -> None:
        """Show text as Markdown (GitHub's, raw HTML as letters), or as plain text where it is too deep to lay out."""
        if is_markdown_safe(text):
            self.setMarkdown(text, MARKDOWN)
        else:
            self.setPlainText(text)
        self._style()

    def _style(self) -> None:
        """Give lines, headings and code their heights and fonts: the Markdown reader only knows the system's."""
        self.setIndentWidth(self._theme.px(22))
        lines = QTextBlockFormat()
        lines.setLineHeight(self._theme.line(self._role), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        whole = QTextCursor(self)
        whole.select(QTextCursor.SelectionType.Document)
        whole.mergeBlockFormat(lines)
        block = self.begin()
        while block.isValid():
            self._style_block(block)
            block = block.next()
        for part in self.rootFrame().childFrames():
            if isinstance(part, QTextTable):
                self._style_table(part)

    def _style_block(self, block: QTextBlock) -> None:
        layout = block.blockFormat()
        if layout.hasProperty(QTextFormat.Property.BlockCodeFence):
            self._style_code(block)
            return
        if block.length() == 1 and QTextCursor(block).currentTable() is None:
            # Qt puts an empty paragraph after each table; it is no line of the text.
            low = QTextBlockFormat()
            low.setLineHeight(self._theme.space(1), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
            QTextCursor(block).mergeBlockFormat(low)
            return
        if layout.headingLevel():
            self._style_heading(block)
        else:
            self._style_inline(block)
        following = block.next()
        in_list = block.textList() and following.textList()
        if following.isValid() and not in_list and QTextCursor(block).currentTable() is None:
            gap = QTextBlockFormat()
            gap.setBottomMargin(self._theme.space(2))
            QTextCursor(block).mergeBlockFormat(gap)
        if layout.hasProperty(QTextFormat.Property.BlockQuoteLevel):
            self._style_quote(block)

    def _style_code(self, block: QTextBlock) -> None:
        lines = QTextBlockFormat()
        # A fixed height would leave white stripes between the lines: the ground covers the natural height alone.
        lines.setLineHeight(0, QTextBlockFormat.LineHeightTypes.SingleHeight.value)
        lines.setBackground(self._theme.color("sunken"))
        lines.setNonBreakableLines(False)
        if not block.next().blockFormat().hasProperty(QTextFormat.Property.BlockCodeFence):
            lines.setBottomMargin(self._theme.space(2))
        cursor = QTextCursor(block)
        cursor.mergeBlockFormat(lines)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(_in(self._theme.font("mono")))

    def _style_heading(self, block: QTextBlock) -> None:
        level = block.blockFormat().headingLevel()
        font = self._theme.font("heading" if level <= 2 and self._role == "reading" else self._role, 600)
        lines = QTextBlockFormat()
        lines.setTopMargin(self._theme.space(1) if block.blockNumber() else 0)
        lines.setBottomMargin(self._theme.space(1))
        cursor = QTextCursor(block)
        cursor.mergeBlockFormat(lines)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        # The relative size that the reader gave would win over a size in pixels: the format is replaced, not merged.
        cursor.setCharFormat(_in(font))

    def _style_quote(self, block: QTextBlock) -> None:
        words = QTextCharFormat()
        words.setForeground(self._theme.color("text2"))
        cursor = QTextCursor(block)
        margins = QTextBlockFormat()
        margins.setLeftMargin(min(block.blockFormat().leftMargin(), 4 * self._theme.px(22)) / 2)
        margins.setRightMargin(0)
        cursor.mergeBlockFormat(margins)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(words)

    def _style_table(self, table: QTextTable) -> None:
        layout = table.format()
        layout.setBorder(1)
        layout.setBorderBrush(self._theme.color("line"))
        layout.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        layout.setBorderCollapse(True)
        layout.setCellPadding(self._theme.space(1))
        layout.setCellSpacing(0)
        layout.setTopMargin(self._theme.space(2))
        layout.setBottomMargin(self._theme.space(1))
        table.setFormat(layout)

    def _style_inline(self, block: QTextBlock) -> None:
        fixed: list[tuple[int, int]] = []
        pieces = block.begin()
        while not pieces.atEnd():
            fragment = pieces.fragment()
            if fragment.charFormat().fontFixedPitch():
                fixed.append((fragment.position(), fragment.length()))
            pieces += 1
        for start, length in fixed:
            cursor = QTextCursor(self)
            cursor.setPosition(start)
            cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(_in(self._theme.font("mono")))


def _empty_box(theme: Theme) -> QImage:
    """Return what stands for an image: an outline with a line across, so that a reader sees that there is one."""
    width, height = theme.px(22), theme.px(15)
    box = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    box.fill(0)
    painter = QPainter(box)
    painter.setPen(theme.color("lineStrong"))
    painter.drawRect(0, 0, width - 1, height - 1)
    painter.drawLine(0, height - 1, width - 1, 0)
    painter.end()
    return box


def _in(font: QFont) -> QTextCharFormat:
    asked = QTextCharFormat()
    asked.setFont(font, QTextCharFormat.FontPropertiesInheritanceBehavior.FontPropertiesSpecifiedOnly)
    return asked


def is_markdown_safe(text: str) -> bool:
    """Return whether Qt can lay the text out as Markdown in reasonable time: not too deep, not too many parts."""
    if text.count("\n") > MOST_BLOCKS or text.count("![") > MOST_IMAGES:
        return False
    return NESTED.search(text) is None and DEEP_INDENT.search(text) is None


def document(theme: Theme, role: str = "reading") -> SafeDocument:
    """Return an empty document that fetches nothing, in a font of the type scale."""
    return SafeDocument(theme, role)
