"""Pull a sample of traces from a service: list the population, draw, fetch what was drawn.

Each page of the listing is on disk with the cursor of the next before another is asked for, and a drawn trace is
fetched until it is there. So a pull that was ended at any point goes on where it was, and ends as an undisturbed one.
The sample is drawn as a week's is, by permanent random numbers: the same seed draws the same traces.
"""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from reviewer.errors import Expected, UsageError
from reviewer.jobs.messages import Batch, Broke, Cancelled, Done, Progress
from reviewer.jobs.running import Channel, Job, Limits
from reviewer.model.ids import TraceId
from reviewer.model.patterns import DEFAULTS, Patterns
from reviewer.model.problem import Problem
from reviewer.model.pull import Listed, PulledStratum, Wanted
from reviewer.model.week import Candidate, Item, Plan
from reviewer.sources import own_patterns, services
from reviewer.sources.services.client import Refused
from reviewer.sources.services.connections import Connection
from reviewer.sources.services.credentials import Secret
from reviewer.verbs.changes import Changes
from reviewer.verbs.importing import WORKER_MEMORY, Collector, Import, Report
from reviewer.workspace import pulls
from reviewer.workspace.ask import pulls as asked
from reviewer.workspace.ask.patterns import patterns
from reviewer.workspace.file import Reader, Workspace

_BAD_CURSOR = frozenset((400, 404, 410, 422))


@dataclass
class PullReport:
    """What became of a pull: the population and its strata, how many were drawn, and the report of their import."""

    population: int = 0
    drawn: int = 0
    strata: tuple[PulledStratum, ...] = ()
    imported: Report = field(default_factory=Report)
    state: Literal["running", "done", "cancelled", "broken"] = "running"
    sentence: str = ""
    """Why it broke."""

    def as_json(self) -> dict[str, object]:
        """Return the report as the command line prints it."""
        return {
            "state": self.state,
            "population": self.population,
            "drawn": self.drawn,
            "strata": [{"stratum": s.name, "N": s.size, "n": s.drawn, "pi": s.pi} for s in self.strata],
            **self.imported.as_json(),
        }


def refuse(wanted: Wanted) -> None:
    """Raise for a pull that cannot be meant.

    Raises:
        UsageError: a period that ends before it begins, or a size below 1.
    """
    if wanted.start_us >= wanted.end_us:
        raise UsageError("The period ends before it begins.", "The day of --to is not included.")
    if wanted.size is not None and wanted.size < 1:
        raise UsageError(f"A sample of {wanted.size} has no items.", "Ask for at least 1.")


def list_pages(
    channel: Channel, connection: Connection, key: Secret | None, wanted: Wanted, cursor: str | None
) -> None:
    """Send the pages of a listing, in the worker process."""
    with services.open_client(connection, key, channel.check) as client:
        begun = False
        try:
            for page in services.listed(client, connection, wanted, cursor, _untold):
                begun = True
                channel.send(Batch(page))
        except Refused as why:
            # A cursor may be too old for the server; a page that comes again adds nothing.
            if begun or cursor is None or why.status not in _BAD_CURSOR:
                raise
            for page in services.listed(client, connection, wanted, None, _untold):
                channel.send(Batch(page))


def fetch(
    channel: Channel, connection: Connection, key: Secret | None, natives: list[str], patterns: Patterns = DEFAULTS
) -> None:
    """Send drawn traces, whole and packed, in the worker process, read with the patterns of their workspace."""
    own_patterns.use(patterns)
    collector = Collector(channel, connection.origin, 0, len(natives))
    with services.open_client(connection, key, channel.check) as client:
        missing = dict.fromkeys(natives)
        for one in services.found(client, connection, natives, collector.note, collector.progress):
            missing.pop(one.trace.native_id, None)
            collector.add(one)
            if len(collector.traces) >= services.AT_ONCE:
                collector.flush()
        for native in missing:
            reason = "was listed, and is not there any more or cannot be read"
            collector.note(Problem(connection.origin, reason, member=f"trace {native}", lost=False))
        collector.flush()


def _untold(problem: Problem) -> None:
    """Drop what is odd in a listing: it is told of the whole trace."""


