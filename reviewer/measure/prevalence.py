"""How common something is in the traffic, from a stratified sample: the estimate, its interval and when to hide it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from reviewer.measure.intervals import Interval, beta_limits, effective_size, weighted_beta
from reviewer.measure.strata import FLAGGED, UNFLAGGED
from reviewer.model.number import Basis, Number

LEAST_SIZE = 30
WIDEST = 0.30
WIDE = 0.05
WIDEST_RELATIVE = 1.30
SMOOTHED_FROM = 0.5
LEAST_TIGHT = 25


@dataclass(frozen=True, slots=True)
class Cell:
    """One stratum: ``size`` traces in the population, ``read`` of them reviewed, ``count`` of those with the property.

    ``round`` names the week in estimates that pool several; ``label`` is the stratum's label, whose first part
    (before " · ") says which strata are neighbours.
    """

    size: int
    read: int
    count: int
    label: str = ""
    round: str = ""

    @property
    def neighbourhood(self) -> tuple[str, str]:
        """Return what this cell has in common with its neighbours: the week and the first segment."""
        return self.round, self.label.split(" · ")[0]

    @property
    def flag(self) -> str:
        """Return the part of the label that says whether its traces are flagged; nothing where none does."""
        return next((flag for flag in (UNFLAGGED, FLAGGED) if self.label.endswith(flag)), "")

    def is_same_in_other_week(self, other: "Cell") -> bool:
        """Return whether two cells are one stratum in two weeks."""
        return self.label == other.label and self.round != other.round

    @property
    def is_complete(self) -> bool:
        """Whether every trace of the stratum was read."""
        return self.read >= self.size


@dataclass(frozen=True, slots=True)
class Estimate:
    """A rate in the population with its 95 % interval.

    ``n_eff`` is the effective sample size behind the interval; ``joined`` counts strata that had to be read together
    with a neighbour; ``suppressed`` says that a percentage would promise too much.
    """

    value: float
    low: float
    high: float
    n: int
    count: int
    population: int
    n_eff: float
    joined: int
    suppressed: bool

    def as_number(self, note: str = "") -> Number:
        """Return the estimate as a number that says what it is."""
        return Number(
            self.value,
            Basis.ESTIMATE,
            low=self.low,
            high=self.high,
            n=self.n,
            population=self.population,
            n_eff=self.n_eff,
            count=self.count,
            suppressed=self.suppressed,
            note=note,
        )


def prevalence(cells: Sequence[Cell]) -> Estimate | None:
    """Return the stratified estimate with the Korn-Graubard interval and its two repairs; None if nothing was read.

    The rate is the sum of N_h/N times the rate in stratum h; the weight of a reviewed trace is N_h divided by the
    number reviewed there, so that skipped traces are taken to be like the reviewed ones of their stratum. A stratum
    in which nothing was read is added to its neighbour. Rates above a half are computed on the complement, so that
    the interval of a rate and of its complement mirror each other.
    """
    if not any(cell.read for cell in cells):
        return None
    covered, unread = _join(cells, lambda cell: cell.read == 0, _take_size)
    value = _rate(covered)
    flipped = value > 0.5
    used = [replace(cell, count=cell.read - cell.count) for cell in covered] if flipped else covered
    limits, n_eff, single = _limits(used)
    if flipped:
        limits = Interval(1.0 - limits.high, 1.0 - limits.low)
    n = sum(cell.read for cell in cells)
    return Estimate(
        value=value,
        low=limits.low,
        high=limits.high,
        n=n,
        count=sum(cell.count for cell in cells),
        population=sum(cell.size for cell in cells),
        n_eff=n_eff,
        joined=unread + single,
        suppressed=is_suppressed(value, limits, n, n_eff),
    )


def tight_prevalence(cells: Sequence[Cell]) -> Estimate | None:
    """Return the estimate with the weighted-beta interval; None unless every stratum has ``LEAST_TIGHT`` reviewed.

    For few and well-filled strata, such as what a judge flags and what it passes: Korn and Graubard's interval is no
    narrower for them than without, since it never takes more items as read than were.
    """
    estimate = prevalence(cells)
    open_cells = [cell for cell in cells if not cell.is_complete]
    if estimate is None or not open_cells or any(cell.read < LEAST_TIGHT for cell in cells):
        return None
    flipped = estimate.value > 0.5
    used = [replace(cell, count=cell.read - cell.count) for cell in open_cells] if flipped else open_cells
    variance = _variance(used, estimate.population)
    p = 1.0 - estimate.value if flipped else estimate.value
    if p > 0.0 and variance <= 0.0:
        return None
    limits = weighted_beta(p, variance, max(cell.size / cell.read for cell in open_cells) / estimate.population)
    if flipped:
        limits = Interval(1.0 - limits.high, 1.0 - limits.low)
    hidden = is_suppressed(estimate.value, limits, estimate.n, estimate.n_eff)
    return replace(estimate, low=limits.low, high=limits.high, suppressed=hidden)


def is_suppressed(value: float, limits: Interval, n: int, n_eff: float) -> bool:
    """Return whether a percentage is too uncertain to print (NCHS presentation standards, Parker 2017)."""
    width = limits.high - limits.low
    if n < LEAST_SIZE or n_eff < LEAST_SIZE or width >= WIDEST:
        return True
    return width > WIDE and width > WIDEST_RELATIVE * value


def kish(cells: Sequence[Cell]) -> float:
    """Return Kish's effective sample size, (sum of weights)² / sum of squared weights; it is the same for all modes."""
    total = sum(cell.size for cell in cells if cell.read)
    squares = sum(cell.size**2 / cell.read for cell in cells if cell.read)
    return total**2 / squares if squares else 0.0


