"""Segments by rules of one's own: what there is to choose from, what a rule would change, and applying the rules."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reviewer.errors import UsageError
from reviewer.jobs.messages import Progress
from reviewer.jobs.running import Channel
from reviewer.model.ids import TraceId
from reviewer.model.segment_rules import FIELD_NAMES, Rules, Values, checked, values_by
from reviewer.model.week import SEGMENTS, Segment
from reviewer.verbs.changes import Changes
from reviewer.workspace import segments as stored
from reviewer.workspace.ask import segments as asked
from reviewer.workspace.file import Reader, Writer
from reviewer.workspace.segments import Placed

MOST_VALUES = 1000
"""Values of one attribute that are counted one by one."""
COMMON = 8
"""Values that are named, the most common."""
EXAMPLES = 3
_BETWEEN = 500  # traces between two words of how far it is


@dataclass(slots=True)
class Tally:
    """Values with how many traces have each. ``values`` counts the first ``MOST_VALUES`` that came, ``rest`` all others."""

    values: Counter[str] = field(default_factory=Counter)
    rest: int = 0

    def add(self, value: str) -> None:
        """Count a trace."""
        if value in self.values or len(self.values) < MOST_VALUES:
            self.values[value] += 1
        else:
            self.rest += 1

    @property
    def traces(self) -> int:
        """Return how many traces have any value."""
        return self.values.total() + self.rest

    @property
    def common(self) -> list[tuple[str, int]]:
        """Return the most common values, each with its traces."""
        return sorted(self.values.items(), key=lambda pair: (-pair[1], pair[0]))[:COMMON]

    def as_json(self) -> dict[str, object]:
        """Return what is printed of it."""
        values = [{"value": value, "traces": traces} for value, traces in self.common]
        return {"distinct": len(self.values), "more": bool(self.rest), "values": values}


@dataclass(frozen=True, slots=True)
class Survey:
    """What segments could be found in: each attribute with its values, the most frequent first, those of one value last.

    Of ``traces`` those ``without`` were imported before attributes were kept: they have those of ``FIELD_NAMES`` alone.
    """

    traces: int
    without: int
    attributes: dict[str, Tally]


@dataclass(frozen=True, slots=True)
class Example:
    """One trace whose segment would change."""

    trace: TraceId
    title: str
    before: str | None
    after: str | None


@dataclass(slots=True)
class Outcome:
    """What one segment would be: how many traces take it from each attribute of the rule, and how many from none.

    ``found`` are the traces that have none of them and keep what the program found, ``unknown`` those that say nothing.
    """

    taken: Counter[str] = field(default_factory=Counter)
    found: int = 0
    unknown: int = 0
    changed: int = 0
    after: Tally = field(default_factory=Tally)
    examples: list[Example] = field(default_factory=list)


@dataclass(slots=True)
class Preview:
    """What rules would change, before anything is written: all traces, and segment by segment."""

    rules: Rules
    traces: int = 0
    without: int = 0
    changed: int = 0
    segments: dict[Segment, Outcome] = field(default_factory=lambda: {segment: Outcome() for segment in SEGMENTS})

    def as_json(self) -> dict[str, object]:
        """Return it as the command line prints it."""
        return {
            "traces": self.traces,
            "without_attributes": self.without,
            "changed": self.changed,
            "segments": [self._row(segment, outcome) for segment, outcome in self.segments.items()],
        }

    def _row(self, segment: Segment, outcome: Outcome) -> dict[str, object]:
        names = self.rules.get(segment, ())
        return {
            "segment": segment,
            "attributes": [{"name": name, "traces": outcome.taken[name]} for name in names],
            "found": outcome.found,
            "unknown": outcome.unknown,
            "changed": outcome.changed,
            **outcome.after.as_json(),
            "examples": [
                {"trace": one.trace, "title": one.title, "before": one.before, "after": one.after}
                for one in outcome.examples
            ],
        }


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """Rules, and the traces that they change, as they were at one moment."""

    rules: Rules
    placed: list[Placed]
    as_of: str


def parse_rules(texts: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the rules that texts such as ``tenant=customer.id`` name; a segment that stands twice has two attributes.

    Raises:
        UsageError: a text has no equal sign.
    """
    wanted: dict[str, tuple[str, ...]] = {}
    for text in texts:
        segment, equals, name = text.partition("=")
        if not equals:
            raise UsageError(
                f"{text!r} names no attribute.", "Write it as SEGMENT=ATTRIBUTE, for example tenant=customer."
            )
        wanted[segment] = (*wanted.get(segment, ()), name)
    return wanted


