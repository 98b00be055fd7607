"""Time: the clock that is passed in, ISO text, and where a week begins."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from time import time_ns
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from reviewer.errors import UsageError

Clock = Callable[[], int]
"""Returns now as microseconds since the epoch, UTC."""

WEEK = timedelta(weeks=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def system_clock() -> int:
    """Return now in microseconds since the epoch."""
    return time_ns() // 1000


def iso(us: int | None) -> str | None:
    """Return a moment as ISO 8601 in UTC, or None. Years outside 1 to 9999 have no ISO text and give None."""
    if us is None:
        return None
    try:
        moment = EPOCH + timedelta(microseconds=us)
    except OverflowError:
        return None
    return moment.isoformat(timespec="milliseconds" if us % 1000 == 0 else "microseconds").replace("+00:00", "Z")


def zone(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as why:
        raise UsageError(f"There is no time zone named {name!r}.", "Use an IANA name such as Europe/Berlin.") from why


def to_us(moment: datetime) -> int:
    """Return an aware moment as microseconds since the epoch, exactly."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def day_start(text: str, tz: str) -> int:
    """Return the start of a day (``2026-11-23``), or a full ISO moment, in microseconds; naive times are in ``tz``."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as why:
        raise UsageError(f"{text!r} is no date.", "Write it as 2026-11-23.") from why
    return to_us(moment if moment.tzinfo else moment.replace(tzinfo=zone(tz)))


def local(us: int, tz: str) -> datetime:
    """Return a moment on the clocks of ``tz``; one beyond the calendar (years 1 to 9999) stands at its end."""
    day_us = WEEK // timedelta(microseconds=1) // 7
    first, last = to_us(datetime.min.replace(tzinfo=UTC)) + day_us, to_us(datetime.max.replace(tzinfo=UTC)) - day_us
    return (EPOCH + timedelta(microseconds=min(max(us, first), last))).astimezone(zone(tz))


def iso_week(us: int, tz: str) -> str:
    """Return the ISO week that holds a moment, such as ``2026-W48``; weeks begin on Monday 00:00 in ``tz``."""
    year, week, _ = local(us, tz).isocalendar()
    return f"{year:04d}-W{week:02d}"


def iso_week_span(name: str, tz: str) -> tuple[int, int]:
    """Return the start and end (not included) of an ISO week such as ``2026-W48``."""
    try:
        year, week = name.split("-W")
        monday = date.fromisocalendar(int(year), int(week), 1)
        midnight = datetime(monday.year, monday.month, monday.day, tzinfo=zone(tz))
        # Local midnights, so that a week with a clock change is an hour shorter or longer.
        return to_us(midnight), to_us(midnight + WEEK)
    except (ValueError, OverflowError) as why:
        raise UsageError(f"{name!r} is no ISO week.", "Write it as 2026-W48.") from why
