"""Search over the text of all traces: the first hits at once, with the words around the first match."""

import sqlite3
from typing import NamedTuple

from reviewer.model.ids import TraceId
from reviewer.workspace.ask.transcript import open_transcript
from reviewer.workspace.file import Reader
from reviewer.workspace.searching import match_expression, matcher

HITS = (
    "SELECT t.id, t.title, t.name, t.workflow, t.started_us FROM text_index x JOIN trace t ON t.n = x.rowid "
    "WHERE text_index MATCH ? ORDER BY x.rowid DESC LIMIT ? OFFSET ?"
)
AROUND = 60


class Hit(NamedTuple):
    """One trace that holds the words. ``snippet`` is stored text around the first match, on one line."""

    trace: TraceId
    title: str
    name: str
    workflow: str | None
    started_us: int
    snippet: str


def search(reader: Reader, query: str, limit: int = 50, skip: int = 0) -> list[Hit]:
    """Return traces that hold all words of a query, the latest imported first; nothing for a query without words."""
    expression = match_expression(query)
    if expression is None:
        return []
    rows = reader.db.execute(HITS, (expression, limit, skip)).fetchall()
    return [
        Hit(TraceId(trace), title, name, workflow, started, snippet(reader, TraceId(trace), query))
        for trace, title, name, workflow, started in rows
    ]


def count(reader: Reader, query: str) -> int:
    """Return how many traces hold all words of a query."""
    expression = match_expression(query)
    if expression is None:
        return 0
    row = reader.db.execute("SELECT count(*) FROM text_index WHERE text_index MATCH ?", (expression,)).fetchone()
    return int(row[0])


def snippet(reader: Reader, trace: TraceId, query: str) -> str:
    """Return the stored text around the first match of any word of a query."""
    pattern = matcher(query)
    if pattern is None:
        return ""
    transcript = open_transcript(reader, trace)
    for index in range(transcript.block_count):
        text = transcript.text(index)
        found = pattern.search(text)
        if found:
            start, end = max(0, found.start() - AROUND), min(len(text), found.end() + AROUND)
            cut = text[start:end]
            return ("… " if start else "") + " ".join(cut.split()) + (" …" if end < len(text) else "")
    return ""


def index_is_whole(reader: Reader) -> bool:
    """Return whether the index holds exactly the traces that have a body."""
    try:
        missing = reader.db.execute(
            "SELECT count(*) FROM head WHERE trace NOT IN (SELECT rowid FROM text_index)"
        ).fetchone()[0]
        extra = reader.db.execute(
            "SELECT count(*) FROM text_index WHERE rowid NOT IN (SELECT trace FROM head)"
        ).fetchone()[0]
    except sqlite3.DatabaseError:
        return False
    return not missing and not extra
