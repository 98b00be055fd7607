"""A rich-text document that fetches nothing, and Markdown that is shown without its dangers."""

import re
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray
from PySide6.QtGui import (
    QFont,
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

if TYPE_CHECKING:
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QImage

MARKDOWN = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML
CODE_FENCE, QUOTE_LEVEL = QTextFormat.Property.BlockCodeFence, QTextFormat.Property.BlockQuoteLevel
CODE_SIGNS = ("`", "~~~", "\t", "    ")  # a text without any of them holds no code
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

    def loadResource(self, kind: int, name: "QUrl | str") -> Any:
        """Refuse. Returning None would let Qt load the file itself, so something is always returned."""
        self.refused.append(name if isinstance(name, str) else name.toString())
        if kind == QTextDocument.ResourceType.ImageResource.value:
            return _empty_box(self._theme)
        return QByteArray()

    def set_prose(self, text: str) -> None:
        """Show text as Markdown (GitHub's, raw HTML as letters), or as plain text where it is too deep to lay out."""
        if is_markdown_safe(text):
            self.setMarkdown(text, MARKDOWN)
        else:
            self.setPlainText(text)
        self._style("|" in text, any(sign in text for sign in CODE_SIGNS))

    def _style(self, has_tables: bool, has_code: bool) -> None:
        """Give lines, headings and code their heights and fonts: the Markdown reader only knows the system's."""
        self.setIndentWidth(self._theme.px(22))
        lines = QTextBlockFormat()
        lines.setLineHeight(self._theme.line(self._role), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        whole = QTextCursor(self)
        whole.select(QTextCursor.SelectionType.Document)
        whole.mergeBlockFormat(lines)
        block = self.begin()
        while block.isValid():
            self._style_block(block, has_tables, has_code)
            block = block.next()
        for part in self.rootFrame().childFrames():
            if isinstance(part, QTextTable):
                self._style_table(part)

    def _style_block(self, block: QTextBlock, has_tables: bool, has_code: bool) -> None:
        layout = block.blockFormat()
        if has_code and layout.hasProperty(CODE_FENCE):
            self._style_code(block)
            return
        in_table = has_tables and QTextCursor(block).currentTable() is not None
        if block.length() == 1 and not in_table:
            # Qt puts an empty paragraph after each table; it is no line of the text.
            low = QTextBlockFormat()
            low.setLineHeight(self._theme.space(1), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
            QTextCursor(block).mergeBlockFormat(low)
            return
        if layout.headingLevel():
            self._style_heading(block)
        elif has_code:
            self._style_inline(block)
        following = block.next()
        in_list = block.textList() and following.textList()
        if following.isValid() and not in_list and not in_table:
            gap = QTextBlockFormat()
            gap.setBottomMargin(self._theme.space(2))
            QTextCursor(block).mergeBlockFormat(gap)
        if layout.hasProperty(QUOTE_LEVEL):
            self._style_quote(block)

    def _style_code(self, block: QTextBlock) -> None:
        lines = QTextBlockFormat()
        # A fixed height would leave white stripes between the lines: the ground covers the natural height alone.
        lines.setLineHeight(0, QTextBlockFormat.LineHeightTypes.SingleHeight.value)
        lines.setBackground(self._theme.color("sunken"))
        lines.setNonBreakableLines(False)
        if not block.next().blockFormat().hasProperty(CODE_FENCE):
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


def _empty_box(theme: Theme) -> "QImage":
    """Return what stands for an image: an outline with a line across, so that a reader sees that there is one."""
    from PySide6.QtGui import QImage

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
