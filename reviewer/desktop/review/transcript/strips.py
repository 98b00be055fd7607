"""What an item is made of once it is seen: strips, one below the other, some of which hold a cell of text."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Literal, NamedTuple, TypeAlias

from reviewer.desktop.review.transcript.items import SPOKEN, CallEntry, Item, Unit, unit_blocks
from reviewer.desktop.review.transcript.marks import Marks
from reviewer.desktop.review.transcript.prose import ProseCell, guess, pieces
from reviewer.desktop.review.transcript.rows import RowsCell
from reviewer.desktop.review.transcript.rows import guess as guess_rows
from reviewer.desktop.review.transcript.style import Style
from reviewer.model.coding import Anchor
from reviewer.workspace.ask.transcript import Block, Blocks, Transcript

CUT = 12  # rows of a payload that are shown before one asks for more
BRIEF = 900  # characters of a long document that are shown before one asks for more
Cell: TypeAlias = ProseCell | RowsCell
StripKind = Literal[
    "header", "fold", "cell", "call", "caption", "more", "chips", "notice", "thread", "place", "line", "gap", "labels",
    "title", "result", "turn",
]  # fmt: skip


@dataclass(slots=True, eq=False)
class Strip:
    """One row of an item. ``indent`` moves its content to the right of the text's left edge."""

    kind: StripKind
    height: float
    text: str = ""
    cell: Cell | None = None
    entry: CallEntry | None = None
    unit: Unit | None = None
    indent: float = 0.0


class Chip(NamedTuple):
    """A tag under its turn: the key, the failure mode's title, and the place it points at in words."""

    key: str
    title: str
    place: str


@dataclass(slots=True)
class Folding:
    """What the reader has opened, closed or turned raw."""

    calls: set[int] = field(default_factory=set)
    whole: set[Unit] = field(default_factory=set)
    turned: set[tuple[int, int]] = field(default_factory=set)
    """Messages whose fold is not the one they begin with (a system prompt begins folded, all else open)."""
    raw: set[tuple[int, int]] = field(default_factory=set)
    threads: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Reading:
    """What layout and painting know of the transcript on screen."""

    transcript: Transcript
    style: Style
    folding: Folding = field(default_factory=Folding)
    marks: Marks = field(default_factory=Marks)
    chips: dict[tuple[int, int], list[Chip]] = field(default_factory=dict)
    """Tags by thread and message."""
    first_failure: Anchor | None = None
    zone: str = "UTC"

    def folded(self, item: Item) -> bool:
        """Return whether a turn shows its header alone."""
        return (item.role == "system") != ((item.thread, item.first) in self.folding.turned)

    def chips_of(self, item: Item) -> list[Chip]:
        """Return the tags that point into an item."""
        if not self.chips or item.kind not in ("turn", "tools"):
            return []
        out: list[Chip] = []
        for (thread, message), chips in self.chips.items():
            if item.holds(thread, message) and (item.kind == "tools") == self.in_tools(thread, message):
                out += chips
        return out

    def in_tools(self, thread: int, message: int) -> bool:
        """Return whether a message is shown as a row of a group, not as a turn."""
        row = self.transcript.message(message, thread)
        return row.role == "tool" or (bool(row.calls) and not any(self._chars(part.blocks) for part in row.parts))

    def _chars(self, span: Blocks) -> int:
        return sum(self.transcript.block(n).chars for n in range(span.first, span.first + span.size))


Opener = Callable[[Item, float], list[Strip]]
"""Makes the strips of an item for a width in pixels."""


class Opened:
    """The strips of an item with the top of each; ``pad`` is the space above the first and below the last."""

    __slots__ = ("pad", "strips", "tops")

    def __init__(self, strips: list[Strip], pad: float) -> None:
        self.strips = strips
        self.pad = pad
        self.tops: list[float] = []
        self.measure()

    def measure(self) -> float:
        """Add up the heights again and return the whole."""
        self.tops = list(accumulate((strip.height for strip in self.strips), initial=self.pad))
        return self.tops[-1] + self.pad


