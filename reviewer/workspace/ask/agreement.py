"""What several people said of the same traces: codings of this workspace, and imported scores of people."""

import json
from typing import Literal

from reviewer.model.agreement import Annotation, Reading
from reviewer.model.coding import ADJUDICATOR
from reviewer.workspace.file import Reader

# Whoever decides between readers is none of them.
DECIDED = f"c.submitted_us IS NOT NULL AND c.verdict IN ('pass', 'fail') AND c.reviewer NOT GLOB '{ADJUDICATOR}*'"
TWICE = (
    f"SELECT week, trace FROM coding c WHERE {DECIDED} AND (? IS NULL OR week = ?) "  # noqa: S608
    "AND week NOT IN (SELECT name FROM week WHERE unit != 'trace') "
    "GROUP BY week, trace HAVING count(*) > 1"
)
SEVERAL = "SELECT 1 FROM coding GROUP BY week HAVING min(reviewer) < max(reviewer) LIMIT 1"
READINGS = (
    "SELECT c.week, c.trace, c.reviewer, c.verdict, c.modes, c.scores, c.taxonomy_version FROM coding c "  # noqa: S608
    f"JOIN ({TWICE}) t ON t.week = c.week AND t.trace = c.trace WHERE {DECIDED} "
    "ORDER BY c.week, c.trace, c.reviewer"
)
BY_PEOPLE = "s.source = 'human' AND s.author IS NOT NULL AND s.data_type IN ('number', 'bool', 'category')"
SCORED_TWICE = (
    f"SELECT s.trace, s.name, s.target, s.target_id FROM score s WHERE {BY_PEOPLE} "  # noqa: S608
    "GROUP BY s.trace, s.name, s.target, s.target_id HAVING count(DISTINCT s.author) > 1"
)
ANNOTATIONS = (
    "SELECT t.id, s.target, s.target_id, s.name, s.author, s.data_type, s.value_num, s.value_text FROM score s "  # noqa: S608
    f"JOIN ({SCORED_TWICE}) d ON d.trace = s.trace AND d.name = s.name AND d.target = s.target "
    f"AND d.target_id IS s.target_id JOIN trace t ON t.n = s.trace WHERE {BY_PEOPLE} ORDER BY t.id, s.n"
)


def readings(reader: Reader, week: str | None = None) -> list[Reading]:
    """Return the codings that decided, of one week or of all, where two or more reviewers decided on a trace."""
    rows = reader.db.execute(READINGS, (week, week))
    return [
        Reading(name, trace, reviewer, verdict, tuple(json.loads(modes)), json.loads(scores), version)
        for name, trace, reviewer, verdict, modes, scores, version in rows
    ]


def annotations(reader: Reader) -> list[Annotation]:
    """Return the imported scores of people where two or more scored the same thing under the same name."""
    return [_annotation(row) for row in reader.db.execute(ANNOTATIONS)]


def is_coded_twice(reader: Reader) -> bool:
    """Return whether two reviewers have decided on the same trace. Cheap enough to be asked after every coding."""
    if reader.db.execute(SEVERAL).fetchone() is None:
        return False
    return reader.db.execute(f"{TWICE} LIMIT 1", (None, None)).fetchone() is not None


def is_annotated_twice(reader: Reader) -> bool:
    """Return whether two people's scores of the same thing were imported. Looks at every imported score."""
    return reader.db.execute(f"{SCORED_TWICE} LIMIT 1").fetchone() is not None


def _annotation(row: tuple[str, str, str | None, str, str, str, float | None, str | None]) -> Annotation:
    trace, target, target_id, name, author, kind, number, text = row
    part = "" if target == "trace" else f"{target} {target_id or ''}".strip()
    shown: Literal["number", "bool", "category"]
    value: float | str
    match kind:
        case "number" if number is not None:
            shown, value = "number", number
        case "bool" if number is not None:
            shown, value = "bool", "true" if number else "false"
        case _:
            shown, value = "category", text if text is not None else f"{number:g}" if number is not None else ""
    return Annotation(trace, part, name, author, shown, value)
