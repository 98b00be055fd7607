"""The canonical record: one labelled example, from which every target's rows are made."""

import hashlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from statistics import fmean
from typing import Any

from reviewer.exports.redact import Redactor
from reviewer.exports.sets import losses
from reviewer.exports.sets.conversation import conversation
from reviewer.exports.sets.losses import Losses
from reviewer.exports.sets.splits import WEIGHTS, salt_of, split_of
from reviewer.model.clock import iso
from reviewer.model.coding import Coding, Verdict, decisive, is_adjudicator
from reviewer.model.dataset import Split
from reviewer.model.ids import TraceId, WeekName
from reviewer.model.taxonomy import Taxonomy
from reviewer.model.trace import Trace

Row = dict[str, Any]

META = (
    "example_id",
    "trace_id",
    "session_id",
    "split",
    "verdict",
    "failure_modes",
    "scores",
    "critique",
    "prompt_version",
    "model",
    "tags",
    "provenance",
)
"""The labels of a record: what goes whole into a target's metadata."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One reviewer's coding of one trace in one week. ``weight`` is how many traces of the traffic it stands for."""

    trace: Trace
    trace_id: TraceId
    week: WeekName
    reviewer: str
    coding: Coding
    weight: float | None = None
    reviewed_us: int | None = None


@dataclass(frozen=True, slots=True)
class SetAbout:
    """What a dataset is: its name and version, the taxonomy of its labels, how its rows were chosen and drawn."""

    name: str
    taxonomy: Taxonomy
    created_us: int
    version: int = 1
    parent: str | None = None
    """The content hash of the version before."""
    query: str = ""
    design: str = ""
    app_version: str = ""
    parquet: bool = False
    """Whether the Hugging Face folder holds Parquet instead of JSON lines."""
    weights: Mapping[Split, float] = field(default_factory=lambda: dict(WEIGHTS))
    splits: Mapping[str, Split] = field(default_factory=dict)
    """The split of every example by its id; one that is not named is split by its session alone."""
    reviewers: Sequence[str] = ()
    """Reviewers in the order in which they are numbered, so that each keeps the number; others follow."""
    sample_weights: Mapping[str, float] = field(default_factory=dict)
    """Weights of examples that stand for others of the same words too, by id."""
    redactor: Redactor | None = None
    """Takes personal data and keys out of every row before it is written; None leaves the texts as they are."""


def canonical_rows(labelled: Iterable[Labelled], about: SetAbout, lost: Losses) -> Iterator[Row]:
    """Yield one record for each trace of each week, holding one in memory at a time.

    The codings of one trace in one week must follow each other. Only submitted codings with pass or fail count: the
    newest decision of an adjudicator decides where there is one, else the majority and a tie is a fail, a failure mode
    stands where at least half tagged it, scores are averaged.
    Reviewers are numbered in the order in which they appear, unless ``about`` numbers them. Splits and ids are made from what was recorded; the texts
    of a row are redacted after that.
    """
    pseudonyms: dict[str, str] = {}
    for name in about.reviewers:
        pseudonyms[name] = _pseudonym(name, pseudonyms)
    seen: set[tuple[TraceId, WeekName]] = set()
    for key, group in groupby(labelled, key=lambda one: (one.trace_id, one.week)):
        if key in seen:
            raise ValueError(f"the codings of {key} do not follow each other")
        seen.add(key)
        codings = [one for one in group if _counts(one, lost)]
        if codings:
            for one in codings:
                if one.reviewer not in pseudonyms:
                    pseudonyms[one.reviewer] = _pseudonym(one.reviewer, pseudonyms)
            row = clean(_record(codings, pseudonyms, about, lost), lost)
            yield row if about.redactor is None else about.redactor.redacted(row, row["session_id"] or row["trace_id"])


def _pseudonym(name: str, taken: Mapping[str, str]) -> str:
    """Return the next number in its role: readers and those who decide between them are counted apart."""
    role = is_adjudicator(name)
    number = 1 + sum(is_adjudicator(other) == role for other in taken)
    return f"{'adjudicator' if role else 'reviewer'}-{number}"


def _counts(one: Labelled, lost: Losses) -> bool:
    if not one.coding.counts:
        lost.dropped[losses.NOT_SUBMITTED] += 1
    return one.coding.counts


def _record(codings: Sequence[Labelled], pseudonyms: dict[str, str], about: SetAbout, lost: Losses) -> Row:
    first = codings[0]
    trace = first.trace
    talk = conversation(trace, lost)
    example = example_id(first.trace_id, first.week, about.name)
    deciding = decisive(codings, lambda one: one.reviewer, lambda one: one.reviewed_us)
    said = [one.coding for one in deciding]
    words = [one.coding for one in (*deciding, *codings)]
    return {
        "example_id": example,
        "trace_id": first.trace_id,
        "session_id": trace.session_id,
        "split": about.splits.get(example)
        or split_of(salt_of(about.name), trace.session_id or first.trace_id, about.weights),
        "input": talk.input,
        "messages": talk.messages,
        "retrieved_contexts": _contexts(trace),
        "tools": list(trace.tools),
        "output": talk.output,
        "output_tool_calls": talk.output_calls,
        "expected": next((coding.expected for coding in words if coding.expected), None),
        "expected_tool_calls": _expected_calls(words),
        "verdict": majority(said),
        "failure_modes": agreed_modes(said, about.taxonomy),
        "scores": mean_scores(said if any(coding.scores for coding in said) else words, about.taxonomy),
        "critique": _critique(codings, pseudonyms),
        "prompt_version": trace.prompt_version,
        "model": trace.model,
        "tags": list(trace.tags),
        "provenance": _provenance(codings, pseudonyms, about, about.sample_weights.get(example, first.weight)),
    }


