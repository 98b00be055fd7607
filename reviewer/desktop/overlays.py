"""What opens over a page: palette, key sheet, item list, menu, the question for a key. Imported when first wanted."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from reviewer.desktop.commands.dispatch import title_of
from reviewer.desktop.commands.palette import Choice, Palette, rank
from reviewer.desktop.commands.rebind import KeyQuestion
from reviewer.desktop.commands.sheet import KeySheet
from reviewer.desktop.menus import find_commands, menu, tick

if TYPE_CHECKING:
    from reviewer.desktop.app import Application


def _open_palette(app: "Application") -> None:
    find = find_commands(app.keymap, app.available, _slot_titles(app))
    opened = Palette(app.theme, find, app.window, app.tr("Palette"), app.tr("Find a command"))
    opened.chosen.connect(lambda command, _typed: app.run(command))
    app.lay_over(opened)


def _slot_titles(app: "Application") -> dict[str, str]:
    """Return what stands on the keys of failure modes, by the command's id."""
    state = app.review.state if app.review is not None else None
    modes = state.taxonomy.active if state is not None else ()
    return {f"review.tag.{mode.slot}": mode.title for mode in modes if mode.slot}


def _open_sheet(app: "Application") -> None:
    app.lay_over(KeySheet(app.theme, app.keymap, app.window))


def _open_items(app: "Application") -> None:
    review = app.review
    if review is None:
        return
    app.window.open("review")
    if review.state is None:
        return
    items = [
        Choice(str(row.order), f"{row.order}  {row.title or row.native_id}", row.workflow or "")
        for row in review.state.rows
    ]
    opened = Palette(
        app.theme, lambda typed: rank(items, typed), app.window, app.tr("Go to item"), app.tr("Number or title")
    )
    opened.chosen.connect(lambda order, _typed: review.do(lambda state: state.go_to(int(order))))
    app.lay_over(opened)


def _open_menu(app: "Application") -> None:
    made = menu(app.window, ("view", "file"), app.keymap, app.run)
    tick(made, app.preferences)
    made.aboutToHide.connect(made.deleteLater)
    made.popup(app.window.sidebar.tool_corner("settings"))


def _change_key(app: "Application") -> None:
    """Ask for a command, then for its new key."""
    find = find_commands(app.keymap, lambda command: command.id != "view.keys.change", _slot_titles(app))
    opened = Palette(app.theme, find, app.window, app.tr("Change a key"), app.tr("The key of which command?"))
    opened.chosen.connect(lambda command, _typed: _ask_key(app, command))
    app.lay_over(opened)


def _ask_key(app: "Application", command: str) -> None:
    title = _slot_titles(app).get(command) or title_of(command)
    asked = KeyQuestion(app.theme, command, title, app.window)
    asked.pressed.connect(app.give_key)
    app.lay_over(asked)


OPEN: dict[str, Callable[["Application"], None]] = {
    "palette": _open_palette,
    "keys": _open_sheet,
    "go_to_item": _open_items,
    "menu": _open_menu,
    "view.keys.change": _change_key,
}
"""What each command opens, by its id; ``menu`` is the one at the foot of the sidebar."""
