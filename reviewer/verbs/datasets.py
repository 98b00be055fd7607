"""Datasets as objects: plan a version, keep it, list the versions, compare two, and see what a version still covers."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from reviewer import __version__
from reviewer.errors import Expected, UsageError
from reviewer.exports.sets.canonical import (
    Labelled,
    SetAbout,
    agreed_modes,
    canonical_rows,
    example_id,
    majority,
    mean_scores,
)
from reviewer.exports.sets.choosing import NO_VALUE, Candidate, Choice, Labels, choose
from reviewer.exports.sets.grouping import Assigned, Gathered, assign, session_key
from reviewer.exports.sets.losses import Losses
from reviewer.exports.sets.manifest import content_hash, digest, digest_line
from reviewer.exports.sets.splits import WEIGHTS, salt_of
from reviewer.model.clock import Clock, iso, system_clock
from reviewer.model.coding import Coding, decisive, is_adjudicator
from reviewer.model.dataset import SPLITS, Difference, Example, Line, Split, Version, difference
from reviewer.model.ids import TraceId, WeekName
from reviewer.model.week import SEGMENTS
from reviewer.verbs.changes import Changes
from reviewer.workspace import datasets
from reviewer.workspace.ask import datasets as ask
from reviewer.workspace.ask.codings import CodingRow, codings
from reviewer.workspace.ask.population import items
from reviewer.workspace.ask.queue import weeks as ask_weeks
from reviewer.workspace.ask.settings import taxonomy, workspace_name
from reviewer.workspace.ask.transcript import find_trace, open_transcript
from reviewer.workspace.ask.whole import whole_trace
from reviewer.workspace.file import Reader, Writer

LINKS_SPLITS = "nearly the same as traces of two splits, so that it would join them"
REPEATED = "says word for word what another row says, and is said the same of"


@dataclass(frozen=True, slots=True)
class Planned:
    """A version that may be kept: its rows, the split of every session in it, and what was left out and why.

    ``together`` counts sessions that stand in a split because another one asks nearly the same; ``torn`` groups that
    had been parted before anybody knew. ``is_new`` is False where a version with these labels is there already.
    """

    line: Line
    version: Version
    rows: tuple[Example, ...]
    sessions: Mapping[str, Split]
    weights: Mapping[str, float]
    left_out: Mapping[str, int]
    together: int
    torn: int
    is_new: bool
    labels: Labels = "adjudicated"


def candidates(reader: Reader, labels: Labels = "adjudicated") -> list[Candidate]:
    """Return every reviewed trace of every week with what may be chosen by, in the order in which they are written.

    Where somebody decided between readers, the decision is the label, unless ``labels`` is ``majority``.
    """
    known, list_of_modes = ask.segments_and_hints(reader), taxonomy(reader)
    found = []
    for (week, trace), group in groupby(_counted(reader), key=lambda row: (row.key.week, row.key.trace)):
        if trace not in known:
            continue
        rows = list(group)
        readings = [row.coding for row in rows if not is_adjudicator(row.key.reviewer)]
        said = [row.coding for row in _deciding(rows)] if labels == "adjudicated" else readings
        if not said:
            continue
        segments, hints = known[trace]
        found.append(Candidate(
            trace, week, majority(said), tuple(agreed_modes(said, list_of_modes)), mean_scores(said, list_of_modes),
            segments, hints, len(readings), is_disputed(readings), len(readings) < len(rows),
            any(row.coding.expected for row in rows),
        ))  # fmt: skip
    return found


def _counted(reader: Reader) -> list[CodingRow]:
    of_sessions = {week.name for week in ask_weeks(reader, "session")}  # an example is one trace
    return [row for row in codings(reader, submitted=True) if row.coding.counts and row.key.week not in of_sessions]


def _deciding(rows: Sequence[CodingRow]) -> list[CodingRow]:
    return decisive(rows, lambda row: row.key.reviewer, lambda row: row.coding.submitted_us)


def is_disputed(readings: Sequence[Coding]) -> bool:
    """Return whether readers of one trace gave other verdicts or tagged other failure modes."""
    return len({(coding.verdict, frozenset(coding.modes)) for coding in readings}) > 1


def labelled(
    reader: Reader, wanted: Mapping[tuple[WeekName, TraceId], object], labels: Labels = "adjudicated"
) -> Iterator[Labelled]:
    """Yield the submitted codings of some traces of some weeks, one trace in memory at a time.

    Decisions between readers are among them, unless ``labels`` is ``majority``.
    """
    weights = {
        (week.name, item.trace): 1 / item.pi
        for week in ask_weeks(reader)
        for item in items(reader, week.name)
        if item.pi > 0
    }
    for (week, trace), group in groupby(_counted(reader), key=lambda row: (row.key.week, row.key.trace)):
        if (week, trace) not in wanted:
            continue
        transcript = open_transcript(reader, trace)
        if transcript.about.forgotten_us is not None:
            continue
        whole = whole_trace(transcript)
        for key, _, coding in group:
            if labels == "majority" and is_adjudicator(key.reviewer):
                continue
            weight = weights.get((week, trace))
            yield Labelled(whole, trace, week, key.reviewer, coding, weight, coding.submitted_us)


def about(reader: Reader, name: str | None = None, clock: Clock = system_clock) -> SetAbout:
    """Return what a dataset says of itself before it has a version."""
    return SetAbout(
        name=name or workspace_name(reader),
        taxonomy=taxonomy(reader),
        created_us=clock(),
        app_version=__version__,
        reviewers=ask.reviewers(reader),
    )


def plan(
    reader: Reader,
    choice: Choice,
    name: str | None = None,
    weights: Mapping[Split, float] | None = None,
    clock: Clock = system_clock,
) -> Planned:
    """Return the version that a choice would make; reads every chosen trace once.

    Raises:
        UsageError: an unknown week, or weights of splits other than those that the dataset has had from the start.
        Expected: nothing is chosen.
    """
    whole = about(reader, name, clock)
    line = _line(reader, whole.name, weights)
    _refuse_unknown(reader, choice)
    chosen = choose(candidates(reader, choice.labels), choice, line.salt)
    lost, gathered, rows = Losses(), Gathered(), []
    wanted = {(one.week, one.trace): one for one in chosen}
    for row in canonical_rows(labelled(reader, wanted, choice.labels), whole, lost):
        gathered.add(line.salt, row)
        rows.append((row["example_id"], row["trace_id"], row["provenance"]["week"], digest(row), row["verdict"],
                     tuple(row["failure_modes"]), row["provenance"]["sample_weight"]))  # fmt: skip
    groups = gathered.groups()
    before = {session: split for session, (split, _) in ask.sessions(reader, whole.name).items()}
    assigned = assign(groups, before, line)
    repeated = gathered.repeated() if choice.once else {}
    return _planned(reader, whole, line, choice, _Read(rows, gathered.sessions, groups, assigned, repeated))


@dataclass(frozen=True, slots=True)
class _Read:
    """What a first reading of the chosen records gave."""

    rows: list[tuple[Any, ...]]
    sessions: list[str]
    groups: Mapping[str, str]
    assigned: Assigned
    repeated: Mapping[int, int]


def _planned(reader: Reader, whole: SetAbout, line: Line, choice: Choice, read: _Read) -> Planned:
    left_out: Counter[str] = Counter()
    examples: list[Example] = []
    weights: dict[str, float] = {}
    for n, (example, trace, week, hashed, verdict, modes, weight) in enumerate(read.rows):
        session = read.sessions[n]
        if session in read.assigned.left_out:
            left_out[LINKS_SPLITS] += 1
        elif n in read.repeated:
            left_out[REPEATED] += 1
            kept = read.rows[read.repeated[n]][0]
            weights[kept] = weights.get(kept, read.rows[read.repeated[n]][-1] or 0.0) + (weight or 0.0)
        else:
            split = read.assigned.splits[session]
            examples.append(Example(example, trace, week, read.groups[session], split, hashed, verdict, modes))
    if not examples:
        raise Expected("There is nothing to export: no submitted pass or fail matches.", "Choose otherwise.")
    version, is_new = _version(reader, whole, choice, examples)
    in_use = {session for n, session in enumerate(read.sessions) if session in read.assigned.splits}
    return Planned(
        line, version, tuple(examples), {session: read.assigned.splits[session] for session in in_use},
        {example: weight for example, weight in weights.items() if weight}, dict(left_out),
        sum(read.groups[session] != session for session in in_use), read.assigned.torn, is_new, choice.labels,
    )  # fmt: skip


def _version(reader: Reader, whole: SetAbout, choice: Choice, rows: list[Example]) -> tuple[Version, bool]:
    """Return the version of these rows: the one that is there already, or the next."""
    hashed = content_hash(digest_line(row.id, row.digest) for row in rows)
    known = ask.versions(reader, whole.name)
    same = next((one for one in known if one.content_hash == hashed), None)
    if same is not None:
        return same, False
    number = known[-1].number if known else 0
    splits = {split: sum(row.split == split for row in rows) for split in SPLITS}
    return Version(
        whole.name, number + 1, hashed, number or None, whole.created_us, choice.said(), whole.taxonomy.version, len(rows),
        {split: count for split, count in splits.items() if count},
    ), True  # fmt: skip


def known_splits(reader: Reader, name: str, chosen: Sequence[Candidate]) -> dict[str, Split]:
    """Return the splits of examples that have one already, or whose session has one, by their ids."""
    salt, taken = salt_of(name), ask.sessions(reader, name)
    known = {}
    for one in chosen:
        session = open_transcript(reader, one.trace).about.session_id
        key = session_key(salt, {"session_id": session, "trace_id": one.trace})
        if key in taken:
            known[example_id(one.trace, one.week, name)] = taken[key][0]
    return known


def _line(reader: Reader, name: str, weights: Mapping[Split, float] | None) -> Line:
    line = ask.line(reader, name)
    if line is None:
        return Line(name, salt_of(name), dict(weights or WEIGHTS))
    if weights is not None and dict(weights) != dict(line.weights):
        had = ", ".join(f"{split} {share:g}" for split, share in line.weights.items())
        raise UsageError(f"The splits of {name} are {had}, for all of its versions.", "Give the dataset another name.")
    return line


def _refuse_unknown(reader: Reader, choice: Choice) -> None:
    weeks = [week.name for week in ask_weeks(reader, "trace")]
    for week in choice.weeks:
        if week not in weeks:
            raise UsageError(f"There is no week {week!r} here.", f"Weeks here: {', '.join(weeks)}.")
    modes = [mode.id for mode in taxonomy(reader).modes]
    for mode in choice.modes:
        if mode not in modes:
            raise UsageError(f"There is no failure mode {mode!r}.", f"Known: {', '.join(modes)}.")


def keep(writer: Writer, planned: Planned) -> Changes:
    """Keep a planned version; one that is there already stays as it is."""
    if planned.is_new:
        datasets.add(writer, planned.line, planned.version, planned.rows, planned.sessions)
    return Changes(datasets=frozenset({planned.line.name}))


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the session of a trace stands: its split, whether somebody chose it, and whether a version holds it.

    ``split`` is None where chance decides, once a version is made. What a version holds can no longer be moved.
    """

    split: Split | None
    by_hand: bool
    held: bool


