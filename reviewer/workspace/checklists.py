"""Write when a checklist was done."""

from reviewer.workspace.file import Writer


def add(writer: Writer, name: str, reviewer: str) -> None:
    """Note that a checklist was done now."""
    with writer.change() as db:
        db.execute(
            "INSERT INTO checklist_done (name, reviewer, at_us) VALUES (?, ?, ?)", (name, reviewer, writer.clock())
        )
