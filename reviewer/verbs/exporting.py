"""Write what leaves: labelled traces as a dataset, and the scorecard as a page."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from reviewer.errors import UsageError
from reviewer.exports import scorecard as pages
from reviewer.exports.presidio import presidio
from reviewer.exports.redact import RULES, Redactor, Rule, read_rules
from reviewer.exports.sets.canonical import SetAbout, canonical_rows
from reviewer.exports.sets.choosing import Choice, choose
from reviewer.exports.sets.losses import Losses
from reviewer.exports.sets.splits import salt_of
from reviewer.exports.sets.targets import Written
from reviewer.exports.sets.targets import export as write_set
from reviewer.exports.sets.targets import preview as preview_set
from reviewer.exports.sets.writing import write_file
from reviewer.model.clock import Clock, system_clock
from reviewer.model.number import Scorecard
from reviewer.verbs import datasets
from reviewer.verbs.datasets import Planned
from reviewer.workspace.ask.queue import weeks as ask_weeks
from reviewer.workspace.ask.settings import redaction_key
from reviewer.workspace.file import Reader


def about(
    reader: Reader,
    planned: Planned,
    parquet: bool = False,
    rules: Sequence[Rule] | None = None,
    clock: Clock = system_clock,
) -> SetAbout:
    """Return what a version of a dataset says of itself; ``rules`` says what is redacted."""
    version = planned.version
    return replace(
        datasets.about(reader, version.dataset, clock),
        version=version.number,
        parent=None if version.parent is None else f"{version.parent}.0.0",
        query=version.query,
        design=_design(reader, {row.week for row in planned.rows}),
        weights=planned.line.weights,
        splits={row.id: row.split for row in planned.rows},
        sample_weights=planned.weights,
        parquet=parquet,
        redactor=None if rules is None else Redactor(redaction_key(reader), rules),
    )


def _design(reader: Reader, weeks: Collection[str]) -> str:
    return "; ".join(
        f"{w.name}: {w.plan.kind} draw of {w.plan.size} from {w.population}"
        + (f" by {', '.join(w.plan.by)}" if w.plan.by else "")
        for w in ask_weeks(reader)
        if w.name in weeks
    )


def export(
    reader: Reader,
    target: str,
    out: Path,
    planned: Planned,
    parquet: bool = False,
    rules: Sequence[Rule] | None = None,
) -> Written:
    """Write a version for a target into a folder, whole or not at all; ``rules`` says what is redacted."""
    wanted = {(row.week, row.trace): row for row in planned.rows}
    written = write_set(
        target,
        datasets.labelled(reader, wanted, planned.labels),
        out,
        about(reader, planned, parquet, rules),
        planned.left_out,
    )
    return replace(written, losses=(*written.losses, *torn(planned)))


def torn(planned: Planned) -> list[str]:
    """Return the sentence about groups that stand in two splits, if there are any."""
    if not planned.torn:
        return []
    return [
        f"Groups of nearly the same conversations in two splits, where they stood before that was known: {planned.torn:,}"
    ]


def redaction_rules(file: Path | None = None, with_presidio: bool = False) -> tuple[Rule, ...]:
    """Return the built-in rules of a redaction, after those of a TOML file where one is named, before Presidio's.

    Raises:
        BadInput, UsageError: the file is no list of rules, or Presidio is not installed.
    """
    own = read_rules(file) if file is not None else ()
    return (*own, *RULES, *((presidio(),) if with_presidio else ()))


def export_of(
    path: str, target: str, out: str, planned: Planned | None = None, redact: bool = False, parquet: bool = False
) -> Written:
    """Write a version of the workspace at a path, or all that was reviewed: for another process."""
    reader = Reader(Path(path))
    try:
        chosen = planned or datasets.plan(reader, Choice())
        return export(reader, target, Path(out), chosen, parquet, redaction_rules() if redact else None)
    finally:
        reader.close()


class Found(NamedTuple):
    """What one rule of a redaction finds in a whole version: how often, and in how many traces."""

    rule: str
    matches: int
    traces: int


def found_by_redaction(reader: Reader, planned: Planned, rules: Sequence[Rule]) -> tuple[Found, ...]:
    """Return what every rule would take out of a version, in the order of the rules; reads all of it, writes nothing.

    A rule that finds nothing is named too: that is what somebody who wrote it wants to know.
    """
    redactor = Redactor(redaction_key(reader), rules)
    wanted = {(row.week, row.trace): row for row in planned.rows}
    described = replace(about(reader, planned), redactor=redactor)
    traces: dict[str, set[str]] = {kind: set() for rule in rules for kind in rule.kinds}
    before: Counter[str] = Counter()
    for row in canonical_rows(datasets.labelled(reader, wanted, planned.labels), described, Losses()):
        for rule in redactor.counts - before:
            traces.setdefault(rule, set()).add(row["trace_id"])
        before = redactor.counts.copy()
    return tuple(Found(rule, redactor.counts[rule], len(held)) for rule, held in traces.items())


def found_by_redaction_of(path: str, planned: Planned, file: str = "") -> tuple[Found, ...]:
    """Return what a redaction would take out of a version of the workspace at a path: for another process.

    ``file`` names a TOML file of further rules.
    """
    reader = Reader(Path(path))
    try:
        return found_by_redaction(reader, planned, redaction_rules(Path(file) if file else None))
    finally:
        reader.close()


def preview(
    reader: Reader,
    target: str,
    choice: Choice,
    limit: int = 5,
    redact: bool = False,
    planned: Planned | None = None,
) -> tuple[list[dict[str, Any]], Counter[str]]:
    """Return the first rows as they would be written for a target, and what was redacted in them, by rule.

    Without a planned version, sessions that no version holds yet may stand in another split than they will.
    """
    rules = RULES if redact else None
    if planned is not None:
        first = planned.rows[:limit]
        shown = about(reader, replace(planned, rows=first), rules=rules)
        wanted: dict[Any, object] = {(row.week, row.trace): row for row in first}
    else:
        whole = datasets.about(reader)
        chosen = choose(datasets.candidates(reader, choice.labels), choice, salt_of(whole.name))[:limit]
        redactor = None if rules is None else Redactor(redaction_key(reader), rules)
        shown = replace(whole, splits=datasets.known_splits(reader, whole.name, chosen), redactor=redactor)
        wanted = {(one.week, one.trace): one for one in chosen}
    rows = list(preview_set(target, datasets.labelled(reader, wanted, choice.labels), shown))
    return rows, shown.redactor.counts if shown.redactor is not None else Counter()


def as_json(written: Written, planned: Planned) -> dict[str, Any]:
    """Return what an export wrote, as the command line prints it."""
    return {
        "dataset": planned.version.dataset,
        "version": planned.version.number,
        "splits": dict(planned.version.splits),
        "rows": written.rows,
        "dropped": written.dropped,
        "losses": list(written.losses),
        "files": [{"path": f.path, "bytes": f.size, "sha256": f.sha256} for f in written.files],
    }


def sentences(written: Written, planned: Planned) -> list[str]:
    """Return what an export wrote, in words."""
    version = planned.version
    lines = [f"Wrote {written.rows} rows in {len(written.files)} files: version {version.number} of {version.dataset}."]
    lines += [f"Left out {count}: {why}" for why, count in written.dropped.items()]
    return lines + [f"Not carried over: {loss}" for loss in written.losses]


def write_scorecard(card: Scorecard, out: Path) -> None:
    """Write a scorecard as HTML, Markdown or JSON, by the ending of the name; PDF is printed by the window's side."""
    kind = out.suffix.lower()
    if kind in (".html", ".htm"):
        text = pages.html(card)
    elif kind == ".md":
        text = pages.markdown(card)
    elif kind == ".json":
        text = json.dumps(pages.as_json(card), ensure_ascii=False, indent=1) + "\n"
    else:
        raise UsageError(f"A scorecard cannot be written as {out.suffix or 'a file without an ending'}.",
                         "Use .html, .pdf, .md or .json.")  # fmt: skip
    write_file(out, text.encode())
