"""One long line of JSON as indented lines, with a map back to the stored characters."""

import re

from reviewer.desktop.shown import Shown

SHORT = 64  # a list or object of at most so many stored characters stays on its line
LONGEST = 70_000
DEEPEST = 40
PIECE = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|[{}\[\],:]|[ \t\r\n]+|[^"{}\[\],: \t\r\n]+')


def pretty(text: str) -> Shown:
    """Return JSON of one line with line ends and indents added; anything else as it is stored."""
    if "\n" in text or not SHORT < len(text) <= LONGEST:
        return Shown(text, None)
    matches = list(PIECE.finditer(text))
    inline = _short_ones(matches)
    if inline is None:
        return Shown(text, None)
    out: list[str] = []
    origin: list[int] = []
    depth = 0
    quiet_until = -1  # the end of the short container that is being written as it stands
    for match in matches:
        start, end = match.span()
        sign = match[0]
        if start < quiet_until:
            _take(out, origin, sign, start)
            continue
        if sign in "{[" and inline.get(start, 0):
            quiet_until = inline[start]
            _take(out, origin, sign, start)
        elif sign in "{[":
            depth += 1
            _take(out, origin, sign, start)
            _break(out, origin, depth, end)
        elif sign in "}]":
            depth -= 1
            _break(out, origin, depth, start)
            _take(out, origin, sign, start)
        elif sign == ",":
            _take(out, origin, sign, start)
            _break(out, origin, depth, end)
        elif sign == ":":
            _take(out, origin, sign, start)
            _add(out, origin, " ", end)
        elif not sign.isspace():
            _take(out, origin, sign, start)
    origin.append(len(text))
    return Shown("".join(out), origin)


def _short_ones(matches: list[re.Match[str]]) -> dict[int, int] | None:
    """Return where short containers begin and end, or None where brackets do not pair or nest too deep."""
    stack: list[tuple[str, int]] = []
    short: dict[int, int] = {}
    for match in matches:
        sign = match[0]
        if sign in ("{", "["):
            stack.append((sign, match.start()))
            if len(stack) > DEEPEST:
                return None
        elif sign in ("}", "]"):
            if not stack or stack[-1][0] + sign not in ("{}", "[]"):
                return None
            _, start = stack.pop()
            if match.end() - start <= SHORT:
                short[start] = match.end()
    return None if stack else short


def _take(out: list[str], origin: list[int], sign: str, start: int) -> None:
    out.append(sign)
    origin.extend(range(start, start + len(sign)))


def _add(out: list[str], origin: list[int], text: str, at: int) -> None:
    out.append(text)
    origin.extend([at] * len(text))


def _break(out: list[str], origin: list[int], depth: int, at: int) -> None:
    _add(out, origin, "\n" + "  " * max(0, depth), at)
