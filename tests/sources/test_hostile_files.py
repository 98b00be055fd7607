"""The hostile files: each gets the behaviour that its row in their README asks for, as far as reading goes."""

import importlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from reading_all import Reading, read_all

from reviewer.errors import BadInput

Shared = Callable[..., Path]
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Row:
    """A file, how many traces it gives, the lines or members that are lost, and those that are warned of."""

    file: str
    found: int
    lost: tuple[int | str, ...] = ()
    warned: tuple[int | str, ...] = ()


ROWS = [
    Row("deep_nesting.jsonl", 4, (3,)),
    Row("deep_nesting_valid.jsonl", 4, (3,)),
    Row("truncated.jsonl", 4, (5,)),
    Row("duplicate_keys.jsonl", 5, (), (3, 3)),
    Row("nan_inf.jsonl", 4, (3,)),
    Row("huge_int.jsonl", 5),
    Row("invalid_utf8.jsonl", 4, (3,)),
    Row("bom.jsonl", 5),
    Row("utf16.jsonl", 5),
    Row("nul_and_controls.jsonl", 5),
    Row("lone_surrogate.jsonl", 5, (), (3,)),
    Row("line_separators.jsonl", 5),
    Row("crlf_blank_lines.jsonl", 5),
    Row("not_objects.jsonl", 2, (2, 3)),
    Row("concatenated.json", 2),
    Row("array_bad_element.json", 1, ("element 1",)),
    Row("same_id_other_content.jsonl", 3),
    Row("id_types.jsonl", 8),
    Row("timestamps.jsonl", 8, (), (1, 2, 3, 4, 5, 6, 7)),
    Row("span_cycle.jsonl", 2, (), (1,)),
    Row("span_chain_deep.jsonl", 1),
    Row("many_keys.json", 1),
    Row("hostile_keys.jsonl", 1),
    Row("html_active.jsonl", 5),
    Row("markdown_active.jsonl", 5),
    Row("nested_html_tables.jsonl", 5),
    Row("nested_html_tags.jsonl", 5),
    Row("long_word.jsonl", 5),
    Row("zalgo.jsonl", 5),
    Row("bidi_trojan.jsonl", 5),
    Row("formula_cells.jsonl", 7),
    Row("bomb.jsonl.gz", 1, (2,)),
    Row("truncated.jsonl.gz", 93, (94,)),
    Row("gz_two_members.jsonl.gz", 2),
    Row("bomb.eval", 1, ("samples/2_epoch_1.json",)),
    Row("lying_size.eval", 1, ("samples/2_epoch_1.json",)),
    Row("traversal.eval", 1, ("samples/..\\..\\x.json",), ("../../../../tmp/pwned_dev",)),
    Row("symlink.eval", 1, ("samples/2_epoch_1.json",)),
    Row("damaged.eval", 2, ("samples/2_epoch_1.json",)),
    Row("nul.csv", 3),
    Row("ragged.csv", 1, (2, 3)),
    Row("unclosed_quote.csv", 0, (2,)),
    Row("big_field.csv", 3),
    Row("header_sqli.csv", 1),
    Row("semicolon_latin1.csv", 1),
]
REFUSED = {
    "empty.jsonl": "no records found in empty.jsonl",
    "dup_members.eval": "its name stands 2 times",
    "many_members.eval": "none of its 400 samples could be read",
    "bomb.yaml": "is YAML",
    "tag.yaml": "is YAML",
    "pickle.jsonl": "is a pickle, not JSONL",
    "hostile.sqlite": "is an SQLite database",
    "hostile_names.json": "no traces found in hostile_names.json",
    "rle_bomb.parquet": "unpacks to more than 200 times its size",
    "truncated.parquet": "cannot be read as Parquet",
    "bitflips.parquet": "cannot be read as Parquet",
    "header_dupes.csv": "two columns are called 'input' and 'input'",
}


