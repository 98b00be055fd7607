"""Open the window, play the demonstration."""

import argparse
from pathlib import Path

from reviewer.cli.commands import Commands


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    sub = commands.add("open", _open, "open the window", workspace=False)
    sub.add_argument("path", nargs="?", metavar="W", help="the workspace")
    sub.add_argument("--week", metavar="NAME", help="a week to go on reading")
    sub.add_argument("--reviewer", metavar="R", help="who reads")
    sub = commands.add("demo", _demo, "play the main job on a sample workspace", workspace=False)
    sub.add_argument("--offscreen", metavar="DIR", help="without a window: leave pictures, scorecard and datasets here")


def _open(chosen: argparse.Namespace) -> int:
    import gc

    # The start makes many objects and drops none; the window turns the collector on again when it stands.
    gc.disable()
    from reviewer.desktop.app import run

    return int(run(Path(chosen.path) if chosen.path else None, chosen.week, chosen.reviewer))


def _demo(chosen: argparse.Namespace) -> int:
    from reviewer.desktop.demo import demo

    return demo(Path(chosen.offscreen) if chosen.offscreen else None)
