"""Taxonomies go out to TOML and come back equal; mistakes are named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.errors import BadInput
from reviewer.model.ids import ModeId
from reviewer.model.taxonomy import Mode, ScoreScale, Taxonomy, parse

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40)


@given(TEXTS, TEXTS, TEXTS)
def test_any_wording_survives_toml(title: str, definition: str, runbook: str) -> None:
    mode = Mode(ModeId("looping"), title or "x", definition, severity="high", runbook=runbook, slot=3)
    score = ScoreScale("safety", "Safety", 1, 5, title, definition, required=True)
    taxonomy = Taxonomy("mine", "Mine", (mode,), (score,), description=runbook)
    assert parse(taxonomy.as_toml()) == taxonomy


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[mode]\n", "not valid TOML"),
        ('[[mode]]\nid = "x"\n', "lacks title"),
        ('[[mode]]\nid = "X y"\ntitle = "t"\n', "may hold only"),
        ('[[mode]]\nid = "x"\ntitle = "t"\ncolour = "red"\n', "unknown key 'colour'"),
        ('[[mode]]\nid = "x"\ntitle = 3\n', "wrong type"),
        ('[[mode]]\nid = "x"\ntitle = "t"\n[[mode]]\nid = "x"\ntitle = "t"\n', "stands twice"),
        ('[[mode]]\nid = "x"\ntitle = "t"\nslot = 1\n[[mode]]\nid = "y"\ntitle = "t"\nslot = 1\n', "slot 1"),
        ('[[mode]]\nid = "x"\ntitle = "t"\nseverity = "awful"\n', "severity"),
        ('[[score]]\nid = "s"\ntitle = "t"\nlow = 5\nhigh = 1\nlow_means = ""\nhigh_means = ""\n', "must rise"),
    ],
)
def test_a_mistake_is_named_with_the_file(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as why:
        parse(text, "ours.toml")
    assert "ours.toml" in str(why.value)
