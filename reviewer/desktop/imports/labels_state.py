"""What is said of labels that came with the data, before codings are made of them. No Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewer.verbs.annotating import Labels, Meaning

MOST_VALUES = 60
"""Values of one label that are asked about, the most frequent; the others say nothing."""
NOTHING = "skip"
NEW_MODE = "new"


@dataclass
class LabelsState:
    """The labels of one name with the meaning of each value.

    A meaning is ``pass``, ``fail``, ``mode:ID``, ``NOTHING`` or ``NEW_MODE``. A value that means nothing by itself says
    nothing until a person says what.
    """

    offered: Sequence["Labels"] = ()
    row: int = 0
    said: dict[str, str] = field(default_factory=dict)
    week: str = ""
    reviewer: str = ""
    is_writing: bool = False
    trouble: str = ""

    def learn(self, offered: Sequence["Labels"]) -> None:
        """Take the labels that are there, and begin with the first."""
        self.offered = offered
        self.choose(0)

    def choose(self, row: int) -> None:
        """Choose the labels of another name."""
        self.row, self.trouble = row, ""
        if (labels := self.labels) is not None:
            self.said = {value: said_of(meaning) for value, meaning in labels.meanings.items()}
            self.week = labels.name

    @property
    def labels(self) -> "Labels | None":
        """The labels that are shown."""
        return self.offered[self.row] if self.row < len(self.offered) else None

    @property
    def values(self) -> list[tuple[str, int]]:
        """The values that are asked about, with how often each was given."""
        return list(self.labels.counts.items())[:MOST_VALUES] if self.labels is not None else []

    def use(self, value: str) -> str:
        """Return what a value means."""
        return self.said.get(value, NOTHING)

    def say(self, value: str, use: str) -> None:
        """Say what a value means."""
        self.said[value] = use

    @property
    def may_code(self) -> bool:
        """Whether codings can be made: a value says something, and the week and whoever labelled have a name."""
        labels = self.labels
        named = labels is not None and (not labels.is_unnamed or bool(self.reviewer.strip()))
        says = any(use != NOTHING for use in self.said.values())
        return named and says and bool(self.week.strip()) and not self.is_writing

    def meanings(self) -> "dict[str, Meaning]":
        """Return the meaning of every value but those that become failure modes."""
        from reviewer.verbs.annotating import parse_meaning

        uses: Mapping[str, str] = {value: self.use(value) for value in (self.labels.counts if self.labels else ())}
        return {value: parse_meaning(use) for value, use in uses.items() if use != NEW_MODE}


def said_of(meaning: "Meaning") -> str:
    """Return a meaning as it is chosen from a list."""
    return f"mode:{meaning.mode}" if meaning.mode else meaning.verdict or NOTHING