def placed(reader: Reader, trace: str, name: str | None = None) -> Placed:
    """Return where the session of a trace stands in a dataset.

    Raises:
        UsageError: there is no such trace.
    """
    return _placed(reader, trace, name)[0]


def _placed(reader: Reader, trace: str, name: str | None) -> tuple[Placed, Line, str]:
    """Return where a session stands, with its dataset and its key."""
    dataset = name or workspace_name(reader)
    line = _line(reader, dataset, None)
    own = find_trace(reader, trace)
    key = session_key(line.salt, {"session_id": open_transcript(reader, own).about.session_id, "trace_id": own})
    split, by_hand = ask.sessions(reader, dataset).get(key, (None, False))
    return Placed(split, by_hand, ask.is_held(reader, dataset, own)), line, key


def pin(writer: Writer, reader: Reader, trace: str, split: Split, name: str | None = None) -> Changes:
    """Put the session of a trace into a split by hand, before a version holds it.

    Raises:
        UsageError: there is no such trace, or its session stands in a version in another split: it stays there.
    """
    now, line, key = _placed(reader, trace, name)
    if now.split is not None and now.split != split and (now.held or not now.by_hand):
        raise UsageError(
            f"The session of {trace} stands in {now.split} already.",
            "What was in one split of a dataset never moves to another.",
        )
    datasets.pin(writer, line, key, split)
    return Changes(datasets=frozenset({line.name}))


