"""Which sessions may not be parted between splits: those that ask the same, or nearly the same.

Exact: the same words before the answer, documents included. Near: the word triples of what the user said (character
triples where a script has no spaces), compared by MinHash (Broder 1997) in bands (Leskovec, Rajaraman and Ullman,
*Mining of Massive Datasets*, 3.4). Triples that stand in many conversations are a template and say nothing.
"""

import hashlib
import re
import unicodedata
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reviewer.exports.sets.canonical import Row
from reviewer.exports.sets.splits import split_of
from reviewer.model.dataset import Line, Split

if TYPE_CHECKING:
    import numpy as np

    Hashes = np.ndarray[Any, np.dtype[np.uint32]]

NEAR = 0.7
"""Share of triples in common from which two conversations are nearly the same."""
FEWEST_TRIPLES = 5
"""With fewer that are no template, only the same words are the same."""
MOST_WORDS = 2000
TEMPLATE_SHARE, TEMPLATE_LEAST = 0.1, 5
"""A triple is a template where more conversations than this share and number hold it."""
BANDS, ROWS = 16, 4
COMPARED = 8
"""Conversations of a bucket that a new one is compared with."""

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def session_key(salt: str, row: Row) -> str:
    """Return what stands for a session: a hash, so that nothing is left to erase when the trace is forgotten."""
    said = f"{salt}\x1f{row['session_id'] or row['trace_id']}"
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:20]


@dataclass(slots=True)
class Gathered:
    """What grouping needs of every record: its session and the hashes of its words, about 4 bytes a word."""

    sessions: list[str] = field(default_factory=list)
    asked: list[bytes] = field(default_factory=list)
    whole: list[bytes] = field(default_factory=list)
    triples: "list[Hashes]" = field(default_factory=list)

    def add(self, salt: str, row: Row) -> None:
        """Take one record."""
        before = [f"{m['role']}: {m['content']}" for m in row["messages"] if m["role"] != "system"]
        asked = _plain("\n".join([*before, *row["retrieved_contexts"]]))
        self.sessions.append(session_key(salt, row))
        self.asked.append(_hash(asked))
        self.whole.append(_hash(f"{asked}\x1f{_plain(row['output'])}\x1f{row['verdict']}\x1f{row['failure_modes']}"))
        self.triples.append(_triples(" ".join(m["content"] for m in row["messages"] if m["role"] == "user")))

    def groups(self) -> dict[str, str]:
        """Return for every session the smallest key among those it may not be parted from."""
        joined = _Joined(self.sessions)
        first: dict[bytes, str] = {}
        for session, asked in zip(self.sessions, self.asked, strict=True):
            joined.join(first.setdefault(asked, session), session)
        for one, other in _near(self.triples):
            joined.join(self.sessions[one], self.sessions[other])
        return joined.smallest()

    def repeated(self) -> dict[int, int]:
        """Return for every record that says and is said of word for word what an earlier one is, the number of that."""
        first: dict[bytes, int] = {}
        found = {n: first.setdefault(whole, n) for n, whole in enumerate(self.whole)}
        return {n: earlier for n, earlier in found.items() if n != earlier}


@dataclass(frozen=True, slots=True)
class Assigned:
    """The split of every session that has one; sessions ``left_out`` would join splits that are parted already.

    ``torn`` counts groups whose sessions had different splits before anybody knew that they belong together.
    """

    splits: dict[str, Split]
    left_out: frozenset[str]
    torn: int


def assign(groups: Mapping[str, str], before: Mapping[str, Split], line: Line) -> Assigned:
    """Return the split of every session: the one it has, else that of its group, else the hash of the group's key."""
    members: dict[str, list[str]] = {}
    for session, group in groups.items():
        members.setdefault(group, []).append(session)
    splits: dict[str, Split] = {}
    left_out: set[str] = set()
    torn = 0
    for group, sessions in members.items():
        had = {before[session] for session in sessions if session in before}
        torn += len(had) > 1
        for session in sessions:
            if session in before:
                splits[session] = before[session]
            elif len(had) > 1:
                left_out.add(session)
            else:
                splits[session] = next(iter(had)) if had else split_of(line.salt, group, line.weights)
    return Assigned(splits, frozenset(left_out), torn)


class _Joined:
    """Sessions in disjoint sets (union by smallest key, path halving)."""

    def __init__(self, keys: Iterable[str]) -> None:
        self.above = {key: key for key in keys}

    def root(self, key: str) -> str:
        while self.above[key] != key:
            self.above[key] = self.above[self.above[key]]
            key = self.above[key]
        return key

    def join(self, one: str, other: str) -> None:
        low, high = sorted((self.root(one), self.root(other)))
        self.above[high] = low

    def smallest(self) -> dict[str, str]:
        return {key: self.root(key) for key in self.above}


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


def _triples(text: str) -> "Hashes":
    """Return the hashes of the word triples of a text, each once, in order."""
    import numpy as np

    plain = _plain(text)
    parts: Sequence[str]
    if len(_UNSPACED.findall(plain[:2000])) * 4 > len(plain[:2000]):
        parts, glue = plain[: MOST_WORDS * 5], ""
    else:
        parts, glue = re.findall(r"\w+", plain)[:MOST_WORDS], " "
    hashes = [zlib.crc32(glue.join(parts[n : n + 3]).encode("utf-8", "surrogatepass")) for n in range(len(parts) - 2)]
    return np.unique(np.array(hashes, dtype=np.uint32))


def _near(triples: "Sequence[Hashes]") -> list[tuple[int, int]]:
    """Return pairs of texts that are nearly the same; of many that are, enough to join them."""
    import numpy as np

    held = np.concatenate([*triples, np.array([], dtype=np.uint32)])
    values, counts = np.unique(held, return_counts=True)
    template = values[counts > max(TEMPLATE_LEAST, TEMPLATE_SHARE * len(triples))]
    rng = np.random.default_rng(20260111)
    factors = rng.integers(1, 2**63, BANDS * ROWS, dtype=np.uint64) | np.uint64(1)
    shifts = rng.integers(0, 2**63, BANDS * ROWS, dtype=np.uint64)
    signatures: dict[int, Any] = {}
    buckets: dict[tuple[int, bytes], list[int]] = {}
    pairs = []
    for n, own in enumerate(triples):
        telling = own[~np.isin(own, template, assume_unique=True)] if len(template) else own
        if len(telling) < FEWEST_TRIPLES:
            continue
        # Multiply-shift hashing; the upper half of 64 bits is the good one (Dietzfelbinger 1997).
        signature = ((factors[:, None] * telling.astype(np.uint64) + shifts[:, None]) >> np.uint64(32)).min(axis=1)
        signatures[n] = signature.astype(np.uint32)
        found: set[int] = set()
        for band in range(BANDS):
            bucket = buckets.setdefault((band, signatures[n][band * ROWS : (band + 1) * ROWS].tobytes()), [])
            found.update(bucket)
            if len(bucket) < COMPARED:
                bucket.append(n)
        pairs += [(other, n) for other in sorted(found) if np.mean(signatures[other] == signatures[n]) >= NEAR]
    return pairs
