"""Every command of the window, one row each: menus, palette, cheat sheet, hint bar and manual are loops over this."""

from typing import Literal, NamedTuple

Where = Literal["everywhere", "review", "evidence", "scores"]
Needs = Literal["", "workspace", "week", "item", "list", "scores", "document"]
Group = Literal["judge", "modes", "move", "look", "everywhere", "evidence", "write", "pages", "view", "file"]


def TR(context: str, text: str) -> str:  # lupdate: -tr-function-alias QT_TRANSLATE_NOOP=TR
    """Mark a text for translation and return it as it is."""
    return text


GROUPS: dict[Group, str] = {
    "judge": TR("Commands", "Judge"),
    "modes": TR("Commands", "Failure modes"),
    "move": TR("Commands", "Move"),
    "look": TR("Commands", "Look"),
    "everywhere": TR("Commands", "Everywhere"),
    "evidence": TR("Commands", "Evidence"),
    "write": TR("Commands", "Write and find"),
    "pages": TR("Commands", "Pages"),
    "view": TR("Commands", "View"),
    "file": TR("Commands", "File"),
}
SLOTS = 20


class Command(NamedTuple):
    """One thing a person can do.

    ``keys`` are the default key sequences, such as ``shift+1``, ``ctrl+k`` or ``g g``. ``where`` is the layer in which
    they are live, ``needs`` what must be there for the command to do anything. ``while_typing``: also live in a text
    field. ``submits``: ignored while a key repeats and right after an item appeared. ``repeats``: a held key repeats it.
    ``hint`` is the short word for the hint bar.
    """

    id: str
    title: str
    keys: tuple[str, ...]
    group: Group
    where: Where = "review"
    needs: Needs = "item"
    while_typing: bool = False
    submits: bool = False
    repeats: bool = False
    hint: str = ""


def slot_key(slot: int) -> str:
    """Return the key of a slot: the digits for 1 to 10, with Shift for 11 to 20."""
    digit = str(slot % 10)
    return digit if slot <= 10 else f"shift+{digit}"


def _judge() -> tuple[Command, ...]:
    return (
        Command("review.pass", TR("Commands", "pass and go on; if tagged, only sets pass"), ("p",), "judge",
                submits=True, hint=TR("Commands", "pass")),
        Command("review.fail", TR("Commands", "fail, stays"), ("f",), "judge", hint=TR("Commands", "fail")),
        Command("review.defer", TR("Commands", "defer and go on"), ("d",), "judge", submits=True,
                hint=TR("Commands", "defer")),
        Command("review.submit", TR("Commands", "submit and go on"), ("enter",), "judge", submits=True,
                hint=TR("Commands", "submit, next")),
        Command("review.submit_typing", TR("Commands", "submit and go on, also while typing"), ("ctrl+enter",), "judge",
                while_typing=True, submits=True, hint=TR("Commands", "submit, next")),
        Command("review.scores", TR("Commands", "scores in order, then digits, Esc leaves"), ("s",), "judge",
                needs="scores"),
    )  # fmt: skip


def _modes() -> tuple[Command, ...]:
    slots = tuple(
        Command(f"review.tag.{slot}", TR("Commands", "failure mode in slot %1, on or off"), (slot_key(slot),), "modes",
                needs="list", hint=TR("Commands", "mode"))
        for slot in range(1, SLOTS + 1)
    )  # fmt: skip
    return (
        *slots,
        Command("review.all_modes", TR("Commands", "type-ahead over all, last row proposes"), ("t",), "modes",
                hint=TR("Commands", "all modes")),
        Command("review.first_failure", TR("Commands", "the first failure is here"), ("m",), "modes",
                hint=TR("Commands", "first failure is here")),
    )  # fmt: skip


def _scores() -> tuple[Command, ...]:
    """Return the digits while scores are being given; they lie over the failure modes."""
    return tuple(
        Command(f"score.{digit}", TR("Commands", "score"), (str(digit),), "judge", "scores", "scores")
        for digit in range(10)
    )


