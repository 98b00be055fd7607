"""Which sentences of an answer its documents support, by word overlap. A hint for the eye, no verdict, and no Qt."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

WORD = re.compile(r"[぀-ヿ㐀-鿿가-힯豈-﫿]|[^\W_]+(?:['’][^\W\d_]+)?")
CJK = re.compile(r"[぀-ヿ㐀-鿿가-힯豈-﫿]")
SENTENCE = re.compile(r"[^.!?。！？\n]+(?:[.!?。！？](?=\S)(?![\s\[\"'”’)*_])[^.!?。！？\n]*)*[.!?。！？]*")
SEED = 3  # words that must stand together in both texts
FEWEST_SHARED = 4  # content words of a run that is lit
FEWEST_SAID = 6  # content words of a sentence that is worth underlining
LONG_WORD = 4  # letters that make a word content; a number always is
ANSWER_LIMIT = 20_000
DOCUMENT_LIMIT = 20_000
ALL_LIMIT = 200_000
MOST_PLACES = 40  # of one seed in one document

Range = tuple[int, int]


class Word(NamedTuple):
    """A word as it is compared, where it stands, and whether it carries content."""

    text: str
    start: int
    end: int
    content: bool


@dataclass(slots=True)
class Support:
    """Ranges in code points: supported and unsupported ones of the answer, and the words that support, by document."""

    supported: list[Range] = field(default_factory=list)
    unsupported: list[Range] = field(default_factory=list)
    documents: dict[int, list[Range]] = field(default_factory=dict)


def support(answer: str, documents: dict[int, str]) -> Support:
    """Compare an answer with its documents, each cut at a limit. Without documents nothing is marked."""
    found = Support()
    for found in steps(answer, documents):  # noqa: B007 - the last one is whole
        pass
    return found


def steps(answer: str, documents: dict[int, str]) -> Iterator[Support]:
    """Yield what is known so far after each document, for whoever compares a little at a time."""
    said = words(answer[:ANSWER_LIMIT])
    found = Support()
    yield found
    left = ALL_LIMIT
    for number, text in documents.items():
        text = text[: min(DOCUMENT_LIMIT, left)]
        left -= len(text)
        for run in shared_runs(said, words(text)):
            found.supported.append(run[0])
            found.documents.setdefault(number, []).append(run[1])
        if left <= 0:
            break
        yield found
    found.supported = merged(found.supported)
    found.documents = {number: merged(ranges) for number, ranges in found.documents.items()}
    if any(text.strip() for text in documents.values()):
        found.unsupported = _unsupported(answer[:ANSWER_LIMIT], said, found.supported)
    yield found


def words(text: str) -> list[Word]:
    """Return the words of a text; a Chinese, Japanese or Korean sign makes a word with its neighbour."""
    out: list[Word] = []
    matches = list(WORD.finditer(text))
    for number, match in enumerate(matches):
        word = match[0]
        if (
            word.isdigit()
            and text[match.start() - 1 : match.start()] == "["
            and text[match.end() : match.end() + 1] == "]"
        ):
            continue  # a citation is no word of the sentence
        if not CJK.match(word):
            out.append(Word(word.casefold(), match.start(), match.end(), len(word) >= LONG_WORD or word.isdigit()))
            continue
        following = matches[number + 1] if number + 1 < len(matches) else None
        if following is not None and following.start() == match.end() and CJK.match(following[0]):
            out.append(Word(word + following[0], match.start(), following.end(), True))
    return out


def shared_runs(said: list[Word], held: list[Word]) -> list[tuple[Range, Range]]:
    """Return the longest runs of words that both texts share, as ranges of the first and of the second."""
    seeds: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(held) - SEED + 1):
        places = seeds.setdefault(tuple(word.text for word in held[at : at + SEED]), [])
        if len(places) < MOST_PLACES:
            places.append(at)
    runs: list[tuple[Range, Range]] = []
    at = 0
    while at <= len(said) - SEED:
        places = seeds.get(tuple(word.text for word in said[at : at + SEED]), [])
        length, place = max(((_length(said, at, held, p), p) for p in places), default=(0, 0))
        if length and sum(word.content for word in said[at : at + length]) >= FEWEST_SHARED:
            runs.append(
                ((said[at].start, said[at + length - 1].end), (held[place].start, held[place + length - 1].end))
            )
            at += length
        else:
            at += 1
    return runs


def _length(said: list[Word], at: int, held: list[Word], place: int) -> int:
    length = SEED
    most = min(len(said) - at, len(held) - place)
    while length < most and said[at + length].text == held[place + length].text:
        length += 1
    return length


def merged(ranges: list[Range]) -> list[Range]:
    """Return ranges in order, those that touch joined."""
    out: list[Range] = []
    for start, end in sorted(ranges):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def _unsupported(answer: str, said: list[Word], supported: list[Range]) -> list[Range]:
    out: list[Range] = []
    at = 0
    for match in SENTENCE.finditer(answer):
        start, end = match.span()
        while at < len(said) and said[at].start < start:
            at += 1
        stop = at
        while stop < len(said) and said[stop].end <= end:
            stop += 1
        inside = said[at:stop]
        at = stop
        if sum(word.content for word in inside) < FEWEST_SAID:
            continue
        if not any(low < end and high > start for low, high in supported):
            out.append((inside[0].start, inside[-1].end))
    return out
