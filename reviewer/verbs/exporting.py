"""Write what leaves: labelled traces as a dataset, and the scorecard as a page."""

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from reviewer import __version__
from reviewer.errors import UsageError
from reviewer.exports import scorecard as pages
from reviewer.exports.redact import RULES, Redactor, Rule, read_rules
from reviewer.exports.sets.canonical import Labelled, SetAbout
from reviewer.exports.sets.targets import Written
from reviewer.exports.sets.targets import export as write_set
from reviewer.exports.sets.targets import preview as preview_set
from reviewer.exports.sets.writing import write_file
from reviewer.model.clock import Clock, system_clock
from reviewer.model.number import Scorecard
from reviewer.workspace.ask.codings import codings
from reviewer.workspace.ask.population import items
from reviewer.workspace.ask.queue import week as ask_week
from reviewer.workspace.ask.queue import weeks as ask_weeks
from reviewer.workspace.ask.settings import redaction_key, taxonomy, workspace_name
from reviewer.workspace.ask.transcript import open_transcript
from reviewer.workspace.ask.whole import whole_trace
from reviewer.workspace.file import Reader


def labelled(reader: Reader, week: str | None) -> Iterator[Labelled]:
    """Yield the submitted codings of a week, or of all weeks, one trace in memory at a time."""
    weights: dict[tuple[str, str], float] = {}
    for one in [ask_week(reader, week)] if week else ask_weeks(reader):
        weights.update({(one.name, i.trace): 1 / i.pi for i in items(reader, one.name) if i.pi > 0})
    for key, _, coding in codings(reader, week, submitted=True):
        transcript = open_transcript(reader, key.trace)
        if transcript.about.forgotten_us is not None:
            continue
        yield Labelled(
            whole_trace(transcript), key.trace, key.week, key.reviewer, coding, weights.get((key.week, key.trace)),
            coding.submitted_us,
        )  # fmt: skip


def about(
    reader: Reader,
    week: str | None,
    parquet: bool = False,
    rules: Sequence[Rule] | None = None,
    clock: Clock = system_clock,
) -> SetAbout:
    """Return what a dataset of a week, or of all weeks, says of itself; ``rules`` says what is redacted."""
    return SetAbout(
        name=workspace_name(reader),
        taxonomy=taxonomy(reader),
        created_us=clock(),
        query=f"week {week}" if week else "all weeks",
        design=_design(reader, week),
        app_version=__version__,
        parquet=parquet,
        redactor=None if rules is None else Redactor(redaction_key(reader), rules),
    )


def _design(reader: Reader, week: str | None) -> str:
    chosen = [ask_week(reader, week)] if week else ask_weeks(reader)
    return "; ".join(
        f"{w.name}: {w.plan.kind} draw of {w.plan.size} from {w.population}"
        + (f" by {', '.join(w.plan.by)}" if w.plan.by else "")
        for w in chosen
    )


def export(
    reader: Reader,
    target: str,
    out: Path,
    week: str | None = None,
    parquet: bool = False,
    rules: Sequence[Rule] | None = None,
) -> Written:
    """Write the labelled traces for a target into a folder, whole or not at all; ``rules`` says what is redacted."""
    return write_set(target, labelled(reader, week), out, about(reader, week, parquet, rules))


def redaction_rules(file: Path | None = None) -> tuple[Rule, ...]:
    """Return the built-in rules of a redaction, after those of a TOML file where one is named."""
    return (*(read_rules(file) if file is not None else ()), *RULES)


def export_of(path: str, target: str, out: str, week: str | None = None, parquet: bool = False) -> Written:
    """Write a dataset from the workspace at a path: for another process."""
    reader = Reader(Path(path))
    try:
        return export(reader, target, Path(out), week, parquet)
    finally:
        reader.close()


def preview(reader: Reader, target: str, week: str | None, limit: int = 5) -> list[dict[str, Any]]:
    """Return the first rows as they would be written for a target."""
    return list(islice(preview_set(target, labelled(reader, week), about(reader, week)), limit))


def as_json(written: Written) -> dict[str, Any]:
    """Return what an export wrote, as the command line prints it."""
    return {
        "rows": written.rows,
        "dropped": written.dropped,
        "losses": list(written.losses),
        "files": [{"path": f.path, "bytes": f.size, "sha256": f.sha256} for f in written.files],
    }


def sentences(written: Written) -> list[str]:
    """Return what an export wrote, in words."""
    lines = [f"Wrote {written.rows} rows in {len(written.files)} files."]
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