def _move() -> tuple[Command, ...]:
    return (
        Command("item.next", TR("Commands", "next item, nothing submitted"), ("right",), "move", repeats=True,
                hint=TR("Commands", "without submitting")),
        Command("item.previous", TR("Commands", "previous item"), ("left",), "move", repeats=True,
                hint=TR("Commands", "without submitting")),
        Command("turn.next", TR("Commands", "next turn"), ("j",), "move", repeats=True, hint=TR("Commands", "turn")),
        Command("turn.previous", TR("Commands", "previous turn"), ("k",), "move", repeats=True,
                hint=TR("Commands", "turn")),
        Command("turn.first", TR("Commands", "first turn"), ("g g",), "move"),
        Command("turn.last", TR("Commands", "last turn"), ("shift+g",), "move"),
        Command("trace.next", TR("Commands", "next trace of the session"), ("shift+j",), "move", repeats=True),
        Command("trace.previous", TR("Commands", "previous trace of the session"), ("shift+k",), "move", repeats=True),
        Command("page.down", TR("Commands", "page down"), ("space",), "move", repeats=True),
        Command("page.up", TR("Commands", "page up"), ("shift+space",), "move", repeats=True),
    )  # fmt: skip


def _look() -> tuple[Command, ...]:
    return (
        Command("look.evidence", TR("Commands", "evidence"), ("e",), "look"),
        Command("look.one_turn", TR("Commands", "focus one turn"), ("z",), "look"),
        Command("look.session", TR("Commands", "view the whole session, or the item alone"), ("o",), "look"),
        Command("look.raw", TR("Commands", "rendered or raw"), ("v",), "look"),
        Command("look.fold", TR("Commands", "fold"), ("c",), "look"),
        Command("look.copy_original", TR("Commands", "copy the stored text"), ("ctrl+shift+c",), "look"),
    )


def _evidence() -> tuple[Command, ...]:
    return (
        Command("document.previous", TR("Commands", "previous document"), ("[", "alt+up"), "evidence", repeats=True,
                hint=TR("Commands", "document")),
        Command("document.next", TR("Commands", "next document"), ("]", "alt+down"), "evidence", repeats=True,
                hint=TR("Commands", "document")),
        Command("document.relevant", TR("Commands", "relevant"), ("r",), "evidence", "evidence", "document"),
        Command("document.irrelevant", TR("Commands", "irrelevant"), ("i",), "evidence", "evidence", "document"),
        Command("document.missing", TR("Commands", "missing"), ("x",), "evidence", "evidence", "document"),
    )  # fmt: skip


def _write() -> tuple[Command, ...]:
    return (
        Command("write.note", TR("Commands", "note"), ("n",), "write", hint=TR("Commands", "note")),
        Command("write.expected", TR("Commands", "expected answer"), ("w",), "write"),
        Command("write.undo", TR("Commands", "undo, anything, any depth"), ("u", "ctrl+z"), "write", needs="week",
                repeats=True, hint=TR("Commands", "undo")),
        Command("write.redo", TR("Commands", "redo"), ("ctrl+shift+z",), "write", needs="week", repeats=True),
        Command("write.flag", TR("Commands", "flag for discussion"), ("b",), "write"),
        Command("write.find", TR("Commands", "find in transcript"), ("ctrl+f", "/"), "write", while_typing=True,
                hint=TR("Commands", "find")),
        Command("write.find_next", TR("Commands", "next hit"), ("f3",), "write", while_typing=True, repeats=True),
        Command("write.find_previous", TR("Commands", "previous hit"), ("shift+f3",), "write", while_typing=True,
                repeats=True),
        Command("write.search_all", TR("Commands", "search all traces"), ("ctrl+shift+f",), "write", "everywhere",
                "workspace", while_typing=True),
    )  # fmt: skip


