"""Menus: loops over the table of commands, with the live keys."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu, QWidget

from reviewer.desktop.commands.dispatch import title_of
from reviewer.desktop.commands.keys import Keymap
from reviewer.desktop.commands.palette import Choice, rank
from reviewer.desktop.commands.press import first_cap
from reviewer.desktop.commands.table import COMMANDS, GROUPS, Command, Group
from reviewer.desktop.preferences import Preferences


def menu(parent: QWidget, groups: Sequence[Group], keymap: Keymap, run: Callable[[str], None]) -> QMenu:
    """Return a menu of some groups of commands; what is chosen now is ticked by ``tick``."""
    made = QMenu(parent)
    for group in groups:
        if not made.isEmpty():
            made.addSeparator()
        made.addSection(QCoreApplication.translate("Commands", GROUPS[group]))
        for command in COMMANDS:
            if command.group == group:
                _add(made, command, keymap, run)
    return made


def _title(command: str) -> str:
    """Return the title of a command as a menu writes it, with a capital."""
    title = title_of(command)
    return title[:1].upper() + title[1:]


def _add(made: QMenu, command: Command, keymap: Keymap, run: Callable[[str], None]) -> None:
    key = first_cap(keymap.keys(command.id))
    # The key stands behind a tab: it is shown, and pressed through the one dispatcher.
    line = made.addAction(_title(command.id) + (f"\t{key}" if key else ""))
    line.setData(command.id)
    line.triggered.connect(lambda _=False, id_=command.id: run(id_))


def tick(made: QMenu, preferences: Preferences) -> None:
    """Tick the lines of a menu that stand for the preferences of now."""
    chosen = {
        f"view.theme.{preferences.theme}",
        f"view.scale.{preferences.scale}",
        f"view.keys.{preferences.keys}",
    }
    for line in made.actions():
        if str(line.data() or "").startswith("view."):
            line.setCheckable(True)
            line.setChecked(line.data() in chosen)


def find_commands(
    keymap: Keymap, available: Callable[[Command], bool], slots: Mapping[str, str]
) -> Callable[[str], list[Choice]]:
    """Return the palette's search over the commands that can be run now; ``slots`` names those of failure modes."""
    choices = [
        Choice(command.id, slots.get(command.id) or _title(command.id), key=first_cap(keymap.keys(command.id)))
        for command in COMMANDS
        if command.where != "scores"
        and (command.group != "modes" or command.needs != "list" or command.id in slots)
        and command.id not in ("palette", "leave")
        and available(command)
    ]
    return lambda typed: rank(choices, typed)
