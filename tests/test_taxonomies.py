"""The shipped taxonomies: they read, their keys are right, and a reviewer can decide by them."""

import pytest

from reviewer import resources
from reviewer.model.taxonomy import Taxonomy, parse

PACKS = ("default", "support", "extraction")
DEFAULT_ORDER = [
    "unsupported_claim",
    "wrong_citation",
    "prompt_injection",
    "ignored_evidence",
    "malformed_output",
    "looping",
    "wrong_refusal",
    "wrong_language_or_tone",
    "tool_misuse",
    "excessive_latency",
]


def pack(name: str) -> Taxonomy:
    return parse(resources.text("taxonomies", f"{name}.toml"), name)


def test_the_packs_are_all_that_is_shipped() -> None:
    assert {file.stem for file in resources.path("taxonomies").iterdir()} == set(PACKS)


def test_the_default_has_ten_modes_on_the_ten_digits() -> None:
    taxonomy = pack("default")
    assert [mode.id for mode in taxonomy.active] == DEFAULT_ORDER
    assert [mode.slot for mode in taxonomy.active] == list(range(1, 11))


def test_the_packs_lead_with_what_their_field_fears_most() -> None:
    for name, first in (("support", "permission_leakage"), ("extraction", "schema_breakage")):
        mode = pack(name).in_slot(1)
        assert mode is not None
        assert (mode.id, mode.severity) == (first, "critical")


@pytest.mark.parametrize("name", PACKS)
def test_every_mode_says_all_that_a_reviewer_needs(name: str) -> None:
    taxonomy = pack(name)
    assert taxonomy.name == name
    assert taxonomy.description
    for mode in taxonomy.modes:
        said = (mode.definition, mode.counts_when, mode.not_when, mode.owner, mode.runbook, mode.group)
        assert all(said), mode.id
        assert mode.definition.endswith("."), mode.id
        assert mode.runbook.endswith("."), mode.id
        assert len(mode.title) <= 30, "the title has to fit into the row of the coding pane"
        assert mode.title[0].isupper(), mode.id
        assert mode.title[1:].islower() or " " in mode.title, mode.id


@pytest.mark.parametrize("name", PACKS)
def test_a_border_to_another_mode_names_a_mode_of_the_same_pack(name: str) -> None:
    taxonomy = pack(name)
    titles = {mode.title.lower() for mode in taxonomy.modes}
    for mode in taxonomy.modes:
        for line in mode.not_when.splitlines():
            _, colon, other = line.partition(": ")
            if colon and not other.startswith("tell "):
                assert other in titles, f"{mode.id}: {other}"


@pytest.mark.parametrize("name", PACKS)
def test_the_four_scores_say_what_their_ends_mean_and_none_is_required(name: str) -> None:
    taxonomy = pack(name)
    assert [score.id for score in taxonomy.scores] == ["task_success", "groundedness", "format_compliance", "safety"]
    assert taxonomy.required_scores == ()
    assert all(score.low_means and score.high_means and (score.low, score.high) == (1, 5) for score in taxonomy.scores)


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_survives_being_exported_and_read_again(name: str) -> None:
    taxonomy = pack(name)
    assert parse(taxonomy.as_toml()) == taxonomy
