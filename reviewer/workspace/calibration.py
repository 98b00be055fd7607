"""Keep the thresholds of alerts."""

from reviewer.model.trend import Calibrated
from reviewer.workspace.ask.calibration import CALIBRATED
from reviewer.workspace.file import Writer, as_json, write_meta


def set_calibrated(writer: Writer, found: Calibrated) -> None:
    """Keep these thresholds in place of the earlier ones, which are out of use."""
    with writer.change() as db:
        write_meta(db, **{CALIBRATED: as_json({"rule": found.rule, "thresholds": dict(found.thresholds)})})
