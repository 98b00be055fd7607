"""What the pages of numbers show, the commands print with ``--json``: compared from the same objects, number by number."""

import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reviewer import cli
from reviewer.desktop.agreement.state import AgreementState
from reviewer.desktop.scorecard.state import ScorecardState
from reviewer.desktop.trends.stack import stacked
from reviewer.desktop.trends.state import TrendsState
from reviewer.desktop.week.page import look_around, look_at
from reviewer.desktop.week.precision import tables
from reviewer.desktop.week.state import WeekState
from reviewer.exports.scorecard.lines import footnotes, opening
from reviewer.jobs.running import Channel
from reviewer.measure import planning, power
from reviewer.measure.planning import PlannedStratum
from reviewer.model.number import Number, Series, Unit
from reviewer.model.trace import Score
from reviewer.model.week import Plan
from reviewer.verbs import agreement, decomposition, judges, measuring, points, scorecards, weeks
from reviewer.verbs.coding import Wanted, code
from reviewer.workspace.ask.population import items
from reviewer.workspace.file import Reader, Workspace
from tests.builders import HOUR_US, MONDAY_US, a_trace, a_workspace, own_id, put

WEEK_US = 7 * 24 * HOUR_US
NAMES = ("2026-W47", "2026-W48", "2026-W49")
PER_WEEK = 40


def read_week(workspace: Workspace, number: int) -> None:
    """Draw and read a week of two workflows, twice in part, with a judge that has scored all of it."""
    name, start = NAMES[number], MONDAY_US + number * WEEK_US
    numbers = range(PER_WEEK * number, PER_WEEK * (number + 1))
    put(
        workspace,
        [
            a_trace(
                n, started_us=start + n, scores=[Score("quality", (n % 7) / 7, source="llm")], latency_ms=900.0 + 13 * n
            )
            for n in numbers
        ],
        f"{name}.jsonl",
    )
    reader = workspace.reader()
    plan = Plan(30, "s", by=("workflow",), overlap=0.2, readers=("anna", "bob"))
    workspace.write(weeks.open_week, reader, name, start, start + WEEK_US, plan).result()
    numbered = {own_id(a_trace(n)): n for n in numbers}
    for item in items(reader, name):  # type: ignore[arg-type]
        n = numbered[item.trace]
        for reader_name in item.readers:
            fails = n % (4 - number) == 0 and not (reader_name == "bob" and n % 5 == 0)
            modes = ("looping",) if fails else ()
            wanted = Wanted(
                item.trace, reader_name, "fail" if fails else "pass", modes, scores={"groundedness": n % 5 + 1}
            )
            workspace.write(code, reader, name, wanted).result()
    reader.close()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with a_workspace(tmp_path_factory.mktemp("shown")) as workspace:
        for number in range(2):
            read_week(workspace, number)
        put(workspace, [a_trace(n, started_us=MONDAY_US + 2 * WEEK_US + n) for n in range(200, 290)], "last.jsonl")
        return workspace.path


@pytest.fixture
def reader(path: Path) -> Iterator[Reader]:
    found = Reader(path)
    yield found
    found.close()


