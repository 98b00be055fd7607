"""A dataset of labelled traces: its versions, what changed between two of them, and eval results on its examples."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from reviewer.model.ids import TraceId, WeekName

Split = Literal["train", "dev", "test"]
SPLITS: tuple[Split, ...] = ("train", "dev", "test")


class Example(NamedTuple):
    """One row of a version. ``group`` is the smallest id among the sessions that may not be parted; ``digest`` is the
    hash of the canonical record, in hex."""

    id: str
    trace: TraceId
    week: WeekName
    group: str
    split: Split
    digest: str
    verdict: str
    modes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """What all versions of a dataset share: its name, the salt and the weights of its splits."""

    name: str
    salt: str
    weights: Mapping[Split, float]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a dataset, without its rows. ``content_hash`` is the same for the same labels on the same traces."""

    dataset: str
    number: int
    content_hash: str
    parent: int | None
    created_us: int
    query: str
    taxonomy_version: int
    rows: int
    splits: Mapping[str, int] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Return the version as it stands in a manifest: its number and the beginning of its hash."""
        return f"{self.number}.0.0+{self.content_hash[:12]}"


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one version to another, as ids of examples; ``moved`` changed their split, which never happens."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    moved: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What became of a version that was uploaded: how many rows were created, changed, removed and refused.

    ``origin`` is the address and project of the service; ``at_us`` is 0 until it is noted.
    """

    dataset: str
    version: int
    origin: str
    service: str
    redacted: bool
    created: int
    changed: int
    removed: int
    failed: int
    state: str
    at_us: int = 0


class Outcome(NamedTuple):
    """What an eval said of one example: how often it was tried, passed, and its mean score where there is one.

    ``tried`` is 0 where it ended in an error: that is no failure of the answer.
    """

    example: str
    tried: int
    passed: int
    score: float | None = None


@dataclass(frozen=True, slots=True)
class EvalRun:
    """One run of a suite on examples of a dataset, as a tool wrote it down. ``at_us`` is when it ran."""

    suite: str
    tool: str
    model: str
    prompt_version: str
    at_us: int
    outcomes: tuple[Outcome, ...]
    dataset: str = ""
    version: int | None = None
    """The version of the dataset; None until its examples were found."""

    @property
    def judged(self) -> tuple[Outcome, ...]:
        """Return the outcomes that did not end in an error."""
        return tuple(one for one in self.outcomes if one.tried)


def difference(before: Mapping[str, Example], now: Mapping[str, Example]) -> Difference:
    """Return what changed between the examples of two versions, by id."""
    both = [id for id in now if id in before]
    return Difference(
        tuple(id for id in now if id not in before),
        tuple(id for id in before if id not in now),
        tuple(id for id in both if now[id].digest != before[id].digest),
        tuple(id for id in both if now[id].split != before[id].split),
    )
