"""Presidio as one more rule of a redaction: what its recognizers find, with the extra ``transcript-reviewer[presidio]``.

It runs without a network. A model of spaCy for English finds names and places where one is installed; without one a blank
pipeline stands in, and what Presidio knows by its form is found alone: it then names nobody.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from reviewer.errors import UsageError

LANGUAGE = "en"
MODELS = ("en_core_web_lg", "en_core_web_md", "en_core_web_sm")
LEAST_SCORE = 0.4
"""How sure Presidio must be: below are runs of digits that may be anything."""
_TAG = re.compile(r"<[A-Z_]+_[0-9a-f]{4}>")


@dataclass(frozen=True, slots=True)
class Presidio:
    """The recognizers of Presidio's analyzer, in the shape of a redaction's rule."""

    analyzer: Any
    name: str = "PRESIDIO"

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return what it may find."""
        return tuple(sorted(self.analyzer.get_supported_entities(language=LANGUAGE)))

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield beginning, end and kind of every place, in order, none inside another or inside a tag.

        Of places that overlap the surest is taken, and the longest of those.
        """
        taken = [found.span() for found in _TAG.finditer(text)]
        told = self.analyzer.analyze(text=text, language=LANGUAGE, score_threshold=LEAST_SCORE)
        kept = []
        for one in sorted(told, key=lambda one: (-one.score, one.start - one.end, one.start)):
            if all(one.end <= start or end <= one.start for start, end in taken):
                taken.append((one.start, one.end))
                kept.append((one.start, one.end, str(one.entity_type)))
        yield from sorted(kept)


def presidio() -> Presidio:
    """Return Presidio's analyzer as a rule; loading it takes seconds.

    Raises:
        UsageError: the extra is not installed.
    """
    if find_spec("presidio_analyzer") is None:
        raise UsageError("Presidio is not installed.", "Install transcript-reviewer[presidio].")
    import spacy
    import tldextract
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    # By itself it asks the network for the list of domains when it sees the first address.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
    model = next((name for name in MODELS if find_spec(name) is not None), None)
    engine = SpacyNlpEngine(models=[{"lang_code": LANGUAGE, "model_name": model or MODELS[-1]}])
    # Given here, so that its own loading, which downloads a model that is not there, is never asked.
    engine.nlp = {LANGUAGE: spacy.load(model) if model else spacy.blank(LANGUAGE)}
    return Presidio(AnalyzerEngine(nlp_engine=engine, supported_languages=[LANGUAGE]))
