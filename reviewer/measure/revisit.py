"""Revisit now: what is new about the application since the last drawn week began, and has hardly been read."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from reviewer.model.novelty import Kind, Novelty, defined_tool

LEAST_TRACES = 5
"""Fewer may be a trial."""
ENOUGH_READ = 12
"""With as many read, one that happens in a fifth of them would have been met (chance .93)."""
MOST_EXAMPLES = 50
ORDER: tuple[Kind, ...] = (
    "prompt",
    "model",
    "provider",
    "tool",
    "definition",
    "tools",
    "retrieval",
    "schema",
    "feedback",
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One trace since the last drawn week began, with what it shows of each kind; kinds it does not record are missing."""

    trace: str
    started_us: int
    workflow: str | None
    shows: Mapping[Kind, Collection[str]]


@dataclass(slots=True)
class _Group:
    since_us: int
    traces: list[str] = field(default_factory=list)
    workflows: Counter[str] = field(default_factory=Counter)


def novelties(
    seen: Iterable[Seen], known: Mapping[Kind, Mapping[str, int]], verdicts: Mapping[str, str]
) -> tuple[Novelty, ...]:
    """Return what is new and was read less than ``ENOUGH_READ`` times, by kind and then by the number of traces.

    A kind of which nothing was known before has no novelties: recording may have begun since. A new definition is one of
    a tool that was offered before. A new set of tools is left out where a new tool or definition explains it.

    Args:
        seen: the traces since the last drawn week began.
        known: what the traces before showed, with how many showed it.
        verdicts: of the reviewed traces, by id.
    """
    groups: dict[tuple[Kind, str], _Group] = {}
    offered = {defined_tool(value) for value in known.get("definition", ())}
    for one in seen:
        for kind, values in one.shows.items():
            for value in values:
                name = defined_tool(value) if kind == "definition" else value
                if known.get(kind) and value not in known[kind] and (kind != "definition" or name in offered):
                    group = groups.setdefault((kind, name), _Group(one.started_us))
                    group.since_us = min(group.since_us, one.started_us)
                    group.traces.append(one.trace)
                    group.workflows[one.workflow or ""] += 1
    found = [_novelty(kind, value, group, known, verdicts) for (kind, value), group in groups.items()]
    with_tool = {
        trace for (kind, _), group in groups.items() if kind in ("tool", "definition") for trace in group.traces
    }
    kept = [
        one
        for one in found
        if one.traces >= LEAST_TRACES
        and one.read < ENOUGH_READ
        and not (one.kind == "tools" and with_tool.intersection(one.examples))
    ]
    return tuple(sorted(kept, key=lambda one: (ORDER.index(one.kind), -one.traces, one.name)))


def _novelty(
    kind: Kind, value: str, group: _Group, known: Mapping[Kind, Mapping[str, int]], verdicts: Mapping[str, str]
) -> Novelty:
    read = [trace for trace in group.traces if trace in verdicts]
    unread = [trace for trace in group.traces if trace not in verdicts]
    return Novelty(
        kind,
        value,
        group.since_us,
        len(group.traces),
        len(read),
        sum(verdicts[trace] == "fail" for trace in read),
        group.workflows.most_common(1)[0][0],
        _most(known[kind]) if kind == "retrieval" else "",
        tuple([*unread, *read][:MOST_EXAMPLES]),
    )


def _most(counted: Mapping[str, int]) -> str:
    names: Sequence[str] = sorted(counted, key=lambda name: (-counted[name], name))
    return names[0] if names else ""
