"""The draw of a week's sample: strata, permanent random numbers, inclusion probabilities and the order of reading."""

import hashlib
import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from reviewer.errors import UsageError
from reviewer.measure.allocation import Stratum, allocate, mixture_shares
from reviewer.model.ids import TraceId
from reviewer.model.week import Candidate, Draw, Item, Plan

LEAST_ANCHOR = 0.3
"""Below this the heaviest weights make every interval far wider (measured: 2.0 to 2.4 times at 0.05)."""

EVERYTHING = "all"
NOT_RECORDED = "not recorded"
OTHERS = "small groups together"
CHOSEN = "chosen before the draw"
FLAGGED = " · flagged"
UNFLAGGED = " · not flagged"

LARGEST_SIZE = 10**12

_KEY_LIMIT = 64


def permanent_random_number(seed: str, trace: str) -> float:
    """Return a number above 0 and below 1 that depends on the seed and the trace's id alone, on every machine.

    u = (blake2b of the id, keyed with the seed, 8 bytes big-endian, shifted right by 11, + 0.5) / 2**53
    (coordination of samples by permanent random numbers: Ohlsson 1995).
    """
    return _number(_key(seed), trace)


def draw(population: Sequence[Candidate], plan: Plan, already: Collection[TraceId] | None = None) -> Draw:
    """Return the sample of a plan, and the stratum of every trace of the population.

    In each stratum the n_h traces with the smallest permanent random numbers are drawn, with probability n_h / N_h;
    the items stand in an order that keeps every beginning of the list spread over the strata. Where the plan asks for
    fewer items than the strata need (two each for ``risk``, one for ``proportional``), the smallest are put together,
    so that every trace of the population has a chance. ``already`` names traces that were chosen before the draw
    (reviewed earlier, picked by hand): they are drawn with certainty, beside the ``plan.size`` others.

    Raises:
        UsageError: an empty population, a size below 1 or out of reach, or an anchor outside 0.3 to 1.
    """
    _check(population, plan)
    chosen = frozenset(already or ())
    members = _by_label([c for c in population if c.trace not in chosen], plan)
    labels = _labels_that_fit(members, plan)
    groups: dict[str, list[TraceId]] = defaultdict(list)
    for label, traces in members.items():
        groups[labels[label]] += [c.trace for c in traces]
    sizes = _strata(groups, members, labels)
    counts = _counts(sizes, plan)
    picked = [c.trace for c in population if c.trace in chosen]
    strata = {trace: label for label, traces in groups.items() for trace in traces} | dict.fromkeys(picked, CHOSEN)
    if len(strata) != len(population):
        raise ValueError("the population lists a trace twice")
    drawn = [*_drawn(groups, counts, plan.seed), *_certain(picked, plan.seed)]
    return Draw(tuple(_numbered(drawn, 1)), strata)


def top_up(so_far: Draw, plan: Plan, size: int) -> Draw:
    """Return a larger sample that holds the first one: n_h never falls, old items keep their place, new ones follow.

    Everything comes from the strata of the first draw: what a trace has become since then moves nothing. Because no
    n_h falls, there may be a few items more than ``size``; a size that is not larger changes nothing.

    Raises:
        UsageError: as for ``draw``.
    """
    plan = replace(plan, size=size)
    _check(so_far.strata, plan)
    groups: dict[str, list[TraceId]] = defaultdict(list)
    for trace, label in so_far.strata.items():
        groups[label].append(trace)
    certain = groups.pop(CHOSEN, [])
    risk = plan.kind == "risk"
    sizes = {label: Stratum(len(traces), risk and label.endswith(FLAGGED)) for label, traces in groups.items()}
    asked = _counts(sizes, plan)
    old = {item.stratum: item.n_h for item in so_far.items}
    counts = {label: max(old.get(label, 0), asked[label]) for label in sizes}
    place = {item.trace: item.order for item in so_far.items}
    drawn = [*_drawn(groups, counts, plan.seed), *_certain(certain, plan.seed)]
    kept = [replace(d.item, order=place[d.item.trace]) for d in drawn if d.item.trace in place]
    new = _numbered([d for d in drawn if d.item.trace not in place], len(place) + 1)
    return Draw((*sorted(kept, key=lambda item: item.order), *new), dict(so_far.strata))


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A drawn item, and how far down its stratum's list it stands (0 to 1)."""

    item: Item
    depth: float


