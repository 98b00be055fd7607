"""How a number, an interval, a cost, a duration and a date are said: in the window, in a report and in the terminal.

A minus is −, a unit stands after a space, a range is "4.6 – 13.6 %". Every sentence is a constant, so that a
translation can replace it.
"""

from __future__ import annotations  # a number is only named here: the window starts without its making

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from reviewer.model.basis import Basis, Unit
from reviewer.model.clock import local

if TYPE_CHECKING:
    from reviewer.model.number import Number, Row

MINUS = "−"
PLUS = "+"
NOT_RECORDED = "not recorded"
NOTHING_READ = "nothing reviewed yet"
TOO_FEW_TO_SAY = "too few to say"
COUNTS = "{count} of {n}"
PERCENT = "{} %"
RANGE = "{} – {}"
FROM_TO = "{} to {}"
POINTS = "{} points"
DASH = "–"
DOLLARS = "${}"
DAYS = "{} days"
MILLISECONDS = "{} ms"
SECONDS = "{} s"
MINUTES = "{} min"
MINUTES_SECONDS = "{} min {} s"
HOURS_MINUTES = "{} h {} min"
BELOW = "< {}"
ABOVE = "> {}"
AT_MOST = "at most {}"
TOO_FEW = "too few for a rate, {}"
SIZE = "N {}"
READ = "{} reviewed"
ESTIMATE_OF = "estimate, {n} reviewed"
ALL_TRAFFIC_OF = "all traffic, N = {n}"
REVIEWED_OF = "of the {n} reviewed"
FIXED_SET_OF = "fixed set, {n} items"
OVERLAP_OF = "{n} read twice"
FAIL_RATE = "{rate} of the traces fail ({interval}, {n} reviewed)"
FAIL_RATE_BEFORE = "{now}; {before} before"
FAIL_COUNT = "{counts} reviewed traces fail: {limit}"
FAIL_COUNT_ONLY = "{counts} reviewed traces fail"
SPLIT = "Of the change of {total} points, {mix} come from another mix of {by}s and {within} from within the {by}s"
SPLIT_PRESENCE = ", {presence} from {by}s that came or went"
SPLIT_BY_CHANCE = "; all of it may be chance."
NOT_DRAWN = "No sample was drawn for this period"
NOT_READ = "A sample was drawn, and nothing of it has been reviewed yet"
REVIEWED_SHARE = "{reviewed} of {drawn} drawn were reviewed"
NONE_LEFT_OUT = "none put off"
LEFT_OUT = "{n} put off or not read ({share})"
DAY = "{day} {month} {year}"
DAY_MONTH = "{day} {month}"
MOMENT = "{day}, {hour:02d}:{minute:02d}"
SHORT_MOMENT = "{day} {month} {hour:02d}:{minute:02d}"
YES = "yes"
NO = "no"
NO_MODE = "none"
VERDICT = "Pass or fail"
SAID_RIGHT = "pass"
SAID_FAIL = "fail"
ALL_MODES = "All failure modes together"
FAIL_OF_ALL = "Fail"
ONLY_FLAGGED = (
    "Nothing that the judge passes was reviewed, so nobody can know what it misses. Draw a sample that holds some."
)
ONLY_PASSED = "Nothing that the judge flags was reviewed, so nobody can know how often it is right. Draw some of those."
NO_FAILURES = "No reviewed trace fails, so nobody can know how many failures the judge would find."
FEW_TO_LEAN = "Leaning on the judge for a narrower interval needs {n} failures and as many others among the reviewed."
PART_SCORED = "{n} of {of} traces have its score; for the others people's word counts alone."
UNKNOWN_WORDS = "Answers that say neither pass nor fail are left out: {words}."
FAIL_BELOW = "fail below {}"
FAIL_FROM = "fail from {}"
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def decimal(value: float, digits: int = 0) -> str:
    """Return a number with thousands parted by commas: ``12,345``, ``−0.5``. Zero has no sign."""
    text = f"{abs(value):,.{digits}f}"
    return MINUS + text if value < 0 and any(digit in text for digit in "123456789") else text


