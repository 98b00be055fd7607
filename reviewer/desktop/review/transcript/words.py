"""How roles, sizes, times and calls are said in the transcript."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from PySide6.QtCore import QCoreApplication

from reviewer.desktop.review.transcript.items import CallEntry, Item, chars, turn_number
from reviewer.desktop.shown import safe
from reviewer.model.clock import local
from reviewer.wording import short_moment
from reviewer.workspace.ask.transcript import CallRow, Transcript

if TYPE_CHECKING:
    from reviewer.workspace.ask.sessions import SessionTranscript

KEY = re.compile(r'"([^"\\]{1,40})": ?')
WORDS_COUNTED = 40_000  # characters; a longer text is said by its size
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def tr(text: str, n: int = -1) -> str:
    """Return a text of the transcript in the reader's language; ``%n`` becomes a number."""
    return QCoreApplication.translate("Transcript", text, None, n).replace("%n", str(n))


def count(n: int, one: str, many: str) -> str:
    """Return a number with its noun; ``many`` holds ``%n``. Both are translated."""
    return tr(one) if n == 1 else tr(many, n)


def role_word(role: str) -> str:
    """Return how a role is called."""
    words = {"user": tr("User"), "assistant": tr("Assistant"), "tool": tr("Tool"), "system": tr("System")}
    return words.get(role) or safe(role, 24) or tr("Unknown role")


def role_color(role: str) -> str:
    """Return the colour role of a speaker."""
    colors = {"user": "roleUser", "assistant": "roleAssistant", "tool": "roleTool"}
    return colors.get(role, "roleSystem")


def heading(transcript: Transcript, item: Item) -> tuple[str, str]:
    """Return the word and the number of an item's header: ``Assistant``, ``7``; ``Tools``, ``4 – 6``."""
    if item.kind != "tools":
        number = turn_number(transcript, item.thread, item.first)
        return role_word(item.role), str(number) if number else ""
    turns = [turn_number(transcript, item.thread, entry.turn) for entry in item.entries]
    low, high = min(turns), max(turns)
    word = tr("Tools") if len(item.entries) > 1 else tr("Tool")
    return word, str(low) if low == high else f"{low} – {high}"


def turn_place(transcript: Transcript, thread: int) -> str:
    """Return which turn of its session a thread belongs to: ``Turn 2 of 5``."""
    session = cast("SessionTranscript", transcript)
    return tr("Turn {} of {}").format(session.turn_of(thread), session.of_turns)


def turn_line(transcript: Transcript, turn: int, zone: str) -> tuple[str, bool]:
    """Return what the line above a trace of a session says, and whether that trace is under review.

    ``Turn 2 of 5 · 09:41 · gpt-4o``; the day is said with the first turn and with a turn of another day than the last.
    """
    session = cast("SessionTranscript", transcript)
    row = session.turns[turn]
    place = tr("Turn {} of {}").format(turn, session.of_turns)
    when = ""
    if row.at_us is not None:
        before = session.turns.get(turn - 1)
        day, last = (
            local(one, zone).date() if one is not None else None for one in (row.at_us, before and before.at_us)
        )
        when = clock(row.at_us, zone)[:5] if day == last else short_moment(row.at_us, zone)
    return "  ·  ".join(
        part for part in (place, when, safe(row.model or "", 40)) if part
    ), turn == session.own and not session.is_item


def clock(ts_us: int | None, zone: str) -> str:
    """Return the time of day of a moment, or nothing where none was recorded."""
    if ts_us is None:
        return ""
    try:
        return (EPOCH + timedelta(microseconds=ts_us)).astimezone(ZoneInfo(zone)).strftime("%H:%M:%S")
    except (OverflowError, ValueError, ZoneInfoNotFoundError):
        return ""


def latency(ms: float | None) -> str:
    """Return a duration: ``412 ms``, ``9.4 s``, ``3 min 20 s``."""
    if ms is None:
        return ""
    if ms < 1000:
        return f"{ms:.0f} ms"
    if ms < 60_000:
        return f"{ms / 1000:.1f} s"
    return f"{int(ms // 60_000)} min {int(ms % 60_000 // 1000)} s"


def size(letters: int) -> str:
    """Return a number of characters as a size."""
    if letters < 1000:
        return count(letters, "1 character", "%n characters")
    return f"{letters / 1000:.1f} KB" if letters < 1_000_000 else f"{letters / 1_000_000:.1f} MB"


def folded(transcript: Transcript, item: Item) -> str:
    """Return what a folded turn hides: ``412 words, folded``."""
    parts = transcript.message(item.first, item.thread).parts
    total = sum(chars(transcript, part.blocks) for part in parts)
    if total > WORDS_COUNTED:
        return tr("{}, folded").format(size(total))
    words = sum(len(transcript.text_of(part.blocks).split()) for part in parts)
    return count(words, "1 word, folded", "%n words, folded")


def arguments(call: CallRow) -> str:
    """Return the arguments of a call on one line, without the signs of JSON: ``order "48213"``."""
    line = safe(call.arguments_preview, 160)
    if not call.arguments_parse or not line.startswith("{"):
        return line
    inner = line[1:-1] if line.endswith("}") else line[1:]
    if len(KEY.findall(inner)) == 1:
        return KEY.sub("", inner).strip()
    return KEY.sub(r"\1 ", inner).strip()


def outcome(transcript: Transcript, call: CallRow) -> tuple[str, bool]:
    """Return in a few words how a call ended, and whether it failed."""
    if call.is_error or call.error:
        return safe(call.error or call.result_preview, 80) or tr("error"), True
    if call.result is None:
        return tr("no result"), False
    preview = safe(call.result_preview, 80)
    if not preview:
        return tr("empty result"), False
    if preview[0] in "{[<" or len(call.result_preview) > 40:
        total = chars(transcript, call.result)
        lines = sum(transcript.block(n).lines for n in range(call.result.first, call.result.first + call.result.size))
        return size(total) + (", " + count(lines + 1, "1 line", "%n lines") if lines else ""), False
    return preview, False


def call_name(transcript: Transcript, entry: CallEntry, thread: int) -> str:
    """Return the name of a call's tool; for an answer without a call, what the message says of itself."""
    if entry.call is not None and transcript.has_call(entry.call):
        return safe(transcript.calls[entry.call].name, 80) or tr("unnamed tool")
    return safe(transcript.message(entry.message, thread).name or "", 80) or tr("result without a call")
