"""Traces whose spans stand in several files of one import, as a collector writes them when it turns to a new file."""

from collections.abc import Iterator
from pathlib import Path

from reviewer.sources.detect import is_archive
from reviewer.sources.formats import otlp
from reviewer.sources.records import Found, Note
from reviewer.sources.requests import opened


class Together:
    """Notices OTLP traces that come from more than one file, and gives them once more, whole, at the end.

    Costs one number a trace; what is shared is read again. Members of archives are left out.
    """

    def __init__(self) -> None:
        self._first: dict[int, int] = {}
        self._shared: dict[str, set[int]] = {}
        self._files: list[Path] = []
        self._in_archive = False

    def saw(self, found: Found, path: Path) -> None:
        """Note a trace that a file gave; the files must come one after the other."""
        if found.trace.format not in otlp.NAMES or found.replaces_earlier:
            return
        if not self._files or self._files[-1] != path:
            self._files.append(path)
            self._in_archive = is_archive(path)
        if self._in_archive:
            return
        here = len(self._files) - 1
        first = self._first.setdefault(hash(found.trace.native_id), here)
        if first != here:
            self._shared.setdefault(found.trace.native_id, {first}).add(here)

    def joined(self, note: Note) -> Iterator[tuple[Path, Found]]:
        """Yield each shared trace with the last file that holds it."""
        if not self._shared:
            return
        last = {trace_id: self._files[max(files)] for trace_id, files in self._shared.items()}
        files = [self._files[n] for n in sorted(set().union(*self._shared.values()))]
        for found in otlp.read_across([opened(path) for path in files], last, note):
            yield last[found.trace.native_id], found
