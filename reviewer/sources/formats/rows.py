"""Spans that come one a row under a service's own field names: what the exports of LangSmith and its like share.

A module of such a format says which rows a value holds, which trace and span a row is of, and what that span is; its
``read`` and ``read_across`` are those of a ``RowFormat``. Feedback and usage are handed on under the attribute names of
``attributes.toml``, so that nothing is read in two ways.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from reviewer.model.trace import Trace
from reviewer.sources.assemble.spans import Span
from reviewer.sources.formats.gathering import Piece, across, decoded_each, gather, told
from reviewer.sources.identity import native_id
from reviewer.sources.reading import Stored
from reviewer.sources.records import Found, Note

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RowFormat:
    """How a service writes its spans as rows: a format of that name, whose traces have native ids of that kind."""

    name: str
    kind: str
    rows: Callable[[Any], Iterable[Row]]
    """The rows that one value of a file holds; none if it is no value of the format."""
    trace_id: Callable[[Row], str | None]
    span_id: Callable[[Row], str | None]
    span: Callable[[Row, str, str], Span]
    """The span of a row, with the ids of its trace and its own; raises ``ValueError`` with the reason where it is none."""

    def read(self, stored: Stored, note: Note) -> Iterator[Found]:
        """Yield the traces of a file of rows, put together by the trace they name."""
        for whole in gather(lambda: _pieces(self, stored, note), partial(_decode, self), early=False):
            trace = told(whole, stored, note, Trace(self.kind, whole.trace_id, self.name))
            if trace is not None:
                yield Found(trace, whole.line, whole.member)

    def read_across(self, files: Sequence[Stored], wanted: Collection[str], note: Note) -> Iterator[Found]:
        """Yield the traces of which several files hold rows, each whole, as replacements of what those files gave."""

        def pieces() -> Iterator[Piece]:
            for stored in files:
                yield from _pieces(self, stored, lambda _: None)  # told already when the file was read by itself

        for whole in across(pieces, partial(_decode, self), wanted):
            trace = told(whole, files[-1], note, Trace(self.kind, whole.trace_id, self.name))
            if trace is not None:
                yield Found(trace, whole.line, whole.member, replaces_earlier=True)


def _pieces(format: RowFormat, stored: Stored, note: Note) -> Iterator[Piece]:
    for value in stored.values(note, checked=False):
        rows = list(format.rows(value.value))
        if not rows:
            note(stored.problem("the record holds no span", value.line, value.member))
        for row in rows:
            trace_id = format.trace_id(row)
            if trace_id is None:
                note(stored.problem("the row names no trace", value.line, value.member))
            else:
                yield Piece(trace_id, [(row, None)], line=value.line, member=value.member)


def _decode(format: RowFormat, piece: Piece, faults: list[str]) -> list[Span]:
    piece.spans = [(row, None) for row in _joined(format, [row for row, _ in piece.spans])]

    def span(row: Row, _: Any) -> Span:
        if (span_id := format.span_id(row)) is None:
            raise ValueError("a row has no id")
        return format.span(row, piece.trace_id, span_id)

    return decoded_each(piece, span, faults)


def _joined(format: RowFormat, rows: Iterable[Row]) -> list[Row]:
    """Return one row a span: services write one when it begins and another when it ends, and the later word counts."""
    joined: dict[str, Row] = {}
    for place, row in enumerate(rows):
        key = format.span_id(row) or f"row {place}"
        said = {name: value for name, value in row.items() if value not in (None, "", {}, [])}
        joined[key] = {**joined.get(key, {}), **said}
    return list(joined.values())


def id_in(field: str) -> Callable[[Row], str | None]:
    """Return what finds the id that a row holds in this field."""
    return lambda row: native_id(row.get(field))


def inside(held: Any, name: str) -> Row:
    """Return the object of that name inside another, an empty one where there is none."""
    found = held.get(name) if isinstance(held, dict) else None
    return found if isinstance(found, dict) else {}


def feedback(scores: Iterable[Mapping[str, Any]], start: int = 0) -> dict[str, Any]:
    """Return scores of a trace as attributes; each is given as name, score, label, explanation, annotator_kind, identifier."""
    return {
        f"trace.annotations.{place}.annotation.{key}": value
        for place, score in enumerate(scores, start)
        for key, value in score.items()
        if value is not None
    }


def whole_number(value: Any) -> int | None:
    """Return a count, or None where the value is no number."""
    return int(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def present(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes that hold something."""
    return {name: value for name, value in attributes.items() if value not in (None, "", {}, [])}
