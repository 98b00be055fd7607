"""Write the parts of the documentation that the program itself knows: commands, keys, formats, datasets, taxonomies.

A generated part stands between two comments, ``<!-- begin NAME: ... -->`` and ``<!-- end NAME -->``; what is around it
is written by hand and kept. Run it after a change: ``build/venv/bin/python docs/generate.py``.
"""

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from reviewer import cli, resources, sources  # noqa: E402
from reviewer.desktop.commands.keys import PROFILES, load_profile  # noqa: E402
from reviewer.desktop.commands.table import BY_ID, COMMANDS, GROUPS, Command  # noqa: E402
from reviewer.exports.sets import losses, targets  # noqa: E402
from reviewer.exports.sets.canonical import META, Labelled, SetAbout, canonical_rows  # noqa: E402
from reviewer.hints import CHECKS  # noqa: E402
from reviewer.model.coding import Coding, Verdict  # noqa: E402
from reviewer.model.ids import TraceId, WeekName  # noqa: E402
from reviewer.model.taxonomy import Taxonomy, parse  # noqa: E402
from reviewer.model.trace import Message, Part, Thread, Trace  # noqa: E402
from reviewer.verbs.opening import BUILT_IN  # noqa: E402

PART = re.compile(r"(<!-- begin (?P<name>[\w-]+):[^\n]*-->\n).*?(<!-- end (?P=name) -->)", re.DOTALL)
WHERE = {
    "everywhere": "everywhere",
    "review": "review",
    "evidence": "a document has the focus",
    "scores": "while scores are given",
}
CAPS = {"enter": "Enter", "escape": "Esc", "left": "←", "right": "→", "up": "↑", "down": "↓", "pageup": "PgUp",
        "pagedown": "PgDn", "space": "Space", "ctrl": "Ctrl", "shift": "Shift", "alt": "Alt"}  # fmt: skip
MOST_USED = (
    "review.pass", "review.tag.1", "review.fail", "review.submit", "review.defer", "turn.next", "review.first_failure",
    "write.note", "write.undo", "keys",
)  # fmt: skip
FIELD_MEANINGS = {
    "example_id": "stable id of the row: a hash of trace, week and the dataset's name",
    "trace_id": "our id of the trace",
    "session_id": "the conversation it belongs to, or null",
    "split": "`train`, `dev` or `test`; whole sessions stand in one split, and stay there",
    "input": "the last thing the user said before the answer",
    "messages": "what the model was given before the answer: `role`, `content`, `tool_calls`, `tool_call_id`, `name`",
    "retrieved_contexts": "texts of the documents the model was given, after reranking where there was any",
    "tools": "the tools offered to the model, where the trace recorded them: `name`, `description`, `parameters`",
    "output": "the answer that was reviewed; empty where the run ended without one",
    "output_tool_calls": "calls that came with that answer",
    "expected": "the answer that should have been given, as a reviewer wrote it, or null",
    "expected_tool_calls": "the calls that should have been made, as the first reviewer wrote who names some: `id`, `name`, `arguments`",
    "verdict": "`pass` or `fail`; what was decided between readers, else the majority of them, a tie is a fail",
    "failure_modes": "ids of the modes that at least half of the reviewers tagged",
    "scores": "each score of the taxonomy, averaged; null where nobody gave it",
    "critique": "the notes; several reviewers are named `reviewer-1`, `reviewer-2` ...",
    "prompt_version": "as recorded, or null",
    "model": "as recorded, or null",
    "tags": "as recorded",
    "provenance": "format, native id, week, reviewers by number and their verdicts, whether it was `adjudicated`, time of the review, "
    "taxonomy version and its hash, how the sample was drawn, and `sample_weight`: how many traces of the traffic this one stands for",
}


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; a bar inside a cell is escaped."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def caps(keys: str) -> str:
    """Return a key sequence as it is printed: ``ctrl+enter`` is `Ctrl+Enter`, ``g g`` is `G` `G`."""
    pressed = []
    for one in keys.split():
        names = [CAPS.get(name, name.upper()) for name in (one.split("+") if one != "+" else [one])]
        pressed.append(f"`{'+'.join(names)}`")
    return " ".join(pressed)


