"""Finding commands and modes by a few letters; the sheet and the hint bar say what the live keymap says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.desktop.commands.hints import hints
from reviewer.desktop.commands.keys import Keymap, load_profile
from reviewer.desktop.commands.palette import Choice, rank
from reviewer.desktop.commands.sheet import COLUMNS, rows_of
from reviewer.desktop.commands.table import COMMANDS, GROUPS, Command
from reviewer.desktop.menus import find_commands
from reviewer.desktop.review.popover import PROPOSE, find_modes
from tests.desktop.review.states import a_list

CHOICES = [
    Choice("a", "Wrong tool arguments", "the right tool, called with the wrong values"),
    Choice("b", "Tool error not handled", "a call failed and the answer ignores it"),
    Choice("c", "Skipped confirmation", "a tool that changes something ran without a yes"),
    Choice("d", "Wrong language"),
]


def test_the_beginning_of_a_title_comes_before_a_word_and_that_before_its_description() -> None:
    assert [choice.id for choice in rank(CHOICES, "tool")] == ["b", "a", "c"]
    assert [choice.id for choice in rank(CHOICES, "wlng")] == ["d"]
    assert rank(CHOICES, "zebra") == []


@given(st.text(max_size=6))
def test_whatever_is_typed_finds_some_of_the_choices_each_once(typed: str) -> None:
    found = rank(CHOICES, typed)
    assert len(set(found)) == len(found)
    assert set(found) <= set(CHOICES)
    assert typed.strip() or found == CHOICES


def test_type_ahead_lists_modes_by_slot_and_ends_with_a_proposal() -> None:
    find = find_modes(a_list(), Keymap(load_profile("default")), "Propose “%1”")
    assert [(choice.id, choice.key) for choice in find("")] == [
        ("mode_1", "1"), ("mode_2", "2"), ("mode_3", "3"), ("mode_11", "⇧ 1"),
    ]  # fmt: skip
    assert find("forgets  names")[-1] == Choice(PROPOSE, "Propose “forgets names”")


def test_the_palette_offers_what_can_be_done_and_names_the_modes() -> None:
    def available(command: Command) -> bool:
        return command.needs in ("", "list")

    find = find_commands(Keymap(load_profile("default")), available, {"review.tag.2": "Wrong citation"})
    assert [choice.id for choice in find("citation")] == ["review.tag.2"]
    assert not any(choice.id == "review.pass" for choice in find(""))
    assert not any(choice.id.startswith("score.") for choice in find(""))


@pytest.mark.parametrize("profile", ["default", "prodigy", "evals-skills", "azerty"])
def test_the_sheet_shows_every_bound_key_of_the_profile(profile: str) -> None:
    keymap = Keymap(load_profile(profile))
    assert {group for column in COLUMNS for group in column} | {"view"} == set(GROUPS)
    shown = sum(len(rows_of(group, keymap)) for column in COLUMNS for group in column)
    slots = [c for c in COMMANDS if c.id.startswith("review.tag.") and keymap.keys(c.id)]
    others = [c for c in COMMANDS if c not in slots and c.where != "scores" and keymap.keys(c.id)]
    assert shown == len(others) + (2 if len(slots) > 10 else 1)


def test_hints_follow_the_layer_and_the_profile() -> None:
    prodigy = {word: caps for caps, word in hints("review", Keymap(load_profile("prodigy")))}
    assert prodigy["pass"] == ("A",)
    assert prodigy["defer"] == ("Space",)
    default = Keymap(load_profile("default"))
    assert hints("review", default)[0] == (("1 – 0",), "mode")
    assert [word for _, word in hints("evidence", default)][:3] == ["relevant", "irrelevant", "missing"]
    assert ("Ctrl Enter",) in [caps for caps, _ in hints("text", default)]