def signed(value: float, digits: int = 1) -> str:
    """Return a number that always carries its sign, unless it rounds to zero: ``+1.4``, ``−0.9``, ``0.0``."""
    text = decimal(value, digits)
    return PLUS + text if value > 0 and any(digit in text for digit in "123456789") else text


def share(value: float, digits: int = 1) -> str:
    """Return a share of 0 to 1 in percent: ``8.3 %``; what only rounds to none or all says so: ``< 0.1 %``."""
    least = 10.0**-digits
    percent = 100.0 * value
    if 0 < percent < least / 2:
        return BELOW.format(PERCENT.format(decimal(least, digits)))
    if 100 - least / 2 < percent < 100:
        return ABOVE.format(PERCENT.format(decimal(100 - least, digits)))
    return PERCENT.format(decimal(percent, digits))


def dollars(value: float) -> str:
    """Return an amount with as many places as it needs: ``$0.049``, ``$12.34``, ``$1,235``, ``$0.00012``."""
    sign = MINUS if value < 0 else ""
    return sign + DOLLARS.format(decimal(abs(value), _dollar_digits(abs(value))))


def _dollar_digits(amount: float) -> int:
    if amount == 0 or amount >= 1000:
        return 0
    if amount >= 1:
        return 2
    if amount >= 0.01:
        return 3
    return min(12, 1 - math.floor(math.log10(amount)))


def duration(ms: float) -> str:
    """Return a duration: ``412 ms``, ``5.4 s``, ``2 min 5 s``, ``1 h 3 min``."""
    if abs(ms) < 999.5:
        return MILLISECONDS.format(decimal(ms))
    if abs(ms) < 59_950:
        return SECONDS.format(decimal(ms / 1000, 1))
    sign, seconds = (MINUS if ms < 0 else ""), round(abs(ms) / 1000)
    if seconds < 3600:
        minutes, rest = divmod(seconds, 60)
        return sign + (MINUTES_SECONDS.format(minutes, rest) if rest else MINUTES.format(minutes))
    hours, minutes = divmod(round(seconds / 60), 60)
    return sign + HOURS_MINUTES.format(decimal(hours), minutes)


def day(us: int, tz: str) -> str:
    """Return the day of a moment (microseconds since the epoch) in a time zone: ``24 November 2026``."""
    there = local(us, tz)
    return DAY.format(day=there.day, month=MONTHS[there.month - 1], year=there.year)


def moment(us: int, tz: str) -> str:
    """Return a moment to the minute: ``24 November 2026, 11:07``."""
    there = local(us, tz)
    return MOMENT.format(day=day(us, tz), hour=there.hour, minute=there.minute)


def short_moment(us: int, tz: str) -> str:
    """Return a moment to the minute where the year goes without saying: ``24 Nov 11:07``."""
    there = local(us, tz)
    month = MONTHS[there.month - 1][:3]
    return SHORT_MOMENT.format(day=there.day, month=month, hour=there.hour, minute=there.minute)


def days(start_us: int, end_us: int, tz: str) -> str:
    """Return the days of a period, whose end is not included: ``26 October – 22 November 2026``."""
    first, last = local(start_us, tz), local(max(start_us, end_us - 1), tz)
    if first.date() == last.date():
        return day(start_us, tz)
    if (first.year, first.month) == (last.year, last.month):
        return RANGE.format(first.day, day(end_us - 1, tz))
    if first.year != last.year:
        return RANGE.format(day(start_us, tz), day(end_us - 1, tz))
    return RANGE.format(DAY_MONTH.format(day=first.day, month=MONTHS[first.month - 1]), day(end_us - 1, tz))


def value(number: Number) -> str:
    """Return the value of a number in its unit; the counts where a rate would promise too much.

    ``8.3 %``, ``5.4 s``, ``$0.049``; ``3 of 40``; ``not recorded``, ``nothing reviewed yet``, ``too few to say``.
    """
    if number.basis is Basis.NOT_RECORDED:
        return NOT_RECORDED
    if number.suppressed or number.basis is Basis.REVIEWED:
        return counts(number)
    if number.value is not None and math.isfinite(number.value):
        return _SAY[number.unit](number.value)
    if number.basis is Basis.ESTIMATE:
        return TOO_FEW_TO_SAY if number.n else NOTHING_READ
    return NOT_RECORDED