# ---- Commands of the command line ----


def subcommands(parser: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield every command that does something, with its whole name, in the order of the help."""
    for argument in parser._actions:
        if isinstance(argument, argparse._SubParsersAction):
            for word, inner in argument.choices.items():
                yield from subcommands(inner, f"{name} {word}")
            return
    yield name, parser


def _arguments(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return [one for one in parser._actions if not isinstance(one, argparse._HelpAction)]


def _spelled(argument: argparse.Action) -> str:
    """Return an argument as it is typed: ``--tz ZONE``, ``TRACE``, ``--to inspect|promptfoo``."""
    value = argument.metavar or "|".join(map(str, argument.choices or ())) or argument.dest.upper()
    text = value if isinstance(value, str) else " ".join(value)
    if not argument.option_strings:
        return f"{text} ..." if argument.nargs == "+" else text
    return argument.option_strings[-1] + ("" if argument.nargs == 0 else f" {text}")


def _usage(name: str, parser: argparse.ArgumentParser) -> str:
    words = [name]
    for argument in sorted(_arguments(parser), key=lambda one: bool(one.option_strings)):
        needed = argument.required and argument.nargs != "?"
        words.append(_spelled(argument) if needed else f"[{_spelled(argument)}]")
    return " ".join(words)


def _default(argument: argparse.Action) -> str:
    given = argument.default
    return "" if given in (None, False, []) or argument.nargs == 0 else f"`{given}`"


def command_line() -> str:
    """Return one section a command: its usage, what it does, and its arguments."""
    parts = []
    for name, parser in subcommands(cli._parser(), "reviewer"):
        parts.append(f"## {name}\n\n{(parser.description or '').capitalize()}.\n\n```\n{_usage(name, parser)}\n```\n")
        told = [one for one in _arguments(parser) if one.dest not in ("workspace", "json")]
        rows = [(f"`{_spelled(one)}`", one.help or "", _default(one)) for one in told]
        if rows:
            parts.append(table(("argument", "what it is", "default"), rows))
    return "\n".join(parts)


# ---- Keys ----


def _rows(commands: Iterable[Command]) -> Iterator[list[Command]]:
    """Yield commands line by line; a run of commands that differ by a number only is one line."""
    for _, run in groupby(commands, key=lambda command: (command.title, command.where, len(command.keys[:1]))):
        several = list(run)
        for start in range(0, len(several), 10):
            yield several[start : start + 10]


def _key_cell(run: Sequence[Command]) -> str:
    first, last = run[0], run[-1]
    if len(run) > 1:
        return f"{caps(first.keys[0])} to {caps(last.keys[0])}"
    return ", ".join(caps(keys) for keys in first.keys) or "–"


def _title(run: Sequence[Command]) -> str:
    numbers = [command.id.rpartition(".")[2] for command in run]
    return run[0].title.replace("%1", f"{numbers[0]} to {numbers[-1]}" if len(run) > 1 else numbers[0])


def _id_cell(run: Sequence[Command]) -> str:
    return f"`{run[0].id}`" + (f" to `{run[-1].id}`" if len(run) > 1 else "")


def keys() -> str:
    """Return a table of commands for every group, with the default keys."""
    parts = []
    for group, title in GROUPS.items():
        rows = [
            (_key_cell(run), _title(run), WHERE[run[0].where], "yes" if run[0].while_typing else "", _id_cell(run))
            for run in _rows(command for command in COMMANDS if command.group == group)
        ]
        parts.append(f"## {title}\n\n{table(('keys', 'does', 'where', 'while typing', 'command'), rows)}")
    return "\n".join(parts)


def profiles() -> str:
    """Return what each other key profile changes."""
    parts = []
    for name in PROFILES:
        profile = load_profile(name)
        if profile.keys:
            rows = [
                (
                    ", ".join(map(caps, sequences)) or "no key",
                    BY_ID[command].title.replace("%1", command.split(".")[-1]),
                )
                for command, sequences in profile.keys.items()
            ]
            parts.append(f"### {profile.title} (`{name}`)\n\n{table(('keys', 'does'), rows)}")
    return "\n".join(parts)


def most_used_keys() -> str:
    """Return the ten keys that a reviewer uses most."""
    rows = []
    for name in MOST_USED:
        command = BY_ID[name]
        pressed, does = ", ".join(map(caps, command.keys)), command.title
        if name == "review.tag.1":
            pressed, does = "`1` to `9`, `0`", "failure mode in slots 1 to 10, on or off; sets fail if no verdict yet"
        elif name == "turn.next":
            pressed, does = f"{pressed} / {caps(BY_ID['turn.previous'].keys[0])}", "next / previous turn"
        elif name == "keys":
            does = "the sheet of all keys"
        rows.append((pressed, does))
    return table(("key", "does"), rows)


# ---- What is read and written ----


def format_names() -> str:
    """Return the names that ``import --format`` takes."""
    return ", ".join(f"`{name}`" for name in sources.names()) + "\n"


def hints() -> str:
    """Return the automatic checks and what each looks for."""
    rows = [
        (f"`{check.__name__}`", _first_line(check).removeprefix("Return a hint if ").rstrip(".")) for check in CHECKS
    ]
    return table(("hint", "given if"), rows)


def _first_line(function: Callable[..., object]) -> str:
    return (function.__doc__ or "").splitlines()[0]


def record_fields() -> str:
    """Return the fields of a dataset's record, in order; fails on a field that nobody explained."""
    said = Thread([Message("user", [Part("text", "a")]), Message("assistant", [Part("text", "b")])])
    coding = Coding(verdict=Verdict.PASS, submitted_us=1)
    one = Labelled(Trace("k", "n", "plain", threads=[said]), TraceId("t"), WeekName("w"), "r", coding)
    [row] = canonical_rows([one], SetAbout("d", Taxonomy("x", "X"), 1), losses.Losses())
    rows = [(f"`{name}`", FIELD_MEANINGS[name], "yes" if name in META else "") for name in row]
    return table(("field", "what it holds", "label"), rows)


def dataset_targets() -> str:
    """Return each target with what it never carries over."""
    parts = []
    for name in targets.TARGETS:
        lines = "\n".join(f"- {sentence}" for sentence in targets.losses(name))
        parts.append(f"### {targets.title(name)} (`--to {name}`)\n\nNever carried over:\n\n{lines}\n")
    return "\n".join(parts)


def counted_losses() -> str:
    """Return the losses that are counted while rows pass."""
    told = [value for name, value in vars(losses).items() if name.isupper() and isinstance(value, str)]
    return "".join(f"- {sentence}\n" for sentence in told)


def taxonomies() -> str:
    """Return the shipped lists of failure modes."""
    rows = []
    for name in BUILT_IN:
        pack = parse(resources.text("taxonomies", f"{name}.toml"), name)
        rows.append((f"`{name}`", pack.title, ", ".join(mode.title.lower() for mode in pack.active)))
    return table(("name", "for", "failure modes"), rows)


PARTS: dict[str, Callable[[], str]] = {
    "commands": command_line,
    "keys": keys,
    "profiles": profiles,
    "most-used-keys": most_used_keys,
    "format-names": format_names,
    "hints": hints,
    "record-fields": record_fields,
    "dataset-targets": dataset_targets,
    "counted-losses": counted_losses,
    "taxonomies": taxonomies,
}


def pages() -> list[Path]:
    """Return every page of the documentation."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def fresh(text: str) -> str:
    """Return a page with its generated parts made anew."""
    return PART.sub(lambda found: f"{found[1]}\n{PARTS[found['name']]().strip()}\n\n{found[3]}", text)


def main() -> None:
    """Write the pages whose generated parts have changed, and name them."""
    for page in pages():
        text = page.read_text(encoding="utf-8")
        if (now := fresh(text)) != text:
            page.write_text(now, encoding="utf-8")
            print(f"Wrote {page.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