def places(reading: Reading, *, lost: bool) -> list[int | str | None]:
    return [p.member if p.member is not None else p.line for p in reading.problems if p.lost is lost]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.file)
def test_row(shared: Shared, row: Row) -> None:
    started = time.perf_counter()
    reading = read_all(shared("hostile", row.file))
    assert len(reading.found) == row.found
    assert places(reading, lost=True) == list(row.lost)
    assert places(reading, lost=False) == list(row.warned)
    assert all(problem.file == row.file for problem in reading.problems)
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("file", REFUSED)
def test_one_clear_error(shared: Shared, file: str) -> None:
    importlib.import_module("pyarrow.parquet")  # seconds of their own, which the first file of a process pays
    started = time.process_time()  # not the clock: others may keep the machine busy
    with pytest.raises(BadInput) as told:
        read_all(shared("hostile", file))
    assert REFUSED[file] in str(told.value) and file in str(told.value)
    assert time.process_time() - started < 2
    assert not list(Path("/tmp").glob("pwned_*"))


def test_every_hostile_file_has_a_row(shared: Shared) -> None:
    files = {path.name for path in shared("hostile").iterdir() if path.name != "README.md"}
    assert files == {row.file for row in ROWS} | set(REFUSED)


def third(shared: Shared, file: str) -> Reading:
    reading = read_all(shared("hostile", file))
    reading.found = [found for found in reading.found if found.line == 3]
    return reading


def test_texts_are_kept_to_the_letter(shared: Shared) -> None:
    assert third(shared, "nul_and_controls.jsonl").traces[0].main[0].text == "a\0b\x1b[31mred\x1b]0;title\x07\b\x7f\x85"
    assert third(shared, "line_separators.jsonl").traces[0].main[0].text == "a\u2028b\u2029c\x85d"
    assert "\u202e" in third(shared, "bidi_trojan.jsonl").traces[0].name
    assert len(third(shared, "long_word.jsonl").traces[0].main[1].text) == 150_000
    assert len(third(shared, "zalgo.jsonl").traces[0].main[1].text) > 40_000


def test_a_huge_integer_keeps_every_digit(shared: Shared) -> None:
    kept = third(shared, "huge_int.jsonl").traces[0].metadata["n"]
    assert len(kept) == 5000 and set(kept) == {"9"}


def test_odd_ids_stay_apart(shared: Shared) -> None:
    assert len(set(read_all(shared("hostile", "id_types.jsonl")).ids)) == 8


def test_repeated_keys_are_named(shared: Shared) -> None:
    reasons = " ".join(problem.reason for problem in read_all(shared("hostile", "duplicate_keys.jsonl")).problems)
    assert "'output'" in reasons and "'id'" in reasons


def test_hostile_keys_are_shown_literally(shared: Shared) -> None:
    [trace] = read_all(shared("hostile", "hostile_keys.jsonl")).traces
    assert 'a"]; DROP TABLE labels; --' in trace.metadata and "" in trace.metadata


def test_the_last_good_line_of_a_cut_gzip_is_named(shared: Shared) -> None:
    [problem] = read_all(shared("hostile", "truncated.jsonl.gz")).problems
    assert "the last whole line is 93" in problem.reason


def test_bombs_stay_small_in_memory(shared: Shared) -> None:
    files = [
        str(shared("hostile", name)) for name in ("bomb.jsonl.gz", "bomb.eval", "lying_size.eval", "deep_nesting.jsonl")
    ]
    script = (
        "import sys\nfrom pathlib import Path\nfrom reviewer.sources import read\n"
        "for name in sys.argv[1:]:\n list(read(Path(name), None, lambda p: None, lambda d, t: None))\n"
        # Not ru_maxrss: a process begins with the peak of the one that started it, which here is the tests themselves.
        "print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    out = subprocess.run(
        [sys.executable, "-c", script, *files], capture_output=True, check=True, env=environment, text=True
    )
    assert int(out.stdout) * 1024 < 500_000_000
