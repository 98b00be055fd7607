"""Remember what people said of the columns of tables."""

import json
from collections.abc import Mapping

from reviewer.workspace.ask.mappings import MAPPINGS
from reviewer.workspace.file import Writer, as_json, read_meta, write_meta


def set_mapping(writer: Writer, key: str, uses: Mapping[str, str]) -> None:
    """Remember the uses of the columns of one header; none at all forgets them."""
    with writer.change() as db:
        stored = json.loads(read_meta(db, MAPPINGS, "{}"))
        stored.pop(key, None)
        if uses:
            stored[key] = dict(uses)
        write_meta(db, **{MAPPINGS: as_json(stored)})
