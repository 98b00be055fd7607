"""Which command a key press means: sequences in a trie that answers none, partial or exact. Knows no Qt.

A key is a word such as ``p``, ``shift+1``, ``ctrl+enter``; a sequence is keys with a space between them. What a press
types and where its key lies can differ (Shift and the key of 8 type ``(`` or ``*``), so a press offers several words,
the best first.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

from reviewer import resources
from reviewer.desktop.commands.table import COMMANDS, Command
from reviewer.errors import BadInput

PROFILES = ("default", "prodigy", "evals-skills", "azerty")
FORBIDDEN = ("backspace", "delete")
LAYERS = ("review", "evidence", "scores", "text", "pages")
"""review: an item is on screen; evidence: a document is focused; scores: digits are scores; text: a field has the
focus; pages: any other page."""
OTHER_MODIFIERS = ("ctrl", "alt", "meta")


class Answer(Enum):
    """What a trie says to a sequence of keys."""

    NONE = "none"
    PARTIAL = "partial"
    EXACT = "exact"


class Conflict(BadInput):
    """Two commands want the same keys."""


class Trie:
    """Key sequences and the command at the end of each."""

    def __init__(self) -> None:
        self.children: dict[str, Trie] = {}
        self.command: str | None = None

    def add(self, sequence: Sequence[str], command: str) -> None:
        """Add a sequence.

        Raises:
            Conflict: it is another command's, the beginning of one, or begins with one.
        """
        node = self
        for key in sequence:
            node = node.children.setdefault(key, Trie())
            if node.command is not None and node.command != command:
                raise Conflict(
                    f"The keys {' '.join(sequence)!r} of {command} are taken by {node.command}.",
                    "Choose other keys for one of them.",
                )
        if node.children:
            raise Conflict(
                f"The keys {' '.join(sequence)!r} of {command} begin longer ones.", "Choose other keys for one of them."
            )
        node.command = command

    def find(self, sequence: Iterable[str]) -> tuple[Answer, str | None]:
        """Return what a sequence means, and the command's id where it is whole."""
        node = self
        for key in sequence:
            found = node.children.get(key)
            if found is None:
                return Answer.NONE, None
            node = found
        return (Answer.EXACT, node.command) if node.command else (Answer.PARTIAL, None)


class Profile(NamedTuple):
    """Keys that differ from the table's, by command id; an empty tuple takes a command's keys away."""

    name: str
    title: str
    keys: Mapping[str, tuple[str, ...]] = MappingProxyType({})


DEFAULT = Profile("default", "Default")
"""The keys of the table itself."""


def load_profile(name: str) -> Profile:
    """Return a profile that is shipped, by its name.

    Raises:
        BadInput: there is none, or its file names an unknown command.
    """
    if name == DEFAULT.name:
        return DEFAULT
    if name not in PROFILES:
        raise BadInput(f"There is no key profile {name!r}.", f"Known: {', '.join(PROFILES)}.")
    return parse_profile(resources.text("keymaps", f"{name}.toml"), name)


def with_own(profile: Profile, own: dict[str, tuple[str, ...]]) -> Profile:
    """Return a profile with the reader's own keys laid over it."""
    return Profile(profile.name, profile.title, {**profile.keys, **own}) if own else profile


def parse_profile(text: str, name: str) -> Profile:
    """Return the profile that a TOML text holds: ``title`` and a table ``keys`` of lists by command id."""
    import tomllib  # which the start with the default keys does without

    try:
        whole = tomllib.loads(text)
    except tomllib.TOMLDecodeError as why:
        raise BadInput(f"The key profile {name} is not valid TOML: {why}.") from why
    known = {command.id for command in COMMANDS}
    keys: dict[str, tuple[str, ...]] = {}
    for command, sequences in whole.get("keys", {}).items():
        if command not in known:
            raise BadInput(f"The key profile {name} names an unknown command {command!r}.")
        if not isinstance(sequences, list) or not all(isinstance(s, str) for s in sequences):
            raise BadInput(f"The key profile {name}: the keys of {command} must be a list of texts.")
        keys[command] = tuple(sequences)
    return Profile(name, str(whole.get("title", name)), keys)


class Keymap:
    """The live keys: the table's, changed by a profile."""

    def __init__(self, profile: Profile, commands: Sequence[Command] = COMMANDS) -> None:
        """Build the map.

        Raises:
            Conflict: two commands want the same keys in one layer, or a key that must do nothing is used.
        """
        self.profile = profile
        self._keys = {command.id: tuple(profile.keys.get(command.id, command.keys)) for command in commands}
        self._tries = {layer: Trie() for layer in LAYERS}
        for command in commands:
            for text in self._keys[command.id]:
                self._add(command, tuple(text.split()))
        self._lay_scores_over(commands)

    def _add(self, command: Command, sequence: tuple[str, ...]) -> None:
        for key in sequence:
            if key.split("+")[-1] in FORBIDDEN:
                raise Conflict(f"{key!r} may not be bound: it does nothing, ever.", f"Choose other keys: {command.id}.")
        if command.where in ("review", "everywhere"):
            self._tries["review"].add(sequence, command.id)
        if command.where == "scores":
            return
        # R, I and X lie over the review layer and must not hide it.
        self._tries["evidence"].add(sequence, command.id)
        if command.where == "everywhere":
            self._tries["pages"].add(sequence, command.id)
        if command.while_typing and _works_while_typing(sequence):
            self._tries["text"].add(sequence, command.id)

    def _lay_scores_over(self, commands: Sequence[Command]) -> None:
        """Digits are scores while scores are given; every other key of the review layer stays what it is."""
        trie = self._tries["scores"]
        digits = {text for command in commands if command.where == "scores" for text in self._keys[command.id]}
        for command in commands:
            for text in self._keys[command.id]:
                sequence = tuple(text.split())
                lies_below = command.where in ("review", "everywhere") and sequence[0] not in digits
                if command.where == "scores" or lies_below:
                    trie.add(sequence, command.id)

    def keys(self, command: str) -> tuple[str, ...]:
        """Return the key sequences of a command."""
        return self._keys[command]

    def trie(self, layer: str) -> Trie:
        """Return the trie of a layer."""
        return self._tries[layer]


def _works_while_typing(sequence: tuple[str, ...]) -> bool:
    """Whether a sequence cannot be text: it begins with a modifier that types nothing, a function key or Escape."""
    *modifiers, key = sequence[0].split("+")
    return any(m in OTHER_MODIFIERS for m in modifiers) or key == "escape" or (key[0] == "f" and key[1:].isdigit())


class Matcher:
    """Follows the presses of one window: keeps what was pressed of a longer sequence."""

    def __init__(self, keymap: Keymap) -> None:
        self.keymap = keymap
        self.pending: tuple[str, ...] = ()
        self.layer = ""

    def press(self, words: Sequence[str], layer: str) -> tuple[Answer, str | None]:
        """Return what a press means in a layer; ``words`` name it, the best first."""
        if layer != self.layer:
            self.pending, self.layer = (), layer
        trie = self.keymap.trie(layer)
        starts = [self.pending, ()] if self.pending else [()]
        for start in starts:
            for word in words:
                answer, command = trie.find((*start, word))
                if answer is not Answer.NONE:
                    self.pending = (*start, word) if answer is Answer.PARTIAL else ()
                    return answer, command
        self.pending = ()
        return Answer.NONE, None
