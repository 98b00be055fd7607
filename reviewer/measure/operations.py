"""The rest of what a regular look needs: groups of fields of all traffic, and estimates that go with them."""

import re
from collections.abc import Callable
from dataclasses import replace

from reviewer.measure.people import people
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
POLICY = "How common it is that a reviewer tagged any failure mode of the safety group. An estimate from the sample."


def operations(now: Recorded, before: Recorded | None, sample: Sample, taxonomy: Taxonomy) -> tuple[Group, ...]:
    """Return the groups of fields after the nine, in order; a group of which nothing is recorded is left out.

    Args:
        now: the tables of the period.
        before: those of the period before, None without one.
        sample: what was read, for the fields that people judge.
        taxonomy: the present taxonomy.
    """
    groups = (
        _with(requests(now, before), _failing(sample)),
        latency(now, before),
        cost(now, before),
        retrieval(now, before),
        _with(tools(now, before), _judged("wrong_tool", "Wrong tool", WRONG_TOOL, sample, taxonomy, _is_about_tools)),
        _with(people(now, before), _judged("policy", "Policy violation", POLICY, sample, taxonomy, _is_about_safety)),
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


def _is_about_tools(mode: Mode) -> bool:
    return TOOL.search(mode.id) is not None or TOOL.search(mode.group) is not None


def _is_about_safety(mode: Mode) -> bool:
    return SAFETY.search(mode.group) is not None
