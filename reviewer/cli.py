"""The same verbs without a window. Data goes to standard output, everything else to standard error."""

import argparse
import codecs
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from reviewer import __version__, logs
from reviewer.errors import BadInput, Expected, UsageError

Command = Callable[[argparse.Namespace], int]
PATHS = frozenset({"path", "paths", "workspace", "file", "out", "offscreen", "taxonomy"})
"""Arguments that name files."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 nothing could be done, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    chosen = _parser().parse_args(arguments)
    command: Command = chosen.command
    try:
        _refuse_bytes(chosen)
        return command(chosen)
    except Expected as why:
        return _complain(why)
    except KeyboardInterrupt:
        print("reviewer: interrupted; what was saved stays saved.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has gone; the interpreter would complain again at its end
        return 1
    except Exception as why:
        place = logs.write_crash_report(why)
        print(
            f"reviewer: a fault in the program ({type(why).__name__}). Please report it with {place}.", file=sys.stderr
        )
        return 1


def _refuse_bytes(chosen: argparse.Namespace) -> None:
    """Raise for an argument that is no text; paths may hold any bytes."""
    for name, value in vars(chosen).items():
        for text in value if isinstance(value, list) else [value]:
            if name not in PATHS and isinstance(text, str) and any("\ud800" <= c <= "\udfff" for c in text):
                raise UsageError(f"{text!r} is not valid UTF-8.", "Only names of files may hold any bytes.")


def open_window() -> int:
    """Open the window without a workspace: the start of the desktop entry."""
    return main(["open"])


def _complain(why: Expected) -> int:
    print(f"reviewer: {printable(str(why))}", file=sys.stderr)
    return why.exit_code


def printable(text: str) -> str:
    """Return a text without control characters, which a terminal would obey."""
    return "".join(c if c.isprintable() or c == "\n" else f"\\x{ord(c):02x}" for c in text)


def _print_rows(rows: Iterable[dict[str, Any]]) -> None:
    """Print a JSON array, one object a line."""
    first = True
    for row in rows:
        sys.stdout.write(("[" if first else ",\n ") + json.dumps(row, ensure_ascii=False))
        first = False
    sys.stdout.write("[]\n" if first else "]\n")


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False))


def _reader(chosen: argparse.Namespace) -> Any:
    from reviewer.workspace.file import Reader

    return Reader(Path(chosen.workspace))


def _writing(chosen: argparse.Namespace) -> Any:
    from reviewer.verbs.opening import open_workspace

    return open_workspace(Path(chosen.workspace))


def _new(chosen: argparse.Namespace) -> int:
    from reviewer.verbs.opening import new

    new(Path(chosen.path), chosen.taxonomy, chosen.tz).close()
    print(f"Made {chosen.path}.", file=sys.stderr)
    return 0


def _import(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import importing, opening

    path = Path(chosen.workspace)
    # The worker starts to read while the workspace is opened.
    reading = importing.read_ahead([Path(p) for p in chosen.paths], chosen.format)
    try:
        workspace = opening.open_workspace(path) if path.exists() else opening.new(path)
    except BaseException:
        reading.cancel()
        raise
    with workspace:
        running = importing.start(workspace, reading, _Progress())
        try:
            report = running.wait()
        except KeyboardInterrupt:
            running.cancel()
            report = running.wait()
    if chosen.json:
        _print_json(report.as_json())
    _say_report(report)
    return 0 if report.did_anything else 1


def _say_report(report: Any) -> None:
    state = {"done": "", "cancelled": " Cancelled: the rest was not read.", "broken": " It ended early."}[report.state]
    print(
        f"Read {report.read}: {report.imported} imported, {report.updated} updated, {report.unchanged} unchanged, "
        f"{report.failed} failed.{state}",
        file=sys.stderr,
    )
    if report.read and report.unchanged == report.read:
        print("Nothing new: all of it was here already.", file=sys.stderr)
    for problem in report.problems[:20]:
        place = ", ".join(
            [problem.file, *([f"line {problem.line}"] if problem.line else []), *filter(None, [problem.member])]
        )
        kind = "error" if problem.lost else "warning"
        print(printable(f"{kind}: {place}: {problem.reason}"), file=sys.stderr)
    if len(report.problems) > 20:
        print(f"... and {len(report.problems) - 20} more; --json lists them all.", file=sys.stderr)


class _Progress:
    """Says how far an import is, on one line of a terminal and nowhere else."""

    def __call__(self, message: object) -> None:
        from reviewer.jobs.messages import Progress

        if isinstance(message, Progress) and message.total and sys.stderr.isatty():
            sys.stderr.write(f"\r{100 * message.done // message.total:3d} %\r")
            sys.stderr.flush()


def _traces(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import listing

    rows = listing.traces(_reader(chosen))
    if chosen.json:
        _print_rows(rows)
    else:
        for row in rows:
            print(
                printable(
                    f"{row['id']}  {row['started_at']}  {row['format']}  {row['workflow'] or ''}  {row['native_id']}"
                )
            )
    return 0


def _show(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import listing

    found = listing.show(_reader(chosen), chosen.trace)
    if chosen.json:
        _print_json(found)
        return 0
    for message in found["messages"]:
        print(f"--- {message['role']}")
        print(printable(message["text"]))
        for call in message["tool_calls"]:
            print(printable(f"    {call['name']} {json.dumps(call['arguments'], ensure_ascii=False)}"))
    return 0


def _week_new(chosen: argparse.Namespace) -> int:
    from reviewer.model.clock import day_start
    from reviewer.model.week import SEGMENTS, Plan
    from reviewer.verbs import listing, weeks
    from reviewer.workspace.ask.settings import timezone

    by = tuple(dict.fromkeys(filter(None, (chosen.by or "").split(","))))
    unknown = [name for name in by if name not in SEGMENTS]
    if unknown:
        raise UsageError(f"There is no segment {unknown[0]!r}.", f"Use {', '.join(SEGMENTS)}.")
    plan = Plan(chosen.size, chosen.seed or chosen.name.strip(), chosen.plan, by, chosen.anchor)
    with _writing(chosen) as workspace:
        reader = workspace.reader()
        zone = timezone(reader)
        start, end = day_start(chosen.start, zone), day_start(chosen.end, zone)
        workspace.write(weeks.open_week, reader, chosen.name, start, end, plan).result()
        _say_week(listing.week(reader, chosen.name.strip()), chosen.json)
        reader.close()
    return 0


def _week_topup(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import listing, weeks

    with _writing(chosen) as workspace:
        reader = workspace.reader()
        workspace.write(weeks.top_up, reader, chosen.name, chosen.size).result()
        _say_week(listing.week(reader, chosen.name), chosen.json)
        reader.close()
    return 0


def _week_show(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import listing

    _say_week(listing.week(_reader(chosen), chosen.name), chosen.json)
    return 0


def _say_week(week: dict[str, Any], as_json: bool) -> None:
    if as_json:
        _print_json(week)
        return
    print(f"{week['name']}: {len(week['items'])} of {week['population']} traces.")
    if week["untimed"]:
        print(f"{week['untimed']} of them have no time of their own and stand here by the time of their import.")
    if week["late"]:
        print(f"{week['late']} came too late for an earlier week and are part of this one.")
    for item in week["items"]:
        print(f"{item['order']:4d}  {item['trace']}  {item['stratum']}  {item['n_h']} of {item['N_h']}")


def _code(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import coding

    if chosen.file is None:
        lacking = [f"--{n}" for n in ("reviewer", "verdict") if getattr(chosen, n) is None]
        if chosen.trace is None or lacking:
            raise UsageError("A coding needs TRACE, --reviewer and --verdict; or --from FILE.jsonl.")
        wanted = coding.Wanted(
            chosen.trace, chosen.reviewer, chosen.verdict, tuple(chosen.mode), dict(map(_score, chosen.score)),
            chosen.note, chosen.expected,
        )  # fmt: skip
        with _writing(chosen) as workspace:
            reader = workspace.reader()
            workspace.write(coding.code, reader, chosen.week, wanted).result()
            reader.close()
        return 0
    return _code_file(chosen)


def _code_file(chosen: argparse.Namespace) -> int:
    """Submit a coding a line; a line that cannot be taken is named and the others are taken."""
    from reviewer.verbs import coding

    path = Path(chosen.file)
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as why:
        raise BadInput(f"{path} cannot be read: {why.strerror}.") from why
    worst = 0
    lines[0] = lines[0].removeprefix(codecs.BOM_UTF8)
    if not any(line.strip() for line in lines):
        raise BadInput(f"There are no codings in {path}.")
    with _writing(chosen) as workspace:
        reader = workspace.reader()
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            where = f"{path.name}, line {number}"
            try:
                wanted = coding.wanted_from_json(line, where)
                workspace.write(coding.code, reader, chosen.week, wanted).result()
            except (UsageError, BadInput) as why:
                prefix = "" if str(why).startswith(where) else f"{where}: "
                worst = max(worst, _complain(type(why)(f"{prefix}{why.sentence}", why.next_step)))
                continue
            print(f"saved {wanted.trace}", flush=True)
        reader.close()
    return worst


def _score(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        number = float(value)
    except ValueError as why:
        raise UsageError(f"{text!r} is no score.", "Write it as groundedness=4.") from why
    return name, int(number) if number.is_integer() else number


def _listed(name: str) -> Command:
    def command(chosen: argparse.Namespace) -> int:
        from reviewer.verbs import listing, measuring

        reader = _reader(chosen)
        rows = listing.trends(measuring.trends(reader)) if name == "trends" else getattr(listing, name)(reader)
        if chosen.json:
            _print_rows(rows)
        else:
            for row in rows:
                print(printable("  ".join(f"{k}={v}" for k, v in row.items() if v not in (None, "", [], {}))))
        return 0

    return command


def _scorecard(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import exporting, measuring

    card = measuring.scorecard(_reader(chosen), chosen.week)
    out = Path(chosen.out)
    if out.suffix.lower() == ".pdf":
        from reviewer.desktop.printing import print_scorecard

        print_scorecard(card, out)
    else:
        exporting.write_scorecard(card, out)
    print(f"Wrote {out}.", file=sys.stderr)
    return 0


def _export(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import exporting

    written = exporting.export(_reader(chosen), chosen.to, Path(chosen.out), chosen.week, chosen.parquet)
    if chosen.json:
        _print_json(exporting.as_json(written))
    for sentence in exporting.sentences(written):
        print(sentence, file=sys.stderr)
    return 0 if written.rows else 1


def _taxonomy(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import taxonomy

    if chosen.what == "export":
        taxonomy.write_file(_reader(chosen), Path(chosen.file))
        return 0
    read = taxonomy.read_file(Path(chosen.file))
    with _writing(chosen) as workspace:
        workspace.write(taxonomy.install, read).result()
    return 0


def _forget(chosen: argparse.Namespace) -> int:
    from reviewer.verbs.forgetting import forget

    if (chosen.trace is None) == (chosen.user is None):
        raise UsageError("Name one trace, or one user with --user.")
    with _writing(chosen) as workspace:
        reader = workspace.reader()
        done = workspace.write(forget, reader, chosen.trace, chosen.user).result()
        reader.close()
    print(f"Forgot {len(done.traces)} traces.", file=sys.stderr)
    if done.backups:
        print("These backups still hold their text; delete them if it must be gone:", file=sys.stderr)
        for path in done.backups:
            print(path)
    return 0


def _check(chosen: argparse.Namespace) -> int:
    from reviewer.verbs import opening

    result = opening.check(Path(chosen.workspace))
    if chosen.json:
        print(opening.as_json(result))
    else:
        for fault in result.faults:
            print(printable(f"fault: {fault}"))
        print(
            f"{result.traces} traces, {result.events} coding events: {'faults found' if result.faults else 'all well'}."
        )
    return 1 if result.faults else 0


def _backup(chosen: argparse.Namespace) -> int:
    from reviewer.verbs.opening import backup

    print(f"Wrote {backup(Path(chosen.workspace), Path(chosen.out))}.", file=sys.stderr)
    return 0


def _open(chosen: argparse.Namespace) -> int:
    import gc

    # The start makes many objects and drops none; the window turns the collector on again when it stands.
    gc.disable()
    from reviewer.desktop.app import run

    return int(run(Path(chosen.path) if chosen.path else None, chosen.week, chosen.reviewer))


def _demo(chosen: argparse.Namespace) -> int:
    from reviewer.desktop.demo import demo

    return demo(Path(chosen.offscreen) if chosen.offscreen else None)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="reviewer", description=__doc__)
    parser.add_argument("--version", action="version", version=__version__)
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(
        name: str, command: Command, text: str, within: Any = verbs, workspace: bool = True, as_json: bool = False
    ) -> Any:
        sub = within.add_parser(name, help=text, description=text)
        sub.set_defaults(command=command)
        if workspace:
            sub.add_argument("--workspace", required=True, metavar="W", help="the workspace, a .review file")
        if as_json:
            sub.add_argument("--json", action="store_true", help="print JSON")
        return sub

    sub = add("new", _new, "make a workspace", workspace=False)
    sub.add_argument("path", metavar="W", help="the file to make, ending in .review")
    sub.add_argument("--taxonomy", default="default", help="default, support, extraction, none, or a TOML file")
    sub.add_argument("--tz", default="UTC", metavar="ZONE", help="time zone in which weeks begin on Monday 00:00")
    sub = add("import", _import, "import traces from files and folders", as_json=True)
    sub.add_argument("paths", nargs="+", metavar="PATH", help="a file, or a folder to look through")
    sub.add_argument("--format", metavar="F", help="take the files as this format instead of detecting it")
    add("traces", _traces, "list the traces", as_json=True)
    add("show", _show, "show one trace", as_json=True).add_argument("trace", metavar="TRACE", help="own or native id")

    week = verbs.add_parser("week", help="draw and show weeks").add_subparsers(required=True, metavar="WHAT")
    sub = add("new", _week_new, "draw a week's sample", within=week, as_json=True)
    sub.add_argument("name", metavar="NAME", help="what to call it, such as 2026-W48")
    sub.add_argument("--from", dest="start", required=True, metavar="DATE", help="first day, in the workspace's zone")
    sub.add_argument("--to", dest="end", required=True, metavar="DATE", help="the day after the last")
    sub.add_argument("--size", type=int, required=True, metavar="N", help="how many traces to draw")
    sub.add_argument("--by", metavar="SEGMENTS", help="strata: workflow,model,prompt_version ...")
    sub.add_argument(
        "--plan",
        choices=("proportional", "risk"),
        default="proportional",
        help="each stratum its share, or more of the flagged traces",
    )
    sub.add_argument("--anchor", type=float, default=0.4, help="share of a risk plan that is drawn proportionally")
    sub.add_argument("--seed", metavar="S", help="any text; the week's name unless given")
    sub = add("topup", _week_topup, "draw more into a week", within=week, as_json=True)
    sub.add_argument("name", metavar="NAME", help="the week")
    sub.add_argument("--size", type=int, required=True, metavar="N", help="how many traces it shall have")
    add("show", _week_show, "show a week and its items", within=week, as_json=True).add_argument(
        "name", metavar="NAME", help="the week"
    )

    sub = add("code", _code, "submit a coding, or one a line of a file")
    sub.add_argument("trace", nargs="?", metavar="TRACE", help="own or native id")
    sub.add_argument("--from", dest="file", metavar="FILE.jsonl", help="a coding a line instead")
    sub.add_argument("--week", required=True, metavar="NAME", help="the week that it was drawn into")
    sub.add_argument("--reviewer", metavar="R", help="who says so")
    sub.add_argument("--verdict", choices=("pass", "fail", "defer"), help="defer: decide later")
    sub.add_argument(
        "--mode", action="append", default=[], metavar="ID", help="a failure mode; may stand several times"
    )
    sub.add_argument(
        "--score", action="append", default=[], metavar="NAME=VALUE", help="a quality score; may stand several times"
    )
    sub.add_argument("--note", metavar="T", help="a note")
    sub.add_argument("--expected", metavar="T", help="the answer that should have been given")
    add("codings", _listed("codings"), "list what stands", as_json=True)
    add("events", _listed("events"), "list the log, oldest first", as_json=True)
    add("trends", _listed("trends"), "list the rates of every failure mode over the weeks", as_json=True)
    sub = add("scorecard", _scorecard, "write the scorecard of a week")
    sub.add_argument("--week", required=True, metavar="NAME", help="the week")
    sub.add_argument("--out", required=True, metavar="FILE.(html|pdf|md|json)", help="the ending says the kind")
    sub = add("export", _export, "write the labelled traces as an eval dataset", as_json=True)
    sub.add_argument("--to", required=True, metavar="TARGET", help="jsonl, inspect, promptfoo or hf")
    sub.add_argument("--out", required=True, metavar="DIR", help="the folder to write, whole or not at all")
    sub.add_argument("--week", metavar="NAME", help="one week; all of them unless given")
    sub.add_argument("--parquet", action="store_true", help="for hf: Parquet (needs transcript-reviewer[parquet])")
    sub = add("taxonomy", _taxonomy, "write the failure modes to a file, or take them from one")
    sub.add_argument("what", choices=("export", "import"), help="export: to the file; import: from it")
    sub.add_argument("file", metavar="FILE", help="a TOML file")
    sub = add("forget", _forget, "erase the text of a trace, or of all traces of a user")
    sub.add_argument("trace", nargs="?", metavar="TRACE", help="own or native id")
    sub.add_argument("--user", metavar="U", help="the id of a user of the application")
    add("check", _check, "check the whole workspace", as_json=True)
    add("backup", _backup, "write a verified copy").add_argument(
        "--out", required=True, metavar="FILE", help="the file to write"
    )
    sub = add("open", _open, "open the window", workspace=False)
    sub.add_argument("path", nargs="?", metavar="W", help="the workspace")
    sub.add_argument("--week", metavar="NAME", help="a week to go on reading")
    sub.add_argument("--reviewer", metavar="R", help="who reads")
    sub = add("demo", _demo, "play the main job on a sample workspace", workspace=False)
    sub.add_argument("--offscreen", metavar="DIR", help="without a window: leave pictures, scorecard and datasets here")
    return parser


if __name__ == "__main__":
    sys.exit(main())
