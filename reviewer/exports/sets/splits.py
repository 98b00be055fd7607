"""Which split a trace belongs to: whole sessions together, and the same answer for ever."""

import hashlib
from typing import Literal

Split = Literal["train", "dev", "test"]

WEIGHTS: tuple[tuple[Split, float], ...] = (("train", 0.6), ("dev", 0.2), ("test", 0.2))


def salt_of(name: str) -> str:
    """Return the salt of a dataset's splits; it stays the same for all versions of the dataset."""
    return f"{name}/split-v1"


def split_of(salt: str, group: str) -> Split:
    """Return the split of a group of traces: a hash of the salt and the group against the weights .6, .2, .2."""
    digest = hashlib.sha256(f"{salt}\x1f{group}".encode("utf-8", "surrogatepass")).digest()
    u = int.from_bytes(digest[:8], "big") / 2**64
    reached = 0.0
    for split, weight in WEIGHTS:
        reached += weight
        if u < reached:
            return split
    return WEIGHTS[-1][0]
