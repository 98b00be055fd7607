"""What the tests of formats share: write a file, read it whole, and see what came and what was told."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reviewer.model.problem import Problem
from reviewer.model.trace import Trace
from reviewer.sources import read
from reviewer.sources.records import Found


@dataclass
class Reading:
    """Everything that one reading of a file gave."""

    found: list[Found]
    problems: list[Problem]

    @property
    def traces(self) -> list[Trace]:
        return [found.trace for found in self.found]

    @property
    def ids(self) -> list[str]:
        return [found.trace.native_id for found in self.found]

    @property
    def lost(self) -> list[tuple[int | None, str | None]]:
        return [(problem.line, problem.member) for problem in self.problems if problem.lost]

    @property
    def warned(self) -> list[int | None]:
        return [problem.line for problem in self.problems if not problem.lost]


def read_all(path: Path, format: str | None = None) -> Reading:
    problems: list[Problem] = []
    return Reading(list(read(path, format, problems.append, lambda done, total: None)), problems)


def read_lines(folder: Path, *records: Any, name: str = "traces.jsonl", format: str | None = None) -> Reading:
    """Write each record as a line (a text as it stands) and read the file."""
    path = folder / name
    lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_all(path, format)


def transcript(trace: Trace) -> list[str]:
    """One line a message of the main thread: role, text, and calls with their results."""
    return [
        " ".join([m.role, *([m.text] if m.text else []), *(f"{c.name}({c.arguments})={c.result}" for c in m.calls)])
        for m in trace.main
    ]
