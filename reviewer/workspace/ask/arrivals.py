"""When prompts, models and providers appear in the traffic: how many traces of each week show which."""

from collections.abc import Iterator

from reviewer.model.trend import Arrival, MarkerKind
from reviewer.workspace.file import Reader

WEEK_US = 7 * 24 * 3600 * 1_000_000
PROMPT = "coalesce(prompt_version, prompt_hash)"
VALUES: dict[MarkerKind, str] = {
    "model": "model",
    "provider": "provider",
    "prompt": f"CASE WHEN prompt_name IS NULL THEN {PROMPT} ELSE prompt_name || ' ' || {PROMPT} END",
}
SIZES = "SELECT (started_us - :offset) / :week, count(*) FROM trace WHERE time_basis != 'import' GROUP BY 1"
# What only one trace of a week shows, such as a prompt with a name in it, is never a change of the application.
ARRIVALS = (
    "SELECT (started_us - :offset) / :week, {value}, count(*), min(started_us) FROM trace "
    "WHERE time_basis != 'import' AND {value} IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1"
)


def sizes(reader: Reader) -> dict[int, int]:
    """Return how many traces each week has, drawn or not; weeks are numbered in the order of time."""
    return dict(reader.db.execute(SIZES, _bounds(reader)))


def arrivals(reader: Reader) -> Iterator[Arrival]:
    """Yield what the traces of each week show, in the numbers of ``sizes``."""
    for kind, value in VALUES.items():
        for period, shown, traces, first in reader.db.execute(ARRIVALS.format(value=value), _bounds(reader)):
            yield Arrival(period, kind, str(shown), traces, first)


def _bounds(reader: Reader) -> dict[str, int]:
    """Return the length of a week, and where in it weeks begin: as the first drawn one does."""
    (start,) = reader.db.execute("SELECT min(start_us) FROM week").fetchone()
    return {"week": WEEK_US, "offset": (start or 0) % WEEK_US}
