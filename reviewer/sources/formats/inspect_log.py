"""Inspect AI logs, as one JSON object or as an ``.eval`` archive: one sample is one trace."""

from collections.abc import Iterator, Sequence
from typing import Any

from reviewer.errors import BadInput
from reviewer.model.problem import Problem
from reviewer.sources.archives import Archive, Member, has_odd_name
from reviewer.sources.building import build_each, what_it_is
from reviewer.sources.formats.inspect_samples import Sample, sample_trace
from reviewer.sources.jsontext import NotJson, parse_checked
from reviewer.sources.reading import Stored
from reviewer.sources.records import Found, Guess, Note, Progress, Value, unseen
from reviewer.sources.unwrapping import StreamBroken

NAMES = ("inspect",)
_HEADERS = ("header.json", "_journal/start.json")


def looks_like(head: Sequence[Value], name: str) -> Guess | None:
    """Return a guess if the file is one object with an evaluation and its samples."""
    log = head[0].value if head else None
    if isinstance(log, dict) and {"version", "status", "eval"} <= log.keys():
        return Guess("inspect", "an object with version, status, eval and samples")
    return None


def archive_looks_like(archive: Archive) -> Guess | None:
    """Return a guess if the archive has an Inspect log's header."""
    found = next((name for name in _HEADERS if archive.named(name)), None)
    return Guess("inspect", f"a zip archive with {found}") if found else None


def read(stored: Stored, note: Note) -> Iterator[Found]:
    """Yield a trace for every sample of a log in one JSON object."""
    yield from build_each(stored.name, _samples(stored, note), note, sample_trace)


def read_archive(archive: Archive, note: Note, progress: Progress) -> Iterator[Found]:
    """Yield a trace for every sample of an ``.eval`` archive; one that cannot be read is noted as lost.

    If none can be read, one error says so for all of them.
    """
    held: list[Problem] | None = []

    def hold(problem: Problem) -> None:
        if held is None:
            note(problem)
        else:
            held.append(problem)

    for found in build_each(archive.name, _members(archive, hold, progress), hold, sample_trace):
        if held is not None:
            early, held = held, None
            for problem in early:
                note(problem)
        yield found
    lost = [problem for problem in held or () if problem.lost]
    if lost:
        raise BadInput(
            f"no records found in {archive.name}: none of its {len(lost):,} samples could be read.",
            f"The first, {lost[0].member}: {lost[0].reason}.",
        )


def _samples(stored: Stored, note: Note) -> Iterator[Value]:
    for value in stored.values(note, checked=True, nan_as_text=True):
        log = value.value
        if not isinstance(log, dict) or not isinstance(log.get("eval"), dict):
            note(stored.problem(f"{what_it_is(log)} is no Inspect log", value.line, value.member))
            continue
        samples = log.get("samples")
        for number, sample in enumerate(samples if isinstance(samples, list) else ()):
            yield Value(Sample(log["eval"], log.get("status"), sample), value.line, f"sample {number}")


def _members(archive: Archive, note: Note, progress: Progress) -> Iterator[Value]:
    header = _header(archive, note)
    evaluation = header.get("eval")
    for member in archive.members:
        if not member.name.startswith("samples/") or not member.name.endswith(".json"):
            if has_odd_name(member.name):
                reason = "its name points outside the archive: the member was not read"
                note(Problem(archive.name, reason, member=member.name, lost=False))
            continue
        sample = _parsed(archive, member, note, progress)
        if sample is not None:
            held = evaluation if isinstance(evaluation, dict) else {}
            yield Value(Sample(held, header.get("status"), sample.value), None, member.name, sample.raw)


def _header(archive: Archive, note: Note) -> dict[str, Any]:
    for name in _HEADERS:
        member = archive.named(name)
        if member is None:
            continue
        try:
            header = parse_checked(archive.read(member, unseen), lambda _: None, nan_as_text=True)
        except (StreamBroken, NotJson) as why:
            note(Problem(archive.name, f"the log's header is not readable: {why}", member=name, lost=False))
            continue
        if isinstance(header, dict):
            return header
    return {}


def _parsed(archive: Archive, member: Member, note: Note, progress: Progress) -> Value | None:
    warnings: list[str] = []
    try:
        data = archive.read(member, progress)
        value = parse_checked(data, warnings.append, nan_as_text=True)
    except (StreamBroken, NotJson) as why:
        note(Problem(archive.name, str(why), member=member.name))
        return None
    for warning in warnings:
        note(Problem(archive.name, warning, member=member.name, lost=False))
    return Value(value, raw=data if warnings else None)
