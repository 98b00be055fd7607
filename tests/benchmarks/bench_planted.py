"""Traffic with planted failures, drawn and read 200 times: do the intervals hold the truth, do the alerts find the fault?

``python -m tests.benchmarks planted``; it is not part of ``make bench``, because it takes half an hour. It needs the
generator of the shared material. Results are kept in ``build/planted/draws.json`` after every draw, and a run that
was stopped goes on from there.
"""

import dataclasses
import json
import os
from pathlib import Path

from tests.benchmarks.measured import Measured
from tests.benchmarks.simulated.draws import Tally, add, alerts_a_quarter, first_alert, rates
from tests.benchmarks.simulated.planted import FLAT, RAISED, Planted, planted

OUT = Path(__file__).resolve().parents[2] / "build" / "planted" / "draws.json"
DRAWS = int(os.environ.get("BENCH_DRAWS", "200"))
SIZES = (60, 120)
FAULT = 14  # the place of the first week in which most traffic has the fault
SAVED_EVERY = 5


def run() -> dict[str, Measured]:
    """Measure both sizes; values are shares and numbers a quarter."""
    traffic = planted()
    tallies = _kept()
    for size in SIZES:
        tally = tallies.setdefault(size, Tally(size))
        for draw in range(tally.draws, DRAWS):
            add(tally, traffic, draw)
            if tally.draws % SAVED_EVERY == 0:
                _keep(tallies, traffic)
    _keep(tallies, traffic)
    found: dict[str, Measured] = {}
    for tally in tallies.values():
        found |= _measured(tally, len(traffic.spans))
    return found


def _measured(tally: Tally, weeks: int) -> dict[str, Measured]:
    first = first_alert(tally, RAISED, FAULT)
    soon = sum(times for row, times in first.items() if row < FAULT + 4)
    alerts, share = alerts_a_quarter(tally, FLAT, weeks)
    size = f", {tally.size} a week"
    return {
        f"weekly rates outside their interval{size}": Measured(1 - tally.weekly[0] / tally.weekly[1], 0.07),
        f"four-week rates outside their interval{size}": Measured(1 - tally.rolling[0] / tally.rolling[1], 0.07),
        f"ALERTs a quarter on four flat modes{size}": Measured(alerts, 0.5 * len(FLAT) / 20, f"any in {share:.0%}"),
        f"mix and within against the change{size}": Measured(tally.gap, 1e-12),
        f"planted fault not on ALERT in 4 weeks{size}": Measured(1 - soon / tally.draws, 1.0, f"first by week {first}"),
    }


def _kept() -> dict[int, Tally]:
    if not OUT.exists():
        return {}
    kept = json.loads(OUT.read_text(encoding="utf-8"))["tallies"]
    return {row["size"]: Tally(**{**row, "alerts": [(d, w, m, r) for d, w, m, r in row["alerts"]]}) for row in kept}


def _keep(tallies: dict[int, Tally], traffic: Planted) -> None:
    whole = {
        "tallies": [dataclasses.asdict(tally) for tally in tallies.values()],
        "modes": traffic.modes,
        "rates": rates(traffic).round(4).tolist(),
        "markers": [dataclasses.asdict(marker) for marker in traffic.markers],
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