def open_item(reading: Reading, item: Item, width: float) -> list[Strip]:
    """Return the strips of an item of a transcript."""
    style = reading.style
    if item.kind == "notice":
        return [Strip("notice", style.theme.px(40), item.text)]
    if item.kind == "thread":
        return [Strip("thread", style.theme.px(34), item.text)]
    if item.kind == "trace":
        return [Strip("turn", style.theme.px(34))]
    if item.kind == "tools":
        strips = _tool_strips(reading, item, width)
    elif reading.folded(item):
        strips = [Strip("fold", style.head)]
    else:
        strips = [Strip("header", style.head), *_message_strips(reading, item, width)]
    if reading.chips_of(item):
        strips.append(Strip("chips", style.theme.px(34)))
    return strips


def _message_strips(reading: Reading, item: Item, width: float) -> list[Strip]:
    transcript, style = reading.transcript, reading.style
    message = transcript.message(item.first, item.thread)
    raw = (item.thread, item.first) in reading.folding.raw
    strips: list[Strip] = []
    before = ""
    for number, part in enumerate(message.parts):
        unit = Unit("part", item.thread, item.first, number)
        caption = part.kind if part.mime is None else f"{part.kind}, {part.mime}"
        if part.kind not in SPOKEN:
            strips.append(Strip("caption", style.theme.px(20), caption))
        elif before and before not in SPOKEN:
            strips.append(Strip("caption", style.theme.px(20), "answer" if part.kind == "text" else part.kind))
        before = part.kind
        strips += text_strips(reading, unit, part.blocks, width, raw=raw)
    if not any(strip.cell for strip in strips):
        strips.append(Strip("notice", style.head, "nothing"))
    return strips


def _tool_strips(reading: Reading, item: Item, width: float) -> list[Strip]:
    style = reading.style
    strips = [Strip("header", style.head)]
    for entry in item.entries:
        strips.append(Strip("call", style.theme.px(34), entry=entry))
        if entry.call is not None and entry.call in reading.folding.calls:
            strips += payload_strips(reading, item.thread, entry, width)
        elif entry.call is None and (item.thread, entry.message) not in reading.folding.turned:
            strips += _orphan_strips(reading, item, entry, width)
    return strips


def _orphan_strips(reading: Reading, item: Item, entry: CallEntry, width: float) -> list[Strip]:
    """Return what a tool message says whose call was not recorded."""
    strips: list[Strip] = []
    for number, part in enumerate(reading.transcript.message(entry.message, item.thread).parts):
        unit = Unit("part", item.thread, entry.message, number)
        strips += text_strips(reading, unit, part.blocks, width, indent=reading.style.theme.px(8), entry=entry)
    return strips


def payload_strips(reading: Reading, thread: int, entry: CallEntry, width: float) -> list[Strip]:
    """Return arguments and result of a call, each cut at ``CUT`` rows until one asks for the whole."""
    assert entry.call is not None
    style, transcript = reading.style, reading.transcript
    call = transcript.calls[entry.call]
    raw = (thread, entry.turn) in reading.folding.raw
    strips: list[Strip] = []
    for kind, caption in (("arguments", "arguments"), ("result", "result")):
        unit = Unit("arguments" if kind == "arguments" else "result", thread, entry.call)
        span = unit_blocks(transcript, unit)
        words = caption if kind == "result" or call.arguments_parse else "arguments, not JSON"
        strips.append(Strip("caption", style.theme.px(20), words, entry=entry, indent=style.theme.px(8)))
        if span is None:
            strips.append(Strip("notice", style.mono_line, "no result", entry=entry, indent=style.theme.px(8)))
        else:
            strips += text_strips(reading, unit, span, width, raw=raw, indent=style.theme.px(8), entry=entry)
    if call.error and call.error.strip() != call.result_preview.strip():
        strips.append(Strip("line", style.mono_line, call.error, entry=entry, indent=style.theme.px(8)))
    strips.append(Strip("gap", style.theme.px(6), entry=entry))
    return strips


