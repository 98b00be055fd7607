"""The loop that every message format shares: a value becomes a trace, or a problem that says why it did not."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from reviewer.model.problem import Problem
from reviewer.model.trace import Trace
from reviewer.sources.assemble.complete import complete
from reviewer.sources.jsontext import Warn
from reviewer.sources.records import Found, Note, Value

_ODD_SHAPE = (RecursionError, TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError)


class Refused(Exception):
    """A value that is no record of the format; the message says why."""


Build = Callable[[Any, Warn], Trace | None]
"""Turns a value into a trace; None for a header, which is no record; raises ``Refused``. Tells warnings."""


def build_each(name: str, values: Iterable[Value], note: Note, build: Build) -> Iterator[Found]:
    """Yield a trace for every value of the file ``name``; one that cannot become a trace is noted as lost."""
    for value in values:
        warnings: list[str] = []

        def problem(
            reason: str, *, lost: bool, line: int | None = value.line, at: str | None = value.member
        ) -> Problem:
            return Problem(name, reason, line, at, lost)

        try:
            trace = build(value.value, warnings.append)
            if trace is None:
                continue
            if value.raw is not None:
                trace.metadata["as_written"] = value.raw.decode("utf-8", "replace")
            found = Found(complete(trace), value.line, value.member)
        except Refused as why:
            note(problem(str(why), lost=True))
            continue
        except _ODD_SHAPE as why:
            note(problem(f"the record has a shape that is not understood ({type(why).__name__})", lost=True))
            continue
        for warning in warnings:
            note(problem(warning, lost=False))
        yield found


def what_it_is(value: Any) -> str:
    """Return what a JSON value is, in words: for records that are none."""
    if value is None:
        return "null"
    names: dict[type, str] = {bool: "true or false", str: "a text", list: "an array", dict: "an object"}
    return names.get(type(value), "a number")
