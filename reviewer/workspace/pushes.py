"""Write which labels were pushed to a service, so that a second push sends only what changed."""

import hashlib

from reviewer.model.label import Label
from reviewer.workspace.file import Writer, as_json


def hash_of(label: Label) -> str:
    """Return what tells a label from one with another value, explanation or place."""
    told = as_json([label.kind, label.value, label.explanation, label.span])
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def sent(writer: Writer, origin: str, own_id: str, label: Label, remote_id: str | None) -> None:
    """Note that a label stands in a service, and under which id of the service's."""
    value = "" if label.kind == "expected" else label.value  # words that forgetting would have to find
    row = (
        origin, own_id, label.trace, label.reviewer, label.kind, label.name, as_json(value), label.span,
        hash_of(label), remote_id, writer.clock(),
    )  # fmt: skip
    with writer.change() as db:
        db.execute("INSERT OR REPLACE INTO pushed VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def taken_back(writer: Writer, origin: str, own_id: str) -> None:
    """Note that a label was taken out of a service."""
    with writer.change() as db:
        db.execute("DELETE FROM pushed WHERE origin = ? AND id = ?", (origin, own_id))
