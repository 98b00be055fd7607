"""The manifest of an export: what is in the folder, how it came about, and a hash of what it says."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from reviewer.exports.sets.canonical import Row, SetAbout, guideline_sha256, line
from reviewer.exports.sets.losses import Losses
from reviewer.exports.sets.splits import salt_of
from reviewer.exports.sets.writing import MADE_BY, WrittenFile
from reviewer.model.clock import iso

FORMAT_VERSION = 1
GROUPED = "session_id, else trace_id; sessions with the same or nearly the same questions stand together"
HASHED = (
    "sha256 over the sorted lines example_id + space + sha256(canonical record with sorted keys, without split, "
    "and of provenance the week alone)"
)


@dataclass(slots=True)
class Tally:
    """Counts of the rows that passed, and one hash a row."""

    splits: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    modes: Counter[str] = field(default_factory=Counter)
    without_expected: int = 0
    digests: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Return how many rows passed."""
        return len(self.digests)

    def counting(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows as they come, counted."""
        for row in rows:
            self.splits[row["split"]] += 1
            self.verdicts[row["verdict"]] += 1
            self.modes.update(row["failure_modes"])
            self.without_expected += row["expected"] is None
            self.digests.append(digest_line(row["example_id"], digest(row)))
            yield row

    def content_hash(self) -> str:
        """Return a hash that is the same for the same labels on the same traces, whenever they were exported."""
        return content_hash(self.digests)


def digest(row: Row) -> str:
    """Return the hash of what a record says of a trace: not of its split, nor of who said it, when, and how it was drawn."""
    said = {name: value for name, value in row.items() if name != "split"}
    return hashlib.sha256(line(said | {"provenance": row["provenance"]["week"]}, sort_keys=True)).hexdigest()


def digest_line(example: str, digest: str) -> str:
    """Return the line of one row that goes into a content hash."""
    return f"{example} {digest}\n"


def content_hash(lines: Iterable[str]) -> str:
    """Return the hash of a whole dataset from the lines of its rows, in whatever order."""
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def manifest(
    target: str, about: SetAbout, tally: Tally, lost: Losses, loses: Sequence[str], files: Sequence[WrittenFile]
) -> dict[str, Any]:
    """Return the manifest as JSON values."""
    content_hash = tally.content_hash()
    return {
        "format_version": FORMAT_VERSION,
        "made_by": MADE_BY,
        "app_version": about.app_version,
        "dataset_name": about.name,
        "version": f"{about.version}.0.0+{content_hash[:12]}",
        "parent_version": about.parent,
        "created_at": iso(about.created_us),
        "target": target,
        "query": about.query,
        "sampling": about.design,
        "splits": {"salt": salt_of(about.name), "weights": dict(about.weights), "group": GROUPED},
        "taxonomy": about.taxonomy.as_json(),
        "rubric_sha256": guideline_sha256(about.taxonomy),
        "counts": {
            "rows": tally.rows,
            "split": dict(sorted(tally.splits.items())),
            "verdict": dict(sorted(tally.verdicts.items())),
            "failure_mode": dict(sorted(tally.modes.items())),
            "without_expected": tally.without_expected,
        },
        "dropped": dict(sorted(lost.dropped.items())),
        "losses": [*loses, *lost.sentences()],
        "content_hash": content_hash,
        "content_hash_method": HASHED,
        "files": [{"path": f.path, "bytes": f.size, "sha256": f.sha256, "rows": f.rows} for f in files],
        "redaction": None if about.redactor is None else about.redactor.as_json(),
    }


def as_bytes(manifest: dict[str, Any]) -> bytes:
    """Return a manifest as it stands in its file."""
    return (json.dumps(manifest, ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode()


def checksums(files: Iterable[WrittenFile]) -> bytes:
    """Return the lines that ``sha256sum --check`` reads."""
    return "".join(f"{one.sha256}  {one.path}\n" for one in files).encode()