def _expected_calls(said: Sequence[Coding]) -> list[Row]:
    """Return the calls that the first reviewer who names some expects, with ids of their own."""
    named = next((coding.expected_calls for coding in said if coding.expected_calls), ())
    return [{"id": f"expected-{number}", **call.as_json()} for number, call in enumerate(named, 1)]


def example_id(trace: TraceId, week: WeekName, dataset: str) -> str:
    """Return the id of an example: the same in all versions of a dataset."""
    identity = "\x1f".join((trace, week, dataset))
    return "ex-" + hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def majority(codings: Sequence[Coding]) -> str:
    """Return pass or fail as most reviewers said; a tie is a fail."""
    fails = sum(one.verdict is Verdict.FAIL for one in codings)
    return (Verdict.FAIL if 2 * fails >= len(codings) else Verdict.PASS).value


def is_undecided(row: Row) -> bool:
    """Return whether as many readers passed a record as failed it and nobody decided: the verdict is the rule's alone."""
    if row["provenance"]["adjudicated"]:
        return False
    verdicts: list[str] = list(row["provenance"]["verdicts"].values())
    return 2 * verdicts.count(Verdict.FAIL) == len(verdicts)


def agreed_modes(codings: Sequence[Coding], taxonomy: Taxonomy) -> list[str]:
    """Return the modes that at least half tagged, in the taxonomy's order; ones it does not know follow."""
    tagged = dict.fromkeys(mode for one in codings for mode in one.modes)
    kept = [mode for mode in tagged if 2 * sum(mode in one.modes for one in codings) >= len(codings)]
    order: dict[str, int] = {mode.id: place for place, mode in enumerate(taxonomy.modes)}
    return sorted(kept, key=lambda mode: (order.get(mode, len(order)), mode))


def mean_scores(codings: Sequence[Coding], taxonomy: Taxonomy) -> dict[str, float | None]:
    """Return every score of the taxonomy, null where nobody gave it, so that all rows have the same keys."""
    names = dict.fromkeys([score.id for score in taxonomy.scores])
    given = {name: [one.scores[name] for one in codings if name in one.scores] for name in names}
    return {name: fmean(values) if values else None for name, values in given.items()}


def _critique(codings: Sequence[Labelled], pseudonyms: dict[str, str]) -> str:
    notes = [(pseudonyms[one.reviewer], one.coding.note) for one in codings if one.coding.note]
    if len(notes) < 2:
        return notes[0][1] if notes else ""
    return "\n\n".join(f"{name}: {note}" for name, note in notes)


def _provenance(codings: Sequence[Labelled], pseudonyms: dict[str, str], about: SetAbout, weight: float | None) -> Row:
    first = codings[0]
    reviewed = [one.reviewed_us for one in codings if one.reviewed_us is not None]
    return {
        "source": first.trace.format,
        "project": first.trace.origin,
        "trace_url": None,
        "observation_id": first.trace.native_id,
        "week": first.week,
        "reviewer": ", ".join(pseudonyms[one.reviewer] for one in codings),
        "verdicts": {
            pseudonyms[one.reviewer]: str(one.coding.verdict) for one in codings if not is_adjudicator(one.reviewer)
        },
        "adjudicated": any(is_adjudicator(one.reviewer) for one in codings),
        "reviewed_at": iso(max(reviewed)) if reviewed else None,
        "rubric_version": max((one.coding.taxonomy_version or 0 for one in codings), default=0),
        "guideline_sha256": guideline_sha256(about.taxonomy),
        "sample_method": about.design,
        "sample_weight": weight,
    }


def guideline_sha256(taxonomy: Taxonomy) -> str:
    """Return the hash of the taxonomy's text, by which a reader can tell whether definitions changed."""
    return hashlib.sha256(taxonomy.as_toml().encode("utf-8", "surrogatepass")).hexdigest()


def _contexts(trace: Trace) -> list[str]:
    """Return the texts that the model was given: those after reranking where there was any, each once."""
    reranked = any(document.stage == "rerank_out" for document in trace.documents)
    skipped = {"rerank_in", "retrieved"} if reranked else {"rerank_in"}
    return list(dict.fromkeys(document.text for document in trace.documents if document.stage not in skipped))


def clean(value: Any, lost: Losses) -> Any:
    """Return a JSON value that every reader takes: no NUL, no lone surrogate, no number that is not finite."""
    if isinstance(value, str):
        return _clean_text(value, lost)
    if isinstance(value, float) and not math.isfinite(value):
        lost.pieces[losses.NOT_FINITE] += 1
        return None
    if isinstance(value, dict):
        return {_clean_text(key, lost): clean(inner, lost) for key, inner in value.items()}
    if isinstance(value, list):
        return [clean(inner, lost) for inner in value]
    return value


def _clean_text(text: str, lost: Losses) -> str:
    if "\x00" in text:
        lost.pieces[losses.NUL] += text.count("\x00")
        text = text.replace("\x00", "␀")
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        lost.pieces[losses.SURROGATE] += sum("\ud800" <= char <= "\udfff" for char in text)
        text = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text


def meta(row: Row) -> Row:
    """Return the labels of a record, for a target's metadata."""
    return {key: row[key] for key in META}


def line(row: Row, sort_keys: bool = False) -> bytes:
    """Return a row as one line of JSON: UTF-8, nothing escaped that need not be, ended by a newline.

    ``sort_keys`` gives the form that is hashed.
    """
    text = json.dumps(row, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=sort_keys)
    return text.encode() + b"\n"
