"""What traces show of how the application is set up: the part before a moment counted, the part since one by one."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any, NamedTuple

import orjson

from reviewer.model.novelty import Kind, definition
from reviewer.workspace.file import Reader

SET_UP = "model, provider, coalesce(prompt_version, prompt_hash), tools_hash, retrieval_setting, schema_hash"
KINDS: tuple[Kind, ...] = ("model", "provider", "prompt", "tools", "retrieval", "schema")
KNOWN = f"SELECT {SET_UP}, count(*) FROM trace WHERE started_us < ? GROUP BY 1, 2, 3, 4, 5, 6"  # noqa: S608
SINCE = f"SELECT id, started_us, workflow, {SET_UP} FROM trace WHERE started_us >= ? ORDER BY started_us, n"  # noqa: S608
TOOL_SET = "SELECT body FROM tool_set WHERE hash = ?"
TOOLS_BEFORE = (
    "SELECT d.name, count(*) FROM trace t JOIN tool_call d ON d.trace = t.n WHERE t.started_us < ? GROUP BY 1"
)
TOOLS_SINCE = "SELECT DISTINCT t.id, d.name FROM trace t JOIN tool_call d ON d.trace = t.n WHERE t.started_us >= ?"
FROM_PEOPLE = "(d.source = 'human' OR d.name LIKE '%feedback%' OR d.name LIKE '%rating%' OR d.name LIKE '%thumb%')"
FEEDBACK_BEFORE = (
    f"SELECT d.name, count(*) FROM trace t JOIN score d ON d.trace = t.n WHERE t.started_us < ? AND {FROM_PEOPLE} "  # noqa: S608
    "GROUP BY 1"
)
FEEDBACK_SINCE = (
    f"SELECT DISTINCT t.id, d.name FROM trace t JOIN score d ON d.trace = t.n WHERE t.started_us >= ? AND {FROM_PEOPLE}"  # noqa: S608
)
VERDICTS = (
    "SELECT trace, verdict FROM coding WHERE submitted_us IS NOT NULL AND verdict IN ('pass', 'fail') "
    "AND week NOT IN (SELECT name FROM week WHERE unit != 'trace') ORDER BY trace"
)


class Shown(NamedTuple):
    """One trace and what it shows of each kind."""

    trace: str
    started_us: int
    workflow: str | None
    shows: dict[Kind, list[str]]


def known_before(reader: Reader, us: int) -> dict[Kind, dict[str, int]]:
    """Return what the traces before a moment show of each kind, with how many show it."""
    known: dict[Kind, Counter[str]] = {kind: Counter() for kind in KINDS}
    for *values, count in reader.db.execute(KNOWN, (us,)):
        for kind, value in zip(KINDS, values, strict=True):
            if value is not None:
                known[kind][value] += count
    known["tool"] = Counter(dict(reader.db.execute(TOOLS_BEFORE, (us,))))
    known["feedback"] = Counter(dict(reader.db.execute(FEEDBACK_BEFORE, (us,))))
    known["definition"] = Counter()
    for tools, count in known["tools"].items():
        known["definition"].update(dict.fromkeys(_definitions(reader, tools), count))
    return {kind: dict(counted) for kind, counted in known.items()}


def shown_since(reader: Reader, us: int) -> Iterator[Shown]:
    """Yield the traces since a moment with what each shows, the oldest first."""
    parts: dict[Kind, dict[str, list[str]]] = {"tool": defaultdict(list), "feedback": defaultdict(list)}
    for kind, sql in (("tool", TOOLS_SINCE), ("feedback", FEEDBACK_SINCE)):
        for trace, name in reader.db.execute(sql, (us,)):
            parts[kind][trace].append(name)  # type: ignore[index]
    definitions: dict[str, list[str]] = {}
    for trace, started, workflow, *values in reader.db.execute(SINCE, (us,)):
        shows = {kind: [value] for kind, value in zip(KINDS, values, strict=True) if value is not None}
        for tools in shows.get("tools", ()):
            if tools not in definitions:
                definitions[tools] = _definitions(reader, tools)
            shows = {**shows, "definition": definitions[tools]}
        shows |= {kind: by_trace[trace] for kind, by_trace in parts.items() if trace in by_trace}
        yield Shown(trace, started, workflow, shows)


def _definitions(reader: Reader, tools: str) -> list[str]:
    """Return the definitions in a set of tools, each under its value; none of a set of which only the hash is known."""
    row = reader.db.execute(TOOL_SET, (tools,)).fetchone()
    return [definition(one["name"], _digest(one)) for one in orjson.loads(row[0])] if row else []


def _digest(tool: dict[str, Any]) -> str:
    return blake2b(orjson.dumps(tool, option=orjson.OPT_SORT_KEYS), digest_size=6).hexdigest()


def verdicts(reader: Reader) -> dict[str, str]:
    """Return the verdict of every reviewed trace; where one reviewer says fail, that is it."""
    found: dict[str, str] = {}
    for trace, verdict in reader.db.execute(VERDICTS):
        found[trace] = "fail" if "fail" in (verdict, found.get(trace)) else verdict
    return found
