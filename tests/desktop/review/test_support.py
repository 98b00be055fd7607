"""Support by word overlap: what a document says is lit, what none says is underlined, in any language, in time."""

from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st

from reviewer.desktop.review.support import support

ANSWER = (
    "Thanks, I checked your order. Opened items can be returned within 30 days of delivery [1]. "
    "As a member you get 45 days, so your return stays open until 3 December [2]. "
    "The refund goes to the original payment method within 5 working days [3]."
)
DOCUMENTS = {
    0: "Opened items can be returned within 30 days of delivery if nothing is missing. "
    "The refund goes to the original payment method once the parcel is checked.",
    7: "We pay refunds within 5 working days after the return centre has scanned the parcel.",
}


def texts(text: str, ranges: list[tuple[int, int]]) -> list[str]:
    return [text[start:end] for start, end in ranges]


def test_shared_words_are_lit_in_both_texts() -> None:
    found = support(ANSWER, DOCUMENTS)
    assert texts(ANSWER, found.supported) == [
        "Opened items can be returned within 30 days of delivery",
        "The refund goes to the original payment method",
        "within 5 working days",
    ]
    assert texts(DOCUMENTS[7], found.documents[7]) == ["within 5 working days"]


def test_a_sentence_that_no_document_holds_is_underlined() -> None:
    found = support(ANSWER, DOCUMENTS)
    assert texts(ANSWER, found.unsupported) == [
        "As a member you get 45 days, so your return stays open until 3 December"
    ]


def test_short_sentences_are_left_alone_and_nothing_is_marked_without_documents() -> None:
    assert support("Thanks for asking. Have a nice day!", DOCUMENTS).unsupported == []
    assert support(ANSWER, {}).unsupported == []
    assert support(ANSWER, {0: "  "}).unsupported == []


def test_chinese_and_japanese_are_compared_by_neighbouring_signs() -> None:
    found = support("您好。已开封的商品可以在三十天内退货。", {0: "规定：已开封的商品可以在三十天内退货，运费自付。"})
    assert texts("您好。已开封的商品可以在三十天内退货。", found.supported) == ["已开封的商品可以在三十天内退货"]


@given(st.text(max_size=300), st.lists(st.text(max_size=300), max_size=3))
def test_ranges_are_ordered_and_inside(answer: str, documents: list[str]) -> None:
    found = support(answer, dict(enumerate(documents)))
    for text, ranges in [(answer, found.supported), (answer, found.unsupported)] + [
        (documents[n], ranges) for n, ranges in found.documents.items()
    ]:
        assert ranges == sorted(ranges)
        assert all(0 <= start < end <= len(text) for start, end in ranges)


def test_large_texts_take_bounded_time() -> None:
    start = perf_counter()
    support(
        "the same words again and again " * 30_000, dict.fromkeys(range(30), "the same words again and again " * 2000)
    )
    support("a" * 1_000_000, {0: "a" * 1_000_000})
    assert perf_counter() - start < 2.0
