"""Which judges have scored traces here, and where their numbers were cut."""

import json

from reviewer.model.judge import Cut, JudgeName
from reviewer.workspace.file import Reader, read_meta

OF_JUDGES = (
    "s.source != 'human' AND s.target IN ('trace', 'span') AND s.data_type IN ('number', 'bool', 'category') "
    "AND (s.value_num IS NOT NULL OR s.value_text IS NOT NULL)"
)
CUTS = "judge_cuts"


def judges(reader: Reader) -> list[JudgeName]:
    """Return the scores that no person gave, by name; of several kinds of one name, the most frequent says what it is by."""
    sql = (
        f"SELECT s.name, s.source, count(DISTINCT s.trace) FROM score s WHERE {OF_JUDGES} "  # noqa: S608
        "GROUP BY s.name, s.source ORDER BY s.name, 3"
    )
    return list({row[0]: JudgeName(*row) for row in reader.db.execute(sql)}.values())


def has_judges(reader: Reader) -> bool:
    """Return whether any judge has scored a trace."""
    return reader.db.execute(f"SELECT 1 FROM score s WHERE {OF_JUDGES} LIMIT 1").fetchone() is not None  # noqa: S608


def cuts(reader: Reader) -> dict[str, Cut]:
    """Return the cuts that people have set, by the judge's name."""
    stored = json.loads(read_meta(reader.db, CUTS, "{}"))
    return {name: Cut(float(at), bool(below), chosen=True) for name, (at, below) in stored.items()}
