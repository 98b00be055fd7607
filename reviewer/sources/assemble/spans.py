"""Spans: what every format of spans gives, joined into a tree that is safe to walk.

``Span`` is the same for all formats. Values of ``attrs`` are decoded but not unwrapped: JSON inside strings is left
to whoever needs it. Times are microseconds since the epoch.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from reviewer.sources.assemble.shapes import Shape, shape_of

NO_SHAPE = shape_of(())
Status = Literal["ok", "error", "unset"]


@dataclass(slots=True, eq=False)
class SpanLog:
    """One span event of OpenTelemetry, or a log record that names the span."""

    name: str
    attrs: dict[str, Any]
    body: Any = None
    at_us: int | None = None


@dataclass(slots=True, eq=False)
class Span:
    """One span; everything from ``kind`` on is filled by ``assemble``: what it is, its raw input and output, what the
    names of its attributes say, and its place in the tree.

    ``kind`` is one of llm, agent, chain, tool, retriever, reranker, embedding, guardrail, evaluator, prompt, event,
    other. ``above`` is the parent in the tree, which is None where the parent is missing or the tree was broken.
    """

    trace_id: str
    span_id: str
    parent_id: str | None
    name: str
    attrs: dict[str, Any]
    started_us: int | None = None
    ended_us: int | None = None
    status: Status = "unset"
    status_message: str = ""
    logs: list[SpanLog] = field(default_factory=list)
    resource: dict[str, Any] = field(default_factory=dict)
    truncated: bool = False
    kind: str = ""
    input: Any = None
    output: Any = None
    shape: Shape = NO_SHAPE
    above: "Span | None" = None
    below: list["Span"] = field(default_factory=list)

    @property
    def latency_ms(self) -> float | None:
        """Return how long the span took, or None where a time is missing."""
        if self.started_us is None or self.ended_us is None:
            return None
        return (self.ended_us - self.started_us) / 1000

    def ancestors(self) -> Iterator["Span"]:
        """Yield the spans above this one, the nearest first."""
        span = self.above
        while span is not None:
            yield span
            span = span.above


@dataclass(slots=True, eq=False)
class Tree:
    """The spans of one trace by start time, its roots, and what was wrong with the links."""

    spans: list[Span]
    roots: list[Span]
    warnings: list[str] = field(default_factory=list)

    @property
    def root(self) -> Span:
        """Return the span that stands for the whole trace: a root without a parent, else the earliest top span."""
        return self.roots[0]


def grow(spans: Iterable[Span]) -> Tree:
    """Return the tree of one trace's spans; broken ones (a cycle, a missing parent) stand at the root.

    Of spans with the same id the last one counts: exporters send a span again when it has ended.
    """
    by_id = {span.span_id: span for span in spans}
    ordered = sorted(by_id.values(), key=_start)
    tree = Tree(ordered, [])
    missing = 0
    for span in ordered:
        span.above = by_id.get(span.parent_id) if span.parent_id else None
        missing += span.above is None and bool(span.parent_id)
    broken = _cut_cycles(ordered)
    for span in ordered:
        if span.above is None:
            tree.roots.append(span)
        else:
            span.above.below.append(span)
    tree.roots.sort(key=_standing)
    if broken:
        tree.warnings.append(f"{broken} spans are their own ancestors; they stand at the root")
    if missing and len(tree.roots) > 1:
        tree.warnings.append(f"{missing} spans name a parent that is not in the trace; they stand at the root")
    return tree


def _start(span: Span) -> int:
    return span.started_us if span.started_us is not None else 1 << 62


def _standing(span: Span) -> tuple[bool, int, int]:
    """Order the roots: without a parent at all, begun first, ended last."""
    return bool(span.parent_id), _start(span), -(span.ended_us or 0)


def _cut_cycles(spans: list[Span]) -> int:
    """Cut each cycle of parents at one span; return how many cycles there were."""
    safe: set[int] = set()
    cut = 0
    for span in spans:
        path: list[Span] = []
        walked: set[int] = set()
        at: Span | None = span
        while at is not None and id(at) not in safe:
            if id(at) in walked:
                at.above = None
                cut += 1
                break
            walked.add(id(at))
            path.append(at)
            at = at.above
        safe.update(id(one) for one in path)
    return cut