def unpin(writer: Writer, reader: Reader, trace: str, name: str | None = None) -> Changes:
    """Let chance place the session of a trace again, before a version holds it.

    Raises:
        UsageError: there is no such trace, nobody pinned it, or a version holds its session.
    """
    now, line, key = _placed(reader, trace, name)
    if not now.by_hand:
        raise UsageError(f"The session of {trace} is pinned to no split.", "Pin it with: dataset pin.")
    if now.held:
        raise UsageError(
            f"A version holds the session of {trace}, in {now.split}.",
            "What was in one split of a dataset never moves to another.",
        )
    datasets.unpin(writer, line.name, key)
    return Changes(datasets=frozenset({line.name}))


@dataclass(frozen=True, slots=True)
class Offers:
    """What the reviewed traces can be chosen by, as it occurs among them, each with how many traces have it."""

    segments: Mapping[tuple[str, str], int]
    hints: Mapping[str, int]
    scores: Mapping[str, int]
    several: int
    """Traces that two or more readers passed or failed."""
    expected: int
    """Traces with an expected answer."""


def offers(reader: Reader) -> Offers:
    """Return the segments, hints and scores that reviewed traces can be chosen by, the most common first."""
    found = candidates(reader)
    segments = Counter((by, value or NO_VALUE) for one in found for by, value in one.segments.items())
    recorded = {by for (by, value) in segments if value != NO_VALUE}
    order: dict[str, int] = {by: place for place, by in enumerate(SEGMENTS)}
    told = sorted(segments.items(), key=lambda pair: (order[pair[0][0]], -pair[1], pair[0][1]))
    return Offers(
        {key: n for key, n in told if key[0] in recorded},
        dict(Counter(hint for one in found for hint in sorted(one.hints)).most_common()),
        dict(Counter(name for one in found for name, value in one.scores.items() if value is not None).most_common()),
        sum(one.readers > 1 for one in found),
        sum(one.expected for one in found),
    )