class Pull:
    """A running pull. ``on_message`` hears ``Progress``, ``Changes`` and at last the ``PullReport``, on its own thread."""

    def __init__(
        self,
        workspace: Workspace,
        connection: Connection,
        key: Secret | None,
        wanted: Wanted,
        on_message: Callable[[Progress | PullReport | Changes], None],
    ) -> None:
        self.workspace, self.connection, self.wanted = workspace, connection, wanted
        self.report = PullReport()
        self.on_message = on_message
        self._key = key
        self._cancelled = False
        self._job: Job | None = None
        self._thread = threading.Thread(target=self._run, name="pull", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Stop; what is stored stays, and the same pull goes on from there."""
        self._cancelled = True
        if self._job is not None:
            self._job.cancel()

    def wait(self) -> PullReport:
        """Wait for the end and return the report."""
        while self._thread.is_alive():
            self._thread.join(0.2)  # in slices, so that Ctrl+C is heard
        return self.report

    def _run(self) -> None:
        reader = self.workspace.reader()
        try:
            self._pull(reader)
        except Expected as why:
            self._broke(str(why))
        finally:
            reader.close()
            if self.report.state == "running":
                self.report.state = "broken"
            self.on_message(self.report)

    def _pull(self, reader: Reader) -> None:
        number = self.workspace.write(pulls.begin, self.connection.origin, self.wanted).result()
        so_far = asked.pull(reader, number)
        if so_far.state == "listing":
            if not self._list(number, so_far.cursor, so_far.listed):
                return
            items, strata = drawn(asked.population(reader, number), self.wanted)
            self.workspace.write(pulls.keep_draw, number, items, strata).result()
            so_far = asked.pull(reader, number)
        self.report.population, self.report.drawn = so_far.listed, len(so_far.drawn)
        self.report.strata = so_far.strata
        self._fetch(number, asked.not_fetched(reader, number), patterns(reader))

    def _start(self, function: Callable[..., None], *arguments: object) -> Job:
        self._job = Job(function, self.connection, self._key, *arguments, limits=Limits(WORKER_MEMORY))
        if self._cancelled:
            self._job.cancel()
        return self._job

    def _list(self, number: int, cursor: str | None, listed: int) -> bool:
        """Keep the pages of the listing; return whether it came to its end."""
        for message in self._start(list_pages, self.wanted, cursor).messages():
            match message:
                case Batch(content=(rows, following)):
                    self.workspace.write(pulls.add_page, number, rows, following).result()
                    listed += len(rows)
                    self.report.population = listed
                    self.on_message(Progress(listed, 0, "listing"))
                case Done():
                    return True
                case Cancelled():
                    self.report.state = "cancelled"
                case Broke(sentence=sentence, next_step=next_step):
                    self._broke(f"{sentence} {next_step}".strip())
        return False

    def _fetch(self, number: int, natives: list[str], read_with: Patterns) -> None:
        if natives:
            running = Import(self.workspace, self._start(fetch, natives, read_with), self._pass_on)
            self.report.imported = running.wait()
            self.report.state = self.report.imported.state
        else:
            self.report.state = "done"
        if self.report.state == "done":
            self.workspace.write(pulls.finish, number).result()

    def _pass_on(self, message: Progress | Report | Changes) -> None:
        if not isinstance(message, Report):
            self.on_message(message)

    def _broke(self, sentence: str) -> None:
        self.report.state, self.report.sentence = "broken", sentence


def drawn(population: list[Listed], wanted: Wanted) -> tuple[list[Item], list[PulledStratum]]:
    """Return the sample of a population, and its strata; without a size it is all of it."""
    from reviewer.measure.design import draw

    if not population:
        return [], []
    size = len(population) if wanted.size is None else wanted.size
    candidates = [Candidate(TraceId(row.trace), row.segments) for row in population]
    found = draw(candidates, Plan(size, wanted.seed, by=wanted.by))
    sizes, taken = Counter(found.strata.values()), Counter(item.stratum for item in found.items)
    return list(found.items), [PulledStratum(name, sizes[name], taken[name]) for name in sorted(sizes)]


def start(
    workspace: Workspace,
    connection: Connection,
    key: Secret | None,
    wanted: Wanted,
    on_message: Callable[[Progress | PullReport | Changes], None] = lambda message: None,
) -> Pull:
    """Start a pull, or go on with the unfinished one of the same traces.

    Raises:
        UsageError: as ``refuse``.
    """
    refuse(wanted)
    return Pull(workspace, connection, key, wanted, on_message)