@pytest.fixture
def printed(path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command with ``--json`` and return what it printed."""

    def run(*words: object) -> Any:
        capsys.readouterr()
        assert cli.main([*map(str, words), "--workspace", str(path), "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return run


def leaves(value: Any) -> Iterator[Any]:
    """Yield the numbers and texts of what was printed or of what a page holds, however deep."""
    if dataclasses.is_dataclass(value):
        value = [getattr(value, field.name) for field in dataclasses.fields(value)]
    if isinstance(value, dict):
        value = [*value.values()] if all(isinstance(key, str) for key in value) else [*value.values(), *value]
    if isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from leaves(one)
    elif value not in (None, "") and not isinstance(value, bool):
        yield value if isinstance(value, int | float) else str(value)


def missing(shown: Any, printed: Any) -> set[Any]:
    """Return what a page holds and a command does not print."""
    there = {round(leaf, 9) if isinstance(leaf, float) else leaf for leaf in leaves(printed)}
    there |= set(keys(printed))
    return {leaf for leaf in leaves(shown) if (round(leaf, 9) if isinstance(leaf, float) else leaf) not in there}


def keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        value = [*value.values()]
    for one in value if isinstance(value, list) else ():
        yield from keys(one)


def numbers(series: Series) -> list[tuple[Number, tuple[str, ...], str, int]]:
    """Return what a chart draws of a series, and the traces that its points lead to."""
    return [
        (point.number, point.traces, point.period, point.window_weeks) for point in (*series.weekly, *series.rolling)
    ]


def test_a_plan_is_printed_as_new_week_shows_it(reader: Reader, printed: Any) -> None:
    state = WeekState(look_around(reader), MONDAY_US + 3 * WEEK_US, "seed", period="2026-W49")
    state.choose_size(40)
    state.choose_overlap(0.1)
    state.name_readers("anna, bob")
    state.read_again(True)
    state.limits, state.chances = tables(Channel(None, None), state.ground.modes)  # type: ignore[arg-type]
    state.take(state.question(), look_at(reader, state.question()))
    said = printed(
        *("week", "plan", "--from", "2026-11-30", "--to", "2026-12-07", "--size", 40, "--plan", state.plan.kind),
        *("--by", "auto", "--overlap", 0.1, "--readers", "anna,bob", "--calibration", 20),
    )
    assert state.answer is not None
    assert state.bought is not None
    assert not missing((state.answer.counted.size, state.strata, state.drawn, state.twice, state.again), said)
    assert (said["readings"], said["readings_together"]) == (state.shares(), state.readings)
    assert (said["minutes"], said["seconds_each"]) == (state.minutes(), state.ground.seconds_each)
    assert said["taxonomy_version"] == state.ground.taxonomy_version
    assert said["stands_for_up_to"] == max(row.stands_for for row in state.strata)
    assert [row["share"] for row in said["strata"]] == [row.size / 90 for row in state.strata]
    assert said["read_flagged"] == sum(row.drawn for row in state.strata if row.flagged)
    assert [(at["read"], pytest.approx(at["half_width"], abs=0.002)) for at in said["curve"]] == state.curve()
    bought = said["consequence"]
    # The window reads chances and limits from a table, between whose entries it draws straight lines.
    assert [bought["low"], bought["high"]] == pytest.approx([state.bought.low, state.bought.high], abs=0.002)
    assert [(one["low"], one["high"]) for one in bought["doublings"]] == [
        (pytest.approx(one.low, abs=0.05), pytest.approx(one.high, abs=0.05)) for one in state.bought.doublings
    ]


def test_a_drawn_week_is_printed_with_each_item(reader: Reader, printed: Any) -> None:
    said = printed("week", "show", NAMES[0])
    drawn = items(reader, NAMES[0])  # type: ignore[arg-type]
    assert not missing([dataclasses.replace(item, u=0.0) for item in drawn], [said, 0.0])


def test_every_view_of_trends_is_printed(reader: Reader, printed: Any) -> None:
    state = TrendsState()
    state.ask()
    state.take(state.wanted, measuring.trends(reader))
    found = state.visible
    assert found.failing is not None
    assert found.scores
    said = printed("trends")
    assert not missing([numbers(one) for one in found.modes], [said, Unit.SHARE])
    assert not missing(numbers(found.failing), [printed("trends", "--failing"), Unit.SHARE])
    assert not missing([numbers(one) for one in found.scores], [printed("trends", "--scores"), Unit.SCORE])
    assert not missing([chart.weeks for chart in found.controls.values()], [said, printed("trends", "--failing")])
    assert not missing([chart.mean for chart in found.controls.values()], [said, printed("trends", "--failing")])
    assert not missing([(one.kind, one.label) for one in found.markers], printed("trends", "--markers"))
    assert state.saturation is not None
    steps = printed("trends", "--saturation")
    assert not missing(state.saturation, steps)
    stack = stacked(found.modes)
    weeks_of_stack = printed("trends", "--stacked")
    assert [one["tags_per_100"] for one in weeks_of_stack] == pytest.approx(list(stack.totals))
    assert not missing([part.values for part in stack.parts if part.number >= 0], weeks_of_stack)


@pytest.mark.parametrize("of", ["looping", "groundedness"])
def test_what_stands_behind_a_point_is_printed(reader: Reader, printed: Any, of: str) -> None:
    found = points.behind(reader, [NAMES[1]], of, "workflow")
    assert found.split is not None
    said = printed("trends", "--behind", of, "--week", NAMES[1], "--weeks", 1)
    assert not missing(found, said)
    assert said["weeks"] == [NAMES[1]]


@pytest.mark.parametrize("length", ["week", "month"])
def test_the_whole_scorecard_is_printed(reader: Reader, printed: Any, length: scorecards.Length) -> None:
    state = ScorecardState()
    state.learn(NAMES[:2])
    state.choose_length(length)
    state.ask()
    state.take(state.wanted, scorecards.scorecard(reader, *state.wanted))
    card = state.found
    assert card is not None
    said = printed("scorecard", "--week", NAMES[1], "--period", length)
    without = dataclasses.replace(card, start_us=0, end_us=0, made_us=0, line=())
    assert not missing(without, [said, 0])
    assert not missing([(point.number.value, point.period) for point in card.line], said)
    assert said["opening"] == opening(card)
    assert said["notes"][:-1] == footnotes(card)[:-1], "but for the moment at which it was made"


def test_agreement_is_printed_question_by_question(reader: Reader, printed: Any) -> None:
    state = AgreementState()
    state.ask()
    state.take("", agreement.agreement(reader))
    assert {one.id for one in state.questions} >= {"verdict", "modes", "looping", "groundedness"}
    assert any(one.differing for one in state.questions)
    assert not missing(state.found, printed("agreement"))


def test_a_judge_is_printed_with_its_four_counts(reader: Reader, printed: Any) -> None:
    (judge,) = judges.judges(reader)
    assert judge.corrected is not None
    said = printed("judges")
    assert not missing(judge, said)
    assert said[0]["passed_rightly"] == judge.passed_rightly > 0


@pytest.mark.parametrize("of", ["fail", "groundedness", "latency"])
def test_what_moved_is_printed_part_by_part(reader: Reader, printed: Any, of: str) -> None:
    found = decomposition.decompose(reader, NAMES[1], None, ["workflow"], of)
    assert found.split is not None
    assert not missing(found, printed("decompose", "--week", NAMES[1], "--by", "workflow", "--of", of))


def test_the_chances_of_an_alert_in_the_manual_are_those_that_a_plan_is_told() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "how-to" / "read-trends.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| from (\d+) to \d+ % \| (\d+) \| (\d+) % \| (\d+) % \| (\d+) % \|$", manual, re.MULTILINE)
    assert len(rows) == 4
    strata = [PlannedStratum("", False, 8800, 64), PlannedStratum("", True, 1200, 36)]
    for percent, modes, *chances in (map(int, row) for row in rows):
        rate = percent / 100
        sizes = (100.0, planning.kish(strata), planning.effective_pointed_at(strata, rate, planning.POINTING))
        found = [100 * power.doubling_found(rate, size, modes) for size in sizes]
        assert found == pytest.approx(chances, abs=1.5)
