"""From what is rendered to what is stored and back: characters of a document, of a text, of Qt.

Qt counts UTF-16 units, Python and the stored anchors count code points; the conversion is here and nowhere else.
"""

import re
from bisect import bisect_left, bisect_right

PROBES = ((6, 24), (24, 60_000), (8, 4_000), (3, 400), (1, 64))  # length of what is looked for, and how far ahead
SHORT = 6  # a probe shorter than this may be found in the wrong place
AHEAD = 24
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,20});")
BREAKS = "\n\u2028\u2029\ufdd0\ufdd1"


class Units:
    """The UTF-16 positions of a text. Without characters beyond the first plane both counts are equal."""

    def __init__(self, text: str) -> None:
        self._wide = [i for i, sign in enumerate(text) if sign > "\uffff"] if _has_wide(text) else []

    def to_units(self, points: int) -> int:
        """Return the UTF-16 position of a code point position."""
        return points + bisect_left(self._wide, points)

    def to_points(self, units: int) -> int:
        """Return the code point position of a UTF-16 position; the middle of a pair gives the pair's start."""
        low, high = 0, len(self._wide)
        while low < high:
            middle = (low + high) // 2
            if self._wide[middle] + middle < units - 1:
                low = middle + 1
            else:
                high = middle
        if low < len(self._wide) and self._wide[low] + low == units - 1:
            return self._wide[low]
        return units - low


def _has_wide(text: str) -> bool:
    return not text.isascii() and max(text) > "\uffff"


def align(rendered: str, stored: str) -> list[int]:
    """Return for each rendered character the index of the stored one, and the stored length at the end.

    What is rendered is nearly a subsequence of what is stored (Markdown's signs are gone, entities are resolved).
    The longest probe that is found soon decides; what is found nowhere stands at the place reached so far. The
    result never falls.
    """
    if "&" not in stored:
        return _follow(rendered, stored)
    resolved, origin = _resolve(stored)
    return [origin[place] for place in _follow(rendered, resolved)]


def _follow(rendered: str, stored: str) -> list[int]:
    out: list[int] = []
    at = 0
    size = len(stored)
    for i, sign in enumerate(rendered):
        if at < size and (stored[at] == sign or (sign.isspace() and stored[at].isspace())):
            out.append(at)
            at += 1
            continue
        # A block's end stands for blank lines and for the signs at the start of the next line.
        found = -1 if sign.isspace() else _look(rendered, i, stored, at)
        out.append(min(at, size) if found < 0 else found)
        at = at if found < 0 else found + 1
    out.append(size)
    return out


def _resolve(stored: str) -> tuple[str, list[int]]:
    """Return a text with its entities resolved, and for each character where it is stored."""
    import html  # with two thousand names of entities: not for the start

    out: list[str] = []
    origin: list[int] = []
    at = 0
    for match in ENTITY.finditer(stored):
        signs = html.unescape(match[0])
        if signs == match[0]:
            continue
        out += [stored[at : match.start()], signs]
        origin += [*range(at, match.start()), *([match.start()] * len(signs))]
        at = match.end()
    out.append(stored[at:])
    origin += range(at, len(stored) + 1)
    return "".join(out), origin


def _look(rendered: str, i: int, stored: str, at: int) -> int:
    for length, ahead in PROBES:
        probe = rendered[i : i + length]
        cut = min((place for sign in BREAKS if (place := probe.find(sign)) > 0), default=len(probe))
        rest = rendered[i + 1 : i + 1 + SHORT]
        if length < SHORT and len(rest) == SHORT and (goes_on := stored.find(rest, at, at + AHEAD)) >= 0:
            # What follows is found at once; the sign itself either stands before it or stands for something else.
            return goes_on - 1 if goes_on > at and stored[goes_on - 1] == rendered[i] else -1
        found = stored.find(probe[:cut], at, at + ahead)
        if found >= 0:
            return found
    return -1


class Map:
    """A pair of maps between rendered and stored positions of one text."""

    def __init__(self, origin: list[int]) -> None:
        self._origin = origin

    def to_stored(self, rendered: int) -> int:
        """Return the stored position of a rendered one."""
        return self._origin[max(0, min(rendered, len(self._origin) - 1))]

    def end_to_stored(self, rendered: int) -> int:
        """Return where the stored text of what is rendered before this position ends."""
        if rendered <= 0:
            return self._origin[0]
        if rendered >= len(self._origin) - 1:
            return self._origin[-1]
        return min(self._origin[rendered - 1] + 1, self._origin[rendered])

    def to_rendered(self, stored: int) -> int:
        """Return the rendered position of a stored one: the first that stands at or after it."""
        return min(bisect_left(self._origin, stored), len(self._origin) - 1)

    def end_to_rendered(self, stored: int) -> int:
        """Return where a range that ends at a stored position ends when rendered."""
        return min(bisect_right(self._origin, stored - 1), len(self._origin) - 1) if stored > 0 else 0


def through(first: list[int], second: list[int] | None) -> list[int]:
    """Return one map from two: rendered to shown, then shown to stored."""
    return first if second is None else [second[min(place, len(second) - 1)] for place in first]