def text_strips(
    reading: Reading,
    unit: Unit,
    span: Blocks,
    width: float,
    *,
    raw: bool = False,
    indent: float = 0.0,
    entry: CallEntry | None = None,
    brief: bool = False,
) -> list[Strip]:
    """Return the cells of a stored text; ``brief`` cuts long prose. Payloads are cut until ``folding.whole`` holds their unit."""
    transcript, style = reading.transcript, reading.style
    blocks = [transcript.block(number) for number in range(span.first, span.first + span.size)]
    if not any(block.chars for block in blocks):
        return [Strip("notice", style.mono_line, "empty text", entry=entry, indent=indent)] if entry else []
    room = width - indent
    if blocks[0].look == "prose" and not raw:
        if brief and unit not in reading.folding.whole and blocks[0].chars > BRIEF * 3 // 2:
            return _brief_strips(reading, unit, blocks[0], room, indent)
        return _prose_strips(transcript, unit, blocks, style, room, indent)
    whole = unit in reading.folding.whole or (raw and blocks[0].look == "prose")
    tidy = blocks[0].look == "json" and len(blocks) == 1 and not raw
    strips: list[Strip] = []
    base = 0
    for block in blocks:
        cell = RowsCell(unit, base, transcript, block, style, room, most=None if whole else CUT, tidy=tidy)
        strips.append(Strip("cell", cell.height, cell=cell, unit=unit, indent=indent, entry=entry))
        base += block.chars
        if not whole:
            break
    if not whole and (len(blocks) > 1 or _is_long(blocks[0], strips[0], style, room)):
        strips.append(Strip("more", style.head, unit=unit, indent=indent, entry=entry))
    return strips


def _is_long(block: Block, strip: Strip, style: Style, room: float) -> bool:
    """Whether a block has more rows than are shown. Only rows whose count is in doubt are cut here and now."""
    cell = strip.cell
    assert isinstance(cell, RowsCell)
    if not cell.tidy and guess_rows(block, style, room) > 2 * CUT * style.mono_line:
        return True
    cell.ensure(style, room)
    strip.height = cell.height
    return cell.cut_rows > 0


def _prose_strips(
    transcript: Transcript, unit: Unit, blocks: list[Block], style: Style, room: float, indent: float
) -> list[Strip]:
    strips: list[Strip] = []
    base = 0
    for block in blocks:
        parts = list(pieces(transcript.text(block.number)))
        for start, piece in parts:
            gap = 0 if start == parts[-1][0] else style.theme.space(2)
            cell = ProseCell(unit, base + start, piece, style, room, gap)
            strips.append(Strip("cell", cell.height, cell=cell, unit=unit, indent=indent))
        base += block.chars
    return strips


def _brief_strips(reading: Reading, unit: Unit, block: Block, room: float, indent: float) -> list[Strip]:
    style = reading.style
    text = reading.transcript.text(block.number)
    cut = max(text.rfind("\n", 0, BRIEF), text.rfind(" ", BRIEF - 100, BRIEF), BRIEF // 2)
    cell = ProseCell(unit, 0, text[:cut], style, room)
    return [
        Strip("cell", cell.height, cell=cell, unit=unit, indent=indent),
        Strip("more", style.head, unit=unit, indent=indent),
    ]


def estimate(reading: Reading, item: Item, width: float) -> float:
    """Return the height that an item will about have, from the head alone."""
    style = reading.style
    around = 2 * style.pad + style.head
    if item.kind == "trace":
        return float(2 * style.pad + style.theme.px(34))
    if item.kind == "tools":
        return around + style.theme.px(34) * len(item.entries)
    if item.kind != "turn" or reading.folded(item):
        return float(around)
    total = 0.0
    for part in reading.transcript.message(item.first, item.thread).parts:
        for number in range(part.blocks.first, part.blocks.first + part.blocks.size):
            block = reading.transcript.block(number)
            if block.look == "prose":
                total += guess(block.chars, block.lines, style, width)
            else:
                total += guess_rows(block, style, width, CUT)
    return around + total
