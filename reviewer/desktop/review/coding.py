"""The coding panel: verdict, failure modes, scores, the definition of the focused mode, submit."""

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from reviewer.desktop import shown
from reviewer.desktop.commands.keycap import Keycap
from reviewer.desktop.commands.keys import Keymap
from reviewer.desktop.commands.press import first_cap
from reviewer.desktop.parts.controls import Hairline, dress
from reviewer.desktop.review import words
from reviewer.desktop.review.controls import ModeRow, PrimaryButton, ScoreRow, VerdictButton
from reviewer.desktop.review.definition import Comparison, Definition, Marked
from reviewer.desktop.review.open_coding import OpenCoding
from reviewer.desktop.review.state import ReviewState
from reviewer.desktop.theme import Theme
from reviewer.model.coding import Anchor, Verdict
from reviewer.model.ids import ModeId
from reviewer.model.taxonomy import Mode, Taxonomy

SHOWN_SLOTS = 10
BAR = 8  # pixels of the scroll bar


class CodingPanel(QWidget):
    """What the reviewer says of the item. It shows a state and tells what was pressed; it decides nothing."""

    asked = Signal(str)
    """A command, by its id."""
    mode_pressed = Signal(str)
    score_pressed = Signal(str, int)

    def __init__(self, theme: Theme, keymap: Keymap) -> None:
        super().__init__()
        self.theme = theme
        self._keymap = keymap
        # A button without a group looks at every other one in the panel each time it is switched off.
        self._buttons = QButtonGroup(self)
        self._buttons.setExclusive(False)
        self._taxonomy: Taxonomy | None = None
        self._slotted: tuple[ModeId, ...] = ()
        self._standing: dict[ModeId, Anchor | None] = {}
        self._verdict: Verdict | None = None
        self._rest: tuple[object, ...] = ()
        """What the parts below the modes show."""
        self.modes: dict[ModeId, ModeRow] = {}
        self.scores: dict[str, ScoreRow] = {}
        self.verdicts = {
            "pass": VerdictButton(self.tr("Pass"), "passed", theme),
            "fail": VerdictButton(self.tr("Fail"), "failed", theme),
            "defer": VerdictButton(self.tr("Defer"), "defer", theme),
        }
        self.submit = PrimaryButton(self.tr("Submit and go on"), theme)
        self._tagged = shown.label("", theme=theme, role="small", color="text3", elide=Qt.TextElideMode.ElideRight)
        self._list_heading = self._heading(self.tr("Failure modes"), self._tagged)
        self._all = ModeRow("", "", theme, quiet=True)
        self._mode_lines = QVBoxLayout()
        self._score_lines = QVBoxLayout()
        self._score_key = Keycap("", theme)
        self._failure_key = Keycap("", theme)
        self.first_failure = Marked("flag", "failed", theme, ink="text")
        self.expected = Marked("pencil-line", "text2", theme)
        self.open_coding = OpenCoding(theme)
        self.definition = Definition(theme)
        self.comparison = Comparison(theme)
        self.setAccessibleName(self.tr("Coding"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._build()
        self._keep_room()
        self._connect()
        self.set_keymap(keymap)

    def _build(self) -> None:
        px = self.theme.px
        row = QHBoxLayout()
        row.setSpacing(8)
        row.setContentsMargins(px(20), px(12), px(20), px(12))
        for button in self.verdicts.values():
            row.addWidget(button)
        inside = QWidget()
        lines = QVBoxLayout(inside)
        lines.setContentsMargins(px(12), 0, px(12), px(8))
        lines.setSpacing(0)
        lines.addWidget(self._list_heading)
        self._mode_lines.setSpacing(0)
        lines.addLayout(self._mode_lines)
        lines.addWidget(self._all)
        self._failure_block = self._block("", None, self._failure_line())
        self._score_block = self._block(self.tr("Scores"), self._score_key, self._score_lines)
        self._meaning_block = self._block("", None, self.definition, self.expected, self.comparison, self.open_coding)
        for block in (self._failure_block, self._score_block, self._meaning_block):
            lines.addWidget(block)
        lines.addStretch(1)
        foot = QHBoxLayout()
        foot.setContentsMargins(px(20), px(8), px(20), px(16))
        foot.addWidget(self.submit)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(row)
        whole.addWidget(self._scrolled(inside), 1)
        whole.addLayout(foot)

    def _scrolled(self, inside: QWidget) -> QScrollArea:
        area = QScrollArea()
        area.setViewport(QWidget())  # one that Qt makes itself costs the start a look at every kind of widget
        area.setAccessibleName(self.accessibleName())
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        for widget in (area.viewport(), inside):  # the panel paints the ground
            widget.setAutoFillBackground(False)
        bar = area.verticalScrollBar()
        bar.setStyleSheet(f"QScrollBar:vertical {{ width: {BAR}px; }} QScrollBar::handle:vertical {{ margin: 2px; }}")
        bar.rangeChanged.connect(lambda _low, high: self._make_room(inside, high > 0))
        return area

    def _make_room(self, inside: QWidget, bar_shown: bool) -> None:
        """Take the bar's width out of the margin, so that the rows stay where they are."""
        px, layout = self.theme.px, inside.layout()
        if layout is not None:
            layout.setContentsMargins(px(12), 0, px(12) - (BAR if bar_shown else 0), px(8))

    def _failure_line(self) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self.theme.px(12))
        row.addWidget(shown.label(self.tr("First failure"), theme=self.theme, role="small", color="text2", weight=600))
        row.addWidget(self.first_failure, 1)
        row.addWidget(self._failure_key)
        return line

    def _heading(self, title: str, right: QWidget | None) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(self.theme.px(8), self.theme.px(4), self.theme.px(8), self.theme.px(4))
        row.addWidget(shown.label(title, theme=self.theme, role="small", color="text2", weight=600))
        row.addStretch(1)
        if right is not None:
            row.addWidget(right)
        return line

    def _block(self, title: str, right: QWidget | None, *parts: QWidget | QVBoxLayout) -> QWidget:
        """Return a part of the panel under a hairline."""
        block = QWidget()
        px = self.theme.px
        column = QVBoxLayout(block)
        column.setContentsMargins(0, px(6), 0, 0)
        column.setSpacing(px(2))
        line = QHBoxLayout()
        line.setContentsMargins(px(8), 0, px(8), px(4))
        line.addWidget(Hairline(self.theme))
        column.addLayout(line)
        if title:
            column.addWidget(self._heading(title, right))
        inside = QVBoxLayout()
        inside.setContentsMargins(px(8), 0, px(8), 0)
        inside.setSpacing(px(8))
        for part in parts:
            if isinstance(part, QWidget):
                inside.addWidget(part)
            else:
                part.setSpacing(px(3))
                inside.addLayout(part)
        column.addLayout(inside)
        return block

    def _connect(self) -> None:
        for name, button in self.verdicts.items():
            self._buttons.addButton(button)
            button.clicked.connect(lambda _=False, command=f"review.{name}": self.asked.emit(command))
        self.submit.clicked.connect(lambda: self.asked.emit("review.submit"))
        self._all.clicked.connect(lambda: self.asked.emit("review.all_modes"))

    def set_keymap(self, keymap: Keymap) -> None:
        """Show the keys of another keymap."""
        self._keymap = keymap
        for name, button in self.verdicts.items():
            button.set_key(self._cap(f"review.{name}"))
        self.submit.set_key(self._cap("review.submit"))
        self._score_key.say(self._cap("review.scores"))
        self._failure_key.say(self._cap("review.first_failure"))
        self._taxonomy = None  # rows carry their keys: build them anew

    def set_theme(self, theme: Theme) -> None:
        """Take another theme or scale."""
        self.theme = theme
        dress(self, theme)
        self._keep_room()
        self.update()

    def _keep_room(self) -> None:
        """Keep the room of the widest number of tags, so that another number lays nothing out."""
        self._tagged.keep_room_for(self._said_tagged(100))

    def _said_tagged(self, n: int) -> str:
        return self.tr("%1 tagged").replace("%1", str(n)) if n else ""

    def _cap(self, command: str) -> str:
        return first_cap(self._keymap.keys(command))

    def show_state(self, state: ReviewState) -> None:
        """Show what stands for the current item: verdict, modes, scores, first failure, expected answer."""
        coding = state.coding
        if state.taxonomy is not self._taxonomy or coding.modes is not self._standing:
            self._show_modes(state)
        if coding.verdict is not self._verdict:
            self._verdict = coding.verdict
            for name, button in self.verdicts.items():
                button.setChecked(coding.verdict == name)
        rest = (
            state.taxonomy,
            coding.scores,
            state.score_focus,
            coding.first_failure,
            coding.expected,
            coding.expected_calls,
        )
        if rest != self._rest:
            self._rest = rest
            self._show_scores(state)
            self._show_first_failure(state)
            self.expected.say(words.expected(coding))

    def prepare(self) -> Iterator[None]:
        """Draw step by step what the next press may show, so that it is only copied then."""
        pressed: list[ModeRow | VerdictButton] = [*self.modes.values(), *self.verdicts.values()]
        for part in pressed:
            yield
            part.prepare()

    def show_meaning(self, state: ReviewState) -> None:
        """Show what the focused failure mode means, and how many are tagged."""
        modes = state.coding.modes
        self._tagged.setText(self._said_tagged(len(modes)))
        self.definition.show_mode(self._mode(state.taxonomy, state.mode_focus or next(reversed(modes), None)))
        self.open_coding.setVisible(state.open_coding)
        if state.open_coding:
            self.open_coding.show_state(state)

    def _show_scores(self, state: ReviewState) -> None:
        for score, line in self.scores.items():
            line.stand(state.coding.scores.get(score), score == state.score_focus)

    def _show_first_failure(self, state: ReviewState) -> None:
        coding = state.coding
        where = words.place(coding.first_failure)
        self.first_failure.say(where or (self.tr("not said yet") if state.open_coding else ""))
        self._failure_block.setVisible(state.open_coding or coding.first_failure is not None)

    @staticmethod
    def _mode(taxonomy: Taxonomy, mode: ModeId | None) -> Mode | None:
        return next((found for found in taxonomy.modes if found.id == mode), None)

    @staticmethod
    def _on_digits(taxonomy: Taxonomy) -> tuple[ModeId, ...]:
        """Return the modes that are always shown: those on the digits."""
        slots = sorted((mode.slot, mode.id) for mode in taxonomy.active if mode.slot and mode.slot <= SHOWN_SLOTS)
        return tuple(mode for _, mode in slots)

    def _show_modes(self, state: ReviewState) -> None:
        """Show which modes are on; other rows are made where other ones are wanted."""
        before, now = self._standing, state.coding.modes
        self._standing = now
        if state.taxonomy is not self._taxonomy or not (before.keys() ^ now.keys()) <= set(self._slotted):
            self._rebuild(state)
            before = {}
        for mode in (before.keys() | now.keys()) & self.modes.keys():
            self.modes[mode].stand(mode in now, words.place(now.get(mode)))

    def _rebuild(self, state: ReviewState) -> None:
        taxonomy = state.taxonomy
        for row in (*self.modes.values(), *(self.scores.values() if taxonomy is not self._taxonomy else ())):
            row.hide()
            row.deleteLater()
        self._rest = ()
        self._slotted = self._on_digits(taxonomy)
        shown_modes = dict.fromkeys((*self._slotted, *state.coding.modes))
        self.modes = {mode: self._mode_row(taxonomy, mode) for mode in shown_modes}
        self._all.setVisible(not state.open_coding)
        self._all.say(
            self.tr("all %1 modes, or propose one").replace("%1", str(len(taxonomy.active))),
            self._cap("review.all_modes"),
        )
        self._list_heading.setVisible(not state.open_coding)
        if taxonomy is not self._taxonomy:
            self.scores = {}
            for scale in taxonomy.scores:
                line = ScoreRow(scale.title, range(scale.low, scale.high + 1), self.theme)
                line.pressed.connect(lambda value, score=scale.id: self.score_pressed.emit(score, value))
                shown.tip(line, f"{scale.low}: {scale.low_means}  {scale.high}: {scale.high_means}")
                self._score_lines.addWidget(line)
                for cell in line.cells:
                    self._buttons.addButton(cell)
                self.scores[scale.id] = line
            self._score_block.setVisible(bool(taxonomy.scores))
        self._taxonomy = taxonomy

    def _mode_row(self, taxonomy: Taxonomy, mode: ModeId) -> ModeRow:
        found = self._mode(taxonomy, mode)
        slot = found.slot if found else None
        row = ModeRow(found.title if found else mode, self._cap(f"review.tag.{slot}") if slot else "", self.theme)
        if found:
            shown.tip(row, found.definition)
        self._buttons.addButton(row)
        row.clicked.connect(lambda _=False, id_=mode: self.mode_pressed.emit(id_))
        self._mode_lines.addWidget(row)
        return row

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.theme.color("window"))
        painter.end()
