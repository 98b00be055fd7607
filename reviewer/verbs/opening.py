"""Make, open, check and back up a workspace."""

import json
from dataclasses import dataclass
from pathlib import Path

from reviewer import __version__, resources
from reviewer.errors import BadInput
from reviewer.model import taxonomy as model
from reviewer.model.clock import Clock, system_clock, zone
from reviewer.model.coding import CodingEvent, Said, fold
from reviewer.model.taxonomy import EMPTY, Taxonomy
from reviewer.workspace import backups
from reviewer.workspace.ask import codings as asked
from reviewer.workspace.ask.search import index_is_whole
from reviewer.workspace.codings import projection
from reviewer.workspace.file import Reader, Workspace, Writer, create, device_name, write_meta
from reviewer.workspace.taxonomy import install

BUILT_IN = ("default", "support", "extraction")


def new(path: Path, taxonomy: str = "default", timezone: str = "UTC", clock: Clock = system_clock) -> Workspace:
    """Make a workspace with a taxonomy (a built-in name, a TOML file, or ``none``) and a time zone, and open it."""
    zone(timezone)
    chosen = taxonomy_named(taxonomy)
    create(path, lambda writer: _begin(writer, path.stem, timezone, chosen), clock)
    return Workspace(path, clock)


def _begin(writer: Writer, name: str, timezone: str, taxonomy: Taxonomy) -> None:
    with writer.change() as db:
        write_meta(
            db, name=name, timezone=timezone, device=device_name(), made_with=__version__, made_us=str(writer.clock())
        )
    install(writer, taxonomy)


def taxonomy_named(name: str) -> Taxonomy:
    """Return a built-in taxonomy by its name, the one in a TOML file, or the empty one for ``none``."""
    if name == "none":
        return EMPTY
    if name in BUILT_IN:
        return model.parse(resources.text("taxonomies", f"{name}.toml"), f"{name}.toml")
    path = Path(name)
    try:
        return model.parse(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as why:
        known = ", ".join((*BUILT_IN, "none"))
        raise BadInput(f"There is no taxonomy {name!r}: {why}.", f"Use {known}, or the path of a TOML file.") from why


def open_workspace(path: Path, clock: Clock = system_clock) -> Workspace:
    """Open a workspace for reading and writing."""
    return Workspace(path, clock)


def backup(path: Path, out: Path) -> Path:
    """Write a verified copy of a workspace to ``out``; a file that is there already is refused."""
    Reader(path).close()
    if out.exists():
        raise BadInput(f"{out} is there already.", "Choose another name.")
    backups.copy(path, out)
    return out


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check of the whole file found; ``faults`` is empty when all is well."""

    traces: int
    events: int
    codings: int
    faults: tuple[str, ...]


def check(path: Path) -> CheckResult:
    """Check a workspace: the file, the index against the bodies, and every coding against the fold of its events."""
    reader = Reader(path)
    try:
        return _check(reader)
    finally:
        reader.close()


def _check(reader: Reader) -> CheckResult:
    db = reader.db
    faults = [row[0] for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
    if not index_is_whole(reader):
        faults.append("the text index does not hold the same traces as the bodies")
    faults += _body_faults(reader)
    events = asked.all_events(reader)
    by_key: dict[object, list[CodingEvent]] = {}
    for event in events:
        by_key.setdefault(event.key, []).append(event)
    rows = {(row[0], row[1], row[2]): row for row in db.execute("SELECT * FROM coding")}
    for said in by_key.values():
        key = said[0].key
        coding = fold(said)
        wanted = None if coding.is_empty else projection(key, coding)
        if rows.pop((key.trace, key.week, key.reviewer), None) != wanted:
            faults.append(f"the coding of {key.trace} in {key.week} by {key.reviewer} differs from its events")
    faults += [f"the coding of {trace} in {week} by {reviewer} has no events" for trace, week, reviewer in rows]
    traces = db.execute("SELECT count(*) FROM trace").fetchone()[0]
    codings = len({e.key for e in events if e.said is Said.SUBMIT})
    return CheckResult(traces, len(events), codings, tuple(faults))


def _body_faults(reader: Reader) -> list[str]:
    without = reader.db.execute(
        "SELECT id FROM trace WHERE forgotten_us IS NULL AND n NOT IN (SELECT trace FROM head) LIMIT 20"
    ).fetchall()
    orphans = reader.db.execute(
        "SELECT trace FROM segment WHERE trace NOT IN (SELECT n FROM trace) LIMIT 20"
    ).fetchall()
    return [f"the trace {row[0]} has no body" for row in without] + [f"a body of no trace: {row[0]}" for row in orphans]


def as_json(result: CheckResult) -> str:
    """Return a check as the command line prints it."""
    return json.dumps(
        {
            "ok": not result.faults,
            "traces": result.traces,
            "events": result.events,
            "codings": result.codings,
            "faults": list(result.faults),
        }
    )
