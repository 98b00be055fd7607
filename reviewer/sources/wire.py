"""Protobuf's wire format: the fields of a message, without knowing what the message is.

After https://protobuf.dev/programming-guides/encoding/. A field comes as its tag, which is its number times eight
plus how it is written, so that a reader asks for both at once and passes over what it does not know.
"""

from collections.abc import Iterator
from struct import Struct

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
"""How a field is written: the lowest three bits of its tag."""

_FIXED64, _FIXED32, _DOUBLE = Struct("<Q"), Struct("<I"), Struct("<d")
_LONGEST = 10
"""Bytes of the longest varint, which holds 64 bit."""


class Malformed(ValueError):
    """Bytes that are no message; the text says why."""


def fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield the fields of a message in order, each as its tag and its value: bytes, or an unsigned integer.

    Raises:
        Malformed: the bytes are no message, or end inside a field; fields before that were given.
    """
    at, end = 0, len(data)
    while at < end:
        tag = data[at]
        at += 1
        if tag > 127:
            tag, at = varint(data, at - 1)
        kind = tag & 7
        if kind == BYTES:
            if at < end and data[at] < 128:
                size, at = data[at], at + 1
            else:
                size, at = varint(data, at)
            if at + size > end:
                raise Malformed("a field ends outside its message")
            yield tag, data[at : at + size]
            at += size
        elif kind == VARINT:
            value, at = varint(data, at)
            yield tag, value
        elif kind in (FIXED64, FIXED32):
            layout = _FIXED64 if kind == FIXED64 else _FIXED32
            if at + layout.size > end:
                raise Malformed("a field ends outside its message")
            yield tag, layout.unpack_from(data, at)[0]
            at += layout.size
        else:
            raise Malformed(f"no field is written in the way {kind}")


def varint(data: bytes, at: int) -> tuple[int, int]:
    """Return the number of seven bits a byte at a position, 64 bit at most, and the position behind it.

    Raises:
        Malformed: the bytes end inside it, or it does not end.
    """
    value = 0
    for place, byte in enumerate(data[at : at + _LONGEST]):
        value |= (byte & 127) << (7 * place)
        if byte < 128:
            return value & 0xFFFFFFFFFFFFFFFF, at + place + 1
    raise Malformed("a number does not end")


def signed(value: int) -> int:
    """Return 64 bits as the signed integer that they are."""
    return value - (1 << 64) if value >> 63 else value


def double(value: int) -> float:
    """Return 64 bits as the floating-point number that they are."""
    number: float = _DOUBLE.unpack(_FIXED64.pack(value))[0]
    return number
