"""What a cell of a table holds: text, a number, or a list that was written as JSON, as Python or by numpy."""

import math
import re
from typing import Any

from reviewer.sources.assemble.unjson import unjson
from reviewer.sources.building import Refused
from reviewer.sources.jsontext import dump

_NUMPY_LIST = re.compile(r"""\[\s*(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s+['"]""")


def as_text(value: Any) -> str:
    """Return a cell as text; a list of one text is that text, any other list or object its JSON."""
    if isinstance(value, str):
        return value
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, list) and len(value) == 1:
        return as_text(value[0])
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return dump(value)


def as_list(value: Any, column: str) -> list[Any]:
    """Return the items of a cell: those of a list in whatever way it was written, else the cell itself.

    Raises:
        Refused: numpy's way of writing lists, which has no commas: where one text ends cannot be told for sure.
    """
    # Python would read texts without a comma between them as one.
    if isinstance(value, str) and value.lstrip().startswith("[") and _NUMPY_LIST.match(value.lstrip()):
        raise Refused(
            f"the column {column} holds lists as numpy prints them, without commas: write them with to_json, or as Parquet"
        )
    decoded = unjson(value)
    if isinstance(decoded, list):
        return decoded
    if isinstance(decoded, dict):
        return [decoded]
    return [decoded] if as_text(decoded) else []


def as_number(value: Any) -> float | None:
    """Return a cell as a finite number, or None."""
    if isinstance(value, bool):
        return float(value)
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
