"""Which split a group of traces belongs to: the same answer for ever."""

import hashlib
from collections.abc import Mapping

from reviewer.model.dataset import SPLITS, Split

WEIGHTS: Mapping[Split, float] = {"train": 0.6, "dev": 0.2, "test": 0.2}


def salt_of(name: str) -> str:
    """Return the salt of a dataset's splits; it stays the same for all versions of the dataset."""
    return f"{name}/split-v1"


def split_of(salt: str, group: str, weights: Mapping[Split, float] = WEIGHTS) -> Split:
    """Return the split of a group of traces: a hash of the salt and the group against the weights, which add up to 1."""
    digest = hashlib.sha256(f"{salt}\x1f{group}".encode("utf-8", "surrogatepass")).digest()
    u = int.from_bytes(digest[:8], "big") / 2**64
    reached = 0.0
    for split in SPLITS:
        reached += weights.get(split, 0.0)
        if u < reached:
            return split
    return next(split for split in reversed(SPLITS) if weights.get(split))
