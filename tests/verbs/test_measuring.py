"""Trends as a workspace answers them: what is new in the traffic, one segment, and the listing of it."""

from collections.abc import Iterator

import pytest

from reviewer.errors import UsageError
from reviewer.measure.calibration import RULE
from reviewer.measure.trends import trends as of_items
from reviewer.model.trend import Calibrated
from reviewer.model.week import Plan
from reviewer.verbs import coding, listing, measuring, weeks
from reviewer.verbs.changes import Changes
from reviewer.workspace.ask.calibration import calibrated
from reviewer.workspace.ask.population import items
from reviewer.workspace.file import Reader, Workspace
from tests.builders import HOUR_US, MONDAY_US, a_trace, a_workspace, put
from tests.measure.builders import table, taxonomy, week_of

WEEK_US = 7 * 24 * HOUR_US


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Three weeks, the third with a new prompt; one trace of each week has a prompt of its own."""
    made = a_workspace(tmp_path_factory.mktemp("trends"))
    put(made, [
        a_trace(
            100 * week + n, started_us=MONDAY_US + week * WEEK_US + n * HOUR_US, workflow="docs" if n % 2 else "chat",
            prompt_version=f"own {week}" if n == 0 else "v2" if week == 2 else "v1", model="small",
        )
        for week in range(3)
        for n in range(40)
    ])  # fmt: skip
    reader = made.reader()
    for week in range(3):
        start, name = MONDAY_US + week * WEEK_US, f"W{week}"
        made.write(weeks.open_week, reader, name, start, start + WEEK_US, Plan(20, "s", by=("workflow",))).result()
        for place, item in enumerate(items(reader, name)):  # type: ignore[arg-type]
            fails = place % 4 == 0
            said = coding.Wanted(item.trace, "ann", "fail" if fails else "pass", ("looping",) if fails else ())
            made.write(coding.code, reader, name, said).result()
    reader.close()
    yield made
    made.close()


@pytest.fixture
def reader(workspace: Workspace) -> Iterator[Reader]:
    made = workspace.reader()
    yield made
    made.close()


def test_a_prompt_that_takes_over_is_a_marker_and_a_prompt_of_one_trace_is_not(reader: Reader) -> None:
    (marker,) = measuring.trends(reader).markers
    assert (marker.kind, marker.label.split()[-1]) == ("prompt", "v2")
    assert marker.at_us == MONDAY_US + 2 * WEEK_US + HOUR_US


def test_one_segment_has_its_own_traffic(reader: Reader) -> None:
    whole, docs = measuring.trends(reader), measuring.trends(reader, "workflow", "docs")
    assert whole.modes[0].weekly[0].number.population == 40
    assert docs.modes[0].weekly[0].number.population == 20
    assert docs.saturation is not None
    assert whole.saturation is not None
    assert docs.saturation.read < whole.saturation.read


def test_a_segment_that_is_not_there_is_said(reader: Reader) -> None:
    with pytest.raises(UsageError, match="no segment 'colour'"):
        measuring.trends(reader, "colour", "red")
    with pytest.raises(UsageError, match="has workflow 'none'"):
        measuring.trends(reader, "workflow", "none")


def test_the_listing_has_what_the_window_shows(reader: Reader) -> None:
    found = measuring.trends(reader)
    rows = list(listing.trends(found))
    assert {row["mode"] for row in rows} == {series.id for series in found.modes} >= {"looping"}
    assert {"alert", "alert_rule", "alert_baseline", "alert_since", "open", "estimate", "low", "high"} <= set(rows[0])
    assert all(row["control_low"] is None for row in rows), "three weeks are too few for a control chart"
    assert [row["kind"] for row in listing.markers(found)] == ["prompt"]
    assert found.saturation is not None
    assert listing.saturation(found.saturation)["read"] == 60
    assert list(listing.score_trends(found)) == []
    failing = list(listing.failing_trend(found))
    assert {row["verdict"] for row in failing} == {"fail"}
    assert [row["failing"] for row in failing if row["window_weeks"] == 1] == [
        point.number.count
        for point in found.failing.weekly  # type: ignore[union-attr]
    ]


def test_thresholds_are_kept_once_and_only_under_their_rule(workspace: Workspace) -> None:
    found = Calibrated("some rule", {"16,1.0,1,128|8,0,20": (2.5, None), "a": (1.0, 2.0)})
    assert workspace.write(measuring.keep, found).result() == Changes()
    assert calibrated(workspace.reader()) == found
    workspace.write(measuring.keep, Calibrated("another", {})).result()
    assert calibrated(workspace.reader()) == Calibrated("another", {})
    assert measuring.trends(workspace.reader()).calibrated is None, "three weeks are held against nothing"


def test_what_was_simulated_is_worth_keeping_until_it_is_kept() -> None:
    rows = [row for n in range(12) for row in week_of(f"2026-W{20 + n}", 60, 3 if n < 8 else 12)]
    first = of_items(table(rows), taxonomy("looping"), "UTC")
    assert first.calibrated is not None and first.calibrated.rule == RULE
    again = of_items(table(rows), taxonomy("looping"), "UTC", known=first.calibrated)
    assert again.calibrated is None
    assert again.modes == first.modes
    outdated = Calibrated("an older rule", dict.fromkeys(first.calibrated.thresholds, (0.0, None)))
    assert of_items(table(rows), taxonomy("looping"), "UTC", known=outdated) == first
