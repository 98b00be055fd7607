"""The thresholds of alerts that were simulated before."""

import json

from reviewer.model.trend import Calibrated
from reviewer.workspace.file import Reader, read_meta

CALIBRATED = "calibrated"


def calibrated(reader: Reader) -> Calibrated | None:
    """Return the kept thresholds with the rule they hold under; None where there are none yet."""
    stored = json.loads(read_meta(reader.db, CALIBRATED, "null"))
    return (
        Calibrated(stored["rule"], {key: (one, two) for key, (one, two) in stored["thresholds"].items()})
        if stored
        else None
    )
