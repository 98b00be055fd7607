"""Diagnosis: beside a figure that moved, what the traces say about each of its possible causes.

Five patterns are looked for; each is shown only where its figure moved (``moved``). A cause that holds went the right
way by more than is usual in the same period. It is a lead, not a proof: two things that moved together.
"""

import re
from collections.abc import Sequence

from reviewer import wording
from reviewer.measure import causes
from reviewer.measure.causes import Check, judge, new_value, routing
from reviewer.measure.moved import difference, direction
from reviewer.measure.people import abandonment, corrections, escalation, feedback
from reviewer.measure.recorded import Figure, Recorded, mean_of
from reviewer.measure.sample import Sample, any_of
from reviewer.model import columns as c
from reviewer.model.diagnosis import Cause, Diagnosis, Finding
from reviewer.model.number import Number, Row, Scorecard, Unit
from reviewer.model.taxonomy import Mode, Taxonomy

GROUNDING = re.compile(r"hallucinat|unsupported|ground|citation|ignored|invent|fabricat", re.IGNORECASE)
MANNER = re.compile(r"tone|language|refus|incomplete|escalation", re.IGNORECASE)
GREW = 1.1
"""Times as many traces a day as before, from which on traffic is not flat."""
FROM_TO = "{title}: {before} → {now}."
QUALITY_STABLE = "The share of failing traces did not rise."
QUALITY_UNKNOWN = "Too little was read to say whether more traces fail."
TRAFFIC_FLAT = "The number of traces is about the same."
METRICS_GREEN = "Failing traces, tool success and latency did not get worse."
CHANGED_PROMPT = ("prompt_change", "A prompt that is new")
CHANGED_MODEL = ("model_change", "A model that is new")
CHANGED_SCHEMA = ("schema_change", "An output schema that is new")
CHANGED_RETRIEVAL = ("retrieval_setting", "Another retrieval setting")


def diagnoses(
    card: Scorecard, now: Recorded, before: Recorded | None, sample: Sample, taxonomy: Taxonomy
) -> tuple[Diagnosis, ...]:
    """Return the diagnoses of a period; none without a period before.

    Args:
        card: the nine fields, with what moved.
        now: the tables of the period.
        before: those of the period before.
        sample: what was read.
        taxonomy: the present taxonomy.
    """
    if before is None:
        return ()
    found = (
        _latency(card, now, before),
        _cost(card, now, before),
        _format(card, now, before),
        _grounding(now, before, sample, taxonomy),
        _satisfaction(card, now, before, sample, taxonomy),
    )
    return tuple(one for one in found if one is not None)


def _latency(card: Scorecard, now: Recorded, before: Recorded) -> Diagnosis | None:
    row = _row(card, "p95_latency")
    if row.moved <= 0 or _worse(card):
        return None
    checks = (
        causes.PROMPT, causes.CONTEXT, causes.TOKENS_OUT, causes.TOOL_LATENCY, causes.TOOL_CALLS,
        causes.RETRIEVAL_LATENCY, causes.RETRIES, causes.CACHE,
    )  # fmt: skip
    found = (*_judged(checks, now, before), routing(now, before))
    because = f"{_from_to(row.label, row.number, row.previous)} {_quality(card)}"
    title = "Latency up, quality stable" if _is_quality_known(card) else "Latency up"
    return Diagnosis("latency_up", "p95_latency", title, because, _ordered(found))


def _cost(card: Scorecard, now: Recorded, before: Recorded) -> Diagnosis | None:
    """Return the diagnosis of cost, of a success or of a trace, where the traffic did not grow."""
    row = _row(card, "cost_per_success")
    mean, past = (mean_of(side.traces, c.COST, Unit.DOLLARS).number for side in (now, before))
    if row.moved <= 0 and direction(mean, past) <= 0:
        return None
    if len(now.traces) / now.days > GREW * len(before.traces) / before.days:
        return None
    checks = (
        causes.TOKENS_IN, causes.PROMPT, causes.CONTEXT, causes.TOKENS_OUT, causes.TOOL_CALLS, causes.RETRIES,
        causes.CACHE,
    )  # fmt: skip
    found = (*_judged(checks, now, before), routing(now, before))
    said = _from_to(row.label, row.number, row.previous) if row.moved > 0 else _from_to("Cost of a trace", mean, past)
    return Diagnosis("cost_up", "cost_per_success", "Cost up, traffic flat", f"{said} {TRAFFIC_FLAT}", _ordered(found))


def _format(card: Scorecard, now: Recorded, before: Recorded) -> Diagnosis | None:
    row = _row(card, "structured_output_pass")
    if row.moved >= 0:
        return None
    checks = (causes.PROMPT, causes.CONTEXT, causes.TOKENS_OUT, causes.RETRIES)
    prompt = _new_prompt(now, before)
    found = (
        prompt,
        new_value(*CHANGED_SCHEMA, c.SCHEMA_HASH, now, before),
        new_value(*CHANGED_MODEL, c.MODEL, now, before),
        *_judged(checks, now, before),
        routing(now, before),
    )
    after = prompt.finding is Finding.HOLDS
    title = "Format compliance down after a prompt change" if after else "Format compliance down"
    because = _from_to(row.label, row.number, row.previous)
    return Diagnosis("format_down", "structured_output_pass", title, because, _ordered(found))


