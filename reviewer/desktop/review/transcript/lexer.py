"""JSON coloured by its logical text, not by its rows: a string that spans rows keeps its colour."""

import re
from typing import Literal, NamedTuple

STEP = 4096
QUOTED = re.compile(r'"(?:[^"\\\n]|\\.)*("|(?=\n)|\Z)')
REST = re.compile(r'(?:[^"\\\n]|\\.)*("|(?=\n)|\Z)')
TOKEN = re.compile(
    r'(?P<string>"(?:[^"\\\n]|\\.)*(?:"|(?=\n)|\Z))|(?P<number>-?\d[\d.eE+-]*)|(?P<word>\btrue\b|\bfalse\b|\bnull\b)'
    r"|(?P<mark>[{}\[\],:]+)"
)
COLON = re.compile(r"[ \t]*:")
Kind = Literal["key", "string", "number", "word", "mark"]


class Token(NamedTuple):
    """A coloured piece: offsets of the text, and what it is."""

    start: int
    end: int
    kind: Kind


class Lexer:
    """The tokens of a JSON text, read in steps of 4 KB whose end states are kept.

    ``inside`` says that the text begins inside a string, as a later block of one long line may.
    """

    def __init__(self, text: str, inside: bool | None = None) -> None:
        self._text = text
        # For each step that was read: where the next one starts, always outside a string.
        self._starts: list[int] = []
        self._first: list[Token] = []
        begin = 0
        if inside if inside is not None else starts_inside(text):
            match = REST.match(text)
            begin = match.end() if match else 0
            self._first.append(Token(0, begin, "string"))
        self._starts.append(begin)
        self._read: list[list[Token]] = []

    def tokens(self, start: int, end: int) -> list[Token]:
        """Return the tokens that touch ``start`` to ``end``, in order."""
        while self._starts[-1] < min(end, len(self._text)):
            self._step()
        out = [token for token in self._first if token.end > start and token.start < end]
        for number, step in enumerate(self._read):
            if self._starts[number] >= end:
                break
            if self._starts[number + 1] > start:
                out += [token for token in step if token.end > start and token.start < end]
        return out

    def _step(self) -> None:
        text = self._text
        start = at = self._starts[-1]
        tokens: list[Token] = []
        for match in TOKEN.finditer(text, start):
            at = match.end()
            kind = match.lastgroup
            if kind == "string":
                kind = "key" if COLON.match(text, at) else "string"
            tokens.append(Token(match.start(), at, kind))  # type: ignore[arg-type]
            if at >= start + STEP:
                break
        else:
            at = len(text)
        self._read.append(tokens)
        self._starts.append(max(at, start + 1))


def starts_inside(text: str) -> bool:
    """Return whether a piece of JSON seems to begin inside a string: its first quote closes rather than opens."""
    quote = re.search(r'(?<!\\)"', text)
    if quote is None:
        return False
    before = text[: quote.start()].rstrip()[-1:]
    after = text[quote.end() :].lstrip()[:1]
    return after in (",", ":", "}", "]") and before not in ("", ",", ":", "{", "[")
