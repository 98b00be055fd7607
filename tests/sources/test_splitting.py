"""Finding where values end, however the bytes are cut into chunks."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.sources import splitting
from reviewer.sources.splitting import Piece, split_lines, split_values

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


def chunks(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


def split(data: bytes, size: int = 1_000_000) -> list[Piece]:
    return list(split_values(iter(chunks(data, size))))


@given(st.lists(VALUES, max_size=5), st.sampled_from([None, 2]), st.integers(1, 9))
def test_an_array_gives_its_elements(values: list[Any], indent: int | None, size: int) -> None:
    text = json.dumps(values, indent=indent, ensure_ascii=False).encode("utf-8", "surrogatepass")
    found = split(text, size)
    assert [piece.fault for piece in found] == [None] * len(values)
    assert [json.loads(piece.data.decode("utf-8", "surrogatepass")) for piece in found] == values
    assert [piece.index for piece in found] == list(range(len(values)))


@given(st.lists(st.dictionaries(st.text(), VALUES, max_size=3), min_size=1, max_size=4), st.integers(1, 9))
def test_documents_back_to_back(values: list[Any], size: int) -> None:
    text = "".join(json.dumps(value, indent=1) for value in values).encode()
    assert [json.loads(piece.data) for piece in split(text, size)] == values


@given(st.binary(max_size=60), st.integers(1, 7))
def test_any_bytes_end_and_chunks_do_not_matter(data: bytes, size: int) -> None:
    whole = [(p.data, p.line, p.offset, p.index, p.fault) for p in split(data)]
    assert whole == [(p.data, p.line, p.offset, p.index, p.fault) for p in split(data, size)]
    assert all(piece[4] is None for piece in whole[:-1])


def test_lines_and_positions_are_those_of_the_file() -> None:
    found = split(b'[\n {"a": 1},\n\n {"b":\n 2}]', 3)
    assert [(piece.line, piece.index, piece.offset) for piece in found] == [(2, 0, 3), (4, 1, 15)]


@pytest.mark.parametrize(
    ("data", "whole", "fault"),
    [
        (b'[{"a":1},{"b":2]', 1, "wrong bracket closes at byte 15"),
        (b'[{"a":1},{"b":"x', 1, "ends inside this value"),
        (b'[{"a":1}', 1, "ends before the array does"),
        (b'[{"a":1}] x', 1, "more text after the end of the array"),
        (b'{"a":1} x', 1, "no JSON value begins"),
        (b"}", 0, "no JSON value begins"),
        (b'[{"a":1},' + b"[" * 5000, 1, "nested more than 2,000 levels deep"),
    ],
)
def test_what_is_broken_says_where_and_ends_the_reading(data: bytes, whole: int, fault: str) -> None:
    found = split(data)
    assert [piece.fault is None for piece in found] == [True] * whole + [False]
    assert fault in str(found[-1].fault)


def test_a_value_beyond_the_cap_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "VALUE_CAP", 100)
    assert "longer than" in str(split(b'[{"a": "' + b"x" * 500 + b'"}]', 50)[0].fault)


@given(st.lists(st.binary(max_size=12).filter(lambda line: b"\n" not in line), max_size=8), st.integers(1, 9))
def test_lines_are_cut_at_newlines_alone(lines: list[bytes], size: int) -> None:
    found = list(split_lines(iter(chunks(b"\n".join(lines), size))))
    expected = [(number, line) for number, line in enumerate(lines, 1) if line and not line.isspace()]
    assert [(piece.line, piece.data) for piece in found] == expected


def test_a_line_beyond_the_cap_is_one_fault_and_the_next_line_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splitting, "VALUE_CAP", 10)
    found = list(split_lines(iter(chunks(b"short\n" + b"x" * 50 + b"\nlast", 7))))
    assert [(piece.line, piece.data, piece.fault is None) for piece in found] == [
        (1, b"short", True),
        (2, b"", False),
        (3, b"last", True),
    ]
