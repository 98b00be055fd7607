"""Columns of tables: what a person says of them, and remembering it for the next table with the same columns."""

from collections.abc import Mapping, Sequence

from reviewer.errors import UsageError
from reviewer.sources.tables.columns import Use, parse_use
from reviewer.verbs.changes import Changes
from reviewer.workspace.ask import mappings as asked
from reviewer.workspace.file import Reader, Writer
from reviewer.workspace.mappings import set_mapping


def remembered(reader: Reader) -> dict[str, dict[str, Use]]:
    """Return what was said of columns in this workspace, by the key of the header, as ``sources.read`` takes it.

    A use that this version does not know any more is left out.
    """
    return {key: parsed(uses) for key, uses in asked.mappings(reader).items()}


def remember(writer: Writer, key: str, uses: Mapping[str, Use]) -> Changes:
    """Remember the uses of columns for every table with this header; no uses forget them."""
    set_mapping(writer, key, {column: str(use) for column, use in uses.items()})
    return Changes()


def parse_pairs(texts: Sequence[str]) -> dict[str, Use]:
    """Return the uses that texts such as ``reply=assistant`` name; a column's name may hold equal signs.

    Raises:
        UsageError: a text has no equal sign, the use is unknown, or a column stands twice.
    """
    uses: dict[str, Use] = {}
    for text in texts:
        column, equals, use = text.rpartition("=")
        if not equals or not column:
            raise UsageError(
                f"{text!r} names no column and its use.", "Write it as COLUMN=USE, for example reply=assistant."
            )
        if column in uses:
            raise UsageError(f"The column {column!r} is mapped twice.", "One column has one use.")
        uses[column] = parse_use(use)
    return uses


def parsed(uses: Mapping[str, str]) -> dict[str, Use]:
    """Return the uses of columns that were kept as text, without those that this version does not know."""
    found: dict[str, Use] = {}
    for column, text in uses.items():
        try:
            found[column] = parse_use(text)
        except UsageError:
            continue
    return found
