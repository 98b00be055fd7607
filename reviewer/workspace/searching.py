"""What the full-text index holds of a text, and what a search asks of it.

SQLite's ``unicode61`` splits words at spaces, so a run of Chinese or Japanese would be one word. Such runs are written
into the index as overlapping pairs (bigrams), and a query for them asks for the same pairs as a phrase. The index keeps
no second copy of the text (contentless FTS5): a row is deleted by giving it the same words again.
"""

import re

# Scripts written without spaces: Thai, Lao, Myanmar, Khmer, kana, CJK ideographs. Hangul has spaces, but its words
# carry endings, so that pairs find them too.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]+"
)
# None of them comes before U+0E00. A pattern steps over what does five times as fast as it searches.
_EARLIER_AND_LATER = re.compile("([\x00-\u0dff]*)([^\x00-\u0dff]*)")
# In UTF-8 such characters begin with these bytes (others do too); asking for them is four times as fast.
_OTHER_BYTES = bytes({*range(256)} - {0xE0, 0xE1, *range(0xE3, 0xEE), 0xEF, *range(0xF0, 0xF5)})
WORD = re.compile(r"\w+", re.UNICODE)


def index_text(text: str) -> str:
    """Return a text as the index takes it: runs of unspaced scripts become pairs between spaces."""
    if text.isascii() or not text.encode("utf-8", "surrogatepass").translate(None, _OTHER_BYTES):
        return text
    pieces: list[tuple[str, str]] = _EARLIER_AND_LATER.findall(text)
    return "".join([earlier + (UNSPACED.sub(_spaced, later) if later else "") for earlier, later in pieces])


def _spaced(run: re.Match[str]) -> str:
    return f" {pairs(run.group())} "


def pairs(run: str) -> str:
    """Return a run of an unspaced script as the index holds it."""
    # The single characters too: a query of one ideograph must find it.
    return " ".join([run[i : i + 2] for i in range(len(run) - 1)] + list(run))


def match_expression(query: str) -> str | None:
    """Return the FTS5 expression for what a person typed, or None when it holds no word.

    Words are joined by *and*; words inside double quotes are a phrase; the last word also matches as a beginning.
    Nothing that was typed reaches FTS5 as syntax.
    """
    terms: list[str] = []
    pieces = query.split('"')
    for i, piece in enumerate(pieces):
        quoted = i % 2 == 1 and i < len(pieces) - 1
        terms += _phrase(piece) if quoted else _words(piece)
    if not terms:
        return None
    if not query.rstrip().endswith('"') and terms[-1].count(" ") == 0 and not UNSPACED.search(terms[-1]):
        terms[-1] += "*"
    return " AND ".join(terms)


def _words(piece: str) -> list[str]:
    terms = []
    for word in WORD.findall(piece):
        at = 0
        for run in UNSPACED.finditer(word):
            if run.start() > at:
                terms.append(_quote(word[at : run.start()]))
            terms.append(_run_phrase(run.group()))
            at = run.end()
        if at < len(word):
            terms.append(_quote(word[at:]))
    return terms


def _phrase(piece: str) -> list[str]:
    if UNSPACED.search(piece):
        return _words(piece)
    words = WORD.findall(piece)
    return [_quote(" ".join(words))] if words else []


def _run_phrase(run: str) -> str:
    return _quote(run if len(run) == 1 else " ".join(run[i : i + 2] for i in range(len(run) - 1)))


def _quote(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'


def matcher(query: str) -> re.Pattern[str] | None:
    """Return a pattern that finds the words of a query inside a stored text, for snippets and marks."""
    words = WORD.findall(query)
    return re.compile("|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)), re.I) if words else None
