"""What *Explore* shows: all traces of a filter, the hits of a search, or a list that another page asked for. No Qt."""

import re
from array import array
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from reviewer.workspace.ask.search import Hit
from reviewer.workspace.ask.traces import TraceRow
from reviewer.workspace.ask.transcript import About

PAGE = 100
KEPT_PAGES = 40
MOST_HITS = 200
FILTERS = ("workflow", "model", "prompt_version", "status")
WORD = re.compile(r"\w+")

Filter = dict[str, str | None]
Facets = dict[str, list[tuple[str | None, int]]]


@dataclass(frozen=True, slots=True)
class TraceList:
    """Traces that another page wants to be seen, by their ids, and what they have in common, in words.

    Asking *Explore* for a list of one opens that trace at once.
    """

    title: str
    traces: tuple[str, ...]


class Showing(Enum):
    """What stands in the table."""

    ALL = "all"
    HITS = "hits"
    LIST = "list"


class Listed(NamedTuple):
    """One row: a trace as far as its row knows it; None where the row does not say."""

    id: str
    title: str
    started_us: int
    workflow: str | None = None
    prompt_version: str | None = None
    messages: int | None = None
    latency_ms: float | None = None
    cost_usd: float | None = None
    status: str = ""
    flagged: bool = False
    snippet: str = ""
    time_basis: str = "trace"
    """``import`` where the trace holds no time and the import's own stands in."""

    @classmethod
    def of_row(cls, row: TraceRow) -> "Listed":
        """Return the row of the table of all traces."""
        return cls(
            row.id, row.title or row.name or row.native_id, row.started_us, row.workflow, row.prompt_version,
            row.n_messages, row.latency_ms, row.cost_usd, row.status, row.flagged, time_basis=row.time_basis,
        )  # fmt: skip

    @classmethod
    def of_hit(cls, hit: Hit, time_basis: str) -> "Listed":
        """Return the row of a hit; a hit alone does not say where its time is from."""
        title = hit.title or hit.name or hit.trace
        return cls(hit.trace, title, hit.started_us, hit.workflow, snippet=hit.snippet, time_basis=time_basis)

    @classmethod
    def of_trace(cls, about: About) -> "Listed":
        """Return the row of a trace that was looked up by its id."""
        return cls(
            about.id, about.title or about.name or about.native_id, about.started_us, about.workflow,
            about.prompt_version, None, about.latency_ms, about.cost_usd, about.status, time_basis=about.time_basis,
        )  # fmt: skip


class Pages:
    """Rows of a long table, fetched a page at a time and kept while they are near."""

    def __init__(self, fetch: Callable[[list[int]], list[TraceRow]]) -> None:
        self._fetch = fetch
        self._numbers: array[int] = array("q")
        self._kept: OrderedDict[int, list[TraceRow]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._numbers)

    def show(self, numbers: Sequence[int]) -> None:
        """Show other rows, by their numbers."""
        self._numbers = array("q", numbers)
        self._kept.clear()

    def row(self, n: int) -> TraceRow | None:
        """Return one row; None where the trace is gone."""
        page = n // PAGE
        if page not in self._kept:
            self._kept[page] = self._fetch(list(self._numbers[page * PAGE : (page + 1) * PAGE]))
            if len(self._kept) > KEPT_PAGES:
                self._kept.popitem(last=False)
        self._kept.move_to_end(page)
        found = self._kept[page]
        return found[n % PAGE] if n % PAGE < len(found) else None


@dataclass
class ExploreState:
    """The filter, the search, and what they found."""

    pages: Pages
    where: Filter = field(default_factory=dict)
    query: str = ""
    facets: Facets = field(default_factory=dict)
    hits: list[Listed] = field(default_factory=list)
    found: int = 0
    """How many traces hold the words; only the first ``MOST_HITS`` are rows."""
    wanted: TraceList | None = None
    listed: list[Listed] = field(default_factory=list)
    showing: Showing = Showing.ALL
    """What stands in the table now: the last answer, not the last question."""
    reading: int = -1
    """The row that is open, -1 while the table is shown."""

    @property
    def asked(self) -> Showing:
        """Return what should stand in the table."""
        if self.wanted is not None:
            return Showing.LIST
        return Showing.HITS if WORD.search(self.query) else Showing.ALL

    @property
    def count(self) -> int:
        """Return how many rows there are."""
        return {
            Showing.ALL: len(self.pages), Showing.HITS: len(self.hits), Showing.LIST: len(self.listed)
        }[self.showing]  # fmt: skip

    def row(self, n: int) -> Listed | None:
        """Return one row; None where the trace is gone."""
        if self.showing is Showing.LIST:
            return self.listed[n]
        if self.showing is Showing.HITS:
            return self.hits[n]
        row = self.pages.row(n)
        return None if row is None else Listed.of_row(row)

    def filter_by(self, name: str, value: str | None, wanted: bool) -> None:
        """Show only traces with a value, None for *not recorded*; or, when not wanted, whatever the value."""
        if wanted:
            self.where[name] = value
        else:
            self.where.pop(name, None)

    def search(self, query: str) -> None:
        """Look for words; without any, for all traces."""
        self.query, self.wanted, self.reading = query, None, -1

    def want(self, wanted: TraceList) -> None:
        """Show a list that another page asked for."""
        self.wanted, self.reading = wanted, -1

    def leave_list(self) -> None:
        """Show all traces again."""
        self.wanted, self.reading = None, -1

    def take_all(self, numbers: Sequence[int]) -> None:
        """Show all traces of the filter."""
        self.pages.show(numbers)
        self.showing = Showing.ALL

    def take_hits(self, hits: list[Listed], found: int) -> None:
        """Show the hits of a search."""
        self.hits, self.found, self.showing = hits, found, Showing.HITS

    def take_list(self, rows: list[Listed]) -> None:
        """Show the traces that another page asked for."""
        self.listed, self.showing = rows, Showing.LIST

    def step(self, by: int) -> bool:
        """Go to the next or previous trace while reading; return whether there is one."""
        there = self.reading + by
        if self.reading < 0 or not 0 <= there < self.count:
            return False
        self.reading = there
        return True


def lit(text: str, query: str) -> tuple[tuple[int, int], ...]:
    """Return where words of a query begin in a text, as ranges of characters, case ignored."""
    words = sorted(set(WORD.findall(query)), key=len, reverse=True)
    if not words:
        return ()
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, words)) + ")", re.IGNORECASE)
    return tuple(match.span() for match in pattern.finditer(text))


def longest_word(query: str) -> str:
    """Return the word of a query that says most about where to look; empty without words."""
    return max(WORD.findall(query), key=len, default="")