def counts(number: Number) -> str:
    """Return how many of how many: ``3 of 40``; ``nothing reviewed yet`` of none."""
    if not number.n:
        return NOTHING_READ
    if number.count is None:
        return NOT_RECORDED
    return COUNTS.format(count=decimal(number.count), n=decimal(number.n))


def interval(number: Number) -> str:
    """Return the interval of a number with its unit once: ``4.6 – 13.6 %``, ``$0.046 – 0.053``; empty without one."""
    low, high = number.low, number.high
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)) or number.suppressed:
        return ""
    if number.unit is Unit.SHARE:
        return PERCENT.format(RANGE.format(decimal(100 * low, 1), decimal(100 * high, 1)))
    if number.unit is Unit.DOLLARS:
        digits = _dollar_digits(high)
        return DOLLARS.format(RANGE.format(decimal(low, digits), decimal(high, digits)))
    return RANGE.format(_SAY[number.unit](low), _SAY[number.unit](high))


def too_few(number: Number) -> str:
    """Return what can still be said of a rate that is hidden: ``too few for a rate, at most 4.6 %``; else empty."""
    if not number.suppressed or number.high is None or number.unit is not Unit.SHARE:
        return ""
    return TOO_FEW.format(AT_MOST.format(share(number.high)))


def interval_or_size(number: Number) -> str:
    """Return the short warrant of a table: ``4.6 – 13.6 %``, ``at most 4.6 %``, ``N 12,345``, ``60 reviewed``."""
    if number.basis is Basis.NOT_RECORDED:
        return ""
    if number.suppressed and number.high is not None and number.unit is Unit.SHARE:
        return AT_MOST.format(share(number.high))
    size = SIZE if number.basis in (Basis.ALL_TRAFFIC, Basis.FIXED_SET) else READ
    return interval(number) or size.format(decimal(number.n))


def warrant(number: Number) -> str:
    """Return what a number stands on: ``estimate, 60 reviewed``, ``all traffic, N = 12,345``, ``not recorded``."""
    return _WARRANTS[number.basis].format(n=decimal(number.n))


def badge(number: Number) -> str:
    """Return the one or two words of a number's badge: ``all traffic``, ``estimate``, ``fixed set``."""
    return number.basis.value


def change(now: Number, before: Number | None) -> str:
    """Return how far a number moved: ``+6.1`` in percentage points, ``+0.3 s``, ``+0.004``; empty if either is hidden.

    The unit of percentage points is left to the column's heading.
    """
    if before is None or now.unit is not before.unit:
        return ""
    if now.suppressed or before.suppressed or now.value is None or before.value is None:
        return ""
    return _moved_by(now.value - before.value, now.unit, max(abs(now.value), abs(before.value)))


def _moved_by(moved: float, unit: Unit, scale: float) -> str:
    """Return a difference in its unit, a share in percentage points; ``scale`` is the size of what it is between."""
    if unit is Unit.SHARE:
        return signed(100 * moved)
    if unit is Unit.MILLISECONDS:
        said = duration(moved)
        return (PLUS if moved > 0 and any(digit in said for digit in "123456789") else "") + said
    if unit is Unit.DOLLARS:
        return signed(moved, _dollar_digits(abs(scale)))
    return signed(moved, 0 if unit in (Unit.COUNT, Unit.DAYS) else 2)


def part(number: Number | None, scale: float) -> str:
    """Return one part of a change, such as its mix: ``+1.1``; a dash where there is none."""
    return DASH if number is None or number.value is None else _moved_by(number.value, number.unit, scale)