def _new_prompt(now: Recorded, before: Recorded) -> Cause:
    """Return whether a new prompt took a share of the traffic: by its version, or by its text where none is recorded."""
    by_version = new_value(*CHANGED_PROMPT, c.PROMPT_VERSION, now, before)
    if by_version.finding is not Finding.CANNOT_TELL:
        return by_version
    return new_value(*CHANGED_PROMPT, c.PROMPT_HASH, now, before)


def _grounding(now: Recorded, before: Recorded, sample: Sample, taxonomy: Taxonomy) -> Diagnosis | None:
    """Return the diagnosis of answers without support, where such failure modes together rose."""
    rows = any_of(sample, _is_about_grounding, taxonomy, "Answers without support")
    if not rows or direction(rows[0].number, rows[0].previous) <= 0:
        return None
    checks = (
        causes.EMPTIES, causes.AGE, causes.SCORES, causes.COUNT, causes.CHUNKS, causes.CONTEXT_SHARE,
        causes.RETRIEVAL_LATENCY,
    )  # fmt: skip
    found = (
        *_judged(checks, now, before),
        new_value(*CHANGED_RETRIEVAL, c.RETRIEVAL_SETTING, now, before),
        new_value(*CHANGED_MODEL, c.MODEL, now, before),
        _new_prompt(now, before),
    )
    trouble = any(cause.finding is Finding.HOLDS for cause in found[: len(checks) + 1])
    title = "Hallucinations up, with retrieval trouble" if trouble else "Hallucinations up, retrieval as before"
    because = _from_to(rows[0].label, rows[0].number, rows[0].previous)
    return Diagnosis("hallucinations_up", "top_failure_modes", title, because, _ordered(found))


def _is_about_grounding(mode: Mode) -> bool:
    return GROUNDING.search(mode.id) is not None or GROUNDING.search(mode.group) is not None


def _satisfaction(
    card: Scorecard, now: Recorded, before: Recorded, sample: Sample, taxonomy: Taxonomy
) -> Diagnosis | None:
    """Return the diagnosis of users who are less content while the metrics are green."""
    signs = _signs(now, before)
    green = not _worse(card) and _row(card, "tool_success").moved >= 0 and _row(card, "p95_latency").moved <= 0
    if not signs or not green:
        return None
    checks = (causes.TOKENS_OUT, causes.FOLLOW_UPS, causes.EMPTIES, causes.BAD_ARGUMENTS, causes.RETRIES)
    manner = any_of(sample, _is_about_manner, taxonomy, "Tone, language, refusals")
    found = (
        *(_of_row("manner", "More failures of tone, language or refusal", row) for row in manner),
        *_judged(checks, now, before),
        _new_prompt(now, before),
        new_value(*CHANGED_MODEL, c.MODEL, now, before),
        routing(now, before),
    )
    because = f"{' '.join(signs)} {METRICS_GREEN}"
    return Diagnosis("satisfaction_down", "escalation", "Satisfaction down, metrics green", because, _ordered(found))


def _is_about_manner(mode: Mode) -> bool:
    return MANNER.search(mode.id) is not None


def _signs(now: Recorded, before: Recorded) -> list[str]:
    """Return what says that users are less content: feedback that fell; corrections, hand-overs, abandonment that rose."""
    measures: tuple[tuple[str, Figure, Figure, int], ...] = (
        ("User corrections", corrections(now.traces), corrections(before.traces), 1),
        ("Escalation", escalation(now.traces), escalation(before.traces), 1),
        ("Abandonment", abandonment(now), abandonment(before), 1),
    )
    past = feedback(before)
    measures += tuple((name, figure, past[name], -1) for name, figure in feedback(now).items() if name in past)
    return [
        _from_to(title, last.number, first.number)
        for title, last, first, way in measures
        if direction(last.number, first.number) == way
    ]


def _of_row(id: str, title: str, row: Row) -> Cause:
    """Return whether an estimate that rose is a cause."""
    if difference(row.number, row.previous) is None:
        return Cause(id, title, Finding.CANNOT_TELL, row.previous, row.number, "Too few were read.", row.traces)
    rose = direction(row.number, row.previous) > 0
    return Cause(id, title, Finding.HOLDS if rose else Finding.DOES_NOT, row.previous, row.number, "", row.traces)


def _judged(checks: Sequence[Check], now: Recorded, before: Recorded) -> tuple[Cause, ...]:
    return tuple(judge(check, now, before) for check in checks)


def _ordered(found: Sequence[Cause]) -> tuple[Cause, ...]:
    """Return the causes that hold first, those that cannot be told last."""
    order = list(Finding)
    return tuple(sorted(found, key=lambda cause: order.index(cause.finding)))


def _row(card: Scorecard, field: str) -> Row:
    return next(one for one in card.fields if one.id == field).rows[0]


def _worse(card: Scorecard) -> bool:
    return card.headline is not None and card.headline.moved > 0


def _quality(card: Scorecard) -> str:
    return QUALITY_STABLE if _is_quality_known(card) else QUALITY_UNKNOWN


def _is_quality_known(card: Scorecard) -> bool:
    return card.headline is not None and difference(card.headline.number, card.headline.previous) is not None


def _from_to(title: str, now: Number, before: Number | None) -> str:
    past = wording.value(before) if before is not None else wording.NOT_RECORDED
    return FROM_TO.format(title=title, before=past, now=wording.value(now))
