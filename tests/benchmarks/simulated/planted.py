"""Traffic with planted failures, drawn and coded again and again from the planted truth.

The traces are generated and imported once through the program; every draw is the program's own, of the plan that it
offers first. What a reviewer would have said is taken from the truth, so that no error but that of sampling is left.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from reviewer.measure.design import draw
from reviewer.model import columns as c
from reviewer.model.clock import iso_week_span
from reviewer.model.ids import ModeId, TraceId
from reviewer.model.taxonomy import Mode, Taxonomy
from reviewer.model.trend import Marker
from reviewer.model.week import SEGMENTS, USUAL_BY, Candidate, Segment, usual_plan
from reviewer.verbs.measuring import markers
from reviewer.workspace.ask.population import population
from reviewer.workspace.ask.tables import ITEM_COLUMNS
from reviewer.workspace.file import Reader
from reviewer.workspace.layout import SCHEMA_VERSION
from tests.benchmarks.simulated.samples import Numbers

ROOT = Path(__file__).resolve().parents[3]
GENERATOR = ROOT.parent / "shared" / "bench" / "gen_traces.py"
FIRST_WEEK = 2  # of 2026: the generator's first Monday is 5 January
TIMEZONE = "UTC"

FLAT = ("wrong_tool_args", "wrong_language", "empty_retrieval", "tool_error")
"""Modes whose planted rate is the same in every week."""

RAISED = "format_violation"
RAISED_IN = "v5"
"""The planted fault: from 4 to 16 % in traces of this prompt version."""


@dataclass(frozen=True, slots=True)
class Span:
    """One week of the traffic: its name and bounds, and every trace that a draw can take."""

    name: str
    start_us: int
    end_us: int
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Planted:
    """The generated traffic, and for each trace its segments and the modes that were planted in it."""

    spans: tuple[Span, ...]
    modes: tuple[str, ...]
    segments: dict[TraceId, tuple[str | None, ...]]
    truth: dict[TraceId, tuple[str, ...]]
    markers: tuple[Marker, ...]

    @property
    def taxonomy(self) -> Taxonomy:
        """Return the planted modes as a taxonomy."""
        listed = tuple(Mode(ModeId(mode), mode.replace("_", " ").capitalize()) for mode in self.modes)
        return Taxonomy("planted", "Planted failures", listed)

    @property
    def sizes(self) -> Numbers:
        """Return the number of traces of each week."""
        return np.array([len(span.candidates) for span in self.spans], dtype=np.float64)

    def held(self) -> Numbers:
        """Return how many traces of each week carry each mode, shape (weeks, modes)."""
        place = {mode: i for i, mode in enumerate(self.modes)}
        found = np.zeros((len(self.spans), len(self.modes)))
        for row, span in enumerate(self.spans):
            for candidate in span.candidates:
                for mode in self.truth[candidate.trace]:
                    found[row, place[mode]] += 1
        return found

    def share_with(self, prompt_version: str) -> Numbers:
        """Return the share of each week's traces that were made with a prompt version."""
        at = SEGMENTS.index("prompt_version")
        return np.array(
            [
                np.mean([self.segments[candidate.trace][at] == prompt_version for candidate in span.candidates])
                for span in self.spans
            ]
        )

    def sizes_table(self, weeks: slice, drawn: dict[TraceId, str], by: Segment) -> pd.DataFrame:
        """Return the "sizes" table of some weeks by one segment; ``drawn`` holds the stratum of every trace."""
        at = SEGMENTS.index(by)
        rows = [
            (span.name, drawn[candidate.trace], self.segments[candidate.trace][at])
            for span in self.spans[weeks]
            for candidate in span.candidates
        ]
        table = pd.DataFrame(rows, columns=[c.WEEK, c.STRATUM, by])
        return table.groupby(list(table.columns), dropna=False, sort=False).size().reset_index(name=c.SIZE)


def planted(count: int = 30_000, weeks: int = 20) -> Planted:
    """Return the traffic, generated and imported once and kept in ``build/planted``.

    Raises:
        FileNotFoundError: the shared material, which holds the generator, is not beside the checkout.
    """
    folder = ROOT / "build" / "planted"
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / f"{count}-{weeks}"
    labels = stem.with_suffix(".labels.jsonl")
    workspace = stem.with_suffix(f".{SCHEMA_VERSION}.review")
    if not (labels.exists() and workspace.exists()):
        _make(stem.with_suffix(".jsonl"), labels, workspace, count, weeks)
    reader = Reader(workspace)
    try:
        return _read(reader, labels, weeks)
    finally:
        reader.close()


def _make(traces: Path, labels: Path, workspace: Path, count: int, weeks: int) -> None:
    if not GENERATOR.exists():
        raise FileNotFoundError(GENERATOR)
    generate = [GENERATOR, str(count), traces, "--weeks", str(weeks), "--labels", labels]
    subprocess.run([sys.executable, *generate], check=True, stderr=subprocess.DEVNULL)
    workspace.unlink(missing_ok=True)
    command = [sys.executable, "-m", "reviewer", "import", traces, "--workspace", workspace]
    subprocess.run(command, cwd=ROOT, check=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    traces.unlink()


def _read(reader: Reader, labels: Path, weeks: int) -> Planted:
    with labels.open(encoding="utf-8") as lines:
        planted_in = {row["trace_id"]: tuple(row["failures"]) for row in map(json.loads, lines)}
    rows = reader.db.execute(f"SELECT id, native_id, {', '.join(SEGMENTS)} FROM trace").fetchall()
    spans = []
    for number in range(FIRST_WEEK, FIRST_WEEK + weeks):
        name = f"2026-W{number:02d}"
        start, end = iso_week_span(name, TIMEZONE)
        spans.append(Span(name, start, end, population(reader, start, end, USUAL_BY).candidates))
    assert sum(len(span.candidates) for span in spans) == len(rows) == len(planted_in)
    return Planted(
        tuple(spans),
        tuple(sorted({mode for modes in planted_in.values() for mode in modes})),
        {TraceId(row[0]): tuple(row[2:]) for row in rows},
        {TraceId(row[0]): planted_in[row[1]] for row in rows},
        tuple(markers(reader)),
    )


def coded(traffic: Planted, size: int, seed: str) -> tuple[pd.DataFrame, dict[TraceId, str]]:
    """Return one draw of every week as the "items" table, all read, and the stratum of every trace."""
    rows: list[tuple[Any, ...]] = []
    strata: dict[TraceId, str] = {}
    for span in traffic.spans:
        found = draw(span.candidates, usual_plan(size, seed))
        strata |= found.strata
        for item in found.items:
            modes = traffic.truth[item.trace]
            design = (item.trace, item.stratum, item.N_h, item.n_h, item.purpose)
            said = (True, "fail" if modes else "pass", modes, {}, 1, 1)
            rows.append((span.name, span.start_us, span.end_us, True, *design, *said, *traffic.segments[item.trace]))
    items = pd.DataFrame(rows, columns=ITEM_COLUMNS)
    return items.astype({c.TAXONOMY_VERSION: "Int64"}), strata
