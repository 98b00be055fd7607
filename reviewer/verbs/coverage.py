"""How well a dataset still covers the latest traffic: kinds without examples, failure modes with few, what to add."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reviewer import wording
from reviewer.model.dataset import Difference, Example, Version, difference
from reviewer.verbs.datasets import candidates
from reviewer.workspace.ask import datasets as ask
from reviewer.workspace.ask.settings import counts, taxonomy, workspace_name
from reviewer.workspace.file import Reader

MONTH_US = 28 * 86_400_000_000
DRIFT_BY = ("workflow", "task_type", "query_type", "run_type", "prompt_version", "model")
FEWEST_EXAMPLES = 5
"""Fewer examples of a failure mode than this in the test split say little."""
LEAST_SHARE = 0.01
"""Kinds of traffic below this share are not asked for."""
SHOWN = 12
"""Versions of a dataset that are shown."""
NO_TRAFFIC = "No example of {by} {value}, which is {share} of the latest four weeks."
NO_MODE = "No example of these failure modes: {titles}."
NO_MODE_YET = "No example of {title}, but reviewed traces with it: {n}. Export again to add them."
MORE = " Reviewed traces with it that this version lacks: {n}."
FEW_TESTED = "{title}: {n} in the test split, of {of} in all."


@dataclass(frozen=True, slots=True)
class Covered:
    """How a version covers one kind of the latest traffic: its share there, and the examples for it."""

    by: str
    value: str | None
    traffic: int
    share: float
    examples: int


@dataclass(frozen=True, slots=True)
class Drift:
    """How a version covers the latest month, and how many examples each failure mode has in each split."""

    version: Version
    covered: tuple[Covered, ...]
    modes: tuple[tuple[str, str, Mapping[str, int]], ...]
    """Id and title of every failure mode in use, with its examples by split."""
    waiting: Mapping[str, int]
    """How many reviewed traces with each failure mode the version does not hold, by id; those with none are left out."""


def drift(reader: Reader, name: str | None = None, number: int | None = None) -> Drift:
    """Return how a version covers the four weeks up to the newest trace.

    Raises:
        UsageError: there is no such dataset or version.
    """
    version = ask.version(reader, name or workspace_name(reader), number)
    rows = ask.rows(reader, version.dataset, version.number)
    end = (counts(reader).last_us or 0) + 1
    traces = [row.trace for row in rows.values()]
    covered = []
    for by in DRIFT_BY:
        found = ask.coverage(reader, traces, end - MONTH_US, end, by)
        whole = sum(n for _, n, _ in found)
        if any(value is not None for value, _, _ in found):
            covered += [Covered(by, value, n, n / whole, held) for value, n, held in found]
    modes = tuple((mode.id, mode.title, _by_split(rows.values(), mode.id)) for mode in taxonomy(reader).active)
    held = {(row.week, row.trace) for row in rows.values()}
    waiting = Counter(
        str(mode) for one in candidates(reader) if (one.week, one.trace) not in held for mode in one.modes
    )
    return Drift(version, tuple(covered), modes, waiting)


def to_add(found: Drift) -> list[str]:
    """Return what to add next, in sentences: kinds of traffic without examples first, then failure modes with few."""
    said = [
        NO_TRAFFIC.format(
            by=one.by.replace("_", " "), value=one.value or wording.NOT_RECORDED, share=wording.share(one.share, 0)
        )
        for one in sorted(found.covered, key=lambda one: -one.share)
        if not one.examples and one.share >= LEAST_SHARE
    ]
    missing = [title for mode, title, splits in found.modes if not splits and not found.waiting.get(mode)]
    said += [
        NO_MODE_YET.format(title=title, n=wording.decimal(found.waiting[mode]))
        for mode, title, splits in found.modes
        if not splits and found.waiting.get(mode)
    ]
    said += [NO_MODE.format(titles=", ".join(missing))] if missing else []
    return said + [
        FEW_TESTED.format(title=title, n=splits.get("test", 0), of=sum(splits.values())) + _more(found, mode)
        for mode, title, splits in found.modes
        if splits and splits.get("test", 0) < FEWEST_EXAMPLES
    ]


def _more(found: Drift, mode: str) -> str:
    waiting = found.waiting.get(mode, 0)
    return MORE.format(n=wording.decimal(waiting)) if waiting else ""


def _by_split(rows: Iterable[Example], mode: str) -> dict[str, int]:
    return dict(Counter[str](row.split for row in rows if mode in row.modes))


def as_json(found: Drift) -> dict[str, Any]:
    """Return how a version covers the latest traffic as JSON values."""
    return {
        "dataset": found.version.dataset,
        "version": found.version.number,
        "traffic": [
            {"by": one.by, "value": one.value, "traces": one.traffic, "share": one.share, "examples": one.examples}
            for one in found.covered
        ],
        "failure_modes": [
            {"id": id, "title": title, "examples": dict(splits), "reviewed_not_in": found.waiting.get(id, 0)}
            for id, title, splits in found.modes
        ],
        "add": to_add(found),
    }


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest versions of a dataset, each with what changed since its parent, and how the newest covers the traffic."""

    versions: tuple[tuple[Version, Difference | None], ...]
    drift: Drift | None


def standing(reader: Reader, name: str | None = None) -> Standing:
    """Return how a dataset stands; without a version there is nothing to say."""
    known = ask.versions(reader, name or workspace_name(reader))
    shown = known[-SHOWN:]
    rows = {one.number: ask.rows(reader, one.dataset, one.number) for one in known[-SHOWN - 1 :]}
    return Standing(
        tuple(
            (one, difference(rows[one.parent], rows[one.number]) if one.parent in rows else None)
            for one in reversed(shown)
        ),
        drift(reader, name) if known else None,
    )


def standing_of(path: str) -> Standing:
    """Return how the dataset of the workspace at a path stands: for another process."""
    reader = Reader(Path(path))
    try:
        return standing(reader)
    finally:
        reader.close()
