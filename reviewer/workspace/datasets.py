"""Write versions of datasets, and what evals said of their examples. Nothing of either is ever changed."""

from collections.abc import Mapping, Sequence

from reviewer.errors import WorkspaceBusy
from reviewer.model.dataset import EvalRun, Example, Line, Split, Version
from reviewer.model.ids import TraceId
from reviewer.workspace.file import Writer, as_json


def add(writer: Writer, line: Line, made: Version, rows: Sequence[Example], sessions: Mapping[str, Split]) -> None:
    """Store a version with its rows, and the split of the sessions that are new; a session that has one keeps it.

    A version with these labels that is there already stays as it is.

    Raises:
        WorkspaceBusy: another version was stored since this one was planned, so that its splits may be others.
    """
    with writer.change() as db:
        sql = "SELECT content_hash FROM dataset_version WHERE dataset = ? AND (number = ? OR content_hash = ?)"
        stored = [row[0] for row in db.execute(sql, (made.dataset, made.number, made.content_hash))]
        if made.content_hash in stored:
            return
        if stored:
            raise WorkspaceBusy(f"{made.dataset} got another version {made.number} meanwhile.", "Try again.")
        db.execute("INSERT INTO dataset VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                   (line.name, line.salt, as_json(dict(line.weights))))  # fmt: skip
        db.executemany(
            "INSERT INTO dataset_session VALUES (?, ?, ?, 0) ON CONFLICT DO NOTHING",
            [(line.name, session, split) for session, split in sessions.items()],
        )
        made_as = db.execute(
            "INSERT INTO dataset_version (dataset, number, content_hash, parent, created_us, query, taxonomy_version) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                made.dataset,
                made.number,
                made.content_hash,
                made.parent,
                made.created_us,
                made.query,
                made.taxonomy_version,
            ),
        ).lastrowid
        db.executemany(
            "INSERT INTO dataset_row VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (made_as, r.id, r.trace, r.week, r.group, r.split, r.digest, r.verdict, as_json(list(r.modes)))
                for r in rows
            ],
        )


def pin(writer: Writer, line: Line, session: str, split: Split) -> None:
    """Give a session its split by hand, before any version holds it."""
    with writer.change() as db:
        db.execute("INSERT INTO dataset VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                   (line.name, line.salt, as_json(dict(line.weights))))  # fmt: skip
        db.execute(
            "INSERT INTO dataset_session VALUES (?, ?, ?, 1) ON CONFLICT (dataset, session) DO UPDATE SET split = excluded.split",
            (line.name, session, split),
        )


def unpin(writer: Writer, name: str, session: str) -> None:
    """Take back the split that a session was given by hand."""
    with writer.change() as db:
        db.execute("DELETE FROM dataset_session WHERE dataset = ? AND session = ? AND by_hand", (name, session))


def add_run(writer: Writer, run: EvalRun, digest: str) -> bool:
    """Store one run of an eval; return False where the very same results are here already."""
    with writer.change() as db:
        if db.execute("SELECT 1 FROM eval_run WHERE digest = ?", (digest,)).fetchone():
            return False
        stored = db.execute(
            "INSERT INTO eval_run (version, suite, tool, model, prompt_version, at_us, imported_us, digest) "
            "SELECT id, ?, ?, ?, ?, ?, ?, ? FROM dataset_version WHERE dataset = ? AND number = ?",
            (
                run.suite,
                run.tool,
                run.model,
                run.prompt_version,
                run.at_us,
                writer.clock(),
                digest,
                run.dataset,
                run.version,
            ),
        ).lastrowid
        db.executemany("INSERT INTO eval_result VALUES (?, ?, ?, ?, ?)", [(stored, *one) for one in run.outcomes])
    return True


def forget(writer: Writer, ids: Sequence[TraceId]) -> None:
    """Erase the hashes of what traces say from the rows of all versions; ids, splits and verdicts stay."""
    with writer.change() as db:
        db.execute(
            "UPDATE dataset_row SET digest = '' WHERE trace IN (SELECT value FROM json_each(?))", (as_json(list(ids)),)
        )
