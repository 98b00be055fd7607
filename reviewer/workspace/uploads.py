"""Note which version of a dataset was uploaded to which service."""

from reviewer.model.dataset import Uploaded
from reviewer.workspace.file import Writer


def note(writer: Writer, told: Uploaded) -> None:
    """Note an upload of a version that is kept here, also of one that was not carried to its end."""
    row = (
        told.origin, told.service, told.redacted, told.created, told.changed, told.removed, told.failed, told.state,
        writer.clock(), told.dataset, told.version,
    )  # fmt: skip
    with writer.change() as db:
        db.execute(
            "INSERT INTO upload (version, origin, service, redacted, created, changed, removed, failed, state, at_us) "
            "SELECT id, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM dataset_version WHERE dataset = ? AND number = ?",
            row,
        )