def _rate(cells: Sequence[Cell]) -> float:
    total = sum(cell.size for cell in cells)
    # Exact at the ends, where a sum of rounded parts would give 0.9999999999999999.
    if all(cell.count == cell.read for cell in cells):
        return 1.0
    return sum(cell.size * cell.count / cell.read for cell in cells) / total


def _limits(cells: Sequence[Cell]) -> tuple[Interval, float, int]:
    """Return the interval of a rate of at most a half, the effective size, and how many single strata were joined."""
    p = _rate(cells)
    n_all = sum(cell.read for cell in cells)
    if all(cell.is_complete for cell in cells):
        return Interval(p, p), float(n_all), 0
    open_cells = [cell for cell in cells if not cell.is_complete]
    n = sum(cell.read for cell in open_cells)
    grouped, joined = _join(open_cells, lambda cell: cell.read == 1, _take_all)
    variance = _variance(grouped, sum(cell.size for cell in cells))
    no_spread = p in (0.0, 1.0) or variance <= 0.0
    n_eff = kish(open_cells) if no_spread else effective_size(p, variance, n, n - len(grouped))
    return beta_limits(p, n_eff), n_eff, joined


def _variance(cells: Sequence[Cell], population: int) -> float:
    """Return the variance of a stratified rate with the correction for finite strata (Cochran 1977, chapter 5)."""
    several = [(cell, _spread(cell)) for cell in cells if cell.read > 1]
    degrees = sum(cell.read - 1 for cell, _ in several)
    pooled = sum((cell.read - 1) * spread for cell, spread in several) / degrees if degrees else 0.0
    spreads = [*several, *((cell, pooled) for cell in cells if cell.read == 1)]
    return sum(
        (cell.size / population) ** 2 * (1.0 - cell.read / cell.size) * spread / cell.read for cell, spread in spreads
    )


def _spread(cell: Cell) -> float:
    """Return s² of a stratum; where half or more have the property it is smoothed, lest 8 of 8 count as certain."""
    saturated = cell.count / cell.read >= SMOOTHED_FROM
    rate = (cell.count + 0.5) / (cell.read + 1.0) if saturated else cell.count / cell.read
    return cell.read / (cell.read - 1.0) * rate * (1.0 - rate)


def _take_size(host: Cell, guest: Cell) -> Cell:
    return replace(host, size=host.size + guest.size)


def _take_all(host: Cell, guest: Cell) -> Cell:
    return replace(host, size=host.size + guest.size, read=host.read + guest.read, count=host.count + guest.count)


def _join(
    cells: Sequence[Cell], is_thin: Callable[[Cell], bool], take: Callable[[Cell, Cell], Cell]
) -> tuple[list[Cell], int]:
    """Return the cells with every thin one given to its neighbour, and how many were thin.

    The neighbour is the next smaller one of those that are ``_near``, else the next larger. A thin cell that was read
    and has no neighbour stays: its variance is the pooled one.
    """
    kept = [cell for cell in cells if not is_thin(cell)]
    thin = sorted((cell for cell in cells if is_thin(cell)), key=lambda cell: (cell.size, cell.round, cell.label))
    for guest in thin:
        if near := _near(kept, guest):
            at = min(near, key=lambda i: _distance(kept[i], guest))
            kept[at] = take(kept[at], guest)
        else:
            kept.append(guest)
    return kept, len(thin)


def _near(kept: Sequence[Cell], guest: Cell) -> list[int]:
    """Return the places of the cells that are most like one: the same stratum of another week where there is one.

    Else those of the same week and first segment. A cell of which nothing was read takes its rate from them, so that
    the flag goes before the segment then: flagged and other traces fail at rates that are far apart. In the end any
    of its week will do for it, and any at all.
    """
    same_stratum = [i for i, host in enumerate(kept) if host.is_same_in_other_week(guest)]
    neighbours = [i for i, host in enumerate(kept) if host.neighbourhood == guest.neighbourhood]
    if guest.read:
        return same_stratum or neighbours
    same_week = [i for i, host in enumerate(kept) if host.round == guest.round]
    same_flag = [i for i in same_week if kept[i].flag == guest.flag]
    return (
        same_stratum
        or [i for i in neighbours if kept[i].flag == guest.flag]
        or (same_flag if guest.flag else neighbours)
        or neighbours
        or same_week
        or list(range(len(kept)))
    )


def _distance(host: Cell, guest: Cell) -> tuple[bool, int, str]:
    return host.size > guest.size, abs(host.size - guest.size), host.label