def _check(population: Collection[object], plan: Plan) -> None:
    if not population:
        raise UsageError(
            "There are no traces in this period, so there is nothing to draw from.",
            "Import traces, or choose a period that holds some.",
        )
    if plan.size < 1:
        raise UsageError(f"A sample of {plan.size} has no items.", "Ask for at least 1.")
    if plan.size > LARGEST_SIZE:
        raise UsageError(f"A sample of {plan.size} is larger than any workspace.", "Ask for fewer.")
    if not LEAST_ANCHOR <= plan.anchor <= 1:
        raise UsageError(
            f"An anchor of {plan.anchor:g} leaves too little of the sample to ordinary traffic.",
            f"Use a share from {LEAST_ANCHOR:g} to 1.",
        )


def _by_label(candidates: Iterable[Candidate], plan: Plan) -> dict[str, list[Candidate]]:
    """Return the population by the label of its stratum; two crossings with the same label are one stratum."""
    crossings: dict[tuple[tuple[str | None, ...], bool], list[Candidate]] = defaultdict(list)
    risk = plan.kind == "risk"
    for candidate in candidates:
        crossings[candidate.segments, risk and candidate.flagged].append(candidate)
    members: dict[str, list[Candidate]] = defaultdict(list)
    for (segments, flagged), found in crossings.items():
        if len(segments) != len(plan.by):
            raise ValueError(f"a candidate has {len(segments)} segments where the plan has {len(plan.by)}")
        name = " · ".join(NOT_RECORDED if value is None else value for value in segments) or EVERYTHING
        members[name + (FLAGGED if flagged else UNFLAGGED if risk else "")] += found
    return members


def _labels_that_fit(members: Mapping[str, list[Candidate]], plan: Plan) -> dict[str, str]:
    """Return the final label of each label: the smallest strata share one where the floors would exceed the size."""
    labels = {label: label for label in members}
    floor = _floor(plan)
    smallest_first = sorted(members, key=lambda label: (len(members[label]), label))
    sizes = {label: len(traces) for label, traces in members.items()}
    for label in smallest_first:
        if _needed(labels, sizes, floor) <= plan.size:
            return labels
        labels[label] = OTHERS + (_side(members[label]) if plan.kind == "risk" else "")
    if _needed(labels, sizes, floor) <= plan.size:
        return labels
    # Not even one item for each side of the flag: what is left is a simple random sample.
    return dict.fromkeys(members, EVERYTHING)


def _needed(labels: Mapping[str, str], sizes: Mapping[str, int], floor: int) -> int:
    joined: dict[str, int] = defaultdict(int)
    for label, final in labels.items():
        joined[final] += sizes[label]
    return sum(min(floor, size) for size in joined.values())


def _side(traces: Sequence[Candidate]) -> str:
    return FLAGGED if traces[0].flagged else UNFLAGGED


def _floor(plan: Plan) -> int:
    return 2 if plan.kind == "risk" and plan.size >= 4 else 1


def _strata(
    groups: Mapping[str, list[TraceId]], members: Mapping[str, list[Candidate]], labels: Mapping[str, str]
) -> dict[str, Stratum]:
    flagged = {labels[label]: traces[0].flagged for label, traces in members.items()}
    return {label: Stratum(len(traces), flagged[label]) for label, traces in groups.items()}


def _counts(sizes: Mapping[str, Stratum], plan: Plan) -> dict[str, int]:
    if not sizes:
        return {}
    anchor = plan.anchor if plan.kind == "risk" else 1.0
    return allocate(sizes, mixture_shares(sizes, anchor), plan.size, _floor(plan))


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


def _key(seed: str) -> bytes:
    key = seed.encode("utf-8", "surrogatepass")
    # The hash takes keys of up to 64 bytes; a longer seed stands in by its own hash.
    return key if len(key) <= _KEY_LIMIT else hashlib.blake2b(key).digest()


def _number(key: bytes, trace: str) -> float:
    digest = hashlib.blake2b(trace.encode("utf-8", "surrogatepass"), key=key, digest_size=8).digest()
    return float(((int.from_bytes(digest, "big") >> 11) + 0.5) / 2**53)
