"""Turn what people said elsewhere into codings: a week whose population is the labelled set, read by its annotators.

Every labelled trace is in the week, so each has the inclusion probability 1: a census, whose rates have no sampling
error. A failure mode that a label could have named and did not is absent, as with any submitted coding; of any other
mode the annotators said nothing, so the codings are made under a version of the taxonomy that holds the former alone.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reviewer.errors import UsageError
from reviewer.model.coding import Anchor, Coding, CodingEvent, CodingKey, Said, Speaker
from reviewer.model.ids import ModeId, TraceId, WeekName
from reviewer.model.taxonomy import Mode, Taxonomy
from reviewer.model.week import Item, Plan, Week
from reviewer.verbs.changes import Changes
from reviewer.workspace import codings, weeks
from reviewer.workspace import taxonomy as stored
from reviewer.workspace.ask import annotations
from reviewer.workspace.ask.annotations import Annotated
from reviewer.workspace.ask.codings import coding_of
from reviewer.workspace.ask.population import items
from reviewer.workspace.ask.queue import weeks as ask_weeks
from reviewer.workspace.ask.settings import taxonomy
from reviewer.workspace.file import Reader, Writer

STRATUM = "labelled"
_SEED = "labels: "
_PASS_OR_FAIL = ("pass", "fail")
_TRACES_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a value of a label says: a verdict (``pass``, ``fail``), and a failure mode where it names one.

    Neither: the value says nothing, and a trace with no other value of this annotator is not coded by them.
    """

    verdict: str = ""
    mode: str = ""


SKIPPED = Meaning()