def changed_rules(reader: Reader, wanted: Mapping[str, Sequence[str]]) -> Rules:
    """Return the workspace's rules with some of them replaced; one without names goes back to the program's own.

    Raises:
        UsageError: as ``checked``.
    """
    rules = dict(wanted)
    for segment, names in asked.rules(reader).items():
        rules.setdefault(segment, names)
    return checked(rules)


def survey(reader: Reader) -> Survey:
    """Return the attributes of all traces with their values."""
    tallies: dict[str, Tally] = {}
    traces = without = 0
    for one in asked.told(reader):
        traces += 1
        without += not one.keeps
        for name, value in one.attributes.items():
            tally = tallies.get(name)
            if tally is None:
                tally = tallies[name] = Tally()
            tally.add(value)
    return Survey(traces, without, dict(sorted(tallies.items(), key=_use)))


def _use(named: tuple[str, Tally]) -> tuple[bool, bool, int, str]:
    """Order attributes: those that tell traces apart first, then by how many traces have them."""
    name, tally = named
    return name in FIELD_NAMES, len(tally.values) == 1, -tally.traces, name


def survey_of(path: str) -> Survey:
    """Return the attributes of a workspace, opened here: for another process."""
    reader = Reader(Path(path))
    try:
        return survey(reader)
    finally:
        reader.close()


def preview(reader: Reader, rules: Rules) -> Preview:
    """Return what rules would change of the traces that are there."""
    made = Preview(rules)
    for one in asked.told(reader):
        made.traces += 1
        made.without += not one.keeps
        after = values_by(rules, one.found, one.attributes)
        made.changed += after != one.now
        for at, (segment, outcome) in enumerate(made.segments.items()):
            name = next((name for name in rules.get(segment, ()) if one.attributes.get(name)), None)
            _count(outcome, name, one, one.now[at], after[at])
    return made


def preview_of(path: str, rules: Rules) -> Preview:
    """Return what rules would change of a workspace, opened here: for another process."""
    reader = Reader(Path(path))
    try:
        return preview(reader, rules)
    finally:
        reader.close()


def _count(outcome: Outcome, name: str | None, one: asked.Told, before: str | None, after: str | None) -> None:
    if name is not None:
        outcome.taken[name] += 1
    elif after is not None:
        outcome.found += 1
    if after is None:
        outcome.unknown += 1
    else:
        outcome.after.add(after)
    if before != after:
        outcome.changed += 1
        if len(outcome.examples) < EXAMPLES:
            outcome.examples.append(Example(one.id, one.title, before, after))


def work_out(channel: Channel, path: str, rules: Rules) -> WorkedOut:
    """Return what rules make of every trace of a workspace, in the worker process."""
    reader = Reader(Path(path))
    try:
        as_of = asked.traces_changed(reader)
        return WorkedOut(rules, list(_placed(channel, reader, rules)), as_of)
    finally:
        reader.close()


def _placed(channel: Channel, reader: Reader, rules: Rules) -> Iterator[Placed]:
    """Yield the traces whose segments change."""
    total = asked.count(reader)
    same: dict[Values, Values] = {}  # there are few, and each is sent once
    for done, one in enumerate(asked.told(reader)):
        if done % _BETWEEN == 0:
            channel.send(Progress(done, total))
        values = values_by(rules, one.found, one.attributes)
        if values != one.now:
            yield one.n, same.setdefault(values, values), same.setdefault(one.found, one.found)


def apply(writer: Writer, worked_out: WorkedOut) -> Changes:
    """Set the rules of the workspace and the segments that they change; imports follow them from now on.

    Codings and drawn weeks stay as they are: the strata of a week are those of its draw.

    Raises:
        Expected: traces came in since the rules were worked out; nothing was changed.
    """
    stored.apply(writer, worked_out.rules, worked_out.placed, worked_out.as_of)
    return Changes(everything=True)
