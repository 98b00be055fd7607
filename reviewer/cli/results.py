"""Bring the results of evals back, and list them."""

import argparse
import sys
from pathlib import Path

from reviewer.cli.commands import Commands
from reviewer.cli.terminal import print_json, print_listed, printable, reading, writing


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    noun = commands.noun("results", "results of evals on exported datasets")
    sub = noun.add("import", _import, "import what promptfoo, Inspect or DeepEval wrote, or JSON lines", as_json=True)
    sub.add_argument("file", metavar="FILE", help="lines of your own: example_id, and pass or score")
    sub.add_argument(
        "--suite", default="", metavar="NAME", help="what to call the suite, instead of what the file says"
    )
    sub.add_argument("--model", default="", metavar="NAME", help="the model, where the file does not say")
    sub.add_argument("--prompt-version", default="", metavar="V", help="the version of the prompt, which no tool says")
    sub.add_argument("--dataset", default="", metavar="NAME", help="the dataset, where several hold the examples")
    sub.add_argument("--version", type=int, metavar="N", help="its version; the newest before the run unless given")
    sub.add_argument("--pass-from", type=float, metavar="X", help="scores without a verdict pass from here; 0.5")
    noun.add("list", _list, "list the runs with the share that passes", as_json=True)


def _import(chosen: argparse.Namespace) -> int:
    from reviewer.sources.evals import PASSES_FROM
    from reviewer.verbs import results

    told = results.read_results(Path(chosen.file), PASSES_FROM if chosen.pass_from is None else chosen.pass_from)
    with writing(chosen) as workspace:
        reader = workspace.reader()
        try:
            found = workspace.write(
                lambda writer: results.import_results(
                    writer,
                    reader,
                    told,
                    suite=chosen.suite,
                    model=chosen.model,
                    prompt_version=chosen.prompt_version,
                    dataset=chosen.dataset,
                    version=chosen.version,
                )
            ).result()
        finally:
            reader.close()
    if chosen.json:
        print_json(results.as_json(found))
    for sentence in results.sentences(found):
        print(printable(sentence), file=sys.stderr)
    return 0


def _list(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import results

    return print_listed(results.runs_as_json(reading(chosen)), chosen.json)