def _everywhere() -> tuple[Command, ...]:
    return (
        Command("palette", TR("Commands", "palette"), ("ctrl+k",), "everywhere", "everywhere", "", while_typing=True),
        Command("go_to_item", TR("Commands", "go to item"), ("ctrl+g",), "everywhere", "everywhere", "week",
                while_typing=True),
        Command("keys", TR("Commands", "this sheet"), ("?",), "everywhere", "everywhere", ""),
        Command("leave", TR("Commands", "leave what is open"), ("escape",), "everywhere", "everywhere", "",
                while_typing=True, hint=TR("Commands", "leave")),
    )  # fmt: skip


PAGES = (
    "home",
    "review",
    "explore",
    "week",
    "trends",
    "scorecard",
    "exports",
    "imports",
    "agreement",
    "judges",
    "services",
    "segments",
)
NUMBERED = 9  # pages that have a digit with Ctrl; the last ones do without


def _pages() -> tuple[Command, ...]:
    titles = {
        "home": TR("Commands", "go to Home"),
        "review": TR("Commands", "go to Review"),
        "explore": TR("Commands", "go to Explore"),
        "week": TR("Commands", "draw a new week"),
        "trends": TR("Commands", "go to Trends"),
        "scorecard": TR("Commands", "go to the Scorecard"),
        "exports": TR("Commands", "go to Export"),
        "imports": TR("Commands", "bring traces in"),
        "agreement": TR("Commands", "go to Agreement"),
        "judges": TR("Commands", "go to Judges"),
        "services": TR("Commands", "pull from a service, push back"),
        "segments": TR("Commands", "say which attributes hold the segments"),
    }
    return tuple(
        Command(f"go.{name}", titles[name], (f"ctrl+{i}",) if i <= NUMBERED else (), "pages", "everywhere", "workspace",
                while_typing=True)
        for i, name in enumerate(PAGES, 1)
    )  # fmt: skip


def _view() -> tuple[Command, ...]:
    rows = [
        ("view.theme.system", TR("Commands", "theme of the system")),
        ("view.theme.light", TR("Commands", "light theme")),
        ("view.theme.dark", TR("Commands", "dark theme")),
        ("view.scale.90", TR("Commands", "text at 90 %")),
        ("view.scale.100", TR("Commands", "text at 100 %")),
        ("view.scale.115", TR("Commands", "text at 115 %")),
        ("view.scale.130", TR("Commands", "text at 130 %")),
        ("view.keys.default", TR("Commands", "keys: default profile")),
        ("view.keys.prodigy", TR("Commands", "keys: Prodigy profile")),
        ("view.keys.evals-skills", TR("Commands", "keys: evals-skills profile")),
        ("view.keys.azerty", TR("Commands", "keys: AZERTY profile")),
        ("view.keys.change", TR("Commands", "change the key of a command")),
        ("view.keys.reset", TR("Commands", "forget my own keys")),
    ]
    return tuple(Command(id_, title, (), "view", "everywhere", "") for id_, title in rows)


def _file() -> tuple[Command, ...]:
    return (
        Command("file.new", TR("Commands", "new workspace"), ("ctrl+n",), "file", "everywhere", "", while_typing=True),
        Command("file.open", TR("Commands", "open a workspace"), ("ctrl+o",), "file", "everywhere", "",
                while_typing=True),
        Command("file.reviewer", TR("Commands", "who is reviewing"), (), "file", "everywhere", "workspace"),
        Command("file.quit", TR("Commands", "quit"), ("ctrl+q",), "file", "everywhere", "", while_typing=True),
    )  # fmt: skip


COMMANDS: tuple[Command, ...] = (
    *_judge(), *_scores(), *_modes(), *_move(), *_look(), *_everywhere(), *_evidence(), *_write(), *_pages(), *_view(), *_file(),
)  # fmt: skip
BY_ID: dict[str, Command] = {command.id: command for command in COMMANDS}