def what_moved(row: Row | None) -> str:
    """Return the parts of the change of a rate in one sentence; empty where it was not split, or did not move."""
    if row is None or row.change is None or not round(row.change.total.value or 0.0, 3):
        return ""
    split = row.change
    by = split.by.replace("_", " ")
    said = SPLIT.format(by=by, total=part(split.total, 1.0), mix=part(split.mix, 1.0), within=part(split.within, 1.0))
    if split.presence is not None:
        said += SPLIT_PRESENCE.format(by=by, presence=part(split.presence, 1.0))
    return said + ("." if row.moved else SPLIT_BY_CHANCE)


def difference(number: Number, unit: bool = True) -> str:
    """Return a difference with its sign and unit: ``+5.6 points``, ``−0.3 s``, ``+$0.004``; empty without a value.

    ``unit`` False leaves *points* to the column's heading.
    """
    if number.value is None or not math.isfinite(number.value):
        return ""
    if number.unit is Unit.SHARE:
        return POINTS.format(signed(100 * number.value)) if unit else signed(100 * number.value)
    if number.unit is Unit.MILLISECONDS:
        return (PLUS if number.value > 0 else "") + duration(number.value)
    if number.unit is Unit.DOLLARS:
        return (PLUS if number.value > 0 else "") + dollars(number.value)
    return signed(number.value, 0 if number.unit is Unit.COUNT else 2)


def difference_interval(number: Number) -> str:
    """Return the limits of a difference, each with its sign: ``−0.4 to +11.9``; empty without an interval."""
    if number.low is None or number.high is None or not (math.isfinite(number.low) and math.isfinite(number.high)):
        return ""
    low, high = (difference(replace(number, value=limit), unit=False) for limit in (number.low, number.high))
    return FROM_TO.format(low, high)


def coefficient(number: Number | None) -> str:
    """Return a coefficient of agreement with two places: ``0.82``; a dash where it is hidden or cannot be told."""
    if number is None or number.value is None or number.suppressed or not math.isfinite(number.value):
        return DASH
    return decimal(number.value, 2)


def cut(at: float, fails_below: bool) -> str:
    """Return where a judge's numbers part pass and fail: ``fail below 0.5``, ``fail from 3``."""
    return (FAIL_BELOW if fails_below else FAIL_FROM).format(f"{at:g}")


def headline(failing: Row | None) -> str:
    """Return how many traces fail, in one sentence that holds back where the numbers do."""
    if failing is None:
        return NOT_DRAWN + "."
    number, before = failing.number, failing.previous
    if not number.n:
        return NOT_READ + "."
    if number.value is None:
        return FAIL_COUNT_ONLY.format(counts=counts(number)) + "."
    if number.suppressed:
        return FAIL_COUNT.format(counts=counts(number), limit=too_few(number)) + "."
    said = FAIL_RATE.format(rate=value(number), interval=interval(number), n=decimal(number.n))
    if before is not None and before.value is not None and not before.suppressed:
        said = FAIL_RATE_BEFORE.format(now=said, before=value(before))
    return said + "."


def reviewed(reviewed: int, drawn: int) -> str:
    """Return how much of a sample was reviewed, and how much was not: ``57 of 60 drawn were reviewed, 3 put off…``."""
    said = REVIEWED_SHARE.format(reviewed=decimal(reviewed), drawn=decimal(drawn))
    left = drawn - reviewed
    return f"{said}, {LEFT_OUT.format(n=decimal(left), share=share(left / drawn, 0)) if left else NONE_LEFT_OUT}"


def _score(number: float) -> str:
    return decimal(number, 2)


_SAY: dict[Unit, Callable[[float], str]] = {
    Unit.SHARE: share,
    Unit.MILLISECONDS: duration,
    Unit.DOLLARS: dollars,
    Unit.COUNT: decimal,
    Unit.SCORE: _score,
    Unit.DAYS: lambda number: DAYS.format(decimal(number)),
}
_WARRANTS = {
    Basis.ESTIMATE: ESTIMATE_OF,
    Basis.ALL_TRAFFIC: ALL_TRAFFIC_OF,
    Basis.REVIEWED: REVIEWED_OF,
    Basis.FIXED_SET: FIXED_SET_OF,
    Basis.OVERLAP: OVERLAP_OF,
    Basis.NOT_RECORDED: NOT_RECORDED,
}
