"""A row of a table, or the rows of a session, as a trace."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reviewer.model.trace import Document, Message, Part, Score, Thread, Trace
from reviewer.model.trace import Role as Speaker
from reviewer.sources.assemble.about import score
from reviewer.sources.assemble.kept import keep
from reviewer.sources.assemble.messages import to_messages
from reviewer.sources.assemble.speakers import with_roles
from reviewer.sources.assemble.unjson import unjson
from reviewer.sources.building import Refused
from reviewer.sources.identity import Unnamed, native_id
from reviewer.sources.jsontext import Warn, dump
from reviewer.sources.tables.cells import as_list, as_number, as_text
from reviewer.sources.tables.columns import Columns, Role
from reviewer.sources.times import moment_us

KIND = "table"

Row = Mapping[str, Any]

_TEXT_FIELDS: tuple[Role, ...] = (
    "model", "prompt_version", "workflow", "tenant", "task_type", "environment", "user_id"
)  # fmt: skip
_DOCUMENT_TEXT = ("text", "content", "page_content", "body", "snippet", "passage")
_DOCUMENT_ID = ("document_id", "doc_id", "id")
_DOCUMENT_SOURCE = ("source", "url", "title", "file", "path")


class Table:
    """The rows of one file as traces; ``key`` tells tables with these columns from others."""

    def __init__(self, columns: Columns, key: str) -> None:
        self.columns = columns
        self.is_by_session = any(columns.named("session")) and any(columns.named("turn"))
        self._key = key
        self._unnamed = Unnamed()

    def session(self, row: Row) -> str:
        """Return the session of a row, where rows are turns."""
        return self._text(row, "session")

    def trace(self, rows: Sequence[Row], warn: Warn) -> Trace:
        """Return the trace of one row, or of the rows of a session in the order of their turns.

        Raises:
            Refused: nothing was said in the row, or a cell cannot be read.
        """
        ordered = sorted(rows, key=self._turn) if len(rows) > 1 else rows
        first = ordered[0]
        threads = [Thread([message for row in ordered for message in self._said(row)])]
        if not threads[0].messages:
            raise Refused("nothing is said in the row: no question, no answer, no messages")
        threads += [thread for row in ordered for thread in self._other_answers(row)]
        named = native_id(self._text(first, "session" if self.is_by_session else "id"))
        trace = Trace(KIND, named or self._unnamed.name([dict(row) for row in ordered]), "table", f"table {self._key}")
        trace.threads, trace.transcript_how = threads, "columns"
        self._describe(trace, ordered, warn)
        for row in ordered:
            self._add_documents(trace, row)
            trace.scores += self._scores(row)
        return trace

    def _said(self, row: Row) -> Iterable[Message]:
        yield from self._spoken(row, "system", "system")
        for column in self.columns.named("messages"):
            yield from to_messages(with_roles(unjson(row.get(column))), "user")[0]
        yield from self._spoken(row, "user", "user")
        for column in list(self.columns.named("assistant"))[:1]:
            yield from _message("assistant", row.get(column))

    def _spoken(self, row: Row, role: Role, said_by: Speaker) -> Iterable[Message]:
        """Yield one message of all columns of a role: an instruction and what it is about are one question."""
        texts = [text for column in self.columns.named(role) if (text := as_text(row.get(column)))]
        if len(texts) == 1:
            yield from _message(said_by, texts[0])
        elif texts:
            yield from _message(said_by, "\n\n".join(texts))

    def _other_answers(self, row: Row) -> Iterable[Thread]:
        for column in list(self.columns.named("assistant"))[1:]:
            if messages := list(_message("assistant", row.get(column))):
                yield Thread(messages, column)

    def _describe(self, trace: Trace, rows: Sequence[Row], warn: Warn) -> None:
        first = rows[0]
        for role in _TEXT_FIELDS:
            setattr(trace, role, self._text(first, role) or None)
            keep(trace, first, (column for column in self.columns.named(role) if column in first))
        trace.session_id = self._text(first, "session") or None
        for column in self.columns.named("tags"):
            trace.tags += [as_text(tag) for tag in as_list(first.get(column), column)]
        moments = [us for row in rows if (us := self._moment(row, warn)) is not None]
        trace.started_us = min(moments, default=None)
        trace.time_basis = "trace" if moments else "import"
        for role, scale in (("latency_ms", 1.0), ("latency_s", 1000.0)):
            if (total := self._sum(rows, role)) is not None:
                trace.latency_ms = scale * total
        trace.cost_usd = self._sum(rows, "cost")
        counts = [self._sum(rows, "tokens_in"), self._sum(rows, "tokens_out")]
        trace.usage.input, trace.usage.output = (None if n is None else int(n) for n in counts)
        for column in self.columns.named("metadata"):
            values = [row[column] for row in rows if row.get(column) not in (None, "")]
            if values:
                trace.metadata[column] = values[0] if len(values) == 1 else values
        for row in rows:  # objects may have keys that the first ones did not show
            trace.metadata |= {name: value for name, value in row.items() if name not in self.columns.uses}

    def _moment(self, row: Row, warn: Warn) -> int | None:
        for column in self.columns.named("started"):
            value = row.get(column)
            if value in (None, ""):
                continue
            us = moment_us(value)
            if us is None:
                warn(f"{column} is {as_text(value)[:60]!r}, which is no possible time: it is left out")
            return us
        return None

    def _add_documents(self, trace: Trace, row: Row) -> None:
        names = [as_text(n) for column in self.columns.named("context_ids") for n in as_list(row.get(column), column)]
        for column in self.columns.named("contexts"):
            for rank, held in enumerate(as_list(row.get(column), column)):
                document = _document(held, rank)
                if rank < len(names):
                    document.doc_id = document.doc_id or names[rank]
                document.source = document.source or document.doc_id or column
                trace.documents.append(document)

    def _scores(self, row: Row) -> Iterable[Score]:
        comments = [text for column in self.columns.named("explanation") if (text := as_text(row.get(column)))]
        for column, use in self.columns.uses.items():
            value = row.get(column)
            if value in (None, "", []):
                continue
            if use.role == "expected":
                yield Score(column, None, as_text(_texts_of(value)), "expectation", "human")
            elif use.role in ("label", "score"):
                number = as_number(value)
                made = score(
                    use.name or column,
                    number
                    if number is not None and not isinstance(value, bool)
                    else as_text(value)
                    if isinstance(value, list)
                    else value,
                    "human" if use.role == "label" else "code",
                )
                made.author = use.author or None
                made.comment = "\n".join(comments) or None
                yield made

    def _turn(self, row: Row) -> tuple[float, str]:
        text = self._text(row, "turn")
        number = as_number(text)
        return (number if number is not None else 0.0, text)

    def _sum(self, rows: Sequence[Row], role: Role) -> float | None:
        values = [
            n for row in rows for column in self.columns.named(role) if (n := as_number(row.get(column))) is not None
        ]
        return sum(values) if values else None

    def _text(self, row: Row, role: Role) -> str:
        return next((text for column in self.columns.named(role) if (text := as_text(row.get(column)))), "")


def _message(role: Speaker, value: Any) -> Iterable[Message]:
    """Yield a message of a cell's text as it stands; a list or an object is read as messages."""
    decoded = value if isinstance(value, str) else unjson(value)
    if isinstance(decoded, (list, dict)):
        yield from to_messages(with_roles(decoded), role)[0]
    elif text := as_text(decoded):
        yield Message(role, [Part("text", text)])


def _texts_of(value: Any) -> Any:
    """Return the texts of an expected answer that is written as messages."""
    decoded = unjson(value)
    if isinstance(decoded, list) and decoded and all(isinstance(one, dict) and "text" in one for one in decoded):
        return "\n".join(as_text(one["text"]) for one in decoded)
    return decoded


def _document(held: Any, rank: int) -> Document:
    if not isinstance(held, dict):
        return Document(as_text(held), rank=rank)
    text = next((as_text(held[key]) for key in _DOCUMENT_TEXT if held.get(key)), "") or dump(held)
    document = Document(text, rank=rank)
    document.doc_id = next((as_text(held[key]) for key in _DOCUMENT_ID if held.get(key) is not None), None)
    document.source = next((as_text(held[key]) for key in _DOCUMENT_SOURCE if held.get(key)), "")
    document.score = as_number(held.get("score"))
    return document
