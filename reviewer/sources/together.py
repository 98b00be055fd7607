"""Traces that stand in several files of one import: spans that a collector went on with in a new file, tables apart.

Langfuse, for one, exports traces, observations and scores each as a table of its own.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from reviewer import sources
from reviewer.model.problem import Problem
from reviewer.sources.detect import is_archive
from reviewer.sources.formats import (
    braintrust,
    datadog,
    helicone,
    langfuse,
    langsmith,
    opik,
    otel_spans,
    otlp,
    weave,
)
from reviewer.sources.reading import Stored
from reviewer.sources.records import Found, Note

ReadAcross = Callable[[Sequence[Stored], Collection[str], Note], Iterator[Found]]
"""Reads the traces that are wanted from all files, each whole."""

_FAMILIES: tuple[tuple[tuple[str, ...], ReadAcross], ...] = tuple(
    (module.NAMES, module.read_across)
    for module in (otlp, otel_spans, langfuse, langsmith, braintrust, weave, datadog, helicone, opik)
)
_FAMILY_OF = {name: place for place, (names, _) in enumerate(_FAMILIES) for name in names}


class Together:
    """Notices traces that come from more than one file, and gives them once more, whole, at the end.

    Costs one number a trace; what is shared is read again. Members of archives are left out.
    """

    def __init__(self) -> None:
        self._first: dict[int, int] = {}
        self._shared: dict[int, dict[str, set[int]]] = {}
        self._files: list[Path] = []
        self._in_archive = False

    def saw(self, found: Found, path: Path) -> None:
        """Note a trace that a file gave; the files must come one after the other."""
        family = _FAMILY_OF.get(found.trace.format)
        if family is None or found.replaces_earlier:
            return
        if not self._files or self._files[-1] != path:
            self._files.append(path)
            self._in_archive = is_archive(path)
        if self._in_archive:
            return
        here, named = len(self._files) - 1, found.trace.native_id
        first = self._first.setdefault(hash((family, named)), here)
        if first != here or found.only_adds:
            self._shared.setdefault(family, {}).setdefault(named, {first}).add(here)

    def joined(self, note: Note) -> Iterator[tuple[Path, Found]]:
        """Yield each shared trace with the last file that holds it."""
        for family, shared in self._shared.items():
            numbers = sorted(set().union(*shared.values()))
            left = dict(shared)
            files = [sources.reopened(self._files[number]) for number in numbers]
            for found in _FAMILIES[family][1](files, shared, note):
                held = left.pop(found.trace.native_id)
                yield self._files[max(held)], found
            if left:
                note(_without_trace(len(left), files[-1]))


def _without_trace(count: int, stored: Stored) -> Problem:
    said = "a trace that is" if count == 1 else f"{count:,} traces that are"
    return stored.problem(
        f"the scores of {said} in no file of this import were left out: import them with their traces", lost=False
    )
