"""JSON lines: the canonical record itself, one a line."""

from collections.abc import Iterable

from reviewer.exports.sets.canonical import Row, SetAbout, line
from reviewer.exports.sets.losses import Losses
from reviewer.exports.sets.writing import Folder

LOSES = ("Anchors, first failures and document labels stay in the workspace.",)


def write(rows: Iterable[Row], folder: Folder, about: SetAbout, lost: Losses) -> None:
    """Write ``dataset.jsonl``."""
    with folder.lines("dataset.jsonl") as out:
        for row in rows:
            out.write(line(row))
