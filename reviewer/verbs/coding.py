"""Record what a reviewer says: events from the window, or a whole coding from the command line."""

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from reviewer.errors import BadInput, UsageError
from reviewer.model.calls import ExpectedCall, calls_from_json
from reviewer.model.coding import (
    Coding,
    CodingEvent,
    CodingKey,
    Said,
    Speaker,
    Verdict,
    adjudicator,
    is_adjudicator,
)
from reviewer.model.ids import ModeId, WeekName
from reviewer.model.taxonomy import Taxonomy
from reviewer.verbs.changes import Changes
from reviewer.workspace import codings
from reviewer.workspace.ask.codings import coding_of
from reviewer.workspace.ask.queue import is_item
from reviewer.workspace.ask.queue import week as ask_week
from reviewer.workspace.ask.settings import taxonomy as ask_taxonomy
from reviewer.workspace.ask.transcript import about, find_trace
from reviewer.workspace.file import Reader, Writer, keep_room


def record(writer: Writer, said: Sequence[CodingEvent]) -> Changes:
    """Add the events of a press; they are on disk when this returns."""
    return Changes(codings=frozenset(codings.add(writer, said)))


def make_room(writer: Writer) -> None:
    """Have the presses to come saved sooner: for whoever is about to code for a while."""
    keep_room(writer)


class Wanted(NamedTuple):
    """A whole coding as somebody wants it to stand; None leaves a note, an expected answer or expected calls as they are."""

    trace: str
    reviewer: str
    verdict: str
    modes: tuple[str, ...] = ()
    scores: Mapping[str, float] = MappingProxyType({})
    note: str | None = None
    expected: str | None = None
    expected_tools: tuple[ExpectedCall, ...] | None = None


def wanted_from_json(line: bytes, where: str) -> Wanted:
    """Return the coding that one JSON line in UTF-8 asks for.

    Raises:
        BadInput: the line is no object, or a field is missing, unknown or of the wrong type; ``where`` is named.
        UsageError: an expected call has no name, or arguments that are no object.
    """
    try:
        row = json.loads(line.decode())
        # An escaped half of a surrogate pair is no text, and no file can hold it.
        json.dumps(row, ensure_ascii=False).encode()
    except UnicodeError as why:
        raise BadInput(f"{where} is not UTF-8: {why.reason}.") from why  # type: ignore[attr-defined]
    except (ValueError, RecursionError) as why:
        raise BadInput(f"{where} is no JSON: {why}.") from why
    if not isinstance(row, dict):
        raise BadInput(f"{where} is no JSON object.")
    unknown = set(row) - {"trace", "reviewer", "verdict", "modes", "scores", "note", "expected", "expected_tools"}
    if unknown:
        raise BadInput(f"{where} has unknown fields: {', '.join(sorted(unknown))}.")
    modes, scores = row.get("modes") or [], row.get("scores") or {}
    for name, fits in (
        ("trace", isinstance(row.get("trace"), str)),
        ("reviewer", isinstance(row.get("reviewer"), str)),
        ("verdict", isinstance(row.get("verdict"), str)),
        ("modes", isinstance(modes, list) and all(isinstance(m, str) for m in modes)),
        ("scores", isinstance(scores, dict)),
        ("note", isinstance(row.get("note"), str | None)),
        ("expected", isinstance(row.get("expected"), str | None)),
    ):
        if not fits:
            raise BadInput(f"{where}: {name!r} is missing or has the wrong type.")
    return Wanted(
        row["trace"], row["reviewer"], row["verdict"], tuple(modes), scores, row.get("note"), row.get("expected"),
        None if row.get("expected_tools") is None else calls_from_json(row["expected_tools"]),
    )  # fmt: skip


def code(writer: Writer, reader: Reader, week: str, wanted: Wanted, decides: bool = False) -> Changes:
    """Make a coding stand as wanted and submit it; what stands already is not said again.

    Where it ``decides`` between readers, it stands apart from what the same person said as one of them.

    Raises:
        UsageError: an unknown trace, week, mode or score, a trace outside the week, or an empty reviewer.
    """
    drawn = ask_week(reader, week)
    trace = find_trace(reader, wanted.trace)
    if not is_item(reader, drawn.name, trace):
        raise UsageError(f"The trace {wanted.trace!r} is not among the items of {week}.", "List them with: week show.")
    taxonomy = ask_taxonomy(reader)
    _refuse_unknown(taxonomy, wanted)
    reviewer = adjudicator(wanted.reviewer) if decides else wanted.reviewer
    key = CodingKey(trace, WeekName(drawn.name), reviewer)
    said = _differences(coding_of(reader, key), wanted)
    speaker = Speaker(
        key, taxonomy.version, about(reader, trace).content_hash.hex(), "assisted" if decides else "blind"
    )
    return record(writer, speaker.say(writer.clock(), *said))


def _refuse_unknown(taxonomy: Taxonomy, wanted: Wanted) -> None:
    if not wanted.reviewer.strip():
        raise UsageError("A coding needs the name of its reviewer.", "Give one with --reviewer.")
    if is_adjudicator(wanted.reviewer):
        raise UsageError(
            f"{wanted.reviewer!r} is no name of a reviewer.", "Decide between readers with: adjudicate decide."
        )
    if wanted.verdict not in {v.value for v in Verdict}:
        raise UsageError(f"There is no verdict {wanted.verdict!r}.", "Use pass, fail or defer.")
    active = {mode.id for mode in taxonomy.active}
    for mode in wanted.modes:
        if mode not in active:
            raise UsageError(
                f"There is no failure mode {mode!r} in {taxonomy.name}.", f"Known: {', '.join(sorted(active))}."
            )
    for name, value in wanted.scores.items():
        scale = taxonomy.score(name)
        if scale is None:
            known = ", ".join(score.id for score in taxonomy.scores)
            raise UsageError(f"There is no score {name!r} in {taxonomy.name}.", f"Known: {known}.")
        if isinstance(value, bool) or not isinstance(value, int | float) or not scale.low <= value <= scale.high:
            raise UsageError(f"{name} = {value!r} is not on its scale.", f"It goes from {scale.low} to {scale.high}.")


def _differences(now: Coding, wanted: Wanted) -> list[tuple[Said, Any]]:
    said: list[tuple[Said, Any]] = []
    modes = dict.fromkeys(wanted.modes)
    said += [(Said.MODE_OFF, {"mode": mode}) for mode in now.modes if mode not in modes]
    said += [(Said.MODE_ON, {"mode": ModeId(m), "anchor": None}) for m in modes if m not in now.modes]
    if now.verdict != wanted.verdict:
        said.append((Said.VERDICT, wanted.verdict))
    said += [(Said.SCORE, {"name": n, "value": None}) for n in now.scores if n not in wanted.scores]
    said += [(Said.SCORE, {"name": n, "value": v}) for n, v in wanted.scores.items() if now.scores.get(n) != v]
    if wanted.note is not None and wanted.note != now.note:
        said.append((Said.NOTE, wanted.note))
    if wanted.expected is not None and wanted.expected != now.expected:
        said.append((Said.EXPECTED, wanted.expected))
    if wanted.expected_tools is not None and wanted.expected_tools != now.expected_calls:
        said.append((Said.EXPECTED_CALLS, [call.as_json() for call in wanted.expected_tools]))
    # Every submit is said again: it is the reviewer's word that this is the coding, at this time.
    return [*said, (Said.SUBMIT, None)]
