"""The versions of datasets: list them, compare two, see one, and keep a session in a split."""

import argparse

from reviewer.cli.commands import Commands
from reviewer.cli.terminal import print_json, print_listed, printable, reading, writing
from reviewer.model.dataset import SPLITS


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    noun = commands.noun("dataset", "versions of the datasets that were exported")
    noun.add("list", _list, "list all versions", as_json=True)
    sub = noun.add("show", _show, "show a version with its rows, or how it covers the latest traffic", as_json=True)
    sub.add_argument("name", nargs="?", metavar="NAME", help="the dataset; that of the workspace unless given")
    sub.add_argument("--version", type=int, metavar="N", help="the newest unless given")
    sub.add_argument("--coverage", action="store_true", help="how it covers the latest four weeks, and what to add")
    sub = noun.add("diff", _diff, "say what was added, removed and changed since another version", as_json=True)
    sub.add_argument("name", nargs="?", metavar="NAME", help="the dataset; that of the workspace unless given")
    sub.add_argument("--from", dest="before", type=int, metavar="N", help="the parent unless given")
    sub.add_argument("--to", dest="now", type=int, metavar="N", help="the newest unless given")
    sub = noun.add("pin", _pin, "put the session of a trace into a split, before a version holds it")
    sub.add_argument("trace", metavar="TRACE", help="an own or native id")
    sub.add_argument("split", choices=SPLITS)
    sub.add_argument("--name", metavar="NAME", help="the dataset; that of the workspace unless given")
    sub = noun.add("unpin", _unpin, "let chance place the session of a trace again, before a version holds it")
    sub.add_argument("trace", metavar="TRACE", help="an own or native id")
    sub.add_argument("--name", metavar="NAME", help="the dataset; that of the workspace unless given")


def _list(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import datasets

    return print_listed(datasets.versions_as_json(reading(chosen)), chosen.json)


def _show(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import coverage, datasets, uploading

    reader = reading(chosen)
    if chosen.coverage:
        found = coverage.drift(reader, chosen.name, chosen.version)
        if chosen.json:
            print_json(coverage.as_json(found))
        else:
            for sentence in coverage.to_add(found) or ["Nothing is missing."]:
                print(printable(sentence))
        return 0
    version = datasets.named(reader, chosen.name, chosen.version)
    rows = datasets.rows_as_json(reader, version)
    if chosen.json:
        sent = [one for one in uploading.uploads_as_json(reader, version.dataset) if one["version"] == version.number]
        print_json(datasets.version_as_json(version) | {"examples": rows, "uploads": sent})
        return 0
    print_listed([datasets.version_as_json(version)], as_json=False)
    return print_listed(rows, as_json=False)


def _diff(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import datasets

    before, now, found = datasets.compare(reading(chosen), chosen.name, chosen.before, chosen.now)
    if chosen.json:
        print_json(datasets.difference_as_json(before, now, found))
        return 0
    print(printable(f"{now.dataset}: from version {before.number} to {now.number}"))
    for title, examples in (("added", found.added), ("removed", found.removed), ("changed", found.changed)):
        print(f"{title}: {len(examples)}")
        for example in examples:
            print(f"  {example}")
    return 0


def _pin(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import datasets

    with writing(chosen) as workspace:
        reader = workspace.reader()
        try:
            workspace.write(datasets.pin, reader, chosen.trace, chosen.split, chosen.name).result()
        finally:
            reader.close()
    return 0


def _unpin(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import datasets

    with writing(chosen) as workspace:
        reader = workspace.reader()
        try:
            workspace.write(datasets.unpin, reader, chosen.trace, chosen.name).result()
        finally:
            reader.close()
    return 0
