"""Transcripts within reach: the current one and its neighbours, open and laid out before they are asked for."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reviewer.desktop.review.transcript.prepared import Prepared
from reviewer.model.ids import TraceId
from reviewer.workspace.ask.transcript import Transcript, open_transcript

if TYPE_CHECKING:
    from reviewer.desktop.review.transcript.view import TranscriptView
    from reviewer.workspace.file import Reader

PLACES = 5


class Shelf:
    """Keeps the transcripts used last. All of it runs on the interface thread: text is laid out only there."""

    def __init__(self, reader: "Reader") -> None:
        self._reader = reader
        self.whole_sessions = False
        """Whether a trace is opened with the others of its session."""
        self.sessions_are_items = False
        self._open: OrderedDict[TraceId, Transcript] = OrderedDict()
        self._prepared: dict[TraceId, Prepared] = {}

    def transcript(self, trace: TraceId) -> Transcript:
        """Return an open transcript; reading costs its head alone."""
        if trace not in self._open:
            self._open[trace] = self._opened(trace)
        self._open.move_to_end(trace)
        while len(self._open) > PLACES:
            gone, _ = self._open.popitem(last=False)
            self._drop(gone)
        return self._open[trace]

    def _opened(self, trace: TraceId) -> Transcript:
        if not self.whole_sessions:
            return open_transcript(self._reader, trace)
        from reviewer.workspace.ask.sessions import open_session

        return open_session(self._reader, trace, self.sessions_are_items)

    def prepared(self, trace: TraceId) -> Prepared | None:
        """Take the layout that was made ahead for a transcript, if there is one."""
        return self._prepared.pop(trace, None)

    def prepare(self, near: Sequence[TraceId], view: "TranscriptView") -> None:
        """Have transcripts laid out in the view's idle time; what was begun and not finished is begun anew."""
        for trace in list(self._prepared):
            if not self._prepared[trace].ready:
                self._drop(trace)
        for trace in dict.fromkeys(near):
            if trace not in self._prepared:
                self._prepared[trace] = view.prepare(self.transcript(trace))

    def forget_layouts(self) -> None:
        """Drop layouts made for another size or theme."""
        for trace in list(self._prepared):
            self._drop(trace)

    def clear(self) -> None:
        """Drop everything."""
        self.forget_layouts()
        self._open.clear()

    def _drop(self, trace: TraceId) -> None:
        prepared = self._prepared.pop(trace, None)
        if prepared is not None:
            prepared.drop()