@dataclass(frozen=True, slots=True)
class LabelPlan:
    """What would become of the labels of one name: the meaning of each value, and the failure modes that are new."""

    name: str
    week: str
    reviewer: str
    meanings: Mapping[str, Meaning]
    new_modes: tuple[Mode, ...]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one name: how often each value was given, the most frequent first, and what it means by itself.

    A value whose meaning a person must say is not among ``meanings``. ``words`` may become failure modes, numbers not.
    """

    name: str
    counts: Mapping[str, int]
    meanings: Mapping[str, Meaning]
    words: frozenset[str]
    authors: tuple[str, ...]
    is_unnamed: bool
    """Whether the data does not say who gave some of them."""


def labels(reader: Reader) -> list[Labels]:
    """Return the labels that people gave before the import, by name."""
    by_name: dict[str, list[annotations.Value]] = defaultdict(list)
    for value in annotations.values(reader):
        by_name[value.name].append(value)
    list_now = taxonomy(reader)
    return [_labels(name, found, {}, list_now) for name, found in by_name.items()]


def _labels(name: str, found: Sequence[annotations.Value], said: Mapping[str, Meaning], list_now: Taxonomy) -> Labels:
    counts: Counter[str] = Counter()
    for value in found:
        for part in _parts(value.value, said):
            counts[part] += value.times
    meanings = {part: said.get(part) or _known(part, list_now) for part in counts}
    return Labels(
        name, dict(counts.most_common()), {part: meaning for part, meaning in meanings.items() if meaning is not None},
        frozenset(part for value in found if value.kind != "number" for part in _parts(value.value, said)),
        tuple(sorted({value.author for value in found} - {""})), any(not value.author for value in found),
    )  # fmt: skip


def parse_meaning(text: str) -> Meaning:
    """Return the meaning that ``pass``, ``fail``, ``skip`` or ``mode:ID`` names; raise ``UsageError`` for another."""
    if text in _PASS_OR_FAIL:
        return Meaning(text)
    if text == "skip":
        return SKIPPED
    if text.startswith("mode:") and text[5:]:
        return Meaning("fail", text[5:])
    raise UsageError(f"A value cannot mean {text!r}.", "Use pass, fail, skip or mode:ID.")


def plan_labels(
    reader: Reader, name: str, week: str, said: Mapping[str, Meaning], reviewer: str = "", new_modes: bool = False
) -> LabelPlan:
    """Return what would become of the labels called ``name``.

    A value means what was ``said`` of it; else the failure mode whose id or title it is, or pass or fail by that word.
    ``new_modes`` makes modes of the words that are left. Values that stand together, parted by commas, count each.
    ``reviewer`` is the name of the annotators that the data does not name.

    Raises:
        UsageError: there are no such labels, a value is left without a meaning, or a mode is unknown.
    """
    if not week.strip():
        raise UsageError("A week needs a name.", "For example 2026-labels.")
    found = [value for value in annotations.values(reader) if value.name == name]
    if not found:
        known = ", ".join(dict.fromkeys(value.name for value in annotations.values(reader)))
        raise UsageError(f"Nobody labelled anything {name!r} here.", f"Labels here: {known or 'none'}.")
    list_now = taxonomy(reader)
    given = _labels(name, found, said, list_now)
    if given.is_unnamed and not reviewer.strip():
        raise UsageError("The data does not say who gave these labels.", "Name them with --reviewer.")
    left = [part for part in given.counts if part not in given.meanings]
    added = {part: Mode(ModeId(_mode_id(part)), part[:80]) for part in left if new_modes and part in given.words}
    left = [part for part in left if part not in added]
    if left:
        raise UsageError(
            f"It is not said what these values of {name} mean: {', '.join(map(repr, left[:12]))}.",
            "Say it with --map VALUE=pass, fail, skip or mode:ID, or make modes of them with --new-modes.",
        )
    for meaning in given.meanings.values():
        if meaning.mode and meaning.mode not in {mode.id for mode in list_now.active}:
            raise UsageError(
                f"There is no failure mode {meaning.mode!r} in {list_now.name}.", "List them with: taxonomy show."
            )
    whole = {part: given.meanings.get(part) or Meaning("fail", added[part].id) for part in given.counts}
    new = {mode.id: mode for mode in added.values()}
    return LabelPlan(name, week.strip(), reviewer.strip(), whole, tuple(new.values()), given.counts)


def code_labels(writer: Writer, reader: Reader, plan: LabelPlan) -> Changes:
    """Make codings of labels as planned: the week is opened with all labelled traces, and each annotator submits.

    Done again for the same week, only what has changed is said; traces labelled since are not in its population.

    Raises:
        UsageError: there is a week of this name that was not made from these labels.
    """
    made = next((week for week in ask_weeks(reader) if week.name == plan.week), None)
    if made is not None and made.plan.seed != _SEED + plan.name:
        raise UsageError(f"There is a week {plan.week!r} already.", "Choose another name.")
    readings = list(_readings(reader, plan))
    if made is None:
        version = _install(writer, taxonomy(reader), plan)
        _open(writer, plan, readings, version)
    else:
        version = made.taxonomy_version
        _refuse_news(taxonomy(reader, version), plan)
    inside = {item.trace for item in items(reader, WeekName(plan.week))}
    coded: set[TraceId] = set()
    events: list[CodingEvent] = []
    for number, reading in enumerate(one for one in readings if one.trace in inside):
        key = CodingKey(reading.trace, WeekName(plan.week), reading.reviewer)
        if said := _said(coding_of(reader, key), reading):
            events += Speaker(key, version, reading.content_hash.hex()).say(writer.clock(), *said)
        if number % _TRACES_AT_ONCE == _TRACES_AT_ONCE - 1:
            coded |= codings.add(writer, events)
            events = []
    coded |= codings.add(writer, events) if events else set()
    return Changes(codings=frozenset(coded), weeks=frozenset({WeekName(plan.week)}), taxonomy=made is None)


def code_as_said(
    writer: Writer, reader: Reader, name: str, week: str, said: Mapping[str, Meaning], reviewer: str, new_modes: bool
) -> Changes:
    """Plan and make codings of labels in one step; raise as ``plan_labels`` and ``code_labels``."""
    return code_labels(writer, reader, plan_labels(reader, name, week, said, reviewer, new_modes))


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one annotator said of one trace."""

    trace: TraceId
    reviewer: str
    content_hash: bytes
    started_us: int
    is_timed: bool
    verdict: str
    modes: Mapping[str, Anchor | None]
    note: str


def _readings(reader: Reader, plan: LabelPlan) -> Iterator[_Reading]:
    by_reader: dict[tuple[TraceId, str], list[Annotated]] = defaultdict(list)
    for one in annotations.annotated(reader, plan.name):
        by_reader[one.trace, one.author or plan.reviewer].append(one)
    for (trace, reviewer), said in by_reader.items():
        meant = [(plan.meanings.get(part, SKIPPED), one) for one in said for part in _parts(one.value, plan.meanings)]
        verdicts = {meaning.verdict for meaning, _ in meant} - {""}
        if not verdicts:
            continue
        modes: dict[str, Anchor | None] = {}
        for meaning, one in meant:
            if meaning.mode:
                modes.setdefault(meaning.mode, _anchor(one))
        note = "\n\n".join(dict.fromkeys(one.comment for one in said if one.comment))
        verdict = "fail" if "fail" in verdicts else "pass"
        first = said[0]
        yield _Reading(
            trace, reviewer, first.content_hash, first.started_us, first.time_basis == "trace", verdict, modes, note
        )


