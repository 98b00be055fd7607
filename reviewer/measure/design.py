"""The draw of a week's sample: permanent random numbers, inclusion probabilities, the order of reading and the readers."""

import hashlib
import heapq
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from reviewer.errors import UsageError
from reviewer.measure.allocation import Stratum
from reviewer.measure.strata import FLAGGED, Crossing, numbers, refuse_impossible, stratify
from reviewer.model.ids import TraceId
from reviewer.model.week import Candidate, Draw, Item, Plan

CHOSEN = "chosen before the draw"

_KEY_LIMIT = 64


def permanent_random_number(seed: str, trace: str) -> float:
    """Return a number above 0 and below 1 that depends on the seed and the trace's id alone, on every machine.

    u = (blake2b of the id, keyed with the seed, 8 bytes big-endian, shifted right by 11, + 0.5) / 2**53
    (coordination of samples by permanent random numbers: Ohlsson 1995).
    """
    return _number(_key(seed), trace)


def draw(population: Sequence[Candidate], plan: Plan, already: Collection[TraceId] = ()) -> Draw:
    """Return the sample of a plan, and the stratum of every trace of the population.

    In each stratum (``strata.stratify``) the n_h traces with the smallest permanent random numbers are drawn, with
    probability n_h / N_h; the items stand in an order that keeps every beginning of the list spread over the strata.
    ``already`` names traces that were chosen before the draw (reviewed earlier, picked by hand): they are drawn with
    certainty, beside the ``plan.size`` others. The first items of the order, the share ``plan.overlap`` of the drawn
    ones, are read twice.

    Raises:
        UsageError: an empty population, or a plan that cannot be meant.
    """
    refuse_empty(len(population))
    refuse_impossible(plan)
    chosen = frozenset(already)
    members: dict[Crossing, list[TraceId]] = defaultdict(list)
    for candidate in population:
        if candidate.trace not in chosen:
            members[candidate.segments, candidate.flagged].append(candidate.trace)
    found = stratify({crossing: len(traces) for crossing, traces in members.items()}, plan)
    groups: dict[str, list[TraceId]] = defaultdict(list)
    for crossing, traces in members.items():
        groups[found.labels[crossing]] += traces
    picked = [c.trace for c in population if c.trace in chosen]
    strata = {trace: label for label, traces in groups.items() for trace in traces} | dict.fromkeys(picked, CHOSEN)
    if len(strata) != len(population):
        raise ValueError("the population lists a trace twice")
    drawn = [*_drawn(groups, found.drawn, plan.seed), *_certain(picked, plan.seed)]
    return Draw(_dealt(_numbered(drawn, 1), plan), strata)


def top_up(so_far: Draw, plan: Plan, size: int) -> Draw:
    """Return a larger sample that holds the first one: n_h never falls, old items keep their place, new ones follow.

    Everything comes from the strata of the first draw: what a trace has become since then moves nothing. Because no
    n_h falls, there may be a few items more than ``size``; a size that is not larger changes nothing. Items that were
    added to the first sample stay as they are, unless the larger sample draws them.

    Raises:
        UsageError: as for ``draw``.
    """
    plan = replace(plan, size=size)
    refuse_empty(len(so_far.strata))
    refuse_impossible(plan)
    groups: dict[str, list[TraceId]] = defaultdict(list)
    for trace, label in so_far.strata.items():
        groups[label].append(trace)
    certain = groups.pop(CHOSEN, [])
    risk = plan.kind == "risk"
    sizes = {label: Stratum(len(traces), risk and label.endswith(FLAGGED)) for label, traces in groups.items()}
    asked = numbers(sizes, plan)
    old = {item.stratum: item.n_h for item in so_far.items}
    counts = {label: max(old.get(label, 0), asked[label]) for label in sizes}
    place = {item.trace: item.order for item in so_far.items}
    drawn = [*_drawn(groups, counts, plan.seed), *_certain(certain, plan.seed)]
    kept = [replace(d.item, order=place.pop(d.item.trace)) for d in drawn if d.item.trace in place]
    added = [item for item in so_far.items if item.trace in place]
    held = {item.trace for item in so_far.items}
    new = _numbered([d for d in drawn if d.item.trace not in held], len(held) + 1)
    in_order = sorted([*kept, *added], key=lambda item: item.order)
    return Draw(_dealt([*in_order, *new], plan), dict(so_far.strata))


