"""Write where a judge's numbers part pass and fail."""

import json

from reviewer.model.judge import Cut
from reviewer.workspace.ask.judges import CUTS
from reviewer.workspace.file import Writer, as_json, read_meta, write_meta


def set_cut(writer: Writer, name: str, cut: Cut | None) -> None:
    """Remember the cut of a judge; None forgets it."""
    with writer.change() as db:
        stored = json.loads(read_meta(db, CUTS, "{}"))
        stored.pop(name, None)
        if cut is not None:
            stored[name] = [cut.at, cut.fails_below]
        write_meta(db, **{CUTS: as_json(stored)})
