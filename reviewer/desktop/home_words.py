"""What Home says of novelties, regular looks and the latest day, in words. No widgets."""

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from reviewer import wording
from reviewer.model.cadence import DAY_US, Standing
from reviewer.model.glance import DayFigure
from reviewer.model.novelty import Kind, Novelty
from reviewer.model.number import Number

ICONS: dict[Kind, str] = {
    "prompt": "file-text",
    "model": "cpu",
    "provider": "plug",
    "tool": "wrench",
    "definition": "wrench",
    "tools": "wrench",
    "retrieval": "layers",
    "schema": "split",
    "feedback": "user",
}
HASHED = ("tools", "schema")
"""Kinds whose name is a hash that says nothing to a reader."""
MOST_SHOWN = 12
LOOK_ICONS = {"daily": "sun", "weekly": "list-checks", "monthly": "clipboard-list", "quarterly": "tags"}


class Words(NamedTuple):
    """A card: an icon, a title, up to three lines, and how many traces its button shows."""

    icon: str
    title: str
    lines: tuple[str, ...]
    shown: int


def tr(text: str) -> str:
    """Return a text of Home, translated."""
    return QCoreApplication.translate("Home", text)


def novelty_words(novelty: Novelty, timezone: str) -> Words:
    """Return the words of a card of *revisit now*."""
    since = wording.short_moment(novelty.since_us, timezone)
    if novelty.kind in HASHED:
        first = tr("in {}, since {}").format(novelty.workflow or tr("all workflows"), since)
    elif novelty.before:
        first = tr("{} → {}, since {}").format(novelty.before, novelty.name, since)
    else:
        first = tr("{}, since {}").format(novelty.name, since)
    read = tr("none read") if not novelty.read else tr("{} read").format(novelty.read)
    count = tr("{} traces, {}").format(wording.decimal(novelty.traces), read)
    failing = tr("{} of the {} read fail").format(novelty.failed, novelty.read) if novelty.read else ""
    lines = tuple(filter(None, (first, count, failing)))
    return Words(ICONS[novelty.kind], _titles()[novelty.kind], lines, min(MOST_SHOWN, len(novelty.examples)))


def _titles() -> dict[Kind, str]:
    return {
        "prompt": tr("New prompt version"),
        "model": tr("New model"),
        "provider": tr("New provider"),
        "tool": tr("New tool"),
        "definition": tr("Tool definition changed"),
        "tools": tr("Another set of tools"),
        "retrieval": tr("Retrieval changed"),
        "schema": tr("Another output schema"),
        "feedback": tr("New kind of feedback"),
    }


def done_words(standing: Standing, now_us: int, timezone: str) -> str:
    """Return when a checklist was done last, and by whom."""
    if standing.last_us is None:
        return tr("never done")
    when = wording.short_moment(standing.last_us, timezone)
    return tr("done {} by {}").format(when, standing.by)


def due_words(standing: Standing, now_us: int, timezone: str) -> str:
    """Return when a checklist is due."""
    if standing.is_due(now_us):
        return tr("due now")
    assert standing.due_us is not None
    if standing.due_us - now_us < DAY_US:
        return tr("due within a day")
    return tr("due {}").format(wording.day(standing.due_us, timezone))


def figure_words(figure: DayFigure) -> str:
    """Return how a figure of the latest day stands to its usual range."""
    usual = figure.is_usual
    if usual is None or figure.low is None or figure.high is None:
        return tr("no usual range yet")
    if usual:
        return tr("usual")
    limits = Number(None, figure.number.basis, figure.number.unit, figure.low, figure.high)
    return tr("usually {}").format(wording.interval(limits))
