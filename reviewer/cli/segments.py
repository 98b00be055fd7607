"""Say which attribute of a trace holds each segment: workflow, model, prompt version, tenant, task type, environment."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from reviewer.cli.commands import Commands
from reviewer.cli.terminal import print_json, print_rows, printable, reading, writing
from reviewer.errors import Expected

if TYPE_CHECKING:
    from reviewer.model.segment_rules import Rules
    from reviewer.verbs.segments import Preview, Tally, WorkedOut


def add_to(commands: Commands) -> None:
    """Add the commands of this module."""
    noun = commands.noun("segments", "say which attributes of traces hold tenant, workflow and the other segments")
    noun.add("show", _show, "the rule of each segment, and its values", as_json=True)
    noun.add("attributes", _attributes, "the attributes that traces have, with their values", as_json=True)
    sub = noun.add(
        "map", _map, "take segments from other attributes, in all traces and in imports to come", as_json=True
    )
    sub.add_argument(
        "rules", nargs="+", metavar="SEGMENT=ATTRIBUTE",
        help="tenant=customer.id; a segment may stand several times: the first attribute that a trace has counts",
    )  # fmt: skip
    _add_dry_run(sub)
    sub = noun.add("reset", _reset, "find segments by the program's own rules again", as_json=True)
    sub.add_argument("segments", nargs="*", metavar="SEGMENT", help="these alone; all of them unless named")
    _add_dry_run(sub)


def _add_dry_run(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")


def _show(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import segments
    from reviewer.workspace.ask.segments import rules

    reader = reading(chosen)
    return _say(segments.preview(reader, rules(reader)), chosen.json)


def _attributes(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import segments

    found = segments.survey(reading(chosen))
    if chosen.json:
        print_rows(
            {"name": name, "traces": tally.traces, **tally.as_json()} for name, tally in found.attributes.items()
        )
    else:
        for name, tally in found.attributes.items():
            print(printable(f"{name}  {tally.traces}  {_values(tally)}"))
    _say_without(found.without)
    return 0


def _map(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import segments

    return _change(chosen, segments.parse_rules(chosen.rules))


def _reset(chosen: argparse.Namespace) -> int:
    from reviewer.model.week import SEGMENTS

    return _change(chosen, dict.fromkeys(chosen.segments or SEGMENTS, ()))


def _change(chosen: argparse.Namespace, wanted: Mapping[str, Sequence[str]]) -> int:
    from reviewer.verbs import segments

    reader = reading(chosen)
    rules = segments.changed_rules(reader, wanted)
    preview = segments.preview(reader, rules)
    reader.close()
    if not chosen.dry_run:
        with writing(chosen) as workspace:
            workspace.write(segments.apply, _worked_out(str(workspace.path), rules)).result()
    told = "{} of {} traces would change." if chosen.dry_run else "{} of {} traces changed."
    return _say(preview, chosen.json, told)


def _worked_out(path: str, rules: "Rules") -> "WorkedOut":
    from reviewer.jobs.messages import Broke, Done, Progress
    from reviewer.jobs.running import Job
    from reviewer.verbs import segments

    job = Job(segments.work_out, path, rules)
    try:
        for message in job.messages():
            match message:
                case Progress(done=done, total=total) if sys.stderr.isatty():
                    sys.stderr.write(f"\r{100 * done // total:3d} %\r")
                case Done(result=segments.WorkedOut() as found):
                    return found
                case Broke(sentence=sentence, next_step=next_step):
                    raise Expected(sentence, next_step)
    except KeyboardInterrupt:
        job.cancel()
        raise
    raise Expected("The segments were not worked out; nothing was changed.")


def _say(preview: "Preview", as_json: bool, told: str = "") -> int:
    if as_json:
        print_json(preview.as_json())
        return 0
    for segment, outcome in preview.segments.items():
        taken = [f"{name} ({outcome.taken[name]})" for name in preview.rules.get(segment, ())]
        values = [_values(outcome.after), f"not recorded {outcome.unknown}" if outcome.unknown else ""]
        print(printable(f"{segment}: {', '.join(taken) or 'as found'}: {', '.join(filter(None, values))}"))
    if told:
        print(told.format(preview.changed, preview.traces), file=sys.stderr)
    _say_without(preview.without)
    return 0


def _values(tally: "Tally") -> str:
    more = "" if len(tally.values) <= len(tally.common) and not tally.rest else ", ..."
    return ", ".join(f"{value} {traces}" for value, traces in tally.common) + more


def _say_without(without: int) -> None:
    if without:
        print(
            f"{without} traces were imported before their attributes were kept. Import their files again to add them.",
            file=sys.stderr,
        )
