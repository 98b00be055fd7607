"""Answers and people: format, corrections, hand-overs, sessions that end without an answer, feedback."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from reviewer.measure import traffic as all_traffic
from reviewer.measure.changes import Total, total_change
from reviewer.measure.recorded import (
    NOTHING,
    Each,
    Figure,
    Measure,
    Recorded,
    field_of,
    newest,
    numbers,
    share_of,
    single,
)
from reviewer.model import columns as c
from reviewer.model.number import Basis, Group, Number, Row, Unit
from reviewer.model.patterns import compiled

SUCCESS = re.compile(r"^(?:task_?)?(?:success|resolved|completed|goal_reached)$", re.IGNORECASE)
GOOD = frozenset(
    ("up", "thumbs_up", "thumbs-up", "good", "positive", "yes", "true", "like", "helpful", "👍", "correct", "pass")
)


def people(now: Recorded, before: Recorded | None, split_by: str = c.WORKFLOW) -> Group:
    """Return how answers hold their form, and what people did about them.

    ``split_by`` is the segment by which a change of feedback is split into mix and within.
    """
    rows: tuple[tuple[str, str, str, Measure], ...] = (
        ("format_by_prompt", "Structured output pass by prompt version", FORMAT, _format_by(c.PROMPT_VERSION)),
        ("format_by_model", "Structured output pass by model", FORMAT, _format_by(c.MODEL)),
        ("success_logged", "Success that the application logs", LOGGED, single(success_logged)),
        ("user_correction", "User corrections", CORRECTION, single(lambda r: corrections(r.traces))),
        ("escalation_by_workflow", "Escalation by workflow", ESCALATION, _escalation_by_workflow),
        ("abandonment", "Abandonment", ABANDONMENT, single(abandonment)),
    )
    given = field_of("feedback", "Feedback", FEEDBACK_IS, feedback, now, before)
    if before is not None:
        given = replace(given, rows=tuple(_with_split(row, now, before, split_by) for row in given.rows))
    return Group("people", "Answers and people", (*(field_of(*row, now, before) for row in rows), given))


FORMAT = "Of the traces that record a schema, the share whose output is valid against it."
LOGGED = "Of the traces with a score named success, resolved or completed, the share in which it is positive."
CORRECTION = (
    "Of the user's turns that follow an answer, the share that reads like a correction ('no, I meant ...', 'that is "
    "wrong'), in English, German, French and Spanish, or as the workspace says (reviewer patterns). An automatic hint, "
    "counted over all traffic; nobody checked it."
)
ESCALATION = (
    "The share of sessions that were handed over to a person, where traces record tool calls, tags or attributes that "
    "would say so by their names (reviewer patterns)."
)
ABANDONMENT = (
    "The share of sessions whose last trace ends with the user's words or short of an answer, and for which no success "
    "was logged."
)
FEEDBACK_IS = (
    "Scores that came with the traces and are named feedback, thumbs, rating, csat or satisfaction, or as the workspace "
    "says (reviewer patterns): the share of good ones where they are yes or no, else their mean."
)


def _format_by(column: str) -> Measure:
    def measure(recorded: Recorded) -> Mapping[str, Figure]:
        known = recorded.traces[numbers(recorded.traces, c.STRUCTURED_OK).notna()]
        return Each(known, column, valid_output)

    return measure


def valid_output(table: pd.DataFrame) -> Figure:
    """Return the share of valid outputs among those with a schema, and the traces whose output is not."""
    ok = numbers(table, c.STRUCTURED_OK)
    failed = table.loc[ok == 0, c.TRACE]
    return Figure(share_of(table, ok == 1, ok.notna()).number, newest(failed)) if ok.notna().any() else NOTHING


def success_logged(recorded: Recorded) -> Figure:
    """Return the share of traces with a logged success, and those in which it failed."""
    logged = _logged(recorded.scores)
    if logged.empty:
        return NOTHING
    best = logged.groupby(c.TRACE, sort=False)["good"].max()
    number = all_traffic.share(int(best.sum()), len(best), len(recorded.traces))
    return Figure(number, newest(pd.Series(best.index[~best.astype(bool)], dtype=object)))


def _logged(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the scores that say whether a task succeeded, with ``good``."""
    named = scores[scores[c.SCORE_NAME].astype(str).map(lambda name: SUCCESS.search(name) is not None).astype(bool)]
    good = named[c.LABEL].map(lambda label: str(label).lower() in GOOD) | (numbers(named, c.VALUE) > 0)
    return named.assign(good=good.astype(bool))


