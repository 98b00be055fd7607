"""Scorecards from a file: weeks, months and segments; what is new; and the regular looks."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer import cli
from reviewer.errors import UsageError
from reviewer.model.number import Basis, Row, Scorecard
from reviewer.model.trace import Trace
from reviewer.model.week import Plan
from reviewer.verbs import cadences, revisits, scorecards, weeks
from reviewer.verbs.coding import Wanted, code
from reviewer.workspace.ask.population import items
from reviewer.workspace.file import Reader, Workspace
from tests.builders import HOUR_US, MONDAY_US, a_trace, a_workspace, put

WEEK_US = 7 * 24 * HOUR_US


def read_week(workspace: Workspace, number: int, fails: int) -> str:
    """Bring in, draw and read a week of forty traces; ``fails`` of the first read fail."""
    start = MONDAY_US + number * WEEK_US
    ids = range(number * 100, number * 100 + 40)
    put(workspace, [a_trace(n, started_us=start + n % 100 * HOUR_US) for n in ids])
    name, reader = f"W{number}", workspace.reader()
    workspace.write(weeks.open_week, reader, name, start, start + WEEK_US, Plan(40, "s", by=("workflow",))).result()
    for order, one in enumerate(items(reader, name)):  # type: ignore[arg-type]
        wanted = Wanted(one.trace, "ada", "fail", ("looping",)) if order < fails else Wanted(one.trace, "ada", "pass")
        workspace.write(code, reader, name, wanted).result()
    reader.close()
    return name


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    with a_workspace(tmp_path) as workspace:
        for number, fails in enumerate((2, 4, 20)):
            read_week(workspace, number, fails)
        reader = workspace.reader()
        yield reader
        reader.close()


def row(card: Scorecard, field: str, label: str = "") -> object:
    rows = next(one for one in card.fields if one.id == field).rows
    return next(one for one in rows if not label or one.label == label)


def test_a_week_stands_beside_the_drawn_week_before_it(reader: Reader) -> None:
    card = scorecards.scorecard(reader, "W2")
    assert (card.period, card.against, card.population) == ("W2", "W1", 40)
    assert card.headline is not None
    assert card.headline.number.value == pytest.approx(0.5)
    assert card.headline.moved == 1
    assert card.headline.change is not None
    mix, within = card.headline.change.mix.value, card.headline.change.within.value
    assert mix is not None
    assert within is not None
    assert mix + within == pytest.approx(0.4)
    assert len(card.headline.traces) == 20
    assert [group.id for group in card.operations][:3] == ["traffic", "latency", "cost"]


def test_each_number_of_all_traffic_has_its_last_weeks(reader: Reader) -> None:
    card = scorecards.scorecard(reader, "W2")
    latency = row(card, "p95_latency")
    assert isinstance(latency, Row)
    assert latency.history[:5] == (None,) * 5, "before the first trace nothing is recorded"
    assert latency.history[-1] == pytest.approx(latency.number.value)
    assert latency.history[-2] == pytest.approx(latency.previous.value if latency.previous else None)
    assert row(card, "cost_per_success").history == ()  # type: ignore[attr-defined]


def test_four_weeks_pool_what_was_drawn_in_them(reader: Reader) -> None:
    card = scorecards.scorecard(reader, "W2", "month")
    assert (card.period, card.against, card.population) == ("W0 – W2", "", 120)
    assert (card.reviewed, card.headline and card.headline.number.n) == (120, 120)


def test_a_segment_is_estimated_from_its_own_traces(reader: Reader) -> None:
    card = scorecards.scorecard(reader, "W2", by="workflow", value="returns")
    assert (card.segment, card.population, card.drawn) == ("workflow: returns", 20, 20)
    assert card.headline is not None
    assert card.headline.number.population == 20
    with pytest.raises(UsageError, match="No trace of W2"):
        scorecards.scorecard(reader, "W2", by="workflow", value="nothing")


def test_a_gap_is_compared_with_the_weeks_before_it(tmp_path: Path) -> None:
    with a_workspace(tmp_path) as workspace:
        read_week(workspace, 0, 2)
        read_week(workspace, 5, 2)
        reader = workspace.reader()
        assert scorecards.scorecard(reader, "W5").against == "W0"
        assert scorecards.scorecard(reader, "W5", "month").period == "W5"
        reader.close()


def test_a_new_prompt_is_to_be_revisited_until_enough_of_it_was_read(tmp_path: Path) -> None:
    with a_workspace(tmp_path) as workspace:
        read_week(workspace, 0, 2)
        reader = workspace.reader()
        assert revisits.revisit(reader) == ()
        start = MONDAY_US + 2 * WEEK_US
        put(workspace, [a_trace(n, started_us=start + n, prompt_version="v9") for n in range(900, 920)])
        workspace.write(weeks.open_week, reader, "W2", start, start + WEEK_US, Plan(5, "s")).result()
        (found,) = revisits.revisit(reader)
        assert (found.kind, found.name, found.traces, found.read) == ("prompt", "v9", 20, 0)
        latest = revisits.glance(reader)
        assert latest is not None
        assert latest.traces == 20
        reader.close()


def test_a_tool_that_is_described_otherwise_is_to_be_revisited_by_its_name(tmp_path: Path) -> None:
    def offering(numbers: range, start_us: int, text: str, digest: str) -> list[Trace]:
        tools = [{"name": "search_docs", "description": text}, {"name": "refund", "description": "Gives money back"}]
        return [a_trace(n, started_us=start_us + n, tools=tools, tools_hash=digest) for n in numbers]

    with a_workspace(tmp_path) as workspace:
        put(workspace, offering(range(20), MONDAY_US, "Finds pages", "one"))
        reader, start = workspace.reader(), MONDAY_US + WEEK_US
        put(workspace, offering(range(50, 60), start, "Finds pages of the shop only", "two"))
        workspace.write(weeks.open_week, reader, "W1", start, start + WEEK_US, Plan(5, "s")).result()
        (found,) = revisits.revisit(reader)
        assert (found.kind, found.name, found.traces) == ("definition", "search_docs", 10)
        reader.close()


def test_a_look_that_was_done_is_due_again_later(tmp_path: Path) -> None:
    with a_workspace(tmp_path) as workspace:
        changes = workspace.write(cadences.mark_done, "weekly", "ada").result()
        assert changes.checklists == {"weekly"}
        reader = workspace.reader()
        daily, weekly, *_ = cadences.cadences(reader)
        reader.close()
        with pytest.raises(UsageError, match="no checklist"):
            workspace.write(cadences.mark_done, "yearly", "ada").result()
        workspace.write(cadences.mark_done, "weekly", "ben").result()
        workspace.write(cadences.take_back, "weekly").result()
        reader = workspace.reader()
        assert {one.checklist.name: one.by for one in cadences.cadences(reader)}["weekly"] == "ada"
        workspace.write(cadences.take_back, "weekly").result()
        assert {one.checklist.name: one.by for one in cadences.cadences(reader)}["weekly"] == ""
        reader.close()
    assert daily.is_due(0)
    assert weekly.by == "ada"
    assert weekly.last_us is not None
    assert not weekly.is_due(weekly.last_us + WEEK_US - 1)
    assert weekly.is_due(weekly.last_us + WEEK_US)


def test_the_commands_print_what_the_window_shows(
    reader: Reader, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(reader.path)
    out = tmp_path / "card.html"
    words = ["scorecard", "--workspace", path, "--week", "W2", "--by", "workflow", "--segment", "returns"]
    assert cli.main([*words, "--json", "--out", str(out)]) == 0
    card = json.loads(capsys.readouterr().out)
    assert (card["segment"], card["against"]) == ("workflow: returns", "W1")
    assert card["fields"][1]["rows"][0]["owner"]
    assert card["operations"][0]["fields"][0]["rows"][0]["number"]["basis"] == Basis.ALL_TRAFFIC
    assert "<h2>Traffic</h2>" in out.read_text(encoding="utf-8")
    assert cli.main(words) == 2
    assert cli.main([*words[:-2], "--json"]) == 2
    for command in ("revisit", "glance", "cadence"):
        capsys.readouterr()
        assert cli.main([command, "--workspace", path, "--json"]) == 0
        assert isinstance(json.loads(capsys.readouterr().out), list)


def test_the_mean_of_a_quality_score_stands_with_mix_and_within(tmp_path: Path) -> None:
    with a_workspace(tmp_path) as workspace:
        for number in range(2):
            name = read_week(workspace, number, 3)
            found = workspace.reader()
            for one in items(found, name):  # type: ignore[arg-type]
                given = 4.0 if one.stratum == "returns" else 2.0 - number
                wanted = Wanted(one.trace, "ada", "pass", scores={"groundedness": given})
                workspace.write(code, found, name, wanted).result()
            found.close()
        reader = workspace.reader()
        card = scorecards.scorecard(reader, "W1")
        people = next(group for group in card.operations if group.id == "people")
        (found_row,) = next(field for field in people.fields if field.id == "quality_scores").rows
        assert (found_row.label, found_row.number.value) == ("Groundedness", pytest.approx(2.5))
        assert found_row.change is not None
        assert found_row.change.within.value == pytest.approx(-0.5)
        assert found_row.change.mix.value == pytest.approx(0.0)
        assert found_row.moved == -1
        assert len(found_row.traces) == 4, "the lowest tenth can be opened"
        reader.close()
