"""The rest of what a regular look needs: groups of fields of all traffic, and estimates that go with them."""

import re
from collections.abc import Callable
from dataclasses import replace

from reviewer.measure.changes import score_change
from reviewer.measure.moved import difference, direction
from reviewer.measure.people import people
from reviewer.measure.quality import Scored
from reviewer.measure.recorded import TOP, Recorded, is_recorded
from reviewer.measure.requests import cost, latency, requests
from reviewer.measure.retrieval import retrieval
from reviewer.measure.sample import Sample, any_of, segment_rows
from reviewer.measure.toolcalls import tools
from reviewer.model import columns
from reviewer.model.number import Field, Group, Row
from reviewer.model.taxonomy import Mode, Taxonomy

SAFETY = re.compile(r"safety|policy|privacy|security|complian", re.IGNORECASE)
TOOL = re.compile(r"tool", re.IGNORECASE)
FAILING_BY = (
    "How many traces of each {} fail, estimated from the reviewed traces of it, each counting for as many as it stands "
    "for. Where too few of them were read for a percentage, the count stands instead."
)
WRONG_TOOL = "How common it is that a reviewer tagged a failure mode about tools. An estimate from the reviewed sample."
SCORES = (
    "The mean of a quality score in the traffic, of the traces that would be given one. An estimate from the scores that "
    "reviewers gave, each counting for as many traces as it stands for, with a 95 % interval (Student's t). The traces are "
    "those with the lowest scores."
)
POLICY = "How common it is that a reviewer tagged any failure mode of the safety group. An estimate from the sample."


def operations(
    now: Recorded, before: Recorded | None, sample: Sample, taxonomy: Taxonomy, split_by: str = columns.WORKFLOW
) -> tuple[Group, ...]:
    """Return the groups of fields after the nine, in order; a group of which nothing is recorded is left out.

    Args:
        now: the tables of the period.
        before: those of the period before, None without one.
        sample: what was read, for the fields that people judge.
        taxonomy: the present taxonomy.
        split_by: the segment by which the change of a mean is split into mix and within.
    """
    groups = (
        _with(requests(now, before), _failing(sample)),
        latency(now, before),
        cost(now, before),
        retrieval(now, before),
        _with(tools(now, before), _judged("wrong_tool", "Wrong tool", WRONG_TOOL, sample, taxonomy, _is_about_tools)),
        _with(
            people(now, before, split_by),
            (
                *_judged("policy", "Policy violation", POLICY, sample, taxonomy, _is_about_safety),
                *_scores(sample, taxonomy, split_by),
            ),
        ),
    )
    return tuple(group for group in groups if is_recorded(group.fields))


def _with(group: Group, fields: tuple[Field, ...]) -> Group:
    return replace(group, fields=(*group.fields, *fields))


def _failing(sample: Sample) -> tuple[Field, ...]:
    """Return how many traces fail by prompt version and by model, where anything was read."""
    found = (
        ("failing_by_prompt_version", "Failing by prompt version", "prompt version", columns.PROMPT_VERSION),
        ("failing_by_model", "Failing by model", "model", columns.MODEL),
    )
    fields = (
        Field(id, title, segment_rows(sample, column, TOP), FAILING_BY.format(name))
        for id, title, name, column in found
    )
    return tuple(field for field in fields if field.rows)


def _judged(
    id: str, title: str, explanation: str, sample: Sample, taxonomy: Taxonomy, modes: Callable[[Mode], bool]
) -> tuple[Field, ...]:
    rows: tuple[Row, ...] = any_of(sample, modes, taxonomy, title)
    return (Field(id, title, rows, explanation),) if rows else ()


def _scores(sample: Sample, taxonomy: Taxonomy, by: str) -> tuple[Field, ...]:
    """Return the mean of each quality score that was given, with what moved it since the period before."""
    scored = Scored(sample.items)
    now, past = ([week.name for week in weeks] for weeks in (sample.now, sample.past))
    rows = []
    for score in taxonomy.scores:
        number, then = scored.mean(now, score), scored.mean(past, score) if past else None
        if not number.n:
            continue
        sizes = sample.sizes_by([by]) if difference(number, then) else None
        change = None if sizes is None else score_change(sample.items, sizes, past, now, [by], score)
        moved = direction(number, then)
        rows.append(Row(score.title, number, then, number.note, scored.lowest(now, score), change, moved=moved))
    return (Field("quality_scores", "Quality scores", tuple(rows), SCORES),) if rows else ()


def _is_about_tools(mode: Mode) -> bool:
    return TOOL.search(mode.id) is not None or TOOL.search(mode.group) is not None


def _is_about_safety(mode: Mode) -> bool:
    return SAFETY.search(mode.group) is not None