def corrections(table: pd.DataFrame) -> Figure:
    """Return the share of follow-ups that read like a correction; the traces are those with one."""
    turns, corrected = numbers(table, c.FOLLOW_UPS), numbers(table, c.CORRECTIONS)
    number = all_traffic.share(int(corrected.sum()), int(turns.sum()))
    return Figure(number, newest(table.loc[corrected > 0, c.TRACE])) if turns.sum() else NOTHING


def _escalation_by_workflow(recorded: Recorded) -> Mapping[str, Figure]:
    return Each(recorded.traces, c.WORKFLOW, escalation)


def escalation(table: pd.DataFrame) -> Figure:
    """Return the share of sessions handed over, and the traces in which they were."""
    return Figure(all_traffic.escalation(table), newest(table.loc[numbers(table, c.ESCALATED) == 1, c.TRACE]))


def abandonment(recorded: Recorded) -> Figure:
    """Return the share of sessions that end without an answer and without a logged success."""
    table = recorded.traces[recorded.traces[c.ENDING].notna()]
    if table.empty:
        return NOTHING
    session = table[c.SESSION].fillna("\x00" + table[c.TRACE].astype(str))
    last = table.assign(session=session).drop_duplicates("session", keep="last")
    logged = _logged(recorded.scores)
    succeeded = logged.loc[logged["good"], [c.TRACE, c.SESSION]]
    done = last[c.TRACE].isin(succeeded[c.TRACE]) | last[c.SESSION].isin(succeeded[c.SESSION].dropna())
    return share_of(last, (last[c.ENDING] != "answer") & ~done)


def feedback(recorded: Recorded) -> Mapping[str, Figure]:
    """Return each kind of feedback by its name, the most frequent first; the traces are those with the worst."""
    given = compiled(recorded.feedback)
    scores = recorded.scores
    named = scores[scores[c.SCORE_NAME].astype(str).map(lambda name: given.search(name) is not None).astype(bool)]
    return Each(named, c.SCORE_NAME, _feedback)


def _feedback(rows: pd.DataFrame) -> Figure:
    values, unit = _graded(rows)
    if unit is Unit.SHARE:
        good = values == 1.0
        return Figure(share_of(rows, good).number, newest(rows.loc[~good, c.TRACE]))
    known = values.dropna()
    number = Number(float(known.mean()), Basis.ALL_TRAFFIC, unit, n=len(known), population=len(rows))
    return Figure(number, tuple(dict.fromkeys(rows.loc[known.nsmallest(max(1, len(known) // 10)).index, c.TRACE])))


def _graded(rows: pd.DataFrame) -> tuple["pd.Series[float]", Unit]:
    """Return feedback as 1 and 0 where it is yes or no, else as its numbers, NaN where there is none."""
    values = numbers(rows, c.VALUE)
    known = values.dropna()
    if known.empty or set(known) <= {0.0, 1.0}:
        good = rows[c.LABEL].map(lambda label: str(label).lower() in GOOD) | (values > 0)
        return good.astype(bool).astype("float64"), Unit.SHARE
    return values, Unit.SCORE


def _with_split(row: Row, now: Recorded, before: Recorded, by: str) -> Row:
    """Return a row of feedback with its change split by the segments of the traces that it was given to."""
    sides = [side.scores[side.scores[c.SCORE_NAME] == row.label] for side in (before, now)]
    graded = [_graded(side) for side in sides]
    if graded[0][1] is not graded[1][1]:
        return row
    segments = [side.traces.drop_duplicates(c.TRACE).set_index(c.TRACE)[by] for side in (before, now)]
    tables = [
        pd.DataFrame({by: side[c.TRACE].map(segment), c.VALUE: values})
        for side, segment, (values, _) in zip(sides, segments, graded, strict=True)
    ]
    total = Total(
        row.label,
        graded[0][1],
        lambda table: table[c.VALUE],
        lambda table: table[c.VALUE].notna().astype("float64"),
    )
    return replace(row, change=total_change(tables[0], tables[1], [by], total))
