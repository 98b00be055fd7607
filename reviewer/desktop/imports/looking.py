"""What the preview of an import knows: the files, what they would give, and what was said of columns. No Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewer.sources.preview import ColumnPreview, Preview, TablePreview

MOST_FILES = 30
"""Files of an import that are looked at by themselves; each of the others is looked at when it is chosen."""


@dataclass
class Looking:
    """A look at files before they come in.

    ``said`` holds the use of every column, as text, of the tables that were mapped by hand now or before, by the key
    of their header. ``turn`` counts the looks: what an earlier one says comes too late.
    """

    paths: tuple[Path, ...] = ()
    files: list["Preview"] = field(default_factory=list)
    row: int = 0
    format: str | None = None
    """What every file is read as, None for what each is recognised as."""
    formats: dict[str, str | None] = field(default_factory=dict)
    """The files that are read as something else, by their paths."""
    said: dict[str, dict[str, str]] = field(default_factory=dict)
    turn: int = 0
    is_done: bool = False
    waiting: dict[str, Path] = field(default_factory=dict)
    """Files that are not looked at until they are chosen."""
    wants_codings: bool = False
    """Whether codings shall be made of the labels that come with the files."""
    changed: set[str] = field(default_factory=set)
    """Keys of the tables whose columns were named in this preview."""
    stale: dict[str, None] = field(default_factory=dict)
    """Files that must be looked at (again): they were chosen, or what is said of them has changed."""

    def begin(self, paths: Sequence[Path], remembered: Mapping[str, Mapping[str, str]]) -> int:
        """Begin with some files, and what was said of columns before; return the turn."""
        self.paths, self.format, self.row = tuple(paths), None, 0
        self.formats, self.wants_codings = {}, False
        self.said = {key: dict(uses) for key, uses in remembered.items()}
        self.changed = set()
        return self.again()

    def again(self) -> int:
        """Look at all files once more, and return the turn."""
        self.turn += 1
        self.files, self.is_done, self.waiting, self.stale = [], False, {}, {}
        return self.turn

    def again_where_stale(self) -> list[Path]:
        """Look once more at what has changed, or at everything where the first look is not over; return the paths."""
        if not self.is_done:
            self.again()
            return list(self.paths)
        self.turn += 1
        return [self.waiting.get(path) or Path(path) for path in self.stale]

    def take(self, turn: int, found: "Preview") -> bool:
        """Take a preview: a new file's, or a better one of a file that is here; return whether it still counts."""
        if turn != self.turn:
            return False
        for place, known in enumerate(self.files):
            if known.path == found.path:
                self.stale.pop(found.path, None)
                self.waiting.pop(found.path, None)
                self.files[place] = found
                return True
        self.files.append(found)
        return True

    def end(self, turn: int, others: Sequence[Path]) -> None:
        """Take that a look is over, and the files that it did not come to."""
        from reviewer.sources.jsontext import printable
        from reviewer.sources.preview import Preview

        if turn == self.turn:
            self.is_done, self.stale = True, {}
            self.waiting |= {printable(str(path)): path for path in others}
            self.files += [Preview(printable(str(path))) for path in others]

    @property
    def file(self) -> "Preview | None":
        """The file that is shown."""
        return self.files[self.row] if 0 <= self.row < len(self.files) else None

    @property
    def table(self) -> "TablePreview | None":
        """The table that is shown, if the file is one."""
        return self.file.table if self.file is not None else None

    @property
    def gives_anything(self) -> bool:
        """Whether an import would bring anything in, as far as is known."""
        return any(found.example is not None for found in self.files) or bool(self.waiting)

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the labels of people that were seen in the files."""
        return tuple(dict.fromkeys(name for found in self.files for name in found.labels))

    @property
    def format_here(self) -> str | None:
        """What the shown file is read as, None for what it is recognised as."""
        return self.formats.get(self.file.path, self.format) if self.file is not None else self.format

    def choose(self, row: int) -> bool:
        """Show another file; return whether it must be looked at first."""
        self.row = row
        if self.file is None or self.file.path not in self.waiting:
            return False
        self.stale[self.file.path] = None
        return True

    def say_format(self, format: str | None) -> bool:
        """Read the shown file as another format, None for the one that is recognised; return whether that is news."""
        if self.file is None or format == self.format_here:
            return False
        path = self.file.path
        self.formats[path] = format
        if format == self.format:
            del self.formats[path]
        self.stale[path] = None
        return True

    def say_format_of_all(self) -> None:
        """Read every file as the shown one is read."""
        self.format, self.formats = self.format_here, {}

    def use(self, column: str) -> str:
        """Return what a column of the shown table is used as."""
        table = self.table
        if table is None:
            return ""
        return self.said.get(table.key, {}).get(column) or next((c.use for c in table.columns if c.name == column), "")

    def say(self, column: str, use: str) -> bool:
        """Say what a column of the shown table means; return whether that is news."""
        table = self.table
        if table is None or self.use(column) == use:
            return False
        uses = {one.name: one.use for one in table.columns} | self.said.get(table.key, {})
        self.said[table.key] = uses | {column: use}
        self.changed.add(table.key)
        self.stale |= {one.path: None for one in self.files if one.table is not None and one.table.key == table.key}
        return True


def uses_of(column: "ColumnPreview", roles: Sequence[str]) -> list[str]:
    """Return the uses that are offered for a column: each role, a label or a score under the column's name.

    What it is used as now stands among them as it is, with the name and the author that it has.
    """
    named = {role: f"{role}:{column.name}" if role in ("label", "score") else role for role in roles}
    role = column.use.partition(":")[0]
    if role in named:
        named[role] = column.use
    return list(named.values())
