"""A pull: which traces of a service are wanted, and what its listing said of the population."""

from dataclasses import dataclass, field

from reviewer.model.week import Segment


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which traces of a service are wanted: a period (end not included), and a sample of it.

    ``size`` None wants all. ``by`` names segments whose crossing makes the strata, as far as the listing tells them.
    ``filter`` is handed to the service as it is, in the service's own words. The seed is any text: the same seed draws
    the same traces again, however often the population is listed.
    """

    start_us: int
    end_us: int
    size: int | None = None
    by: tuple[Segment, ...] = ()
    filter: str = ""
    seed: str = "pull"


@dataclass(frozen=True, slots=True)
class Listed:
    """One trace of the population: its own and native id, and the values of ``Wanted.by``."""

    trace: str
    native_id: str
    segments: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class PulledStratum:
    """One stratum of the population: how many traces the service has, and how many were drawn."""

    name: str
    size: int
    drawn: int

    @property
    def pi(self) -> float:
        """Return the inclusion probability of each of its traces."""
        return self.drawn / self.size


@dataclass(frozen=True, slots=True)
class Pulled:
    """A pull as stored: ``state`` is ``listing``, ``fetching`` or ``done``."""

    number: int
    state: str
    cursor: str | None
    listed: int = 0
    drawn: tuple[Listed, ...] = ()
    strata: tuple[PulledStratum, ...] = field(default=())