def refuse_empty(population: int) -> None:
    """Raise where there is nothing to draw from.

    Raises:
        UsageError: a population of none.
    """
    if not population:
        raise UsageError(
            "There are no traces in this period, so there is nothing to draw from.",
            "Import traces, or choose a period that holds some.",
        )


def read_twice(drawn: int, plan: Plan) -> int:
    """Return how many of the drawn items are read twice: the share rounded, and at least one of a share above 0."""
    return max(1, round(plan.overlap * drawn)) if plan.overlap and drawn else 0


def readings(items: int, twice: int, plan: Plan) -> dict[str, int]:
    """Return how many items each reader of a plan reads, by name, where the first ``twice`` of them are read twice.

    Empty where the plan names nobody.
    """
    shares: Counter[str] = Counter()
    for place in range(1, items + 1):
        shares.update(_readers(place, place <= twice, plan))
    return {name: shares[name] for name in plan.readers}


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A drawn item, and how far down its stratum's list it stands (0 to 1)."""

    item: Item
    depth: float


def _drawn(groups: Mapping[str, list[TraceId]], counts: Mapping[str, int], seed: str) -> Iterable[_Ranked]:
    """Yield the n_h smallest numbers of each stratum; ids break a tie."""
    key = _key(seed)
    for label, traces in groups.items():
        n_h, size = counts[label], len(traces)
        smallest = heapq.nsmallest(n_h, [(_number(key, trace), trace) for trace in traces])
        for rank, (u, trace) in enumerate(smallest, 1):
            yield _Ranked(Item(trace, label, size, n_h, n_h / size, u, 0), (rank - 0.5) / n_h)


def _certain(traces: Sequence[TraceId], seed: str) -> Iterable[_Ranked]:
    for ranked in _drawn({CHOSEN: list(traces)} if traces else {}, {CHOSEN: len(traces)}, seed):
        yield replace(ranked, item=replace(ranked.item, purpose="certainty"))


def _numbered(drawn: Iterable[_Ranked], first: int) -> list[Item]:
    ordered = sorted(drawn, key=lambda d: (d.depth, d.item.u, d.item.trace))
    return [replace(d.item, order=order) for order, d in enumerate(ordered, first)]


def _dealt(items: Sequence[Item], plan: Plan) -> tuple[Item, ...]:
    """Return the items with the first drawn ones marked to be read twice, and each with its readers."""
    in_sample = [item for item in items if item.purpose in ("prob", "overlap")]
    twice = {item.trace for item in in_sample[: read_twice(len(in_sample), plan)]}
    dealt = []
    for item in items:
        again = item.trace in twice
        if item.purpose in ("prob", "overlap"):
            item = replace(item, purpose="overlap" if again else "prob")
        if item.purpose in ("prob", "overlap", "certainty"):
            item = replace(item, readers=_readers(item.order, again, plan))
        dealt.append(item)
    return tuple(dealt)


def _readers(order: int, twice: bool, plan: Plan) -> tuple[str, ...]:
    """Return who reads the item at a place: each block of as many places as readers goes round in a drawn order.

    So every reader gets as many as any other, give or take one, pairs change from block to block, and a larger sample
    leaves who reads the first items as it was.
    """
    if not plan.readers:
        return ()
    block, seat = divmod(order - 1, len(plan.readers))
    key = _key(f"{plan.seed}\x1f{block}")
    table = sorted(plan.readers, key=lambda name: _number(key, name))
    return (table[seat], table[(seat + 1) % len(table)]) if twice else (table[seat],)


def _key(seed: str) -> bytes:
    key = seed.encode("utf-8", "surrogatepass")
    # The hash takes keys of up to 64 bytes; a longer seed stands in by its own hash.
    return key if len(key) <= _KEY_LIMIT else hashlib.blake2b(key).digest()


def _number(key: bytes, trace: str) -> float:
    digest = hashlib.blake2b(trace.encode("utf-8", "surrogatepass"), key=key, digest_size=8).digest()
    return float(((int.from_bytes(digest, "big") >> 11) + 0.5) / 2**53)
