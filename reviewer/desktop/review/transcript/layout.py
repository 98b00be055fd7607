"""Where everything stands: estimated heights that are corrected as items are seen, around a point that stays put.

The place on screen is kept as an item and an offset inside it, never as pixels from the top: what is corrected above
or below cannot move what is being read.
"""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import NamedTuple

from reviewer.desktop.review.transcript.items import Builder, Item
from reviewer.desktop.review.transcript.strips import Opened, Opener, Strip
from reviewer.desktop.review.transcript.style import Style

GROWTH = 64  # messages that become items at once
MOST_CORRECTIONS = 4  # each lays out what a wrong guess has brought on the screen
MOST_OPEN = 160  # items that keep their documents


class Spot(NamedTuple):
    """A point of the layout: the item, the strip (or None between strips), and the y inside that strip."""

    item: Item
    strip: Strip | None
    y: float


class Layout:
    """Items with heights for one width, and the place that is shown."""

    def __init__(
        self,
        style: Style,
        width: float,
        opener: Opener,
        estimate: Callable[[Item, float], float],
        builder: Builder | None = None,
        items: list[Item] | None = None,
    ) -> None:
        self.style = style
        self.width = width
        """The width of the whole pane; the text is narrower by the margins."""
        self.items: list[Item] = []
        self.offset = 0.0
        self._at = 0
        self._only: Item | None = None
        self._builder = builder
        self._opener = opener
        self._estimate = estimate
        self._tops: list[float] = [0.0]
        self._stale = False
        self._settled: tuple[int, float, float] | None = None
        self._opened: OrderedDict[int, Item] = OrderedDict()
        if items is not None:
            self._take(items)
        self.grow()

    @property
    def text_width(self) -> float:
        """The width of text."""
        return max(60.0, self.width - self.style.left - self.style.right)

    @property
    def complete(self) -> bool:
        """Whether every message has its item."""
        return self._builder is None or self._builder.finished

    def grow(self, count: int = GROWTH) -> None:
        """Make items of the next messages."""
        if self._builder is not None and not self._builder.finished:
            last = self.items[-1] if self.items else None
            self._take(self._builder.grow(count))
            if last is not None and last.kind == "tools":  # a group may have grown in place
                self.close(last)

    def finish(self) -> None:
        """Make items of all messages that are left."""
        while not self.complete:
            self.grow(1024)

    def _take(self, items: list[Item]) -> None:
        for item in items:
            item.index = len(self.items)
            item.height = self._estimate(item, self.text_width)
            self.items.append(item)
        self._stale = True

    def insert_after(self, item: Item, items: list[Item]) -> None:
        """Put items below another (an unfolded sub-agent)."""
        for new in items:
            new.height = self._estimate(new, self.text_width)
        here = self.items[self._at]
        self.items[item.index + 1 : item.index + 1] = items
        self._renumber()
        self._at = here.index

    def remove(self, items: list[Item]) -> None:
        """Take items out; the place moves up to the item before them if it was among them."""
        gone = {id(item) for item in items}
        here = self.items[self._at]
        while id(here) in gone and here.index > 0:
            here = self.items[here.index - 1]
            self.offset = 0.0
        self.items = [item for item in self.items if id(item) not in gone]
        self._renumber()
        self._at = here.index

    def set_width(self, width: float) -> None:
        """Lay out for another width; the item at the top stays there."""
        if width == self.width:
            return
        self.width = width
        self._settled = None
        share = self.offset / max(1.0, self.items[self._at].height) if self.items else 0.0
        self._opened.clear()
        for item in self.items:
            item.open = None
            item.height = self._estimate(item, self.text_width)
        self._stale = True
        if self.items:
            self.offset = float(int(share * self.items[self._at].height))

    def _renumber(self) -> None:
        for index, item in enumerate(self.items):
            item.index = index
        self._stale = True
        self._settled = None

    def open(self, item: Item) -> Opened:
        """Return the strips of an item, making them if it has none."""
        opened = item.open
        if isinstance(opened, Opened):
            self._opened.move_to_end(id(item))
            return opened
        opened = Opened(self._opener(item, self.text_width), self.style.pad)
        item.open = opened
        self._opened[id(item)] = item
        self._set_height(item, opened.measure())
        return opened

    def close(self, item: Item, keep_height: bool = False) -> None:
        """Forget the strips of an item, so that they are made anew."""
        item.open = None
        self._settled = None
        self._opened.pop(id(item), None)
        if not keep_height:
            self._set_height(item, self._estimate(item, self.text_width))

    def _set_height(self, item: Item, height: float) -> None:
        if height != item.height:
            item.height = height
            self._stale = True
            self._settled = None

    def _trim(self) -> None:
        while len(self._opened) > MOST_OPEN:
            _, item = self._opened.popitem(last=False)
            item.open = None

    def ensure(self, item: Item, low: float, high: float) -> None:
        """Lay out the cells of an item that touch ``low`` to ``high``."""
        opened = self.open(item)
        changed = False
        y = opened.pad
        for strip in opened.strips:
            cell = strip.cell
            if cell is not None and not cell.exact and y + strip.height > low and y < high:
                changed |= cell.ensure(self.style, self.text_width - strip.indent)
                strip.height = cell.height
            y += strip.height
            if y > high:
                break
        if changed:
            self._set_height(item, opened.measure())

    def _ensure_up(self, item: Item, pivot: float, need: float) -> float:
        """Lay out the cells for ``need`` pixels above ``pivot``, from below, and return where the pivot is then."""
        opened = self.open(item)
        tops = opened.tops
        number = min(max(0, bisect_right(tops, pivot) - 1), len(opened.strips) - 1)
        changed = False
        covered = pivot - tops[number]
        while number >= 0 and (covered < need or number == min(bisect_right(tops, pivot) - 1, len(opened.strips) - 1)):
            strip = opened.strips[number]
            if strip.cell is not None and not strip.cell.exact:
                before = strip.height
                if strip.cell.ensure(self.style, self.text_width - strip.indent):
                    strip.height = strip.cell.height
                    changed = True
                    if covered >= before:
                        covered += strip.height - before
                        pivot += strip.height - before
            number -= 1
            if number >= 0:
                covered += opened.strips[number].height
        if changed:
            self._set_height(item, opened.measure())
            return min(pivot, item.height)
        return pivot

    @property
    def tops(self) -> list[float]:
        """The y of each item, and of the end."""
        if self._stale:
            self._tops = list(accumulate((item.height for item in self.items), initial=0.0))
            self._stale = False
        return self._tops

    @property
    def height(self) -> float:
        """The height of all, with a guess for messages that have no item yet."""
        tops = self.tops
        if self._only is not None:
            return self._only.height
        if self.complete or self._builder is None or not self._builder.done:
            return tops[-1]
        return tops[-1] * self._builder.total / self._builder.done

    @property
    def top(self) -> float:
        """The y that is at the top of the screen."""
        return self.tops[self._at] - self.tops[self._low] + self.offset if self.items else 0.0

    def settle(self, view: float) -> None:
        """Lay out what is seen on a screen of ``view`` pixels, and leave no gap below the last item."""
        if not self.items or self._settled == (self._at, self.offset, view):
            return
        bottom = self._fill(view)
        for _ in range(MOST_CORRECTIONS):
            if bottom >= view or (self._at <= self._low and self.offset <= 0):
                break
            self._up(view - bottom)
            bottom = self._fill(view)
        self._trim()
        self._settled = (self._at, self.offset, view)

    def _fill(self, view: float) -> float:
        """Lay out from the place down to ``view`` and return where the last item ends on the screen."""
        self.offset = max(0.0, min(self.offset, self.items[self._at].height - 1))
        y = -self.offset
        at = self._at
        while y < view:
            if at >= self._high:
                if self.complete or self._only is not None:
                    break
                self.grow()
                continue
            item = self.items[at]
            self.ensure(item, -y, view - y)
            y += item.height
            at += 1
        return y

    def move(self, delta: float, view: float) -> None:
        """Scroll by some pixels, exactly, however wrong the estimates are; far moves go by estimate."""
        if not self.items:
            return
        if abs(delta) > 4 * view:
            self.jump(self.top + delta, view)
            return
        if delta >= 0:
            self._down(delta, view)
        else:
            self._up(-delta)
        self.settle(view)

    def _down(self, delta: float, view: float) -> None:
        self._fill(view + delta)
        self.offset += delta
        while self.offset >= self.items[self._at].height and self._at + 1 < self._high:
            self.offset -= self.items[self._at].height
            self._at += 1

    def _up(self, delta: float) -> None:
        while True:
            item = self.items[self._at]
            pivot = self._ensure_up(item, self.offset, delta)
            if pivot >= delta or self._at == self._low:
                self.offset = max(0.0, pivot - delta)
                return
            delta -= pivot
            self._at -= 1
            above = self.items[self._at]
            self.open(above)
            self.offset = above.height

    def jump(self, y: float, view: float) -> None:
        """Show what stands at ``y``, by the heights known now."""
        if self._only is not None:
            self.offset = max(0.0, min(y, self._only.height - view))
            self.settle(view)
            return
        if y > self.tops[-1]:
            self.finish()
        tops = self.tops
        y = max(0.0, min(y, self.height - view))
        self._at = max(0, min(bisect_right(tops, y) - 1, len(self.items) - 1))
        self.offset = y - tops[self._at]
        self.settle(view)

    def show_item(self, item: Item, view: float, strip: Strip | None = None) -> None:
        """Move as little as needed to have an item (or one of its strips) on the screen; its head has priority."""
        opened = self.open(item)
        low = opened.tops[opened.strips.index(strip)] if strip in opened.strips else 0.0
        high = low + (strip.height if strip else item.height)
        place = self.place_of(item, view)
        if place is None:
            self._at, self.offset = item.index, max(0.0, low)
            self._up(min(view / 4, self.top))
            self.settle(view)
            return
        if place + low < 0:
            self.move(place + low, view)
        elif place + high > view:
            self.move(min(place + high - view, place + low), view)
        else:
            self.settle(view)

    def show_y(self, item: Item, strip: Strip, y: float, view: float) -> None:
        """Have a line inside a strip on the screen, a third down if it was not seen."""
        opened = self.open(item)
        inside = opened.tops[opened.strips.index(strip)] + y
        place = self.place_of(item, view)
        if place is not None and 0 <= place + inside <= view - self.style.reading_line:
            return
        self._at, self.offset = item.index, inside
        self._up(min(view / 3, self.top))
        self.settle(view)

    def begin_with(self, item: Item) -> None:
        """Have an item at the top, before anything was shown."""
        self._at, self.offset = item.index, 0.0

    def show_only(self, item: Item | None) -> None:
        """Show one item alone, from its top; None shows all again."""
        self._only = item
        self._settled = None
        if item is not None:
            self._at, self.offset = item.index, 0.0

    @property
    def _low(self) -> int:
        return self._only.index if self._only else 0

    @property
    def _high(self) -> int:
        return self._only.index + 1 if self._only else len(self.items)

    def set_chips(self, item: Item, height: float) -> None:
        """Give an item a strip for its tags of this height (0: none), leaving its text as it is."""
        opened = self.open(item)
        opened.strips = [strip for strip in opened.strips if strip.kind != "chips"]
        if height:
            opened.strips.append(Strip("chips", height))
        self._set_height(item, opened.measure())

    def place_of(self, item: Item, view: float) -> float | None:
        """Return the y of an item on the screen, or None when it is not seen."""
        for seen, y in self.seen(view):
            if seen is item:
                return y
        return None

    def seen(self, view: float) -> Iterator[tuple[Item, float]]:
        """Yield the items on the screen with their y there."""
        y = -self.offset
        for at in range(self._at, self._high):
            if y >= view:
                return
            yield self.items[at], y
            y += self.items[at].height

    def spot(self, y: float, view: float) -> Spot | None:
        """Return what stands at a y of the screen; above the first and below the last item, the nearest."""
        last: Spot | None = None
        for item, top in self.seen(max(view, y + 1)):
            opened = self.open(item)
            inside = y - top
            number = max(0, min(bisect_right(opened.tops, inside) - 1, len(opened.strips) - 1))
            last = Spot(item, opened.strips[number], inside - opened.tops[number])
            if inside < item.height:
                return last
        return last
