"""What *Export* knows: the choice, the first rows as they will be written, and what was written. No Qt."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from reviewer.exports.sets.choosing import Choice
    from reviewer.exports.sets.targets import Written
    from reviewer.verbs.datasets import Offers, Planned
    from reviewer.verbs.exporting import Found
    from reviewer.workspace.file import Reader

FIRST_ROWS = 20
LONGEST_TEXT = 160
MOST_ENTRIES = 12
NEGATIVES = 200
"""Passes that are added where only failures are chosen, at most."""


class Target(NamedTuple):
    """One target: its name in commands, how it is called, and what it never carries over."""

    name: str
    title: str
    loses: tuple[str, ...]


class Conditions(NamedTuple):
    """What else must hold of what is chosen; nothing said lets everything through."""

    where: tuple[str, str] | None = None
    """A segment and its value."""
    hint: str = ""
    score: str = ""
    """Which score ``limit`` is about."""
    limit: str = ""
    """Such as ``<=2``."""
    readers: str = ""
    """``once``, ``agreed``, ``disputed`` or ``adjudicated``."""
    labels: str = ""
    """``majority`` where decisions between readers shall not count."""
    balance: int = 0
    """So many of each failure mode, and of passes."""
    expected: bool = False
    once: bool = False

    @property
    def said(self) -> int:
        """Return how many of them say something."""
        limited = bool(self.score and self.limit)
        lists = (self.where, self.hint, limited, self.readers, self.labels, self.balance)
        return sum(map(bool, (*lists, self.expected, self.once)))


NOTHING_MORE = Conditions()


@dataclass
class ExportState:
    """The choice and its outcome."""

    workspace: Path
    targets: tuple[Target, ...]
    target: str = ""
    week: str | None = None
    verdict: str = ""
    mode: str = ""
    passes: bool = True
    """Whether passes are added as negatives where only failures or one failure mode are chosen."""
    conditions: Conditions = NOTHING_MORE
    redact: bool = False
    found: Mapping[str, int] = field(default_factory=dict)
    """What redaction found in the first rows, by rule."""
    found_in_all: "tuple[Found, ...] | None" = None
    """What redaction finds in the whole version, once it is known."""
    folder: Path | None = None
    """Where the dataset's own folder is made; None is beside the workspace."""
    rows: list[dict[str, Any]] = field(default_factory=list)
    labelled: int = 0
    """How many codings were submitted in the chosen weeks."""
    trouble: str = ""
    writing: bool = False
    plan: "Planned | None" = None
    """The version that is written, once it is known."""
    written: "Written | None" = None

    def __post_init__(self) -> None:
        if self.targets and not self.target:
            self.target = self.targets[0].name

    @property
    def chosen(self) -> Target:
        """Return the chosen target."""
        return next(target for target in self.targets if target.name == self.target)

    @property
    def choice(self) -> "Choice":
        """Return what is chosen, as the verbs take it."""
        from reviewer.exports.sets.choosing import READERS, Choice

        narrowed = bool(self.mode) or self.verdict == "fail"
        more = self.conditions
        return Choice(
            weeks=(self.week,) if self.week else (),
            verdict=self.verdict,
            modes=(self.mode,) if self.mode else (),
            passes=NEGATIVES if narrowed and self.passes and self.verdict != "pass" else 0,
            scores=(more.score + more.limit,) if more.score and more.limit else (),
            where=(more.where,) if more.where else (),
            hints=(more.hint,) if more.hint else (),
            readers=next((one for one in READERS if one == more.readers), None),
            labels="majority" if more.labels else "adjudicated",
            balance=more.balance,
            expected=more.expected,
            once=more.once,
        )

    @property
    def out(self) -> Path:
        """Return the folder that will hold the dataset: named after workspace, weeks and target."""
        parent = self.folder or self.workspace.parent
        return parent / f"{self.workspace.stem}-{file_stem(self.week or 'all weeks')}-{self.target}"

    @property
    def can_write(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.rows) and not self.writing and not self.trouble

    def choose(self, *, target: str | None = None, week: str | None = None, every_week: bool = False) -> None:
        """Choose a target, or a week, or every week; what was written is no longer said."""
        self.target = target or self.target
        if target is None:
            self.replan()
        self.week = None if every_week else week or self.week
        self.written, self.trouble = None, ""

    def narrow(
        self,
        verdict: str | None = None,
        mode: str | None = None,
        passes: bool | None = None,
        redact: bool | None = None,
    ) -> None:
        """Choose which verdict, which failure mode, whether passes are added, and whether texts are redacted."""
        self.verdict = self.verdict if verdict is None else verdict
        self.mode = self.mode if mode is None else mode
        self.passes = self.passes if passes is None else passes
        self.redact = self.redact if redact is None else redact
        if redact is None:
            self.replan()
        self.written, self.trouble = None, ""

    def demand(self, **said: Any) -> None:
        """Choose by further conditions; those that are not named stay as they are."""
        self.conditions = self.conditions._replace(**said)
        self.replan()
        self.written, self.trouble = None, ""

    def replan(self) -> None:
        """Forget the version: another one would be written now."""
        self.plan, self.found_in_all = None, None

    def show_rows(self, rows: list[dict[str, Any]], labelled: int, found: Mapping[str, int] | None = None) -> None:
        """Take the first rows, how many codings there are, and what redaction found in the rows."""
        self.rows, self.labelled, self.trouble = rows, labelled, ""
        self.found = dict(found or {})

    def refuse(self, sentence: str) -> None:
        """Take what went wrong."""
        self.writing, self.trouble = False, sentence

    def begin(self) -> None:
        """Begin to write."""
        self.writing, self.written, self.trouble = True, None, ""

    def end(self, written: "Written") -> None:
        """Take what was written."""
        self.writing, self.written = False, written


