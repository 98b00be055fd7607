"""When each checklist was done last, and by whom."""

from reviewer.workspace.file import Reader

LAST = "SELECT name, reviewer, max(at_us) FROM checklist_done GROUP BY name"


def last_done(reader: Reader) -> dict[str, tuple[str, int]]:
    """Return the reviewer and the moment (microseconds) of the last time, by the checklist's name."""
    return {name: (reviewer, at_us) for name, reviewer, at_us in reader.db.execute(LAST)}
