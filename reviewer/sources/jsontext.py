"""JSON text to values and back, in one place: what is refused, what is kept exactly, and what is warned of.

Two ways in. ``parse_fast`` is for lines that machines write by the million (spans); of repeated keys the last wins
without a word. ``parse_checked`` warns of repeated keys and of half surrogates, and refuses depth beyond
``MAX_DEPTH``. Neither rounds a number unless told that it may: an integer beyond 64 bit is kept as its digits.
"""

import json
import re
from collections.abc import Callable
from typing import Any, NoReturn

import orjson

MAX_DEPTH = 100
"""Arrays and objects inside each other that ``parse_checked`` still takes."""

_TOO_LONG = (b"0" * 20, b"-" + b"0" * 19)
_DIGITS_ONLY = bytes(ord("0") if 48 <= byte <= 57 else byte if byte == ord("-") else ord(" ") for byte in range(256))
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_INT64 = 2**63

Warn = Callable[[str], None]


class Digits(str):
    """An integer too long for 64 bit, kept as it was written."""

    __slots__ = ()


class NotJson(Exception):
    """A text that is no JSON we take; the message says why and where.

    ``goes_on`` says that a whole value is followed by more text.
    """

    def __init__(self, reason: str, *, goes_on: bool = False) -> None:
        super().__init__(reason)
        self.goes_on = goes_on


def parse_fast(raw: bytes | str, *, exact: bool = True) -> Any:
    """Return the value of a JSON text; raise ``NotJson``. Depth up to 1024, repeated keys unseen.

    ``exact`` False is for OTLP, which writes its 64-bit integers as texts: a longer bare number may be rounded.
    """
    try:
        data = raw.encode() if isinstance(raw, str) else raw
    except UnicodeEncodeError:
        return _Reader(None).read(raw)
    if not (exact and _may_be_rounded(data)):
        try:
            return orjson.loads(data)
        except orjson.JSONDecodeError:
            pass  # the other reader takes half surrogates, and says better what is wrong
    value = _Reader(None).read(data)
    if is_deeper(value, 1024):
        raise NotJson("nested too deep")
    return value


def _may_be_rounded(data: bytes) -> bool:
    # orjson turns integers beyond 64 bit into floats; only such a run of digits can be one.
    if len(data) < len(_TOO_LONG[0]):
        return False
    digits = data.translate(_DIGITS_ONLY)
    return _TOO_LONG[0] in digits or _TOO_LONG[1] in digits


def parse_checked(raw: bytes | str, warn: Warn, *, nan_as_text: bool = False) -> Any:
    """Return the value of a JSON text; raise ``NotJson``. Warns of repeated keys and of half surrogates.

    ``NaN`` and ``Infinity`` are refused, or with ``nan_as_text`` kept as these words.
    """
    value = _Reader(warn, str if nan_as_text else _refuse).read(raw)
    if is_deeper(value, MAX_DEPTH):
        raise NotJson(f"nested more than {MAX_DEPTH} levels deep")
    return value


def is_deeper(value: Any, levels: int) -> bool:
    """Return whether arrays and objects stand inside each other more than ``levels`` deep."""
    layer = [value] if isinstance(value, (dict, list)) else []
    for _ in range(levels):
        if not layer:
            return False
        layer = [
            inner
            for outer in layer
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]
    return bool(layer)


def dump(value: Any) -> str:
    """Return a value as JSON text, as short as it goes; what JSON has no word for is written as its text."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value, ensure_ascii=False, default=str, separators=(",", ":"))


def printable(text: str) -> str:
    """Return a text with half surrogates replaced by U+FFFD, so that it can be stored as UTF-8."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


class _Reader:
    """The standard library's reader with our rules; one use each."""

    def __init__(self, warn: Warn | None, constant: Callable[[str], Any] | None = None) -> None:
        self.warn = warn
        self.decoder = json.JSONDecoder(
            object_pairs_hook=self.pairs if warn else None, parse_constant=constant or _refuse, parse_int=exact_int
        )

    def pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """Build an object; the last of repeated keys wins."""
        built = dict(pairs)
        if len(built) < len(pairs) and self.warn:
            seen: set[str] = set()
            for key in (k for k, _ in pairs):
                if key in seen:
                    self.warn(f"the key {printable(key)!r} stands twice in one object: the last one was kept")
                seen.add(key)
        return built

    def read(self, raw: bytes | str) -> Any:
        """Return the value of the whole text."""
        try:
            text = raw.decode("utf-8") if isinstance(raw, bytes) else raw
            value = self.decoder.decode(text)
        except UnicodeDecodeError as why:
            raise NotJson(f"not UTF-8 at byte {why.start}") from why
        except json.JSONDecodeError as why:
            where = f"column {why.colno}" if why.lineno == 1 else f"its line {why.lineno} column {why.colno}"
            raise NotJson(f"not valid JSON: {why.msg} at {where}", goes_on=why.msg == "Extra data") from why
        except RecursionError as why:
            raise NotJson("nested too deep") from why
        if _SURROGATE_ESCAPE.search(text) or not _encodes(text):
            return self.mended(value)
        return value

    def mended(self, value: Any) -> Any:
        """Return the value with half surrogates replaced, and warn once if there were any."""
        try:
            whole = _without_surrogates(value)
        except RecursionError as why:
            raise NotJson("nested too deep") from why
        if self.warn and whole != value:
            self.warn("half a surrogate pair was replaced by U+FFFD")
        return whole


def exact_int(digits: str) -> int | Digits:
    """Return an integer, or its digits where it does not fit 64 bit."""
    if len(digits) < 19:
        return int(digits)
    if len(digits) > 20:
        return Digits(digits)
    number = int(digits)
    return number if -_INT64 <= number < _INT64 else Digits(digits)


def _refuse(word: str) -> NoReturn:
    raise NotJson(f"not valid JSON: {word} is no number")


def _encodes(text: str) -> bool:
    return text.isascii() or _SURROGATE.search(text) is None


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        return {printable(key): _without_surrogates(item) for key, item in value.items()}
    return value
