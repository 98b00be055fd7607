"""Text as it may be shown: what would be invisible or would reorder its neighbours gets a visible marker.

Stored text is never changed; what is shown is made from it, with a map back to the stored characters.
"""

import re
from typing import NamedTuple

LIMIT = 300  # characters of a one-line text: a name, a title, a tooltip
CONTROLS = r"\x00-\x08\x0b-\x1f\x7f"
INVISIBLE = (
    CONTROLS + "\x80-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef"
    "\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f"
)
COMBINING = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
ASCII_WILD = re.compile(f"[{CONTROLS}]+")
WILD = re.compile(f"[{INVISIBLE}]+|[{COMBINING}]{{8,}}")
JOINERS = "\u200c\u200d"


class Shown(NamedTuple):
    """Text to show, and for each of its characters the index of the stored character it stands for.

    ``origin`` has one entry more than the text (the stored length), or is None where nothing was changed.
    """

    text: str
    origin: list[int] | None


def show(text: str) -> Shown:
    """Return stored text with markers: ``[U+202E]`` for a control, ``[U+200B x3]`` for a run, ``[…]`` for piled marks.

    CRLF becomes one line end. Tabs and line feeds stay.
    """
    wild = ASCII_WILD if text.isascii() else WILD
    if wild.search(text) is None:
        return Shown(text, None)
    pieces: list[str] = []
    origin: list[int] = []
    at = 0
    for match in wild.finditer(text):
        start, end = match.span()
        pieces.append(text[at:start])
        origin.extend(range(at, start))
        for piece, where in _marked(text, start, end):
            pieces.append(piece)
            origin.extend([where] * len(piece))
        at = end
    pieces.append(text[at:])
    origin.extend(range(at, len(text) + 1))
    return Shown("".join(pieces), origin)


def _marked(text: str, start: int, end: int) -> list[tuple[str, int]]:
    """Return the pieces that stand for ``text[start:end]``, each with the index it stands for."""
    run = text[start:end]
    if re.fullmatch(f"[{COMBINING}]+", run):
        return [("[…]", start)]
    out: list[tuple[str, int]] = []
    at = start
    while at < end:
        sign = text[at]
        stop = at + 1
        while stop < end and text[stop] == sign:
            stop += 1
        if sign == "\r" and text[stop : stop + 1] == "\n":
            if stop - at > 1:
                out.append((_name("\r", stop - at - 1), at))
        elif sign in JOINERS and stop - at == 1 and _joins(text, at):
            out.append((sign, at))
        else:
            out.append((_name(sign, stop - at), at))
        at = stop
    return out


def _joins(text: str, at: int) -> bool:
    """Whether a zero-width joiner stands between two letters that it may shape, as in Persian or in an emoji."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return bool(before and after) and min(before, after) > "\u02ff"


def _name(sign: str, times: int) -> str:
    return f"[U+{ord(sign):04X}]" if times == 1 else f"[U+{ord(sign):04X} ×{times}]"


def safe(text: str, limit: int = LIMIT) -> str:
    """Return text as one line of at most ``limit`` characters, markers for what cannot be seen, cut with an ellipsis."""
    line = " ".join(show(text[: limit * 8 + 64]).text.split())
    return line if len(line) <= limit else line[: max(0, limit - 1)] + "…"


def paragraphs(text: str, limit: int = 5000) -> str:
    """Return text of several lines with markers, at most ``limit`` characters."""
    lines = show(text[: limit + 1]).text
    return lines if len(lines) <= limit else lines[: limit - 1] + "…"