def all_targets() -> tuple[Target, ...]:
    """Return the targets that can be written."""
    from reviewer.exports.sets.targets import TARGETS, losses, title

    return tuple(Target(name, title(name), tuple(losses(name))) for name in TARGETS)


class FirstRows(NamedTuple):
    """The first rows as they would be written, how many codings were submitted, what was redacted, and the choices."""

    rows: list[dict[str, Any]]
    labelled: int
    found: Mapping[str, int]
    offers: "Offers"


def first_rows(reader: "Reader", target: str, choice: "Choice", redact: bool, planned: "Planned | None") -> FirstRows:
    """Return what is shown before anything is written."""
    from reviewer.verbs.datasets import offers
    from reviewer.verbs.exporting import preview
    from reviewer.workspace.ask.codings import codings

    rows, found = preview(reader, target, choice, FIRST_ROWS, redact, planned)
    week = choice.weeks[0] if choice.weeks else None
    return FirstRows(rows, len(codings(reader, week, submitted=True)), found, offers(reader))


def file_stem(text: str) -> str:
    """Return a text as part of a file's name: a week may be called anything, also ``../x``."""
    return re.sub(r"\W+", "-", text).strip("-")[:60] or "week"


def value_of(row: dict[str, Any], key: str) -> str:
    """Return what a row says under a key, wherever the target puts it; of a list of messages the last user's text."""
    level: list[Any] = [row]
    while level:
        for inner in level:
            if isinstance(inner, dict) and inner.get(key) is not None:
                return _said(inner[key])
        level = [deeper for inner in level if isinstance(inner, dict) for deeper in inner.values()]
    return ""


def _said(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        asked = [m.get("content") for m in value if isinstance(m, dict) and m.get("role") == "user"]
        if asked and isinstance(asked[-1], str):
            return asked[-1]
    return json.dumps(shortened(value), ensure_ascii=False, default=str)


def pretty(row: dict[str, Any]) -> str:
    """Return a row as indented JSON to look at: long texts and lists are cut, and say by how much."""
    return json.dumps(shortened(row), ensure_ascii=False, indent=2, default=str)


def shortened(value: Any) -> Any:
    """Return a JSON value with long texts and lists cut."""
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return f"{value[:LONGEST_TEXT]}… {len(value) - LONGEST_TEXT:,} more characters"
    if isinstance(value, dict):
        return {key: shortened(inner) for key, inner in value.items()}
    if isinstance(value, list):
        cut = [shortened(inner) for inner in value[:MOST_ENTRIES]]
        return [*cut, f"… {len(value) - MOST_ENTRIES:,} more"] if len(value) > MOST_ENTRIES else cut
    return value
