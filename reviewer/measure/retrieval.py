"""Retrieval in all traffic: how fast, how much, how near, how old, and how much of the prompt it takes."""

from collections.abc import Callable, Mapping

import pandas as pd

from reviewer.measure.recorded import (
    NOTHING,
    Each,
    Figure,
    Measure,
    Recorded,
    field_of,
    mean_of,
    newest,
    numbers,
    quantile_of,
    share_of,
    single,
)
from reviewer.model import columns as c
from reviewer.model.number import Basis, Group, Number, Unit

DAY_US = 86_400_000_000
OLD_DAYS = 365
CHARS_A_TOKEN = 4
GIVEN = ("retrieved", "rerank_out")
"""Stages of documents that a retrieval gave to the model."""


def retrieval(now: Recorded, before: Recorded | None) -> Group:
    """Return what retrieval steps and their documents say."""
    rows: tuple[tuple[str, str, str, Measure], ...] = (
        ("retrieval_latency", "Retrieval latency", LATENCY, _latency),
        ("documents_a_retrieval", "Documents of a retrieval", COUNT, single(documents_of_one)),
        ("empty_by_workflow", "Empty by workflow", EMPTY, _empty_by_workflow),
        ("retrieval_score", "Score of the best document", SCORE, _best_scores),
        ("document_age", "Document age", AGE, _ages),
        ("context_share", "Context share of the prompt", CONTEXT, single(context_share)),
        ("repeated_sources", "Repeated sources in one list", REPEATED, single(repeated_sources)),
    )
    fields = [field_of(*row, now, before) for row in rows]
    if before is not None:
        fields.append(field_of("known_sources", "Sources known before", KNOWN, single(_known_in(before)), now, None))
    return Group("retrieval", "Retrieval", tuple(fields))


LATENCY = "How long single retrieval steps took: half were faster than the median, 95 of 100 faster than p95."
COUNT = "The mean number of documents that a retrieval step returned, empty ones counted."
EMPTY = "The share of retrieval steps that returned no document, for each workflow."
SCORE = (
    "The score that the retriever gave to the first document of each list: a quarter of the lists are below the lower "
    "quarter, half below the median. Scores of different retrievers cannot be compared with each other."
)
AGE = (
    "How old documents were when they were retrieved: the start of the trace minus the date that the document carries. "
    "Documents without a date are left out."
)
CONTEXT = (
    "How much of the input tokens the documents took, on average. Traces rarely count the tokens of documents, so these "
    "are taken as a quarter of their characters."
)
REPEATED = (
    "Of all documents in lists of two or more, the share whose source stood in the same list already. High where one "
    "long document fills the list with its pieces."
)
KNOWN = (
    "Of all retrieved documents, the share whose source was retrieved in the period before too. Low after a new index."
)


def _latency(recorded: Recorded) -> Mapping[str, Figure]:
    found = {
        name: quantile_of(recorded.retrievals, c.LATENCY, q, Unit.MILLISECONDS)
        for name, q in (("median", 0.5), ("p95", 0.95))
    }
    return found if found["median"] is not NOTHING else {}


def documents_of_one(recorded: Recorded) -> Figure:
    """Return how many documents a retrieval step returns on average."""
    return mean_of(recorded.retrievals, c.DOCUMENTS, Unit.SCORE)


def empty(recorded: Recorded) -> Figure:
    """Return the share of retrieval steps without a document."""
    return share_of(recorded.retrievals, recorded.retrievals[c.DOCUMENTS] == 0)


def _empty_by_workflow(recorded: Recorded) -> Mapping[str, Figure]:
    return Each(recorded.retrievals, c.WORKFLOW, lambda rows: share_of(rows, rows[c.DOCUMENTS] == 0))


def _given(recorded: Recorded) -> pd.DataFrame:
    return recorded.documents[recorded.documents[c.STAGE].isin(GIVEN)]


def _best_scores(recorded: Recorded) -> Mapping[str, Figure]:
    """Return quarters of the first documents' scores, of the kind of score that most lists have."""
    first = _given(recorded)
    first = first[(first[c.RANK] == 0) & numbers(first, c.SCORE).notna()]
    if first.empty:
        return {}
    kind = first[c.SCORE_KIND].value_counts().index[0]
    of_kind = first[first[c.SCORE_KIND] == kind]
    quarters = (("lower quarter", 0.25), ("median", 0.5), ("upper quarter", 0.75))
    return {name: _lowest(of_kind, q) for name, q in quarters}


def _lowest(table: pd.DataFrame, q: float) -> Figure:
    """Return a quantile of scores with the traces of the lowest: those are the ones to look at."""
    figure = quantile_of(table, c.SCORE, q, Unit.SCORE)
    lowest = numbers(table, c.SCORE).nsmallest(max(1, len(table) // 10)).index
    return Figure(figure.number, newest(table.loc[lowest, c.TRACE]))


def aged(recorded: Recorded) -> pd.DataFrame:
    """Return the documents with a date, and how many days old each was; one dated later than its trace is new."""
    dated = _given(recorded)
    dated = dated[numbers(dated, c.UPDATED).notna()]
    days = (numbers(dated, c.STARTED) - numbers(dated, c.UPDATED)).clip(lower=0.0) / DAY_US
    return dated.assign(**{AGE_DAYS: days})


AGE_DAYS = "age_days"


def _ages(recorded: Recorded) -> Mapping[str, Figure]:
    table = aged(recorded)
    if table.empty:
        return {}
    return {
        "median": quantile_of(table, AGE_DAYS, 0.5, Unit.DAYS),
        "p95": quantile_of(table, AGE_DAYS, 0.95, Unit.DAYS),
        "older than a year": share_of(table, table[AGE_DAYS] > OLD_DAYS),
    }


def context_share(recorded: Recorded) -> Figure:
    """Return the mean share of the input tokens that documents take, at most all of them."""
    table = recorded.traces
    tokens, chars = numbers(table, c.TOKENS_IN), numbers(table, c.CONTEXT_CHARS)
    known = (tokens > 0) & chars.notna() & (numbers(table, c.RETRIEVALS) > 0)
    if not known.any():
        return NOTHING
    shares = (chars[known] / CHARS_A_TOKEN / tokens[known]).clip(upper=1.0)
    number = Number(float(shares.mean()), Basis.ALL_TRAFFIC, n=len(shares), population=len(table))
    largest = shares.nlargest(max(1, len(shares) // 10)).index
    return Figure(number, newest(table.loc[largest, c.TRACE]))


def repeated_sources(recorded: Recorded) -> Figure:
    """Return the share of documents whose source stood in the same list before them."""
    table = _given(recorded)
    table = table[table[c.SOURCE].astype(str) != ""]
    lists = table.groupby([c.TRACE, c.LIST])[c.SOURCE].transform("size")
    several = table[lists > 1]
    return share_of(several, several.duplicated([c.TRACE, c.LIST, c.SOURCE])) if len(several) else NOTHING


def _known_in(before: Recorded) -> Callable[[Recorded], Figure]:
    return lambda recorded: known_sources(recorded, before)


def known_sources(recorded: Recorded, before: Recorded) -> Figure:
    """Return the share of retrieved documents whose source was retrieved before too, and traces with new sources."""
    table = _given(recorded)
    table = table[table[c.SOURCE].astype(str) != ""]
    earlier = set(_given(before)[c.SOURCE])
    if table.empty or not earlier:
        return NOTHING
    known = table[c.SOURCE].isin(earlier)
    return Figure(share_of(table, known).number, newest(table.loc[~known, c.TRACE]))
