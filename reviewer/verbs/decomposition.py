"""Ask what moved a number between two weeks. Takes a reader and answers; changes nothing."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from reviewer import wording
from reviewer.errors import UsageError
from reviewer.model.change import ChangeSplit
from reviewer.model.number import Number, Unit
from reviewer.model.taxonomy import ScoreScale
from reviewer.model.week import SEGMENTS, Week
from reviewer.verbs.listing import number
from reviewer.workspace.ask.queue import week_of_traces
from reviewer.workspace.ask.queue import weeks as ask_weeks
from reviewer.workspace.ask.settings import taxonomies, taxonomy
from reviewer.workspace.file import Reader

FAIL = "fail"
FAIL_TITLE = "Failing traces"
P95_LATENCY = "p95_latency"
P95_TITLE = "p95 latency"

PARTS = ("total", "mix", "within", "presence")
HEAD = "{}, {} against {}"
CANNOT = "no split. It takes two segments with enough traces to compare."
MIX = "the traffic is mixed differently"
WITHIN = "the segments themselves changed"
PRESENCE = "segments came or went"
ON_OLD_MIX = "with the traffic mixed as in {}"
SHARE = "{} of the traffic"
FROM_TO = "{} → {}"


@dataclasses.dataclass(frozen=True, slots=True)
class Moved:
    """What moved between two weeks: the split (None where none can be made), and the later number on the old mix."""

    title: str
    before: str
    after: str
    split: ChangeSplit | None
    on_old_mix: Number | None = None


def decompose(
    reader: Reader, week: str, before: str | None, by: Sequence[str], of: str = FAIL, count: int = 1
) -> Moved:
    """Return the change of a number from one week to another, or from some weeks to as many, split by segments.

    Args:
        reader: the workspace.
        week: the later week.
        before: the earlier one; None for the week before.
        by: names of segments; several are crossed.
        of: ``fail``, the id of a failure mode or of a score, ``p95_latency``, or a number of all traffic (``measure.changes.TOTALS``).
        count: how many drawn weeks each period has, ending with its week; more than one for the sample only.

    Raises:
        UsageError: there is no such week, segment or number, or no week before.
    """
    from reviewer.measure import changes

    unknown = [name for name in by if name not in SEGMENTS]
    if unknown or not by:
        raise UsageError(f"There is no segment {(unknown or [''])[0]!r}.", f"Use {', '.join(SEGMENTS)}.")
    now = _ending(reader, week_of_traces(reader, week), count)
    past = _ending(reader, week_of_traces(reader, before) if before is not None else _before(reader, now[0]), count)
    first, last = past[-1], now[-1]
    modes = {mode.id: mode.title for mode in taxonomy(reader).modes}
    if of == FAIL or of in modes:
        title, split = modes.get(of, FAIL_TITLE), _of_reviewed(reader, past, now, by, of)  # type: ignore[call-overload]
    elif (score := taxonomy(reader).score(of)) is not None:
        title, split = score.title, _of_score(reader, past, now, by, score)
    elif of == P95_LATENCY or of in changes.TOTALS:
        if count > 1:
            raise UsageError(
                f"Several weeks are for rates of the reviewed sample, not for {of!r}.", "Compare two weeks."
            )
        title = P95_TITLE if of == P95_LATENCY else changes.TOTALS[of].title
        split = _of_traffic(reader, first, last, by, of)
    else:
        scores = (score.id for score in taxonomy(reader).scores)
        known = ", ".join([FAIL, *modes, *scores, P95_LATENCY, *changes.TOTALS])
        raise UsageError(f"There is no number {of!r} that could be split.", f"Use one of: {known}.")
    summed = split is not None and of != P95_LATENCY
    return Moved(
        title, span(_names(past)), span(_names(now)), split, changes.on_old_mix(split) if split and summed else None
    )


def _ending(reader: Reader, week: Week, count: int) -> list[Week]:
    """Return some drawn weeks, of which the given one is the last; fewer where there are no more."""
    if count < 1:
        raise UsageError("A period has at least one week.", "Use --weeks 1 or more.")
    known = [one for one in ask_weeks(reader, "trace") if (one.start_us, one.name) <= (week.start_us, week.name)]
    return known[-count:]


def span(weeks: Sequence[str]) -> str:
    """Return the names of weeks as one: the first and the last."""
    first, last = weeks[0], weeks[-1]
    return first if first == last else wording.RANGE.format(first, last)


def _names(weeks: Sequence[Week]) -> list[str]:
    return [str(week.name) for week in weeks]


def _before(reader: Reader, week: Week) -> Week:
    earlier = [one for one in ask_weeks(reader, "trace") if one.start_us < week.start_us]
    if not earlier:
        raise UsageError(f"There is no week before {week.name}.", "Name one with --before.")
    return earlier[-1]


def _of_reviewed(
    reader: Reader, past: Sequence[Week], now: Sequence[Week], by: Sequence[str], of: str
) -> ChangeSplit | None:
    from reviewer.measure.changes import rate_change
    from reviewer.measure.reading import versions_without
    from reviewer.model.ids import ModeId
    from reviewer.workspace.ask.tables import items, sizes

    mode = None if of == FAIL else ModeId(of)
    without = versions_without(mode, taxonomy(reader), taxonomies(reader)) if mode else frozenset[int]()
    first, last = set(_names(past)), set(_names(now))
    return rate_change(items(reader), sizes(reader, by, [*first, *last]), first, last, by, mode, without)


def _of_score(
    reader: Reader, past: Sequence[Week], now: Sequence[Week], by: Sequence[str], score: ScoreScale
) -> ChangeSplit | None:
    from reviewer.measure.changes import score_change
    from reviewer.workspace.ask.tables import items, sizes

    first, last = _names(past), _names(now)
    return score_change(items(reader), sizes(reader, by, [*first, *last]), first, last, by, score)


def _of_traffic(reader: Reader, first: Week, last: Week, by: Sequence[str], of: str) -> ChangeSplit | None:
    from reviewer.measure.changes import TOTALS, quantile_change, total_change
    from reviewer.model.columns import LATENCY
    from reviewer.workspace.ask.tables import week_traffic

    before, after = week_traffic(reader, first), week_traffic(reader, last)
    if of == P95_LATENCY:
        return quantile_change(before, after, by, LATENCY, 0.95, Unit.MILLISECONDS)
    return total_change(before, after, by, TOTALS[of])


def plain(moved: Moved) -> dict[str, Any]:
    """Return what moved as plain values, for the command line."""
    nothing: dict[str, Any] = {"by": None, **dict.fromkeys(PARTS), "segments": []}
    return {
        "of": moved.title,
        "before": moved.before,
        "after": moved.after,
        **(split_values(moved.split) if moved.split else nothing),
        "on_old_mix": number(moved.on_old_mix),
    }


def split_values(split: ChangeSplit) -> dict[str, Any]:
    """Return a split as plain values: its parts, and what each segment contributes."""
    return {
        "by": split.by,
        **{name: number(getattr(split, name)) for name in PARTS},
        "segments": [
            {**dataclasses.asdict(one), "before": number(one.before), "after": number(one.after)}
            for one in split.segments
        ],
    }


def lines(moved: Moved) -> list[str]:
    """Return what moved as lines for a terminal."""
    head = HEAD.format(moved.title, moved.after, moved.before)
    split = moved.split
    if split is None:
        return [f"{head}: {CANNOT}"]
    found = [f"{head}: {wording.difference(split.total)}{_limits(split.total)}"]
    for name, part in ((MIX, split.mix), (WITHIN, split.within), (PRESENCE, split.presence)):
        if part is not None:
            found.append(f"  {name}: {wording.difference(part)}{_limits(part)}")
    if moved.on_old_mix is not None:
        found.append(f"  {ON_OLD_MIX.format(moved.before)}: {wording.value(moved.on_old_mix)}")
    for one in split.segments:
        shares = FROM_TO.format(wording.share(one.share_before), wording.share(one.share_after))
        values = FROM_TO.format(_value(one.before), _value(one.after))
        found.append(f"  {one.segment}: {SHARE.format(shares)}, {values}")
    return found


def _value(found: Number) -> str:
    return wording.DASH if found.value is None else wording.value(found)


def _limits(part: Number) -> str:
    limits = wording.difference_interval(part)
    return f" ({limits})" if limits else ""
