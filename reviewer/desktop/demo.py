"""The main job on the sample workspace: in a window, or played with real key presses where there is no screen."""

import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from reviewer.desktop.app import run
from reviewer.desktop.offscreen import Player, open_player, screenshots
from reviewer.desktop.printing import print_scorecard
from reviewer.exports.sets.targets import TARGETS
from reviewer.verbs import exporting, sample, scorecards
from reviewer.verbs.sample import Sample

FAILS = (("1",), ("2", "1"), ("9",), ("5",), ("4",))
"""What the played reviewer tags on every fourth item, in turn; the others pass."""


def demo(out: Path | None) -> int:
    """Show the sample workspace in the window, or play it and leave pictures, scorecard and datasets in ``out``."""
    if out is None:
        with tempfile.TemporaryDirectory(prefix="reviewer-demo-") as folder:
            made = sample.make(Path(folder))
            return run(made.path, made.week, made.reviewer)
    qInstallMessageHandler(_without_platform_chatter)
    _say(f"Making the sample workspace in {out} ...")
    made = sample.make(out)
    _say(f"Reviewing {made.week} with the keyboard ...")
    _review(made)
    _say("Taking pictures ...")
    pictures = screenshots(made.path, out / "pictures", made.week, made.reviewer)
    _write(made, out)
    _say(f"Done. In {out}: {made.path.name}, {len(pictures)} pictures, the scorecard and {len(TARGETS)} datasets.")
    return 0


def _review(made: Sample) -> None:
    """Code the waiting week with real keys, with a restart in the middle."""
    with tempfile.TemporaryDirectory() as folder:
        left = 1
        for _ in range(2):
            player = open_player(made.path, made.week, made.reviewer, Path(folder) / "settings.ini")
            try:
                left = _press(player, made, half=left == 1)
            finally:
                player.close()


def _press(player: Player, made: Sample, half: bool) -> int:
    rows = player.application.review.state.rows if player.application.review and player.application.review.state else []
    waiting = [row for row in rows if row.submitted_us is None]
    chosen = waiting[: len(waiting) // 2] if half else waiting[:-4]
    for row in chosen:
        keys = FAILS[row.order // 4 % len(FAILS)] if row.order % 4 == 0 else ()
        player.play(*((*keys, "enter") if keys else ("p",)))
    return len(waiting) - len(chosen)


def _write(made: Sample, out: Path) -> None:
    card = scorecards.scorecard_of(str(made.path), made.week)
    _say(f"{card.reviewed} of {card.drawn} traces of {made.week} are reviewed.")
    for kind in (".html", ".md", ".json"):
        exporting.write_scorecard(card, out / f"scorecard-{made.week}{kind}")
    print_scorecard(card, out / f"scorecard-{made.week}.pdf")
    for target in TARGETS:
        written = exporting.export_of(str(made.path), target, str(out / "datasets" / target))
        _say(f"datasets/{target}: {written.rows} rows.")


def _without_platform_chatter(_kind: QtMsgType, _where: QMessageLogContext, text: str | None) -> None:
    if text and "This plugin does not support" not in text:  # the offscreen platform, at every resize
        _say(text)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
