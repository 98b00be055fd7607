"""How the review screen says things: places, presses, pace and differences, translated."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QCoreApplication

from reviewer.desktop.commands.keys import Keymap
from reviewer.desktop.commands.press import first_cap
from reviewer.desktop.review.state import Notice
from reviewer.model.calls import as_text
from reviewer.model.coding import Anchor, Coding, CodingEvent, Said
from reviewer.model.taxonomy import Taxonomy
from reviewer.workspace.ask.codings import CodingRow
from reviewer.workspace.ask.transcript import ScoreRow

QUOTE = 40
CALL = 120


def tr(text: str) -> str:
    """Return a text of the review screen in the reader's language."""
    return QCoreApplication.translate("Review", text)


def place(anchor: Anchor | None) -> str:
    """Return where an anchor points, in a few words."""
    if anchor is None:
        return ""
    if anchor.trace is not None:
        return tr("in a later turn")
    if anchor.quote:
        quote = " ".join(anchor.quote.split())
        return f"“{quote[:QUOTE]}…”" if len(quote) > QUOTE else f"“{quote}”"
    if anchor.kind == "document" and anchor.document is not None:
        return f"[{anchor.document + 1}]"
    if anchor.kind == "call" and anchor.call is not None:
        return tr("call %1").replace("%1", str(anchor.call + 1))
    return tr("turn %1").replace("%1", str(anchor.message)) if anchor.message is not None else ""


def tags(coding: Coding, taxonomy: Taxonomy, keymap: Keymap) -> list[tuple[str, str, Anchor | None]]:
    """Return the keycap, the title and the anchor of each tagged mode that points somewhere, in the order tagged."""
    found: list[tuple[str, str, Anchor | None]] = []
    for mode, anchor in coding.modes.items():
        if anchor is not None:
            known = taxonomy.mode(mode)
            key = first_cap(keymap.keys(f"review.tag.{known.slot}")) if known and known.slot else ""
            found.append((key, known.title if known else mode, anchor))
    return found


def pace(seconds: int) -> str:
    """Return how long one item takes, such as ``52 s each``."""
    minutes, rest = divmod(seconds, 60)
    if not minutes:
        return tr("%1 s each").replace("%1", str(rest))
    return tr("%1 min %2 s each").replace("%1", str(minutes)).replace("%2", str(rest))


def verdict(value: str | None) -> str:
    """Return a verdict as a word."""
    return {"pass": tr("pass"), "fail": tr("fail"), "defer": tr("defer")}.get(value or "", tr("no verdict"))


def notice(told: Notice, taxonomy: Taxonomy, here: int) -> str:
    """Return what the note row tells; ``here`` is the place of the current item, which is not named."""
    if told.kind == "missing":
        names = [tr("a verdict") if name == "verdict" else title_of_score(taxonomy, name) for name in told.missing]
        return tr("Still missing: %1").replace("%1", ", ".join(names))
    fixed = {
        "nothing_to_undo": tr("Nothing to undo"),
        "nothing_to_redo": tr("Nothing to redo"),
        "week_done": tr("Every item of this week is submitted"),
        "alone": tr("This trace has no session of several traces"),
        "elsewhere": tr("Not in this turn: your coding is of the turn that is marked"),
        "off_scale": tr("That number is not on the scale"),
        "half_written": tr("The expected calls cannot be read yet: they wait in their field"),
    }
    if told.kind in fixed:
        return fixed[told.kind]
    what = press(told.said, taxonomy)
    if told.kind == "undone":
        what = tr("Undone: %1").replace("%1", what)
    if told.kind == "redone":
        what = tr("Redone: %1").replace("%1", what)
    return what if told.order in (0, here) else tr("%1, item %2").replace("%1", what).replace("%2", str(told.order))


def press(said: Sequence[CodingEvent], taxonomy: Taxonomy) -> str:
    """Return what a press said, by the event that matters most."""
    kinds = {event.said for event in said}
    if not said:
        return ""
    first = said[0]
    if Said.SUBMIT in kinds:
        verdicts = [event.value for event in said if event.said is Said.VERDICT]
        return tr("%1, submitted").replace("%1", verdict(verdicts[0])) if verdicts else tr("Submitted")
    if first.said is Said.FIRST_FAILURE:
        return tr("First failure is here")
    return one(first, taxonomy)


def one(event: CodingEvent, taxonomy: Taxonomy) -> str:
    """Return what one event says."""
    value = event.value
    match event.said:
        case Said.VERDICT:
            return tr("Verdict: %1").replace("%1", verdict(value))
        case Said.MODE_ON:
            return tr("“%1” on").replace("%1", title_of_mode(taxonomy, value["mode"]))
        case Said.MODE_OFF:
            return tr("“%1” off").replace("%1", title_of_mode(taxonomy, value["mode"]))
        case Said.SCORE:
            return f"{title_of_score(taxonomy, value['name'])}: {value['value']}"
        case Said.NOTE:
            return tr("Note saved")
        case Said.EXPECTED:
            return tr("Expected answer saved")
        case Said.EXPECTED_CALLS:
            return tr("Expected calls saved")
        case Said.DOCUMENT:
            label = value["label"] or tr("no label")
            return tr("Document %1: %2").replace("%1", str(value["document"] + 1)).replace("%2", label)
        case Said.FLAG:
            return tr("Flagged for discussion") if value else tr("Flag taken away")
        case Said.PROPOSE:
            return tr("Proposed “%1”").replace("%1", value["title"])
        case _:
            return ""


def expected(coding: Coding) -> str:
    """Return what should have happened: the answer, and the calls below it."""
    answer = tr("Expected: %1").replace("%1", coding.expected) if coding.expected else ""
    calls = [
        tr("Expected call: %1").replace("%1", text if len(text) <= CALL else f"{text[:CALL]}…")
        for text in map(as_text, ([call] for call in coding.expected_calls))
    ]
    return "\n".join(filter(None, [answer, *calls]))


def title_of_mode(taxonomy: Taxonomy, mode: str) -> str:
    """Return the title of a failure mode, or its id when the list no longer has it."""
    return next((found.title for found in taxonomy.modes if found.id == mode), mode)


def title_of_score(taxonomy: Taxonomy, score: str) -> str:
    """Return the title of a score, or its id when the list no longer has it."""
    scale = taxonomy.score(score)
    return scale.title if scale else score


def differences(
    mine: Coding, others: Iterable[CodingRow], imported: Iterable[ScoreRow], taxonomy: Taxonomy
) -> list[tuple[str, str, bool | None]]:
    """Return what others said beside what I said: who, what, and whether it agrees (None where it cannot be told)."""
    rows: list[tuple[str, str, bool | None]] = []
    for other in others:
        modes = ", ".join(title_of_mode(taxonomy, mode) for mode in other.coding.modes)
        said = verdict(other.coding.verdict)
        same = other.coding.verdict == mine.verdict and set(other.coding.modes) == set(mine.modes)
        rows.append((other.key.reviewer, f"{said}: {modes}" if modes else said, same))
    for score in imported:
        value = score.value_text if score.value_num is None else f"{score.value_num:g}"
        rows.append((score.name, value or "", _agrees(mine, score)))
    return rows


def _agrees(mine: Coding, score: ScoreRow) -> bool | None:
    """Whether an imported yes or no says the same as my verdict; of other scores it cannot be told."""
    if score.data_type != "bool" or score.value_num is None:
        return None
    return (score.value_num >= 1) == (mine.verdict == "pass")
