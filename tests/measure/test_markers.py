"""Markers: what is new in the traffic, when the taxonomy changed, and which week that is."""

from reviewer.measure.markers import redefined, restarts, taxonomy_markers, traffic_markers, within
from reviewer.measure.reading import weeks_read
from reviewer.model import columns as c
from reviewer.model.ids import ModeId
from reviewer.model.taxonomy import Taxonomy
from reviewer.model.trend import Arrival, Marker

from .builders import table, taxonomy, week_of

SIZES = {1: 100, 2: 100, 3: 100}


def arrival(period: int, value: str, traces: int) -> Arrival:
    return Arrival(period, "model", value, traces, period * 1000)


def test_a_model_is_marked_when_it_takes_a_notable_share_and_once_only() -> None:
    found = traffic_markers([arrival(1, "old", 95), arrival(2, "new", 4), arrival(3, "new", 60)], SIZES)
    assert found == [Marker("model", 3000, "new")]
    again = [arrival(1, "old", 95), arrival(2, "new", 60), arrival(3, "new", 60), arrival(3, "old", 40)]
    assert traffic_markers(again, SIZES) == [Marker("model", 2000, "new")]


def test_what_was_there_from_the_beginning_is_no_change() -> None:
    assert traffic_markers([arrival(1, "old", 100), arrival(2, "old", 100)], SIZES) == []
    assert traffic_markers([], {}) == []


def test_a_taxonomy_is_marked_where_it_asks_something_else() -> None:
    rows = [*week_of("2026-W46", 5, 1), *week_of("2026-W47", 5, 1, **{c.TAXONOMY_VERSION: 2})]
    weeks = weeks_read(table(rows))
    now, same = taxonomy("looping", "other", version=2), taxonomy("looping", version=2)
    assert taxonomy_markers(weeks, now, {1: taxonomy("looping")}) == [Marker("taxonomy", weeks[1].start_us, "2")]
    assert taxonomy_markers(weeks, same, {1: taxonomy("looping")}) == []


def test_a_mode_in_other_words_is_another_mode() -> None:
    rows = [*week_of("2026-W46", 5, 1), *week_of("2026-W47", 5, 1, **{c.TAXONOMY_VERSION: 2})]
    weeks = weeks_read(table(rows))
    old = taxonomy("looping")
    new = Taxonomy("t", "T", (old.modes[0]._replace(definition="Says it three times."),), version=2)
    owned = Taxonomy("t", "T", (old.modes[0]._replace(owner="search team"),), version=2)
    assert redefined(weeks, ModeId("looping"), new, {1: old}) == {1}
    assert redefined(weeks, ModeId("looping"), owned, {1: old}) == set()


def test_a_change_belongs_to_the_week_it_falls_into_or_the_next_one_drawn() -> None:
    weeks = weeks_read(table([*week_of("2026-W41", 5, 1), *week_of("2026-W45", 5, 1)]))
    first, second = weeks
    inside, between = Marker("model", first.start_us + 1, "a"), Marker("model", first.end_us + 1, "b")
    after = Marker("model", second.end_us + 1, "c")
    assert restarts([inside], weeks) == {0}
    assert restarts([between], weeks) == {1}
    assert restarts([after], weeks) == set()
    assert within([after, between, inside], weeks) == [inside, between]