def compare(
    reader: Reader, name: str | None = None, before: int | None = None, now: int | None = None
) -> tuple[Version, Version, Difference]:
    """Return two versions and what changed between them: the newest and its parent unless they are named.

    Raises:
        UsageError: there is no such version, or the first one has no parent.
    """
    later = named(reader, name, now)
    earlier = before if before is not None else later.parent
    if earlier is None:
        raise UsageError(
            f"Version {later.number} of {later.dataset} is the first.", "Export again when more was reviewed."
        )
    found = ask.version(reader, later.dataset, earlier)
    rows = [ask.rows(reader, later.dataset, one.number) for one in (found, later)]
    return found, later, difference(*rows)


def named(reader: Reader, name: str | None = None, number: int | None = None) -> Version:
    """Return a version: of the workspace's own dataset, and the newest, unless they are named.

    Raises:
        UsageError: there is none.
    """
    return ask.version(reader, name or workspace_name(reader), number)


def versions_as_json(reader: Reader) -> list[dict[str, Any]]:
    """Return all versions of all datasets as JSON values."""
    return [version_as_json(version) for version in ask.versions(reader)]


def difference_as_json(before: Version, now: Version, found: Difference) -> dict[str, Any]:
    """Return what changed between two versions as JSON values."""
    return {
        "dataset": now.dataset,
        "from": before.number,
        "to": now.number,
        "added": list(found.added),
        "removed": list(found.removed),
        "changed": list(found.changed),
        "moved": list(found.moved),
    }


def version_as_json(version: Version) -> dict[str, Any]:
    """Return a version as JSON values."""
    return {
        "dataset": version.dataset, "version": version.number, "label": version.label, "content_hash": version.content_hash,
        "parent": version.parent, "created": iso(version.created_us), "query": version.query,
        "taxonomy_version": version.taxonomy_version, "rows": version.rows, "splits": dict(version.splits),
    }  # fmt: skip


def rows_as_json(reader: Reader, version: Version) -> list[dict[str, Any]]:
    """Return the rows of a version as JSON values."""
    return [
        {"example_id": row.id, "trace_id": row.trace, "week": row.week, "split": row.split, "verdict": row.verdict,
         "failure_modes": list(row.modes)}
        for row in ask.rows(reader, version.dataset, version.number).values()
    ]  # fmt: skip


def plan_of(path: str, choice: Choice, name: str | None = None) -> Planned:
    """Return the version that a choice would make of the workspace at a path: for another process."""
    reader = Reader(Path(path))
    try:
        return plan(reader, choice, name)
    finally:
        reader.close()


def weights_of(text: str) -> dict[Split, float]:
    """Return the weights of the splits from ``0.6,0.2,0.2``: train, dev, test.

    Raises:
        UsageError: there are not three, or they do not add up to 1.
    """
    parts = re.split(r"[,/]", text)
    try:
        shares = [float(part) for part in parts]
    except ValueError:
        shares = []
    if len(shares) != len(SPLITS) or min(shares) < 0 or not abs(sum(shares) - 1) < 1e-9:
        raise UsageError(f"{text!r} are no shares of train, dev and test.", "Write them as 0.6,0.2,0.2.")
    return dict(zip(SPLITS, shares, strict=True))
