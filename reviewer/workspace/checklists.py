"""Write when a checklist was done, or that it was not."""

from reviewer.workspace.file import Writer


def add(writer: Writer, name: str, reviewer: str) -> None:
    """Note that a checklist was done now."""
    with writer.change() as db:
        db.execute(
            "INSERT INTO checklist_done (name, reviewer, at_us) VALUES (?, ?, ?)", (name, reviewer, writer.clock())
        )


def remove_last(writer: Writer, name: str) -> None:
    """Forget the last time that a checklist was done."""
    with writer.change() as db:
        db.execute(
            "DELETE FROM checklist_done WHERE id = (SELECT id FROM checklist_done WHERE name = ? ORDER BY at_us DESC, id "
            "DESC LIMIT 1)",
            (name,),
        )
