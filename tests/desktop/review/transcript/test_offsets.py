"""Places survive the way to the screen and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.desktop import shown
from reviewer.desktop.review.transcript.offsets import Map, Units, align
from reviewer.desktop.theme import Theme

PIECES = st.sampled_from(
    [
        "word",
        "refund",
        "**bold**",
        "*it*",
        "`code_id`",
        "[1]",
        "[text](http://example.org/a)",
        "&amp;",
        "naïve",
        "日本",
        "🙂",
        "a\\*b",
        "&lt;b&gt;",
        "&quot;q&quot;",
        "<i>",
        "![alt](x.png)",
        "https://example.org/?a=1&b=2",
    ]
)
LINES = st.lists(PIECES, min_size=1, max_size=8).map(" ".join)
BLOCKS = st.tuples(st.sampled_from(["", "", "- ", "1. ", "> ", "# ", "## "]), LINES).map("".join)
MARKDOWN = st.lists(BLOCKS, min_size=1, max_size=5).map("\n\n".join)


@given(st.text(max_size=60))
def test_utf16_positions_go_there_and_back(text: str) -> None:
    units = Units(text)
    for points in range(len(text) + 1):
        there = units.to_units(points)
        assert there == len(text[:points].encode("utf-16-le", "surrogatepass")) // 2
        assert units.to_points(there) == points


@pytest.mark.usefixtures("qapp")
@given(MARKDOWN)
def test_each_word_is_found_where_it_is_stored(markdown: str) -> None:
    document = shown.document(Theme.light())
    document.set_prose(markdown)
    rendered = document.toPlainText()
    origin = align(rendered, markdown)
    assert len(origin) == len(rendered) + 1
    assert origin == sorted(origin)
    for word in ("word", "refund", "bold", "code_id", "naïve", "日本", "🙂"):
        places = [i for i in range(len(rendered)) if rendered.startswith(word, i)]
        for place in places:
            assert markdown[origin[place] :].startswith(word), (word, rendered, markdown)


@given(MARKDOWN, st.data())
@pytest.mark.usefixtures("qapp")
def test_a_stored_range_comes_back_after_rendering_again(markdown: str, data: st.DataObject) -> None:
    document = shown.document(Theme.light())
    document.set_prose(markdown)
    places = Map(align(document.toPlainText(), markdown))
    words = [i for i in range(len(markdown)) if markdown.startswith("word", i)]
    if not words:
        return
    start = data.draw(st.sampled_from(words))
    shown_start, shown_end = places.to_rendered(start), places.end_to_rendered(start + 4)
    assert document.toPlainText()[shown_start:shown_end] == "word"
    assert (places.to_stored(shown_start), places.end_to_stored(shown_end)) == (start, start + 4)


def test_a_text_that_was_not_changed_maps_to_itself() -> None:
    text = "plain words, nothing else\nand a second line"
    assert align(text, text) == list(range(len(text) + 1))