def _open(writer: Writer, plan: LabelPlan, readings: Sequence[_Reading], version: int) -> None:
    """Store the week: every labelled trace is drawn for certain, and read by those who labelled it."""
    if not readings:
        raise UsageError(f"No label of {plan.name} says pass or fail.", "Map a value to pass, fail or a mode.")
    readers: dict[TraceId, list[str]] = defaultdict(list)
    for reading in readings:
        readers[reading.trace].append(reading.reviewer)
    n = len(readers)
    drawn = [
        Item(trace, STRATUM, n, n, 1.0, 0.0, order, "overlap" if len(names) > 1 else "prob", tuple(names))
        for order, (trace, names) in enumerate(readers.items(), 1)
    ]
    untimed = {reading.trace for reading in readings if not reading.is_timed}
    everyone = tuple(sorted({reading.reviewer for reading in readings}))
    twice = sum(item.purpose == "overlap" for item in drawn) / n
    week = Week(
        WeekName(plan.week), min(one.started_us for one in readings), max(one.started_us for one in readings) + 1,
        Plan(n, _SEED + plan.name, overlap=twice, readers=everyone), version, writer.clock(), n, untimed=len(untimed),
    )  # fmt: skip
    weeks.add(writer, week, drawn, dict.fromkeys(readers, STRATUM))


def _install(writer: Writer, now: Taxonomy, plan: LabelPlan) -> int:
    """Store the list of what the labels could name, then the current list with the new modes; return the former's version."""
    everything = replace(now, modes=(*now.modes, *plan.new_modes))
    named = {meaning.mode for meaning in plan.meanings.values()}
    alone = replace(everything, modes=tuple(mode for mode in everything.modes if mode.id in named), scores=())
    version = stored.install(writer, alone).version
    stored.install(writer, everything)
    return version


def _refuse_news(known: Taxonomy, plan: LabelPlan) -> None:
    new = {meaning.mode for meaning in plan.meanings.values() if meaning.mode and known.mode(meaning.mode) is None}
    if new:
        raise UsageError(
            f"The week {plan.week} was made when no label meant {', '.join(sorted(new))}.", "Make another week of them."
        )


def _said(now: Coding, wanted: _Reading) -> list[tuple[Said, Any]]:
    """Return what must be said so that a coding stands as the labels say; nothing where it does."""
    said: list[tuple[Said, Any]] = [(Said.MODE_OFF, {"mode": mode}) for mode in now.modes if mode not in wanted.modes]
    for mode, anchor in wanted.modes.items():
        if mode not in now.modes:
            said.append((Said.MODE_ON, {"mode": ModeId(mode), "anchor": anchor.as_json() if anchor else None}))
    if now.verdict != wanted.verdict:
        said.append((Said.VERDICT, wanted.verdict))
    if wanted.note and now.note != wanted.note:
        said.append((Said.NOTE, wanted.note))
    return [*said, (Said.SUBMIT, None)] if said else []


def _anchor(one: Annotated) -> Anchor | None:
    if one.target == "message" and one.target_id is not None and one.target_id.isdigit():
        return Anchor("turn", message=int(one.target_id))
    return None


def _parts(value: str, said: Mapping[str, Meaning]) -> list[str]:
    """Return the values that stand in a cell: the whole of it where that has a meaning, else what commas part."""
    if value in said or "," not in value:
        return [value]
    return [part.strip() for part in value.split(",") if part.strip()]


def _known(value: str, modes: Taxonomy) -> Meaning | None:
    """Return the meaning that a value has by itself, or None."""
    plain = value.strip().casefold()
    if plain in _PASS_OR_FAIL:
        return Meaning(plain)
    mode = next((m for m in modes.active if plain in (m.id, m.title.casefold()) or _mode_id(value) == m.id), None)
    return Meaning("fail", mode.id) if mode else None


def _mode_id(value: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "_", value.casefold()).strip("_")
    return (slug if slug[:1].isalpha() else f"m_{slug}")[:64]
